"""What is kept beside the law: questions without an answer, the statements of the sources, reviews by lawyers."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from vwv_im.law.base import ForWhom, Kennung, RuleModel, Zweisprachig
from vwv_im.law.scalars import Tag_
from vwv_im.text import Text

Effect = Literal["ergebnis", "betrag", "frist", "fundstelle"]
EFFECTS: Mapping[Effect, Text] = {
    "ergebnis": Text("Ergebnis", "result"),
    "betrag": Text("Betrag", "amount"),
    "frist": Text("Frist", "deadline"),
    "fundstelle": Text("nur Fundstelle oder Form", "only where it stands, or form"),
}
"""What the answer to a question could change, the weightiest first."""
Kennungen = Annotated[tuple[str, ...], Field(min_length=1)]


class OffeneFrage(ForWhom):
    """A question that the sources do not answer."""

    id: Kennung
    frage: Zweisprachig
    praxis: Annotated[Zweisprachig | None, Field(description="Wie sie in der Praxis beantwortet wurde.")] = None
    wirkung: Effect
    betrifft: Annotated[Kennungen, Field(description="Kennungen von Regeln, Werten, Ableitungen, Pflichten, Akten.")]
    nur_wenn_sicher: Annotated[
        bool, Field(description="true: Die Frage geht den Fall nur an, wo gilt_fuer sicher erfüllt ist.")
    ] = False
    nicht_geprueft: Annotated[
        Zweisprachig | None, Field(description="Wie in einer Zeile heißt, was deshalb nicht geprüft ist.")
    ] = None
    unerreichbar: Annotated[Zweisprachig | None, Field(description="Warum keine Entscheidung die Frage nennt.")] = None

    @property
    def text(self) -> Text:
        """The question, and how it was answered in practice."""
        said = self.frage.text
        return said if self.praxis is None else Text(f"{said.de} {self.praxis.de}", f"{said.en} {self.praxis.en}")

    @property
    def unexamined(self) -> Text | None:
        """What is not examined for want of an answer, in short."""
        return None if self.nicht_geprueft is None else self.nicht_geprueft.text


class OpenQuestionsFile(RuleModel):
    """All open questions."""

    offene_fragen: tuple[OffeneFrage, ...]


class Aussage(RuleModel):
    """A sentence of a source with legal content, in short: what carries it, or why nothing has to."""

    id: Kennung
    quelle: Annotated[Kennung, Field(description="Kennung der Quelle in quellen.yaml.")]
    aussage: Zweisprachig
    steht_in: Annotated[Kennungen | None, Field(description="Kennungen dessen, was die Aussage trägt.")] = None
    ohne_regelungsgehalt: Annotated[Zweisprachig | None, Field(description="Warum nichts sie tragen muss.")] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.steht_in is None) == (self.ohne_regelungsgehalt is None):
            names = "steht_in, ohne_regelungsgehalt"
            raise ValueError(f"genau eines von {names} / exactly one of {names}")
        return self


class StatementsFile(RuleModel):
    """The register of what the sources say."""

    aussagen: tuple[Aussage, ...]


class Wortlaut(RuleModel):
    """A slot for the wording of a number of the regulation, and the questions that it would answer."""

    id: Kennung
    nummer: Annotated[str | None, Field(description="Die Nummer; null, wo keine Quelle sie nennt. Nie erfunden.")]
    titel: Zweisprachig
    text: Annotated[str | None, Field(min_length=1, description="Der Wortlaut; null, bis ihn jemand einträgt.")]
    fragen: Annotated[Kennungen, Field(description="Kennungen der offenen Fragen, die der Wortlaut beantwortet.")]


class Freigabe(RuleModel):
    """The review of rules or values of a Fassung by a lawyer."""

    id: Kennung
    betrifft: Annotated[Kennungen, Field(description="Kennungen der geprüften Regeln, Werte und Ableitungen.")]
    fassung: Annotated[
        str, Field(description="Die Fassung, in der geprüft wurde, mit Erlassen nach einem Pluszeichen.")
    ]
    name: Annotated[str, Field(pattern=r"\S")]
    tag: Tag_
    umfang: Zweisprachig


class ApprovalsFile(RuleModel):
    """All reviews, and the slots for the wording that is lacking."""

    freigaben: tuple[Freigabe, ...]
    wortlaut: tuple[Wortlaut, ...] = ()


FILES: Mapping[str, type[RuleModel]] = {
    "offene_fragen.yaml": OpenQuestionsFile,
    "aussagen.yaml": StatementsFile,
    "freigaben.yaml": ApprovalsFile,
}
MAY_LACK = frozenset({"aussagen.yaml", "freigaben.yaml"})
