"""What rule files may say: acts, subjects, readings, open questions, order of examination."""

import re
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, StrictInt, StrictStr, model_validator

from vwv_im.case.vocabulary import scope_of
from vwv_im.lang import Art, FactType, Form, facts_of, nodes, parameters_of
from vwv_im.law.act import Akt
from vwv_im.law.base import Bezug, Condition, Expression, Frage, Kennung, Kurz, Name, RuleModel, Zweisprachig
from vwv_im.law.evidence import Belege
from vwv_im.law.observation import Plausibilitaet, Widerspruch
from vwv_im.law.scalars import day_of_every_year, measurable, year

Einheit = Annotated[str, Field(description="Eine Einheit aus sachverhalt.yaml.")]
Typ = Literal["ganzzahl", "dezimal", "datum", "wahrheitswert", "auswahl", "text"]


Nummer = Annotated[str | None, Field(description="Nummer in der VwV; null, wo keine Quelle sie nennt. Nie erfunden.")]


class Parameter(RuleModel):
    """A value that the norm fixes; `wert: null` where no source tells it."""

    titel: Zweisprachig
    kurz: Kurz = None
    wert: Annotated[StrictBool | StrictInt | Decimal | StrictStr | None, AfterValidator(measurable)]
    einheit: Einheit | None = None
    nummer: Nummer = None
    beleg: Belege


class Row(RuleModel):
    """A row of a decision table; without `wenn` it always holds."""

    wenn: Condition | None = None
    dann: Expression
    beleg: Belege | None = None


class Ableitung(RuleModel):
    """A derived fact: a condition (`wenn`), a decision table (`faelle`) or a computation (`rechne`)."""

    id: Kennung
    titel: Zweisprachig
    kurz: Kurz = None
    ergibt: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
    zwischenwert: Annotated[
        bool, Field(description="true: nur ein Schritt; wird einem Leser nicht als Ergebnis gezeigt.")
    ] = False
    fordert: Annotated[
        Zweisprachig | None,
        Field(description="Die Unterlage, die fehlt, wo der Wert wahr ist; {fakt} steht für dessen Wert."),
    ] = None
    auf_anfrage: Annotated[bool, Field(description="true: wird nur ermittelt, wo danach gefragt ist.")] = False
    ueberblick: Annotated[bool, Field(description="true: steht auch dort, wo nur das Wichtigste steht.")] = False
    typ: Typ
    einheit: Einheit | None = None
    werte: tuple[Name, ...] | None = None
    wertetitel: Annotated[
        dict[Name, Zweisprachig] | None, Field(description="Wie die Werte einer Auswahl in einem Satz heißen.")
    ] = None
    wenn: Condition | None = None
    faelle: Annotated[tuple[Row, ...], Field(min_length=1)] | None = None
    treffer: Annotated[
        Literal["einzige", "erste"],
        Field(description="einzige: höchstens eine Zeile mit Bedingung passt; erste: passen mehrere, gilt die erste."),
    ] = "einzige"
    luecke: Annotated[
        str | None, Field(min_length=1, description="Wo keine Zeile passt, gibt es den Wert nicht: warum.")
    ] = None
    rechne: Expression | None = None
    nummer: Nummer = None
    beleg: Belege

    @property
    def scope(self) -> str:
        """The entity whose fact it gives."""
        return scope_of(self.ergibt)

    @property
    def kind(self) -> FactType:
        """The type of the fact that it gives."""
        return FactType(self.typ, self.einheit, self.werte or ())

    @property
    def rows(self) -> tuple[nodes.Row, ...] | None:
        """The decision table as nodes."""
        return None if self.faelle is None else tuple(nodes.Row(row.wenn, row.dann) for row in self.faelle)

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if sum(form is not None for form in (self.wenn, self.faelle, self.rechne)) != 1:
            raise ValueError("genau eines von wenn, faelle, rechne / exactly one of wenn, faelle, rechne")
        if self.faelle is None and self.model_fields_set & {"treffer", "luecke"}:
            raise ValueError("treffer und luecke gehören zu faelle / treffer and luecke belong to faelle")
        if stray := sorted(set(self.wertetitel or ()) - set(self.werte or ())):
            raise ValueError(
                f"wertetitel ohne Wert: {', '.join(stray)} / wertetitel without a value: {', '.join(stray)}"
            )
        return self


class Regel(RuleModel):
    """A requirement: `muss`, `soll`, `kann` or `hinweis`, about an entity."""

    id: Kennung
    titel: Zweisprachig
    titel_nein: Annotated[
        Zweisprachig | None,
        Field(description="Die Überschrift verneint, ohne Punkt; sie steht, wo die Regel nicht erfüllt ist."),
    ] = None
    kurz: Kurz = None
    frage: Frage = None
    bezug: Bezug
    art: Annotated[Literal["muss", "soll", "kann", "hinweis"], Field(description="Verbindlichkeit")]
    rechtsfolge: Annotated[
        Literal["anspruch", "ermessen", "erlaubnis", "unbekannt"] | None,
        Field(description="Was aus einem „kann“ folgt; ohne Angabe unbekannt."),
    ] = None
    gilt_fuer: Annotated[Condition | None, Field(description="Wann die Regel überhaupt gilt.")] = None
    bedingung: Condition
    abhilfe: Annotated[
        Zweisprachig | None,
        Field(description="Was hilft, wo sie nicht erfüllt ist; {fakt} steht für dessen Wert."),
    ] = None
    zeitbezug: Annotated[
        str | None, Field(description="Welcher Tag zählt, wenn es nicht der Entscheidungstag ist.")
    ] = None
    nummer: Nummer = None
    beleg: Belege

    @property
    def facts_told(self) -> tuple[str, ...]:
        """The facts whose values its remedy names."""
        return tuple(re.findall(r"{([a-z0-9_.]+)}", self.abhilfe.de + self.abhilfe.en)) if self.abhilfe else ()

    @property
    def kind(self) -> Art:
        """What it is to an engine: a `kann` that is a permission or a claim leaves nothing to discretion."""
        return "darf" if self.rechtsfolge in ("erlaubnis", "anspruch") else self.art

    @property
    def consequence(self) -> str:
        """What follows from it, or its kind where it is no option."""
        return self.rechtsfolge or ("unbekannt" if self.art == "kann" else self.art)

    @model_validator(mode="after")
    def _option(self) -> Self:
        if self.rechtsfolge is not None and self.art != "kann":
            raise ValueError("rechtsfolge gehört zu art: kann / rechtsfolge belongs to art: kann")
        return self


class Jaehrlich(RuleModel):
    """A duty that returns every year for the year before.

    Where both days are those over a list, each entry gives its own years, and one that is open none.
    """

    am: Annotated[
        str,
        Field(pattern=r"^(0[1-9]|1[0-2])-[0-3][0-9]$", description="Tag im Folgejahr, MM-TT."),
        AfterValidator(day_of_every_year),
    ]
    erstes_berichtsjahr: Annotated[StrictInt, AfterValidator(year)]
    von: Annotated[Expression | None, Field(description="Der Tag, von dem an berichtet wird.")] = None
    bis: Annotated[Expression, Field(description="Der Tag, bis zu dem berichtet wird.")]


class Faelligkeit(RuleModel):
    """When a duty is due: on one day, or every year."""

    tag: Expression | None = None
    jaehrlich: Jaehrlich | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.tag is None) == (self.jaehrlich is None):
            raise ValueError("genau eines von tag, jaehrlich / exactly one of tag, jaehrlich")
        return self


class Pflicht(RuleModel):
    """A duty that follows from a grant; `faellig: null` where no source tells the day."""

    id: Kennung
    titel: Zweisprachig
    kurz: Kurz = None
    frage: Frage = None
    gilt_fuer: Annotated[Condition | None, Field(description="Wann die Pflicht überhaupt besteht.")] = None
    faellig: Faelligkeit | None
    zeitbezug: str | None = None
    nummer: Nummer = None
    beleg: Belege

    @property
    def day(self) -> nodes.Expression | None:
        """The day on which it is due, or until when one that is yearly is."""
        if self.faellig is None:
            return None
        return self.faellig.tag if self.faellig.jaehrlich is None else self.faellig.jaehrlich.bis

    @property
    def start(self) -> nodes.Expression | None:
        """The day from which on one that is yearly is due."""
        return None if self.faellig is None or self.faellig.jaehrlich is None else self.faellig.jaehrlich.von


class Vermerk(RuleModel):
    """What an act is known to have changed without effect on a decision."""

    id: Kennung
    titel: Zweisprachig
    nummer: Nummer = None
    beleg: Belege


Model = Parameter | Ableitung | Regel | Widerspruch | Plausibilitaet | Pflicht | Vermerk
"""The items of the law."""


@cache
def _forms(kind: type[Model]) -> tuple[str, ...]:
    """Return the names of those parts of an item that are forms."""
    names = ("wenn", "rows", "rechne", "gilt_fuer", "bedingung", "start", "day")
    return tuple(name for name in names if name in kind.model_fields or hasattr(kind, name))


def forms_of(model: Model) -> tuple[Form, ...]:
    """Return the conditions, tables and computations of an item."""
    return tuple(form for name in _forms(type(model)) if (form := getattr(model, name)) is not None)


def facts_read(model: Model) -> set[str]:
    """Return the paths of all facts that an item reads; the disputed points it asks about are none."""
    return {fact for fact in facts_of(*forms_of(model)) if not fact.startswith(nodes.READING)}


def parameters_used(model: Model) -> set[str]:
    """Return the names of all parameters that an item uses."""
    return set(parameters_of(*forms_of(model)))


class Formel(RuleModel):
    """A computation that several derived facts share: `angaben` are its places, filled where it is named.

    It is a way to write, no item of the law: where derived facts name it (`{formel: …}`) it is written out when the
    file is read, its evidence with it where it stands alone. An operation on it (`ziel: formel.NAME.rechne…`) is one on
    each of these places.
    """

    angaben: Annotated[tuple[Name, ...], Field(min_length=1, description="Was die Formel braucht.")]
    rechne: Annotated[Any, Field(description="Die Berechnung; {angabe: …} steht für das, was angegeben wird.")]
    beleg: Belege | None = None


class SubjectFile(RuleModel):
    """One subject of the Stammfassung."""

    gegenstand: Annotated[Zweisprachig, Field(description="Der Gegenstand, den diese Datei regelt.")]
    parameter: Annotated[dict[Name, Parameter], Field(default_factory=dict)]
    formeln: Annotated[dict[Name, Formel], Field(default_factory=dict)]
    ableitungen: tuple[Ableitung, ...] = ()
    regeln: tuple[Regel, ...] = ()
    widersprueche: tuple[Widerspruch, ...] = ()
    plausibilitaeten: tuple[Plausibilitaet, ...] = ()
    pflichten: tuple[Pflicht, ...] = ()
    vermerke: tuple[Vermerk, ...] = ()


class NewItem(RuleModel):
    """What an act inserts: one item of one kind."""

    parameter: dict[Name, Parameter] | None = None
    ableitung: Ableitung | None = None
    regel: Regel | None = None
    widerspruch: Widerspruch | None = None
    plausibilitaet: Plausibilitaet | None = None
    pflicht: Pflicht | None = None
    vermerk: Vermerk | None = None

    @model_validator(mode="after")
    def _one_item(self) -> Self:
        given = [name for name in self.model_fields_set if getattr(self, name) is not None]
        if len(self.model_fields_set) != 1 or not given or (self.parameter is not None and len(self.parameter) != 1):
            raise ValueError("genau ein Eintrag / exactly one item")
        return self


class AmendingOperation(RuleModel):
    """One step of an amending act."""

    op: Literal["ersetze", "fuege_ein", "haenge_an", "hebe_auf"]
    ziel: Annotated[str, Field(min_length=1, description="Kennung mit Feld, Kennung oder Gegenstand.")]
    alt: Annotated[Any, Field(description="Der Stand davor; muss übereinstimmen.")] = None
    neu: Annotated[Any, Field(description="Der Stand danach.")] = None
    ohne_wirkung: Annotated[str | None, Field(description="Warum die Änderung keine Entscheidung berührt.")] = None
    beleg: Belege

    @model_validator(mode="after")
    def _needs(self) -> Self:
        needed: dict[str, set[str]] = {"ersetze": {"alt", "neu"}, "fuege_ein": {"neu"}, "haenge_an": {"neu"}}
        if missing := needed.get(self.op, set()) - self.model_fields_set:
            listed = ", ".join(sorted(missing))
            raise ValueError(f"{self.op} braucht {listed} / {self.op} needs {listed}")
        if surplus := self.model_fields_set & {"alt", "neu"} - needed.get(self.op, set()):
            listed = ", ".join(sorted(surplus))
            raise ValueError(f"{self.op} hat kein {listed} / {self.op} has no {listed}")
        if self.op == "haenge_an" and not (isinstance(self.neu, list) and self.neu):
            raise ValueError("haenge_an braucht unter neu eine Liste / haenge_an needs a list under neu")
        return self


class ActFile(RuleModel):
    """An act; an amending one lists its operations."""

    akt: Akt
    aenderungen: tuple[AmendingOperation, ...] = ()


class Lesart(RuleModel):
    """One reading of a disputed point."""

    titel: Zweisprachig
    beleg: Belege


class Auslegung(RuleModel):
    """A disputed point: the question, its readings, the default."""

    id: Name
    frage: Zweisprachig
    lesarten: Annotated[dict[Name, Lesart], Field(min_length=2)]
    vorgabe: Annotated[Name, Field(description="Die Lesart, der gefolgt wird, wenn keine andere gewählt ist.")]
    betrifft: Annotated[tuple[str, ...], Field(description="Gegenstände oder Kennungen, die davon abhängen.")] = ()

    @model_validator(mode="after")
    def _default_exists(self) -> Self:
        if self.vorgabe not in self.lesarten:
            raise ValueError(f"vorgabe '{self.vorgabe}' ist keine der Lesarten / is none of the readings")
        return self


class ReadingsFile(RuleModel):
    """All disputed points."""

    auslegungen: tuple[Auslegung, ...]
