"""What parsers and the operating system say, in the reader's language; what is not known here is left out of German."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping
from types import MappingProxyType

from vwv_im.text.bilingual import Text

_PARSERS: Mapping[str, str] = MappingProxyType(
    {
        "found character '\\t'": "ein Tabulator steht, wo Leerzeichen stehen müssen",
        "could not find expected ':'": "nach dem Schlüssel fehlt ein Doppelpunkt",
        "mapping values are not allowed here": "hier darf kein weiterer Doppelpunkt stehen",
        "mapping keys are not allowed here": "hier darf kein Schlüssel stehen",
        "sequence entries are not allowed here": "hier darf kein Listeneintrag stehen",
        "found unexpected ':'": "hier steht ein Doppelpunkt zu viel",
        "expected <block end>": "diese Zeile passt nicht zur Einrückung davor",
        "expected ',' or ']'": "hier fehlt ein Komma oder eine eckige Klammer",
        "expected ',' or '}'": "hier fehlt ein Komma oder eine geschweifte Klammer",
        "expected the node content": "hier fehlt ein Wert",
        "found unexpected end of stream": "ein Anführungszeichen wird nicht geschlossen",
        "found unknown escape character": "hier steht ein unbekanntes Zeichen nach einem Rückstrich",
        "found character": "mit diesem Zeichen kann hier nichts beginnen",
        "Expecting value": "hier fehlt ein Wert",
        "Expecting property name": "hier fehlt ein Schlüssel in doppelten Anführungszeichen",
        "Expecting ':' delimiter": "nach dem Schlüssel fehlt ein Doppelpunkt",
        "Expecting ',' delimiter": "hier fehlt ein Komma oder eine Klammer",
        "Illegal trailing comma": "hier steht ein Komma zu viel",
        "Unterminated string": "ein Anführungszeichen wird nicht geschlossen",
        "Invalid control character": "im Text steht ein Steuerzeichen",
        "Invalid \\": "hier steht ein unbekanntes Zeichen nach einem Rückstrich",
        "Extra data": "nach dem Ende steht noch etwas",
        "special characters are not allowed": "der Text enthält Steuerzeichen",
    }
)
_CLEARER: Mapping[str, str] = MappingProxyType(
    {
        "expected <block end>": "this line does not fit the indentation before it",
        "expected the node content": "a value is missing here",
        "could not find expected ':'": "a colon is missing after the key",
        "found character": "nothing can begin with this character here",
    }
)
"""Words for what a parser says in terms of its own."""
_SYSTEM: Mapping[int, Text] = MappingProxyType(
    {
        errno.ENOENT: Text("den Ordner gibt es nicht", "there is no such folder"),
        errno.ENOTDIR: Text("ein Teil des Pfads ist kein Ordner", "a part of the path is no folder"),
        errno.EISDIR: Text("das ist ein Ordner", "this is a folder"),
        errno.EACCES: Text("die Rechte fehlen", "permission is lacking"),
        errno.EPERM: Text("die Rechte fehlen", "permission is lacking"),
        errno.EROFS: Text("dort darf nur gelesen werden", "it is read-only"),
        errno.ENOSPC: Text("der Datenträger ist voll", "no space is left"),
        errno.EDQUOT: Text("Ihr Anteil am Datenträger ist verbraucht", "your share of the disk is used up"),
        errno.ENAMETOOLONG: Text("der Name ist zu lang", "the name is too long"),
        errno.EADDRINUSE: Text("der Port ist schon vergeben", "the port is taken"),
        socket.EAI_NONAME: Text("diesen Namen kennt der Rechner nicht", "this machine does not know the name"),
        errno.EADDRNOTAVAIL: Text("diese Adresse hat der Rechner nicht", "this machine does not have the address"),
    }
)


def not_valid(language: str, problem: str) -> Text:
    """Return the message that a text is not valid YAML or JSON, with what its parser has found.

    >>> not_valid("JSON", "Expecting value").de
    'Das ist kein gültiges JSON: hier fehlt ein Wert.'
    >>> not_valid("YAML", "what nobody foresaw")
    Text(de='Das ist kein gültiges YAML.', en='This is not valid YAML: what nobody foresaw.')
    """
    known = next((german for start, german in _PARSERS.items() if problem.startswith(start)), "")
    problem = next((english for start, english in _CLEARER.items() if problem.startswith(start)), problem)
    return Text(
        f"Das ist kein gültiges {language}: {known}." if known else f"Das ist kein gültiges {language}.",
        f"This is not valid {language}: {problem}.",
    )


def system_said(error: OSError) -> Text:
    """Return why the operating system refuses something.

    >>> system_said(PermissionError(13, "Permission denied")).de
    'die Rechte fehlen'
    """
    number = f"Fehler {error.errno} des Systems", error.strerror or f"error {error.errno} of the system"
    return _SYSTEM.get(error.errno or 0, Text(*number))
