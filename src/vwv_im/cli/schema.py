"""`vwv-im schema NAME`: the JSON Schemas of cases, decisions and rule files."""

from __future__ import annotations

from typing import Annotated

import typer

from vwv_im.cli.options import print_json, refuse
from vwv_im.publish.schemas import SCHEMAS, schema_of


def schema(
    name: Annotated[str, typer.Argument(help=f"Eines von: {', '.join(SCHEMAS)}.", metavar="NAME")],
) -> None:
    """Das JSON-Schema eines Falls (case), einer Entscheidung (decision) oder einer Art von Regeldatei."""
    if name not in SCHEMAS:
        refuse(f"'{name}' ist unbekannt. Möglich sind: {', '.join(SCHEMAS)}.")
    print_json(schema_of(name))
