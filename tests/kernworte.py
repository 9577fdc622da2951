"""Check the Kernworte of sources against their texts: `python tests/kernworte.py sm-pakt-2022=page.txt …`.

The texts are not in this repository. For each source this finds whether all Kernworte of each passage stand within one
paragraph of the text (paragraphs are parted by empty lines), and writes down which ones it found, with the checksum of
the text, in `kernworte.yaml`. A test compares that record with `quellen.yaml`: it proves that the Kernworte have not
changed since somebody checked them, not that the text says so; nothing checks by machine that a Wiedergabe is right.
"""

from __future__ import annotations

import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from vwv_im import regulation
from vwv_im.law.evidence import Quelle

_RUN = 7
RECORD = Path(__file__).parent / "kernworte.yaml"


def checked(source: Quelle, text: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return the Kernworte of each passage that stand in one paragraph of a text, and the names of the others.

    >>> from vwv_im.law.evidence import Fundstelle
    >>> passages = {"a": Fundstelle(wiedergabe="-", kernworte=("zwei Jahre", "24")),
    ...             "b": Fundstelle(wiedergabe="-", kernworte=("zwei Jahre", "36"))}
    >>> checked(Quelle.model_construct(fundstellen=passages), "In 24 Monaten, zwei\\nJahren.\\n\\nNach 36 Monaten.")
    ({'a': ['zwei Jahre', '24']}, ['b'])
    """
    paragraphs = [" ".join(part.replace("*", "").split()) for part in re.split(r"\n\s*\n", text)]
    found = {
        name: list(passage.kernworte)
        for name, passage in source.fundstellen.items()
        if any(all(words in paragraph for words in passage.kernworte) for paragraph in paragraphs)
    }
    return found, [name for name in source.fundstellen if name not in found]


def copied(source: Quelle, text: str) -> list[str]:
    """Return the passages whose Wiedergabe has a run of seven words of the text: they are to be in our own words."""
    said, found = " ".join(text.replace("*", "").split()), list[str]()
    for name, passage in source.fundstellen.items():
        words = passage.wiedergabe.split()
        if any(" ".join(words[at : at + _RUN]) in said for at in range(len(words) - _RUN + 1)):
            found.append(name)
    return found


def main(arguments: list[str]) -> int:
    """Check the sources named, and write the record if all Kernworte are found."""
    sources, record, missing = regulation().sources, dict[str, Any](), list[str]()
    for name, _, path in (argument.partition("=") for argument in arguments):
        data = Path(path).read_bytes()
        found, lacking = checked(sources[name], data.decode("utf-8"))
        record[name] = {"text_sha256": sha256(data).hexdigest(), "kernworte": found}
        missing += [
            f"{name}.{passage}: {', '.join(sources[name].fundstellen[passage].kernworte)}" for passage in lacking
        ]
        missing += [f"{name}.{passage}: copied" for passage in copied(sources[name], data.decode("utf-8"))]
    if missing:
        print("Not within one paragraph, or not in our own words:", *missing, sep="\n")
        return 1
    yaml = YAML()
    yaml.width = 120
    with RECORD.open("w", encoding="utf-8") as file:
        file.write("# Written by kernworte.py: what it found in the texts of the sources that lay before us.\n")
        yaml.dump(record, file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
