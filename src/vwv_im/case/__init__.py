"""What a case may state, and reading one from a file or from data."""

from vwv_im.case.codes import CODES
from vwv_im.case.facts import Fact, Part
from vwv_im.case.reading import LIMITS, CaseError, read_case, read_document
from vwv_im.case.vocabulary import FACTS, PARTS, Antrag, Antragsteller, Case, Mitglied, Person, Stelle

__all__ = [
    "CODES",
    "FACTS",
    "LIMITS",
    "PARTS",
    "Antrag",
    "Antragsteller",
    "Case",
    "CaseError",
    "Fact",
    "Mitglied",
    "Part",
    "Person",
    "Stelle",
    "read_case",
    "read_document",
]
