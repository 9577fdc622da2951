"""From what a rule file writes to nodes, and back; every fault of form at once, each with its place and what helps.

Names are not looked up here, and values are kept as they are written (see `vwv_im.reasoning.plan`). A negation is
pushed down to the comparisons.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from vwv_im.lang.fold import Fold
from vwv_im.lang.nodes import READING, Atom, Compute, Condition, Constant, Every, Expression, Over, Read, Some
from vwv_im.lang.numbers import MOST_PLACES, is_measurable
from vwv_im.lang.table import COMPARISONS, OVER, WRITTEN, Operation
from vwv_im.text import Path_, Text, as_written, did_you_mean, sentence

COMPOUNDS: Mapping[str, type[Every | Some]] = {"alle": Every, "eine": Some}
CONDITION_FORMS = (*COMPOUNDS, "nicht", "auslegung", "fakt")
OPERAND_FORMS = ("parameter", "fakt")
EXPRESSION_FORMS = (*OPERAND_FORMS, *WRITTEN, *OVER)
FACT = r"^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+$"
NAME = r"^[a-z][a-z0-9_]*$"


class FormFault(NamedTuple):
    """A fault of form: its code, where it is within what was parsed, what is wrong, and what helps.

    `at_key`: it concerns the key at the end of the path, not what stands under it.
    """

    code: str
    path: Path_
    message: Text
    hint: Text | None = None
    at_key: bool = False


class FormError(ValueError):
    """What is no condition or computation; `faults` lists all that is wrong with it."""

    def __init__(self, faults: list[FormFault]) -> None:
        super().__init__(faults[0].message.en)
        self.faults = faults


def parse_condition(raw: Any) -> Condition:
    """Return the condition that a rule file writes; raises `FormError`.

    >>> parse_condition({"nicht": {"fakt": "zimmer.hoehe_cm", "mindestens": 1}})
    Atom(fact='zimmer.hoehe_cm', operator='weniger_als', operand=Constant(value=1, parameter=None))
    """
    parser = _Parser()
    condition: Condition = parser.condition(raw, (), negated=False)
    parser.finish()
    return condition


def parse_expression(raw: Any) -> Expression:
    """Return the computation that a rule file writes; raises `FormError`.

    >>> parse_expression({"zwoelftel": {"fakt": "zimmer.hoehe_cm"}})
    Compute(operation='zwoelftel', operands=(Read(fact='zimmer.hoehe_cm'),))
    """
    parser = _Parser()
    expression: Expression = parser.expression(raw, ())
    parser.finish()
    return expression


_MISPLACED = ("formel", "angabe")
"""Words that have a meaning only elsewhere."""
_NONE: Any = Constant(None)
"""What stands for a part that is faulty."""


class _Parser:
    def __init__(self) -> None:
        self.faults: list[FormFault] = []

    def finish(self) -> None:
        if self.faults:
            raise FormError(self.faults)

    def condition(self, raw: Any, at: Path_, *, negated: bool) -> Any:
        match self._form(raw, at, CONDITION_FORMS):
            case "alle" | "eine" as key:
                self._only(raw, at, (key,))
                listed = self._list(raw[key], (*at, key))
                parts = tuple(self.condition(part, (*at, key, n), negated=negated) for n, part in enumerate(listed))
                joined = COMPOUNDS[key] is Every
                return parts[0] if len(parts) == 1 else (Every if joined is not negated else Some)(parts)
            case "nicht":
                self._only(raw, at, ("nicht",))
                return self.condition(raw["nicht"], (*at, "nicht"), negated=not negated)
            case "auslegung":
                return self._reading(raw, at, negated)
            case "fakt":
                return self._atom(raw, at, negated)
        return _NONE

    def _reading(self, raw: Mapping[str, Any], at: Path_, negated: bool) -> Any:
        self._only(raw, at, ("auslegung", "ist"))
        name, option = (self._matching(raw, key, at, NAME) for key in ("auslegung", "ist"))
        operator = COMPARISONS["ist"].negated if negated else "ist"
        return Atom(f"{READING}{name}", operator, Constant(option, at=(*at, "ist")), at, "ist")

    def _atom(self, raw: Mapping[str, Any], at: Path_, negated: bool) -> Any:
        sound = self._only(raw, at, ("fakt", *COMPARISONS))
        fact, given = self._matching(raw, "fakt", at, FACT), [name for name in COMPARISONS if name in raw]
        if len(given) != 1:
            names = ", ".join(COMPARISONS)
            if sound:
                self._wrong(at, f"genau eines von {names}", f"exactly one of {names}", raw)
            return _NONE
        how = COMPARISONS[given[0]]
        operand = self._operand(raw[how.name], (*at, how.name), many=how.shape == "many", listable=how.of_lists)
        return Atom(fact, how.negated if negated else how.name, operand, at, how.name)

    def _operand(self, raw: Any, at: Path_, *, many: bool, listable: bool) -> Any:
        if many or (listable and isinstance(raw, list)):
            forms = ("parameter",)
            return tuple(self._simple(part, (*at, n), forms) for n, part in enumerate(self._list(raw, at, many=many)))
        return self._simple(raw, at, OPERAND_FORMS)

    def _simple(self, raw: Any, at: Path_, forms: tuple[str, ...]) -> Any:
        """Return a fixed value, a parameter or (where it may be one) a fact."""
        return self._named(raw, at, forms) if isinstance(raw, dict) else self._scalar(raw, at)

    def _named(self, raw: Mapping[str, Any], at: Path_, forms: tuple[str, ...]) -> Any:
        match self._form(raw, at, forms, OPERAND_FORMS):
            case "parameter":
                self._only(raw, at, ("parameter",))
                return Constant(None, self._matching(raw, "parameter", at, NAME), at)
            case "fakt":
                self._only(raw, at, ("fakt",))
                return Read(self._matching(raw, "fakt", at, FACT), at)
        return _NONE

    def _scalar(self, raw: Any, at: Path_) -> Constant:
        if not isinstance(raw, bool | int | Decimal | str):
            self._wrong(at, "erwartet ist ein Wert", "a value is expected", raw)
        elif not isinstance(raw, bool | str) and not is_measurable(raw):
            most = MOST_PLACES
            self._wrong(at, f"höchstens {most} Stellen vor und nach dem Punkt", f"at most {most} digits", raw)
        return Constant(raw, at=at)

    def expression(self, raw: Any, at: Path_) -> Any:
        if not isinstance(raw, dict):
            return self._scalar(raw, at)
        form = self._form(raw, at, EXPRESSION_FORMS)
        if form is None or form in OPERAND_FORMS:
            return self._named(raw, at, OPERAND_FORMS) if form else _NONE
        if form in OVER:
            self._only(raw, at, (form, "wert", "wo", "leer"), needed=("wert",))
            over = self._matching(raw, form, at, NAME)
            where = self.condition(raw["wo"], (*at, "wo"), negated=False) if "wo" in raw else None
            empty = self.expression(raw["leer"], (*at, "leer")) if "leer" in raw else None
            return Over(OVER[form].name, over, self.expression(raw.get("wert", 0), (*at, "wert")), where, empty, at)
        return self._computation(form, raw, at)

    def _computation(self, form: str, raw: Mapping[str, Any], at: Path_) -> Any:
        ways = WRITTEN[form]
        keys = tuple(ways[0].fixed)
        self._only(raw, at, (form, *keys), needed=(key for key in keys if key not in ways[0].defaults))
        one = self._way(form, ways, raw, at)
        if one is None:
            return _NONE
        inner = (*at, form)
        if one.keys:
            parts = [(raw[form].get(key, 0), (*inner, key)) for key in one.keys]
        elif one.listed:
            parts = [(part, (*inner, n)) for n, part in enumerate(self._list(raw[form], inner, length=one.arity))]
        else:
            parts = [(raw[form], inner)]
        return Compute(one.name, tuple(self.expression(part, where) for part, where in parts), at)

    def _way(self, form: str, ways: tuple[Operation, ...], raw: Mapping[str, Any], at: Path_) -> Operation | None:
        """Return the operation that a form means: by the keys below it, or by what stands beside it."""
        if ways[0].keys:
            return self._keyed(ways, raw[form], (*at, form))
        for key in ways[0].fixed:
            options = tuple(dict.fromkeys(way.fixed[key] for way in ways))
            if key in raw and raw[key] not in options:
                self._no_option(raw[key], (*at, key), options)
        given = {**ways[0].defaults, **raw}
        return next((way for way in ways if all(given.get(key) == value for key, value in way.fixed.items())), None)

    def _keyed(self, ways: tuple[Operation, ...], raw: Any, at: Path_) -> Operation | None:
        if not isinstance(raw, dict):
            self._wrong(at, "erwartet sind Schlüssel mit Werten", "keys with values are expected", raw)
            return None
        every = tuple(dict.fromkeys(key for way in ways for key in way.keys))
        common = tuple(key for key in every if all(key in way.keys for way in ways))
        sound = self._only(raw, at, every, needed=common)
        fitting = [way for way in ways if all(key in raw for key in way.keys if key not in common)]
        if len(fitting) == 1:
            return fitting[0] if sound else None
        if sound:
            either = ", ".join(key for key in every if key not in common)
            self._wrong(at, f"genau eines von {either}", f"exactly one of {either}", raw)
        return None

    def _form(self, raw: Any, at: Path_, forms: tuple[str, ...], told: tuple[str, ...] | None = None) -> str | None:
        """Return the key that names the form of a mapping."""
        found = next((key for key in forms if key in raw), None) if isinstance(raw, dict) else None
        if found is None:
            listed = ", ".join(told or forms)
            message = Text(f"unbekannte Form; möglich sind {listed}.", f"unknown form; possible are {listed}.")
            words = raw if isinstance(raw, dict) else ()
            known = told or forms
            hints = (sentence(f"forms.{w}") if w in _MISPLACED else did_you_mean(str(w), known) for w in words)
            self.faults.append(FormFault("VIM015", at, message, next((hint for hint in hints if hint), None)))
        return found

    def _only(self, raw: Mapping[str, Any], at: Path_, known: Iterable[str], needed: Iterable[str] = ()) -> bool:
        """Report keys that are not known, and those that are missing; return whether there are none."""
        before = len(self.faults)
        known = tuple(known)
        for key in raw:
            if key not in known:
                message = Text(f"unbekannter Schlüssel '{key}'.", f"unknown key '{key}'.")
                self.faults.append(FormFault("VIM011", (*at, key), message, did_you_mean(str(key), known), at_key=True))
        for key in needed:
            if key not in raw:
                message = Text(f"'{key}' fehlt.", f"'{key}' is missing.")
                self.faults.append(FormFault("VIM010", at, message))
        return len(self.faults) == before

    def _list(self, raw: Any, at: Path_, *, many: bool = True, length: int | None = None) -> list[Any]:
        if not isinstance(raw, list):
            self._wrong(at, "erwartet ist eine Liste", "a list is expected", raw)
            return []
        if (many and not raw) or (length is not None and len(raw) != length):
            size = "lang" if length is not None and len(raw) > length else "kurz"
            self._wrong(at, f"die Liste ist zu {size}", f"the list is too {'long' if size == 'lang' else 'short'}", raw)
            return []
        return raw

    def _matching(self, raw: Mapping[str, Any], key: str, at: Path_, pattern: str) -> str:
        """Return the name under a key."""
        value = raw.get(key)
        if key not in raw:
            self.faults.append(FormFault("VIM010", at, Text(f"'{key}' fehlt.", f"'{key}' is missing.")))
        elif not isinstance(value, str):
            self._wrong((*at, key), "erwartet ist Text", "text is expected", value)
        elif not re.match(pattern, value):
            self._wrong((*at, key), "die Schreibweise ist nicht erlaubt", "it may not be written like this", value)
        return str(value)

    def _no_option(self, given: Any, at: Path_, options: tuple[str, ...]) -> None:
        listed = ", ".join(options)
        self._wrong(at, f"möglich sind {listed}", f"possible are {listed}", given, did_you_mean(str(given), options))

    def _wrong(self, at: Path_, de: str, en: str, given: Any, hint: Text | None = None) -> None:
        shown = as_written(given)
        message = Text(f"falsche Form: {de} (gegeben: {shown}).", f"wrong form: {en} (given: {shown}).")
        self.faults.append(FormFault("VIM015", at, message, hint))


Raw = Any
"""What stands in a rule file: mappings, lists and values."""


class Writer(Fold[Raw, Raw, None]):
    """Writes parsed nodes as a rule file does.

    >>> WRITER.condition(parse_condition({"nicht": {"fakt": "zimmer.hoehe_cm", "mindestens": 1}}), None)
    {'nicht': {'fakt': 'zimmer.hoehe_cm', 'mindestens': 1}}
    """

    def joined(self, node: Every | Some, parts: Iterator[Raw], here: None) -> Raw:
        """Write a conjunction or disjunction."""
        return {node.operator: list(parts)}

    def atom(self, node: Atom, here: None) -> Raw:
        """Write a comparison; a denied one as the negation that the file has."""
        operand = node.operand
        if node.fact.startswith(READING) and isinstance(operand, Constant):
            raw: Raw = {"auslegung": node.fact.removeprefix(READING), "ist": operand.value}
        else:
            parts = [self.expression(part, None) for part in node.operands]
            raw = {"fakt": node.fact, node.written: parts if isinstance(operand, tuple) else parts[0]}
        return raw if node.operator == node.written else {"nicht": raw}

    def constant(self, node: Constant, here: None) -> Raw:
        """Write a value, or the parameter it comes from."""
        return node.value if node.parameter is None else {"parameter": node.parameter}

    def read(self, node: Read, here: None) -> Raw:
        """Write which fact is read."""
        return {"fakt": node.fact}

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Raw], here: None) -> Raw:
        """Write an operation."""
        parts = list(operands)
        if operation.keys:
            return {operation.written: dict(zip(operation.keys, parts, strict=True))}
        return {operation.written: parts if operation.listed else parts[0], **operation.fixed}

    def over(self, node: Over, here: None) -> Raw:
        """Write an operation over the entries of a list."""
        raw = {f"{node.operation}_ueber": node.scope, "wert": self.expression(node.value, None)}
        if node.where is not None:
            raw["wo"] = self.condition(node.where, None)
        return raw if node.empty is None else {**raw, "leer": self.expression(node.empty, None)}


WRITER = Writer()
