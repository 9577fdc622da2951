"""Texts in two languages, faults with their place, YAML with positions."""

from vwv_im.text.bilingual import Language, Text
from vwv_im.text.faults import Fault, FaultyInputError, Form, Place
from vwv_im.text.yaml import Document, Limits, read_yaml

__all__ = ["Document", "Fault", "FaultyInputError", "Form", "Language", "Limits", "Place", "Text", "read_yaml"]
