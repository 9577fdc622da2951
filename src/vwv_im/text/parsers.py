"""What parsers of YAML and JSON say, in German as well."""

from __future__ import annotations

from vwv_im.text.bilingual import Text

_GERMAN = {
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
}


def not_valid(language: str, problem: str) -> Text:
    """Return the message that a text is not valid YAML or JSON, with what its parser has found.

    >>> not_valid("JSON", "Expecting value").de
    'Das ist kein gültiges JSON: hier fehlt ein Wert.'
    >>> not_valid("YAML", "what nobody foresaw")
    Text(de='Das ist kein gültiges YAML.', en='This is not valid YAML: what nobody foresaw.')
    """
    known = next((german for start, german in _GERMAN.items() if problem.startswith(start)), "")
    return Text(
        f"Das ist kein gültiges {language}: {known}." if known else f"Das ist kein gültiges {language}.",
        f"This is not valid {language}: {problem}.",
    )
