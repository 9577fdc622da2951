"""Conditions and computations as rule files write them. No code strings; every form is a model."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StrictBool, StrictInt, StrictStr, Tag, model_validator

from vwv_im.law.base import FaktPfad, Name, RuleModel

Scalar = StrictBool | StrictInt | Decimal | StrictStr


class ParameterRef(RuleModel):
    """The value of a parameter under the Fassung at hand."""

    parameter: Annotated[Name, Field(description="Name eines Parameters.")]


class FactRef(RuleModel):
    """The value of another fact."""

    fakt: FaktPfad


def _operand_form(value: Any) -> str | None:
    if isinstance(value, ParameterRef) or (isinstance(value, dict) and "parameter" in value):
        return "parameter"
    if isinstance(value, FactRef) or (isinstance(value, dict) and "fakt" in value):
        return "fakt"
    return None if isinstance(value, dict) else "wert"


def _fixed_form(value: Any) -> str | None:
    form = _operand_form(value)
    return None if form == "fakt" else form


Operand = Annotated[
    Annotated[ParameterRef, Tag("parameter")] | Annotated[FactRef, Tag("fakt")] | Annotated[Scalar, Tag("wert")],
    Discriminator(_operand_form),
]
Listed = Annotated[
    Annotated[ParameterRef, Tag("parameter")] | Annotated[Scalar, Tag("wert")],
    Discriminator(_fixed_form),
]

Operator = Literal["ist", "in", "enthaelt", "mindestens", "hoechstens", "vor", "nach"]
OPERATORS: tuple[Operator, ...] = ("ist", "in", "enthaelt", "mindestens", "hoechstens", "vor", "nach")


class Atom(RuleModel):
    """One comparison: a fact, one operator, and what it is compared with."""

    fakt: FaktPfad
    ist: Annotated[Operand | tuple[Listed, ...] | None, Field(description="gleich; bei Listen: genau diese Werte")] = (
        None
    )
    in_: Annotated[tuple[Listed, ...] | None, Field(alias="in", min_length=1, description="einer dieser Werte")] = None
    enthaelt: Annotated[Operand | None, Field(description="bei Listen: dieser Wert ist dabei")] = None
    mindestens: Annotated[Operand | None, Field(description="größer oder gleich")] = None
    hoechstens: Annotated[Operand | None, Field(description="kleiner oder gleich")] = None
    vor: Annotated[Operand | None, Field(description="an einem früheren Tag")] = None
    nach: Annotated[Operand | None, Field(description="an einem späteren Tag")] = None

    @model_validator(mode="after")
    def _one_operator(self) -> Atom:
        if len(self._given()) != 1:
            raise ValueError(f"genau eines von {', '.join(OPERATORS)} / exactly one of these operators")
        return self

    def _given(self) -> list[Operator]:
        return [name for name in OPERATORS if ("in_" if name == "in" else name) in self.model_fields_set]

    @property
    def operator(self) -> Operator:
        """The operator that is given."""
        return self._given()[0]

    @property
    def operand(self) -> Any:
        """What the fact is compared with."""
        name = self.operator
        return getattr(self, "in_" if name == "in" else name)


class ReadingAtom(RuleModel):
    """Which reading of a disputed point is followed."""

    auslegung: Annotated[Name, Field(description="Name einer Auslegungsfrage in auslegungen.yaml.")]
    ist: Annotated[Name, Field(description="Die Lesart, die gelten muss.")]


class Every(RuleModel):
    """All of these hold."""

    alle: Annotated[tuple[Condition, ...], Field(min_length=1, description="alle müssen gelten")]


class Some(RuleModel):
    """At least one of these holds."""

    eine: Annotated[tuple[Condition, ...], Field(min_length=1, description="mindestens eine muss gelten")]


class Not(RuleModel):
    """The negation of a condition."""

    nicht: Annotated[Condition, Field(description="darf nicht gelten")]


def _form(keys: tuple[str, ...]) -> Any:
    """Return a discriminator that tells a form by the key that names it."""

    def tell(value: Any) -> str | None:
        for key in keys:
            if (key in value) if isinstance(value, dict) else hasattr(value, key):
                return key
        return None

    return tell


CONDITION_FORMS = ("alle", "eine", "nicht", "auslegung", "fakt")

Condition = Annotated[
    Annotated[Every, Tag("alle")]
    | Annotated[Some, Tag("eine")]
    | Annotated[Not, Tag("nicht")]
    | Annotated[ReadingAtom, Tag("auslegung")]
    | Annotated[Atom, Tag("fakt")],
    Discriminator(_form(CONDITION_FORMS)),
]


class Sum(RuleModel):
    """The sum of these; unknown if one of them is."""

    summe: Annotated[tuple[Expression, ...], Field(min_length=1)]


class Difference(RuleModel):
    """The first less the second."""

    differenz: tuple[Expression, Expression]


class Product(RuleModel):
    """The product of these."""

    produkt: Annotated[tuple[Expression, ...], Field(min_length=1)]


class Smallest(RuleModel):
    """The smallest number or earliest day."""

    kleinster: Annotated[tuple[Expression, ...], Field(min_length=1)]


class Largest(RuleModel):
    """The largest number or latest day."""

    groesster: Annotated[tuple[Expression, ...], Field(min_length=1)]


class FirstKnown(RuleModel):
    """The first of these that is known. Where two are known they must agree (see `widersprueche`)."""

    erster_bekannter: Annotated[tuple[Expression, ...], Field(min_length=1)]


class SumOver(RuleModel):
    """The sum over all posts or members; unknown if one of them is."""

    summe_ueber: Literal["stellen", "mitglieder"]
    wert: Expression


class LargestOver(RuleModel):
    """The largest number or latest day over all posts or members; unknown if one of them is."""

    groesster_ueber: Literal["stellen", "mitglieder"]
    wert: Expression


class Quotient(RuleModel):
    """A quotient; stands only inside `runde`."""

    zaehler: Expression
    nenner: Expression


class Division(RuleModel):
    """An exact fraction; stands only inside `runde`."""

    quotient: Quotient


class Twelfths(RuleModel):
    """A twelfth of an annual amount; stands only inside `runde`."""

    zwoelftel: Expression


class Rounded(RuleModel):
    """Rounded half up, to the euro or to the cent."""

    runde: Expression
    auf: Literal["euro", "cent"]
    art: Literal["kaufmaennisch"]


class PeriodSpec(RuleModel):
    """A period of months: its first day (`ab`) or the day before it (`nach`), and its length."""

    ab: Expression | None = None
    nach: Expression | None = None
    monate: Expression

    @model_validator(mode="after")
    def _one_start(self) -> PeriodSpec:
        if (self.ab is None) == (self.nach is None):
            raise ValueError("genau eines von ab, nach / exactly one of ab, nach")
        return self


class RunningSpec(RuleModel):
    """Start, and the day whose month is asked for."""

    ab: Expression
    am: Expression


class PeriodEnd(RuleModel):
    """The last day of a period of months (§§ 187 (2), 188 (2), (3) BGB)."""

    ende_der_frist: PeriodSpec


class RunningMonth(RuleModel):
    """The number of the month, counted from the start's day, in which a day lies; 1 is the first."""

    laufender_monat: RunningSpec


class SpanSpec(RuleModel):
    """First and last day, both included."""

    von: Expression
    bis: Expression


class FullMonths(RuleModel):
    """The full months between two days, both included; 0 where the last lies before the first."""

    monate_zwischen: SpanSpec


class RemainingDays(RuleModel):
    """The days left over after the full months between two days."""

    resttage_zwischen: SpanSpec


EXPRESSION_FORMS = (
    "parameter",
    "fakt",
    "summe",
    "differenz",
    "produkt",
    "kleinster",
    "groesster",
    "erster_bekannter",
    "summe_ueber",
    "groesster_ueber",
    "quotient",
    "zwoelftel",
    "runde",
    "ende_der_frist",
    "laufender_monat",
    "monate_zwischen",
    "resttage_zwischen",
)


def _expression_form(value: Any) -> str | None:
    if isinstance(value, dict | RuleModel):
        found: str | None = _form(EXPRESSION_FORMS)(value)
        return found
    return "wert"


Expression = Annotated[
    Annotated[ParameterRef, Tag("parameter")]
    | Annotated[FactRef, Tag("fakt")]
    | Annotated[Sum, Tag("summe")]
    | Annotated[Difference, Tag("differenz")]
    | Annotated[Product, Tag("produkt")]
    | Annotated[Smallest, Tag("kleinster")]
    | Annotated[Largest, Tag("groesster")]
    | Annotated[FirstKnown, Tag("erster_bekannter")]
    | Annotated[SumOver, Tag("summe_ueber")]
    | Annotated[LargestOver, Tag("groesster_ueber")]
    | Annotated[Division, Tag("quotient")]
    | Annotated[Twelfths, Tag("zwoelftel")]
    | Annotated[Rounded, Tag("runde")]
    | Annotated[PeriodEnd, Tag("ende_der_frist")]
    | Annotated[RunningMonth, Tag("laufender_monat")]
    | Annotated[FullMonths, Tag("monate_zwischen")]
    | Annotated[RemainingDays, Tag("resttage_zwischen")]
    | Annotated[Scalar, Tag("wert")],
    Discriminator(_expression_form),
]
