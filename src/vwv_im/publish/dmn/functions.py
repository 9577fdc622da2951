"""The computations that FEEL lacks, as functions of the DMN model: periods after the BGB, commercial rounding.

FEEL adds months as the BGB counts them (a month that lacks the day gives its last one), so that a period ends on the
day before its anniversary or, where that day is missing, on the last day of the month (§§ 187 (2), 188 (2), (3) BGB).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """A function in FEEL: its title, its parameters with their types, its body, and the functions that it calls."""

    title: str
    parameters: tuple[tuple[str, str], ...]
    result: str
    body: str
    needs: tuple[str, ...] = ()


_SPAN = (("von", "date"), ("bis", "date"))

FUNCTIONS: Mapping[str, Function] = {
    "ende_der_frist": Function(
        "Letzter Tag einer Frist von Monaten (§§ 187 Abs. 2, 188 Abs. 2 und 3 BGB)",
        (("beginn", "date"), ("monate", "number")),
        "date",
        "if beginn = null or monate = null or monate < 1 then null else "
        '{wende: beginn + duration("P" + string(monate) + "M"), '
        'ende: if wende.day = beginn.day then wende - duration("P1D") else wende}.ende',
    ),
    "volle_monate": Function(
        "Volle Monate zwischen zwei Tagen, beide eingeschlossen",
        _SPAN,
        "number",
        "if von = null or bis = null then null else "
        '{danach: bis + duration("P1D"), '
        "monate: (danach.year - von.year) * 12 + danach.month - von.month, "
        "voll: max([0, monate - (if danach.day < von.day then 1 else 0)])}.voll",
    ),
    "resttage": Function(
        "Tage zwischen zwei Tagen, die nach den vollen Monaten bleiben",
        _SPAN,
        "number",
        "if von = null or bis = null then null else "
        "{monate: volle_monate(von, bis), "
        'davor: if monate < 1 then von - duration("P1D") else ende_der_frist(von, monate), '
        "tage: max([0, (bis - davor).days])}.tage",
        ("volle_monate", "ende_der_frist"),
    ),
    "laufender_monat": Function(
        "Nummer des Monats, gerechnet vom Beginn, in den ein Tag fällt",
        (("beginn", "date"), ("tag", "date")),
        "number",
        'if beginn = null or tag = null then null else volle_monate(beginn, tag - duration("P1D")) + 1',
        ("volle_monate",),
    ),
    "kaufmaennisch": Function(
        "Kaufmännisch gerundet auf so viele Stellen",
        (("zahl", "number"), ("stellen", "number")),
        "number",
        "if zahl = null then null else floor(zahl * 10 ** stellen + 0.5) / 10 ** stellen",
    ),
    "fruehester": Function(
        "Der früheste von mehreren Tagen; keiner, wo einer nicht bekannt ist",
        (("tage", "Any"),),
        "date",
        "if list contains(tage, null) then null else sort(tage, function(a, b) a < b)[1]",
    ),
    "spaetester": Function(
        "Der späteste von mehreren Tagen; keiner, wo einer nicht bekannt ist",
        (("tage", "Any"),),
        "date",
        "if list contains(tage, null) then null else sort(tage, function(a, b) a > b)[1]",
    ),
    "schwaechstes": Function(
        "Das schwächste Ergebnis: nein vor offen vor Ermessen vor ja",
        (("ergebnisse", "Any"),),
        "string",
        'if list contains(ergebnisse, "no") then "no" else if list contains(ergebnisse, "open") then "open" '
        'else if list contains(ergebnisse, "discretion") then "discretion" else "yes"',
    ),
}
