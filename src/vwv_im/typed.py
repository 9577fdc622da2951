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
    "Auszahlung",
    "AuszahlungWerte",
    "Beschaeftigung",
    "BeschaeftigungWerte",
    "Bescheidposition",
    "BescheidpositionWerte",
    "Bewilligung",
    "BewilligungWerte",
    "Case",
    "Foerderstelle",
    "FoerderstelleWerte",
    "Foerderung",
    "FoerderungWerte",
    "Mitglied",
    "MitgliedWerte",
    "Person",
    "PersonWerte",
    "Question",
    "Rahmenmitglied",
    "RahmenmitgliedWerte",
    "Stelle",
    "StelleWerte",
    "Unterbrechung",
    "UnterbrechungWerte",
    "Vorlage",
    "VorlageWerte",
    "Zuwendungsempfaenger",
    "read_case",
]

SACHVERHALT = "7c6c5c39a6cffaad0cee4e770f677b090b18c876b66b9acd45c0a7ac75d46b2e"
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

class Vorlage(BuiltPart):
    """Eine Unterlage, die der Bewilligungsstelle vorgelegt wurde."""

    art: Literal["verwendungsnachweis", "sachbericht", "kennzahlen", "zwischennachweis"] | None = None
    """Art der Unterlage: Was wurde vorgelegt?"""
    jahr: Annotated[int, Field(strict=True, ge=0, le=9999)] | None = None
    """Jahr der Unterlage (Jahr): Welches Jahr betrifft die Unterlage?"""
    tag: Day | None = None
    """Tag der Vorlage: An welchem Tag wurde sie vorgelegt?"""

class Auszahlung(BuiltPart):
    """Eine Auszahlung des Landes."""

    tag: Day | None = None
    """Tag der Auszahlung: An welchem Tag wurde ausgezahlt?"""
    betrag_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = None
    """Ausgezahlter Betrag (EUR): Welcher Betrag wurde ausgezahlt?"""

class Unterbrechung(BuiltPart):
    """Ein Zeitraum, in dem kein Entgelt gezahlt wurde."""

    von: Day | None = None
    """Erster Tag ohne Entgelt: Von welchem Tag an wurde kein Entgelt gezahlt?"""
    bis: Day | None = None
    """Letzter Tag ohne Entgelt: Bis zu welchem Tag wurde kein Entgelt gezahlt?"""

class Beschaeftigung(BuiltPart):
    """Eine Beschäftigung auf einer Stelle: von wann bis wann, in welchem Umfang, mit welcher Qualifikation."""

    person: Label | None = Field(default=None, repr=False)
    """Person: Wer war beschäftigt?"""
    stelle: Label | None = None
    """Stelle der Beschäftigung: Auf welcher Stelle war die Person beschäftigt?"""
    von: Day | None = None
    """Erster Tag der Beschäftigung: Von welchem Tag an war die Person auf der Stelle beschäftigt?"""
    bis: Day | None = None
    """Letzter Tag der Beschäftigung: Bis zu welchem Tag war die Person auf der Stelle beschäftigt?"""
    vzae: Annotated[Decimal, Exact(1000, 6)] | None = None
    """Umfang der Beschäftigung (VZAE): In welchem Umfang war die Person auf der Stelle beschäftigt (in VZÄ)?"""
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
    personalkosten_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = None
    """Personalkosten der Beschäftigung (EUR): Wie hoch waren die Personalkosten dieser Beschäftigung insgesamt?"""
    entgelt_unterbrochen: Annotated[tuple[Unterbrechung, ...], Listed(0, 100)] | None = None
    """Unterbrechungen des Entgelts: Wann war die Zahlung des Entgelts unterbrochen?"""

class Bescheidposition(BuiltPart):
    """Was ein Bescheid für eine Stelle bewilligt: von wann bis wann, in welchem Umfang, nach welcher Gruppe."""

    stelle: Label | None = None
    """Stelle der Position: Welche Stelle bewilligt die Position?"""
    von: Day | None = None
    """Erster bewilligter Tag: Von welchem Tag an ist die Stelle bewilligt?"""
    bis: Day | None = None
    """Letzter bewilligter Tag: Bis zu welchem Tag ist die Stelle bewilligt?"""
    vzae: Annotated[Decimal, Exact(1000, 6)] | None = None
    """Bewilligter Umfang (VZAE): In welchem Umfang ist die Stelle bewilligt (in VZÄ)?"""
    gruppe: Literal["a", "b", "c"] | None = None
    """Bewilligte Gruppe: Nach welcher Qualifikationsgruppe ist die Stelle bewilligt?"""

class Bewilligung(BuiltPart):
    """Ein Bescheid über die Förderung: Bewilligung, Verlängerung, Nachbesetzung, Änderung oder Ablehnung."""

    tag: Day | None = None
    """Tag des Bescheids: Von welchem Tag ist der Bescheid?"""
    art: Literal["erstbescheid", "verlaengerung", "nachbesetzung", "aenderung", "ablehnung"] | None = None
    """Art des Bescheids: Was regelt der Bescheid?"""
    betrag_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = None
    """Bewilligter Betrag (EUR): Welcher Betrag ist mit dem Bescheid bewilligt?"""
    positionen: Annotated[tuple[Bescheidposition, ...], Listed(0, 1000)] | None = None
    """Positionen: Welche Stellen bewilligt der Bescheid, von wann bis wann?"""

class Foerderstelle(BuiltPart):
    """Eine bewilligte Stelle; Bescheide und Beschäftigungen nennen ihre Kennung."""

    id: Label | None = None
    """Kennung der Stelle: Unter welcher Kennung nennen Bescheide und Beschäftigungen die Stelle?"""
    bezeichnung: Label | None = Field(default=None, repr=False)
    """Bezeichnung der Stelle: Wie wird die Stelle bezeichnet?"""
    beschaeftigungsbeginn: Day | None = None
    """Beschäftigungsbeginn: Wann hat die Beschäftigung auf der geförderten Stelle begonnen?"""
    stand_2018_12_31: Literal["bewilligt", "besetzt", "nachbesetzungsfaehig", "keiner"] | None = None
    """Stand der Stelle am 31.12.2018: War die Stelle am 31.12.2018 bewilligt, besetzt oder nachbesetzungsfähig?"""

class Rahmenmitglied(BuiltPart):
    """Ein Mitglied eines Zusammenschlusses, oder wer die Aufgabe dem Landkreis übertragen hat; aus ihren Rahmen ergibt sich der gemeinsame."""

    gezaehlte_personen: Annotated[int, Field(strict=True, ge=0, le=1000000)] | None = None
    """Gezählte Personen des Mitglieds (Personen): Wie viele Personen wurden für das Mitglied zum 15.09.2017 nach § 29d FAG gezählt?"""
    veroeffentlichter_planungsrahmen_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = None
    """Veröffentlichter Planungsrahmen des Mitglieds (EUR): Welcher jährliche Planungsrahmen wurde für das Mitglied veröffentlicht (in Euro)?"""

class Zuwendungsempfaenger(BuiltPart):
    """Wer die Förderung erhalten hat."""

    art: Literal["gemeinde", "stadt", "stadtkreis", "landkreis", "zusammenschluss", "traeger_freie_wohlfahrtspflege", "sonstige"] | None = None
    """Art des Zuwendungsempfängers: Wer hat die Förderung erhalten?"""
    bundesland: Literal["BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"] | None = None
    """Bundesland: In welchem Bundesland liegt der Zuwendungsempfänger?"""
    kreisangehoerig: Truth | None = None
    """Kreisangehörigkeit: Gehört der Zuwendungsempfänger einem Landkreis an?"""
    landkreis: Annotated[Label, Picked(("Böblingen", "Esslingen", "Göppingen", "Ludwigsburg", "Rems-Murr-Kreis", "Heilbronn", "Hohenlohekreis", "Schwäbisch Hall", "Main-Tauber-Kreis", "Heidenheim", "Ostalbkreis", "Karlsruhe", "Rastatt", "Neckar-Odenwald-Kreis", "Rhein-Neckar-Kreis", "Calw", "Enzkreis", "Freudenstadt", "Breisgau-Hochschwarzwald", "Emmendingen", "Ortenaukreis", "Rottweil", "Schwarzwald-Baar-Kreis", "Tuttlingen", "Konstanz", "Lörrach", "Waldshut", "Reutlingen", "Tübingen", "Zollernalbkreis", "Alb-Donau-Kreis", "Biberach", "Bodenseekreis", "Ravensburg", "Sigmaringen", ), ("Landkreis", "Lkr", "LK", "Kreis", ), ("bundesland", "BW", ))] | None = None
    """Landkreis des Zuwendungsempfängers: Zu welchem Landkreis gehört der Zuwendungsempfänger?"""
    name: Label | None = Field(default=None, repr=False)
    """Name des Zuwendungsempfängers: Wie heißt der Zuwendungsempfänger?"""
    ags: Annotated[str, Spelled("[0-9]{5}([0-9]{3})?", {"what_de": "kein Gemeindeschlüssel", "what_en": "not a municipality key", "data_de": "Schreiben Sie acht Ziffern in Anführungszeichen, zum Beispiel '08111000'; für einen Kreis fünf.", "data_en": "Write eight digits in quotes, for example '08111000'; five for a Kreis.", "cell_de": "Schreiben Sie acht Ziffern, für einen Kreis fünf; in einer Tabelle als Text, damit die führende Null bleibt.", "cell_en": "Write eight digits, five for a Kreis; a cell formatted as text keeps the leading zero.", "frame_de": "Schreiben Sie acht Ziffern als Text, zum Beispiel '08111000'; für einen Kreis fünf.", "frame_en": "Write eight digits as text, for example '08111000'; five for a Kreis."})] | None = None
    """Amtlicher Gemeindeschlüssel: Welchen amtlichen Gemeindeschlüssel hat der Zuwendungsempfänger?"""

class Foerderung(BuiltPart):
    """Eine bewilligte Förderung mit ihren Bescheiden, Beschäftigungen und Auszahlungen, für die Prüfung der Verwendung."""

    gezaehlte_personen: Annotated[int, Field(strict=True, ge=0, le=1000000)] | None = None
    """Gezählte Personen (Personen): Wie viele Personen wurden zum 15.09.2017 nach § 29d FAG gezählt?"""
    anzahl_gemeinden: Annotated[int, Field(strict=True, ge=0, le=1200)] | None = None
    """Zahl der Gemeinden (Gemeinden): Wie viele Gemeinden umfassen der Planungsrahmen und die Zahl der gezählten Personen?"""
    veroeffentlichter_planungsrahmen_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = None
    """Veröffentlichter Planungsrahmen (EUR): Welcher jährliche Planungsrahmen wurde veröffentlicht (in Euro)?"""
    antragsteller: Zuwendungsempfaenger | None = None
    """Zuwendungsempfänger: Wer hat die Förderung erhalten?"""
    mitglieder: Annotated[tuple[Rahmenmitglied, ...], Listed(0, 1200)] | None = None
    """Mitglieder: Welche Gemeinden sind beteiligt oder haben die Aufgabe dem Landkreis übertragen?"""
    stellen: Annotated[tuple[Foerderstelle, ...], Listed(1, 1000)] | None = None
    """Stellen: Welche Stellen sind bewilligt?"""
    bewilligungen: Annotated[tuple[Bewilligung, ...], Listed(0, 1000)] | None = None
    """Bescheide: Welche Bescheide sind ergangen?"""
    beschaeftigungen: Annotated[tuple[Beschaeftigung, ...], Listed(0, 10000)] | None = None
    """Beschäftigungen: Wer war von wann bis wann auf welcher Stelle beschäftigt?"""
    auszahlungen: Annotated[tuple[Auszahlung, ...], Listed(0, 1000)] | None = None
    """Auszahlungen: Was wurde wann ausgezahlt?"""
    vorlagen: Annotated[tuple[Vorlage, ...], Listed(0, 1000)] | None = None
    """Vorlagen: Welche Unterlagen wurden wann vorgelegt?"""

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
    """Ein Fall, mit mindestens einem dieser Teile: Antrag, Förderung, Person."""

    model_config: ClassVar[ConfigDict] = ConfigDict(title="Fall")

    antrag: Antrag | None = None
    """Antrag: Welcher Antrag ist zu prüfen?"""
    foerderung: Foerderung | None = None
    """Förderung: Welche Förderung ist zu prüfen?"""
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


Question = Literal["antrag", "zielgruppe", "zaehlung", "verwendungsnachweis"]
"""What may be asked."""

class VorlageWerte:
    """Was sich ergibt: Vorlage."""

class AuszahlungWerte:
    """Was sich ergibt: Auszahlung."""

class UnterbrechungWerte:
    """Was sich ergibt: Unterbrechung."""

class BeschaeftigungWerte:
    """Was sich ergibt: Beschäftigung."""

    qualifikationsgruppe: Literal["a", "b", "c", "keine"] | None
    """Qualifikationsgruppe der Person"""
    bewilligt_von: date | None
    """Stelle bewilligt von"""
    bewilligt_bis: date | None
    """Stelle bewilligt bis"""
    bewilligte_tage: int | None
    """Tage der Beschäftigung, an denen die Stelle bewilligt ist (Tage)"""
    unterbrochene_tage: int | None
    """Tage ohne Entgelt in dieser Beschäftigung (Tage)"""
    entgelt_unterbrochen: tuple[UnterbrechungWerte, ...] | None
    """Unterbrechungen des Entgelts"""

class BescheidpositionWerte:
    """Was sich ergibt: Position."""

    hoechstdauer_monate: int | None
    """Höchstens möglicher Bewilligungszeitraum nach dem Recht des Bescheids (Monate)"""
    spaetestes_ende: date | None
    """Spätestens mögliches Ende nach dem Recht des Bescheids"""

class BewilligungWerte:
    """Was sich ergibt: Bescheid."""

    satzbetrag_eur: Decimal | None
    """Betrag des Bescheids nach den Festbeträgen (EUR)"""
    wirksamer_betrag_eur: Decimal | None
    """Bewilligt, soweit kein späterer Bescheid ersetzt (EUR)"""
    positionen: tuple[BescheidpositionWerte, ...] | None
    """Positionen"""

class FoerderstelleWerte:
    """Was sich ergibt: Stelle."""

    bewilligte_tage: int | None
    """Bewilligte Tage (Tage)"""
    besetzte_tage: int | None
    """Besetzte Tage (Tage)"""
    unbesetzte_tage: int | None
    """Unbesetzte Tage (Tage)"""
    bewilligte_monate: Decimal | None
    """Bewilligte Monate"""
    besetzte_monate: Decimal | None
    """Besetzte Monate"""
    unterbrochene_tage: int | None
    """Tage ohne Entgelt (Tage)"""
    gerechtfertigt_mindestens_eur: Decimal | None
    """Mindestens durch Beschäftigung gerechtfertigt (EUR)"""
    gerechtfertigt_hoechstens_eur: Decimal | None
    """Höchstens durch Beschäftigung gerechtfertigt (EUR)"""

class RahmenmitgliedWerte:
    """Was sich ergibt: Mitglied."""

class FoerderungWerte:
    """Was sich ergibt: Förderung."""

    planungsrahmen_eur: Decimal | None
    """Planungsrahmen der Förderung (EUR)"""
    letzter_tag: date | None
    """Letzter bewilligter Tag"""
    hoechstbetrag_eur: Decimal | None
    """Höchstens bewilligungsfähig nach Festbeträgen und Planungsrahmen (EUR)"""
    bewilligt_eur: Decimal | None
    """Bewilligt (EUR)"""
    gerechtfertigt_mindestens_eur: Decimal | None
    """Mindestens durch Beschäftigung gerechtfertigt, alle Stellen (EUR)"""
    gerechtfertigt_hoechstens_eur: Decimal | None
    """Höchstens durch Beschäftigung gerechtfertigt, alle Stellen (EUR)"""
    ausgezahlt_eur: Decimal | None
    """Ausgezahlt (EUR)"""
    gedeckt_mindestens_eur: Decimal | None
    """Mindestens gedeckt: bewilligt und durch Beschäftigung gerechtfertigt (EUR)"""
    gedeckt_hoechstens_eur: Decimal | None
    """Höchstens gedeckt: bewilligt und durch Beschäftigung gerechtfertigt (EUR)"""
    mehr_ausgezahlt_mindestens_eur: Decimal | None
    """Mindestens mehr ausgezahlt als gedeckt (EUR)"""
    mehr_ausgezahlt_hoechstens_eur: Decimal | None
    """Höchstens mehr ausgezahlt als gedeckt (EUR)"""
    weniger_ausgezahlt_mindestens_eur: Decimal | None
    """Mindestens weniger ausgezahlt als gedeckt (EUR)"""
    weniger_ausgezahlt_hoechstens_eur: Decimal | None
    """Höchstens weniger ausgezahlt als gedeckt (EUR)"""
    personalkosten_eur: Decimal | None
    """Personalkosten (EUR)"""
    ueberschuss_eur: Decimal | None
    """Überschuss über die Personalkosten (EUR)"""
    eigenanteil_eur: Decimal | None
    """Eigenanteil an den Personalkosten (EUR)"""
    nachweisfrist: date | None
    """Frist für Verwendungsnachweis und Sachbericht"""
    verwendungsnachweis_verspaetung_tage: int | None
    """Verwendungsnachweis: Tage nach der Frist (Tage)"""
    verwendungsnachweis_fehlt: bool | None
    """Der Verwendungsnachweis fehlt"""
    sachbericht_verspaetung_tage: int | None
    """Sachbericht: Tage nach der Frist (Tage)"""
    sachbericht_fehlt: bool | None
    """Der Sachbericht fehlt"""
    mitglieder: tuple[RahmenmitgliedWerte, ...] | None
    """Mitglieder"""
    stellen: tuple[FoerderstelleWerte, ...] | None
    """Stellen"""
    bewilligungen: tuple[BewilligungWerte, ...] | None
    """Bescheide"""
    beschaeftigungen: tuple[BeschaeftigungWerte, ...] | None
    """Beschäftigungen"""
    auszahlungen: tuple[AuszahlungWerte, ...] | None
    """Auszahlungen"""
    vorlagen: tuple[VorlageWerte, ...] | None
    """Vorlagen"""

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
    """Qualifikationsgruppe der Person"""

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
    def evaluate(case: Source, *, on: date | str, question: Literal["verwendungsnachweis"], **options: Unpack[Options]) -> Decision[FoerderungWerte]: ...
    @overload
    def evaluate(case: Source, *, on: date | str, question: str | None = ..., **options: Unpack[Options]) -> Decision[Any]: ...
    def evaluate(case: Source, **options: Any) -> Decision[Any]:
        """Decide a case; see `vwv_im.decision.evaluate`."""
