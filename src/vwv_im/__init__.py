"""vwv-im: the VwV Integrationsmanagement of Baden-Württemberg, executable, with reasons.

The public API and nothing else. Parts are loaded when they are first used.

>>> import vwv_im
>>> vwv_im.evaluate({"antrag": {"stellen": [{}]}}, on="2018-06-01", engine="direct").verdict.value
'open'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from vwv_im.case import CaseError
    from vwv_im.decision.compare import Comparison, compare
    from vwv_im.decision.counterfactuals import Counterfactuals
    from vwv_im.decision.decision import Decision
    from vwv_im.decision.evaluate import counterfactuals, needs
    from vwv_im.decision.needs import Needs
    from vwv_im.decision.reason import ConditionResult, Reason
    from vwv_im.decision.replay import ReceiptError, Replay, replay
    from vwv_im.decision.request import RequestError
    from vwv_im.lang import Verdict
    from vwv_im.law.regulation import Regulation, regulation
    from vwv_im.law.rule_faults import RuleFileError
    from vwv_im.publish.schemas import decision_schema
    from vwv_im.reasoning.durable import EngineUnavailable
    from vwv_im.reasoning.engines import EngineDisagreement
    from vwv_im.tables.bulk import BriefDecision, evaluate_many
    from vwv_im.tables.frames import evaluate_frame, mask_layout
    from vwv_im.tables.table_faults import FrameError
    from vwv_im.text import Fault, FaultyInputError
    from vwv_im.typed import Case, evaluate, read_case

_HOMES = {
    "BriefDecision": "tables.bulk",
    "Case": "typed",
    "CaseError": "case",
    "Comparison": "decision.compare",
    "Counterfactuals": "decision.counterfactuals",
    "Decision": "decision.decision",
    "EngineDisagreement": "reasoning.engines",
    "EngineUnavailable": "reasoning.durable",
    "Fault": "text",
    "FaultyInputError": "text",
    "FrameError": "tables.table_faults",
    "Regulation": "law.regulation",
    "RequestError": "decision.request",
    "RuleFileError": "law.rule_faults",
    "Needs": "decision.needs",
    "ConditionResult": "decision.reason",
    "Reason": "decision.reason",
    "ReceiptError": "decision.replay",
    "Replay": "decision.replay",
    "Verdict": "lang.truth",
    "compare": "decision.compare",
    "counterfactuals": "decision.evaluate",
    "decision_schema": "publish.schemas",
    "evaluate": "decision.evaluate",
    "evaluate_frame": "tables.frames",
    "evaluate_many": "tables.bulk",
    "mask_layout": "tables.frames",
    "needs": "decision.evaluate",
    "read_case": "typed",
    "regulation": "law.regulation",
    "replay": "decision.replay",
}

__all__ = [
    "BriefDecision",
    "Case",
    "CaseError",
    "Comparison",
    "ConditionResult",
    "Counterfactuals",
    "Decision",
    "EngineDisagreement",
    "EngineUnavailable",
    "Fault",
    "FaultyInputError",
    "FrameError",
    "Needs",
    "Reason",
    "ReceiptError",
    "Regulation",
    "Replay",
    "RequestError",
    "RuleFileError",
    "Verdict",
    "__version__",
    "compare",
    "counterfactuals",
    "decision_schema",
    "evaluate",
    "evaluate_frame",
    "evaluate_many",
    "mask_layout",
    "needs",
    "read_case",
    "regulation",
    "replay",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'vwv_im' has no attribute {name!r}")
    value = getattr(import_module(f"vwv_im.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
