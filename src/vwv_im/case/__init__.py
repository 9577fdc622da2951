"""What a case may state, and reading a case from a file or from data."""

from vwv_im.case.case_reader import LIMITS, CaseError, read_case, read_document
from vwv_im.case.fields import CasePart

__all__ = ["LIMITS", "CaseError", "CasePart", "read_case", "read_document"]
