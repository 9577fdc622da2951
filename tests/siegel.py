"""The seals of the official examples: `python tests/siegel.py` writes them anew.

A case of the corpus that says `versiegelt: true` is an official example: its answer is what an authority granted or
published, and the rules have to give it. `siegel.json` holds a digest of what each states, asks and expects. A test
refuses a case that does not fit its digest, unless an entry under Rechtsänderung in the unreleased part of the
CHANGELOG names the case; whoever writes the seals anew is refused without that entry as well.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from vwv_im.review.corpus import CorpusCase, corpus

TESTS = Path(__file__).parent
RECORD, CHANGELOG = TESTS / "siegel.json", TESTS.parent / "CHANGELOG.md"


def seals(cases: Iterable[CorpusCase]) -> dict[str, str]:
    """Return the digest of each sealed case."""
    return {case.id: digest(case) for case in cases if case.sealed}


def digest(case: CorpusCase) -> str:
    """Return the digest of all that a case states, asks and expects."""
    parts = (case.case, case.on, case.known_on, case.question, dict(case.readings), case.expected)
    return sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def broken(cases: Iterable[CorpusCase], record: Mapping[str, str], changelog: str) -> list[str]:
    """Return the ids of sealed cases that changed, or lost their seal, and that no Rechtsänderung names."""
    found, law = seals(cases), _law_changes(changelog)
    changed = [name for name, sealed in record.items() if found.get(name) != sealed]
    return [name for name in changed if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", law)]


def _law_changes(changelog: str) -> str:
    """Return the entries under Rechtsänderung in the unreleased part of a changelog."""
    unreleased = re.search(r"^## \[Unreleased\].*?(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    entries = re.search(
        r"^### Rechtsänderung$.*?(?=^### |\Z)", unreleased[0] if unreleased else "", re.MULTILINE | re.DOTALL
    )
    return entries[0] if entries else ""


def main() -> int:
    """Write the seals, if the CHANGELOG names every sealed case that changed."""
    refused = broken(corpus(), recorded(), CHANGELOG.read_text("utf-8"))
    if refused:
        print("Sealed cases changed that no entry under Rechtsänderung names:", *refused, sep="\n")
        return 1
    RECORD.write_text(json.dumps(seals(corpus()), indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


def recorded() -> dict[str, str]:
    """Return the seals that are written down."""
    return json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}


if __name__ == "__main__":
    sys.exit(main())
