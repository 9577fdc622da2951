"""Grades of evidence, strongest first; sources, their passages, and what a rule file says a value rests on."""

from collections.abc import Collection, Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from vwv_im.lang import Report
from vwv_im.law.base import Kennung, Name, RuleModel, Zweisprachig, parts_of
from vwv_im.text import Text, did_you_mean

Grade = Literal["wortlaut", "amtlich", "behoerdlich", "verband", "presse", "schluss", "annahme"]
"""How well something is evidenced, from the wording of the norm to an assumption."""

GRADES: dict[Grade, Text] = {
    "wortlaut": Text("Wortlaut der Norm", "wording of the norm"),
    "amtlich": Text("amtliche Veröffentlichung", "official publication"),
    "behoerdlich": Text("kommunale Quelle", "municipal source"),
    "verband": Text("Verband", "association"),
    "presse": Text("Presse", "press"),
    "schluss": Text("Schlussfolgerung", "inference"),
    "annahme": Text("Arbeitsannahme", "working assumption"),
}
Shown = Grade | Literal["angabe"]
"""What stands beside a value: a grade or, outside their order, that the case states it."""
STATED = Text("Angabe", "stated")
_RANK: dict[Grade, int] = {grade: rank for rank, grade in enumerate(GRADES)}
_AT: tuple[Grade | None, ...] = (*GRADES, None)
NONE = -1
"""The rank of no grade: stronger than all."""


def rank_of(grade: Grade) -> int:
    """Return the place of a grade, from 0 for the strongest.

    >>> rank_of("wortlaut"), rank_of("annahme")
    (0, 6)
    """
    return _RANK[grade]


def grade_at(rank: int) -> Grade | None:
    """Return the grade at a place; `None` at `NONE`.

    >>> grade_at(6), grade_at(NONE)
    ('annahme', None)
    """
    return _AT[rank]


def weakest(grades: Iterable[Grade | None]) -> Grade | None:
    """Return the weakest of `grades`; `None` where there is none.

    >>> weakest(["amtlich", "presse", None])
    'presse'
    """
    return max((grade for grade in grades if grade), key=_RANK.__getitem__, default=None)


def is_weaker(grade: Grade, than: Grade) -> bool:
    """Whether a grade is weaker than another.

    >>> is_weaker("presse", "amtlich"), is_weaker("amtlich", "amtlich")
    (True, False)
    """
    return _RANK[grade] > _RANK[than]


def _at_most_words(most: int) -> AfterValidator:
    def check(text: str) -> str:
        if len(text.split()) > most:
            raise ValueError(f"höchstens {most} Wörter / at most {most} words")
        return text

    return AfterValidator(check)


class Fundstelle(RuleModel):
    """A passage of a source: what it says in our own words, and the figures and terms that stand there."""

    wiedergabe: Annotated[str, Field(pattern=r"\S"), _at_most_words(30)]
    kernworte: Annotated[tuple[Annotated[str, Field(pattern=r"\S"), _at_most_words(4)], ...], Field(min_length=1)]


class Worueber(RuleModel):
    """What sources may speak about; `fortgeltung` where they prove the norm only in so far as it carries that on."""

    titel: Zweisprachig
    fortgeltung: Annotated[
        Zweisprachig | None, Field(description="Wie ein Beleg heißt, der für die Norm nur ein Schluss ist.")
    ] = None


class Quelle(RuleModel):
    """A source: title, publisher, date, address, what it speaks about, and its passages."""

    id: Kennung
    titel: str
    herausgeber: str
    datum: str | None
    url: str | None
    grad: Grade
    spricht_ueber: Annotated[Name, Field(description="Wovon die Quelle handelt: einer der Namen aus spricht_ueber.")]
    fundstellen: Annotated[dict[Name, Fundstelle], Field(default_factory=dict)]
    hinweis: str | None = None
    ohne_beleg: Annotated[
        str | None,
        Field(min_length=1, description="Warum die Quelle verzeichnet ist, obwohl sich kein Beleg auf sie stützt."),
    ] = None


class SourcesFile(RuleModel):
    """All sources, and what they may speak about."""

    spricht_ueber: dict[Name, Worueber]
    quellen: tuple[Quelle, ...]


class Beleg(RuleModel):
    """What a value rests on. The first entry of a list of `belege` carries the value and its grade."""

    grad: Annotated[Grade, Field(description="Wie stark der Beleg ist, von wortlaut bis annahme.")]
    quelle: Annotated[str | None, Field(description="Kennung der Quelle in quellen.yaml.")] = None
    fundstelle: Annotated[str | None, Field(description="Name der Fundstelle, die die Quelle verzeichnet.")] = None
    herleitung: Annotated[
        str | None, Field(min_length=1, description="Bei schluss und annahme: wie der Wert gewonnen wurde.")
    ] = None
    hinweis: Annotated[str | None, Field(description="Was beim Lesen der Quelle zu beachten ist.")] = None


Belege = Annotated[tuple[Beleg, ...], Field(min_length=1, description="Belege; der erste trägt den Wert.")]


def faulty_evidence(model: RuleModel, named: Collection[str], report: Report) -> None:
    """Report what is wrong with all evidence in a part of the rule files; `named` has the sources and passages."""
    for path, beleg in parts_of(model, Beleg):
        if beleg.quelle is not None and beleg.quelle not in named:
            report("unknown_source", (*path, "quelle"), did_you_mean(beleg.quelle, named), name=beleg.quelle)
        elif beleg.fundstelle is not None and f"{beleg.quelle}.{beleg.fundstelle}" not in named:
            known = (name.partition(".")[2] for name in named if name.startswith(f"{beleg.quelle}."))
            hint = did_you_mean(beleg.fundstelle, known)
            report("unknown_passage", (*path, "fundstelle"), hint, name=beleg.fundstelle)
        inferred = beleg.grad in ("schluss", "annahme")
        if inferred and beleg.herleitung is None:
            report("no_derivation", path)
        if not inferred and beleg.quelle is None:
            report("no_source", path)
