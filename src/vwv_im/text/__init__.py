"""Texts in two languages, faults with their place, JSON and YAML within limits."""

from vwv_im.text.bilingual import Language, Text
from vwv_im.text.document import Document, Limits, Path_, more_telling, written_path
from vwv_im.text.faults import Fault, FaultyInputError, InputKind, Place, as_written, did_you_mean, flow
from vwv_im.text.format import written_amount, written_day
from vwv_im.text.json_object import CONTRACT, FactPath, JsonDocument, JsonObject, Sentence
from vwv_im.text.json_reader import read_json
from vwv_im.text.messages import codes, fault_of, findings, sentence, system_said
from vwv_im.text.progress import Progress, counted, silent
from vwv_im.text.values import Json, Value, group, iso_day, plain, to_json
from vwv_im.text.writing import (
    NotWrittenError,
    folder_beside,
    make_folder,
    new_file,
    refuse_inputs,
    remove_file,
    write_file,
)
from vwv_im.text.yaml import read_yaml

__all__ = [
    "CONTRACT", "Document", "FactPath", "Fault", "FaultyInputError", "InputKind", "Json", "JsonDocument",
    "JsonObject", "Language", "Limits", "NotWrittenError", "Path_", "Place", "Progress", "Sentence", "Text", "Value",
    "as_written", "codes", "counted", "did_you_mean", "fault_of", "findings", "flow", "folder_beside", "group",
    "iso_day", "make_folder", "more_telling", "new_file", "plain", "read_json", "read_yaml", "refuse_inputs",
    "remove_file", "sentence", "silent", "system_said", "to_json", "write_file", "written_amount", "written_day",
    "written_path",
]  # fmt: skip
