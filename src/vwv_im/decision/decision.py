"""The decision: a result with its derived values as an object, its receipt, and its page as text."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, Generic, cast

from typing_extensions import TypeVar

from vwv_im import __version__
from vwv_im.case.vocabulary import Entity
from vwv_im.decision.blocks import Form, write
from vwv_im.decision.context import Context, values_of
from vwv_im.decision.decision_page import page_of
from vwv_im.decision.receipt import Receipt, WholeReceipt, counts_of, facts_used
from vwv_im.decision.result import Result
from vwv_im.text import Language, Text
from vwv_im.text.json_object import JsonDocument
from vwv_im.text.values import Json

V = TypeVar("V", default=Any)
"""What the derived values of a decision are; `vwv_im.typed` says it for each question."""


class Decision(
    Result,
    JsonDocument,
    Generic[V],
    schema="DecisionDocument",
    keys="outcome verdict question on known_on fassung derived reasons options hints missing duties open_questions "
    "contradictions readings contract evidence engine receipt",
):
    """A decision with its reasons. It is no Bescheid and founds no claim.

    `outcome` is `decided`, `outside_scope` or `contradictory`; `verdict` is `None` unless decided. *Yes* means that
    all known requirements are met: the application may be granted at most as far as the values here go. `to_dict` gives
    the JSON document, whose schema is `vwv_im.decision_schema()`.
    """

    def __repr__(self) -> str:
        return f"Decision({self.outcome!r}, {self.verdict!r}, on={self.on.isoformat()!r}, fassung={self.fassung.id!r})"

    def title_at(self, path: str) -> Text:
        """Return how the fact or list at a path of the case is called."""
        found = self.regulation.vocabulary.at(path)
        if isinstance(found, Entity):
            return found.heading
        return found.title if found is not None else Text(path, path)

    @cached_property
    def on_demand(self) -> Context:
        """What was run, with all that the rules work out on demand; raises `LookupError` as `context` does."""
        return self._demanded() or self.context

    @cached_property
    def values(self) -> V:
        """The derived values as an object: `values.zimmer[0].hoehe_cm`; `derived` keeps them by path.

        Days, exact decimals, whole numbers and words as Python has them; all `None` where the case contradicts itself.
        Raises `LookupError` where no Fassung was there to run.
        """
        return cast("V", values_of(self.context, known=self._sound is not None))

    @cached_property
    def _facts_used(self) -> dict[str, Json]:
        return facts_used(self._context) if self._context else {}

    @cached_property
    def receipt(self) -> Receipt:
        """What was used: the library's version, the hash of each rule file, and the facts read."""
        return Receipt(self.regulation.hashes, self._facts_used, self._whole_receipt)

    def _whole_receipt(self) -> WholeReceipt:
        return WholeReceipt(
            version=__version__,
            rules=self.regulation.hashes,
            facts=self._facts_used,
            counts=counts_of(self._context) if self._context else {},
            on=self.on,
            known_on=self.known_on,
            question=self.question,
            readings=self.request.readings,
            fassung=self.fassung.to_dict(),
            outcome=self.outcome,
            verdict=self.verdict,
            derived=self.derived,
            reasons=tuple((one.rule, one.subject, one.verdict, one.actual, one.required) for one in self.reasons),
        )

    def explain(self, lang: Language = "de", format: Form = "text") -> str:  # noqa: A002 - the word of the API
        """Return the order of examination with verdicts, values and citations, as text, Markdown or HTML.

        Raises `ValueError` for an unknown format.
        """
        if lang not in ("de", "en"):
            raise ValueError(f"{lang!r} is no language; possible are de, en")
        return write(page_of(self, lang), format)

    def to_json(self, lang: Language = "de", *, indent: int | None = None) -> str:
        """Return the JSON document as text."""
        return json.dumps(self.to_dict(lang), ensure_ascii=False, indent=indent)
