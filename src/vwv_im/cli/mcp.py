"""`vwv-im mcp`: tools and prompts for assistants, over standard input and output."""

from __future__ import annotations

from vwv_im.cli.options import LangOption, RulesOption, refuse
from vwv_im.law.regulation import regulation


def mcp(lang: LangOption = "de", rules: RulesOption = None) -> None:
    """Answer an assistant until it ends; standard output has the protocol alone."""
    try:
        from vwv_im.mcp.server import serve  # noqa: PLC0415 - an extra, loaded when it is asked for
    except ModuleNotFoundError as error:
        refuse(f'Es fehlt {error.name}: pip install "vwv-im[mcp]"')
    regulation(rules)
    serve(lang, rules)
