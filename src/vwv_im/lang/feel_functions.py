"""What operations on days and texts and roundings call in FEEL: functions of a model, by the names they have there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """A function in FEEL: its title, its parameters with their types, its body, and the functions that it calls."""

    title: str
    parameters: tuple[tuple[str, str], ...]
    result: str
    body: str
    needs: tuple[str, ...] = ()


_DAYS_OF_SPAN = (("von", "date"), ("bis", "date"))
PERIOD = {
    "ende_der_frist": Function(
        "Letzter Tag einer Frist von Monaten (§§ 187 Abs. 2, 188 Abs. 2 und 3 BGB)",
        (("beginn", "date"), ("monate", "number")),
        "date",
        "if beginn = null or monate = null or monate < 1 then null else "
        '{wende: beginn + duration("P" + string(monate) + "M"), '
        'ende: if wende.day = beginn.day then wende - duration("P1D") else wende}.ende',
    )
}
MONTHS_OF_SPAN = {
    "volle_monate": Function(
        "Volle Monate zwischen zwei Tagen, beide eingeschlossen",
        _DAYS_OF_SPAN,
        "number",
        "if von = null or bis = null then null else "
        '{danach: bis + duration("P1D"), '
        "monate: (danach.year - von.year) * 12 + danach.month - von.month, "
        "voll: max([0, monate - (if danach.day < von.day then 1 else 0)])}.voll",
    )
}
REST_OF_SPAN = {
    "resttage": Function(
        "Tage zwischen zwei Tagen, die nach den vollen Monaten bleiben",
        _DAYS_OF_SPAN,
        "number",
        "if von = null or bis = null then null else "
        "{monate: volle_monate(von, bis), "
        'davor: if monate < 1 then von - duration("P1D") else ende_der_frist(von, monate), '
        "tage: max([0, (bis - davor).days])}.tage",
        ("volle_monate", "ende_der_frist"),
    )
}
SHARED_DAYS = {
    "gemeinsame_tage": Function(
        "Tage, die zwei Zeiträume gemeinsam haben, je beide Tage eingeschlossen",
        (*_DAYS_OF_SPAN, ("mit_von", "date"), ("mit_bis", "date")),
        "number",
        "if von = null or bis = null or mit_von = null or mit_bis = null then null else "
        "max([0, ((if mit_bis < bis then mit_bis else bis) - (if mit_von > von then mit_von else von)).days + 1])",
    )
}
SHARED_PARTS = {
    "monatsteile": Function(
        "Teile der Monate ab einem Tag, die bis vor einen anderen reichen; ein Monat hat 377.580 Teile",
        (("beginn", "date"), ("davor", "date")),
        "number",
        'if beginn = null or davor = null then null else {monate: volle_monate(beginn, davor - duration("P1D")), '
        'ab: if monate < 1 then beginn else ende_der_frist(beginn, monate) + duration("P1D"), '
        "laenge: (ende_der_frist(beginn, monate + 1) - ab).days + 1, "
        "teile: monate * 377580 + (davor - ab).days * (377580 / laenge)}.teile",
        ("volle_monate", "ende_der_frist"),
    ),
    "gemeinsame_monatsteile": Function(
        "Teile der Monate eines Zeitraums, die in einen anderen fallen; ein Monat hat 377.580 Teile",
        (*_DAYS_OF_SPAN, ("mit_von", "date"), ("mit_bis", "date")),
        "number",
        "if von = null or bis = null or mit_von = null or mit_bis = null then null else "
        "{ab: if mit_von > von then mit_von else von, "
        'davor: (if mit_bis < bis then mit_bis else bis) + duration("P1D"), '
        "teile: if davor <= ab then 0 else monatsteile(von, davor) - monatsteile(von, ab)}.teile",
        ("monatsteile",),
    ),
}
JANUARY = {
    "jahresanfang": Function(
        "Der 1. Januar des Jahres, in dem ein Tag liegt",
        (("tag", "date"),),
        "date",
        "if tag = null then null else date(tag.year, 1, 1)",
    )
}
RUNNING = {
    "laufender_monat": Function(
        "Nummer des Monats, gerechnet vom Beginn, in den ein Tag fällt",
        (("beginn", "date"), ("tag", "date")),
        "number",
        'if beginn = null or tag = null then null else volle_monate(beginn, tag - duration("P1D")) + 1',
        ("volle_monate",),
    )
}
ENTRY = {
    "eintrag": Function(
        "Was eine Tabelle (Schlüssel=Wert; …) zu den ersten Zeichen eines Textes nennt",
        (("text", "string"), ("zeichen", "number"), ("tabelle", "string")),
        "string",
        'if text = null or not(contains(";" + tabelle, ";" + substring(text, 1, zeichen) + "=")) then null else '
        'substring before(substring after(";" + tabelle, ";" + substring(text, 1, zeichen) + "="), ";")',
    )
}
ROUNDING = {
    "kaufmaennisch": Function(
        "Kaufmännisch gerundet auf so viele Stellen",
        (("zahl", "number"), ("dezimalen", "number")),
        "number",
        "if zahl = null then null else floor(zahl * 10 ** dezimalen + 0.5) / 10 ** dezimalen",
    )
}
