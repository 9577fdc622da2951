"""What all models of rule files have in common."""

from collections import UserDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from vwv_im.lang import nodes
from vwv_im.lang.parsing import WRITER, FormError, parse_condition, parse_expression
from vwv_im.text import Path_, Text


class RuleModel(BaseModel):
    """A part of a rule file: frozen, and every key known."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", defer_build=True)


M = TypeVar("M", bound=RuleModel)


class Entries(UserDict[str, M]):
    """Parts of a rule file by name, each made a model when it is first asked for; `data` has them as they are written.

    Where one cannot be made a model, asking for it raises `ValidationError`.
    """

    def __init__(self, model: type[M]) -> None:
        super().__init__()
        self.model = model
        self._made: dict[str, M] = {}

    def __getitem__(self, name: str) -> M:
        if name not in self._made:
            self._made[name] = self.model.model_validate(self.data[name])
        return self._made[name]


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
Kurz = Annotated[
    Zweisprachig | None,
    Field(description="Ein, zwei einfache Sätze auf Deutsch und Englisch: was der Eintrag für Menschen heißt."),
]
Bezug = Annotated[Name, Field(description="Die Entität aus sachverhalt.yaml, um die es geht.")]


FORMS = ("Condition", "Expression")
"""What JSON Schema knows by the name of a form; `vwv_im.publish.schemas` defines it."""


@dataclass(frozen=True, slots=True)
class _Parsed:
    """Lets pydantic parse a condition or computation, with every fault at its place, and write it as a file does.

    What the nodes consist of, pydantic need not know.
    """

    form: str
    parse: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(_written)
        return core_schema.no_info_plain_validator_function(self._validate, serialization=written)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"x-form": self.form}

    def _validate(self, raw: Any) -> Any:
        try:
            return self.parse(raw)
        except FormError as error:
            found = [
                InitErrorDetails(
                    type=PydanticCustomError("form", "{fault}", {"fault": fault}), loc=fault.path, input=raw
                )
                for fault in error.faults
            ]
            raise ValidationError.from_exception_data("form", found) from None


def _written(node: nodes.Condition | nodes.Expression) -> Any:
    return WRITER.form(node, None)


Condition = Annotated[nodes.Condition, _Parsed(FORMS[0], parse_condition)]
Expression = Annotated[nodes.Expression, _Parsed(FORMS[1], parse_expression)]


class ForWhom(RuleModel):
    """What stands beside the rules and says whom it concerns."""

    bezug: Annotated[
        Name | None, Field(description="Die Entität, von der gilt_fuer spricht; ohne Angabe die der ersten Frage.")
    ] = None
    gilt_fuer: Annotated[Condition | None, Field(description="Wen es angeht; ohne Angabe jeden Fall.")] = None
