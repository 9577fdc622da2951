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
        "ergibt": "Pfad des Fakts, der entsteht: seine Entität, ein Punkt, sein Name.",
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
    "Pruefung": {
        "frage": "Was gefragt wird, auf Deutsch und Englisch.",
        "ja": "Was die Antwort „ja“ heißt.",
        "nein": "Was die Antwort „nein“ heißt.",
        "offen": "Was es heißt, dass die Antwort offen ist.",
        "pruefung": "Die Abschnitte in der Reihenfolge der Prüfung; jede Regel steht genau einmal.",
    },
    "Fristen": {"norm": "Die Norm, die eine Frist auf den nächsten Werktag verschiebt."},
    "SchemaFile": {
        "fristen": "Wann sich eine Frist verschiebt; ohne Angabe nie.",
        "fragen": "Die Fragen nach Namen; die erste wird gestellt, wo keine genannt ist.",
    },
    "Einheit": {"nachkommastellen": "Wie viele Nachkommastellen eine Angabe höchstens hat."},
    "Schreibweise": {
        "datei": "Wie es in einer Datei richtig geschrieben wird.",
        "zelle": "Wie es in einer Zelle oder einem Feld richtig geschrieben wird.",
        "spalte": "Wie es in einer Spalte von Daten richtig geschrieben wird.",
    },
    "Angabe": {
        "titel": "Wie die Angabe heißt; so steht sie in jedem Satz.",
        "typ": "Die Art des Werts.",
        "einheit": "Die Einheit einer Zahl.",
        "hoechstens": "Die größte Zahl; ohne Angabe die der Einheit.",
        "nachkommastellen": "Wie viele Nachkommastellen höchstens; ohne Angabe so viele wie die Einheit.",
        "schreibweise": "Wie ein Text richtig geschrieben wird, der dem Muster nicht entspricht.",
    },
    "Reihe": {"schritt": "Wie lang ein Zeitraum der Reihe ist."},
    "Entitaet": {
        "titel": "Wie eine davon heißt.",
        "frage": "Die Frage, mit der man danach fragt.",
        "mehrzahl": "Wie mehrere davon heißen; nur bei einer Liste.",
        "mindestens": "Wie viele Einträge die Liste mindestens hat; ohne Angabe einen.",
        "hoechstens": "Wie viele Einträge die Liste höchstens hat.",
        "reihe": "Eine Liste von Zeiträumen, die sich aus Fakten ergibt; ein Fall gibt von ihr nichts an.",
        "angaben": "Was ein Fall davon angeben kann, nach Namen.",
    },
    "Sachverhalt": {
        "einheiten": "Was die Zahlen zählen, nach Namen.",
        "auswahlen": "Auswahlen, die mehrere Angaben teilen, nach Namen: je Wert sein Titel.",
        "entitaeten": "Wovon ein Fall etwas angeben kann, nach Namen.",
    },
}
"""By the name of the model, then by key."""
