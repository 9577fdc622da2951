"""Measure the engine `columns` on a million applications with one post.

    python benchmarks/columns.py --rows 1000000 --rounds 5

Prints for each way of asking how long it took, how long all processors worked (which tells more where others use the
machine), rows a second, and the most memory beyond the frame given, per million rows. Nothing fails because of a
figure.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

import vwv_im
from vwv_im.tables import frames

SETTINGS: dict[str, Callable[[pl.DataFrame], object]] = {
    "one day, every result": lambda frame: vwv_im.evaluate_frame(frame.drop("on"), on="2022-06-01"),
    "one day, verdict and masks": lambda frame: vwv_im.evaluate_frame(frame.drop("on"), on="2022-06-01", derive=()),
    "one day, the amounts": lambda frame: vwv_im.evaluate_frame(
        frame.drop("on"), on="2022-06-01", derive=("antrag.foerderbetrag_eur_jahr", "stelle.foerderbetrag_eur")
    ),
    "days from 2016 to 2023": vwv_im.evaluate_frame,
    "lazy, streamed, verdict and masks": lambda frame: vwv_im.evaluate_frame(
        frame.drop("on").lazy(), on="2022-06-01", derive=()
    ).collect(engine="streaming"),
}


def applications(rows: int, missing: int = 17) -> pl.DataFrame:
    """Return varied applications with one post: sound ones, failing ones, open ones. Every `missing`th cell is null."""
    number = pl.int_range(rows).alias("n")

    def cell(name: str, value: pl.Expr, shift: int) -> pl.Expr:
        return pl.when((number + shift) % missing != 0).then(value).alias(name)

    def word(name: str, shift: int, *words: str) -> pl.Expr:
        index = (number // (shift + 1)) % len(words)
        chosen = pl.coalesce([pl.when(index == place).then(pl.lit(text)) for place, text in enumerate(words)])
        return cell(name, chosen.cast(pl.Enum(sorted(set(words)))), shift)

    def truth(name: str, shift: int) -> pl.Expr:
        return cell(name, (number + shift) % 11 != 0, shift)

    start = pl.lit(date(2017, 1, 1)) + pl.duration(days=(number * 7) % 1500)
    return pl.select(
        pl.lit(date(2016, 6, 1)).alias("on") + pl.duration(days=(number * 13) % 2700),
        word("antrag.art", 0, "erstantrag", "verlaengerung", "nachbesetzung"),
        cell("antrag.antragsdatum", pl.lit(date(2017, 7, 1)) + pl.duration(days=number % 900), 1),
        cell("antrag.gezaehlte_personen", (number * 31) % 900, 2),
        word("antrag.antragsteller.art", 3, "gemeinde", "stadt", "stadtkreis", "landkreis", "sonstige"),
        word("antrag.antragsteller.bundesland", 4, "BW", "BW", "BW", "BY"),
        cell("stelle.vzae", ((number * 5) % 100 + 10).cast(pl.Decimal(8, 2)) / 100, 5),
        cell("stelle.beschaeftigungsbeginn", start, 6),
        word("stelle.hochschulabschluss", 7, "keiner", "bachelor", "diplom", "master"),
        word("stelle.fachrichtung", 8, "sozialwesen", "andere_geeignete", "nicht_geeignet"),
        word("stelle.schulabschluss", 9, "hauptschule", "mittlerer", "hochschulreife"),
        truth("stelle.berufsausbildung", 10),
        truth("stelle.zusatzvoraussetzung", 11),
        truth("stelle.person_benannt", 12),
        word("stelle.stand_2018_12_31", 13, "bewilligt", "besetzt", "keiner"),
        truth("stelle.verlaengerung_2019_beantragt", 14),
        truth("stelle.verlaengerung_2020_beantragt", 15),
        truth("stelle.verlaengerung_2022_beantragt", 16),
        word("stelle.bewilligte_gruppe", 1, "a", "b", "c"),
        cell("stelle.nachbesetzt_ab", start + pl.duration(days=500), 2),
        cell("stelle.personalkosten_eur_jahr", ((number * 97) % 9_000_000).cast(pl.Decimal(12, 2)) / 100, 3),
    )


def memory_mb() -> float:
    """Return the memory that the process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def measured(name: str, rows: int, rounds: int) -> tuple[float, float, float]:
    """Return the median of the seconds, of those of all processors together, and the most memory beyond the frame."""
    frame = applications(rows)
    SETTINGS[name](frame.head(1000))
    before, seconds, processor = memory_mb(), [], []
    for _ in range(rounds):
        start, worked = time.perf_counter(), time.process_time()
        SETTINGS[name](frame)
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - worked)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    return sorted(seconds)[rounds // 2], sorted(processor)[rounds // 2], most - before


def print_few(rounds: int) -> None:
    """Print how long few rows take by columns and row by row, side by side."""
    frame = applications(64).drop("on")
    print(
        f"{'rows':>4}  derived facts   columns  row by row   ratio    (milliseconds of CPU, median of {rounds} rounds)"
    )
    for derive in (None, ()):
        for rows in (1, 2, 4, 8, 16, 24, 32, 64):
            worked: dict[int, list[float]] = {0: [], 10**9: []}
            for turn in range(rounds + 1):
                for few, times in worked.items():
                    frames.FEW_ROWS = frames.FEW_FOR_MASKS = few
                    start = time.process_time()
                    vwv_im.evaluate_frame(frame.head(rows), on="2022-06-01", derive=derive)
                    if turn:
                        times.append(1000 * (time.process_time() - start))
            columns, single = (sorted(times)[rounds // 2] for times in worked.values())
            wanted = "all" if derive is None else "none"
            print(f"{rows:4}  {wanted:13} {columns:9.1f} {single:11.1f} {single / columns:7.2f}")


def main() -> None:
    """Measure each setting in a process of its own and print a table."""
    parser = argparse.ArgumentParser(description="Measure the engine columns.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--setting", help="measure only this one and print three figures")
    parser.add_argument("--few", action="store_true", help="measure few rows instead, by columns and row by row")
    options = parser.parse_args()
    if options.few:
        print_few(options.rounds)
        return
    if options.setting:
        print(*measured(options.setting, options.rows, options.rounds))
        return
    print(f"polars {pl.__version__}, {pl.thread_pool_size()} threads, {options.rows} rows, median of {options.rounds}")
    for name in SETTINGS:
        command = [sys.executable, __file__, "--rows", str(options.rows), "--rounds", str(options.rounds)]
        ended = subprocess.run([*command, "--setting", name], capture_output=True, text=True, check=True)
        seconds, processor, most = map(float, ended.stdout.split())
        each, speed = most * 1_000_000 / options.rows, options.rows / seconds
        print(
            f"{name:36} {seconds:6.2f} s {processor:6.2f} s of CPU {speed:11,.0f} rows/s {each:6,.0f} MB a million rows"
        )


if __name__ == "__main__":
    main()
