"""Opening a table, whatever its form."""

from __future__ import annotations

from pathlib import Path

from vwv_im.tables.faults import FrameError
from vwv_im.tables.reading import Source, csv_source, parquet_source, unreadable
from vwv_im.tables.reading_excel import excel_source
from vwv_im.tables.reading_json import json_source

JSON_LINES = (".jsonl", ".ndjson")
ENDINGS = (".csv", ".parquet", *JSON_LINES, ".xlsx")


def open_source(path: Path) -> Source | None:
    """Look at a table, told by its ending; `None` for JSON Lines that hold cases.

    Raises `FrameError` where it is no such table.
    """
    if not path.is_file():
        raise unreadable(path, "Die Datei gibt es nicht.", "There is no such file.")
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            return csv_source(path)
        case ".parquet":
            return parquet_source(path)
        case ".xlsx" | ".xls" | ".ods":
            return excel_source(path)
        case ending if ending in JSON_LINES:
            return json_source(path)
    raise unknown_ending(path)


def unknown_ending(path: Path) -> FrameError:
    """Return the error that a file is of no form which is read or written here."""
    shown = ", ".join(ENDINGS)
    return unreadable(path, f"Möglich sind {shown}.", f"Possible are {shown}.")
