"""`vwv-im schema NAME`: the JSON Schemas of cases, decisions, the regulation and rule files."""

from __future__ import annotations

from typing import Annotated

import typer

from vwv_im.cli.options import print_json, refuse
from vwv_im.publish.schemas import SCHEMAS, schema_of


def schema(
    name: Annotated[str, typer.Argument(help=f"Eines von: {', '.join(SCHEMAS)}.", metavar="NAME")],
) -> None:
    """Das JSON-Schema von Fall (case), Entscheidung (decision), Regelwerk (regulation), oder einer Art Regeldatei."""
    if name not in SCHEMAS:
        refuse(f"'{name}' ist unbekannt. Möglich sind: {', '.join(SCHEMAS)}.")
    print_json(schema_of(name))
