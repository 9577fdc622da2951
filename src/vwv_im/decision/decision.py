"""The decision: a result with its page as text and its receipt, with which it can be made again.

Names and free labels never enter a receipt.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Generic, Self, cast, get_args

from pydantic_core import to_json as to_json_text
from typing_extensions import TypeVar

from vwv_im import __version__
from vwv_im.case.vocabulary import scope_of
from vwv_im.decision.blocks import WIDTH, Block, PageFormat, write
from vwv_im.decision.context import Context, Outcome, values_of
from vwv_im.decision.decision_page import PageDetail, page_of
from vwv_im.decision.request import RequestError, is_one_of
from vwv_im.decision.result import AppliedFassung, Engine, OutsideFassung, Result
from vwv_im.decision.short import Detail, ShortDecision
from vwv_im.lang import Verdict
from vwv_im.reasoning.plan import Plan
from vwv_im.text import Fault, Json, JsonDocument, JsonObject, Language, Text, to_json
from vwv_im.text.json_object import writer_of

SCHEMA = "1"
"""The version of the form of receipts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WholeReceipt(JsonDocument, schema="ReceiptDocument"):
    """What went into a decision and what came out, which `vwv-im replay` can repeat."""

    version: str
    rules: Mapping[str, str]
    facts: Mapping[str, Json]
    schema: str = SCHEMA
    counts: Mapping[str, int]
    on: date
    known_on: date | None
    question: str
    readings: Mapping[str, str]
    fassung: Mapping[str, Any]
    outcome: Outcome
    verdict: Verdict | None
    derived: Mapping[str, Json]
    reasons: tuple[tuple[str, str, Verdict, Json, Json], ...]
    digest: Annotated[str, "SHA-256 of the canonical JSON of all the rest."] = ""


@dataclass(frozen=True, slots=True)
class Receipt(JsonObject, schema="ShortReceiptDocument", keys="version rules facts"):
    """With what a decision was made; in the JSON of a decision it is short, since the rest stands beside it.

    `rules` holds the SHA-256 of each rule file, `facts` every stated fact that was read, by its path; `document` is
    whole and canonical, with a checksum (`digest`) against accidents: it is no signature, and whoever changes a receipt
    can work it out anew.
    """

    rules: Mapping[str, str]
    facts: Mapping[str, Json]
    whole: Callable[[], WholeReceipt]

    @property
    def version(self) -> str:
        """The version of the library."""
        return __version__

    def document(self) -> dict[str, Any]:
        """Return the whole receipt, which can be replayed without anything else."""
        whole = self.whole()
        return replace(whole, digest=digest_of(whole.to_dict())).to_dict()

    def canonical(self) -> str:
        """Return the whole receipt as canonical JSON: keys sorted, no spaces, UTF-8."""
        return canonical(self.document())


V = TypeVar("V", default=Any)
"""What the derived values of a decision are; `vwv_im.typed` says it for each question."""


class Decision(
    Result,
    JsonDocument,
    Generic[V],
    schema="DecisionDocument",
    keys="outcome verdict question on known_on fassung derived reasons options hints missing duties open_questions "
    "contradictions plausibility readings contract reviewed_by_lawyer evidence engine receipt",
):
    """A decision with its reasons. It is no Bescheid and founds no claim.

    `outcome` is `decided`, `outside_scope` or `contradictory`; `verdict` is `None` unless decided. *Yes* means that
    all known requirements are met: the application may be granted at most as far as the values here go. `to_dict` gives
    the JSON document, whose schema is `vwv_im.decision_schema()`.
    """

    outcome: Outcome
    """Whether there is a verdict: `decided`; if not, why: `outside_scope` or `contradictory`."""
    verdict: Verdict | None
    """The result; `None` unless decided. Compares equal to `"yes"`, `"no"`, `"open"`, `"discretion"`."""
    fassung: AppliedFassung | OutsideFassung
    """The Fassung that was chosen, and why; outside the scope the nearest or the successor."""
    engine: Engine
    """Which engine decided, and whether a second one agreed."""

    def __repr__(self) -> str:
        return f"Decision({self.outcome!r}, {self.verdict!r}, on={self.on.isoformat()!r}, fassung={self.fassung.id!r})"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Callable[[], Self], tuple[()]]:
        """Say how it is made again: what was worked out is not kept, and the rule files have to be the same."""
        return cast("Callable[[], Self]", self._again), ()

    def title_at(self, path: str) -> Text:
        """Return how the fact or list at a path of the case is called."""
        return self.regulation.vocabulary.title_at(path)

    @cached_property
    def on_request(self) -> Context:
        """What was run, with all that the rules work out on demand; raises `LookupError` as `context` does."""
        return self._on_request() or self.context

    @cached_property
    def values(self) -> V:
        """The derived values as an object: `values.zimmer[0].hoehe_cm`; `derived` keeps them by path.

        Days, exact decimals, whole numbers and words as Python has them; all `None` where the case contradicts itself.
        Raises `LookupError` where no Fassung was there to run.
        """
        (top,) = self.context.subjects(self.context.plan.top)
        return cast("V", values_of(self.context, top, known=self._sound is not None))

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

    def explain(
        self,
        lang: Language = "de",
        format: PageFormat = "text",  # noqa: A002 - the word of the API
        *,
        detail: PageDetail = "full",
        width: int = WIDTH,
    ) -> str:
        """Return the page as text of at most `width` columns, Markdown or HTML; see `page`.

        Raises `ValueError` for an unknown format, language or detail.
        """
        return write(self.page(lang, detail), format, width)

    def page(self, lang: Language = "de", detail: PageDetail = "full") -> list[Block]:
        """Return the decision as the blocks of a page: the answer and what bears on it, or also all it rests on.

        Raises `ValueError` for an unknown language or detail.
        """
        for given, known in ((lang, get_args(Language)), (detail, get_args(PageDetail))):
            if given not in known:
                raise ValueError(f"{given!r} is not known; possible are {', '.join(known)}")
        return page_of(self, lang, detail)

    @property
    def short(self) -> ShortDecision:
        """The verdict, what stands in its way, and the derived values: a document of its own, in one language."""
        return ShortDecision(self)

    def to_dict(self, lang: Language = "de", detail: Detail = "full") -> dict[str, Any]:
        """Return the JSON form: all that explains the decision, or what `short` has.

        Raises `RequestError` for another `detail`.
        """
        faults: list[Fault] = []
        if not is_one_of("detail", detail, get_args(Detail), faults):
            raise RequestError(faults)
        return self.short.to_dict(lang) if detail == "short" else writer_of(Decision)(self, lang)

    def to_json(self, lang: Language = "de", *, indent: int | None = None, detail: Detail = "full") -> str:
        """Return the JSON document as text; see `to_dict`."""
        return to_json_text(self.to_dict(lang, detail), indent=indent).decode()


def canonical(document: Mapping[str, Any]) -> str:
    """Return the canonical JSON text of a document.

    >>> canonical({"b": 1, "a": None})
    '{"a":null,"b":1}'
    """
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the checksum of a receipt: the SHA-256 of its content, all but the checksum itself."""
    content = {key: value for key, value in document.items() if key != "digest"}
    return sha256(canonical(content).encode()).hexdigest()


def facts_used(context: Context) -> dict[str, Json]:
    """Return every stated fact that the plan reads, by its path; never a name or free label."""
    used: dict[str, Json] = {}
    for fact, scope in context.memoize("facts used", context.plan, lambda: _usable(context.plan)):
        for subject in context.subjects(scope):
            if (value := context.value(fact, subject)) is not None:
                used[subject.path(fact)] = to_json(value)
    return used | {part: [] for part, count in counts_of(context).items() if not count}


def _usable(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the stated facts that a plan reads, each with its scope, but no private ones."""
    facts = plan.vocabulary.facts
    stated = (fact for fact in sorted(plan.reads & facts.keys()) if not facts[fact].private)
    return tuple((fact, scope_of(fact)) for fact in stated if scope_of(fact) in plan.scopes)


def counts_of(context: Context) -> dict[str, int]:
    """Return how many entries each list has that the case states."""
    plan, found = context.plan, dict[str, int]()
    derived = {series.scope for series in plan.series}
    for scope in plan.scopes:
        for inner, slot in context.direct.layout.lists[scope].items():
            key = plan.vocabulary.entities[inner].path.removeprefix(f"{plan.vocabulary.entities[scope].path}.")
            for subject in context.subjects(scope) if inner not in derived else ():
                if (entries := subject.record[slot]) is not None:
                    found[f"{subject.name}.{key}"] = len(entries)
    return found
