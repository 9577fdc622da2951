"""The route that takes a table of many cases and gives it back with what came of each; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from vwv_im.law.regulation import Regulation
from vwv_im.text import Language, Text
from vwv_im.web.case_routes import AService, Lang, response_to
from vwv_im.web.describe import answers
from vwv_im.web.negotiation import accept_of, best_of, lang_of
from vwv_im.web.problems import Answer, Problem, answer_too_large
from vwv_im.web.request_body import body_of, kind_of
from vwv_im.web.settings import Settings

_CSV, _JSON_LINES, _PARQUET = "text/csv", "application/jsonl", "application/vnd.apache.parquet"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READ: Mapping[str, str] = {
    _CSV: ".csv",
    "text/tab-separated-values": ".tsv",
    _JSON_LINES: ".jsonl",
    "application/x-ndjson": ".jsonl",
    _XLSX: ".xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    _PARQUET: ".parquet",
}
"""The media types of tables that are read, and how their files end."""
_WRITTEN: Mapping[str, str] = {"csv": _CSV, "xlsx": _XLSX, "jsonl": _JSON_LINES, "parquet": _PARQUET}
_LIKE = {".tsv": "csv", ".ods": "xlsx"}
"""The form of the answer to what is read only."""
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own within it, with a name that nobody guesses
_SOURCE, _TARGET, _FAULTS = "tabelle", "ergebnis", ".fehler.csv"
router = APIRouter(prefix="/v1", tags=["Tabellen"])
Day = {"format": "date"}


@dataclass(frozen=True, slots=True)
class SentTable:
    """A table as a client sent it, how its file ends, what is asked, and in which form it is given back."""

    content: bytes
    ending: str
    asked: Mapping[str, Any]
    form: str
    part: str
    lang: Language


@router.post(
    "/batches",
    name="batches",
    operation_id="batch",
    summary="Eine Tabelle entscheiden",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in READ},
        }
    },
    **answers(files=_WRITTEN.values()),
)
async def batches(  # noqa: PLR0913, PLR0917 - what the address may say
    http: Request,
    service: AService,
    on: Annotated[
        str | None,
        Query(description="Tag der Entscheidung, wo keine Spalte `on` ihn nennt.", json_schema_extra=Day),
    ] = None,
    known_on: Annotated[
        str | None, Query(description="Stand des Wissens: nur damals bekannte Akte.", json_schema_extra=Day)
    ] = None,
    question: Annotated[str | None, Query(description="Die Frage; ohne Angabe die erste.")] = None,
    reading: Annotated[list[str] | None, Query(description="Eine Lesart, NAME=WERT; mehrfach möglich.")] = None,
    form: Annotated[
        Literal["csv", "xlsx", "jsonl", "parquet"] | None,
        Query(description="Ohne Angabe, was Accept verlangt, sonst die Form der Tabelle."),
    ] = None,
    part: Annotated[
        Literal["results", "faults"],
        Query(description="results: die Zeilen mit ihren Ergebnissen; faults: die Liste der Fehler, als CSV."),
    ] = "results",
    lang: Lang = None,  # noqa: ARG001 - `lang_of` reads it
) -> Response:
    """Nimmt eine Tabelle wie `vwv-im batch` und gibt sie mit den Ergebnissen zurück.

    `Vwv-Im-Rows` und `Vwv-Im-Faults` zählen die Zeilen und die Fehler darin.
    """
    settings, accept = service.settings, accept_of(http)
    ending = kind_of(http, READ)
    chosen = _form_of(form, ending, part, accept)
    readings = dict(pair.partition("=")[::2] for pair in reading or ())
    asked = {"on": on, "known_on": known_on, "question": question, "readings": readings}
    content = await body_of(http, service.door, settings.table_bytes)
    sent = SentTable(content, ending, asked, chosen, part, lang_of(http))
    with TemporaryDirectory(prefix="vwv-im-", dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        return response_to(await service.beside(http, sent.lang, _answer, sent, folder), http)


def _form_of(form: str | None, ending: str, part: str, accept: str) -> str:
    """Return the form of the answer: the one asked for, else the one wanted, of several that of the table."""
    own = _LIKE.get(ending, ending.removeprefix("."))
    forms = ["csv"] if part == "faults" else [form] if form else sorted(_WRITTEN, key=own.__ne__)
    best = best_of(accept, [_WRITTEN[one] for one in forms])
    return next(one for one in forms if _WRITTEN[one] == best)


def _answer(law: Regulation, sent: SentTable, folder: str, settings: Settings) -> Answer:
    from vwv_im.reasoning.columns.exact_numbers import NotInColumnsError  # noqa: PLC0415
    from vwv_im.tables.file_batch import Batch  # noqa: PLC0415 - an extra, loaded in the process that needs it
    from vwv_im.tables.frames import request_of  # noqa: PLC0415

    source, target = Path(folder, f"{_SOURCE}{sent.ending}"), Path(folder, f"{_TARGET}.{sent.form}")
    source.write_bytes(sent.content)
    _, request = request_of(**sent.asked, rules=settings.rules or None)
    try:
        summary = Batch(source, target, law, request, sent.asked["on"] is None, sent.lang).run()
    except NotInColumnsError as error:
        said = Text(f"Tabellen können das nicht rechnen: {error}.", f"Tables cannot compute this: {error}.")
        raise Problem("undecided", said) from None
    faults = target.with_name(f"{target.name}{_FAULTS}")
    given = target if sent.part == "results" else faults
    content = given.read_bytes() if given.exists() else b""
    if len(content) > settings.answer_bytes:
        raise answer_too_large(settings.answer_bytes, _SHORTER)
    named = given.name.removeprefix(f"{target.name}.")
    headers = {
        "Content-Disposition": f'attachment; filename="{named}"',
        "Vwv-Im-Rows": str(summary.rows),
        "Vwv-Im-Faults": str(summary.faults),
    }
    return Answer(content, _WRITTEN[sent.form], headers=headers)


_SHORTER = Text("Teilen Sie die Tabelle.", "Split the table.")
