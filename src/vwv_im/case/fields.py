"""The values a case may hold: whole numbers, truth values, exact shares and amounts, days, labels.

Each type accepts few forms and changes none of them silently. A value that is refused raises an
error of a type that `vwv_im/text/messages.toml` explains.
"""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Context, Decimal
from functools import cache, partial
from itertools import islice
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, SchemaValidator, core_schema

from vwv_im.text.messages import codes, message
from vwv_im.text.values import UNPRINTABLE

MOST_WORDS = 20  # of a list of words; a longer one is told so, a shorter one which word it repeats
MOST_STRANGERS = 8  # keys beyond its fields that a mapping may have to be told each of them: bounds what it may cost
LONGEST_LABEL = 200
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)

_EXACT = Context(prec=60)
_LONGEST_NUMBER = 40
_OF_THOUSANDS, _THOUSAND = 3, 1000
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_COMMA = re.compile(r"[0-9][0-9.]*,[0-9]+")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.+Z-]+")
_GERMAN_DAY = re.compile(r"(?P<d>[0-9]{1,2})\. ?(?P<m>[0-9]{1,2})\. ?(?P<y>[0-9]{4})")
_SHORT_DAY = re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_CONTROL = re.compile(f"[{UNPRINTABLE}\ud800-\udfff]")


def refuse(kind: str, **context: object) -> PydanticCustomError:
    """Return the error of `kind`, one of those in `messages.toml`, to be raised inside a validator.

    >>> refuse("blank").message()
    'blank text'
    """
    title = codes("case")[message(kind).code].en
    return PydanticCustomError(kind, "{title}", {"title": title, **context})


def exact(value: object, *, maximum: int, places: int) -> Decimal:
    """Return `value` as an exact decimal from 0 to `maximum` with at most `places` decimals, zeros at its end apart.

    >>> exact("0.5000000", maximum=1000, places=6), exact(0.1, maximum=1000, places=6)
    (Decimal('0.5'), Decimal('0.1'))
    """
    number = _decimal_of(value)
    if not number.is_finite():
        raise refuse("not_a_number")
    if not 0 <= number <= maximum:
        raise refuse("out_of_range", maximum=str(maximum))
    if _decimals_of(number) > places:
        raise refuse("too_many_decimals", places=places)
    return _plain(number)


def _decimals_of(number: Decimal) -> int:
    """Return how many decimals a number has: without zeros at its end, unless it looks like thousands (51.000)."""
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or exponent >= 0 or not number:
        return 0
    if exponent == -_OF_THOUSANDS and 1 <= number < _THOUSAND:
        return _OF_THOUSANDS
    return -exponent - len(digits) + len(bytes(digits).rstrip(b"\0"))


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


def _listed(value: object, *, least: int, most: int) -> object:
    if not isinstance(value, list | tuple):
        raise refuse("not_a_list")
    if len(value) < least:
        raise refuse("empty_list")
    if len(value) > most:
        raise refuse("too_many", limit=most)
    return value


_DISTINCT = partial(_listed, least=1, most=MOST_WORDS)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list (or tuple) with `least` to `most` entries; not empty where a fact beside it has a value."""

    least: int
    most: int
    filled_where: tuple[str, str] | None = None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_before_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "minItems": self.least, "maxItems": self.most}

    def _check(self, value: object, info: ValidationInfo) -> object:
        path, wanted = self.filled_where or ("", None)
        least = 1 if self.filled_where and _beside(info, path) == wanted else self.least
        return _listed(value, least=least, most=self.most)


def _beside(info: ValidationInfo, path: str) -> object:
    """Return what the same part states before, by its path from there; nothing where it states nothing sound."""
    first, *inner = path.split(".")
    found = (info.data or {}).get(first)
    for key in inner:
        found = getattr(found, key, None)
    return found


@dataclass(frozen=True, slots=True)
class Distinct:
    """A list that names at least one of some words (so many there are), and each once."""

    words: int

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        listed = core_schema.no_info_before_validator_function(_DISTINCT, handler(source))
        return core_schema.no_info_after_validator_function(self._check, listed)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "minItems": 1, "maxItems": self.words, "uniqueItems": True}

    @staticmethod
    def _check(entries: tuple[str, ...]) -> tuple[str, ...]:
        for entry in entries:
            if entries.count(entry) > 1:
                raise refuse("duplicate", entry=entry)
        return entries


@dataclass(frozen=True, slots=True)
class Form:
    """A value that is checked by a function of ours; JSON has it as text, JSON Schema describes it by `schema`."""

    check: Callable[[object], object]
    schema: Mapping[str, Any] = field(hash=False)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.check, serialization=core_schema.to_string_ser_schema()
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**self.schema}


def Exact(maximum: int, places: int) -> Form:  # noqa: N802 - it stands where a type does
    """Return what an exact decimal from 0 to `maximum` is, with at most `places` decimals, as a number or as text."""
    decimals = rf"(\.[0-9]{{1,{places}}})?" if places else ""
    text = {"type": "string", "pattern": f"^[0-9]+{decimals}$"}
    number = {"type": "number", "minimum": 0, "maximum": maximum}
    return Form(partial(exact, maximum=maximum, places=places), {"anyOf": [number, text]})


@cache
def matcher(pattern: str) -> SchemaValidator:
    """Return what accepts the texts that a regular expression matches as a whole, in time linear in their length.

    Raises `SchemaError` for what is no regular expression, or looks around or back, which cannot be matched so.
    """
    return SchemaValidator(core_schema.str_schema(pattern=f"^(?:{pattern})$", regex_engine="rust-regex", strict=True))


def Spelled(pattern: str, words: Mapping[str, str]) -> Form:  # noqa: N802 - it stands where a type does
    """Return what a text is that must match a pattern; `words` tell what another is, and how to mend it."""

    def check(value: object) -> object:
        try:
            return matcher(pattern).validate_python(value)
        except ValidationError:
            raise refuse("spelling", **words) from None

    return Form(check, {"type": "string", "pattern": f"^{pattern}$"})


@dataclass(frozen=True, slots=True)
class Picked:
    """A text that is one of some names, however it is spelled; the value is the name.

    Capitals, umlauts, blanks and hyphens do not matter, nor do `fillers` before or after it. Where the fact of the same
    part that `only_where` names is stated and has another value, any text may stand.
    """

    names: tuple[str, ...]
    fillers: tuple[str, ...] = ()
    only_where: tuple[str, str] | None = None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "examples": list(self.names)}

    def _check(self, value: str, info: ValidationInfo) -> str:
        known = _by_spelling(self.names, self.fillers)
        if (name := known.get(spelling_of(value, self.fillers))) is not None:
            return name
        fact, wanted = self.only_where or ("", "")
        if _beside(info, fact) not in (None, wanted):
            return value
        raise refuse("not_listed", names=self.names)


def spelling_of(name: str, fillers: tuple[str, ...]) -> str:
    """Return what all spellings of a name have in common.

    >>> spelling_of("Lkr. Göppingen", ("Lkr",)), spelling_of("rems murr-kreis", ("Kreis",))
    ('goeppingen', 'rems murr')
    """
    plain = name.casefold().translate(_UMLAUTS)
    words, around = re.findall(r"\w+", plain), {one.casefold() for one in fillers}
    while len(words) > 1 and words[0] in around:
        del words[0]
    while len(words) > 1 and words[-1] in around:
        del words[-1]
    return " ".join(words)


@cache
def _by_spelling(names: tuple[str, ...], fillers: tuple[str, ...]) -> Mapping[str, str]:
    return {spelling_of(name, fillers): name for name in names}


Truth = Annotated[bool, Field(strict=True)]
Day = Annotated[date, Form(day, {"type": "string", "format": "date"})]
Label = Annotated[str, StringConstraints(strict=True, max_length=LONGEST_LABEL), AfterValidator(_printable)]


TOLD = "told"
"""What a module of models calls the function that tells what JSON Schema says of one of them."""


class CasePart(BaseModel):
    """What all parts of a case share: frozen, nothing unknown, and no value of the case in an error's text."""

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
