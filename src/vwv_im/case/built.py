"""What the models of a case are made from: parts that tell their faults also where a program builds them by hand."""

from typing import TYPE_CHECKING

from pydantic import ValidationError

from vwv_im.case.case_reader import refusal
from vwv_im.case.fields import CasePart

if TYPE_CHECKING:
    _Told = CasePart
else:

    class _TellsFaults(type(CasePart)):
        """Sees what is built by hand; what is read, or is within another model, does not come by here."""

        def __call__(cls, /, *args: object, **stated: object) -> object:
            try:
                return super().__call__(*args, **stated)
            except ValidationError as error:
                raise refusal(error, cls, stated) from None

    class _Told(CasePart, metaclass=_TellsFaults):
        """A part of a case that raises `CaseError`."""


class BuiltPart(_Told):
    """A part of a case: one that is built by hand, `Part(field=…)`, raises `CaseError` with all its faults."""
