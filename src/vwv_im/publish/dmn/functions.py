"""The functions of the DMN model: those that operations call (`vwv_im.lang.table`), and those that fold results.

FEEL adds months as the BGB counts them (a month that lacks the day gives its last one), so that a period ends on the
day before its anniversary or, where that day is missing, on the last day of the month (§§ 187 (2), 188 (2), (3) BGB).
"""

from __future__ import annotations

from collections.abc import Mapping

from vwv_im.lang.table import OPERATIONS, Function
from vwv_im.lang.truth import WEAKEST_FIRST

*_WEAKER, _STRONGEST = WEAKEST_FIRST


def _extreme(which: str, sign: str) -> Function:
    title = f"Der {which} von mehreren Tagen; keiner, wo einer nicht bekannt ist"
    body = f"if list contains(tage, null) then null else sort(tage, function(a, b) a {sign} b)[1]"
    return Function(title, (("tage", "Any"),), "date", body)


FUNCTIONS: Mapping[str, Function] = {
    **{name: function for one in OPERATIONS.values() for name, function in one.functions.items()},
    "fruehester": _extreme("früheste", "<"),
    "spaetester": _extreme("späteste", ">"),
    "schwaechstes": Function(
        "Das schwächste Ergebnis: nein vor offen vor Ermessen vor ja",
        (("ergebnisse", "Any"),),
        "string",
        "".join(f'if list contains(ergebnisse, "{one}") then "{one}" else ' for one in _WEAKER) + f'"{_STRONGEST}"',
    ),
}
