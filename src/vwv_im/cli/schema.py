"""`vwv-im schema NAME`: the JSON Schemas of cases, decisions, the regulation and rule files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vwv_im.cli.options import cannot_write, print_json, refuse
from vwv_im.publish.schemas import SCHEMAS, schema_of, write_schemas


def schema(
    name: Annotated[
        str | None, typer.Argument(help=f"Eines von: {', '.join(SCHEMAS)}.", metavar="NAME", show_default=False)
    ] = None,
    target: Annotated[
        Path | None, typer.Option("--write", help="Die Schemas für Editoren in dieses Verzeichnis schreiben.")
    ] = None,
) -> None:
    """Das JSON-Schema von Fall (case), Entscheidung (decision) und anderen Ausgaben, oder einer Art Regeldatei."""
    if target is not None and name is None:
        try:
            write_schemas(target)
        except OSError as error:
            refuse(cannot_write(target, error).render("de"))
        return
    if name is None or name not in SCHEMAS:
        said = "Der Name fehlt." if name is None else f"'{name}' ist unbekannt."
        refuse(f"{said} Möglich sind: {', '.join(SCHEMAS)}.")
    print_json(schema_of(name))
