"""Days as ISO text."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_written_as_day(text: object) -> bool:
    """Whether a text has the form YYYY-MM-DD, also of a day that no calendar has.

    >>> is_written_as_day("2018-02-30"), is_written_as_day("30.02.2018")
    (True, False)
    """
    return isinstance(text, str) and _ISO.fullmatch(text) is not None


def iso_day(text: object) -> date | None:
    """Return the day that a text of the form YYYY-MM-DD names; `None` for any other text or value.

    >>> iso_day("2018-06-01"), iso_day("2018-W22-5"), iso_day("2018-02-30")
    (datetime.date(2018, 6, 1), None, None)
    """
    if not isinstance(text, str) or not is_written_as_day(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
