"""What is known of a funding stays known when more is stated, whichever engine; and both find the same."""

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pairs import SOAK, Path_, without
from verwendung import von_hand
from vwv_im import Decision, evaluate

REPLACES = "betrag_eur"
"""What a notice grants: where it is stated, it takes the place of what the rates give."""


def places(node: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Yield the place of everything that a case states, lists and their entries' facts alike."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if isinstance(key, str) and path and key != REPLACES:
            yield (*path, key)
        yield from places(value, (*path, key))


def with_and_without(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a random funding, and the same without up to four of its facts."""
    (case, _), draw = von_hand.random_case(random.Random(seed)), random.Random(seed)
    taken = draw.sample([*places(case)], draw.randint(1, 4))
    apart = [one for one in taken if not any(other != one and one[: len(other)] == other for other in taken)]
    return case, without(case, apart)


def decided(case: dict[str, Any], engine: Any = "direct") -> Decision:
    return evaluate(case, on="2026-11-30", question="verwendungsnachweis", engine=engine)


def known(decision: Decision) -> dict[Any, Any]:
    """Return what is known: the verdict, the derived values, whether each requirement of a stated subject is met."""
    found: dict[Any, Any] = {path: value for path, value in decision.derived.items() if value is not None}
    found["verdict"] = decision.verdict
    found |= {(one.rule, one.subject): one.verdict for one in decision.reasons if one.subject.endswith("]")}
    return {what: value for what, value in found.items() if value != "open"}


def test_more_facts_only_decide_what_was_open() -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(150 * SOAK):
        more, less = map(decided, with_and_without(seed))
        said = known(more)
        changed = {what: value for what, value in known(less).items() if said.get(what) != value}
        assert not changed, (seed, changed)
        verdicts[str(less.verdict)] += 1
    assert verdicts["open"] > 0.1 * verdicts.total()
    assert verdicts["no"] > 0.1 * verdicts.total()


def test_both_engines_find_the_same_also_of_what_is_partly_known() -> None:
    for seed in range(1000, 1000 + 60 * SOAK):
        for case in with_and_without(seed):
            assert decided(case, "checked").engine.cross_checked
