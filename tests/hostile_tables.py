"""Table files that should not be: a strategy for CSV, JSON Lines, workbooks and Parquet that are odd or damaged.

The tests of the readers draw from it, and `benchmarks/fuzz.py`.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

import polars as pl
import xlsxwriter
from hypothesis import strategies as st

HERE = Path(__file__).parent
FILES = HERE / "tables" / "dateien"
PIECES = (
    *(b";", b",", b"\t", b"\n", b"\r", b"\r\n", b'"', b'""', b'";', b'\n"', b"'", b" ", b"\x0b", b"\x0c", b"\x1c"),
    *("\u2028".encode(), "ä".encode(), b"\xe4", b"\xff", b"\xc3", b"\x81", b"\x85", b"\x00"),
    *(
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff",
        b"sep=,\n",
        b"on",
        b"antrag_id",
        b"stelle.vzae",
        b"stelle.vzea",
        b"#x",
    ),
    *(b"0,5", b"0.5000000", b"51.000", b"1e400", b"9" * 45, b"NaN", b"-0", b"01.06.2018", b"32.13.2018", b"ja"),
    *(b"=1+1", b"\x1b[31m", b"x" * 200_000, b";" * 20_000, b"[" * 50, b"{}", b"null", b"}"),
    *(b'{"on": 1, "on": 2}', b'{"stelle.vzae": NaN}', b'{"a": "\\ud800"}'),
    *(b"<c/>", b"<v>", b"</row>", b'r="XFD1048576"', b't="e"', b't="s"', b"<f/>", b"<!DOCTYPE x>", b"&#0;", b"9999999"),
)
"""What damages a file: pieces that one of its readers takes for something."""
_ROWS = {
    "antrag_id": ["1", "1", "2"],
    "on": ["2018-06-01"] * 3,
    "stelle.vzae": ["0.5", "1", "0.2"],
    "stelle.beschaeftigungsbeginn": ["2018-03-01"] * 3,
    "antrag.art": ["erstantrag"] * 3,
    "bemerkung": ["ä", None, 'zwei "Zeilen"'],
}


@cache
def sound_files() -> dict[str, tuple[bytes, ...]]:
    """Return files that can be read, by their endings: made here, and those that once could not be read."""
    frame = pl.DataFrame(_ROWS)
    parquet, book = io.BytesIO(), io.BytesIO()
    frame.with_columns(pl.col("stelle.vzae").cast(pl.Float64)).write_parquet(parquet)
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet("Stellen")
        for row, line in enumerate([list(_ROWS), *frame.rows()]):
            sheet.write_row(row, 0, line)
        sheet.write_formula(4, 2, "=0.25+0.25", None, 0.5)
        sheet.merge_range("F2:F4", "x")
    made = {
        ".csv": (frame.write_csv(separator=";").encode(), b"\xef\xbb\xbf" + frame.write_csv().encode()),
        ".jsonl": (frame.write_ndjson().encode(), b'{"on": "2018-06-01", "antrag": {"stellen": [{"vzae": "0.5"}]}}\n'),
        ".xlsx": (book.getvalue(),),
        ".parquet": (parquet.getvalue(),),
    }
    kept = {ending: tuple(path.read_bytes() for path in sorted(FILES.glob(f"*{ending}"))) for ending in made}
    return {ending: (*made[ending], *kept[ending]) for ending in made}


@st.composite
def table_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw a file: its ending, and what it holds, damaged in a few places; of a workbook its parts are."""
    ending = draw(st.sampled_from(sorted(sound_files())))
    content = draw(st.sampled_from(sound_files()[ending]))
    if ending == ".xlsx" and draw(st.integers(0, 3)):
        content = _with_damaged_part(draw, content)
    else:
        content = _damaged(draw, content)
    if not draw(st.integers(0, 19)):
        ending = draw(st.sampled_from([".csv", ".jsonl", ".xlsx", ".parquet", ".ods", ".tsv"]))
    return ending, content


def _damaged(draw: st.DrawFn, content: bytes) -> bytes:
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        match draw(st.integers(0, 3)):
            case 0:
                content = content[:at] + draw(st.sampled_from(PIECES)) + content[at:]
            case 1:
                content = content[:at] + content[at + draw(st.integers(1, 40)) :]
            case 2:
                content = content[:at] + draw(st.binary(min_size=1, max_size=4)) + content[at + 1 :]
            case _:
                content = content[:at] if draw(st.booleans()) else content + content[at : at + 400]
    return content


def _with_damaged_part(draw: st.DrawFn, content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
        names = before.namelist()
        parts = [
            name for name in names if "sheet" in name or "workbook" in name or "Strings" in name or "styles" in name
        ]
        chosen = draw(st.sampled_from(parts or names))
        for name in names:
            part = before.read(name)
            after.writestr(name, _damaged(draw, part) if name == chosen else part)
    return written.getvalue()
