"""The enumerations of a case, and how each of their values reads in a sentence."""

from __future__ import annotations

from typing import Literal

from vwv_im.text import Text

Antragsart = Literal["erstantrag", "verlaengerung", "nachbesetzung"]
Durchfuehrung = Literal["eigen", "dritte", "landkreis", "zusammenschluss"]
Koerperschaft = Literal[
    "gemeinde", "stadt", "stadtkreis", "landkreis", "zusammenschluss", "traeger_freie_wohlfahrtspflege", "sonstige"
]
Bundesland = Literal["BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"]
Hochschulabschluss = Literal["keiner", "bachelor", "diplom", "magister", "staatsexamen", "master", "promotion"]
Schulabschluss = Literal["keiner", "hauptschule", "mittlerer", "fachhochschulreife", "hochschulreife"]
Fachrichtung = Literal["sozialwesen", "andere_geeignete", "nicht_geeignet"]
Stellenstand = Literal["bewilligt", "besetzt", "nachbesetzungsfaehig", "keiner"]
Gruppe = Literal["a", "b", "c"]

ANTRAGSART = {
    "erstantrag": Text("Erstantrag", "first application"),
    "verlaengerung": Text("Verlängerung", "extension"),
    "nachbesetzung": Text("Nachbesetzung", "refilling of a post"),
}
DURCHFUEHRUNG = {
    "eigen": Text("eigenes Personal", "own staff"),
    "dritte": Text("Dritte", "third parties"),
    "landkreis": Text("Landkreis", "Landkreis"),
    "zusammenschluss": Text("Zusammenschluss von Gemeinden", "joint group of municipalities"),
}
KOERPERSCHAFT = {
    "gemeinde": Text("Gemeinde", "municipality"),
    "stadt": Text("Stadt", "town"),
    "stadtkreis": Text("Stadtkreis", "Stadtkreis (urban district)"),
    "landkreis": Text("Landkreis", "Landkreis (rural district)"),
    "zusammenschluss": Text("Zusammenschluss von Gemeinden", "joint group of municipalities"),
    "traeger_freie_wohlfahrtspflege": Text("Träger der freien Wohlfahrtspflege", "independent welfare organisation"),
    "sonstige": Text("sonstiger Antragsteller", "other applicant"),
}
BUNDESLAND = {
    "BW": Text("Baden-Württemberg", "Baden-Württemberg"),
    "BY": Text("Bayern", "Bavaria"),
    "BE": Text("Berlin", "Berlin"),
    "BB": Text("Brandenburg", "Brandenburg"),
    "HB": Text("Bremen", "Bremen"),
    "HH": Text("Hamburg", "Hamburg"),
    "HE": Text("Hessen", "Hesse"),
    "MV": Text("Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"),
    "NI": Text("Niedersachsen", "Lower Saxony"),
    "NW": Text("Nordrhein-Westfalen", "North Rhine-Westphalia"),
    "RP": Text("Rheinland-Pfalz", "Rhineland-Palatinate"),
    "SL": Text("Saarland", "Saarland"),
    "SN": Text("Sachsen", "Saxony"),
    "ST": Text("Sachsen-Anhalt", "Saxony-Anhalt"),
    "SH": Text("Schleswig-Holstein", "Schleswig-Holstein"),
    "TH": Text("Thüringen", "Thuringia"),
}
HOCHSCHULABSCHLUSS = {
    "keiner": Text("kein Hochschulabschluss", "no university degree"),
    "bachelor": Text("Bachelor", "bachelor's degree"),
    "diplom": Text("Diplom", "Diplom"),
    "magister": Text("Magister", "Magister"),
    "staatsexamen": Text("Staatsexamen", "state examination"),
    "master": Text("Master", "master's degree"),
    "promotion": Text("Promotion", "doctorate"),
}
SCHULABSCHLUSS = {
    "keiner": Text("kein Schulabschluss", "no school leaving certificate"),
    "hauptschule": Text("Hauptschulabschluss", "lower secondary certificate (Hauptschule)"),
    "mittlerer": Text("mittlerer Bildungsabschluss", "intermediate certificate (mittlerer Bildungsabschluss)"),
    "fachhochschulreife": Text("Fachhochschulreife", "entrance qualification for universities of applied sciences"),
    "hochschulreife": Text("Hochschulreife", "university entrance qualification"),
}
FACHRICHTUNG = {
    "sozialwesen": Text("Sozialwesen", "social work"),
    "andere_geeignete": Text("andere geeignete Fachrichtung", "another suitable subject"),
    "nicht_geeignet": Text("nicht geeignete Fachrichtung", "unsuitable subject"),
}
STELLENSTAND = {
    "bewilligt": Text("bewilligt", "granted"),
    "besetzt": Text("besetzt", "filled"),
    "nachbesetzungsfaehig": Text("nachbesetzungsfähig", "open to refilling"),
    "keiner": Text("nichts davon", "none of these"),
}
GRUPPE = {
    "a": Text("Gruppe (a): Hochschulabschluss im Sozialwesen", "group (a): degree in social work"),
    "b": Text("Gruppe (b): anderer geeigneter Hochschulabschluss", "group (b): another suitable degree"),
    "c": Text("Gruppe (c): Berufsausbildung mit Zusatzvoraussetzung", "group (c): vocational training and more"),
}
