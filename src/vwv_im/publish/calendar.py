"""Duties as a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time

from icalendar import Calendar, Event

from vwv_im.decision.duties import Owed
from vwv_im.text import Language


def calendar_of(duties: Iterable[Owed], lang: Language = "de", key: str = "") -> bytes:
    """Return a calendar with one all-day entry per duty that has a day, on the working day it is shifted to.

    Duties with an open day are left out: a calendar cannot hold them. `key` tells the entries of one case from those
    of another, so that importing a second file does not replace the first.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//vwv-im//Pflichten//DE")
    calendar.add("version", "2.0")
    for duty in duties:
        if duty.due is None or duty.due_shifted is None:
            continue
        event = Event()
        event.add("uid", f"{duty.id}-{duty.due.isoformat()}-{key}@vwv-im")
        event.add("dtstamp", datetime.combine(duty.due, time(), UTC))
        event.add("dtstart", duty.due_shifted)
        year = f" ({duty.year})" if duty.year is not None else ""
        event.add("summary", f"{duty.title.in_(lang)}{year}")
        event.add("description", duty.text.in_(lang))
        calendar.add_component(event)
    return bytes(calendar.to_ical())
