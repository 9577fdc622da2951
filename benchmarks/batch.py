"""`vwv-im batch` at work: a county's workbook with planted faults, and a file larger than the memory it may use.

    python benchmarks/batch.py                 # 50,000 posts, 500 faults, every answer compared with `direct`
    python benchmarks/batch.py --large         # a CSV of several times 512 MB under a limit of 512 MB (Linux, as root)

Prints what was found and how long it took; ends with 1 where an answer differs or a fault is missing.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import polars as pl
import xlsxwriter

import vwv_im

POSTS, FAULTS, LIMIT = 50_000, 500, 512 * 2**20
GROUP = Path("/sys/fs/cgroup/memory/vwv-im-batch")
HEAD = [
    "on",
    "antrag.antragsteller.art",
    "antrag.antragsteller.bundesland",
    "antrag.gezaehlte_personen",
    "stelle.vzae",
    "stelle.beschaeftigungsbeginn",
    "stelle.hochschulabschluss",
    "stelle.fachrichtung",
    "stelle.person_benannt",
]
WRONG = [("stelle.vzae", "viel"), ("stelle.hochschulabschluss", "Lehre"), ("antrag.gezaehlte_personen", "ein paar")]


def row(draw: random.Random) -> list[object]:
    """Return the cells of one post, some of them empty."""
    cells: list[object] = [
        date(2017, 2, 1) + timedelta(draw.randrange(2200)),
        draw.choice(["stadt", "gemeinde", "landkreis", "sonstige"]),
        draw.choice(["BW", "BW", "BY"]),
        draw.randrange(400),
        draw.choice([0.2, 0.25, 0.5, 1.0]),
        date(2017, 1, 1) + timedelta(draw.randrange(1500)),
        draw.choice(["keiner", "bachelor", "master"]),
        draw.choice(["sozialwesen", "andere_geeignete", "nicht_geeignet"]),
        draw.choice(["ja", "nein"]),
    ]
    return [cells[0], *(cell if draw.random() > 0.05 else None for cell in cells[1:])]


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> None:
    """Write rows as a workbook of posts."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, day = book.add_worksheet("Stellen"), book.add_format({"num_format": "dd.mm.yyyy"})
    for number, cells in enumerate([HEAD, *rows]):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif cell is not None:
                sheet.write(number, column, cell)
    book.close()


def decided(cells: list[object]) -> tuple[object, ...]:
    """Return what `direct` says of a row."""
    case: dict[str, dict[str, object]] = {"antrag": {"antragsteller": {}, "stellen": [{}]}}
    for name, cell in zip(HEAD[1:], cells[1:], strict=True):
        value = Decimal(str(cell)) if isinstance(cell, float) else cell == "ja" if cell in ("ja", "nein") else cell
        if cell is None:
            continue
        scope, _, fact = name.partition(".")
        home: object = case["antrag"]["stellen"][0] if scope == "stelle" else case["antrag"]  # type: ignore[index]
        if fact.startswith("antragsteller."):
            home, fact = case["antrag"]["antragsteller"], fact.partition(".")[2]
        home[fact] = value  # type: ignore[index]
    decision = vwv_im.evaluate(case, on=str(cells[0]), engine="direct")
    end = decision.derived.get("antrag.stellen[0].bewilligungsende")
    amount = decision.derived.get("antrag.foerderbetrag_eur_jahr")
    verdict = None if decision.verdict is None else decision.verdict.value
    return decision.outcome, verdict, decision.fassung.id, end, amount


def run(*arguments: str | Path, limited: bool = False) -> tuple[int, float]:
    """Run `vwv-im batch`; return its status and how long it took."""

    def enter() -> None:
        (GROUP / "cgroup.procs").write_text(str(os.getpid()))

    start = perf_counter()
    command = [sys.executable, "-m", "vwv_im", "batch", *map(str, arguments)]
    ended = subprocess.run(command, check=False, preexec_fn=enter if limited else None)
    return ended.returncode, perf_counter() - start


def county(folder: Path) -> bool:
    """Decide a workbook with planted faults; return whether exactly these came back and all else was as `direct`."""
    draw = random.Random(1)
    rows = [row(draw) for _ in range(POSTS)]
    planted = sorted(draw.sample(range(POSTS), FAULTS))
    for number in planted:
        name, wrong = draw.choice(WRONG)
        rows[number][HEAD.index(name)] = wrong
    workbook(folder / "stellen.xlsx", rows)
    status, seconds = run(folder / "stellen.xlsx", folder / "aus.xlsx")
    run(folder / "stellen.xlsx", folder / "aus.parquet")
    faults = (folder / "aus.xlsx.fehler.csv").read_text("utf-8-sig").splitlines()[1:]
    found = sorted({int(line.partition(";")[0]) - 2 for line in faults})
    table = pl.read_parquet(folder / "aus.parquet")
    names = ["outcome", "verdict", "fassung", "stelle.bewilligungsende", "antrag.foerderbetrag_eur_jahr"]
    differing = 0
    for number, (answer, cells) in enumerate(zip(table.select(names).iter_rows(), rows, strict=True)):
        if number in set(planted) & set(found):
            continue
        wanted = decided(cells)
        end, amount = answer[3], answer[4]
        told = (*answer[:3], None if end is None else end.isoformat(), None if amount is None else Decimal(amount))
        differing += told != (*wanted[:4], None if wanted[4] is None else Decimal(str(wanted[4])))
    print(f"{POSTS} posts in a workbook: {seconds:.1f} s, status {status}")
    print(f"{len(found)} rows with faults, {FAULTS} planted: {'the same' if found == planted else 'OTHERS'}")
    print(f"{POSTS - len(found)} other rows: {differing} differ from direct")
    return found == planted and not differing


def _german(cell: object) -> str:
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return "" if cell is None else str(cell).replace(".", ",")


def large(folder: Path, times: int = 3) -> bool:
    """Decide a CSV of several times the limit under the limit; return whether it was decided."""
    draw, path = random.Random(2), folder / "gross.csv"
    block = "".join(";".join(map(_german, row(draw))) + "\n" for _ in range(20_000))
    with path.open("w", encoding="utf-8") as file:
        file.write(";".join(HEAD) + "\n")
        while file.tell() < times * LIMIT:
            file.write(block)
    GROUP.mkdir(exist_ok=True)
    (GROUP / "memory.limit_in_bytes").write_text(str(LIMIT))
    status, seconds = run(path, folder / "gross.parquet", limited=True)
    rows = pl.scan_parquet(folder / "gross.parquet").select(pl.len()).collect().item() if status == 0 else 0
    peak = int((GROUP / "memory.max_usage_in_bytes").read_text()) / 2**20
    print(f"{path.stat().st_size / 2**20:.0f} MB of CSV under a limit of {LIMIT / 2**20:.0f} MB (with the page cache):")
    print(f"status {status}, {rows} rows, {seconds:.0f} s, at most {peak:.0f} MB")
    return status == 0


def main() -> int:
    """Run what was asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--large", action="store_true", help="a file larger than the memory it may use")
    with tempfile.TemporaryDirectory() as folder:
        sound = large(Path(folder)) if asked.parse_args().large else county(Path(folder))
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
