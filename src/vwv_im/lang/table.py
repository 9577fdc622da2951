"""The one table of comparisons and operations: what each takes, means, is called, and how it reads.

A new comparison or operation is one entry here. What an entry cannot say for itself, an engine refuses by name.
"""

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from vwv_im.lang import dates, numbers
from vwv_im.lang.types import DAY, DAYS, DAYS_OF_CUTS, DECIMAL, MONTHS, TEXT, WHOLE, FactKind, FactType
from vwv_im.text import Text


@dataclass(frozen=True, slots=True)
class Comparator:
    """A comparison of a fact (a) with what is required (b).

    `test` compares two values; columns and terms of a solver compare by it too. `sign` is how Python writes it, and,
    `==` apart, FEEL; `feel` is for one that has no sign. `negated` is the comparison that holds where this one does
    not, `opposite` the one that turns it round. `as_other` is how it reads before the name of another
    fact, where that is another phrase. `shape` says what b is: one value, one of many, or a member of a list.
    """

    name: str
    negated: str
    takes: tuple[FactKind, ...]
    test: Callable[[Any, Any], Any]
    phrase: Text
    hover: str
    sign: str | None = None
    feel: str | None = None
    opposite: str | None = None
    as_other: Text | None = None
    shape: Literal["one", "many", "member"] = "one"

    @property
    def ordered(self) -> bool:
        """Whether it asks for more or less, not for the same."""
        return self.opposite is not None

    @property
    def denies(self) -> bool:
        """Whether it is the negation of a comparison for sameness or membership."""
        return self.name in ("ist_nicht", "nicht_in", "enthaelt_nicht")

    @property
    def of_lists(self) -> bool:
        """Whether it also compares a list as a whole."""
        return self.shape == "one" and "auswahlliste" in self.takes

    @property
    def in_feel(self) -> str:
        """How FEEL writes it, with places for both sides."""
        return self.feel or f"{{0}} {'=' if self.sign == '==' else self.sign} {{1}}"


_ANY_KIND: tuple[FactKind, ...] = (
    "auswahl", "auswahlliste", "ganzzahl", "dezimal", "datum", "wahrheitswert", "text",
)  # fmt: skip
_LISTABLE: tuple[FactKind, ...] = ("auswahl", "ganzzahl", "dezimal", "text")
_GRADED: tuple[FactKind, ...] = ("ganzzahl", "dezimal", "auswahl")
_DATED: tuple[FactKind, ...] = ("datum",)
_LISTS: tuple[FactKind, ...] = ("auswahlliste",)

_COMPARISONS = (
    Comparator("ist", "ist_nicht", _ANY_KIND, operator.eq, Text("{}", "{}"),
               "gleich; bei Listen: genau diese Werte", "==", as_other=Text("wie {}", "as {}")),
    Comparator("in", "nicht_in", _LISTABLE, lambda stated, required: stated in required, Text("{}", "{}"),
               "einer dieser Werte", shape="many"),
    Comparator("enthaelt", "enthaelt_nicht", _LISTS, operator.contains, Text("darunter {}", "including {}"),
               "bei Listen: dieser Wert ist dabei", shape="member"),
    Comparator("mindestens", "weniger_als", _GRADED, operator.ge, Text("mindestens {}", "at least {}"),
               "größer oder gleich", ">=", opposite="hoechstens"),
    Comparator("hoechstens", "mehr_als", _GRADED, operator.le, Text("höchstens {}", "at most {}"),
               "kleiner oder gleich", "<=", opposite="mindestens"),
    Comparator("vor", "nicht_vor", _DATED, operator.lt, Text("vor dem {}", "before {}"),
               "an einem früheren Tag", "<", opposite="nach"),
    Comparator("nach", "nicht_nach", _DATED, operator.gt, Text("nach dem {}", "after {}"),
               "an einem späteren Tag", ">", opposite="vor"),
    Comparator("ist_nicht", "ist", _ANY_KIND, operator.ne, Text("nicht {}", "not {}"),
               "nicht gleich; bei Listen: nicht genau diese Werte", "!=",
               as_other=Text("anders als {}", "other than {}")),
    Comparator("nicht_in", "in", _LISTABLE, lambda stated, required: stated not in required,
               Text("weder {}", "neither {}"), "keiner dieser Werte", shape="many"),
    Comparator("enthaelt_nicht", "enthaelt", _LISTS, lambda stated, required: required not in stated,
               Text("ohne {}", "without {}"), "bei Listen: dieser Wert ist nicht dabei", shape="member"),
    Comparator("weniger_als", "mindestens", _GRADED, operator.lt, Text("weniger als {}", "less than {}"),
               "kleiner", "<", opposite="mehr_als"),
    Comparator("mehr_als", "hoechstens", _GRADED, operator.gt, Text("mehr als {}", "more than {}"),
               "größer", ">", opposite="weniger_als"),
    Comparator("nicht_vor", "vor", _DATED, operator.ge, Text("frühestens am {}", "not before {}"),
               "an diesem Tag oder später", ">=", opposite="nicht_nach"),
    Comparator("nicht_nach", "nach", _DATED, operator.le, Text("spätestens am {}", "not after {}"),
               "an diesem Tag oder früher", "<=", opposite="nicht_vor"),
)  # fmt: skip

NOT_BEFORE = "nicht_vor"
"""The comparison with the first day on which something applies."""
COMPARISONS: Mapping[str, Comparator] = {one.name: one for one in _COMPARISONS}
"""Every comparison by the name by which rule files and plans know it."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A computation: its meaning in Python (`run`), what it takes and gives, how it is written and how it reads.

    `takes`: the type of each operand, or of all of them: `alike` (of one type and unit), `amounts` (alike, and
    numbers), `numbers`, or anything. `gives`: its type; none where it is that of its operands. `arity`: how many
    operands; none for a list of them. `key` is how rule files write it; its operands stand in a list, under `keys`
    with their hover texts, or alone, beside what is `fixed`; what `defaults` say need not be written. `fraction`: it
    stands only inside a rounding. `lazy`: it may be known where an operand is not. `over`: it also joins what each
    entry of a list gives; `over_phrase` is how that reads, `count_phrase` how it does where each gives 1, with a place
    for the entries. `partial`: it may be unknown of operands that are known. `python`: how Python writes it where none
    is a fraction, what it calls and what stands between the operands; `builtin`: what it calls for a list of values.
    `symbolic`: the same for columns and terms (see `vwv_im.lang.dates.Calendar`). `feel`: how FEEL writes it, with
    places for the operands or as what stands between them; the functions it may call are those of `publish/dmn`.
    `other` is the operation a change makes of it; `directed`: its operands cannot be swapped without a change. `sign`:
    what stands between the operands where a sum that was done is written down; its phrase where it has none.
    `bound`: the comparison that a fixed last operand is to the other.
    """

    name: str
    run: Callable[..., Any]
    phrase: Text
    hover: str
    takes: Literal["alike", "amounts", "numbers", "any"] | tuple[FactType, ...] = "any"
    gives: FactType | None = None
    arity: int | None = None
    key: str = ""
    keys: Mapping[str, str] = field(default_factory=dict, hash=False)
    fixed: Mapping[str, str] = field(default_factory=dict, hash=False)
    defaults: Mapping[str, str] = field(default_factory=dict, hash=False)
    fraction: bool = False
    lazy: bool = False
    over: str | None = None
    over_phrase: Text | None = None
    count_phrase: Text | None = None
    partial: bool = False
    python: tuple[str, str] | None = None
    builtin: str | None = None
    symbolic: Callable[..., Any] | None = None
    feel: str | None = None
    other: str | None = None
    directed: bool = False
    of_days: Text | None = None
    sign: str = ""
    bound: str = ""

    @property
    def written(self) -> str:
        """The key by which rule files know it."""
        return self.key or self.name

    @property
    def rounds(self) -> bool:
        """Whether it rounds, so that fractions may stand inside."""
        return self.written == "runde"

    @property
    def listed(self) -> bool:
        """Whether its operands stand in a list."""
        return self.arity != 1 and not self.keys


def _period_end(start: Any, months: int) -> Any:
    """Return the end of a period; a period of no month, or beyond all calendars, has none."""
    try:
        return dates.period_end(start, months)
    except (ValueError, OverflowError):
        return None


def _period_end_after(day: Any, months: int) -> Any:
    return _period_end(day + dates.ONE_DAY, months)


def _least(*values: Any) -> Any:
    return min(values)


def _most(*values: Any) -> Any:
    return max(values)


@cache
def table_of(written: str) -> Mapping[str, str]:
    """Return a table that is written `key=value;key=value;`."""
    return dict(entry.split("=", 1) for entry in written.split(";") if entry)


def _entry(text: str, length: int, table: str) -> Any:
    """Return what a table has for the first characters of a text; nothing where it has none."""
    return table_of(table).get(text[:length])


def _known(*values: Any) -> Any:
    return tuple(value for value in values if value is not None)


def _first_known(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _repeated(*values: Any) -> Any:
    counted = Counter(values)
    return next((value for value in values if counted[value] > 1), None)


_START, _END = "Der erste Tag.", "Der letzte Tag; er zählt mit."
_SPAN = {"von": _START, "bis": _END}
_LENGTH = {"monate": "Die Länge in Monaten."}
_HALF_UP = {"art": "kaufmaennisch"}

_OPERATIONS = (
    Operation(
        "summe", numbers.total, Text("die Summe aus", "the sum of"), "Die Summanden.", "amounts",
        over="Worüber summiert wird.", over_phrase=Text("über alle {} zusammengezählt:", "added up over all {}:"),
        count_phrase=Text("die Zahl der {}", "the number of {}"), python=("", " + "), builtin="sum", feel=" + ",
        sign="+",
    ),
    Operation(
        "differenz", numbers.difference, Text("{} abzüglich {}", "{} less {}"), "Wovon, und was abgezogen wird.",
        "amounts", arity=2, python=("", " - "), feel=" - ", directed=True, sign="−",
    ),
    Operation(
        "abstand", numbers.distance, Text("der Abstand zwischen {} und {}", "the distance between {} and {}"),
        "Die zwei Werte, deren Abstand zählt, gleich welcher der größere ist.", "amounts", arity=2,
        python=("abs", " - "), feel="abs(({0}) - ({1}))", other="differenz",
    ),
    Operation(
        "produkt", numbers.product, Text("das Produkt aus", "the product of"), "Die Faktoren.", "numbers", DECIMAL,
        python=("", " * "), feel=" * ", sign="×",
    ),
    Operation(
        "kleinster", _least, Text("der kleinste Wert aus", "the smallest of"), "Die Werte zur Wahl.", "alike",
        python=("min", ", "), builtin="min", other="groesster", bound="hoechstens",
        of_days=Text("der früheste Tag aus", "the earliest day of"), over="Worüber gesucht wird.",
        over_phrase=Text("über alle {} der kleinste oder früheste Wert:", "over all {} the smallest:"),
    ),
    Operation(
        "groesster", _most, Text("der größte Wert aus", "the largest of"), "Die Werte zur Wahl.", "alike",
        python=("max", ", "), builtin="max", other="kleinster", bound="mindestens",
        of_days=Text("der späteste Tag aus", "the latest day of"), over="Worüber gesucht wird.",
        over_phrase=Text("über alle {} der größte oder späteste Wert:", "over all {} the largest:"),
    ),
    Operation(
        "stichtage", _known, Text("die Tage", "the days"), "Die Tage, soweit bekannt.", gives=DAYS_OF_CUTS, arity=0,
        over="Worüber die Tage genommen werden.", over_phrase=Text("von allen {} die Tage:", "of all {} the days:"),
        lazy=True,
    ),
    Operation(
        "mehrfach", _repeated, Text("der Wert, der mehrfach steht, aus", "the value that stands more than once, of"),
        "Die Texte.", gives=TEXT, arity=0, over="Worüber gesucht wird.", partial=True,
    ),
    Operation(
        "erster_bekannter", _first_known, Text("der erste bekannte Wert aus", "the first known value of"),
        "Die Werte in der Reihenfolge, in der sie zählen.", "alike", lazy=True, directed=True,
        of_days=Text("der erste bekannte Tag aus", "the first known day of"),
    ),
    Operation(
        "quotient", numbers.quotient, Text("{} geteilt durch {}", "{} divided by {}"), "Zähler und Nenner.",
        gives=DECIMAL, arity=2, keys={"zaehler": "Der Zähler.", "nenner": "Der Nenner."}, fraction=True,
        partial=True, feel="({0}) / ({1})", sign="/",
    ),
    Operation(
        "zwoelftel", numbers.twelfth, Text("ein Zwölftel von:", "a twelfth of:"), "Der Jahresbetrag.",
        arity=1, fraction=True, feel="({0}) / 12",
    ),
    Operation(
        "runde_euro", numbers.rounded_to_euro,
        Text("kaufmännisch auf ganze Zahlen gerundet:", "rounded half up to whole numbers:"), "Was gerundet wird.",
        arity=1, key="runde", fixed={"auf": "euro", **_HALF_UP}, defaults=_HALF_UP, feel="kaufmaennisch({0}, 0)",
    ),
    Operation(
        "runde_cent", numbers.rounded_to_cent,
        Text("kaufmännisch auf zwei Nachkommastellen gerundet:", "rounded half up to two decimals:"),
        "Was gerundet wird.", arity=1, key="runde", fixed={"auf": "cent", **_HALF_UP}, defaults=_HALF_UP,
        feel="kaufmaennisch({0}, 2)",
    ),
    Operation(
        "aus_liste", _entry,
        Text("was die Liste zum Anfang von {} nennt", "what the list has for the beginning of {}"),
        "Ein Text, wie viele seiner Zeichen zählen, und die Tabelle.", (TEXT, WHOLE, TEXT), TEXT, 3,
        keys={"text": "Der Text.", "zeichen": "Wie viele seiner ersten Zeichen zählen.", "tabelle": "Die Tabelle."},
        partial=True, feel="eintrag({0}, {1}, {2})",
    ),
    Operation(
        "ende_der_frist", _period_end,
        Text("der letzte Tag einer Frist ab {}; ihre Länge in Monaten: {}",
             "the last day of a period from {}; its length in months: {}"),
        "Beginn und Länge.", (DAY, MONTHS), DAY, 2, keys={"ab": "Der erste Tag des Zeitraums.", **_LENGTH},
        symbolic=dates.symbolic_period_end, partial=True, feel="ende_der_frist({0}, {1})", sign="+",
    ),
    Operation(
        "ende_der_frist_nach", _period_end_after,
        Text("der letzte Tag einer Frist nach {}; ihre Länge in Monaten: {}",
             "the last day of a period after {}; its length in months: {}"),
        "Beginn und Länge.", (DAY, MONTHS), DAY, 2, "ende_der_frist", {"nach": "Der Tag vor dem Zeitraum.", **_LENGTH},
        symbolic=lambda of, day, months: dates.symbolic_period_end(of, of.after(day), months), partial=True,
        feel='ende_der_frist({0} + duration("P1D"), {1})',
    ),
    Operation(
        "laufender_monat", dates.running_month,
        Text("die Nummer des Monats, gezählt ab {}, in dem {} liegt",
             "the number of the month, counted from {}, in which {} lies"),
        "Beginn und Tag.", (DAY, DAY), WHOLE, 2, keys={"ab": _START, "am": "Der Tag."},
        symbolic=dates.symbolic_running_month, feel="laufender_monat({0}, {1})",
    ),
    Operation(
        "monate_zwischen", dates.full_months,
        Text("die vollen Monate von {} bis {}, beide Tage eingeschlossen",
             "the full months from {} to {}, both days included"),
        "Erster und letzter Tag.", (DAY, DAY), MONTHS, 2, keys=_SPAN, symbolic=dates.symbolic_full_months,
        feel="volle_monate({0}, {1})",
    ),
    Operation(
        "resttage_zwischen", dates.remaining_days,
        Text("die Tage, die von {} bis {} nach den vollen Monaten bleiben",
             "the days left from {} to {} after the full months"),
        "Erster und letzter Tag.", (DAY, DAY), DAYS, 2, keys=_SPAN, symbolic=dates.symbolic_remaining_days,
        feel="resttage({0}, {1})",
    ),
    Operation(
        "gemeinsame_tage", dates.shared_days,
        Text("die Tage, die der Zeitraum von {} bis {} mit dem von {} bis {} gemeinsam hat",
             "the days that the period from {} to {} shares with the one from {} to {}"),
        "Zwei Zeiträume.", (DAY, DAY, DAY, DAY), DAYS, 4,
        keys={**_SPAN, "mit_von": "Der erste Tag des anderen.", "mit_bis": "Der letzte Tag des anderen."},
        symbolic=dates.symbolic_shared_days, feel="gemeinsame_tage({0}, {1}, {2}, {3})",
    ),
    Operation(
        "gemeinsame_monatsteile", dates.shared_month_parts,
        Text("die Monate des Zeitraums von {} bis {}, angebrochene nach Tagen, die in den von {} bis {} fallen, "
             "in 377.580steln",
             "the months of the period from {} to {}, parts by days, that fall into the one from {} to {}, "
             "in 377,580ths"),
        "Ein Zeitraum, dessen Monate von seinem ersten Tag an zählen, und der, in den sie fallen.",
        (DAY, DAY, DAY, DAY), WHOLE, 4,
        keys={**_SPAN, "mit_von": "Der erste Tag des anderen.", "mit_bis": "Der letzte Tag des anderen."},
        symbolic=dates.symbolic_shared_month_parts, feel="gemeinsame_monatsteile({0}, {1}, {2}, {3})",
    ),
    Operation(
        "vortag", dates.day_before, Text("der Tag vor {}", "the day before {}"), "Der Tag danach.", (DAY,), DAY, 1,
        symbolic=lambda of, day: of.before(day), partial=True, feel='({0} - duration("P1D"))', other="folgetag",
    ),
    Operation(
        "folgetag", dates.day_after, Text("der Tag nach {}", "the day after {}"), "Der Tag davor.", (DAY,), DAY, 1,
        symbolic=lambda of, day: of.after(day), partial=True, feel='({0} + duration("P1D"))', other="vortag",
    ),
    Operation(
        "jahresanfang", dates.first_of_january,
        Text("der 1. Januar des Jahres von {}", "1 January of the year of {}"), "Ein Tag des Jahres.",
        (DAY,), DAY, 1, symbolic=dates.symbolic_first_of_january, feel="jahresanfang({0})",
    ),
    Operation(
        "jahreszahl", operator.attrgetter("year"), Text("das Jahr von {}", "the year of {}"), "Ein Tag des Jahres.",
        (DAY,), WHOLE, 1, feel="{0}.year",
    ),
    Operation(
        "werktag", dates.working_day,
        Text("{}, an einem Samstag, Sonntag oder Feiertag der nächste Werktag",
             "{}, on a Saturday, Sunday or holiday the next working day"),
        "Ein Tag, und das Land, dessen Feiertage zählen.", (DAY, TEXT), DAY, 2,
        keys={"am": "Der Tag.", "land": "Das Land als Kürzel nach ISO 3166-2:DE."}, partial=True,
    ),
)  # fmt: skip

OPERATIONS: Mapping[str, Operation] = {one.name: one for one in _OPERATIONS}
"""Every operation by the name by which plans know it."""


def _grouped(operations: Iterable[Operation]) -> Mapping[str, tuple[Operation, ...]]:
    found: dict[str, tuple[Operation, ...]] = {}
    for one in operations:
        found[one.written] = (*found.get(one.written, ()), one)
    return found


WRITTEN: Mapping[str, tuple[Operation, ...]] = _grouped(one for one in _OPERATIONS if one.arity != 0)
"""The same by the key by which rule files know them: one that has several ways to be written has several entries.

Without those that only join what the entries of a list give.
"""
OVER: Mapping[str, Operation] = {f"{one.name}_ueber": one for one in _OPERATIONS if one.over is not None}
"""The operations over the entries of a list, by the key by which rule files know them."""
