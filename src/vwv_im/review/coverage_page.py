"""Coverage as a matrix: a line for each rule or table, a column for each state of the law; below, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from vwv_im.decision.text import plain
from vwv_im.law.fassung import AnyItem
from vwv_im.law.model import Regel
from vwv_im.review.coverage import Cell, Coverage, Found, State, result_phrase
from vwv_im.text import Language, Text

STATES: Mapping[State, Text] = {
    "missing": Text("Ohne Fall", "Without a case"),
    "refuted": Text("Als unerreichbar erklärt und doch gedeckt", "Declared to be out of reach, and yet covered"),
    "unreachable": Text("Für keinen Fall erreichbar", "Out of reach of any case"),
}
_ITEM, _KIND = Text("Regel oder Tabelle", "Rule or table"), Text("Art", "Kind")
_TABLE = Text("Tabelle", "table")
_MARK = "*"
_LEGEND = Text(
    f"Je Feld: gedeckte von erreichbaren Ergebnissen; {_MARK}: weitere sind für keinen Fall erreichbar.",
    f"In each field: covered of reachable results; {_MARK}: others are out of reach of any case.",
)


def summary(found: Coverage, lang: Language) -> str:
    """Return in one sentence how much is covered."""
    covered, reachable, beyond = found.covered, found.reachable, len(found.of("unreachable"))
    return Text(
        f"{covered} von {reachable} erreichbaren Ergebnissen sind durch Fälle gedeckt; {beyond} sind unerreichbar.",
        f"{covered} of {reachable} reachable results are covered by cases; {beyond} are out of reach.",
    ).in_(lang)


def matrix(found: Coverage, lang: Language) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the matrix, the first its head; a field is empty where the item does not stand."""
    yield (_ITEM.in_(lang), _KIND.in_(lang), *(law.name for law in found.laws))
    for name, item in found.items.items():
        fields = (field(found.results(name, law.name).values()) for law in found.laws)
        yield (name, _kind(item, lang), *fields)


def field(results: Iterable[Found]) -> str:
    """Write how many results are covered of how many that are reachable.

    >>> field([Found(("fall",), None), Found((), None)])
    '1/2'
    """
    known = list(results)
    reachable = sum(found.state != "unreachable" for found in known)
    if not known:
        return ""
    return f"{sum(bool(found.cases) for found in known)}/{reachable}{_MARK if reachable < len(known) else ''}"


def gaps(found: Coverage, state: State, lang: Language) -> Iterator[str]:
    """Yield the cells in a state in words, with the reason or the cases where there are any."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for cell in found.of(state):
        alike.setdefault((cell.item, _result(found, cell, lang), _because(found.cells[cell])), []).append(cell.law)
    for (item, result, because), laws in alike.items():
        yield f"{item}: {result} ({', '.join(laws)}){f': {because}' if because else ''}"


def _result(found: Coverage, cell: Cell, lang: Language) -> str:
    return result_phrase(found.items[cell.item], cell.result).in_(lang)


def _because(found: Found) -> str:
    return ", ".join(found.cases) or (found.declared.reason if found.declared else "")


def _kind(item: AnyItem, lang: Language) -> str:
    return item.model.art if isinstance(item.model, Regel) else _TABLE.in_(lang)


def text(found: Coverage, lang: Language, *, missing: bool = False) -> str:
    """Return the coverage as text; `missing`: only what is not as it should be."""
    lines = [] if missing else [*_columns(list(matrix(found, lang))), _LEGEND.in_(lang), ""]
    for state, title in _sections(missing):
        if listed := list(gaps(found, state, lang)):
            lines += [f"{title.in_(lang)}:", *(f"  {line}" for line in listed), ""]
    return "\n".join([*lines, summary(found, lang)]) + "\n"


def markdown(found: Coverage, lang: Language, *, missing: bool = False) -> str:
    """Return the coverage as Markdown."""
    lines = [f"# {Text('Deckung der Regeln durch Fälle', 'Coverage of the rules by cases').in_(lang)}", ""]
    lines += [summary(found, lang), ""]
    if not missing:
        head, *rows = matrix(found, lang)
        lines += [_line(head), _line(["---"] * len(head)), *(_line(row) for row in rows), "", _LEGEND.in_(lang), ""]
    for state, title in _sections(missing):
        if listed := list(gaps(found, state, lang)):
            lines += [f"## {title.in_(lang)}", "", *(f"- {plain(line)}" for line in listed), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _sections(missing: bool) -> Iterator[tuple[State, Text]]:
    return ((state, title) for state, title in STATES.items() if not (missing and state == "unreachable"))


def _line(fields: Sequence[str]) -> str:
    return f"| {' | '.join(fields)} |"


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        if number == 0:
            yield "  ".join("-" * width for width in widths)
