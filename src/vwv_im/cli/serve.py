"""`vwv-im serve`: the HTTP API and the web page."""

from __future__ import annotations

import os
from typing import Annotated, get_args

import typer

from vwv_im.cli.options import RulesOption, refuse, unknown
from vwv_im.law.regulation import regulation
from vwv_im.reasoning.engines import EngineName
from vwv_im.text import FaultyInputError, Place, fault_of, system_said

_ENGINES = get_args(EngineName)


def serve(
    host: Annotated[str, typer.Option(help="Adresse, an der Anfragen angenommen werden.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Wie viele Prozesse.")] = 1,
    engine: Annotated[str, typer.Option(help=f"Verfahren ohne eigene Angabe: {', '.join(_ENGINES)}.")] = "checked",
    cors_origin: Annotated[
        list[str] | None, typer.Option(help="Fremde Seite, die die API aufrufen darf; mehrfach möglich.")
    ] = None,
    rules: RulesOption = None,
) -> None:
    """HTTP-API und Webseite starten. Angaben werden weder gespeichert noch protokolliert.

    Grenzen setzen die Variablen VWV_IM_WEB_BYTES, _POSTS, _SECONDS, _WAITING. Strg+C beendet geordnet.
    """
    if engine not in _ENGINES:
        raise FaultyInputError([unknown("--engine", engine, _ENGINES)])
    try:
        from vwv_im.web.server import listen, run  # noqa: PLC0415 - an extra, loaded when it is asked for
        from vwv_im.web.settings import PREFIX, Settings  # noqa: PLC0415
    except ModuleNotFoundError as error:
        refuse(f'Es fehlt {error.name}: pip install "vwv-im[web]"')
    regulation(rules)
    chosen = {"ENGINE": engine, "ORIGINS": " ".join(cors_origin or ()), "RULES": str(rules or "")}
    os.environ |= {f"{PREFIX}{name}": value for name, value in chosen.items()}
    Settings.from_environment()
    try:
        door = listen(host, port)
    except OSError as error:
        fault = fault_of("cannot_listen", Place(f"{host}:{port}"), why=system_said(error))
        raise FaultyInputError([fault]) from None
    typer.echo(f"vwv-im lauscht auf http://{host}:{port}/ (Strg+C beendet)", err=True)
    run(door, workers)
