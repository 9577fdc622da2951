"""The regulation as JSON: acts and their operations, every Fassung whole, sources, readings, open questions.

Items are written as in the rule files, with `gegenstand` (the subject) and `akt` (the act that shaped them last).
Numbers are JSON numbers with their exact decimal digits, days are ISO text.
"""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from vwv_im import __version__
from vwv_im.law import Akt, Fassung, Regulation, evidence, model, register
from vwv_im.law import Item as LawItem
from vwv_im.law.base import Kennung, Name
from vwv_im.law.examination import Abschnitt, Pruefung
from vwv_im.law.observation import Plausibilitaet, Widerspruch
from vwv_im.law.scalars import Tag_
from vwv_im.law.vocabulary_file import Sachverhalt
from vwv_im.text import CONTRACT

FORM = "vwv-im-regelwerk-1"
T = TypeVar(
    "T", model.Parameter, model.Ableitung, model.Regel, Widerspruch, Plausibilitaet, model.Pflicht, model.Vermerk
)


class _Part(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="ignore", frozen=True)


class ItemEntry(_Part, Generic[T]):
    """An item as it stands in a Fassung."""

    kennung: Annotated[Kennung | Name, Field(description="Kennung, bei Parametern der Name.")]
    gegenstand: Annotated[Name, Field(description="Gegenstand: die Datei der Stammfassung, zu der der Eintrag gehört.")]
    akt: Annotated[str, Field(description="Kennung des Akts, der den Eintrag zuletzt geprägt hat.")]
    eintrag: Annotated[T, Field(description="Der Eintrag, wie ihn die Regeldateien schreiben.")]


class OperationEntry(_Part):
    """One step of an amending act; `kennung` is what `compare` names as a cause."""

    kennung: str
    schritt: model.AmendingOperation


class ActEntry(_Part):
    """An act and its steps."""

    akt: Akt
    aenderungen: tuple[OperationEntry, ...] = ()


class FassungEntry(_Part):
    """The regulation after an act, all items whole. The interval is half-open and follows the default readings."""

    kennung: str
    erlasse: tuple[str, ...]
    gilt_ab: Tag_
    gilt_bis: Tag_ | None
    parameter: tuple[ItemEntry[model.Parameter], ...]
    ableitungen: tuple[ItemEntry[model.Ableitung], ...]
    regeln: tuple[ItemEntry[model.Regel], ...]
    widersprueche: tuple[ItemEntry[Widerspruch], ...]
    plausibilitaeten: tuple[ItemEntry[Plausibilitaet], ...] = ()
    pflichten: tuple[ItemEntry[model.Pflicht], ...]
    vermerke: tuple[ItemEntry[model.Vermerk], ...]


class RegulationDocument(_Part):
    """Die Regeln als JSON: Akte, Fassungen, Quellen, Lesarten, offene Fragen, Prüfschema und die Hashes der Dateien."""

    form: Annotated[str, Field(pattern=f"^{FORM}$", description="Form dieses Dokuments.")]
    version: Annotated[str, Field(description="Version von vwv-im, die es geschrieben hat.")]
    dateien: Annotated[dict[str, str], Field(description="SHA-256 jeder Regeldatei.")]
    akte: tuple[ActEntry, ...]
    fassungen: tuple[FassungEntry, ...]
    quellen: tuple[evidence.Quelle, ...]
    auslegungen: tuple[model.Auslegung, ...]
    offene_fragen: tuple[register.OffeneFrage, ...]
    pruefschema: dict[str, tuple[Abschnitt, ...]]
    fragen: Annotated[dict[str, Pruefung] | None, Field(description="Die Fragen; fehlt bis 1.0.")] = None
    sachverhalt: Annotated[Sachverhalt | None, Field(description="Was ein Fall angeben kann; fehlt bis 1.0.")] = None
    spricht_ueber: Annotated[
        dict[str, evidence.Worueber] | None, Field(description="Wovon Quellen sprechen; fehlt bis 1.0.")
    ] = None
    aussagen: Annotated[tuple[register.Aussage, ...] | None, Field(description="Fehlt bis 1.0.")] = None
    freigaben: Annotated[tuple[register.Freigabe, ...] | None, Field(description="Fehlt bis 1.0.")] = None
    wortlaut: Annotated[tuple[register.Wortlaut, ...] | None, Field(description="Fehlt bis 1.0.")] = None
    contract: Annotated[str | None, Field(description="Version dieser Form; fehlt bis 1.0.")] = None

    def to_json(self) -> str:
        """Return it as JSON text; `read_regulation_json` gives back an equal document."""
        data = self.model_dump(by_alias=True, exclude_unset=True)
        return json.dumps(data, ensure_ascii=False, indent=2, default=_plain)


def read_regulation_json(text: str | bytes) -> RegulationDocument:
    """Return the document that `RegulationDocument.to_json` wrote; decimals stay exact.

    Raises `pydantic.ValidationError` for anything else.
    """
    return RegulationDocument.model_validate(json.loads(text, parse_float=Decimal))


def regulation_document(regulation: Regulation) -> RegulationDocument:
    """Return the regulation as a document.

    >>> from vwv_im import regulation
    >>> [fassung.kennung for fassung in regulation_document(regulation()).fassungen][:2]
    ['2017-12-11', '2019-08-28']
    """
    return RegulationDocument(
        form=FORM,
        version=__version__,
        dateien=dict(sorted(regulation.hashes.items())),
        akte=tuple(ActEntry(akt=akt, aenderungen=_steps(regulation, akt)) for akt in regulation.acts),
        fassungen=tuple(_fassung(regulation, fassung) for fassung in regulation.states),
        quellen=tuple(regulation.sources.values()),
        auslegungen=tuple(regulation.readings.values()),
        offene_fragen=tuple(regulation.open_questions.values()),
        pruefschema={name: question.pruefung for name, question in regulation.questions.items()},
        fragen=dict(regulation.questions),
        sachverhalt=Sachverhalt.model_validate(regulation.written["entitaeten"].document.data),
        spricht_ueber=dict(regulation.topics),
        aussagen=tuple(regulation.statements.values()),
        freigaben=tuple(regulation.approvals.values()),
        wortlaut=tuple(regulation.wordings.values()),
        contract=CONTRACT,
    )


def _steps(regulation: Regulation, akt: Akt) -> tuple[OperationEntry, ...]:
    steps = regulation.operations.items()
    return tuple(OperationEntry(kennung=str(name), schritt=step) for name, step in steps if name.act == akt.id)


def _fassung(regulation: Regulation, fassung: Fassung) -> FassungEntry:
    start = max(regulation.act(name).gilt_ab.datum for name in (fassung.id, *fassung.erlasse))
    return FassungEntry(
        kennung=fassung.id,
        erlasse=fassung.erlasse,
        gilt_ab=start,
        gilt_bis=regulation.choose(start).gilt_bis,
        parameter=_entries(fassung.parameters),
        ableitungen=_entries(fassung.derivations),
        regeln=_entries(fassung.rules),
        widersprueche=_entries(fassung.contradictions),
        plausibilitaeten=_entries(fassung.plausibilities),
        pflichten=_entries(fassung.duties),
        vermerke=_entries(fassung.notes),
    )


def _entries(items: Mapping[str, LawItem[T]]) -> tuple[ItemEntry[T], ...]:
    return tuple(
        ItemEntry[Any](kennung=item.id, gegenstand=item.subject, akt=item.act, eintrag=item.model)
        for item in items.values()
    )


def _plain(value: Decimal | date) -> int | float | str:
    """Return a value as JSON has it; a decimal becomes the number whose shortest form has the same digits."""
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if value == value.to_integral_value() else float(value)
