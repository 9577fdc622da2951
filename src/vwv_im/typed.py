# Generated from rules/sachverhalt.yaml
"""What a case may state, as typed models, and the types of what follows from one."""

from __future__ import annotations

import os
from datetime import date
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, overload

from pydantic import ConfigDict, Field

from vwv_im.case import case_reader
from vwv_im.case.fields import CasePart, Day, Distinct, Exact, Label, Listed, Picked, Spelled, Truth
from vwv_im.text import InputKind

__all__ = [
    "Antrag",
    "Antragsteller",
    "Case",
    "Mitglied",
    "Person",
    "Stelle",
    "read_case",
]

SACHVERHALT = "35a7612b8dd108ff9ee04fba840e91e30ac1b739428e70f6fd27a1da292b5a75"
"""The SHA-256 of the file that this was generated from."""


class Person(CasePart):
    """Eine Person, für die Fragen nach der Zielgruppe und nach der Zählung."""

    model_config = ConfigDict(title="Person")

    gefluechtet: Truth | None = Field(
        default=None,
        title="Fluchthintergrund",
        description="true, wenn die Person geflüchtet ist.",
        json_schema_extra={
            "x-titel": {"de": "Fluchthintergrund", "en": "Refugee background"},
            "x-frage": {"de": "Ist die Person geflüchtet?", "en": "Is the person a refugee?"},
        },
    )
    """Fluchthintergrund: Ist die Person geflüchtet?"""
    anschlussunterbringung: Truth | None = Field(
        default=None,
        title="Anschlussunterbringung",
        description="true, wenn die Person in der Anschlussunterbringung ist.",
        json_schema_extra={
            "x-titel": {"de": "Anschlussunterbringung", "en": "Follow-up accommodation"},
            "x-frage": {"de": "Ist die Person in der Anschlussunterbringung?", "en": "Is the person in follow-up accommodation (Anschlussunterbringung)?"},
        },
    )
    """Anschlussunterbringung: Ist die Person in der Anschlussunterbringung?"""
    beratung_seit: Day | None = Field(
        default=None,
        title="Beginn der Beratung",
        description="Der erste Tag der Beratung, als JJJJ-MM-TT; er zählt nur, wo die Beratungsdauer begrenzt gelesen wird.",
        json_schema_extra={
            "x-titel": {"de": "Beginn der Beratung", "en": "Start of counselling"},
            "x-frage": {"de": "Seit wann wird die Person beraten?", "en": "Since when has the person been counselled?"},
        },
    )
    """Beginn der Beratung: Seit wann wird die Person beraten?"""
    bleibeperspektive: Truth | None = Field(
        default=None,
        title="Bleibeperspektive",
        description="true, wenn die Person eine Bleibeperspektive hat.",
        json_schema_extra={
            "x-titel": {"de": "Bleibeperspektive", "en": "Prospect of staying"},
            "x-frage": {"de": "Hat die Person eine Bleibeperspektive?", "en": "Does the person have a prospect of staying?"},
        },
    )
    """Bleibeperspektive: Hat die Person eine Bleibeperspektive?"""
    aus_ukraine: Truth | None = Field(
        default=None,
        title="Vertreibung aus der Ukraine",
        description="true, wenn die Person seit dem 24.02.2022 aus der Ukraine vertrieben wurde.",
        json_schema_extra={
            "x-titel": {"de": "Vertreibung aus der Ukraine", "en": "Displacement from Ukraine"},
            "x-frage": {"de": "Wurde die Person seit dem 24.02.2022 aus der Ukraine vertrieben?", "en": "Has the person been displaced from Ukraine since 24.02.2022?"},
        },
    )
    """Vertreibung aus der Ukraine: Wurde die Person seit dem 24.02.2022 aus der Ukraine vertrieben?"""
    ankunft: Day | None = Field(
        default=None,
        title="Tag des Zugangs",
        description="Der Tag des Zugangs beim Land, als JJJJ-MM-TT.",
        json_schema_extra={
            "x-titel": {"de": "Tag des Zugangs", "en": "Day of arrival"},
            "x-frage": {"de": "An welchem Tag kam die Person in Baden-Württemberg an (Tag des Zugangs)?", "en": "On which day did the person arrive in Baden-Württemberg?"},
        },
    )
    """Tag des Zugangs: An welchem Tag kam die Person in Baden-Württemberg an (Tag des Zugangs)?"""
    familiennachzug: Truth | None = Field(
        default=None,
        title="Familiennachzug",
        description="true, wenn die Person infolge des Familiennachzugs gefolgt ist.",
        json_schema_extra={
            "x-titel": {"de": "Familiennachzug", "en": "Family reunification"},
            "x-frage": {"de": "Ist die Person im Wege des Familiennachzugs gefolgt?", "en": "Did the person follow by way of family reunification?"},
        },
    )
    """Familiennachzug: Ist die Person im Wege des Familiennachzugs gefolgt?"""
    anschlussunterbringung_am_2017_09_15: Truth | None = Field(
        default=None,
        title="Anschlussunterbringung am 15.09.2017",
        description="true, wenn die Person am 15.09.2017 nachweislich in dieser Gemeinde in der Anschlussunterbringung war.",
        json_schema_extra={
            "x-titel": {"de": "Anschlussunterbringung am 15.09.2017", "en": "Follow-up accommodation on 15.09.2017"},
            "x-frage": {"de": "War die Person am 15.09.2017 nachweislich in dieser Gemeinde in der Anschlussunterbringung?", "en": "Was the person, provably, in follow-up accommodation in this municipality on 15.09.2017?"},
        },
    )
    """Anschlussunterbringung am 15.09.2017: War die Person am 15.09.2017 nachweislich in dieser Gemeinde in der Anschlussunterbringung?"""
    privater_wohnraum: Truth | None = Field(
        default=None,
        title="Privater Wohnraum",
        description="true, wenn die Person eine eigene Wohnung hat; zählt nur, wo die Auslegung es genügen lässt.",
        json_schema_extra={
            "x-titel": {"de": "Privater Wohnraum", "en": "Private flat"},
            "x-frage": {"de": "Lebt die Person nach der Anschlussunterbringung in privatem Wohnraum?", "en": "Does the person live in a private flat after follow-up accommodation?"},
        },
    )
    """Privater Wohnraum: Lebt die Person nach der Anschlussunterbringung in privatem Wohnraum?"""

class Stelle(CasePart):
    """Eine Stelle im Integrationsmanagement und die Person, die sie besetzt."""

    model_config = ConfigDict(title="Stelle")

    bezeichnung: Label | None = Field(
        default=None,
        title="Bezeichnung der Stelle",
        description="Eine freie Bezeichnung; sie wirkt sich auf die Entscheidung nicht aus.",
        json_schema_extra={
            "x-titel": {"de": "Bezeichnung der Stelle", "en": "Name of the post"},
            "x-frage": {"de": "Wie wird die Stelle bezeichnet?", "en": "What is the post called?"},
        },
        repr=False,
    )
    """Bezeichnung der Stelle: Wie wird die Stelle bezeichnet?"""
    vzae: Annotated[Decimal, Exact(1000, 6)] | None = Field(
        default=None,
        title="Stellenumfang",
        description="Der Umfang in Vollzeitäquivalenten mit Dezimalpunkt, zum Beispiel 0.5 oder \"0.5\".",
        json_schema_extra={
            "x-titel": {"de": "Stellenumfang", "en": "Size of the post"},
            "x-frage": {"de": "Welchen Umfang hat die Stelle (in VZÄ)?", "en": "What is the size of the post (in full-time equivalents)?"},
            "x-einheit": "VZAE",
        },
    )
    """Stellenumfang (VZAE): Welchen Umfang hat die Stelle (in VZÄ)?"""
    beschaeftigungsbeginn: Day | None = Field(
        default=None,
        title="Beschäftigungsbeginn",
        description="Der erste Tag auf der geförderten Stelle, als JJJJ-MM-TT.",
        json_schema_extra={
            "x-titel": {"de": "Beschäftigungsbeginn", "en": "Start of employment"},
            "x-frage": {"de": "Wann hat die Beschäftigung auf der geförderten Stelle begonnen?", "en": "When did the employment in the funded post begin?"},
        },
    )
    """Beschäftigungsbeginn: Wann hat die Beschäftigung auf der geförderten Stelle begonnen?"""
    hochschulabschluss: Literal["keiner", "bachelor", "diplom", "magister", "staatsexamen", "master", "promotion"] | None = Field(
        default=None,
        title="Hochschulabschluss",
        description="Der höchste Hochschulabschluss der Person auf der Stelle.",
        json_schema_extra={
            "x-titel": {"de": "Hochschulabschluss", "en": "University degree"},
            "x-frage": {"de": "Welchen Hochschulabschluss hat die Person?", "en": "Which university degree does the person hold?"},
            "x-werte": {
                "keiner": {"de": "kein Hochschulabschluss", "en": "no university degree"},
                "bachelor": {"de": "Bachelor", "en": "bachelor's degree"},
                "diplom": {"de": "Diplom", "en": "Diplom"},
                "magister": {"de": "Magister", "en": "Magister"},
                "staatsexamen": {"de": "Staatsexamen", "en": "state examination"},
                "master": {"de": "Master", "en": "master's degree"},
                "promotion": {"de": "Promotion", "en": "doctorate"},
            },
        },
    )
    """Hochschulabschluss: Welchen Hochschulabschluss hat die Person?"""
    fachrichtung: Literal["sozialwesen", "andere_geeignete", "nicht_geeignet"] | None = Field(
        default=None,
        title="Fachrichtung",
        description="Das Ergebnis der Prüfung, ob das Studium zum Sozialwesen gehört oder sonst geeignet ist.",
        json_schema_extra={
            "x-titel": {"de": "Fachrichtung", "en": "Field of study"},
            "x-frage": {"de": "In welcher Fachrichtung wurde der Abschluss erworben?", "en": "In which field was the degree obtained?"},
            "x-werte": {
                "sozialwesen": {"de": "Sozialwesen", "en": "social work"},
                "andere_geeignete": {"de": "andere geeignete Fachrichtung", "en": "another suitable subject"},
                "nicht_geeignet": {"de": "nicht geeignete Fachrichtung", "en": "unsuitable subject"},
            },
        },
    )
    """Fachrichtung: In welcher Fachrichtung wurde der Abschluss erworben?"""
    schulabschluss: Literal["keiner", "hauptschule", "mittlerer", "fachhochschulreife", "hochschulreife"] | None = Field(
        default=None,
        title="Schulabschluss",
        description="Der höchste Schulabschluss der Person auf der Stelle.",
        json_schema_extra={
            "x-titel": {"de": "Schulabschluss", "en": "School leaving certificate"},
            "x-frage": {"de": "Welchen Schulabschluss hat die Person?", "en": "Which school leaving certificate does the person hold?"},
            "x-werte": {
                "keiner": {"de": "kein Schulabschluss", "en": "no school leaving certificate"},
                "hauptschule": {"de": "Hauptschulabschluss", "en": "lower secondary certificate (Hauptschule)"},
                "mittlerer": {"de": "mittlerer Bildungsabschluss", "en": "intermediate certificate (mittlerer Bildungsabschluss)"},
                "fachhochschulreife": {"de": "Fachhochschulreife", "en": "entrance qualification for universities of applied sciences"},
                "hochschulreife": {"de": "Hochschulreife", "en": "university entrance qualification"},
            },
        },
    )
    """Schulabschluss: Welchen Schulabschluss hat die Person?"""
    berufsausbildung: Truth | None = Field(
        default=None,
        title="Berufsausbildung",
        description="true, wenn eine Berufsausbildung abgeschlossen ist.",
        json_schema_extra={
            "x-titel": {"de": "Berufsausbildung", "en": "Vocational training"},
            "x-frage": {"de": "Hat die Person eine Berufsausbildung abgeschlossen?", "en": "Has the person completed vocational training?"},
        },
    )
    """Berufsausbildung: Hat die Person eine Berufsausbildung abgeschlossen?"""
    zusatzvoraussetzung: Truth | None = Field(
        default=None,
        title="Zusatzvoraussetzung der Gruppe (c)",
        description="Das Ergebnis der Prüfung, ob die weitere Voraussetzung der Gruppe (c) erfüllt ist.",
        json_schema_extra={
            "x-titel": {"de": "Zusatzvoraussetzung der Gruppe (c)", "en": "Further condition of group (c)"},
            "x-frage": {"de": "Erfüllt die Person die weitere Voraussetzung der Gruppe (c)?", "en": "Does the person meet the further condition of group (c)?"},
        },
    )
    """Zusatzvoraussetzung der Gruppe (c): Erfüllt die Person die weitere Voraussetzung der Gruppe (c)?"""
    person_benannt: Truth | None = Field(
        default=None,
        title="Benennung der Person",
        description="true, wenn die Person für die Stelle bei der Antragstellung benannt ist.",
        json_schema_extra={
            "x-titel": {"de": "Benennung der Person", "en": "Naming of the person"},
            "x-frage": {"de": "Steht die Person für die Stelle bei der Antragstellung fest?", "en": "Is the person for the post known at the time of application?"},
        },
    )
    """Benennung der Person: Steht die Person für die Stelle bei der Antragstellung fest?"""
    stand_2018_12_31: Literal["bewilligt", "besetzt", "nachbesetzungsfaehig", "keiner"] | None = Field(
        default=None,
        title="Stand der Stelle am 31.12.2018",
        description="Der Stand der Stelle am Stichtag 31.12.2018; keiner, wenn nichts davon zutrifft.",
        json_schema_extra={
            "x-titel": {"de": "Stand der Stelle am 31.12.2018", "en": "State of the post on 31.12.2018"},
            "x-frage": {"de": "War die Stelle am 31.12.2018 bewilligt, besetzt oder nachbesetzungsfähig?", "en": "Was the post granted, filled or open to refilling on 31.12.2018?"},
            "x-werte": {
                "bewilligt": {"de": "bewilligt", "en": "granted"},
                "besetzt": {"de": "besetzt", "en": "filled"},
                "nachbesetzungsfaehig": {"de": "nachbesetzungsfähig", "en": "open to refilling"},
                "keiner": {"de": "nichts davon", "en": "none of these"},
            },
        },
    )
    """Stand der Stelle am 31.12.2018: War die Stelle am 31.12.2018 bewilligt, besetzt oder nachbesetzungsfähig?"""
    verlaengerung_2019_beantragt: Truth | None = Field(
        default=None,
        title="Verlängerung nach der Änderung 2019",
        description="true, wenn die Verlängerung um 12 Monate (2019) beantragt ist.",
        json_schema_extra={
            "x-titel": {"de": "Verlängerung nach der Änderung 2019", "en": "Extension under the amendment of 2019"},
            "x-frage": {"de": "Wurde die Verlängerung um zwölf Monate nach der Änderung von 2019 beantragt?", "en": "Was the extension by twelve months under the amendment of 2019 applied for?"},
        },
    )
    """Verlängerung nach der Änderung 2019: Wurde die Verlängerung um zwölf Monate nach der Änderung von 2019 beantragt?"""
    verlaengerung_2019_bewilligt: Truth | None = Field(
        default=None,
        title="Bewilligung der Verlängerung 2019",
        description="true, wenn die Verlängerung bewilligt, false, wenn sie abgelehnt ist; wo angegeben, zählt sie statt des Antrags.",
        json_schema_extra={
            "x-titel": {"de": "Bewilligung der Verlängerung 2019", "en": "Grant of the extension of 2019"},
            "x-frage": {"de": "Wurde die Verlängerung um zwölf Monate nach der Änderung von 2019 bewilligt?", "en": "Was the extension by twelve months under the amendment of 2019 granted?"},
        },
    )
    """Bewilligung der Verlängerung 2019: Wurde die Verlängerung um zwölf Monate nach der Änderung von 2019 bewilligt?"""
    verlaengerung_2020_beantragt: Truth | None = Field(
        default=None,
        title="Verlängerung nach der Änderung 2020",
        description="true, wenn die Verlängerung um 24 Monate (2020) beantragt ist.",
        json_schema_extra={
            "x-titel": {"de": "Verlängerung nach der Änderung 2020", "en": "Extension under the amendment of 2020"},
            "x-frage": {"de": "Wurde die Verlängerung um 24 Monate nach der Änderung von 2020 beantragt?", "en": "Was the extension by 24 months under the amendment of 2020 applied for?"},
        },
    )
    """Verlängerung nach der Änderung 2020: Wurde die Verlängerung um 24 Monate nach der Änderung von 2020 beantragt?"""
    verlaengerung_2020_bewilligt: Truth | None = Field(
        default=None,
        title="Bewilligung der Verlängerung 2020",
        description="true, wenn die Verlängerung bewilligt, false, wenn sie abgelehnt ist; wo angegeben, zählt sie statt des Antrags.",
        json_schema_extra={
            "x-titel": {"de": "Bewilligung der Verlängerung 2020", "en": "Grant of the extension of 2020"},
            "x-frage": {"de": "Wurde die Verlängerung um 24 Monate nach der Änderung von 2020 bewilligt?", "en": "Was the extension by 24 months under the amendment of 2020 granted?"},
        },
    )
    """Bewilligung der Verlängerung 2020: Wurde die Verlängerung um 24 Monate nach der Änderung von 2020 bewilligt?"""
    verlaengerung_2022_beantragt: Truth | None = Field(
        default=None,
        title="Verlängerung nach der Änderung 2022",
        description="true, wenn die Verlängerung um 12 Monate (2022) beantragt ist.",
        json_schema_extra={
            "x-titel": {"de": "Verlängerung nach der Änderung 2022", "en": "Extension under the amendment of 2022"},
            "x-frage": {"de": "Wurde die Verlängerung um zwölf Monate nach der Änderung von 2022 beantragt?", "en": "Was the extension by twelve months under the amendment of 2022 applied for?"},
        },
    )
    """Verlängerung nach der Änderung 2022: Wurde die Verlängerung um zwölf Monate nach der Änderung von 2022 beantragt?"""
    verlaengerung_2022_bewilligt: Truth | None = Field(
        default=None,
        title="Bewilligung der Verlängerung 2022",
        description="true, wenn die Verlängerung bewilligt, false, wenn sie abgelehnt ist; wo angegeben, zählt sie statt des Antrags.",
        json_schema_extra={
            "x-titel": {"de": "Bewilligung der Verlängerung 2022", "en": "Grant of the extension of 2022"},
            "x-frage": {"de": "Wurde die Verlängerung um zwölf Monate nach der Änderung von 2022 bewilligt?", "en": "Was the extension by twelve months under the amendment of 2022 granted?"},
        },
    )
    """Bewilligung der Verlängerung 2022: Wurde die Verlängerung um zwölf Monate nach der Änderung von 2022 bewilligt?"""
    bewilligte_gruppe: Literal["a", "b", "c"] | None = Field(
        default=None,
        title="Gruppe der ersten Bewilligung",
        description="Die Qualifikationsgruppe der ersten Bewilligung; sie zählt bei einer Nachbesetzung und bei der Verlängerung einer unbesetzten Stelle.",
        json_schema_extra={
            "x-titel": {"de": "Gruppe der ersten Bewilligung", "en": "Group of the first grant"},
            "x-frage": {"de": "Nach welcher Qualifikationsgruppe wurde die Stelle zuerst bewilligt?", "en": "Under which qualification group was the post first granted?"},
            "x-werte": {
                "a": {"de": "Gruppe (a): Hochschulabschluss im Sozialwesen", "en": "group (a): degree in social work"},
                "b": {"de": "Gruppe (b): anderer geeigneter Hochschulabschluss", "en": "group (b): another suitable degree"},
                "c": {"de": "Gruppe (c): Berufsausbildung mit Zusatzvoraussetzung", "en": "group (c): vocational training and more"},
            },
        },
    )
    """Gruppe der ersten Bewilligung: Nach welcher Qualifikationsgruppe wurde die Stelle zuerst bewilligt?"""
    nachbesetzt_ab: Day | None = Field(
        default=None,
        title="Tag der Nachbesetzung",
        description="Der erste Tag der nachbesetzten Stelle, als JJJJ-MM-TT; er zählt nur bei einer Nachbesetzung.",
        json_schema_extra={
            "x-titel": {"de": "Tag der Nachbesetzung", "en": "Day of refilling"},
            "x-frage": {"de": "Ab welchem Tag ist die Stelle nachbesetzt?", "en": "From which day is the post refilled?"},
        },
    )
    """Tag der Nachbesetzung: Ab welchem Tag ist die Stelle nachbesetzt?"""
    derzeit_besetzt: Truth | None = Field(
        default=None,
        title="Besetzung der Stelle",
        description="true, wenn jemand auf der Stelle arbeitet; zählt nur bei einer Verlängerung.",
        json_schema_extra={
            "x-titel": {"de": "Besetzung der Stelle", "en": "Whether the post is filled"},
            "x-frage": {"de": "Ist die Stelle derzeit besetzt?", "en": "Is the post filled at present?"},
        },
    )
    """Besetzung der Stelle: Ist die Stelle derzeit besetzt?"""
    personalkosten_eur_jahr: Annotated[Decimal, Exact(1000000000000, 2)] | None = Field(
        default=None,
        title="Personalkosten der Stelle im Jahr",
        description="Die Personalkosten der Stelle im Jahr in Euro; aus ihnen ergibt sich der Eigenanteil.",
        json_schema_extra={
            "x-titel": {"de": "Personalkosten der Stelle im Jahr", "en": "Personnel costs of the post per year"},
            "x-frage": {"de": "Wie hoch sind die Personalkosten der Stelle im Jahr?", "en": "What are the personnel costs of the post per year?"},
            "x-einheit": "EUR",
        },
    )
    """Personalkosten der Stelle im Jahr (EUR): Wie hoch sind die Personalkosten der Stelle im Jahr?"""
    bewilligt_bis: Day | None = Field(
        default=None,
        title="Bewilligt bis",
        description="Das Ende nach einem vorliegenden Bescheid, als JJJJ-MM-TT; es darf nicht nach dem spätestens möglichen Ende liegen; die Pflichten rechnen von ihm an.",
        json_schema_extra={
            "x-titel": {"de": "Bewilligt bis", "en": "Granted until"},
            "x-frage": {"de": "Bis wann ist die Stelle nach dem Bescheid bewilligt?", "en": "Until when is the post granted according to the notice?"},
        },
    )
    """Bewilligt bis: Bis wann ist die Stelle nach dem Bescheid bewilligt?"""
    bewilligter_betrag_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = Field(
        default=None,
        title="Bewilligter Betrag",
        description="Der Betrag nach einem vorliegenden Bescheid in Euro; er wird mit dem Ergebnis verglichen.",
        json_schema_extra={
            "x-titel": {"de": "Bewilligter Betrag", "en": "Granted amount"},
            "x-frage": {"de": "Welcher Betrag ist nach dem Bescheid für die Stelle bewilligt?", "en": "Which amount is granted for the post according to the notice?"},
            "x-einheit": "EUR",
        },
    )
    """Bewilligter Betrag (EUR): Welcher Betrag ist nach dem Bescheid für die Stelle bewilligt?"""
    unterbrechung_entgeltzahlung: Truth | None = Field(
        default=None,
        title="Unterbrechung der Entgeltzahlung",
        description="true, wenn das Entgelt zeitweise nicht gezahlt wurde.",
        json_schema_extra={
            "x-titel": {"de": "Unterbrechung der Entgeltzahlung", "en": "Interruption of pay"},
            "x-frage": {"de": "War die Zahlung des Entgelts für die Stelle unterbrochen?", "en": "Was the payment of the salary for the post interrupted?"},
        },
    )
    """Unterbrechung der Entgeltzahlung: War die Zahlung des Entgelts für die Stelle unterbrochen?"""

class Mitglied(CasePart):
    """Ein Mitglied eines Zusammenschlusses, oder wer die Aufgabe dem Landkreis übertragen hat."""

    model_config = ConfigDict(title="Mitglied")

    art: Literal["gemeinde", "stadt", "stadtkreis", "landkreis", "zusammenschluss", "traeger_freie_wohlfahrtspflege", "sonstige"] | None = Field(
        default=None,
        title="Art des Mitglieds",
        description="Was das Mitglied ist, zum Beispiel gemeinde oder stadt.",
        json_schema_extra={
            "x-titel": {"de": "Art des Mitglieds", "en": "Kind of member"},
            "x-frage": {"de": "Welcher Art ist das Mitglied?", "en": "What kind of body is the member?"},
            "x-werte": {
                "gemeinde": {"de": "Gemeinde", "en": "municipality"},
                "stadt": {"de": "Stadt", "en": "town"},
                "stadtkreis": {"de": "Stadtkreis", "en": "Stadtkreis (urban district)"},
                "landkreis": {"de": "Landkreis", "en": "Landkreis (rural district)"},
                "zusammenschluss": {"de": "Zusammenschluss von Gemeinden", "en": "joint group of municipalities"},
                "traeger_freie_wohlfahrtspflege": {"de": "Träger der freien Wohlfahrtspflege", "en": "independent welfare organisation"},
                "sonstige": {"de": "sonstiger Antragsteller", "en": "other applicant"},
            },
        },
    )
    """Art des Mitglieds: Welcher Art ist das Mitglied?"""
    landkreis: Annotated[Label, Picked(("Böblingen", "Esslingen", "Göppingen", "Ludwigsburg", "Rems-Murr-Kreis", "Heilbronn", "Hohenlohekreis", "Schwäbisch Hall", "Main-Tauber-Kreis", "Heidenheim", "Ostalbkreis", "Karlsruhe", "Rastatt", "Neckar-Odenwald-Kreis", "Rhein-Neckar-Kreis", "Calw", "Enzkreis", "Freudenstadt", "Breisgau-Hochschwarzwald", "Emmendingen", "Ortenaukreis", "Rottweil", "Schwarzwald-Baar-Kreis", "Tuttlingen", "Konstanz", "Lörrach", "Waldshut", "Reutlingen", "Tübingen", "Zollernalbkreis", "Alb-Donau-Kreis", "Biberach", "Bodenseekreis", "Ravensburg", "Sigmaringen", ), ("Landkreis", "Lkr", "LK", "Kreis", ), None)] | None = Field(
        default=None,
        title="Landkreis des Mitglieds",
        description="Der Name des Landkreises, dem das Mitglied angehört.",
        json_schema_extra={
            "x-titel": {"de": "Landkreis des Mitglieds", "en": "Landkreis of the member"},
            "x-frage": {"de": "Zu welchem Landkreis gehört das Mitglied?", "en": "Which Landkreis does the member belong to?"},
        },
    )
    """Landkreis des Mitglieds: Zu welchem Landkreis gehört das Mitglied?"""
    gezaehlte_personen: Annotated[int, Field(strict=True, ge=0, le=1000000)] | None = Field(
        default=None,
        title="Gezählte Personen des Mitglieds",
        description="Das Ergebnis der Erhebung nach § 29d FAG zum 15.09.2017, als ganze Zahl.",
        json_schema_extra={
            "x-titel": {"de": "Gezählte Personen des Mitglieds", "en": "Persons counted in the member municipality"},
            "x-frage": {"de": "Wie viele Personen wurden für das Mitglied zum 15.09.2017 nach § 29d FAG gezählt?", "en": "How many persons were counted for the member on 15.09.2017 under § 29d FAG?"},
            "x-einheit": "Personen",
        },
    )
    """Gezählte Personen des Mitglieds (Personen): Wie viele Personen wurden für das Mitglied zum 15.09.2017 nach § 29d FAG gezählt?"""
    veroeffentlichter_planungsrahmen_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = Field(
        default=None,
        title="Veröffentlichter Planungsrahmen des Mitglieds",
        description="Der veröffentlichte Betrag je Jahr in Euro, höchstens zwei Nachkommastellen.",
        json_schema_extra={
            "x-titel": {"de": "Veröffentlichter Planungsrahmen des Mitglieds", "en": "Published planning frame of the member"},
            "x-frage": {"de": "Welcher jährliche Planungsrahmen wurde für das Mitglied veröffentlicht (in Euro)?", "en": "Which annual planning frame was published for the member (in euros)?"},
            "x-einheit": "EUR",
        },
    )
    """Veröffentlichter Planungsrahmen des Mitglieds (EUR): Welcher jährliche Planungsrahmen wurde für das Mitglied veröffentlicht (in Euro)?"""

class Antragsteller(CasePart):
    """Wer den Antrag stellt."""

    model_config = ConfigDict(title="Antragsteller")

    art: Literal["gemeinde", "stadt", "stadtkreis", "landkreis", "zusammenschluss", "traeger_freie_wohlfahrtspflege", "sonstige"] | None = Field(
        default=None,
        title="Art des Antragstellers",
        description="Wer den Antrag stellt, zum Beispiel gemeinde oder landkreis.",
        json_schema_extra={
            "x-titel": {"de": "Art des Antragstellers", "en": "Kind of applicant"},
            "x-frage": {"de": "Wer stellt den Antrag?", "en": "Who is applying?"},
            "x-werte": {
                "gemeinde": {"de": "Gemeinde", "en": "municipality"},
                "stadt": {"de": "Stadt", "en": "town"},
                "stadtkreis": {"de": "Stadtkreis", "en": "Stadtkreis (urban district)"},
                "landkreis": {"de": "Landkreis", "en": "Landkreis (rural district)"},
                "zusammenschluss": {"de": "Zusammenschluss von Gemeinden", "en": "joint group of municipalities"},
                "traeger_freie_wohlfahrtspflege": {"de": "Träger der freien Wohlfahrtspflege", "en": "independent welfare organisation"},
                "sonstige": {"de": "sonstiger Antragsteller", "en": "other applicant"},
            },
        },
    )
    """Art des Antragstellers: Wer stellt den Antrag?"""
    bundesland: Literal["BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"] | None = Field(
        default=None,
        title="Bundesland",
        description="Das Bundesland als Kürzel nach ISO 3166-2, zum Beispiel BW.",
        json_schema_extra={
            "x-titel": {"de": "Bundesland", "en": "Federal state"},
            "x-frage": {"de": "In welchem Bundesland liegt der Antragsteller?", "en": "In which federal state is the applicant located?"},
            "x-werte": {
                "BW": {"de": "Baden-Württemberg", "en": "Baden-Württemberg"},
                "BY": {"de": "Bayern", "en": "Bavaria"},
                "BE": {"de": "Berlin", "en": "Berlin"},
                "BB": {"de": "Brandenburg", "en": "Brandenburg"},
                "HB": {"de": "Bremen", "en": "Bremen"},
                "HH": {"de": "Hamburg", "en": "Hamburg"},
                "HE": {"de": "Hessen", "en": "Hesse"},
                "MV": {"de": "Mecklenburg-Vorpommern", "en": "Mecklenburg-Western Pomerania"},
                "NI": {"de": "Niedersachsen", "en": "Lower Saxony"},
                "NW": {"de": "Nordrhein-Westfalen", "en": "North Rhine-Westphalia"},
                "RP": {"de": "Rheinland-Pfalz", "en": "Rhineland-Palatinate"},
                "SL": {"de": "Saarland", "en": "Saarland"},
                "SN": {"de": "Sachsen", "en": "Saxony"},
                "ST": {"de": "Sachsen-Anhalt", "en": "Saxony-Anhalt"},
                "SH": {"de": "Schleswig-Holstein", "en": "Schleswig-Holstein"},
                "TH": {"de": "Thüringen", "en": "Thuringia"},
            },
        },
    )
    """Bundesland: In welchem Bundesland liegt der Antragsteller?"""
    kreisangehoerig: Truth | None = Field(
        default=None,
        title="Kreisangehörigkeit",
        description="true, wenn die Gemeinde oder Stadt einem Landkreis angehört; false bei einem Stadtkreis.",
        json_schema_extra={
            "x-titel": {"de": "Kreisangehörigkeit", "en": "Belonging to a Landkreis"},
            "x-frage": {"de": "Gehört der Antragsteller einem Landkreis an?", "en": "Does the applicant belong to a Landkreis?"},
        },
    )
    """Kreisangehörigkeit: Gehört der Antragsteller einem Landkreis an?"""
    landkreis: Annotated[Label, Picked(("Böblingen", "Esslingen", "Göppingen", "Ludwigsburg", "Rems-Murr-Kreis", "Heilbronn", "Hohenlohekreis", "Schwäbisch Hall", "Main-Tauber-Kreis", "Heidenheim", "Ostalbkreis", "Karlsruhe", "Rastatt", "Neckar-Odenwald-Kreis", "Rhein-Neckar-Kreis", "Calw", "Enzkreis", "Freudenstadt", "Breisgau-Hochschwarzwald", "Emmendingen", "Ortenaukreis", "Rottweil", "Schwarzwald-Baar-Kreis", "Tuttlingen", "Konstanz", "Lörrach", "Waldshut", "Reutlingen", "Tübingen", "Zollernalbkreis", "Alb-Donau-Kreis", "Biberach", "Bodenseekreis", "Ravensburg", "Sigmaringen", ), ("Landkreis", "Lkr", "LK", "Kreis", ), ("bundesland", "BW", ))] | None = Field(
        default=None,
        title="Landkreis des Antragstellers",
        description="Der Name des Landkreises, dem der Antragsteller angehört.",
        json_schema_extra={
            "x-titel": {"de": "Landkreis des Antragstellers", "en": "Landkreis of the applicant"},
            "x-frage": {"de": "Zu welchem Landkreis gehört der Antragsteller?", "en": "Which Landkreis does the applicant belong to?"},
        },
    )
    """Landkreis des Antragstellers: Zu welchem Landkreis gehört der Antragsteller?"""
    name: Label | None = Field(
        default=None,
        title="Name des Antragstellers",
        description="Eine freie Bezeichnung; sie wirkt sich auf die Entscheidung nicht aus.",
        json_schema_extra={
            "x-titel": {"de": "Name des Antragstellers", "en": "Name of the applicant"},
            "x-frage": {"de": "Wie heißt der Antragsteller?", "en": "What is the applicant's name?"},
        },
        repr=False,
    )
    """Name des Antragstellers: Wie heißt der Antragsteller?"""
    ags: Annotated[str, Spelled("[0-9]{5}([0-9]{3})?", {"what_de": "kein Gemeindeschlüssel", "what_en": "not a municipality key", "data_de": "Schreiben Sie acht Ziffern in Anführungszeichen, zum Beispiel '08111000'; für einen Kreis fünf.", "data_en": "Write eight digits in quotes, for example '08111000'; five for a Kreis.", "cell_de": "Schreiben Sie acht Ziffern, für einen Kreis fünf; als Text formatiert behält die Zelle die führende Null.", "cell_en": "Write eight digits, five for a Kreis; a cell formatted as text keeps the leading zero.", "frame_de": "Schreiben Sie acht Ziffern als Text, zum Beispiel '08111000'; für einen Kreis fünf.", "frame_en": "Write eight digits as text, for example '08111000'; five for a Kreis."})] | None = Field(
        default=None,
        title="Amtlicher Gemeindeschlüssel",
        description="Acht Ziffern als Text, zum Beispiel '08111000'; für einen Kreis fünf.",
        json_schema_extra={
            "x-titel": {"de": "Amtlicher Gemeindeschlüssel", "en": "Official municipality key"},
            "x-frage": {"de": "Welchen amtlichen Gemeindeschlüssel hat der Antragsteller?", "en": "What is the applicant's official municipality key?"},
        },
    )
    """Amtlicher Gemeindeschlüssel: Welchen amtlichen Gemeindeschlüssel hat der Antragsteller?"""

class Antrag(CasePart):
    """Ein Antrag auf Förderung des Integrationsmanagements."""

    model_config = ConfigDict(title="Antrag")

    art: Literal["erstantrag", "verlaengerung", "nachbesetzung"] | None = Field(
        default=None,
        title="Art des Antrags",
        description="Was beantragt wird: erstantrag, verlaengerung oder nachbesetzung.",
        json_schema_extra={
            "x-titel": {"de": "Art des Antrags", "en": "Kind of application"},
            "x-frage": {"de": "Ist es ein Erstantrag, eine Verlängerung oder eine Nachbesetzung?", "en": "Is it a first application, an extension or the refilling of a post?"},
            "x-werte": {
                "erstantrag": {"de": "Erstantrag", "en": "first application"},
                "verlaengerung": {"de": "Verlängerung", "en": "extension"},
                "nachbesetzung": {"de": "Nachbesetzung", "en": "refilling of a post"},
            },
        },
    )
    """Art des Antrags: Ist es ein Erstantrag, eine Verlängerung oder eine Nachbesetzung?"""
    antragsdatum: Day | None = Field(
        default=None,
        title="Tag des Antrags",
        description="Der Tag der Antragstellung, als JJJJ-MM-TT.",
        json_schema_extra={
            "x-titel": {"de": "Tag des Antrags", "en": "Day of application"},
            "x-frage": {"de": "An welchem Tag wurde der Antrag gestellt?", "en": "On which day was the application made?"},
        },
    )
    """Tag des Antrags: An welchem Tag wurde der Antrag gestellt?"""
    durchfuehrung: Annotated[tuple[Literal["eigen", "dritte", "landkreis", "zusammenschluss"], ...], Distinct(4)] | None = Field(
        default=None,
        title="Durchführung",
        description="Eine Liste: wer die Aufgabe wahrnimmt, zum Beispiel [eigen] oder [eigen, dritte].",
        json_schema_extra={
            "x-titel": {"de": "Durchführung", "en": "Way of doing the work"},
            "x-frage": {"de": "Wer führt das Integrationsmanagement durch?", "en": "Who does the integration management?"},
            "x-werte": {
                "eigen": {"de": "eigenes Personal", "en": "own staff"},
                "dritte": {"de": "Dritte", "en": "third parties"},
                "landkreis": {"de": "Landkreis", "en": "Landkreis"},
                "zusammenschluss": {"de": "Zusammenschluss von Gemeinden", "en": "joint group of municipalities"},
            },
        },
    )
    """Durchführung: Wer führt das Integrationsmanagement durch?"""
    gezaehlte_personen: Annotated[int, Field(strict=True, ge=0, le=1000000)] | None = Field(
        default=None,
        title="Gezählte Personen",
        description="Das Ergebnis der Erhebung nach § 29d FAG zum 15.09.2017 für den ganzen Antrag, als ganze Zahl.",
        json_schema_extra={
            "x-titel": {"de": "Gezählte Personen", "en": "Persons counted"},
            "x-frage": {"de": "Wie viele Personen wurden zum 15.09.2017 nach § 29d FAG gezählt?", "en": "How many persons were counted on 15.09.2017 under § 29d FAG?"},
            "x-einheit": "Personen",
        },
    )
    """Gezählte Personen (Personen): Wie viele Personen wurden zum 15.09.2017 nach § 29d FAG gezählt?"""
    anzahl_gemeinden: Annotated[int, Field(strict=True, ge=0, le=1200)] | None = Field(
        default=None,
        title="Zahl der Gemeinden",
        description="Für einen Zusammenschluss oder Landkreis; jeder Rahmen ist für sich gerundet.",
        json_schema_extra={
            "x-titel": {"de": "Zahl der Gemeinden", "en": "Number of municipalities"},
            "x-frage": {"de": "Wie viele Gemeinden umfassen der Planungsrahmen und die Zahl der gezählten Personen?", "en": "How many municipalities do the frame and the number of persons counted cover?"},
            "x-einheit": "Gemeinden",
        },
    )
    """Zahl der Gemeinden (Gemeinden): Wie viele Gemeinden umfassen der Planungsrahmen und die Zahl der gezählten Personen?"""
    veroeffentlichter_planungsrahmen_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = Field(
        default=None,
        title="Veröffentlichter Planungsrahmen",
        description="Der veröffentlichte Betrag je Jahr in Euro für den ganzen Antrag, höchstens zwei Nachkommastellen.",
        json_schema_extra={
            "x-titel": {"de": "Veröffentlichter Planungsrahmen", "en": "Published planning frame"},
            "x-frage": {"de": "Welcher jährliche Planungsrahmen wurde veröffentlicht (in Euro)?", "en": "Which annual planning frame was published (in euros)?"},
            "x-einheit": "EUR",
        },
    )
    """Veröffentlichter Planungsrahmen (EUR): Welcher jährliche Planungsrahmen wurde veröffentlicht (in Euro)?"""
    bewilligter_betrag_eur: Annotated[Decimal, Exact(1000000000000, 2)] | None = Field(
        default=None,
        title="Bewilligter Betrag des Antrags",
        description="Der Betrag nach einem vorliegenden Bescheid in Euro für alle Stellen; er wird mit dem höchstens bewilligungsfähigen verglichen.",
        json_schema_extra={
            "x-titel": {"de": "Bewilligter Betrag des Antrags", "en": "Granted amount of the application"},
            "x-frage": {"de": "Welcher Betrag ist nach dem Bescheid für den ganzen Antrag bewilligt?", "en": "Which amount is granted for the whole application according to the notice?"},
            "x-einheit": "EUR",
        },
    )
    """Bewilligter Betrag des Antrags (EUR): Welcher Betrag ist nach dem Bescheid für den ganzen Antrag bewilligt?"""
    antragsteller: Antragsteller | None = Field(
        default=None,
        title="Antragsteller",
        description="Wer den Antrag stellt.",
        json_schema_extra={
            "x-titel": {"de": "Antragsteller", "en": "Applicant"},
            "x-frage": {"de": "Wer stellt den Antrag?", "en": "Who is applying?"},
        },
    )
    """Antragsteller: Wer stellt den Antrag?"""
    mitglieder: Annotated[tuple[Mitglied, ...], Listed(0, 1200, ("antragsteller.art", "zusammenschluss"))] | None = Field(
        default=None,
        title="Mitglieder",
        description="Die Mitglieder eines Zusammenschlusses, oder wer die Aufgabe dem Landkreis übertragen hat. Hat es niemand, ist die Liste leer ([]); fehlt sie, ist sie unbekannt.",
        json_schema_extra={
            "x-titel": {"de": "Mitglieder", "en": "Members"},
            "x-frage": {"de": "Welche Gemeinden sind am Antrag beteiligt oder haben die Aufgabe dem Landkreis übertragen?", "en": "Which municipalities take part in the application or have handed the task to the Landkreis?"},
        },
    )
    """Mitglieder: Welche Gemeinden sind am Antrag beteiligt oder haben die Aufgabe dem Landkreis übertragen?"""
    stellen: Annotated[tuple[Stelle, ...], Listed(1, 1000)] | None = Field(
        default=None,
        title="Stellen",
        description="Alle Stellen des Antrags; ist die Liste unbekannt, fehlt sie ganz.",
        json_schema_extra={
            "x-titel": {"de": "Stellen", "en": "Posts"},
            "x-frage": {"de": "Welche Stellen werden beantragt?", "en": "Which posts are applied for?"},
        },
    )
    """Stellen: Welche Stellen werden beantragt?"""

class Case(CasePart):
    """Ein Fall, mit mindestens einem dieser Teile: Antrag, Person."""

    model_config = ConfigDict(title="Fall")

    antrag: Antrag | None = Field(
        default=None,
        title="Antrag",
        description="Der Antrag, über den zu entscheiden ist.",
        json_schema_extra={
            "x-titel": {"de": "Antrag", "en": "Application"},
            "x-frage": {"de": "Welcher Antrag ist zu prüfen?", "en": "Which application is to be examined?"},
        },
    )
    """Antrag: Welcher Antrag ist zu prüfen?"""
    person: Person | None = Field(
        default=None,
        title="Person",
        description="Die Person, nach der gefragt ist.",
        json_schema_extra={
            "x-titel": {"de": "Person", "en": "Person"},
            "x-frage": {"de": "Um welche Person geht es?", "en": "Which person is it about?"},
        },
    )
    """Person: Um welche Person geht es?"""


Source = CasePart | Mapping[str, object] | str | os.PathLike[str]


def read_case(source: Source, form: InputKind = "data") -> Case:
    """Return the case that `source` states: data, or the path of a YAML 1.2 or JSON file.

    `form` tells where data come from, so that hints fit. Raises `CaseError` with all faults, each with its code, place,
    path, and how to mend it.
    """
    return case_reader.read_case(source, Case, form)


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

    @overload
    def evaluate(
        case: Source,
        *,
        on: date | str,
        question: Literal["antrag"] = ...,
        known_on: date | str | None = ...,
        engine: EngineName = ...,
        readings: Mapping[str, str] | None = ...,
        rules: str | os.PathLike[str] | None = ...,
    ) -> Decision[AntragWerte]: ...

    @overload
    def evaluate(
        case: Source,
        *,
        on: date | str,
        question: Literal["zielgruppe"],
        known_on: date | str | None = ...,
        engine: EngineName = ...,
        readings: Mapping[str, str] | None = ...,
        rules: str | os.PathLike[str] | None = ...,
    ) -> Decision[PersonWerte]: ...

    @overload
    def evaluate(
        case: Source,
        *,
        on: date | str,
        question: Literal["zaehlung"],
        known_on: date | str | None = ...,
        engine: EngineName = ...,
        readings: Mapping[str, str] | None = ...,
        rules: str | os.PathLike[str] | None = ...,
    ) -> Decision[PersonWerte]: ...

    @overload
    def evaluate(
        case: Source,
        *,
        on: date | str,
        question: str | None = ...,
        known_on: date | str | None = ...,
        engine: EngineName = ...,
        readings: Mapping[str, str] | None = ...,
        rules: str | os.PathLike[str] | None = ...,
    ) -> Decision[Any]: ...
    def evaluate(case: Source, **options: Any) -> Decision[Any]:
        """Decide a case; see `vwv_im.decision.evaluate`."""
