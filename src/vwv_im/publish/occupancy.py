"""Month by month what was granted of each post and what was filled: as bars (SVG), and the same as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any, NamedTuple

from vwv_im.decision.blocks import Block, Column, Heading, Table, TableRow, write
from vwv_im.decision.decision import Decision
from vwv_im.decision.list_tables import entries_of, name_of
from vwv_im.law.regulation import Regulation
from vwv_im.text import Language, sentence
from vwv_im.text.format import short_day

_POST, _MONTH = "foerderstelle", "foerdermonat"
_LEFT, _BAR, _HIGH, _GAP = 190, 9, 40, 22
"""The room for names, the width of a bar and of what is around it, how high one is at most, what is between posts."""
_GRANTED, _FILLED = 'fill="none" stroke="#1f3b57" stroke-width="1.2"', 'fill="#3f7fb5"'


class Month(NamedTuple):
    """A funding month of a post: its first day, what was granted and filled on average, and days without pay."""

    first: date
    granted: Decimal | None
    filled: Decimal | None
    unpaid: int | None


def months_of(decision: Decision, lang: Language) -> dict[str, list[Month]]:
    """Return the funding months of each post by its name; none where they do not follow from what is stated."""
    found: dict[str, list[Month]] = {}
    if decision.outcome != "decided" or (context := decision.on_request) is None:
        return found
    names = {one.name: name_of(decision, one, lang) for one in entries_of(decision, _POST)}
    keys = ("von", "bewilligt_vzae", "besetzt_vzae", "unterbrochene_tage")
    for one in context.subjects(_MONTH) if names else ():
        if one.number is not None and one.above is not None and one.above.name in names:
            values: list[Any] = [context.value(f"{_MONTH}.{key}", one) for key in keys]
            found.setdefault(names[one.above.name], []).append(Month(*values))
    return found


def question_of(law: Regulation) -> str | None:
    """Return the question whose decisions have months of posts; none where the rules know no such posts."""
    scopes = law.vocabulary.scopes
    return next((name for name, asked in law.questions.items() if _POST in scopes(asked.wurzel)), None)


def table_of(decision: Decision, lang: Language) -> list[Block]:
    """Return the months as a table."""
    heads = [Column(head, "right" if "(" in head else "left") for head in sentence("chart.heads").in_(lang).split("|")]
    rows = [
        TableRow((name, short_day(one.first), _number(one.granted), _number(one.filled), _number(one.unpaid)))
        for name, months in months_of(decision, lang).items()
        for one in months
    ]
    title = sentence("chart.title").in_(lang)
    return [Heading(1, title), Table(title, tuple(heads), tuple(rows))]


def _number(value: Decimal | int | None) -> str:
    return (
        "–"
        if value is None
        else f"{value.normalize():f}".replace(".", ",")
        if isinstance(value, Decimal)
        else str(value)
    )


def svg_of(decision: Decision, lang: Language) -> str:
    """Return the months as bars: an outline for what was granted, filled as far as the post was."""
    months = months_of(decision, lang)
    longest = max(map(len, months.values()), default=0)
    most = max(
        (one.granted or Decimal(0) for found in months.values() for one in found), default=Decimal(1)
    ) or Decimal(1)
    width, height = _LEFT + _BAR * longest + 20, 70 + (_HIGH + _GAP) * len(months)
    title, granted, filled = (sentence(f"chart.{name}").in_(lang) for name in ("title", "granted", "filled"))
    bars = "".join(_row(name, found, number, most) for number, (name, found) in enumerate(months.items()))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="t d" font-family="sans-serif" font-size="12">'
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(granted)} / {escape(filled)}</desc>'
        f'<rect x="10" y="14" width="12" height="12" {_GRANTED}/>'
        f'<text x="28" y="24">{escape(granted)}</text>'
        f'<rect x="110" y="14" width="12" height="12" {_FILLED}/>'
        f'<text x="128" y="24">{escape(filled)}</text>{bars}</svg>\n'
    )


def _row(name: str, months: list[Month], number: int, most: Decimal) -> str:
    base = 50 + (_HIGH + _GAP) * number + _HIGH

    def bars() -> Iterator[str]:
        for place, one in enumerate(months):
            for style, value in ((_FILLED, one.filled), (_GRANTED, one.granted)):
                tall = float((value or Decimal(0)) / most) * _HIGH
                at = f'x="{_LEFT + _BAR * place}" y="{base - tall:.1f}" width="{_BAR - 2}" height="{tall:.1f}"'
                yield f"<rect {at} {style}/>"
        for place, one in enumerate(months):
            if place % 12 == 0:
                yield f'<text x="{_LEFT + _BAR * place}" y="{base + 14}" font-size="10">{one.first:%m/%Y}</text>'

    return f'<text x="10" y="{base - 4}">{escape(name[:26])}</text>{"".join(bars())}'


def _html(decision: Decision, lang: Language) -> str:
    style = "body{font-family:sans-serif}td,th{padding:.1em .6em;text-align:left}"
    page = svg_of(decision, lang) + write(table_of(decision, lang), "html")
    head = f'<meta charset="utf-8"><title>{sentence("chart.title").in_(lang)}</title><style>{style}</style>'
    return f'<!DOCTYPE html>\n<html lang="{lang}"><head>{head}</head><body>\n{page}</body></html>\n'


CHARTS: Mapping[str, Callable[[Decision, Language], str]] = {
    "svg": svg_of,
    "html": _html,
    "md": lambda decision, lang: write(table_of(decision, lang), "markdown"),
}
"""The forms of the chart, by the ending of a file: bars, bars with their table, the table alone."""
