"""What all models of rule files have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, ValidationError, WithJsonSchema
from pydantic_core import InitErrorDetails, PydanticCustomError

from vwv_im.lang import nodes
from vwv_im.lang.parsing import WRITER, FormError, parse_condition, parse_expression
from vwv_im.text import Path_, Text


class RuleModel(BaseModel):
    """A part of a rule file: frozen, and every key known."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


P = TypeVar("P")


def parts_of(node: Any, kind: type[P], path: Path_ = ()) -> Iterator[tuple[Path_, P]]:
    """Yield every part of one kind below a part of the rule files, with where it stands."""
    if isinstance(node, kind):
        yield path, node
        return
    parts: Iterable[tuple[Any, Any]] = ()
    if isinstance(node, RuleModel):
        parts = ((field.alias or name, getattr(node, name)) for name, field in type(node).model_fields.items())
    elif isinstance(node, dict | tuple):
        parts = node.items() if isinstance(node, dict) else enumerate(node)
    for key, part in parts:
        yield from parts_of(part, kind, (*path, key))


class Zweisprachig(RuleModel):
    """A title or sentence in German and English."""

    de: Annotated[str, Field(min_length=1, description="Deutsch")]
    en: Annotated[str, Field(min_length=1, description="Englisch")]

    @property
    def text(self) -> Text:
        """The pair as `Text`."""
        return Text(self.de, self.en)


Kennung = Annotated[
    str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Kennung in Kleinbuchstaben, mit Bindestrichen.")
]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="Name in Kleinbuchstaben, mit Unterstrichen.")]
Frage = Annotated[Name | None, Field(description="Die Frage aus pruefschema.yaml; ohne Angabe die erste.")]
Bezug = Annotated[Name, Field(description="Die Entität aus sachverhalt.yaml, um die es geht.")]


def _parsed(parse: Callable[[Any], Any]) -> PlainValidator:
    """Return what lets pydantic parse a condition or computation, with every fault at its place."""

    def validate(raw: Any) -> Any:
        try:
            return parse(raw)
        except FormError as error:
            found = [
                InitErrorDetails(
                    type=PydanticCustomError("form", "{fault}", {"fault": fault}), loc=fault.path, input=raw
                )
                for fault in error.faults
            ]
            raise ValidationError.from_exception_data("form", found) from None

    return PlainValidator(validate)


def _written(node: nodes.Condition | nodes.Expression | None) -> Any:
    return None if node is None else WRITER.form(node, None)


_WRITTEN = PlainSerializer(_written, when_used="always")
FORMS = ("Condition", "Expression")
"""What JSON Schema knows by the name of a form; `vwv_im.publish.schemas` defines it."""


def _named(form: str) -> WithJsonSchema:
    return WithJsonSchema({"x-form": form})


Condition = Annotated[nodes.Condition, _parsed(parse_condition), _WRITTEN, _named("Condition")]
Expression = Annotated[nodes.Expression, _parsed(parse_expression), _WRITTEN, _named("Expression")]
