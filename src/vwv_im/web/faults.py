"""Faults of a request as its sender knows it: JSON or YAML with the case under `case`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from vwv_im.case import PARTS
from vwv_im.case.codes import KINDS
from vwv_im.case.reading import shown
from vwv_im.text import Document, Fault, Place, Text
from vwv_im.text.faults import did_you_mean

_CASE = "case"
_LIKE = '{"case": {"antrag": {…}}, "on": "2018-06-01"}'
_REQUEST = Text(f"Senden Sie den Fall und den Tag der Entscheidung: {_LIKE}", f"Send the case and the day: {_LIKE}")
_LIES_IN_CASE = Text(f'Das gehört in "{_CASE}": {_LIKE}', f'This belongs in "{_CASE}": {_LIKE}')
_EMPTY = Text("Die Anfrage ist leer.", "The request is empty.")
_NO_CASE = Text("Der Fall fehlt.", "The case is missing.")
_NO_CASE_HERE = Text("Das ist kein Fall: {value}.", "This is no case: {value}.")
_CASE_HINT = Text(
    f'Er steht unter "{_CASE}", zum Beispiel {{"antrag": {{}}}} oder {{"person": {{}}}}.',
    f'It stands in "{_CASE}", for example {{"antrag": {{}}}} or {{"person": {{}}}}.',
)

_OF_RECEIPTS = {"digest", "facts", "rules"}
_A_RECEIPT = Text("Das ist die Quittung einer Entscheidung, kein Fall.", "This is the receipt of a decision, no case.")
_REPLAY = Text(
    "Nehmen Sie die Datei des Falls; eine Quittung wiederholt „vwv-im replay“.",
    "Take the file of the case; a receipt is repeated by “vwv-im replay”.",
)


def as_meant(fault: Fault) -> Fault:
    """Return a fault of the text with its path in the case, as all faults of a case have it."""
    return replace(fault, path=fault.path.removeprefix(f"{_CASE}."))


def no_request(document: Document) -> Fault:
    """Return the fault of a text that holds no request, be it empty or something else."""
    kind = KINDS["not_a_mapping"]
    said = Text(*(text.format(value=shown(document.data)) for text in kind.message))
    message = _EMPTY if document.data is None else said
    return Fault(kind.code, document.place(()), message, _REQUEST)


def no_case(document: Document) -> Fault | None:
    """Return the fault of a request without a case, or with something else in its place."""
    stated = document.data.get(_CASE)
    if isinstance(stated, Mapping):
        return None
    kind = KINDS["empty_case" if stated is None else "not_a_mapping"]
    said = Text(*(text.format(value=shown(stated)) for text in _NO_CASE_HERE))
    return Fault(kind.code, document.place((_CASE,)), _NO_CASE if stated is None else said, _CASE_HINT, _CASE)


def no_receipt(document: Document) -> Fault | None:
    """Return the fault of a receipt that stands where a case should: it holds facts under their paths, and no case."""
    data = document.data
    if not isinstance(data, Mapping) or not data.keys() >= _OF_RECEIPTS:
        return None
    return Fault(KINDS["not_a_mapping"].code, document.place(()), _A_RECEIPT, _REPLAY)


def unknown_keys(document: Document, known: Collection[str]) -> Iterable[Fault]:
    """Yield a fault for each key of a request that there is not."""
    return (_unknown(document, key, known) for key in document.data if key not in known)


def _unknown(document: Document, key: str, known: Collection[str]) -> Fault:
    words = ", ".join(known)
    possible = Text(f"Möglich sind: {words}.", f"Possible are: {words}.")
    hint = _LIES_IN_CASE if key in PARTS else did_you_mean(key, known) or possible
    kind = KINDS["extra_forbidden"]
    said = Text(*(text.format(key=shown(key)) for text in kind.message))
    return Fault(kind.code, document.key_place((key,)), said, hint, shown(key)[1:-1])


def unknown_value(key: str, known: Iterable[str]) -> Fault:
    """Return the fault of a value that a key of the request does not have."""
    words = ", ".join(known)
    message = Text("Diesen Wert gibt es hier nicht.", "There is no such value here.")
    return Fault("VIM150", Place(f"<{key}>"), message, Text(f"Möglich sind: {words}.", f"Possible are: {words}."))
