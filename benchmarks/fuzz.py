"""Feed the readers with files and texts that should not be, for as long as it is asked for.

    python benchmarks/fuzz.py --minutes 10                  # every kind, in turn
    python benchmarks/fuzz.py --minutes 10 --kind tables    # one kind; may be given more than once
    python benchmarks/fuzz.py --list

A kind is a strategy that draws inputs, and a trial that raises nothing for any of them. What fails is written to
`benchmarks/gefunden/` and told with the seed that draws it again (`--seed`); it becomes a case of the tests. An input
that takes longer than ten seconds has failed, too, and so has one after which the process has grown too much.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
FOUND = ROOT / "benchmarks" / "gefunden"
TOO_SLOW = 10.0
MOST_GROWN = 300 << 10  # kB of memory that the whole run may take beyond what its first hundred inputs took
_AT_ONCE = 100


@dataclass(frozen=True)
class Kind:
    """Inputs of one kind, what is done with each, and how one is kept that failed: its bytes and its ending."""

    strategy: Callable[[], st.SearchStrategy[Any]]
    trial: Callable[[Any], None]
    kept: Callable[[Any], tuple[bytes, str]] = lambda drawn: (repr(drawn).encode(), ".txt")


def decide_table(drawn: tuple[str, bytes]) -> None:
    """Decide a table and read the results again; it may be refused by faults."""
    from vwv_im.tables.file_batch import Batch
    from vwv_im.tables.frames import request_of
    from vwv_im.text import Fault, FaultyInputError

    ending, content = drawn
    law, request = request_of(on="2018-06-01")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, f"ein{ending}"), Path(folder, "aus.jsonl")
        source.write_bytes(content)
        faults: tuple[Fault, ...] = ()
        try:
            Batch(source, target, law, request, dated=False).run()
        except FaultyInputError as error:
            faults = error.faults
        assert all(fault.render(lang).encode() for fault in faults for lang in ("de", "en"))
        assert target.exists() != bool(faults)
        for line in target.read_text("utf-8").rstrip("\n").split("\n") if target.exists() else ():
            json.loads(line, parse_constant=_no_json)
        left = {path.name for path in Path(folder).iterdir()} - {source.name, target.name, f"{target.name}.fehler.csv"}
        assert not left, left


def _no_json(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def _drawn_by(module: str, name: str) -> Callable[[], st.SearchStrategy[Any]]:
    """Return a strategy of the tests, loaded when it is asked for."""
    return lambda: getattr(import_module(module), name)()  # noqa: PLW0108 - not before it is called


def read_text(drawn: str, read: str) -> None:
    """Read a text by one of the readers; what it says is a document, with faults that can be told."""
    document = getattr(import_module("vwv_im.text"), read)(drawn.encode("utf-8", "surrogatepass"), name="<fuzz>")
    assert all(fault.render(lang).encode() for fault in document.faults for lang in ("de", "en"))


def replay_receipt(drawn: Any) -> None:
    """Replay a receipt; it may be refused by faults. A text is one of a file."""
    is_answered = import_module("hostile_receipts").is_answered
    if not isinstance(drawn, str):
        assert is_answered(drawn)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "quittung.json")
        path.write_bytes(drawn.encode("utf-8", "surrogatepass"))
        assert is_answered(path)


def decide_under(drawn: Any) -> None:
    """Load a regulation in which one rule file is another, and decide under it; it may be refused by faults."""
    toy, is_answered = import_module("support").TOY, import_module("hostile_rules").is_answered_under
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(shutil.copytree(toy, Path(folder, "rules")))
        (rules / drawn.file).write_bytes(drawn.text.encode("utf-8", "surrogatepass"))
        assert is_answered(rules)


@cache
def _server() -> Any:
    """Return a server in this process."""
    app = import_module("vwv_im.web.server").create_app()
    return import_module("starlette.testclient").TestClient(
        app, base_url="http://localhost", raise_server_exceptions=True
    )


def send_request(drawn: Any) -> None:
    """Send a request; whatever it is, it is answered by a document."""
    assert import_module("hostile_requests").is_answered_by(_server(), drawn)


KINDS: Mapping[str, Kind] = {
    "tables": Kind(_drawn_by("hostile_tables", "table_files"), decide_table, lambda drawn: (drawn[1], drawn[0])),
    "json": Kind(_drawn_by("hostile_texts", "odd_json"), partial(read_text, read="read_json")),
    "yaml": Kind(_drawn_by("hostile_texts", "odd_yaml"), partial(read_text, read="read_yaml")),
    "receipts": Kind(_drawn_by("hostile_receipts", "hostile_receipts"), replay_receipt),
    "receipt-files": Kind(_drawn_by("hostile_receipts", "hostile_receipt_texts"), replay_receipt),
    "rules": Kind(_drawn_by("hostile_rules", "hostile_rules"), decide_under),
    "requests": Kind(_drawn_by("hostile_requests", "hostile_requests"), send_request),
}
"""What is fed to the readers, by its name. A further kind is an entry here."""


def run(name: str, kind: Kind, until: float, first_seed: int) -> tuple[int, list[str]]:
    """Try inputs of a kind until a time; return how many, and what failed."""
    tried, failed, at = 0, [], first_seed
    grown_from = 0

    def attempt(drawn: Any) -> None:
        nonlocal tried
        if time.monotonic() > until:
            return
        tried += 1
        began = time.process_time()  # what others do on the machine is not its fault
        try:
            kind.trial(drawn)
            problem = "" if (took := time.process_time() - began) <= TOO_SLOW else f"took {took:.1f} s"
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - also what a library in Rust raises when it gives up
            problem = "".join(traceback.format_exception(error)[-3:]).strip()
        if problem:
            failed.append(f"{name}, seed {at}: {problem}")
            content, ending = kind.kept(drawn)
            FOUND.mkdir(exist_ok=True)
            (FOUND / f"{name}-{at}-{len(failed)}{ending}").write_bytes(content)

    while time.monotonic() < until:
        quiet = settings(
            max_examples=_AT_ONCE, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        seed(at)(quiet(given(kind.strategy())(attempt)))()
        at += 1
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        grown_from = grown_from or held
        if held - grown_from > MOST_GROWN:
            failed.append(f"{name}, seed {at}: the process has grown from {grown_from >> 10} to {held >> 10} MB")
            grown_from = held
    return tried, failed


def main() -> int:
    """Run the kinds that are asked for; return 1 where any input failed."""
    parser = argparse.ArgumentParser(description="Feed the readers with what should not be.")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--kind", action="append", choices=sorted(KINDS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--list", action="store_true", help="print the kinds")
    asked = parser.parse_args()
    if asked.list:
        print("\n".join(sorted(KINDS)))
        return 0
    names = asked.kind or sorted(KINDS)
    everything: list[str] = []
    for name in names:
        tried, failed = run(name, KINDS[name], time.monotonic() + 60 * asked.minutes / len(names), asked.seed)
        print(f"{name}: {tried} inputs, {len(failed)} failed")
        everything += failed
    print("\n\n".join(everything))
    return 1 if everything else 0


if __name__ == "__main__":
    sys.exit(main())
