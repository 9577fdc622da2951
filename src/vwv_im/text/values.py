"""The values of facts, and their exact written form."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

Value = bool | int | Decimal | date | str | tuple[str, ...] | None
Json = bool | int | str | list[str] | None


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
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
