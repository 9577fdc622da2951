"""What rule files say is to be told of a case: what cannot both be, and what is not plausible."""

from typing import Annotated

from pydantic import Field

from vwv_im.law.base import Bezug, Condition, Frage, Kennung, Kurz, RuleModel, Zweisprachig
from vwv_im.law.evidence import Belege


class Beobachtung(RuleModel):
    """What is to be told of a case where a condition holds, and the facts that cause it (`orte`)."""

    id: Kennung
    titel: Zweisprachig
    kurz: Kurz = None
    frage: Frage = None
    bezug: Bezug
    wenn: Condition
    orte: tuple[str, ...]
    beleg: Belege


class Widerspruch(Beobachtung):
    """Two statements of a case that cannot both be true."""

    orte: tuple[str, str]


class Plausibilitaet(Beobachtung):
    """What is unusual about a case, and may be meant otherwise (`satz`); it changes no decision."""

    satz: Zweisprachig
    orte: Annotated[tuple[str, ...], Field(min_length=1)]
