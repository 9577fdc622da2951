"""Grades of evidence, strongest first, and what a rule file says about where a value comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from vwv_im.law.base import RuleModel
from vwv_im.text import Text

Grade = Literal["wortlaut", "amtlich", "behoerdlich", "verband", "presse", "schluss", "annahme"]

GRADES: dict[Grade, Text] = {
    "wortlaut": Text("Wortlaut der Norm", "wording of the norm"),
    "amtlich": Text("amtliche Veröffentlichung", "official publication"),
    "behoerdlich": Text("kommunale Quelle", "municipal source"),
    "verband": Text("Verband", "association"),
    "presse": Text("Presse", "press"),
    "schluss": Text("Schlussfolgerung", "inference"),
    "annahme": Text("Arbeitsannahme", "working assumption"),
}
_RANK: dict[Grade, int] = {grade: rank for rank, grade in enumerate(GRADES)}


def weakest(grades: Iterable[Grade | None]) -> Grade | None:
    """Return the weakest of `grades`; `None` where there is none.

    >>> weakest(["amtlich", "presse", None])
    'presse'
    """
    return max((grade for grade in grades if grade), key=_RANK.__getitem__, default=None)


class Beleg(RuleModel):
    """What a value rests on. The first entry of a list of `belege` carries the value and its grade."""

    grad: Annotated[Grade, Field(description="Wie stark der Beleg ist, von wortlaut bis annahme.")]
    quelle: Annotated[str | None, Field(description="Kennung der Quelle in quellen.yaml.")] = None
    herleitung: Annotated[
        str | None, Field(min_length=1, description="Bei schluss und annahme: wie der Wert gewonnen wurde.")
    ] = None
    hinweis: Annotated[str | None, Field(description="Was beim Lesen der Quelle zu beachten ist.")] = None


Belege = Annotated[tuple[Beleg, ...], Field(min_length=1, description="Belege; der erste trägt den Wert.")]
