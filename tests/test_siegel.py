"""Official examples stay as they are: a change of one needs an entry under Rechtsänderung that names it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from siegel import CHANGELOG, broken, recorded, seals
from vwv_im.review.corpus import CorpusCase, corpus

NAME = "deckel-stuttgart"
BEFORE = "## [Unreleased] – 0.2.0\n\n### Rechtsänderung\n\n"
AFTER = "\n### Technik\n\n- Anderes.\n\n## [0.1.0]\n\n### Rechtsänderung\n\n- Erste Ausgabe.\n"


def with_another(**changes: object) -> list[CorpusCase]:
    return [replace(case, **changes) if case.id == NAME else case for case in corpus()]  # type: ignore[arg-type]


def test_no_sealed_case_is_changed_without_a_change_of_the_law() -> None:
    assert broken(corpus(), recorded(), CHANGELOG.read_text("utf-8")) == []


def test_every_sealed_case_is_recorded() -> None:
    assert recorded().keys() == seals(corpus()).keys()
    for place in ("stuttgart", "berglen", "herbrechtingen", "mannheim"):
        assert any(place in name for name in recorded())


@pytest.mark.parametrize(
    "changes",
    [
        {"expected": {"derived": {"antrag.foerderbetrag_eur": "6540800"}}},
        {"case": {"antrag": {}}},
        {"on": "2018-06-02"},
        {"readings": {"deckel_zeitraum": "haushaltsjahr"}},
        {"sealed": False},
    ],
    ids=lambda changes: next(iter(changes)),
)
@pytest.mark.parametrize(
    ("entry", "refused"),
    [
        ("", [NAME]),
        (f"- Berichtigt: `{NAME}-ein-cent-mehr`.\n", [NAME]),
        (f"- Bescheid berichtigt: `{NAME}`.\n", []),
    ],
    ids=["none", "another", "named"],
)
def test_a_changed_copy_is_refused_unless_the_changelog_names_it(
    changes: dict[str, object], entry: str, refused: list[str]
) -> None:
    assert broken(with_another(**changes), seals(corpus()), BEFORE + entry + AFTER) == refused


def test_only_the_unreleased_part_and_only_a_change_of_the_law_counts() -> None:
    changed, record = with_another(on="2018-06-02"), seals(corpus())
    for changelog in (BEFORE + AFTER.replace("Erste Ausgabe", NAME), BEFORE + AFTER.replace("Anderes", NAME), ""):
        assert broken(changed, record, changelog) == [NAME]


def test_a_sealed_case_that_is_gone_is_refused() -> None:
    assert broken([case for case in corpus() if case.id != NAME], seals(corpus()), BEFORE + AFTER) == [NAME]
