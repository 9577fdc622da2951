"""What a file holds, by its first bytes, where that is not what its ending says."""

from __future__ import annotations

from pathlib import Path

from vwv_im.tables.table_faults import file_error
from vwv_im.text import Text

_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
TEXTS = (".csv", ".tsv", ".txt")
JSON_LINES = (".jsonl", ".ndjson")
WORKBOOKS = (".xlsx", ".xlsm", ".ods")
_SIGNS: tuple[tuple[bytes, Text, str], ...] = (
    (_ZIP, Text("eine Arbeitsmappe oder ein Archiv", "a workbook or an archive"), ".xlsx"),
    (_OLD, Text("eine alte oder verschlüsselte Arbeitsmappe", "an old or encrypted workbook"), ".xlsx"),
    (b"PAR1", Text("eine Parquet-Datei", "a Parquet file"), ".parquet"),
    (b"\x1f\x8b", Text("mit gzip gepackt", "packed with gzip"), ".csv"),
    (b"%PDF", Text("ein PDF", "a PDF"), ".csv"),
    (b"<", Text("HTML oder XML", "HTML or XML"), ".csv"),
)
_OWN = {".parquet": b"PAR1", **dict.fromkeys(WORKBOOKS, _ZIP)}


def refuse_other_content(path: Path, ending: str) -> None:
    """Raise `FrameError` where the content of a file is something else than its ending says."""
    with path.open("rb") as file:
        begun = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    own = _OWN.get(ending)
    is_page = begun[:10].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table"))
    if ending in (".xls", ".xlsb"):
        return
    if own is not None and begun.startswith(own):
        return
    for sign, what, meant in _SIGNS:
        if begun.startswith(sign) and (own is not None or sign != b"<" or ending in JSON_LINES or is_page):
            raise file_error(path, "other_content", what=what, ending=meant)
    if ending in TEXTS and begun[:1] in (b"{", b"["):
        raise file_error(path, "other_content", what=Text("JSON", "JSON"), ending=".jsonl")
    if own is not None and begun.count(b"\n") and begun.isascii():
        raise file_error(path, "other_content", what=Text("Text", "text"), ending=".csv")
