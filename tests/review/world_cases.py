"""The invented second regulation of tests/welt: random cases of any vocabulary, and its plans without its series."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from support import TESTS, Edit, edited
from vwv_im.case.vocabulary import Entity, Fact, Vocabulary
from vwv_im.law.regulation import Regulation, load_regulation, regulation
from vwv_im.reasoning.plan import Plan
from vwv_im.review.proofs.outputs import dependencies

RULES_OF_THE_WORLD = TESTS / "welt" / "regeln"
WORLD = regulation(RULES_OF_THE_WORLD)
MOST_ENTRIES = 3
EVIDENCE = """nummer: null
    beleg: [{grad: wortlaut, quelle: talbuch, fundstelle: satz}]"""
BESIDE = f"""ableitungen:
  - id: uebrige
    titel: {{de: Was die anderen Ablesungen ergeben, en: What the other readings give}}
    ergibt: ablesung.uebrige_kwh
    typ: ganzzahl
    einheit: kWh
    rechne:
      differenz:
        - {{summe_ueber: ablesungen, wert: {{fakt: ablesung.menge_kwh}}}}
        - {{fakt: ablesung.menge_kwh}}
    {EVIDENCE}
  - id: gewicht
    titel: {{de: Gewicht der Ablesung, en: Weight of the reading}}
    ergibt: ablesung.gewicht
    typ: dezimal
    rechne:
      summe_ueber: anlagen
      wert: {{summe: [{{fakt: anlage.gesamtmenge_kwh}}, {{fakt: ablesung.menge_kwh}}]}}
    {EVIDENCE}
  - id: verdeckt
    titel: {{de: Verdecktes Gewicht, en: Hidden weight}}
    ergibt: ablesung.verdeckt
    typ: dezimal
    rechne:
      summe_ueber: anlagen
      wert: {{summe: [{{fakt: anlage.gesamtmenge_kwh}}, {{fakt: ablesung.uebrige_kwh}}]}}
    {EVIDENCE}
  - id: beihilfeende
"""


def random_case(vocabulary: Vocabulary, root: str, seed: int) -> dict[str, Any]:
    """Return a case in which some facts are missing, and some lists."""
    draw = random.Random(seed)
    entity = vocabulary.entities[root]
    return {entity.key: _part(vocabulary, entity, draw, missing=(0.0, 0.2, 0.6)[seed % 3])}


def random_day(vocabulary: Vocabulary, seed: int) -> date:
    """Return a day in the usual years."""
    return _day(vocabulary, random.Random(seed))


def _day(vocabulary: Vocabulary, draw: random.Random) -> date:
    return date(draw.choice(vocabulary.usual_years), 1, 1) + timedelta(draw.randrange(365))


def _part(vocabulary: Vocabulary, entity: Entity, draw: random.Random, missing: float) -> dict[str, Any]:
    part = {
        fact.key: _value(vocabulary, fact, draw)
        for fact in vocabulary.facts_of(entity.name)
        if draw.random() >= missing
    }
    for inner in vocabulary.parts_of(entity.name):
        if inner.many and draw.random() >= missing:
            number = draw.randint(inner.least, MOST_ENTRIES)
            part[inner.key] = [_part(vocabulary, inner, draw, missing) for _ in range(number)]
        elif not inner.many:
            part[inner.key] = _part(vocabulary, inner, draw, missing)
    return part


def _value(vocabulary: Vocabulary, fact: Fact, draw: random.Random) -> Any:
    match fact.type:
        case "auswahl":
            return draw.choice(fact.values)
        case "auswahlliste":
            return draw.sample(fact.values, draw.randint(1, len(fact.values)))
        case "wahrheitswert":
            return draw.random() < 0.6
        case "datum":
            return _day(vocabulary, draw)
        case "text":
            return draw.choice("AB")
    assert fact.limits is not None
    return min(draw.choice((0, 1, 5, 8, 16, 30, 500, 1000)), fact.limits.maximum)


def without_series(plan: Plan) -> Plan:
    """Return what of a plan rests on no series."""
    series = {one.scope for one in plan.series}

    def apart(scope: str, *forms: Any) -> bool:
        return scope not in series and not series & dependencies(plan, scope, *forms).keys()

    return replace(
        plan,
        scopes=tuple(scope for scope in plan.scopes if scope not in series),
        series=(),
        derivations=tuple(one for one in plan.derivations if apart(one.scope, one.form)),
        requirements=tuple(one for one in plan.requirements if apart(one.scope, one.applies, one.condition)),
    )


def with_sums_beside(target: Path) -> Regulation:
    """Return the world, written below `target`, with sums over lists that the summing entity is itself within."""
    edit = Edit("1998-04-01-stammfassung/beihilfe.yaml", "ableitungen:\n  - id: beihilfeende\n", BESIDE)
    return load_regulation(edited(target, edit, source=RULES_OF_THE_WORLD))
