"""Days, years and numbers as rule files may write them; what is accepted can be computed with."""

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

from vwv_im.case.fields import FIRST_DAY, LAST_DAY
from vwv_im.lang.numbers import MOST_PLACES, is_measurable
from vwv_im.text import iso_day


def read_day(value: Any) -> Any:
    """Accept a day only as ISO text (or as a date)."""
    if type(value) is date:
        return value
    if (day := iso_day(value)) is not None:
        return day
    raise ValueError("ein Tag wird als JJJJ-MM-TT geschrieben / a day is written as YYYY-MM-DD")


def day_as_id(value: str) -> str:
    """Accept an id that is a day."""
    if iso_day(value) is None:
        raise ValueError("eine Kennung ist der Tag der Ausfertigung, JJJJ-MM-TT / an id is the day of signature")
    return value


def measurable(value: Any) -> Any:
    """Accept a number that can be computed with exactly."""
    if isinstance(value, bool | str) or value is None or is_measurable(value):
        return value
    raise ValueError(
        f"eine Zahl hat höchstens {MOST_PLACES} Stellen vor und nach dem Punkt / "
        f"a number has at most {MOST_PLACES} digits before and after the point"
    )


def day_of_every_year(value: str) -> str:
    """Accept a day, written MM-TT, that every year has."""
    if iso_day(f"{_NO_LEAP_YEAR}-{value}") is None:
        raise ValueError("diesen Tag hat nicht jedes Jahr / not every year has this day")
    return value


def year(value: int) -> int:
    """Accept a year in which a case may have a day."""
    if not FIRST_DAY.year <= value <= LAST_DAY.year:
        raise ValueError(
            f"ein Jahr von {FIRST_DAY.year} bis {LAST_DAY.year} / a year from {FIRST_DAY.year} to {LAST_DAY.year}"
        )
    return value


_NO_LEAP_YEAR = 2001
Tag_ = Annotated[date, BeforeValidator(read_day)]
