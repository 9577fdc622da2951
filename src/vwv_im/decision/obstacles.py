"""What stands in the way of "yes", said in the negative and with the values that decide; what would help."""

from __future__ import annotations

from collections.abc import Iterator

from vwv_im.decision.blocks import Item
from vwv_im.decision.counterfactuals import counterfactuals_of, negative_of
from vwv_im.decision.missing import decisive_facts
from vwv_im.decision.phrases import OR, OUTCOMES, bracketed, list_phrase, which_entries
from vwv_im.decision.reason import ConditionResult, Reason
from vwv_im.decision.result import Result
from vwv_im.lang import Verdict
from vwv_im.text import Language, Text, group

MARKS = {Verdict.YES: "+", Verdict.NO: "–", Verdict.OPEN: "?", Verdict.DISCRETION: "~"}


def obstacles_of(decision: Result, lang: Language, *, short: bool) -> list[Item]:
    """Return what is not met, then what lies in discretion, then what is open; what several entries share once.

    `short`: what is open in one sentence, with the first of it.
    """
    order = (Verdict.NO, Verdict.DISCRETION, Verdict.OPEN)
    unmet = sorted((one for one in decision.reasons if one.verdict in order), key=lambda one: order.index(one.verdict))
    alike, items = group(((one.verdict, one.rule, *_said(decision, one, lang)), one) for one in unmet), []
    for (verdict, _, said, values), reasons in alike.items():
        entries = which_entries([one.condition.subject for one in reasons], decision.context, lang)
        facts = dict.fromkeys(fact for one in reasons for fact in decisive_facts(one))
        items.append(Item(f"{said}{bracketed(entries)}{values}", MARKS[verdict], facts=tuple(facts)))
    still = [item for item in items if item.mark == MARKS[Verdict.OPEN]]
    if short and still[1:]:
        more, facts = len(still) - 1, dict.fromkeys(fact for item in still for fact in item.facts)
        also = Text(f"{more} weitere Voraussetzungen", f"{more} further requirements")
        also = also if more > 1 else Text("eine weitere Voraussetzung", "one further requirement")
        said = f"{still[0].text} {Text('und', 'and').in_(lang)} {also.in_(lang)}"
        items[-len(still) :] = [Item(said, MARKS[Verdict.OPEN], facts=tuple(facts))]
    return items


def _said(decision: Result, reason: Reason, lang: Language) -> tuple[str, str]:
    """Return what is in the way, and the values behind it where a single comparison decides."""
    authority, negative = decision.regulation.examination.behoerde, negative_of(reason)
    said = (negative or reason.title).in_(lang)
    values = _values(reason.condition, lang)
    match reason.verdict:
        case Verdict.OPEN:
            return f"{Text('Noch offen', 'Still open').in_(lang)}: {said}", ""
        case Verdict.DISCRETION:
            return f"{Text(f'Im Ermessen {authority.de}', f'At {authority.en} discretion').in_(lang)}: {said}", values
        case _:
            return said, values or ("" if negative else f": {OUTCOMES[Verdict.NO].in_(lang)}")


def _values(condition: ConditionResult, lang: Language) -> str:
    """Return the actual and the required value where all that is not met says the same of them, and not just yes or no.

    Of alternatives each is told. That none of something is required, the sentence has said.
    """
    deciding = {one.compared(lang): one for one in _unmet(condition)}
    facts = {one.fact if condition.operator == "eine" else told for told, one in deciding.items()}
    if len(facts) != 1 or None in deciding or any(isinstance(one.wanted, bool) for one in deciding.values()):
        return ""
    values, needed = zip(*filter(None, deciding), strict=True)
    required = f"; {Text('verlangt', 'required').in_(lang)}: {list_phrase(needed, lang, OR)}"
    return f": {values[0]}{required if any(one.wanted != 0 for one in deciding.values()) else ''}"


def _unmet(part: ConditionResult) -> Iterator[ConditionResult]:
    if part.verdict is Verdict.NO:
        inner = [found for one in part.parts for found in _unmet(one)]
        yield from inner or [part]


def what_helps(decision: Result, lang: Language) -> list[str]:
    """Return the smallest changes that turn the verdict to yes, a line each; else what the rules say would help.

    While facts are missing, only the smallest changes that mend the rest. Where the question asks for nothing that can
    be changed, what the rules say is all there is to say.
    """
    if decision.verdict not in (Verdict.NO, Verdict.DISCRETION):
        return []
    read = decision.context.plan.reads
    if not any(fact.changeable for path, fact in decision.context.vocabulary.facts.items() if path in read):
        remedies = (one.remedy(lang) for one in decision.reasons if one.verdict is Verdict.NO)
        return list(dict.fromkeys(filter(None, remedies)))
    found = counterfactuals_of(decision)
    return found.told(found.sets or found.mends[:1], lang) or found.remedies(lang)
