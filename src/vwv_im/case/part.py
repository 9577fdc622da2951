"""What the models of all parts of a case share; what their fields may hold stands in `vwv_im.case.fields`."""

import sys
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic_core import CoreSchema

from vwv_im.case.fields import refuse

MOST_STRANGERS = 8  # keys beyond its fields that a mapping may have to be told each of them: bounds what it may cost
TOLD = "told"
"""What a module of models calls the function that tells what JSON Schema says of one of them."""

if TYPE_CHECKING:
    _Built = BaseModel
else:

    class _ToldFaults(type(BaseModel)):
        """Lets what is built by hand tell its faults as what is read does; within other models they stay pydantic's."""

        def __call__(cls, /, *args: object, **stated: object) -> object:
            try:
                return super().__call__(*args, **stated)
            except ValidationError as error:
                from vwv_im.case.case_reader import refusal  # noqa: PLC0415 - it stands on this module

                raise refusal(error, cls, stated) from None

    class _Built(BaseModel, metaclass=_ToldFaults):
        """A model that tells its faults where it is built by hand."""


class CasePart(_Built):
    """What all parts of a case share: frozen, nothing unknown, and no value of the case in an error's text.

    One that is built by hand, `Part(field=…)`, raises `CaseError` with all its faults.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )

    @model_validator(mode="before")
    @classmethod
    def _as_small_dict(cls, data: Any) -> Any:
        most = len(cls.model_fields) + MOST_STRANGERS
        if isinstance(data, cls) or (type(data) is dict and len(data) <= most):
            return data
        if not isinstance(data, Mapping):
            raise refuse("not_a_mapping")
        try:
            copy = dict(islice(data.items(), most + 1))
        except Exception:  # noqa: BLE001 - hostile input may raise anything
            raise refuse("not_a_mapping") from None
        if len(copy) > most:
            raise refuse("too_many_keys", limit=most)
        return copy

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the JSON Schema of a part, with what is told of it and of its fields."""
        whole = handler(schema)
        told = getattr(sys.modules.get(cls.__module__), TOLD, None)
        if told is not None:
            part, notes = handler.resolve_ref_schema(whole), told(cls.__name__)
            fields = {key: field | notes["properties"].get(key, {}) for key, field in part["properties"].items()}
            part |= {**notes, "properties": fields}
        return whole
