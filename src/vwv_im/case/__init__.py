"""What a case may state, and reading a case from a file or from data."""

from vwv_im.case.reading import LIMITS, CaseError, read_case, read_document
from vwv_im.case.values import CasePart
from vwv_im.case.vocabulary import DAY, Entity, Fact, Unit, Vocabulary, scope_of

__all__ = [
    "DAY", "LIMITS", "CaseError", "CasePart", "Entity", "Fact", "Unit", "Vocabulary", "read_case",
    "read_document", "scope_of",
]  # fmt: skip
