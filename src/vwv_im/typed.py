# Generated from rules/sachverhalt.yaml
"""What a case may state, as typed models, and the types of what follows from one."""

from __future__ import annotations

import os
from datetime import date
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypedDict, Unpack, overload

from pydantic import ConfigDict, Field

from vwv_im.case import case_reader
from vwv_im.case.built import BuiltPart
from vwv_im.case.fields import CasePart, Day, Distinct, Exact, Label, Listed, Picked, Spelled, Truth
from vwv_im.text import InputKind

__all__ = [
    "Antrag",
    "AntragWerte",
    "Antragsteller",
    "Case",
    "Mitglied",
    "MitgliedWerte",
    "Person",
    "PersonWerte",
    "Question",
    "Stelle",
    "StelleWerte",
    "read_case",
]

SACHVERHALT = "2807af86a9cae5afb7e44c3c23b0002a0b906eaf9f40f1694f820978ee8c78bb"
"""The SHA-256 of the file that this was generated from."""


class Person(BuiltPart):
    """Eine Person, für die Fragen nach der Zielgruppe und nach der Zählung."""

    gefluechtet: Truth | None = None
    """Fluchthintergrund: Ist die Person geflüchtet?"""
    anschlussunterbringung: Truth | None = None
    """Anschlussunterbringung: Ist die Person in der Anschlussunterbringung?"""
    beratung_seit: Day | None = None
    """Beginn der Beratung: Seit wann wird die Person beraten?"""
    bleibeperspektive: Truth | None = None
    """Bleibeperspektive: Hat die Person eine Bleibeperspektive?"""
    aus_ukraine: Truth | None = None
    """Vertreibung aus der Ukraine: Wurde die Person seit dem 24.02.2022 aus der Ukraine vertrieben?"""
    ankunft: Day | None = None
    """Tag des Zugangs: An welchem Tag kam die Person in Baden-Württemberg an (Tag des Zugangs)?"""
    familiennachzug: Truth | None = None
    """Familiennachzug: Ist die Person im Wege des Familiennachzugs gefolgt?"""
    anschlussunterbringung_am_2017_09_15: Truth | None = None
    """Anschlussunterbringung am 15.09.2017: War die Person am 15.09.2017 nachweislich in dieser Gemeinde in der Anschlussunterbringung?"""
    privater_wohnraum: Truth | None = None
    """Privater Wohnraum: Lebt die Person nach der Anschlussunterbringung in privatem Wohnraum?"""

class Stelle(BuiltPart):
    """Eine Stelle im Integrationsmanagement und die Person, die sie besetzt."""

    bezeichnung: Label | None = Field(default=None, repr=False)
    """Bezeichnung der Stelle: Wie wird die Stelle bezeichnet?"""
    vzae: Annotated[Decimal, Exact(1000, 6)] | None = None
    """Stellenumfang (VZAE): Welchen Umfang hat die Stelle (in VZÄ)?"""
    beschaeftigungsbeginn: Day | None = None
    """Beschäftigungsbeginn: Wann hat die Beschäftigung auf der geförderten Stelle begonnen?"""
    hochschulabschluss: Literal["keiner", "bachelor", "diplom", "magister", "staatsexamen", "master", "promotion"] | None = None
    """Hochschulabschluss: Welchen Hochschulabschluss hat die Person?"""
    fachrichtung: Literal["sozialwesen", "andere_geeignete", "nicht_geeignet"] | None = None
    """Fachrichtung: In welcher Fachrichtung wurde der Abschluss erworben?"""
    schulabschluss: Literal["keiner", "hauptschule", "mittlerer", "fachhochschulreife", "hochschulreife"] | None = None
    """Schulabschluss: Welchen Schulabschluss hat die Person?"""
    berufsausbildung: Truth | None = None
    """Berufsausbildung: Hat die Person eine Berufsausbildung abgeschlossen?"""
    zusatzvoraussetzung: Truth | None = None
    """Zusatzvoraussetzung der Gruppe (c): Erfüllt die Person die weitere Voraussetzung der Gruppe (c)?"""
    person_benannt: Truth | None = None
    """Person steht fest: Steht die Person für die Stelle bei der Antragstellung fest?"""
    stand_2018_12_31: Literal["bewilligt", "besetzt", "nachbesetzungsfaehig", "keiner"] | None = None
    """Stand der Stelle am 31.12.2018: War die Stelle am 31.12.2018 bewilligt, besetzt oder nachbesetzungsfähig?"""
    verlaengerung_2019_beantragt: Truth | None = None
    """Verlängerung nach der Änderung 2019: Wurde die Verlängerung um zwölf Monate nach der Änderung von 2019 beantragt?"""
    verlaengerung_2019_bewilligt: Truth | None = None
    """Bewilligung der Verlängerung 2019: Wurde die Verlängerung um zwölf Monate nach der Änderung von 2019 bewilligt?"""
    verlaengerung_2020_beantragt: Truth | None = None
    """Verlängerung nach der Änderung 2020: Wurde die Verlängerung um 24 Monate nach der Änderung von 2020 beantragt?"""
    verlaengerung_2020_bewilligt: Truth | None = None
    """Bewilligung der Verlängerung 2020: Wurde die Verlängerung um 24 Monate nach der Änderung von 2020 bewilligt?"""
    verlaengerung_2022_beantragt: Truth | None = None
    """Verlängerung nach der Änderung 2022: Wurde die Verlängerung um zwölf Monate nach der Änderung von 2022 beantragt?"""
    verlaengerung_2022_bewilligt: Truth | None = None
    """Bewilligung der Verlängerung 2022: Wurde die Verlängerung um zwölf Monate nach der Änderung von 2022 bewilligt?"""
    bewilligte_gruppe: Literal["a", "b", "c"] | None = None
    """Gruppe der ersten Bewilligung: Nach welcher Qualifikationsgruppe wurde die Stelle zuerst bewilligt?"""
    nachbesetzt_ab: Day | None = None
    """Tag der Nachbesetzung: Ab welchem Tag ist die Stelle nachbesetzt?"""
    derzeit_besetzt: Truth | None = None
    """Besetzung der Stelle: Ist die Stelle derzeit besetzt?"""
    personalkosten_eur_jahr: Annotated[Decimal, Exact(1000000000000, 2)] | None = None
    """Personalkosten der Stelle im Jahr (EUR): Wie hoch sind die Personalkosten der Stelle im Jahr?"""
    bewilligt_bis: Day | None = None
    """Bewilligt bis: Bis wann ist die Stelle nach dem Bescheid bewilligt?"""
    bewilligter_betrag_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = None
    """Bewilligter Betrag (EUR): Welcher Betrag ist nach dem Bescheid für die Stelle bewilligt?"""
    unterbrechung_entgeltzahlung: Truth | None = None
    """Unterbrechung der Entgeltzahlung: War die Zahlung des Entgelts für die Stelle unterbrochen?"""

class Mitglied(BuiltPart):
    """Ein Mitglied eines Zusammenschlusses, oder wer die Aufgabe dem Landkreis übertragen hat."""

    name: Label | None = Field(default=None, repr=False)
    """Name des Mitglieds: Wie heißt das Mitglied?"""
    art: Literal["gemeinde", "stadt", "stadtkreis", "landkreis", "zusammenschluss", "traeger_freie_wohlfahrtspflege", "sonstige"] | None = None
    """Art des Mitglieds: Welcher Art ist das Mitglied?"""
    landkreis: Annotated[Label, Picked(("Böblingen", "Esslingen", "Göppingen", "Ludwigsburg", "Rems-Murr-Kreis", "Heilbronn", "Hohenlohekreis", "Schwäbisch Hall", "Main-Tauber-Kreis", "Heidenheim", "Ostalbkreis", "Karlsruhe", "Rastatt", "Neckar-Odenwald-Kreis", "Rhein-Neckar-Kreis", "Calw", "Enzkreis", "Freudenstadt", "Breisgau-Hochschwarzwald", "Emmendingen", "Ortenaukreis", "Rottweil", "Schwarzwald-Baar-Kreis", "Tuttlingen", "Konstanz", "Lörrach", "Waldshut", "Reutlingen", "Tübingen", "Zollernalbkreis", "Alb-Donau-Kreis", "Biberach", "Bodenseekreis", "Ravensburg", "Sigmaringen", ), ("Landkreis", "Lkr", "LK", "Kreis", ), None)] | None = None
    """Landkreis des Mitglieds: Zu welchem Landkreis gehört das Mitglied?"""
    gezaehlte_personen: Annotated[int, Field(strict=True, ge=0, le=1000000)] | None = None
    """Gezählte Personen des Mitglieds (Personen): Wie viele Personen wurden für das Mitglied zum 15.09.2017 nach § 29d FAG gezählt?"""
    veroeffentlichter_planungsrahmen_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = None
    """Veröffentlichter Planungsrahmen des Mitglieds (EUR): Welcher jährliche Planungsrahmen wurde für das Mitglied veröffentlicht (in Euro)?"""

class Antragsteller(BuiltPart):
    """Wer den Antrag stellt."""

    art: Literal["gemeinde", "stadt", "stadtkreis", "landkreis", "zusammenschluss", "traeger_freie_wohlfahrtspflege", "sonstige"] | None = None
    """Art des Antragstellers: Wer stellt den Antrag?"""
    bundesland: Literal["BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"] | None = None
    """Bundesland: In welchem Bundesland liegt der Antragsteller?"""
    kreisangehoerig: Truth | None = None
    """Kreisangehörigkeit: Gehört der Antragsteller einem Landkreis an?"""
    landkreis: Annotated[Label, Picked(("Böblingen", "Esslingen", "Göppingen", "Ludwigsburg", "Rems-Murr-Kreis", "Heilbronn", "Hohenlohekreis", "Schwäbisch Hall", "Main-Tauber-Kreis", "Heidenheim", "Ostalbkreis", "Karlsruhe", "Rastatt", "Neckar-Odenwald-Kreis", "Rhein-Neckar-Kreis", "Calw", "Enzkreis", "Freudenstadt", "Breisgau-Hochschwarzwald", "Emmendingen", "Ortenaukreis", "Rottweil", "Schwarzwald-Baar-Kreis", "Tuttlingen", "Konstanz", "Lörrach", "Waldshut", "Reutlingen", "Tübingen", "Zollernalbkreis", "Alb-Donau-Kreis", "Biberach", "Bodenseekreis", "Ravensburg", "Sigmaringen", ), ("Landkreis", "Lkr", "LK", "Kreis", ), ("bundesland", "BW", ))] | None = None
    """Landkreis des Antragstellers: Zu welchem Landkreis gehört der Antragsteller?"""
    name: Label | None = Field(default=None, repr=False)
    """Name des Antragstellers: Wie heißt der Antragsteller?"""
    ags: Annotated[str, Spelled("[0-9]{5}([0-9]{3})?", {"what_de": "kein Gemeindeschlüssel", "what_en": "not a municipality key", "data_de": "Schreiben Sie acht Ziffern in Anführungszeichen, zum Beispiel '08111000'; für einen Kreis fünf.", "data_en": "Write eight digits in quotes, for example '08111000'; five for a Kreis.", "cell_de": "Schreiben Sie acht Ziffern, für einen Kreis fünf; in einer Tabelle als Text, damit die führende Null bleibt.", "cell_en": "Write eight digits, five for a Kreis; a cell formatted as text keeps the leading zero.", "frame_de": "Schreiben Sie acht Ziffern als Text, zum Beispiel '08111000'; für einen Kreis fünf.", "frame_en": "Write eight digits as text, for example '08111000'; five for a Kreis."})] | None = None
    """Amtlicher Gemeindeschlüssel: Welchen amtlichen Gemeindeschlüssel hat der Antragsteller?"""

class Antrag(BuiltPart):
    """Ein Antrag auf Förderung des Integrationsmanagements."""

    art: Literal["erstantrag", "verlaengerung", "nachbesetzung"] | None = None
    """Art des Antrags: Ist es ein Erstantrag, eine Verlängerung oder eine Nachbesetzung?"""
    antragsdatum: Day | None = None
    """Tag des Antrags: An welchem Tag wurde der Antrag gestellt?"""
    durchfuehrung: Annotated[tuple[Literal["eigen", "dritte", "landkreis", "zusammenschluss"], ...], Distinct(4)] | None = None
    """Durchführung: Wer führt das Integrationsmanagement durch?"""
    gezaehlte_personen: Annotated[int, Field(strict=True, ge=0, le=1000000)] | None = None
    """Gezählte Personen (Personen): Wie viele Personen wurden zum 15.09.2017 nach § 29d FAG gezählt?"""
    anzahl_gemeinden: Annotated[int, Field(strict=True, ge=0, le=1200)] | None = None
    """Zahl der Gemeinden (Gemeinden): Wie viele Gemeinden umfassen der Planungsrahmen und die Zahl der gezählten Personen?"""
    veroeffentlichter_planungsrahmen_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = None
    """Veröffentlichter Planungsrahmen (EUR): Welcher jährliche Planungsrahmen wurde veröffentlicht (in Euro)?"""
    bewilligter_betrag_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = None
    """Bewilligter Betrag des Antrags (EUR): Welcher Betrag ist nach dem Bescheid für den ganzen Antrag bewilligt?"""
    antragsteller: Antragsteller | None = None
    """Antragsteller: Wer stellt den Antrag?"""
    mitglieder: Annotated[tuple[Mitglied, ...], Listed(0, 1200, ("antragsteller.art", "zusammenschluss"))] | None = None
    """Mitglieder: Welche Gemeinden sind am Antrag beteiligt oder haben die Aufgabe dem Landkreis übertragen?"""
    stellen: Annotated[tuple[Stelle, ...], Listed(1, 1000)] | None = None
    """Stellen: Welche Stellen werden beantragt?"""

class Case(BuiltPart):
    """Ein Fall, mit mindestens einem dieser Teile: Antrag, Person."""

    model_config: ClassVar[ConfigDict] = ConfigDict(title="Fall")

    antrag: Antrag | None = None
    """Antrag: Welcher Antrag ist zu prüfen?"""
    person: Person | None = None
    """Person: Um welche Person geht es?"""


Source = CasePart | Mapping[str, object] | str | os.PathLike[str]


def read_case(source: Source, form: InputKind = "data") -> Case:
    """Return the case that `source` states: data, or the path of a YAML 1.2 or JSON file.

    `form` tells where data come from, so that hints fit. Raises `CaseError` with all faults, each with its code, place,
    path, and how to mend it.
    """
    return case_reader.read_case(source, Case, form)


def told(model: str) -> Mapping[str, Any]:
    """Return what JSON Schema says of a model and of its fields."""
    from vwv_im.case.source import notes_of
    from vwv_im.law.regulation import regulation

    return notes_of(regulation().vocabulary, model)


Question = Literal["antrag", "zielgruppe", "zaehlung"]
"""What may be asked."""

class PersonWerte:
    """Was sich ergibt: Person."""

class StelleWerte:
    """Was sich ergibt: Stelle."""

    hoechstdauer_monate: int | None
    """Höchstens möglicher Bewilligungszeitraum der Stelle (Monate)"""
    bewilligungsende: date | None
    """Spätestens mögliches Ende"""
    restmonate: int | None
    """Verbleibende volle Monate (Monate)"""
    resttage: int | None
    """Verbleibende Tage nach den vollen Monaten (Tage)"""
    festbetrag_eur_jahr: Decimal | None
    """Festbetrag je Vollzeitstelle und Jahr (EUR)"""
    foerderbetrag_eur: Decimal | None
    """Förderbetrag der Stelle im ganzen Bewilligungszeitraum (EUR)"""
    eigenanteil_eur_jahr: Decimal | None
    """Eigenanteil an den Personalkosten im Jahr (EUR)"""
    ueberschuss_eur_jahr: Decimal | None
    """Überschuss über die Personalkosten im Jahr (EUR)"""
    bewilligt_bis_stimmt: bool | None
    """Der Bescheid geht nicht über das spätestens mögliche Ende hinaus"""
    qualifikationsgruppe: Literal["a", "b", "c", "keine"] | None
    """Qualifikationsgruppe"""

class MitgliedWerte:
    """Was sich ergibt: Mitglied."""

class AntragWerte:
    """Was sich ergibt: Antrag."""

    vzae_gesamt: Decimal | None
    """Stellenumfang aller Stellen (VZAE)"""
    fortbildung_im_festbetrag: bool | None
    """Fortbildungskosten sind im Festbetrag enthalten"""
    foerderbetrag_eur_jahr: Decimal | None
    """Förderbetrag eines vollen Förderjahres (EUR)"""
    foerderbetrag_eur: Decimal | None
    """Förderbetrag des Antrags im ganzen Bewilligungszeitraum, höchstens der Planungsrahmen (EUR)"""
    bewilligter_betrag_stimmt: bool | None
    """Der Bescheid geht nicht über den höchstens bewilligungsfähigen Betrag hinaus"""
    planungsrahmen_eur: Decimal | None
    """Planungsrahmen (EUR)"""
    vzae_im_planungsrahmen: Decimal | None
    """Stellenumfang, den der Planungsrahmen zum vollen Satz der Gruppen (a) und (b) deckt (VZAE)"""
    fehlende_personen: int | None
    """Fehlende gezählte Personen bis zum Mindestplanungsrahmen (Personen)"""
    mitglieder: tuple[MitgliedWerte, ...] | None
    """Mitglieder"""
    stellen: tuple[StelleWerte, ...] | None
    """Stellen"""

if TYPE_CHECKING:
    from vwv_im.decision.decision import Decision
    from vwv_im.reasoning.engines import EngineName

    class Options(TypedDict, total=False):
        known_on: date | str | None
        engine: EngineName
        readings: Mapping[str, str] | None
        rules: str | os.PathLike[str] | None

    @overload
    def evaluate(case: Source, *, on: date | str, question: Literal["antrag"] = ..., **options: Unpack[Options]) -> Decision[AntragWerte]: ...
    @overload
    def evaluate(case: Source, *, on: date | str, question: Literal["zielgruppe"], **options: Unpack[Options]) -> Decision[PersonWerte]: ...
    @overload
    def evaluate(case: Source, *, on: date | str, question: Literal["zaehlung"], **options: Unpack[Options]) -> Decision[PersonWerte]: ...
    @overload
    def evaluate(case: Source, *, on: date | str, question: str | None = ..., **options: Unpack[Options]) -> Decision[Any]: ...
    def evaluate(case: Source, **options: Any) -> Decision[Any]:
        """Decide a case; see `vwv_im.decision.evaluate`."""
