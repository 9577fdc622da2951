"""The languages: the expressions of zen-engine, JsonLogic, CLIPS and Python."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal

from benchmarks.dialects import Dialect, Written, number
from benchmarks.flat import Flat

from vwv_im.lang.types import FactType
from vwv_im.publish.dmn.feel import variable

Extreme = Literal["min", "max"]

WORDS = {None: "null", True: "true", False: "false"}


class Infix(Dialect):
    """A language that writes the sign between its operands."""

    def compared(self, sign: str, left: Any, right: Any) -> str:
        return f"({left} {sign} {right})"

    def infix(self, sign: str, parts: Sequence[Any]) -> str:
        return f"({f' {sign} '.join(parts)})"


class Zen(Infix):
    """zen-engine's expression language."""

    def name(self, path: str) -> str:
        return path

    def value(self, value: Any) -> str:
        return f"'{value}'" if isinstance(value, str) else json.dumps(number(value))

    def lacks(self, fact: Any) -> str:
        return f"{fact} == null"

    def one_of(self, fact: Any, values: Sequence[Any]) -> str:
        return f"{fact} in [{', '.join(map(self.value, values))}]"

    def holds(self, fact: Any, word: str, kind: FactType) -> str:
        return f"contains({fact}, '{word}')"

    def just(self, fact: Any, words: Sequence[str], kind: FactType) -> str:
        return " and ".join([f"len({fact}) == {len(words)}", *(self.holds(fact, word, kind) for word in words)])

    def choose(self, test: Any, yes: Any, no: Any) -> str:
        return f"({test} ? {yes} : {no})"

    def extreme(self, name: Extreme, parts: Sequence[Any]) -> str:
        return f"{name}([{', '.join(parts)}])"

    def whole(self, value: Any) -> str:
        return f"floor({value})"


class JsonLogic(Dialect):
    """JsonLogic: rules are JSON."""

    def name(self, path: str) -> Any:
        return {"var": path}

    def value(self, value: Any) -> Any:
        return number(value)

    def lacks(self, fact: Any) -> Any:
        return {"===": [fact, None]}

    def compared(self, sign: str, left: Any, right: Any) -> Any:
        return {"===" if sign == "==" else sign: [left, right]}

    def one_of(self, fact: Any, values: Sequence[Any]) -> Any:
        return {"in": [fact, list(values)]}

    def holds(self, fact: Any, word: str, kind: FactType) -> Any:
        return {"in": [word, fact]}

    def just(self, fact: Any, words: Sequence[str], kind: FactType) -> Any:
        inside = {"all": [fact, {"in": [{"var": ""}, list(words)]}]}
        return {"and": [inside, *(self.holds(fact, word, kind) for word in words)]}

    def choose(self, test: Any, yes: Any, no: Any) -> Any:
        return {"if": [test, yes, no]}

    def extreme(self, name: Extreme, parts: Sequence[Any]) -> Any:
        return {name: list(parts)}

    def infix(self, sign: str, parts: Sequence[Any]) -> Any:
        return {sign: list(parts)}

    def whole(self, value: Any) -> Any:
        return {"-": [value, {"%": [value, 1]}]}


class Clips(Dialect):
    """CLIPS: functions before their arguments; facts are variables that the left side of a rule binds."""

    def name(self, path: str) -> str:
        return f"?{variable(path)}" if not self.is_list(path) else f"$?{variable(path)}"

    def is_list(self, path: str) -> bool:
        """Whether a fact is a list."""
        return self.flat.types[path].kind == "auswahlliste"

    def value(self, value: Any) -> str:
        if value is None or isinstance(value, bool):
            return WORDS[value]
        return f'"{value}"' if isinstance(value, str) else str(number(value))

    def lacks(self, fact: Any) -> str:
        return f"(eq {fact} {'(create$ null)' if fact.startswith('$') else 'null'})"

    def compared(self, sign: str, left: Any, right: Any) -> str:
        same = "eq" if right in WORDS.values() or right.startswith('"') else "="
        return f"({same if sign == '==' else sign} {left} {right})"

    def one_of(self, fact: Any, values: Sequence[Any]) -> str:
        return f"(or {' '.join(f'(eq {fact} {self.value(value)})' for value in values)} FALSE)"

    def holds(self, fact: Any, word: str, kind: FactType) -> str:
        return f"(neq (member$ {self.value(word)} {fact}) FALSE)"

    def just(self, fact: Any, words: Sequence[str], kind: FactType) -> str:
        inside = " ".join(self.holds(fact, word, kind) for word in words)
        return f"(and (= (length$ {fact}) {len(words)}) {inside})"

    def choose(self, test: Any, yes: Any, no: Any) -> str:
        return f"(if {test} then {yes} else {no})"

    def extreme(self, name: Extreme, parts: Sequence[Any]) -> str:
        return f"({name} {' '.join(parts)})" if len(parts) > 1 else parts[0]

    def infix(self, sign: str, parts: Sequence[Any]) -> str:
        return f"({sign} {' '.join(parts)})"

    def whole(self, value: Any) -> str:
        return f"(div {value} 1)"


class Rego(Infix):
    """Rego: a choice is a rule with an `else`, since it has no other; the same choice is written once."""

    def __init__(self, flat: Flat) -> None:
        super().__init__(flat)
        self.choices: dict[str, str] = {}

    def module(self) -> str:
        """Write the policy: a rule for each derived fact and requirement, and the verdict."""
        rules = [f"{variable(path)} := {self.derived(path)}" for path in self.flat.derived]
        rules += [f"{variable(one.id)} := {self.requirement(one)}" for one in self.flat.requirements]
        verdict = self.extreme("min", [variable(one.id) for one in self.flat.folded])
        choices = [f"{name} := {choice}" for choice, name in self.choices.items()]
        return "\n".join(["package law", "import rego.v1", *choices, *rules, f"verdict := {verdict}", ""])

    def name(self, path: str) -> str:
        return variable(path) if path in self.flat.derived else f"input.{path}"

    def value(self, value: Any) -> str:
        return json.dumps(number(value))

    def lacks(self, fact: Any) -> str:
        return f"{fact} == null"

    def one_of(self, fact: Any, values: Sequence[Any]) -> str:
        return f"{fact} in {{{', '.join(map(self.value, values))}}}"

    def holds(self, fact: Any, word: str, kind: FactType) -> str:
        return f"{self.value(word)} in {fact}"

    def just(self, fact: Any, words: Sequence[str], kind: FactType) -> str:
        return f"{{word | some word in {fact}}} == {{{', '.join(map(self.value, words))}}}"

    def choose(self, test: Any, yes: Any, no: Any) -> str:
        choice = f"{yes} if {{ {test} }} else := {no}"
        return self.choices.setdefault(choice, f"choice_{len(self.choices)}")

    def extreme(self, name: Extreme, parts: Sequence[Any]) -> str:
        return f"{name}([{', '.join(parts)}])"

    def whole(self, value: Any) -> str:
        return f"floor({value})"


class Python(Infix):
    """Python, as a person would write it; derived facts are local variables."""

    def name(self, path: str) -> str:
        return variable(path) if path in self.flat.derived else f"self.{variable(path)}"

    def value(self, value: Any) -> str:
        return repr(number(value))

    def lacks(self, fact: Any) -> str:
        return f"{fact} is None"

    def compared(self, sign: str, left: Any, right: Any) -> str:
        return super().compared("is" if right in ("True", "False") else sign, left, right)

    def one_of(self, fact: Any, values: Sequence[Any]) -> str:
        return f"{fact} in ({', '.join(map(repr, values))},)"

    def holds(self, fact: Any, word: str, kind: FactType) -> str:
        return f"{word!r} in {fact}"

    def just(self, fact: Any, words: Sequence[str], kind: FactType) -> str:
        return f"set({fact}) == {{{', '.join(map(repr, words))}}}"

    def choose(self, test: Any, yes: Any, no: Any) -> str:
        return f"({yes} if {test} else {no})"

    def extreme(self, name: Extreme, parts: Sequence[Any]) -> str:
        return f"{name}({', '.join(parts)})" if len(parts) > 1 else parts[0]

    def whole(self, value: Any) -> str:
        return f"int({value})"


class Numpy(Infix):
    """numpy, for OpenFisca: words are codes, and what is not known is -1, or nan for a number, or no day."""

    def __init__(self, flat: Any) -> None:
        super().__init__(flat)
        words = {word for kind in flat.types.values() for word in kind.values}
        self.codes = {word: code for code, word in enumerate(sorted(words))}
        self.null = "nan"

    def derived(self, path: str) -> str:
        self.null = "no_day" if self.types[path].kind == "datum" else "nan"
        text: str = super().derived(path)
        return text

    def name(self, path: str) -> str:
        return variable(path)

    def value(self, value: Any) -> str:
        match value:
            case None:
                return self.null
            case bool():
                return str(int(value))
            case str():
                return str(self.codes[value])
            case date():
                return f"day('{value.isoformat()}')"
        return repr(number(value))

    def lacks(self, fact: Any) -> str:
        return f"unknown({fact})"

    def one_of(self, fact: Any, values: Sequence[Any]) -> str:
        codes = [self.codes.get(value, value) for value in values]  # words are codes, numbers stay
        return f"among({fact}, [{', '.join(map(str, codes))}])" if len(codes) > 1 else f"({fact} == {codes[0]})"

    def holds(self, fact: Any, word: str, kind: FactType) -> str:
        return f"(({fact} & {self.bits(kind, [word])}) != 0)"

    def just(self, fact: Any, words: Sequence[str], kind: FactType) -> str:
        return f"({fact} == {self.bits(kind, words)})"

    def bits(self, kind: FactType, words: Sequence[str]) -> int:
        """Return a list of words as a number with a bit for each."""
        return sum(1 << kind.values.index(word) for word in words)

    def choose(self, test: Any, yes: Any, no: Any) -> str:
        return f"where({test}, {yes}, {no})"

    def extreme(self, name: Extreme, parts: Sequence[Any]) -> str:
        if len(parts) == 1:
            return f"{parts[0]}"
        half = len(parts) // 2  # Python reads some hundred brackets within one another, no more
        return f"{name}imum({self.extreme(name, parts[:half])}, {self.extreme(name, parts[half:])})"

    def whole(self, value: Any) -> str:
        return f"floor({value})"

    def guarded(self, text: Any, parts: Iterator[Written], otherwise: int | None) -> Any:
        # nan and "no day" remain what they are in every computation
        return text if otherwise is None else super().guarded(text, parts, otherwise)

    def call(self, operation: str, parts: Sequence[Any]) -> str:
        return f"{operation}({', '.join(parts)})"
