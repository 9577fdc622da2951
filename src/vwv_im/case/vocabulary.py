"""What a case may state: the vocabulary, with German titles, questions and descriptions.

Every field is optional. Absent and null mean the same: unknown, which is never 0, false or "no".
`FACTS` lists all fields by the path that rule files use, `PARTS` the parts that hold them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from vwv_im.case import words
from vwv_im.case.facts import Fact, Part, fact, facts_of, parts_of
from vwv_im.case.person import CasePart, Person
from vwv_im.case.values import MOST_MEMBERS, MOST_POSTS, Ags, Day, Label, Money, Share, Truth, Whole, distinct, listed
from vwv_im.text import Text

__all__ = ["FACTS", "PARTS", "Antrag", "Antragsteller", "Case", "Fact", "Mitglied", "Part", "Person", "Stelle"]


class Antragsteller(CasePart):
    """Wer den Antrag stellt."""

    model_config = ConfigDict(title="Antragsteller")

    art: words.Koerperschaft | None = fact(
        Text("Art des Antragstellers", "Kind of applicant"),
        Text("Wer stellt den Antrag?", "Who is applying?"),
        "Wer den Antrag stellt, zum Beispiel gemeinde oder landkreis.",
        labels=words.KOERPERSCHAFT,
    )
    bundesland: words.Bundesland | None = fact(
        Text("Bundesland", "Federal state"),
        Text("In welchem Bundesland liegt der Antragsteller?", "In which federal state is the applicant located?"),
        "Das Bundesland als Kürzel nach ISO 3166-2, zum Beispiel BW.",
        labels=words.BUNDESLAND,
    )
    kreisangehoerig: Truth | None = fact(
        Text("Kreisangehörigkeit", "Belonging to a Landkreis"),
        Text("Gehört der Antragsteller einem Landkreis an?", "Does the applicant belong to a Landkreis?"),
        "true, wenn die Gemeinde oder Stadt einem Landkreis angehört; false bei einem Stadtkreis.",
    )
    landkreis: Label | None = fact(
        Text("Landkreis des Antragstellers", "Landkreis of the applicant"),
        Text("Zu welchem Landkreis gehört der Antragsteller?", "Which Landkreis does the applicant belong to?"),
        "Der Name des Landkreises, dem der Antragsteller angehört.",
    )
    name: Label | None = fact(
        Text("Name des Antragstellers", "Name of the applicant"),
        Text("Wie heißt der Antragsteller?", "What is the applicant's name?"),
        "Eine freie Bezeichnung; sie wirkt sich auf die Entscheidung nicht aus.",
        private=True,
    )
    ags: Ags | None = fact(
        Text("Amtlicher Gemeindeschlüssel", "Official municipality key"),
        Text(
            "Welchen amtlichen Gemeindeschlüssel hat der Antragsteller?",
            "What is the applicant's official municipality key?",
        ),
        "Acht Ziffern als Text, zum Beispiel '08111000'; für einen Kreis fünf.",
    )


class Mitglied(CasePart):
    """Ein Mitglied eines Zusammenschlusses, oder wer die Aufgabe dem Landkreis übertragen hat."""

    model_config = ConfigDict(title="Mitglied")

    art: words.Koerperschaft | None = fact(
        Text("Art des Mitglieds", "Kind of member"),
        Text("Welcher Art ist das Mitglied?", "What kind of body is the member?"),
        "Was das Mitglied ist, zum Beispiel gemeinde oder stadt.",
        labels=words.KOERPERSCHAFT,
    )
    landkreis: Label | None = fact(
        Text("Landkreis des Mitglieds", "Landkreis of the member"),
        Text("Zu welchem Landkreis gehört das Mitglied?", "Which Landkreis does the member belong to?"),
        "Der Name des Landkreises, dem das Mitglied angehört.",
    )
    gezaehlte_personen: Whole | None = fact(
        Text("Gezählte Personen des Mitglieds", "Persons counted in the member municipality"),
        Text(
            "Wie viele Personen wurden für das Mitglied zum 15.09.2017 nach § 29d FAG gezählt?",
            "How many persons were counted for the member on 15.09.2017 under § 29d FAG?",
        ),
        "Das Ergebnis der Erhebung nach § 29d FAG zum 15.09.2017, als ganze Zahl.",
        unit="Personen",
    )
    veroeffentlichter_planungsrahmen_eur: Money | None = fact(
        Text("Veröffentlichter Planungsrahmen des Mitglieds", "Published planning frame of the member"),
        Text(
            "Welcher jährliche Planungsrahmen wurde für das Mitglied veröffentlicht (in Euro)?",
            "Which annual planning frame was published for the member (in euros)?",
        ),
        "Der veröffentlichte Betrag je Jahr in Euro, höchstens zwei Nachkommastellen.",
        unit="EUR",
    )


class Stelle(CasePart):
    """Eine Stelle im Integrationsmanagement und die Person, die sie besetzt."""

    model_config = ConfigDict(title="Stelle")

    bezeichnung: Label | None = fact(
        Text("Bezeichnung der Stelle", "Name of the post"),
        Text("Wie wird die Stelle bezeichnet?", "What is the post called?"),
        "Eine freie Bezeichnung; sie wirkt sich auf die Entscheidung nicht aus.",
        private=True,
    )
    vzae: Share | None = fact(
        Text("Stellenumfang", "Size of the post"),
        Text("Welchen Umfang hat die Stelle (in VZÄ)?", "What is the size of the post (in full-time equivalents)?"),
        'Der Umfang in Vollzeitäquivalenten mit Dezimalpunkt, zum Beispiel 0.5 oder "0.5".',
        unit="VZAE",
        changeable=True,
    )
    beschaeftigungsbeginn: Day | None = fact(
        Text("Beschäftigungsbeginn", "Start of employment"),
        Text(
            "Wann hat die Beschäftigung auf der geförderten Stelle begonnen?",
            "When did the employment in the funded post begin?",
        ),
        "Der erste Tag auf der geförderten Stelle, als JJJJ-MM-TT.",
    )
    hochschulabschluss: words.Hochschulabschluss | None = fact(
        Text("Hochschulabschluss", "University degree"),
        Text("Welchen Hochschulabschluss hat die Person?", "Which university degree does the person hold?"),
        "Der höchste Hochschulabschluss der Person auf der Stelle.",
        labels=words.HOCHSCHULABSCHLUSS,
        order=(
            ("keiner",),
            ("bachelor",),
            ("diplom", "magister", "staatsexamen"),
            ("master",),
            ("promotion",),
        ),
    )
    fachrichtung: words.Fachrichtung | None = fact(
        Text("Fachrichtung", "Field of study"),
        Text("In welcher Fachrichtung wurde der Abschluss erworben?", "In which field was the degree obtained?"),
        "Das Ergebnis der Prüfung, ob das Studium zum Sozialwesen gehört oder sonst geeignet ist.",
        labels=words.FACHRICHTUNG,
    )
    schulabschluss: words.Schulabschluss | None = fact(
        Text("Schulabschluss", "School leaving certificate"),
        Text("Welchen Schulabschluss hat die Person?", "Which school leaving certificate does the person hold?"),
        "Der höchste Schulabschluss der Person auf der Stelle.",
        labels=words.SCHULABSCHLUSS,
        order=(("keiner",), ("hauptschule",), ("mittlerer",), ("fachhochschulreife",), ("hochschulreife",)),
    )
    berufsausbildung: Truth | None = fact(
        Text("Berufsausbildung", "Vocational training"),
        Text(
            "Hat die Person eine Berufsausbildung abgeschlossen?",
            "Has the person completed vocational training?",
        ),
        "true, wenn eine Berufsausbildung abgeschlossen ist.",
    )
    zusatzvoraussetzung: Truth | None = fact(
        Text("Zusatzvoraussetzung der Gruppe (c)", "Further condition of group (c)"),
        Text(
            "Erfüllt die Person die weitere Voraussetzung der Gruppe (c)?",
            "Does the person meet the further condition of group (c)?",
        ),
        "Das Ergebnis der Prüfung, ob die weitere Voraussetzung der Gruppe (c) erfüllt ist.",
    )
    person_benannt: Truth | None = fact(
        Text("Benennung der Person", "Naming of the person"),
        Text(
            "Steht die Person für die Stelle bei der Antragstellung fest?",
            "Is the person for the post known at the time of application?",
        ),
        "true, wenn die Person für die Stelle bei der Antragstellung benannt ist.",
        changeable=True,
    )
    stand_2018_12_31: words.Stellenstand | None = fact(
        Text("Stand der Stelle am 31.12.2018", "State of the post on 31.12.2018"),
        Text(
            "War die Stelle am 31.12.2018 bewilligt, besetzt oder nachbesetzungsfähig?",
            "Was the post granted, filled or open to refilling on 31.12.2018?",
        ),
        "Der Stand der Stelle am Stichtag 31.12.2018; keiner, wenn nichts davon zutrifft.",
        labels=words.STELLENSTAND,
    )
    verlaengerung_2019_beantragt: Truth | None = fact(
        Text("Verlängerung nach der Änderung 2019", "Extension under the amendment of 2019"),
        Text(
            "Wurde die Verlängerung um zwölf Monate nach der Änderung von 2019 beantragt?",
            "Was the extension by twelve months under the amendment of 2019 applied for?",
        ),
        "true, wenn die Verlängerung um 12 Monate (2019) beantragt ist.",
        changeable=True,
    )
    verlaengerung_2020_beantragt: Truth | None = fact(
        Text("Verlängerung nach der Änderung 2020", "Extension under the amendment of 2020"),
        Text(
            "Wurde die Verlängerung um 24 Monate nach der Änderung von 2020 beantragt?",
            "Was the extension by 24 months under the amendment of 2020 applied for?",
        ),
        "true, wenn die Verlängerung um 24 Monate (2020) beantragt ist.",
        changeable=True,
    )
    verlaengerung_2022_beantragt: Truth | None = fact(
        Text("Verlängerung nach der Änderung 2022", "Extension under the amendment of 2022"),
        Text(
            "Wurde die Verlängerung um zwölf Monate nach der Änderung von 2022 beantragt?",
            "Was the extension by twelve months under the amendment of 2022 applied for?",
        ),
        "true, wenn die Verlängerung um 12 Monate (2022) beantragt ist.",
        changeable=True,
    )
    bewilligte_gruppe: words.Gruppe | None = fact(
        Text("Gruppe der ersten Bewilligung", "Group of the first grant"),
        Text(
            "Nach welcher Qualifikationsgruppe wurde die Stelle zuerst bewilligt?",
            "Under which qualification group was the post first granted?",
        ),
        "Die Qualifikationsgruppe der ersten Bewilligung; sie zählt nur bei einer Nachbesetzung.",
        labels=words.GRUPPE,
    )
    nachbesetzt_ab: Day | None = fact(
        Text("Tag der Nachbesetzung", "Day of refilling"),
        Text("Ab welchem Tag ist die Stelle nachbesetzt?", "From which day is the post refilled?"),
        "Der erste Tag der nachbesetzten Stelle, als JJJJ-MM-TT; er zählt nur bei einer Nachbesetzung.",
    )
    personalkosten_eur_jahr: Money | None = fact(
        Text("Personalkosten der Stelle im Jahr", "Personnel costs of the post per year"),
        Text(
            "Wie hoch sind die Personalkosten der Stelle im Jahr?", "What are the personnel costs of the post per year?"
        ),
        "Die Personalkosten der Stelle im Jahr in Euro; aus ihnen ergibt sich der Eigenanteil.",
        unit="EUR",
    )
    bewilligt_bis: Day | None = fact(
        Text("Bewilligt bis", "Granted until"),
        Text(
            "Bis wann ist die Stelle nach dem Bescheid bewilligt?",
            "Until when is the post granted according to the notice?",
        ),
        "Das Ende nach einem vorliegenden Bescheid, als JJJJ-MM-TT; es wird mit dem Ergebnis verglichen.",
    )
    bewilligter_betrag_eur: Money | None = fact(
        Text("Bewilligter Betrag", "Granted amount"),
        Text(
            "Welcher Betrag ist nach dem Bescheid für die Stelle bewilligt?",
            "Which amount is granted for the post according to the notice?",
        ),
        "Der Betrag nach einem vorliegenden Bescheid in Euro; er wird mit dem Ergebnis verglichen.",
        unit="EUR",
    )
    unterbrechung_entgeltzahlung: Truth | None = fact(
        Text("Unterbrechung der Entgeltzahlung", "Interruption of pay"),
        Text(
            "War die Zahlung des Entgelts für die Stelle unterbrochen?",
            "Was the payment of the salary for the post interrupted?",
        ),
        "true, wenn das Entgelt zeitweise nicht gezahlt wurde.",
    )


class Antrag(CasePart):
    """Ein Antrag auf Förderung des Integrationsmanagements."""

    model_config = ConfigDict(title="Antrag")

    art: words.Antragsart | None = fact(
        Text("Art des Antrags", "Kind of application"),
        Text(
            "Ist es ein Erstantrag, eine Verlängerung oder eine Nachbesetzung?",
            "Is it a first application, an extension or the refilling of a post?",
        ),
        "Was beantragt wird: erstantrag, verlaengerung oder nachbesetzung.",
        labels=words.ANTRAGSART,
    )
    antragsdatum: Day | None = fact(
        Text("Tag des Antrags", "Day of application"),
        Text("An welchem Tag wurde der Antrag gestellt?", "On which day was the application made?"),
        "Der Tag der Antragstellung, als JJJJ-MM-TT.",
    )
    durchfuehrung: Annotated[tuple[words.Durchfuehrung, ...], *distinct(4)] | None = fact(
        Text("Durchführung", "Way of doing the work"),
        Text("Wer führt das Integrationsmanagement durch?", "Who does the integration management?"),
        "Eine Liste: wer die Aufgabe wahrnimmt, zum Beispiel [eigen] oder [eigen, dritte].",
        labels=words.DURCHFUEHRUNG,
        changeable=True,
    )
    gezaehlte_personen: Whole | None = fact(
        Text("Gezählte Personen", "Persons counted"),
        Text(
            "Wie viele Personen wurden zum 15.09.2017 nach § 29d FAG gezählt?",
            "How many persons were counted on 15.09.2017 under § 29d FAG?",
        ),
        "Das Ergebnis der Erhebung nach § 29d FAG zum 15.09.2017 für den ganzen Antrag, als ganze Zahl.",
        unit="Personen",
    )
    veroeffentlichter_planungsrahmen_eur: Money | None = fact(
        Text("Veröffentlichter Planungsrahmen", "Published planning frame"),
        Text(
            "Welcher jährliche Planungsrahmen wurde veröffentlicht (in Euro)?",
            "Which annual planning frame was published (in euros)?",
        ),
        "Der veröffentlichte Betrag je Jahr in Euro für den ganzen Antrag, höchstens zwei Nachkommastellen.",
        unit="EUR",
    )
    antragsteller: Antragsteller | None = fact(
        Text("Antragsteller", "Applicant"),
        Text("Wer stellt den Antrag?", "Who is applying?"),
        "Wer den Antrag stellt.",
    )
    mitglieder: Annotated[tuple[Mitglied, ...], *listed(0, MOST_MEMBERS)] | None = fact(
        Text("Mitglieder", "Members"),
        Text(
            "Welche Gemeinden sind am Antrag beteiligt oder haben die Aufgabe dem Landkreis übertragen?",
            "Which municipalities take part in the application or have handed the task to the Landkreis?",
        ),
        "Die Mitglieder eines Zusammenschlusses, oder wer die Aufgabe dem Landkreis übertragen hat.",
    )
    stellen: Annotated[tuple[Stelle, ...], *listed(1, MOST_POSTS)] | None = fact(
        Text("Stellen", "Posts"),
        Text("Welche Stellen werden beantragt?", "Which posts are applied for?"),
        "Alle Stellen des Antrags; ist die Liste unbekannt, fehlt sie ganz.",
    )


class Case(CasePart):
    """Ein Fall: ein Antrag, eine Person oder beides.

    >>> Case(antrag=Antrag(stellen=(Stelle(vzae="0.50"),))).antrag.stellen[0].vzae
    Decimal('0.5')
    """

    model_config = ConfigDict(title="Fall")

    antrag: Antrag | None = fact(
        Text("Antrag", "Application"),
        Text("Welcher Antrag ist zu prüfen?", "Which application is to be examined?"),
        "Der Antrag, über den zu entscheiden ist.",
    )
    person: Person | None = fact(
        Text("Person", "Person"),
        Text("Um welche Person geht es?", "Which person is it about?"),
        "Die Person, nach der gefragt ist.",
    )


_MODELS: Mapping[str, type[BaseModel]] = {
    "antrag": Antrag,
    "antrag.antragsteller": Antragsteller,
    "mitglied": Mitglied,
    "stelle": Stelle,
    "person": Person,
}

FACTS: Mapping[str, Fact] = MappingProxyType({one.path: one for one in facts_of(_MODELS)})
PARTS: Mapping[str, Part] = MappingProxyType({one.path: one for one in parts_of(Case, _MODELS)})
