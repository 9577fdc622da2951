"""The reasons on file why a mutant may survive: no case can notice it, or none needs to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from vwv_im.law.base import RuleModel
from vwv_im.law.faults import unplaced
from vwv_im.law.reader import validated
from vwv_im.law.regulation import packaged_or_beside
from vwv_im.text import Fault, FaultyInputError, Text, read_yaml
from vwv_im.text.yaml import Limits

_LIMITS = Limits(bytes=4_000_000)


class SurvivorsError(FaultyInputError):
    """The file of reasons cannot be read; `faults` lists everything that is wrong with it."""


class Begruendung(RuleModel):
    """One reason, and the mutants it explains."""

    grund: Annotated[str, Field(min_length=1, description="Warum kein Fall den Mutanten bemerken kann oder muss.")]
    mutanten: Annotated[tuple[str, ...], Field(min_length=1, description="Die Mutanten, wie sie der Bericht nennt.")]


class SurvivorsFile(RuleModel):
    """All reasons."""

    ueberlebende: tuple[Begruendung, ...]


def survivors_file() -> Path:
    """Return where the reasons are: inside the installed package, or in the checkout under `tests/`."""
    return packaged_or_beside("mutation", "tests/mutation") / "ueberlebende.yaml"


def reasons_on_file(path: Path) -> Mapping[str, str]:
    """Return the reason of each explained mutant, by its id.

    Raises `SurvivorsError` with every fault found.
    """
    document = read_yaml(path, limits=_LIMITS)
    faults = list(document.faults)
    if document.data is None and not faults:
        faults.append(unplaced("VIM010", str(path), Text("Die Datei ist leer.", "The file is empty.")))
    parsed = validated(SurvivorsFile, document, faults) if document.data is not None else None
    reasons: dict[str, str] = {}
    for number, entry in enumerate(parsed.ueberlebende if parsed else ()):
        for index, mutant in enumerate(entry.mutanten):
            if mutant in reasons:
                message = Text(f"'{mutant}' ist schon begründet.", f"'{mutant}' is explained already.")
                place = document.place(("ueberlebende", number, "mutanten", index))
                faults.append(Fault("VIM020", place, message))
            reasons[mutant] = entry.grund
    if faults:
        raise SurvivorsError(faults)
    return reasons
