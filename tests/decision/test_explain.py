"""Reasons as sentences, checked against those written down; and the verdict, which follows from the reasons alone.

`python tests/decision/test_explain.py` writes the sentences anew; read the difference before you commit it.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from support import EXAMPLES, FACTS, TOY
from vwv_im import ConditionResult, Decision, Reason, Verdict, evaluate, regulation
from vwv_im.decision.evaluate import decide
from vwv_im.law.regulation import load_regulation
from vwv_im.review.corpus import corpus
from vwv_im.text import Limits, read_yaml

SENTENCES = Path(__file__).parent / "saetze.yaml"
LANGS = ("de", "en")


@cache
def decisions() -> tuple[Decision, ...]:
    return tuple(case.decide("direct") for case in corpus())


def examined() -> list[Reason]:
    return [reason for decision in decisions() if decision.verdict is not None for reason in decision.examined]


@cache
def sentences() -> dict[str, dict[str, str]]:
    """Return one sentence for each rule and way it turned out, from the first case that has it."""
    found: dict[str, dict[str, str]] = {}
    for reason in examined():
        outcome = "entfaellt" if reason.applies == "no" else reason.verdict.value
        doubt = ", Geltung offen" if reason.applies == "open" else ""
        found.setdefault(f"{reason.rule}: {reason.art}, {outcome}{doubt}", reason.text.as_dict())
    return dict(sorted(found.items()))


def written() -> dict[str, dict[str, str]]:
    document = read_yaml(SENTENCES, limits=Limits(bytes=1_000_000, depth=4))
    assert not document.faults
    found: dict[str, dict[str, str]] = document.data
    return found


# Sentences


def test_sentences_are_those_written_down() -> None:
    assert sentences() == written()


def test_sentences_of_every_kind_are_checked() -> None:
    keys = list(written())
    assert len(keys) >= 40
    for kind in (": muss, yes", ": muss, no", ": muss, open", "entfaellt", ": kann, ", ": hinweis, ", "Geltung offen"):
        assert [key for key in keys if kind in key], kind
    assert [reason for reason in examined() if any(part.parts for part in (reason.condition, *reason.parts))]


def code_words() -> set[str]:
    """Return what only the machine calls so: ids of rules, and words and facts with an underscore."""
    words = {value for fact in FACTS.values() for value in fact.values}
    ids = {reason.rule for reason in examined() if "-" in reason.rule}
    return ids | {word for word in words | {path.rpartition(".")[2] for path in FACTS} if "_" in word}


@pytest.mark.parametrize("lang", LANGS)
def test_sentences_are_written_for_readers(lang: Any) -> None:
    forbidden = re.compile(
        rf"\b(?:True|False|None|null|{'|'.join(map(re.escape, sorted(code_words())))})\b|[{{}}]|\w_\w"
    )
    for texts in sentences().values():
        sentence = texts[lang]
        assert not forbidden.search(sentence), sentence
        assert sentence[0].isupper() or sentence[0].isdigit(), sentence
        assert sentence.endswith(")"), sentence
        assert "  " not in sentence, sentence
        assert ".." not in sentence, sentence


def test_numbers_and_days_are_written_as_the_language_does() -> None:
    both = [(texts["de"], texts["en"]) for texts in sentences().values()]
    assert any("0,25 VZÄ" in de and "0.25 FTE" in en for de, en in both)
    assert any("51.000,00" in de and "51,000.00" in en for de, en in both)
    assert any("1. Januar 2017" in de and "1 January 2017" in en for de, en in both)


# The verdict from the reasons alone


def holds(part: ConditionResult) -> bool | None:
    """Say whether a condition holds, from what the reason shows: actual value, operator, required value, parts."""
    if part.fact is None:
        truths = [holds(inner) for inner in part.parts]
        deciding = part.operator != "alle"
        return deciding if deciding in truths else None if None in truths else not deciding
    actual, required = part.stated, part.wanted
    if actual is None or required is None:
        return None
    ranks = getattr(part.context.plan.types.get(part.node.fact), "ranks", None)
    if ranks and part.operator in ("mindestens", "weniger_als", "hoechstens", "mehr_als"):
        actual, required = ranks[actual], ranks[required]
    return COMPARISONS[part.operator](actual, required)


COMPARISONS: dict[str, Any] = {
    "ist": lambda a, b: set(a) == set(b) if isinstance(a, tuple) else a == b,
    "ist_nicht": lambda a, b: set(a) != set(b) if isinstance(a, tuple) else a != b,
    "in": lambda a, b: a in b,
    "nicht_in": lambda a, b: a not in b,
    "enthaelt": lambda a, b: b in a,
    "enthaelt_nicht": lambda a, b: b not in a,
    "mindestens": lambda a, b: a >= b,
    "weniger_als": lambda a, b: a < b,
    "hoechstens": lambda a, b: a <= b,
    "mehr_als": lambda a, b: a > b,
    "vor": lambda a, b: a < b,
    "nicht_vor": lambda a, b: a >= b,
    "nach": lambda a, b: a > b,
    "nicht_nach": lambda a, b: a <= b,
}
WORDS = {True: "yes", False: "no", None: "open"}


def contributed(reason: Reason) -> str:
    """Work out what a requirement contributes, from its kind and what it shows (the tables of the design)."""
    condition = WORDS[holds(reason.condition)]
    applies = "yes" if reason.applicability is None else WORDS[holds(reason.applicability)]
    if applies == "no":
        return "yes"
    if reason.art == "soll" and condition == "no":
        condition = "discretion"
    return condition if applies == "yes" or condition == "yes" else "open"


def test_a_requirement_whose_value_no_source_tells_says_so() -> None:
    case = {"antrag": {"antragsteller": {"art": "stadtkreis"}, "stellen": [{"vzae": "0.5"}]}}
    decision = evaluate(case, on="2001-06-01", engine="direct", rules=TOY)
    (reason,) = [reason for reason in decision.reasons if reason.rule == "hoechstumfang"]
    assert "0,5 VZÄ; verlangt: ein Wert, den keine Quelle nennt." in reason.text.de
    assert "0.5 FTE; required: a value that no source tells." in reason.text.en


def test_the_verdict_is_recomputed_from_the_reasons_alone() -> None:
    for case, decision in zip(corpus(), decisions(), strict=True):
        if decision.verdict is None:
            continue
        found = [contributed(reason) for reason in decision.reasons]
        assert found == [reason.verdict.value for reason in decision.reasons], (case.id, case.on)
        assert decision.verdict == min(found, key=["no", "open", "discretion", "yes"].index), (case.id, case.on)


def test_dropping_a_rule_drops_its_reason() -> None:
    law, dropped = regulation(), 0
    inserted = [o for o, model in law.operations.items() if model.op == "fuege_ein" and "regel" in model.neu]
    decision = evaluate(EXAMPLES / "berglen.yaml", on="2022-06-01", engine="direct")
    before = [reason.rule for reason in decision.examined]
    for operation in inserted:
        rule = law.operations[operation].neu["regel"]["id"]
        after = [reason.rule for reason in decide(law, decision.case, decision.request, {operation}).examined]
        assert after == [name for name in before if name != rule]
        dropped += len(after) < len(before)
    assert dropped >= 2


def test_dropping_a_rule_from_its_file_drops_its_reason(tmp_path: Path) -> None:
    shutil.copytree(TOY, tmp_path / "regeln")
    case = {"antrag": {"stellen": [{"person_benannt": True}]}}
    whole = evaluate(case, on="2001-06-01", engine="direct", rules=TOY)
    path = tmp_path / "regeln" / "2001-03-01-stammfassung" / "personal.yaml"
    kept = re.sub(r"(?ms)^  - id: person-benannt\n.*?(?=^  - id: )", "", path.read_text("utf-8"))
    assert kept != path.read_text("utf-8")
    path.write_text(kept, "utf-8")
    order = tmp_path / "regeln" / "pruefschema.yaml"
    order.write_text(order.read_text("utf-8").replace("person-benannt, ", ""), "utf-8")
    load_regulation(tmp_path / "regeln")
    less = evaluate(case, on="2001-06-01", engine="direct", rules=tmp_path / "regeln")
    rules = [reason.rule for reason in whole.examined]
    assert "person-benannt" in rules
    assert [reason.rule for reason in less.examined] == [rule for rule in rules if rule != "person-benannt"]


# The page


class Balanced(HTMLParser):
    """Checks that every tag is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["berglen", "tettnang", "neukirch"])
def test_the_page_says_the_same_in_each_form(name: str, lang: Any) -> None:
    decision = evaluate(EXAMPLES / f"{name}.yaml", on="2022-06-01", engine="direct")
    text, markdown, html = (decision.explain(lang, form, width=400) for form in ("text", "markdown", "html"))  # type: ignore[arg-type]
    parser = Balanced()
    parser.feed(re.sub("<caption>.*?</caption>", "", html).replace("<li>", "<li> ").replace("</", " </"))
    assert not parser.open
    text, markdown = (re.sub(r"(?m)^ *(i|[0-9]+\.) ", "", form) for form in (text, markdown))  # marks of lists
    assert words(text) == words(parser.text) == words(markdown)


@pytest.mark.parametrize("lang", LANGS)
def test_every_requirement_stands_in_the_page(lang: Any) -> None:
    decision = evaluate(EXAMPLES / "berglen.yaml", on="2022-06-01", engine="direct")
    page = " ".join(decision.explain(lang).split())
    for reason in decision.reasons:
        assert reason.title.in_(lang) in page


def test_what_a_case_says_cannot_break_the_page() -> None:
    tag = "<b>*_`#"
    county = {"art": "landkreis", "bundesland": "BY", "landkreis": tag}  # elsewhere any name may stand
    case = {
        "antrag": {"antragsteller": county, "mitglieder": [{"art": "gemeinde", "landkreis": "Calw"}], "stellen": [{}]}
    }
    decision = evaluate(case, on="2018-06-01", engine="direct")
    assert "&lt;b&gt;" in decision.explain("de", "html")
    assert "<b>" not in decision.explain("de", "html")
    assert tag not in decision.explain("de", "markdown")


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="pdf"):
        decisions()[0].explain("de", "pdf")  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("on", ["2016-06-01", "2024-06-01"])
def test_a_page_is_written_where_nothing_is_decided(lang: Any, on: str) -> None:
    page = evaluate(EXAMPLES / "tettnang.yaml", on=on, engine="direct").explain(lang)
    assert {"de": "AUSSERHALB", "en": "OUTSIDE"}[lang] in page


def test_every_verdict_is_spelt_out() -> None:
    for decision in decisions():
        if decision.verdict is not None:
            word = {Verdict.YES: "JA", Verdict.NO: "NEIN", Verdict.OPEN: "OFFEN", Verdict.DISCRETION: "ERMESSEN"}
            assert f"\n{word[decision.verdict]}" in decision.explain("de")
            break


if __name__ == "__main__":
    yaml = YAML()
    yaml.width = 10_000
    with SENTENCES.open("w", encoding="utf-8") as stream:
        stream.write("# Erzeugte Sätze, zum Lesen; test_explain.py prüft sie und schreibt sie neu.\n")
        yaml.dump(sentences(), stream)
