"""The other engines, each deciding the flat rules; an engine that is not installed, or decides otherwise, says so."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Literal

from benchmarks.dialects import NO, OPEN, VERDICTS, YES, number
from benchmarks.flat import Flat
from benchmarks.languages import WORDS, Clips, JsonLogic, Python, Rego, Zen
from benchmarks.single_cases import Entry

from vwv_im.law.regulation import regulation
from vwv_im.publish.dmn.feel import variable


class Rival(ABC):
    """Another engine. `decide` gives the verdict of a case that `prepared` has put into the form it reads."""

    name: ClassVar[str]
    package: ClassVar[str]
    about: ClassVar[str]

    def __init__(self, flat: Flat) -> None:
        self.flat = flat

    def fresh(self) -> None:  # noqa: B027 - most engines keep nothing between decisions
        """Begin anew, before each round; not timed."""

    def prepared(self, entry: Entry) -> Any:
        """Return a case in the form the engine reads; not timed."""
        return nested(numbered(entry, self.flat))

    @abstractmethod
    def decide(self, prepared: Any) -> str:
        """Return the verdict."""


def stated(entry: Entry, flat: Flat) -> dict[str, Any]:
    """Return the facts that are read, by their paths; what is not stated is None.

    A published frame counts before the persons, as in the rules.
    """
    antrag = entry.raw["antrag"]
    (stelle,) = antrag["stellen"]
    parts: dict[str, Mapping[str, Any]] = {
        "antrag": antrag,
        "antrag.antragsteller": antrag["antragsteller"],
        "stelle": stelle,
        "entscheidung": {"tag": entry.on.isoformat()},
    }
    found = {}
    for path in flat.stated:
        holder, _, name = path.rpartition(".")
        found[path] = parts[holder].get(name)
    return found


def numbered(entry: Entry, flat: Flat) -> dict[str, Any]:
    """Return the same with each day as a number."""
    return {
        path: number(date.fromisoformat(value)) if value and flat.types[path].kind == "datum" else value
        for path, value in stated(entry, flat).items()
    }


def nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts by path as nested dicts."""
    tree: dict[str, Any] = {}
    for path, value in facts.items():
        *parents, last = path.split(".")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[last] = value
    return tree


class ZenExpression(Rival):
    """All requirements in one compiled expression; the smallest is the verdict."""

    name = "zen-engine, one compiled expression"
    package = "zen-engine"
    about = "the verdict; no reasons, no trace"

    def __init__(self, flat: Flat) -> None:
        super().__init__(flat)
        import zen

        self.expression = zen.compile_expression(Zen(flat, inline=True).verdict())

    def decide(self, prepared: Any) -> str:
        return VERDICTS[int(self.expression.evaluate(prepared))]


class PythonJsonLogic(Rival):
    """The same in JsonLogic, interpreted by Python."""

    name = "json-logic (panzi-json-logic)"
    package = "panzi-json-logic"
    about = "the verdict; no reasons; interpreted by Python"

    def __init__(self, flat: Flat) -> None:
        super().__init__(flat)
        from json_logic import jsonLogic

        self.apply, self.rule = jsonLogic, JsonLogic(flat, inline=True).verdict()

    def decide(self, prepared: Any) -> str:
        return VERDICTS[int(self.apply(self.rule, prepared))]


class NativeJsonLogic(Rival):
    """The same in JsonLogic, compiled by an engine written in Rust."""

    name = "json-logic (datalogic-py)"
    package = "datalogic-py"
    about = "the verdict; no reasons; a compiled rule in Rust"

    def __init__(self, flat: Flat) -> None:
        super().__init__(flat)
        from datalogic_py import Engine

        self.rule = Engine().compile(json.dumps(JsonLogic(flat, inline=True).verdict()))

    def decide(self, prepared: Any) -> str:
        return VERDICTS[int(self.rule.evaluate(prepared))]


class ClipsRules(Rival):
    """A rule for each derived fact and requirement; CLIPS chains them, and a global holds the weakest finding.

    Each fact that passes through clipspy makes all later ones slower: so the verdict is read off the global, not off
    the findings, and each round has a new environment.
    """

    name = "CLIPS (clipspy)"
    package = "clipspy"
    about = "the verdict; every requirement's finding stands there as a fact"

    def __init__(self, flat: Flat) -> None:
        super().__init__(flat)
        import clips

        class Environment(clips.Environment):  # type: ignore[misc]
            def __del__(self) -> None:
                """Leave it: destroying it prints that CLIPS still holds some bytes."""

        self.symbols = {word: clips.Symbol(word) for word in WORDS.values()}
        self.environment, self.program = Environment, list(clips_program(flat))
        self.fresh()

    def fresh(self) -> None:
        self.engine = self.environment()
        for construct in self.program:
            self.engine.build(construct)
        self.template = self.engine.find_template("case")
        self.verdict = self.engine.find_global("verdict")

    def prepared(self, entry: Entry) -> Any:
        return {variable(path): self._slot(path, value) for path, value in numbered(entry, self.flat).items()}

    def _slot(self, path: str, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            value = self.symbols[WORDS[value]]
        is_list = self.flat.types[path].kind == "auswahlliste"
        return [value] if is_list and not isinstance(value, list) else value

    def decide(self, prepared: Any) -> str:
        engine = self.engine
        engine.reset()
        self.template.assert_fact(**prepared)
        engine.run()
        return VERDICTS[int(self.verdict.value)]


def clips_program(flat: Flat) -> Iterator[str]:
    """Yield the constructs: templates, and a rule for each derived fact and requirement."""
    kinds = {path: "multislot" if flat.types[path].kind == "auswahlliste" else "slot" for path in flat.stated}
    yield f"(deftemplate case {' '.join(f'({kind} {variable(path)})' for path, kind in kinds.items())})"
    yield "(deftemplate derived (slot name) (slot value))"
    yield "(deftemplate finding (slot rule) (slot value))"
    yield f"(defglobal ?*verdict* = {YES})"
    for path in flat.derived:
        language = Clips(flat)
        text = language.derived(path)
        yield _rule(language, f"derive-{variable(path)}", f"(assert (derived (name {variable(path)}) (value {text})))")
    for one in flat.requirements:
        language = Clips(flat)
        text = language.requirement(one)
        finding = f"(assert (finding (rule {one.id}) (value ?value)))"
        weakest = "(bind ?*verdict* (min ?*verdict* ?value))"
        yield _rule(language, f"require-{one.id}", f"(bind ?value {text}) {weakest} {finding}")


def _rule(language: Clips, name: str, conclusion: str) -> str:
    stated_facts = [path for path in language.read_here if path not in language.flat.derived]
    slots = " ".join(f"({variable(path)} {language.name(path)})" for path in stated_facts)
    derived = [
        f"(derived (name {variable(p)}) (value ?{variable(p)}))"
        for p in language.read_here
        if p in language.flat.derived
    ]
    return f"(defrule {name} (case {slots}) {' '.join(derived)} => {conclusion})"


class RegoPolicy(Rival):
    """A rule for each derived fact and requirement, compiled to a bundle, which the interpreter runs."""

    name = "Rego (regopy)"
    package = "regopy"
    about = "the verdict; no reasons; a compiled policy, interpreted in C++"
    _ASKED: ClassVar[str] = "law/verdict"

    def __init__(self, flat: Flat) -> None:
        super().__init__(flat)
        from regopy import Input, Interpreter

        self.input, self.interpreter = Input, Interpreter()
        self.interpreter.add_module("law.rego", Rego(flat).module())
        self.bundle = self.interpreter.build(None, [self._ASKED])

    def prepared(self, entry: Entry) -> Any:
        return self.input(super().prepared(entry))

    def decide(self, prepared: Any) -> str:
        self.interpreter.set_input(prepared)
        (found,) = self.interpreter.query_bundle_entrypoint(self.bundle, self._ASKED).results[0].expressions
        return VERDICTS[int(found)]


class PlainPydantic(Rival):
    """A pydantic model of the facts read, with one validator that checks every requirement."""

    name = "pydantic validation"
    package = "pydantic"
    about = "types and all requirements checked; what fails is listed in the error; from a flat dict"

    def __init__(self, flat: Flat) -> None:
        super().__init__(flat)
        from pydantic import ValidationError

        self.fault = ValidationError
        self.model = pydantic_model(flat)

    def prepared(self, entry: Entry) -> Any:
        return {variable(path): value for path, value in numbered(entry, self.flat).items()}

    def decide(self, prepared: Any) -> str:
        try:
            found = self.model.model_validate(prepared)
        except self.fault:
            return VERDICTS[NO]
        return VERDICTS[OPEN if found.open else -1]


def pydantic_model(flat: Flat) -> Any:
    """Return the model; its validator is Python made from the rules."""
    from pydantic import BaseModel, PrivateAttr, create_model, model_validator
    from pydantic_core import PydanticCustomError

    language = Python(flat, inline=False)
    lines = [f"    {variable(path)} = {language.derived(path)}" for path in flat.derived]
    findings = [f"{one.id!r}: {language.requirement(one)}" for one in flat.requirements]
    source = "\n".join(["def findings(self):", *lines, f"    return {{{', '.join(findings)}}}"])
    scope: dict[str, Any] = {}
    exec(source, scope)

    class Checked(BaseModel):
        _open: list[str] = PrivateAttr(default_factory=list)

        @property
        def open(self) -> list[str]:
            return self._open

        @model_validator(mode="after")
        def _check(self) -> Checked:
            found = scope["findings"](self)
            if failed := [rule for rule, value in found.items() if value == NO]:
                raise PydanticCustomError("requirements", "not met: {failed}", {"failed": failed})
            self._open = [rule for rule, value in found.items() if value == OPEN]
            return self

    fields: dict[str, Any] = {variable(path): (_type(path) | None, None) for path in flat.stated}
    return create_model("Application", __base__=Checked, **fields)


def _type(path: str) -> Any:
    fact = regulation().vocabulary.facts[path]
    if fact.values:
        choice: Any = Literal[fact.values]  # type: ignore[name-defined, valid-type, unused-ignore]
        return list[choice] if fact.type == "auswahlliste" else choice
    return {"ganzzahl": int, "dezimal": float, "datum": int, "wahrheitswert": bool, "text": str}[fact.type]


SINGLE: Sequence[type[Rival]] = (ZenExpression, ClipsRules, PythonJsonLogic, NativeJsonLogic, RegoPolicy, PlainPydantic)
