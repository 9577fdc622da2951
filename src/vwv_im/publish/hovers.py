"""What an editor shows in German over the keys of rule files.

Keys that say what they mean on their model (`Field(description=…)`) are not repeated here.
"""

from __future__ import annotations

from collections.abc import Mapping

_TITLE = "Überschrift auf Deutsch und Englisch; so heißt der Eintrag in jedem Satz."
_CONDITION = "Die Bedingung: fakt mit einem Vergleich, auslegung, alle, eine oder nicht."
_VALUE = "Ein Wert: fest, aus einem Parameter oder Fakt, oder berechnet."

HOVERS: Mapping[str, Mapping[str, str]] = {
    "Parameter": {
        "titel": _TITLE,
        "wert": "Der Wert; null, wo ihn keine Quelle nennt.",
        "einheit": "Die Einheit des Werts; null, wo er keine hat.",
    },
    "Row": {
        "wenn": "Wann die Zeile passt; ohne wenn passt sie immer.",
        "dann": f"Der Wert, wenn die Zeile passt. {_VALUE}",
        "beleg": "Eigene Belege der Zeile; der erste trägt sie.",
    },
    "Ableitung": {
        "titel": _TITLE,
        "ergibt": "Pfad des Fakts, der entsteht, etwa stelle.hoechstdauer_monate.",
        "typ": "Die Art des Werts.",
        "einheit": "Die Einheit des Werts; null, wo er keine hat.",
        "werte": "Bei typ auswahl: die möglichen Werte.",
        "wenn": f"Der Fakt ist wahr, wenn dies gilt. {_CONDITION}",
        "faelle": "Die Entscheidungstabelle; die Zeilen gelten von oben nach unten.",
        "rechne": f"Wie der Wert berechnet wird. {_VALUE}",
    },
    "Regel": {"titel": _TITLE, "bedingung": f"Wann die Regel erfüllt ist. {_CONDITION}"},
    "Widerspruch": {
        "titel": _TITLE,
        "frage": "Die Frage, bei der der Widerspruch zählt.",
        "bezug": "Worauf sich der Widerspruch bezieht.",
        "wenn": f"Wann der Widerspruch vorliegt. {_CONDITION}",
        "orte": "Die beiden Angaben, die sich widersprechen.",
    },
    "Jaehrlich": {"erstes_berichtsjahr": "Das erste Jahr, über das berichtet wird."},
    "Faelligkeit": {"tag": f"Der Tag. {_VALUE}", "jaehrlich": "Jedes Jahr an diesem Tag."},
    "Pflicht": {
        "titel": _TITLE,
        "faellig": "Wann sie fällig ist; null, wo keine Quelle den Tag nennt.",
        "zeitbezug": "Welcher Tag oder Zeitraum zählt.",
    },
    "Vermerk": {"titel": _TITLE},
    "SubjectFile": {
        "parameter": "Die Werte, die die Norm festlegt, nach Namen.",
        "ableitungen": "Die abgeleiteten Fakten.",
        "regeln": "Voraussetzungen, Möglichkeiten und Hinweise.",
        "widersprueche": "Angaben, die nicht zugleich wahr sein können.",
        "pflichten": "Was nach der Bewilligung zu tun ist.",
        "vermerke": "Was bekannt ist, ohne dass eine Entscheidung davon abhängt.",
    },
    "Bekannt": {"datum": "Der Tag, JJJJ-MM-TT."},
    "Wirkung": {
        "datum": "Der (frühe) Tag, JJJJ-MM-TT.",
        "spaetestens": "Der späte Tag, wo der Tag eine Annahme ist; sonst derselbe.",
    },
    "Vorbote": {"ab": "Seit wann es bekannt war, JJJJ-MM-TT.", "text": "Was bekannt war, auf Deutsch und Englisch."},
    "Akt": {
        "id": "Die Kennung: der Tag der Ausfertigung, JJJJ-MM-TT.",
        "art": "stammfassung, aenderung, erlass oder nachfolge.",
        "titel": "Der volle Titel auf Deutsch und Englisch.",
        "normgeber": "Wer den Akt erlassen hat.",
        "ausgefertigt": "Der Tag der Ausfertigung, JJJJ-MM-TT.",
        "bekannt_ab": "Seit wann der Akt bekannt war.",
        "gilt_ab": "Seit wann der Akt gilt.",
        "aktenzeichen": "Das Aktenzeichen; null, wo es keine Quelle nennt.",
        "fundstelle": "Die Fundstelle; null, wo sie keine Quelle nennt.",
        "vorboten": "Was vor dem Akt bekannt war.",
    },
    "NewItem": {
        "parameter": "Ein Parameter, mit seinem Namen.",
        "ableitung": "Ein abgeleiteter Fakt.",
        "regel": "Eine Regel.",
        "widerspruch": "Ein Widerspruch.",
        "pflicht": "Eine Pflicht.",
        "vermerk": "Ein Vermerk.",
    },
    "Operation": {"op": "ersetze (mit alt und neu), fuege_ein (mit neu) oder hebe_auf."},
    "ActFile": {"akt": "Der Akt selbst: Titel, Tage, Belege.", "aenderungen": "Was er ändert, Schritt für Schritt."},
    "Quelle": {
        "titel": "Der Titel.",
        "herausgeber": "Wer sie herausgegeben hat.",
        "datum": "Tag, Monat oder Jahr; null, wo es nicht bekannt ist.",
        "url": "Die Adresse; null, wo es keine gibt.",
        "grad": "Die Art der Quelle; ein Beleg kann schwächer sein, nie stärker.",
        "hinweis": "Was beim Lesen der Quelle zu beachten ist.",
    },
    "SourcesFile": {"quellen": "Die Quellen, die stärksten zuerst."},
    "Lesart": {"titel": "Wie die Lesart heißt."},
    "Auslegung": {
        "frage": "Die Frage auf Deutsch und Englisch.",
        "lesarten": "Die Lesarten nach Namen; mindestens zwei.",
    },
    "ReadingsFile": {"auslegungen": "Die Fragen mit ihren Lesarten."},
    "OffeneFrage": {"frage": "Die Frage auf Deutsch und Englisch."},
    "OpenQuestionsFile": {"offene_fragen": "Die Fragen."},
    "Abschnitt": {"titel": "Die Überschrift.", "regeln": "Kennungen der Regeln in der Reihenfolge der Prüfung."},
    "SchemaFile": {"pruefschema": "Je Frage die Abschnitte; jede Regel steht genau einmal."},
}
"""By the name of the model, then by key."""
