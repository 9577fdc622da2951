"""The values a case may hold: whole numbers, truth values, exact shares and amounts, days, labels.

Each type accepts few forms and changes none of them silently. A value that is refused raises an
error of a type that `vwv_im.case.codes.KINDS` explains.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    JsonValue,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from vwv_im.case.codes import CODES, KINDS

MOST_WORDS = 20  # of a list of words; a longer one is told so, a shorter one which word it repeats
MOST_COUNTED, LONGEST_LABEL = 1_000_000, 200
MOST_POSTS, MOST_MEMBERS = 1000, 1200  # of an application
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)

_EXACT = Context(prec=60)
_LONGEST_NUMBER = 40
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_COMMA = re.compile(r"[0-9][0-9.]*,[0-9]+")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.+Z-]+")
_GERMAN_DAY = re.compile(r"(?P<d>[0-9]{1,2})\. ?(?P<m>[0-9]{1,2})\. ?(?P<y>[0-9]{4})")
_SHORT_DAY = re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})")
_AGS = re.compile(r"[0-9]{5}([0-9]{3})?")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def refuse(kind: str, **context: object) -> PydanticCustomError:
    """Return the error of `kind`, one of the keys of `KINDS`, to be raised inside a validator.

    >>> refuse("blank").message()
    'blank text'
    """
    title = CODES[KINDS[kind].code].en
    return PydanticCustomError(kind, "{title}", {"title": title, **context})


def exact(value: object, *, maximum: int, places: int) -> Decimal:
    """Return `value` as an exact decimal from 0 to `maximum` with at most `places` decimals.

    >>> exact("0.50", maximum=1000, places=6), exact(0.1, maximum=1000, places=6)
    (Decimal('0.5'), Decimal('0.1'))
    """
    number = _decimal_of(value)
    if not number.is_finite():
        raise refuse("not_a_number")
    if not 0 <= number <= maximum:
        raise refuse("out_of_range", maximum=str(maximum))
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -places:
        raise refuse("too_many_decimals", places=places)
    return _plain(number)


def _decimal_of(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, float):
        return Decimal(float.__repr__(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value if value.bit_length() <= _LONGEST_NUMBER * 3 else "1e99")  # huge: out of range, cheaply
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER:
        if _NUMBER.fullmatch(value):
            return Decimal(value)
        if _COMMA.fullmatch(value):
            raise refuse("decimal_comma", example=value.replace(".", "").replace(",", "."))
    raise refuse("not_a_number")


def _plain(number: Decimal) -> Decimal:
    """Return the same value without sign of zero, exponent or trailing zeros."""
    number = number.copy_abs().normalize(_EXACT)
    return Decimal(int(number)) if number == number.to_integral_value(context=_EXACT) else number


def day(value: object) -> date:
    """Return the day that a date or the ISO text of a day names.

    >>> day("2017-10-01")
    datetime.date(2017, 10, 1)
    """
    if isinstance(value, datetime):
        raise refuse("date_time", example=value.date().isoformat())
    if isinstance(value, date):
        found = date(value.year, value.month, value.day)
    elif isinstance(value, str) and len(value) <= _LONGEST_NUMBER:
        found = _day_of(value)
    else:
        raise refuse("date_form", example="2017-10-01")
    if not FIRST_DAY <= found <= LAST_DAY:
        raise refuse("date_range", first=FIRST_DAY.isoformat(), last=LAST_DAY.isoformat())
    return found


def _day_of(text: str) -> date:
    match = _DAY.fullmatch(text)
    if match is None:
        raise refuse("date_time" if _DAY_TIME.fullmatch(text) else "date_form", example=_meant(text))
    year, month, number = (int(part) for part in match.groups())
    try:
        return date(year, month, number)
    except ValueError:
        raise refuse("date_impossible") from None


def _meant(text: str) -> str:
    """Return the ISO form of the day that `text` seems to name, else an example."""
    match = _GERMAN_DAY.fullmatch(text) or _SHORT_DAY.fullmatch(text)
    iso = f"{match['y']}-{match['m']:0>2}-{match['d']:0>2}" if match else text[:10]
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        return "2017-10-01"


def _printable(text: str) -> str:
    if _CONTROL.search(text):
        raise refuse("control_character")
    if not text.strip():
        raise refuse("blank")
    return text


def _key_of_municipality(value: object) -> str:
    if isinstance(value, str) and _AGS.fullmatch(value):
        return value
    raise refuse("ags")


def _listed(value: object, *, least: int, most: int) -> object:
    if not isinstance(value, list | tuple):
        raise refuse("not_a_list")
    if len(value) < least:
        raise refuse("empty_list")
    if len(value) > most:
        raise refuse("too_many", limit=most)
    return value


def _distinct(entries: tuple[str, ...]) -> tuple[str, ...]:
    for entry in entries:
        if entries.count(entry) > 1:
            raise refuse("duplicate", entry=entry)
    return entries


def listed(least: int, most: int, **schema: JsonValue) -> tuple[object, ...]:
    """Return the annotations of a list (or tuple) with `least` to `most` entries."""

    def check(value: object) -> object:
        return _listed(value, least=least, most=most)

    return BeforeValidator(check), Field(json_schema_extra={"minItems": least, "maxItems": most, **schema})


def distinct(values: int) -> tuple[object, ...]:
    """Return the annotations of a list that names at least one of `values` words, and each once."""
    return *listed(1, MOST_WORDS, maxItems=values, uniqueItems=True), AfterValidator(_distinct)


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest number that may be stated, and with how many decimals; the smallest is 0."""

    maximum: int
    places: int


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """The one form of a value: how it is checked, and how its JSON Schema describes it; JSON has it as text."""

    check: Callable[[Any], object]
    schema: dict[str, Any]
    limits: Limits | None = None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.check, serialization=core_schema.to_string_ser_schema()
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(self.schema)


def _exactly(maximum: int, places: int) -> _Form:
    def check(value: object) -> Decimal:
        return exact(value, maximum=maximum, places=places)

    text = {"type": "string", "pattern": rf"^[0-9]+(\.[0-9]{{1,{places}}})?$"}
    schema = {"anyOf": [{"type": "number", "minimum": 0, "maximum": maximum}, text]}
    return _Form(check, schema, Limits(maximum, places))


Truth = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True, ge=0, le=MOST_COUNTED), Limits(MOST_COUNTED, 0)]
Share = Annotated[Decimal, _exactly(1000, 6)]
Money = Annotated[Decimal, _exactly(10**12, 2)]
Day = Annotated[date, _Form(day, {"type": "string", "format": "date"})]
Label = Annotated[str, StringConstraints(strict=True, max_length=LONGEST_LABEL), AfterValidator(_printable)]
Ags = Annotated[str, _Form(_key_of_municipality, {"type": "string", "pattern": "^[0-9]{5}([0-9]{3})?$"})]
