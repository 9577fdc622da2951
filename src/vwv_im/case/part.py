"""What all parts of a case share."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from vwv_im.case.values import refuse

MOST_STRANGERS = 8  # keys beyond its fields that a mapping may have to be told each of them: bounds what it may cost


class CasePart(BaseModel):
    """What all parts share: frozen, nothing unknown, and no value of the case in an error's text."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

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
