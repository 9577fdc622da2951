"""The values of facts, and their exact written form."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")
Value = bool | int | Decimal | date | str | tuple[str, ...] | None
Json = bool | int | str | list[str] | None
UNPRINTABLE = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef" + "".join(
    f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17)
)
"""What no label holds, as a class of a regular expression: control characters, marks of direction, noncharacters."""
_WRITTEN_SO = (str, bool, int, type(None))
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_GERMAN_DAY = re.compile(r"\b([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})\b")


@lru_cache(maxsize=4096)
def plain(number: Decimal) -> str:
    """Write a decimal exactly, without exponent and trailing zeros.

    >>> plain(Decimal("64000.00")), plain(Decimal("0.50"))
    ('64000', '0.5')
    """
    return f"{number.normalize():f}" if number else "0"


def to_json(value: Value) -> Json:
    """Return the JSON form: money and shares as exact text, days as ISO text.

    >>> to_json(date(2019, 9, 30)), to_json(Decimal("0.20")), to_json(24)
    ('2019-09-30', '0.2', 24)
    """
    if type(value) in _WRITTEN_SO:
        return value  # type: ignore[return-value]
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def is_in_no_calendar(text: object) -> bool:
    """Whether a text is written as a day, YYYY-MM-DD or DD.MM.YYYY, that no calendar has.

    >>> is_in_no_calendar("2018-02-30"), is_in_no_calendar("30.02.2018"), is_in_no_calendar("28.02.2018")
    (True, True, False)
    """
    if not isinstance(text, str):
        return False
    iso = _GERMAN_DAY.sub(_iso_of, text)
    return _ISO.fullmatch(iso) is not None and iso_day(iso) is None


def iso_day(text: object) -> date | None:
    """Return the day that a text of the form YYYY-MM-DD names; `None` for any other text or value.

    >>> iso_day("2018-06-01"), iso_day("2018-W22-5"), iso_day("2018-02-30")
    (datetime.date(2018, 6, 1), None, None)
    """
    if not isinstance(text, str) or _ISO.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def with_iso_days(text: str) -> str:
    """Return a text with each day that is written 1.6.2018 or 01.06.2018 as YYYY-MM-DD; others stay as they are.

    >>> with_iso_days("1.6.2018"), with_iso_days("01.06.18"), with_iso_days("30.02.2018")
    ('2018-06-01', '01.06.18', '30.02.2018')
    """
    return _GERMAN_DAY.sub(lambda found: found[0] if iso_day(_iso_of(found)) is None else _iso_of(found), text)


def _iso_of(german: re.Match[str]) -> str:
    return f"{german[3]}-{german[2]:0>2}-{german[1]:0>2}"


def group(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """Return the second of each pair under the first.

    >>> group([("a", 1), ("b", 2), ("a", 3)])
    {'a': [1, 3], 'b': [2]}
    """
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
