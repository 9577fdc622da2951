"""Rule files and acts; applied in order, they give the Fassungen."""

from vwv_im.law.act import Akt
from vwv_im.law.choice import ApplicableFassung
from vwv_im.law.evidence import GRADES, Beleg, Grade
from vwv_im.law.fassung import AnyItem, Fassung, Item, Law
from vwv_im.law.history import OperationId
from vwv_im.law.model import Ableitung, Auslegung, Parameter, Regel
from vwv_im.law.regulation import Regulation

__all__ = [
    "GRADES", "Ableitung", "Akt", "AnyItem", "ApplicableFassung", "Auslegung", "Beleg", "Fassung", "Grade",
    "Item", "Law", "OperationId", "Parameter", "Regel", "Regulation",
]  # fmt: skip
