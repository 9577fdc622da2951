"""The engine `columns` finds what `direct` finds: on the corpus, on random cases and plans, at the boundaries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reasoning.agreement import disagreements, varied
from reasoning.random_cases import CaseMaker
from reasoning.random_plans import random_plan
from review.world_cases import RULES_OF_THE_WORLD, random_case, random_day
from support import Edit, edited
from vwv_im.case.vocabulary import DECISION_DAY, Step
from vwv_im.lang import dates as exact_dates
from vwv_im.lang.nodes import Atom, Compute, Constant, Read
from vwv_im.lang.table import COMPARISONS, OPERATIONS, Comparator
from vwv_im.lang.truth import ALL, ANY, contribution
from vwv_im.lang.types import DAY as OF_DAYS
from vwv_im.lang.types import WORD
from vwv_im.law.regulation import load_regulation, regulation
from vwv_im.reasoning.columns import exact_numbers as numbers
from vwv_im.reasoning.columns.compiled_plan import CompiledPlan
from vwv_im.reasoning.columns.compiling import Column, Compiler, as_column, every, some
from vwv_im.reasoning.columns.days import Days, Steps
from vwv_im.reasoning.columns.graph import Node, Program, col
from vwv_im.reasoning.columns.masks import KIND_OF, masks_of_plans
from vwv_im.reasoning.columns.schedule import ROW, TOP, ColumnSchedule
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.plan import make_plan
from vwv_im.review.corpus import corpus
from vwv_im.tables.bulk import frames_of
from vwv_im.typed import read_case


def test_every_case_of_the_corpus() -> None:
    alike = defaultdict(list)
    for case in corpus():
        if case.question == "verwendungsnachweis":
            continue  # refused by name, see below
        alike[case.question, case.known_on, tuple(sorted(case.readings.items()))].append(case)
    for (question, known_on, readings), cases in alike.items():
        known = None if known_on is None else date.fromisoformat(str(known_on))
        valid = [read_case(case.case) for case in cases]
        days = [date.fromisoformat(case.on) for case in cases]
        assert list(disagreements(valid, days, question, known, dict(readings))) == []


def test_what_only_some_entries_are_summed_for_is_refused_by_name() -> None:
    cases = [read_case(case.case) for case in corpus() if case.question == "verwendungsnachweis"]
    with pytest.raises(numbers.NotInColumnsError, match="_ueber"):
        list(disagreements(cases, [date(2026, 11, 30)] * len(cases), "verwendungsnachweis", None, {}))


def test_random_cases_with_nothing_some_and_much_missing() -> None:
    law = regulation()
    plans = [make_plan(law, fassung, "antrag") for fassung in law.fassungen]
    assert list(varied(CaseMaker(7, plans, law), 1500, (0.0, 0.05, 0.5))) == []


@pytest.mark.parametrize("seed", range(4))
def test_random_plans(seed: int) -> None:
    plan, law = random_plan(seed), regulation()
    maker = CaseMaker(seed, [plan], law)
    bits, direct = masks_of_plans([plan]), Direct(plan)
    cases = [maker.case(missing) for missing in (0.0, 0.05, 0.5, 1.0) for _ in range(20)]
    day = date(2020, 2, 29)
    frames, layout = frames_of(plan.vocabulary, plan.top, cases, [day] * len(cases))
    program = CompiledPlan(plan, bits, layout, {}, [])
    rows = program.run(frames)[TOP].select("reasons_no", "reasons_open", *KIND_OF)
    for case, (no, open_, *told) in zip(cases, rows.iter_rows(), strict=True):
        found = direct.evaluate(case, day, {})
        findings, wanted = iter(found.findings), {"no": set(), "open": set()}
        for requirement in plan.requirements:
            for _ in found.records.of[requirement.scope]:
                applies, holds = next(findings)
                verdict = contribution("muss", applies, holds)
                if applies is not False and verdict in wanted:
                    wanted[verdict].add(requirement.id)
        assert set(bits.names("requirements", no)) == wanted["no"]
        assert set(bits.names("requirements", open_)) == wanted["open"]
        for (name, kind), mask in zip(KIND_OF.items(), told, strict=True):
            present, holding = iter(found.present[kind]), set()
            for one in plan.of_kind(kind):
                holding |= {one.id for _ in found.records.of[one.scope] if next(present)}
            assert set(bits.names(name, mask)) == holding


def test_truth_tables() -> None:
    values = (True, False, None)
    pairs = [(a, b) for a in values for b in values]
    frame = pl.DataFrame(pairs, {"a": pl.Boolean, "b": pl.Boolean}, orient="row")
    a, b = col("a"), col("b")
    joined = computed(frame, every=as_column(every([a, b])), some=as_column(some([a, b])))
    assert joined["every"].to_list() == [ALL.join(pair) for pair in pairs]
    assert joined["some"].to_list() == [ANY.join(pair) for pair in pairs]
    for fixed in values:
        columns = computed(frame, and_=as_column(every([a, fixed])), or_=as_column(some([fixed, b])))
        assert columns["and_"].to_list() == [ALL.join((one, fixed)) for one, _ in pairs]
        assert columns["or_"].to_list() == [ANY.join((fixed, other)) for _, other in pairs]


def computed(frame: pl.DataFrame, **columns: Node) -> pl.DataFrame:
    return Program(columns, {}).run(frame)


def decimals(frame: pl.DataFrame, places: Mapping[str, int], **columns: numbers.Number) -> pl.DataFrame:
    found = computed(frame, **{name: column.expr for name, column in columns.items()})
    return found.select(columns[name].as_decimal(pl.col(name), most).alias(name) for name, most in places.items())


cents = st.integers(0, 10**14).map(lambda units: Decimal(units) / 100)
shares = st.integers(0, 10**9).map(lambda units: Decimal(units) / 10**6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(shares, st.integers(0, 10**6)), min_size=1, max_size=20), st.integers(1, 10**8))
def test_products_quotients_and_roundings_are_exact(pairs: list[tuple[Decimal, int]], divisor: int) -> None:
    frame = pl.DataFrame({"a": [int(a * 10**6) for a, _ in pairs], "b": [b for _, b in pairs]})
    share = numbers.stated_number(col("a"), 1000, 6, whole=False)
    whole = numbers.stated_number(col("b"), 10**6, 0, whole=True)
    product = numbers.OPERATIONS["produkt"](share, whole)
    twelfth = numbers.OPERATIONS["runde_cent"](numbers.OPERATIONS["zwoelftel"](product))
    quotient = numbers.OPERATIONS["runde_euro"](numbers.OPERATIONS["quotient"](product, numbers.constant(divisor)))
    by_column = numbers.OPERATIONS["runde_cent"](numbers.OPERATIONS["quotient"](share, whole))
    got = decimals(frame, {"t": 2, "q": 0, "c": 2}, t=twelfth, q=quotient, c=by_column)
    for (a, b), (t, q, c) in zip(pairs, got.iter_rows(), strict=True):
        assert t == OPERATIONS["runde_cent"].run(OPERATIONS["zwoelftel"].run(a * b))
        assert q == OPERATIONS["runde_euro"].run(OPERATIONS["quotient"].run(a * b, divisor))
        assert c == (OPERATIONS["runde_cent"].run(Fraction(a) / b) if b else None)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(cents, cents), min_size=1, max_size=20))
def test_negative_halves_round_as_the_reference_does(pairs: list[tuple[Decimal, Decimal]]) -> None:
    frame = pl.DataFrame({"a": [int(a * 100) for a, _ in pairs], "b": [int(b * 100) for _, b in pairs]})
    a, b = (numbers.stated_number(col(name), 10**12, 2, whole=False) for name in "ab")
    less = numbers.OPERATIONS["differenz"](a, b)
    got = decimals(frame, {"r": 0}, r=numbers.OPERATIONS["runde_euro"](less))["r"].to_list()
    assert got == [OPERATIONS["runde_euro"].run(x - y) for x, y in pairs]


def test_what_might_exceed_128_bits_is_not_compiled() -> None:
    huge = numbers.stated_number(col("a"), 10**12, 2, whole=False)
    with pytest.raises(numbers.TooWideForColumnsError):
        numbers.OPERATIONS["produkt"](huge, huge, huge)


days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(days, st.integers(-3, 200), days), min_size=1, max_size=30))
def test_the_calendar(rows: list[tuple[date, int, date]]) -> None:
    near = [(day, months, day + timedelta(shift)) for day, months, _ in rows for shift in (-31, -1, 0, 1, 27, 30, 366)]
    rows = rows + near
    frame = pl.DataFrame(rows, {"start": pl.Date, "months": pl.Int64, "day": pl.Date}, orient="row")
    frame = frame.with_columns(pl.col("day").dt.offset_by("20d").alias("until"))
    flow = ColumnSchedule({TOP: ["start", "months", "day", "until"]}, {})
    compiler = Compiler(random_plan(1), {}, lambda over, cell: cell, flow.materialize)
    compiler.cells = {name: Column(col(name)) for name in ("start", "day", "until")}
    compiler.cells["months"] = numbers.stated_number(col("months"), 10**6, 0, whole=True)
    wanted = {
        "end": ("ende_der_frist", "start", "months"),
        "after": ("ende_der_frist_nach", "start", "months"),
        "full": ("monate_zwischen", "start", "day"),
        "rest": ("resttage_zwischen", "start", "day"),
        "running": ("laufender_monat", "start", "day"),
        "shared": ("gemeinsame_tage", "start", "until", "day", "until"),
    }
    for name, (operation, *facts) in wanted.items():
        cell = compiler.expression(Compute(operation, tuple(map(Read, facts))), WORD)
        assert cell is not None
        flow.compute(TOP, name, cell.expr)
    flow.keep((TOP, name) for name in wanted)
    got = flow.run({TOP: frame})[TOP].select(*wanted)
    for (first, count, other), (end, after, full, rest, running, shared) in zip(rows, got.iter_rows(), strict=True):
        assert end == OPERATIONS["ende_der_frist"].run(first, count)
        assert after == OPERATIONS["ende_der_frist_nach"].run(first, count)
        assert full == exact_dates.full_months(first, other)
        assert rest == exact_dates.remaining_days(first, other)
        assert running == exact_dates.running_month(first, other)
        until = other + timedelta(20)
        assert shared == exact_dates.shared_days(first, until, other, until)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(days, st.integers(-40, 900)), min_size=1, max_size=20),
    st.sampled_from([one for one in get_args(Step) if one != "ganz"]),
)
def test_the_periods_of_a_series(spans: list[tuple[date, int]], step: Step) -> None:
    turns = [date(2019, 1, 31), date(2020, 2, 29), date(2019, 12, 31)]
    rows = [(first, first + timedelta(length)) for first, length in spans]
    rows += [(first, first + timedelta(length)) for first in turns for length in (-1, 0, 27, 28, 30, 31, 364, 365, 366)]
    frame = pl.DataFrame(rows, {"first": pl.Date, "last": pl.Date}, orient="row").with_row_index(ROW)
    flow = ColumnSchedule({TOP: ["first", "last"]}, {"teil": TOP})
    of = Days(flow.materialize)
    steps = Steps(of, *(flow.materialize(of.as_number(col(name), OF_DAYS)) for name in ("first", "last")), step)
    number = flow.make("teil", "number", flow.materialize(steps.count())).cast(pl.Int32)
    for name, day in (("begin", steps.begin(number)), ("end", steps.end(number))):
        flow.compute("teil", name, day.cast(pl.Int32).cast(pl.Date))
    flow.keep(("teil", name) for name in ("begin", "end"))
    made = flow.run({TOP: frame})["teil"].select(ROW, "begin", "end")
    wanted = [(row, *span) for row, pair in enumerate(rows) for span in exact_dates.periods(*pair, step)]
    assert made.rows() == wanted


SERIES = """\
  {name}:
    teil_von: {above}
    liste: {name}_liste
    titel: {{de: Abschnitt, en: part}}
    mehrzahl: {{de: Abschnitte, en: Parts}}
    frage: {{de: Welche?, en: Which?}}
    beschreibung: Ein Abschnitt.
    hilfe: Folgt aus Tagen.
    reihe: {{von: {first}, bis: {last}, schritt: {step}}}
"""


@pytest.mark.parametrize(("of_month", "of_year"), [("monat", "jahr"), ("kalendermonat", "kalenderjahr")])
def test_sums_over_lists_beside_and_above_and_series_within_series(of_month: str, of_year: str, tmp_path: Path) -> None:
    first, last = "{fakt: betriebsjahr.von}", "{fakt: betriebsjahr.bis}"
    months = SERIES.format(name="betriebsmonat", above="betriebsjahr", first=first, last=last, step=of_month)
    first, last = "{fakt: hof.gesuchstag}", "{ende_der_frist: {ab: {fakt: hof.gesuchstag}, monate: 30}}"
    years = SERIES.format(name="hofjahr", above="hof", first=first, last=last, step=of_year)
    rules = edited(
        tmp_path,
        Edit("pruefschema.yaml", "langes-betriebsjahr]", "langes-betriebsjahr, r1, r2, r3, r4, r5, r6]"),
        Edit("sachverhalt.yaml", "  lehrling:\n", f"{months}{years}  lehrling:\n"),
        source=RULES_OF_THE_WORLD,
    )
    text = (Path(__file__).parent / "reihen.yaml").read_text("utf-8").replace("betriebsmonate", "betriebsmonat_liste")
    (rules / "1998-04-01-stammfassung" / "reihen.yaml").write_text(text, "utf-8")
    law = load_regulation(rules)
    cases = [law.read_case(random_case(law.vocabulary, "hof", seed)) for seed in range(120)]
    assert list(disagreements(cases, [random_day(law.vocabulary, seed) for seed in range(120)], law=law)) == []


def test_a_question_without_requirements_has_no_verdict() -> None:
    plan = random_plan(1)
    layout = frames_of(plan.vocabulary, plan.top, [], [])[1]
    nothing = replace(plan, requirements=())
    with pytest.raises(ValueError, match="no verdict"):
        CompiledPlan(nothing, masks_of_plans([plan]), layout, {}, [])


def test_the_day_of_decision_is_read_by_row() -> None:
    cases, days = [read_case({"antrag": {}})] * 2, [date(2018, 1, 1), date(2021, 1, 1)]
    frames, layout = frames_of(regulation().vocabulary, "antrag", cases, days)
    assert frames[TOP][DECISION_DAY].to_list() == [date(2018, 1, 1), date(2021, 1, 1)]
    assert "stelle" in layout.framed


def divides(dividend: Any, divisor: Any) -> Any:
    return dividend % divisor == 0


def compiled() -> Compiler:
    return Compiler(random_plan(1), {}, lambda over, cell: cell, lambda column: column)


@pytest.mark.parametrize("how", [*COMPARISONS.values(), replace(COMPARISONS["mindestens"], name="x", test=divides)])
def test_a_comparison_of_numbers_is_told_by_its_test_alone(how: Comparator) -> None:
    if "dezimal" not in how.takes or how.shape != "one":
        return
    values = [None, *(Decimal(cents) / 100 for cents in (0, 1, 2, 3, 24, 25, 50, 75, 100, 300, 5_000_000))]
    scaled = [None if value is None else int(value * 100) for value in values]
    stated = numbers.stated_number(col("a"), 10**12, 2, whole=False)
    required = [Decimal(text) for text in ("0.005", "0.015", "0.25", "0.255", "1", "3", "50000")]
    tests = [compiled().compare(how, stated, numbers.constant(value)) for value in required]
    found = computed(pl.DataFrame({"a": scaled}), **{str(n): as_column(test) for n, test in enumerate(tests)})
    for number, value in enumerate(required):
        wanted = [None if one is None else how.test(one, value) for one in values]
        assert found[str(number)].to_list() == wanted


def test_what_is_known_when_a_plan_is_compiled_is_no_column() -> None:
    compiler = Compiler(random_plan(1), {"frage": "eng", "andere": "no"}, lambda over, cell: cell, lambda part: part)
    followed = [
        Atom("auslegung.frage", how, Constant(value)) for how in ("ist", "ist_nicht") for value in ("eng", "no")
    ]
    assert [compiler.test(atom) for atom in followed] == [True, False, False, True]
    assert compiler.test(Atom("auslegung.frage", "in", (Constant("no"), Constant("eng")))) is True
    assert compiler.test(Atom("antrag.nirgends", "ist", Constant("eng"))) is None


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 100)), min_size=1), st.integers(0, 9).map(Decimal))
def test_a_quotient_and_a_constant_add_up(pairs: list[tuple[int, int]], more: Decimal) -> None:
    a, b = (numbers.stated_number(col(name), 100, 0, whole=True) for name in "ab")
    total = numbers.OPERATIONS["summe"](numbers.OPERATIONS["quotient"](a, b), numbers.constant(more))
    rounded = numbers.OPERATIONS["runde_cent"](total)
    got = decimals(pl.DataFrame(pairs, ["a", "b"], orient="row"), {"sum": 2}, sum=rounded)
    run = {name: operation.run for name, operation in OPERATIONS.items()}
    assert got.to_series().to_list() == [
        run["runde_cent"](run["summe"](run["quotient"](*pair), more)) for pair in pairs
    ]


def test_an_operation_that_columns_do_not_have_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPERATIONS, "wurzel", replace(OPERATIONS["zwoelftel"], name="wurzel"))  # type: ignore[arg-type]
    with pytest.raises(numbers.NotInColumnsError, match="wurzel"):
        compiled().expression(Compute("wurzel", (Constant(4),)), WORD)


def test_a_new_operation_on_days_needs_no_more_than_its_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    def quarter_end(of: exact_dates.Calendar[Any], day: Any) -> Any:
        quarter = of.month(day) % 12 // 3
        return of.before_day(of.month(day) // 12 * 12 + quarter * 3 + 3, 1)

    new = replace(OPERATIONS["ende_der_frist"], name="quartalsende", takes=(OF_DAYS,), symbolic=quarter_end)
    monkeypatch.setitem(OPERATIONS, "quartalsende", new)  # type: ignore[arg-type]
    compiler = compiled()
    compiler.cells = {"tag": Column(col("tag"))}
    cell = compiler.expression(Compute("quartalsende", (Read("tag"),)), WORD)
    assert cell is not None
    first = date(2019, 12, 31)
    tage = [first + timedelta(number) for number in range(800)]
    got = computed(pl.DataFrame({"tag": [*tage, None]}), end=cell.expr)["end"].to_list()
    ends = [
        date(year, month, day)
        for year in (2019, 2020, 2021, 2022)
        for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))
    ]
    assert got == [*(min(end for end in ends if end >= day) for day in tage), None]
