"""vwv-im: the VwV Integrationsmanagement of Baden-Württemberg, executable, with reasons.

The public API and nothing else: what this module names, the rest of `vwv_im.typed`, the commands, the HTTP API and
the documents. Every other module belongs to the house and may change with any version. Parts are loaded when they are
first used.

>>> import vwv_im
>>> vwv_im.evaluate({"antrag": {"stellen": [{}]}}, on="2018-06-01", engine="direct").verdict.value
'open'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from vwv_im.case import CaseError
    from vwv_im.decision.compare import Comparison, compare
    from vwv_im.decision.context import Outcome
    from vwv_im.decision.counterfactuals import Counterfactuals
    from vwv_im.decision.decision import Decision
    from vwv_im.decision.evaluate import counterfactuals, needs
    from vwv_im.decision.needs import Needs
    from vwv_im.decision.reason import ConditionResult, Reason
    from vwv_im.decision.replay import ReceiptError, Replay, replay
    from vwv_im.decision.request import RequestError
    from vwv_im.lang import Verdict
    from vwv_im.law.evidence import Grade
    from vwv_im.law.regulation import Regulation, regulation
    from vwv_im.law.rule_faults import RuleFileError
    from vwv_im.publish.schemas import decision_schema
    from vwv_im.reasoning.durable import EngineUnavailable
    from vwv_im.reasoning.engines import EngineDisagreement
    from vwv_im.tables.bulk import BriefDecision, evaluate_many
    from vwv_im.tables.frames import evaluate_frame, mask_layout
    from vwv_im.tables.table_faults import FrameError
    from vwv_im.text import Fault, FaultyInputError
    from vwv_im.typed import (
        Antrag,
        Antragsteller,
        Auszahlung,
        Beschaeftigung,
        Bescheidposition,
        Bewilligung,
        Case,
        Foerderstelle,
        Foerderung,
        Mitglied,
        Person,
        Question,
        Rahmenmitglied,
        Stelle,
        Unterbrechung,
        Vorlage,
        Zuwendungsempfaenger,
        evaluate,
        read_case,
    )

_HOMES = {
    "case": "CaseError",
    "decision.compare": "Comparison compare",
    "decision.context": "Outcome",
    "decision.counterfactuals": "Counterfactuals",
    "decision.decision": "Decision",
    "decision.evaluate": "counterfactuals evaluate needs",
    "decision.needs": "Needs",
    "decision.reason": "ConditionResult Reason",
    "decision.replay": "ReceiptError Replay replay",
    "decision.request": "RequestError",
    "lang.truth": "Verdict",
    "law.evidence": "Grade",
    "law.regulation": "Regulation regulation",
    "law.rule_faults": "RuleFileError",
    "publish.schemas": "decision_schema",
    "reasoning.durable": "EngineUnavailable",
    "reasoning.engines": "EngineDisagreement",
    "tables.bulk": "BriefDecision evaluate_many",
    "tables.frames": "evaluate_frame mask_layout",
    "tables.table_faults": "FrameError",
    "text": "Fault FaultyInputError",
    "typed": (
        "Antrag Antragsteller Auszahlung Beschaeftigung Bescheidposition Bewilligung Case Foerderstelle Foerderung "
        "Mitglied Person Question Rahmenmitglied Stelle Unterbrechung Vorlage Zuwendungsempfaenger read_case"
    ),
}
"""The modules that have what is public, each with its names."""
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Antrag", "Antragsteller", "Auszahlung", "Beschaeftigung", "Bescheidposition", "Bewilligung", "BriefDecision",
    "Case", "CaseError", "Comparison", "ConditionResult", "Counterfactuals", "Decision", "EngineDisagreement",
    "EngineUnavailable", "Fault", "FaultyInputError", "Foerderstelle", "Foerderung", "FrameError", "Grade",
    "Mitglied", "Needs", "Outcome", "Person", "Question", "Rahmenmitglied", "Reason", "ReceiptError", "Regulation",
    "Replay", "RequestError", "RuleFileError", "Stelle", "Unterbrechung", "Verdict", "Vorlage",
    "Zuwendungsempfaenger", "__version__", "compare", "counterfactuals", "decision_schema", "evaluate",
    "evaluate_frame", "evaluate_many", "mask_layout", "needs", "read_case", "regulation", "replay",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'vwv_im' has no attribute {name!r}")
    value = getattr(import_module(f"vwv_im.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
