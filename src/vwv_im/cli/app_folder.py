"""`vwv-im export app`: the page without a server, as a folder."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

import typer

from vwv_im import __version__
from vwv_im.cli.options import refuse
from vwv_im.cli.terminal import working
from vwv_im.text import FaultyInputError, Language, Place, Text, fault_of, make_folder


def write_app(target: Path | None, wheel: Path | None, downloads: Path | None, lang: Language) -> None:
    """Fetch what is needed, write the folder, and say how large it is and how it is opened."""
    try:
        from vwv_im.web.app.folder import write_folder  # noqa: PLC0415 - an extra, loaded when it is asked for
        from vwv_im.web.app.parts import built, fetched  # noqa: PLC0415
    except ModuleNotFoundError as error:
        refuse(f'Es fehlt {error.name}: pip install "vwv-im[web]"')
    checkout = Path(__file__).parents[3]
    faults = [] if target is not None else [fault_of("app_no_target", Place("app"))]
    if wheel is None and not (checkout / "pyproject.toml").is_file():
        faults.append(fault_of("app_no_wheel", Place("--wheel"), version=__version__))
    if target is None or faults:
        raise FaultyInputError(faults)
    with ExitStack() as stack:
        meanwhile = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(working("Die Teile werden geholt"))
        make_folder(downloads or meanwhile)
        parts = fetched(downloads or meanwhile)
        size = write_folder(target, wheel or built(meanwhile, checkout), parts)
    told = Text(
        f"{target}: {size / 1e6:.1f} MB. Öffnen: python -m http.server --bind 127.0.0.1 -d {target} 8000",
        f"{target}: {size / 1e6:.1f} MB. To open it: python -m http.server --bind 127.0.0.1 -d {target} 8000",
    )
    typer.echo(told.in_(lang))
