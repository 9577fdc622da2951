"""`vwv-im export dmn|json`: the rules in forms that other tools read."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated, cast

import typer

from vwv_im.cli.options import Lang, LangOption, RulesOption, cannot_write, guarded, refuse
from vwv_im.law.model import QUESTIONS, Question
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.publish.dmn import dmn_of
from vwv_im.publish.regulation_json import regulation_document
from vwv_im.text import Fault, Language, Place, Text

_KINDS = ("dmn", "json")


def export(
    kind: Annotated[
        str, typer.Argument(help="dmn: die Entscheidungstabellen; json: das ganze Regelwerk.", metavar="dmn|json")
    ],
    fassung: Annotated[
        str | None, typer.Option("--fassung", help="Nur dmn: Kennung der Fassung; ohne Angabe die letzte.")
    ] = None,
    erlass: Annotated[
        list[str] | None, typer.Option("--erlass", help="Nur dmn: ein Erlass neben der Fassung; mehrfach möglich.")
    ] = None,
    question: Annotated[
        str | None, typer.Option("--question", help="Nur dmn: antrag (Vorgabe), zielgruppe oder zaehlung.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Datei; ohne Angabe die Standardausgabe.")] = None,
    lang: LangOption = Lang.DE,
    rules: RulesOption = None,
) -> None:
    """Die Regeln für andere Programme: als DMN 1.3 oder als JSON."""
    if kind not in _KINDS:
        refuse(_unknown("export", kind, _KINDS).render(lang.value))
    law = guarded(lambda: regulation(rules), lang.value)
    if kind == "json":
        if fassung or erlass or question:
            refuse(_refused("json", *_ONLY_DMN).render(lang.value))
        content = f"{regulation_document(law).to_json()}\n".encode()
    else:
        content = _dmn(law, fassung, tuple(erlass or ()), question or "antrag", lang.value)
    _write(content, out, lang.value)


_ONLY_DMN = (
    Text(
        "--fassung, --erlass und --question gibt es nur bei dmn.",
        "--fassung, --erlass and --question are for dmn only.",
    ),
    Text(
        "Lassen Sie sie weg; das JSON enthält jede Fassung und jede Frage.",
        "Leave them out; the JSON holds every Fassung and every question.",
    ),
)


def _dmn(law: Regulation, fassung: str | None, erlasse: tuple[str, ...], question: str, lang: Language) -> bytes:
    known = [one.id for one in law.fassungen]
    decrees = [akt.id for akt in law.acts if akt.art == "erlass"]
    chosen = fassung or known[-1]
    unknown = [_unknown("--fassung", chosen, known)] if chosen not in known else []
    unknown += [_unknown("--erlass", name, decrees) for name in erlasse if name not in decrees]
    unknown += [
        _beside(law, name) for name in erlasse if name in decrees and chosen in known and chosen != _basis(law, name)
    ]
    unknown += [_unknown("--question", question, QUESTIONS)] if question not in QUESTIONS else []
    if unknown:
        refuse("\n".join(fault.render(lang) for fault in unknown))
    return dmn_of(law, chosen, tuple(name for name in decrees if name in erlasse), cast("Question", question))


def _unknown(option: str, value: str, possible: list[str] | tuple[str, ...]) -> Fault:
    listed = ", ".join(possible)
    message = Text(f"'{value}' ist unbekannt.", f"'{value}' is unknown.")
    return _refused(option, message, Text(f"Möglich sind: {listed}.", f"Possible are: {listed}."))


def _refused(place: str, message: Text, hint: Text) -> Fault:
    return Fault("VIM150", Place(place), message, hint)


def _basis(law: Regulation, erlass: str) -> str | None:
    """Return the Fassung beside which an Erlass began to stand."""
    return law.choose(law.act(erlass).gilt_ab.datum).basis


def _beside(law: Regulation, erlass: str) -> Fault:
    basis = _basis(law, erlass)
    message = Text(
        f"Der Erlass {erlass} steht neben der Fassung {basis}.", f"The Erlass {erlass} stands beside Fassung {basis}."
    )
    hint = Text(f"Nennen Sie --fassung {basis}.", f"Say --fassung {basis}.")
    return _refused("--erlass", message, hint)


def _write(content: bytes, out: Path | None, lang: Language) -> None:
    """Write to standard output, or to a file that is there whole or not at all."""
    if out is None:
        typer.echo(content, nl=False)
        return
    unfinished = out.parent / f".{out.name}.unfertig"
    try:
        unfinished.write_bytes(content)
        unfinished.replace(out)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        refuse(cannot_write(out, error).render(lang))
