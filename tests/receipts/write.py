"""Write the folder of a release: receipts and decisions as its command line gives them, and what `replay` must answer.

    python tests/receipts/write.py NAME

`python` must be the one that has the release installed, or `PYTHONPATH` must name its `src`. A folder that is there is
never written again: what a release has written stays as it was.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def main(name: str) -> None:
    """Write the folder `name`."""
    folder = HERE / name
    folder.mkdir()
    cases = YAML(typ="safe").load(HERE / "cases.yaml")
    for case in cases:
        (folder / f"{case['file']}.json").write_text(_written(case), "utf-8")
    (folder / "index.yaml").write_text("".join(map(_entry, cases)), "utf-8")


def _entry(case: dict[str, Any]) -> str:
    rules = f", rules: {case['rules']}" if "rules" in case else ""
    return f"- {{file: {case['file']}.json, status: 0, differences: []{rules}}}\n"


def _written(case: dict[str, Any]) -> str:
    """Return what the command line writes for a case: its receipt, or the JSON of the decision."""
    with tempfile.TemporaryDirectory() as directory:
        facts, receipt = Path(directory) / "case.json", Path(directory) / "receipt.json"
        if not isinstance(case["case"], str):
            facts.write_text(json.dumps(case["case"], default=str), "utf-8")
        path = ROOT / case["case"] if isinstance(case["case"], str) else facts
        done = _run([str(path), *_options(case), "--format", "json", "--receipt", str(receipt)])
        return receipt.read_text("utf-8") if case["form"] == "receipt" else done


def _options(case: dict[str, Any]) -> list[str]:
    options = ["--on", str(case["on"]), "--lang", case["lang"], "--question", case.get("question", "antrag")]
    options += ["--known-on", str(case["known_on"])] if "known_on" in case else []
    options += ["--rules", str(ROOT / case["rules"])] if "rules" in case else []
    for reading, value in case.get("readings", {}).items():
        options += ["--reading", f"{reading}={value}"]
    return options


def _run(arguments: list[str]) -> str:
    command = [sys.executable, "-m", "vwv_im", "evaluate", *arguments]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    if done.stderr:
        raise SystemExit(done.stderr.decode())
    return done.stdout.decode()


if __name__ == "__main__":
    main(*sys.argv[1:])
