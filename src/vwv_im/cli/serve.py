"""`vwv-im serve`: the HTTP API and the web page."""

from __future__ import annotations

import os
from typing import Annotated, get_args

import typer

from vwv_im.cli.options import guarded, refuse
from vwv_im.decision.request import EngineName
from vwv_im.law.regulation import regulation

_ENGINES = get_args(EngineName)


def serve(
    host: Annotated[str, typer.Option(help="Adresse, auf der gelauscht wird.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Wie viele Prozesse.")] = 1,
    engine: Annotated[str, typer.Option(help=f"Verfahren ohne eigene Angabe: {', '.join(_ENGINES)}.")] = "checked",
    cors_origin: Annotated[
        list[str] | None, typer.Option(help="Fremde Seite, die die API aufrufen darf; mehrfach möglich.")
    ] = None,
) -> None:
    """HTTP-API und Webseite starten. Angaben werden weder gespeichert noch protokolliert.

    Grenzen setzen die Variablen VWV_IM_WEB_BYTES, _POSTS, _SECONDS, _WAITING. Strg+C beendet geordnet.
    """
    if engine not in _ENGINES:
        refuse(f"--engine {engine}: Möglich sind {', '.join(_ENGINES)}.")
    try:
        from vwv_im.web.run import check, run  # noqa: PLC0415 - an extra, loaded when it is asked for
    except ModuleNotFoundError as error:
        refuse(f'Es fehlt {error.name}: pip install "vwv-im[web]"')
    guarded(regulation, "de")
    os.environ |= {"VWV_IM_WEB_ENGINE": engine, "VWV_IM_WEB_ORIGINS": " ".join(cors_origin or ())}
    if (fault := check(host, port)) is not None:
        refuse(fault)
    typer.echo(f"vwv-im lauscht auf http://{host}:{port}/ (Strg+C beendet)", err=True)
    run(host, port, workers)
