"""An act: what it is called and says, and when it was signed, known and in force."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from vwv_im.law.base import ForWhom, Name, RuleModel, Zweisprachig
from vwv_im.law.evidence import Belege
from vwv_im.law.scalars import Tag_, day_as_id
from vwv_im.text import Text


class Bekannt(RuleModel):
    """Since when an act was known."""

    datum: Tag_
    beleg: Belege


class Wirkung(RuleModel):
    """Since when an act applies; `spaetestens` is the late day where the day is an assumption."""

    datum: Tag_
    spaetestens: Tag_
    auslegung: Annotated[Name | None, Field(description="Auslegungsfrage, die innerhalb der Spanne entscheidet.")] = (
        None
    )
    spaet_bei: Annotated[Name | None, Field(description="Die Lesart, nach der der späte Tag gilt.")] = None
    beleg: Belege


class Vorbote(RuleModel):
    """What was known before the act: a letter, provisional guidance."""

    ab: Tag_
    text: Zweisprachig
    beleg: Belege


class Aussagesatz(ForWhom, Zweisprachig):
    """A sentence in German and English, and whom it concerns."""


class Akt(RuleModel):
    """An act: when it was signed, since when it was known, since when it applies."""

    id: Annotated[str, AfterValidator(day_as_id)]
    art: Literal["stammfassung", "aenderung", "erlass", "nachfolge"]
    titel: Zweisprachig
    kurz: Annotated[Zweisprachig, Field(description="Wie der Akt in einem Satz heißt, etwa 'VwV vom 11.12.2017'.")]
    inhalt: Annotated[
        tuple[Aussagesatz, ...], Field(description="Was der Akt für wen geändert hat, in zwei bis vier Sätzen.")
    ] = ()
    normgeber: str
    ausgefertigt: Tag_
    bekannt_ab: Bekannt
    gilt_ab: Wirkung
    aktenzeichen: str | None = None
    fundstelle: str | None = None
    vorboten: tuple[Vorbote, ...] = ()
    beleg: Belege

    @property
    def content(self) -> Text:
        """What the act changed, all sentences; empty where nothing says it."""
        return Text(*map(" ".join, ((one.de for one in self.inhalt), (one.en for one in self.inhalt))))
