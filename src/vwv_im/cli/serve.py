"""`vwv-im serve`: the HTTP API and the web page."""

from __future__ import annotations

import inspect
import os
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import Field, fields
from typing import Annotated, Any

import typer

from vwv_im.cli.options import refuse
from vwv_im.law.regulation import regulation
from vwv_im.text import FaultyInputError, Place, fault_of, system_said
from vwv_im.web.settings import PREFIX, Settings, option_of, variable_of

_SEVERAL = {"hosts": ("--allowed-host", list[str] | None), "origins": ("--cors-origin", list[str] | None)}
"""Settings that hold several words, each of which is given by an option of its own."""


def _with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each setting; it gets those that were chosen, as text."""
    own = list(inspect.signature(command, eval_str=True).parameters.values())[:-1]
    options = [inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, **_option(one)) for one in fields(Settings)]
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [*(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own), *options]
    )
    return command


def _option(one: Field[Any]) -> dict[str, Any]:
    name, kind = _SEVERAL.get(one.name, (option_of(one.name), str | None))
    several = " Mehrfach möglich." if one.name in _SEVERAL else ""
    known = f" Vorgabe: {one.default}." if one.default else ""
    about = f"{one.metadata['about']}{several}{known} Auch als Variable {variable_of(one.name)}."
    return {"annotation": Annotated[kind, typer.Option(name, help=about)], "default": None}


@_with_settings
def serve(
    host: Annotated[
        str, typer.Option(envvar=f"{PREFIX}HOST", help="Adresse, an der Anfragen angenommen werden.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, envvar=f"{PREFIX}PORT", help="Port.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, envvar=f"{PREFIX}WORKERS", help="Wie viele Prozesse.")] = 1,
    browser: Annotated[bool, typer.Option("--open", help="Die Webseite im Browser öffnen.")] = False,
    **settings: Any,
) -> None:
    """Serve the HTTP interface and the web page."""
    given = {name: value if isinstance(value, str) else " ".join(value) for name, value in settings.items() if value}
    chosen = Settings.from_environment(options=given)
    try:
        import vwv_im.web.connections  # noqa: F401, PLC0415 - what only running needs: missing, it is told at once
        from vwv_im.web.server import listen, run  # noqa: PLC0415 - an extra, loaded when it is asked for
    except ModuleNotFoundError as error:
        refuse(f'Es fehlt {error.name}: pip install "vwv-im[web]"')
    regulation(chosen.rules or None)
    os.environ |= {**chosen.to_environment(), variable_of("hosts"): f"{chosen.hosts} {host}".strip()}
    try:
        door = listen(host, port)
    except OSError as error:
        fault = fault_of("cannot_listen", Place(f"{host}:{port}"), why=system_said(error))
        raise FaultyInputError([fault]) from None
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    typer.echo(f"Webseite: {address}\nSchnittstelle: {address}v1/openapi.json\nStrg+C beendet.", err=True)
    if browser:
        # the socket listens already: the browser waits until the server is ready
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    run(door, workers)
