"""The kinds of fault a case may have: a code for each, what is wrong, and how to mend it.

`CODES` lists the codes for the docs. `KINDS` maps the error types of pydantic, and those of
`vwv_im.case.values`, to the sentences that a reader gets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from vwv_im.text import Form, Text

CODES: Mapping[str, Text] = MappingProxyType(
    {
        "VIM101": Text("unbekannte Angabe", "unknown field"),
        "VIM102": Text("Schlüssel ist kein Text", "key is not text"),
        "VIM103": Text("keine Zuordnung", "not a mapping"),
        "VIM104": Text("keine Liste", "not a list"),
        "VIM105": Text("leerer Fall", "empty case"),
        "VIM106": Text("leere Liste", "empty list"),
        "VIM107": Text("zu viele Einträge", "too many entries"),
        "VIM108": Text("doppelter Eintrag in einer Liste", "duplicate entry in a list"),
        "VIM109": Text("unbekannter Wert einer Auswahl", "unknown value of an enumeration"),
        "VIM110": Text("keine ganze Zahl", "not a whole number"),
        "VIM111": Text("kein Wahrheitswert", "not a truth value"),
        "VIM112": Text("keine Dezimalzahl", "not a decimal number"),
        "VIM113": Text("Dezimalkomma", "decimal comma"),
        "VIM114": Text("zu viele Nachkommastellen", "too many decimals"),
        "VIM115": Text("Zahl außerhalb des Bereichs", "number out of range"),
        "VIM116": Text("Schreibweise eines Datums", "form of a date"),
        "VIM117": Text("Datum, das es nicht gibt", "impossible date"),
        "VIM118": Text("Datum außerhalb des Bereichs", "date out of range"),
        "VIM119": Text("Datum mit Uhrzeit", "date with a time"),
        "VIM120": Text("kein Text", "not text"),
        "VIM121": Text("leerer Text", "blank text"),
        "VIM122": Text("zu langer Text", "text too long"),
        "VIM123": Text("Steuerzeichen im Text", "control character in a text"),
        "VIM124": Text("Schreibweise eines Textes", "form of a text"),
        "VIM198": Text("weitere Fehler, nicht aufgeführt", "further faults, not listed"),
        "VIM199": Text("sonstiger Fehler", "other fault"),
    }
)


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of fault is told; `message` and the hints are templates for `str.format`.

    `hint` fits every form in which a case is stated, but those that have one of their own in `hints`.

    >>> KINDS["bool_type"].hint_in("cell").en
    'Write ja or nein.'
    """

    code: str
    message: Text
    hint: Text | None = None
    hints: Mapping[Form, Text] = field(default_factory=dict)

    def hint_in(self, form: Form) -> Text | None:
        """Return how to mend it where the case is stated in `form`."""
        return self.hints.get(form, self.hint)


_MAPPING = Kind(
    "VIM103",
    Text("{value} ist keine Zuordnung von Schlüsseln zu Werten.", "{value} is not a mapping of keys to values."),
    Text("Schreiben Sie ein Objekt mit Schlüsseln und Werten.", "Write an object of keys and values."),
    {
        "yaml": Text(
            "Schreiben Sie je Angabe eine Zeile 'schluessel: wert'.", "Write one line 'key: value' for each entry."
        )
    },
)
_LIST = Kind(
    "VIM104",
    Text("{value} ist keine Liste.", "{value} is not a list."),
    Text(
        "Schreiben Sie die Einträge in eckige Klammern, auch einen einzelnen.",
        "Put the entries in square brackets, also a single one.",
    ),
    {
        "yaml": Text(
            "Schreiben Sie je Eintrag eine Zeile mit '- '.", "Write one line beginning with '- ' for each entry."
        ),
        "frame": Text("Die Spalte muss Listen von Text enthalten.", "The column must hold lists of text."),
    },
)
_WHOLE = Kind(
    "VIM110",
    Text("{value} ist keine ganze Zahl.", "{value} is not a whole number."),
    Text(
        "Schreiben Sie nur Ziffern, ohne Anführungszeichen, Punkt und Komma, zum Beispiel 166.",
        "Write digits only, without quotes, point or comma, for example 166.",
    ),
    {
        "cell": Text(
            "Schreiben Sie nur Ziffern, ohne Punkt und Komma, zum Beispiel 166.",
            "Write digits only, without point or comma, for example 166.",
        ),
        "frame": Text("Die Spalte muss ganze Zahlen enthalten.", "The column must hold integers."),
    },
)
_TRUTH = Kind(
    "VIM111",
    Text("{value} ist kein Wahrheitswert.", "{value} is not a truth value."),
    Text("Schreiben Sie true oder false, ohne Anführungszeichen.", "Write true or false, without quotes."),
    {
        "cell": Text("Schreiben Sie ja oder nein.", "Write ja or nein."),
        "frame": Text("Die Spalte muss Wahrheitswerte enthalten.", "The column must hold truth values."),
    },
)
_TEXT = Kind(
    "VIM120",
    Text("{value} ist kein Text.", "{value} is not text."),
    Text("Setzen Sie den Text in Anführungszeichen.", "Put the text in quotes."),
    {"frame": Text("Die Spalte muss Text enthalten.", "The column must hold text.")},
)
_CONTROL = Kind(
    "VIM123",
    Text("{value} enthält ein Steuerzeichen.", "{value} contains a control character."),
    Text("Schreiben Sie den Text in einer Zeile und ohne Sonderzeichen.", "Write the text as one plain line."),
)
_DATE = Text(
    "Schreiben Sie das Datum als JJJJ-MM-TT, zum Beispiel {example}.",
    "Write the date as YYYY-MM-DD, for example {example}.",
)
_DATES: Mapping[Form, Text] = {
    "cell": Text(
        "Schreiben Sie das Datum wie 01.10.2017 oder 2017-10-01.", "Write the date like 01.10.2017 or 2017-10-01."
    ),
}
_RANGE = Text("Prüfen Sie den Wert und seine Einheit.", "Check the value and its unit.")
_LEAVE_BLANK = Text(
    "Lassen Sie die Zelle leer, wenn die Angabe unbekannt ist.", "Leave the cell blank if the fact is unknown."
)

OTHER = Kind("VIM199", Text("{value} kann nicht gelesen werden.", "{value} cannot be read: {problem}."))

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "extra_forbidden": Kind(
            "VIM101", Text("Die Angabe {key} gibt es hier nicht.", "There is no field {key} here.")
        ),
        "invalid_key": Kind(
            "VIM102",
            Text("Der Schlüssel {key} ist kein Text.", "The key {key} is not text."),
            Text("Schlüssel sind Wörter wie {known}.", "Keys are words like {known}."),
        ),
        "not_a_mapping": _MAPPING,
        "model_type": _MAPPING,
        "dict_type": _MAPPING,
        "mapping_type": _MAPPING,
        "not_a_list": _LIST,
        "tuple_type": _LIST,
        "list_type": _LIST,
        "empty_case": Kind(
            "VIM105",
            Text("Der Fall ist leer.", "The case is empty."),
            Text("Ein Fall hat den Teil {parts_de}.", "A case has the part {parts_en}."),
            {
                "yaml": Text("Ein Fall beginnt mit {keys_de}.", "A case begins with {keys_en}."),
            },
        ),
        "empty_list": Kind(
            "VIM106",
            Text("Die Liste ist leer.", "The list is empty."),
            Text(
                "Nennen Sie mindestens einen Eintrag; ist der Inhalt unbekannt, lassen Sie die Angabe weg.",
                "Name at least one entry; if the content is unknown, leave the field out.",
            ),
            {"cell": _LEAVE_BLANK},
        ),
        "too_many": Kind(
            "VIM107",
            Text("Das sind mehr als {limit} Einträge.", "These are more than {limit} entries."),
            Text("Teilen Sie den Fall.", "Split the case."),
        ),
        "too_many_keys": Kind(
            "VIM107",
            Text("Das sind mehr als {limit} Angaben.", "These are more than {limit} fields."),
            Text("Prüfen Sie die Namen der Angaben.", "Check the names of the fields."),
            {
                "yaml": Text(
                    "Prüfen Sie die Einrückung und die Namen der Angaben.", "Check indentation and names of the fields."
                )
            },
        ),
        "duplicate": Kind(
            "VIM108",
            Text("Der Eintrag {entry} steht mehr als einmal in der Liste.", "The list has {entry} more than once."),
            Text("Nennen Sie jeden Eintrag einmal.", "Name each entry once."),
        ),
        "literal_error": Kind(
            "VIM109",
            Text("Den Wert {value} gibt es hier nicht.", "The value {value} is not known here."),
            Text("Möglich sind: {known}.{meant_de}", "Known values: {known}.{meant_en}"),
        ),
        "int_type": _WHOLE,
        "int_parsing": _WHOLE,
        "int_from_float": _WHOLE,
        "int_parsing_size": _WHOLE,
        "bool_type": _TRUTH,
        "bool_parsing": _TRUTH,
        "not_a_number": Kind(
            "VIM112",
            Text("{value} ist keine Dezimalzahl.", "{value} is not a decimal number."),
            Text(
                'Schreiben Sie eine Zahl mit Punkt, ohne Vorzeichen und Einheit, zum Beispiel 0.5 oder "0.5".',
                'Write a number with a point, without sign and unit, for example 0.5 or "0.5".',
            ),
            {
                "cell": Text(
                    "Schreiben Sie eine Zahl ohne Vorzeichen und Einheit, zum Beispiel 0,5.",
                    "Write a number without sign and unit, for example 0,5.",
                ),
                "frame": Text(
                    "Schreiben Sie eine Zahl mit Punkt, ohne Vorzeichen und Einheit, zum Beispiel 0.5.",
                    "Write a number with a point, without sign and unit, for example 0.5.",
                ),
            },
        ),
        "decimal_comma": Kind(
            "VIM113",
            Text("{value} hat ein Komma.", "{value} has a comma."),
            Text("Schreiben Sie einen Punkt: {example}", "Write a point: {example}"),
        ),
        "too_many_decimals": Kind(
            "VIM114",
            Text("{value} hat mehr als {places} Nachkommastellen.", "{value} has more than {places} decimals."),
            Text(
                "Runden Sie den Wert; ein Punkt trennt keine Tausender, schreiben Sie 51000 statt 51.000.",
                "Round the value; a point does not separate thousands, write 51000 instead of 51.000.",
            ),
            {
                "cell": Text(
                    "Runden Sie den Wert; ein Punkt trennt Tausender nur vor einem Komma, schreiben Sie 51000 oder "
                    "51.000,00.",
                    "Round the value; a point separates thousands only before a comma, write 51000 or 51.000,00.",
                )
            },
        ),
        "out_of_range": Kind(
            "VIM115",
            Text("{value} liegt nicht zwischen 0 und {maximum}.", "{value} is not between 0 and {maximum}."),
            _RANGE,
        ),
        "greater_than_equal": Kind(
            "VIM115", Text("{value} ist kleiner als {ge}.", "{value} is less than {ge}."), _RANGE
        ),
        "less_than_equal": Kind(
            "VIM115", Text("{value} ist größer als {le}.", "{value} is greater than {le}."), _RANGE
        ),
        "date_form": Kind("VIM116", Text("{value} ist kein Datum.", "{value} is not a date."), _DATE, _DATES),
        "date_impossible": Kind(
            "VIM117",
            Text("Den Tag {value} gibt es im Kalender nicht.", "There is no day {value} in the calendar."),
            Text("Prüfen Sie Monat und Tag.", "Check month and day."),
        ),
        "date_range": Kind(
            "VIM118",
            Text(
                "Der Tag {value} liegt nicht zwischen {first} und {last}.",
                "The day {value} is not between {first} and {last}.",
            ),
            Text("Prüfen Sie das Jahr.", "Check the year."),
        ),
        "date_time": Kind("VIM119", Text("{value} hat eine Uhrzeit.", "{value} has a time of day."), _DATE, _DATES),
        "string_type": _TEXT,
        "string_unicode": _CONTROL,
        "control_character": _CONTROL,
        "blank": Kind(
            "VIM121",
            Text("Der Text ist leer.", "The text is blank."),
            Text("Lassen Sie die Angabe weg, wenn sie unbekannt ist.", "Leave the field out if it is unknown."),
            {"cell": _LEAVE_BLANK},
        ),
        "string_too_long": Kind(
            "VIM122",
            Text("{value} ist länger als {max_length} Zeichen.", "{value} is longer than {max_length} characters."),
            Text("Kürzen Sie den Text.", "Shorten the text."),
        ),
        "spelling": Kind(
            "VIM124",
            Text("{value} ist {what_de}.", "{value} is {what_en}."),
            Text("{data_de}", "{data_en}"),
            {"cell": Text("{cell_de}", "{cell_en}"), "frame": Text("{frame_de}", "{frame_en}")},
        ),
    }
)
