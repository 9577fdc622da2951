"""What parsers and the operating system say, in the reader's language; what is not known here is left out of German."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping
from types import MappingProxyType

from vwv_im.text.bilingual import Text

_PARSERS: Mapping[str, str] = MappingProxyType(
    {
        "Expecting property name": "erwartet ist ein Schlüssel in doppelten Anführungszeichen",
        "Expecting ',' delimiter": "erwartet ist ein Komma oder eine schließende Klammer",
        "Expecting ':' delimiter": "erwartet ist ein Doppelpunkt",
        "Expecting value": "erwartet ist ein Wert",
        "Extra data": "nach dem Ende steht noch etwas",
        "Illegal trailing comma": "vor der schließenden Klammer steht ein Komma",
        "Unterminated string": "ein Text endet nicht; es fehlt ein Anführungszeichen",
        "Invalid control character": "ein Steuerzeichen oder Zeilenumbruch steht in einem Text",
        "Invalid \\": "auf einen Rückstrich folgt ein unpassendes Zeichen",
        "mapping values are not allowed": "ein Doppelpunkt steht, wo keiner stehen darf",
        "sequence entries are not allowed": "ein Listeneintrag steht, wo keiner stehen darf",
        "mapping keys are not allowed": "ein Schlüssel steht, wo keiner stehen darf",
        "expected <block end>": "die Einrückung passt nicht",
        "expected the node content": "es fehlt ein Wert",
        "expected ',' or '}'": "es fehlt ein Komma oder eine geschweifte Klammer",
        "expected ',' or ']'": "es fehlt ein Komma oder eine eckige Klammer",
        "could not find expected ':'": "es fehlt ein Doppelpunkt",
        "found unexpected end of stream": "der Text endet zu früh",
        "found character '\\t'": "ein Tabulator steht, wo Leerzeichen stehen müssen",
        "found character": "ein Zeichen steht, wo es nicht stehen darf",
        "found unknown escape character": "auf einen Rückstrich folgt ein unpassendes Zeichen",
        "special characters are not allowed": "der Text enthält Steuerzeichen",
    }
)
_SYSTEM: Mapping[int, Text] = MappingProxyType(
    {
        errno.ENOENT: Text("den Ordner gibt es nicht", "there is no such folder"),
        errno.ENOTDIR: Text("ein Teil des Pfads ist kein Ordner", "a part of the path is no folder"),
        errno.EISDIR: Text("das ist ein Ordner", "this is a folder"),
        errno.EACCES: Text("die Rechte fehlen", "permission is lacking"),
        errno.EPERM: Text("die Rechte fehlen", "permission is lacking"),
        errno.EROFS: Text("dort darf nur gelesen werden", "it is read-only"),
        errno.ENOSPC: Text("kein Platz mehr", "no space is left"),
        errno.ENAMETOOLONG: Text("der Name ist zu lang", "the name is too long"),
        errno.EADDRINUSE: Text("der Port ist schon vergeben", "the port is taken"),
        socket.EAI_NONAME: Text("diesen Namen kennt der Rechner nicht", "this machine does not know the name"),
        errno.EADDRNOTAVAIL: Text("diese Adresse hat der Rechner nicht", "this machine does not have the address"),
    }
)


def parser_said(problem: str) -> Text:
    """Return what a parser of JSON or YAML says is wrong, in brackets; empty in German where it has no German.

    >>> parser_said("Expecting value").de
    ' (erwartet ist ein Wert)'
    >>> parser_said("something new")
    Text(de='', en=' (something new)')
    """
    known = next((words for begin, words in _PARSERS.items() if problem.startswith(begin)), "")
    return Text(f" ({known})" if known else "", f" ({problem})")


def system_said(error: OSError) -> Text:
    """Return why the operating system refuses something.

    >>> system_said(PermissionError(13, "Permission denied")).de
    'die Rechte fehlen'
    """
    number = f"Fehler {error.errno} des Systems", error.strerror or f"error {error.errno} of the system"
    return _SYSTEM.get(error.errno or 0, Text(*number))
