"""Frames: what a row is, how tables are joined, what is faulty, and that a lazy frame says the same."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import vwv_im
from support import FACTS
from vwv_im import FrameError, evaluate_frame, evaluate_many, mask_layout
from vwv_im.case import CaseError
from vwv_im.reasoning.columns import evaluator
from vwv_im.tables.table_faults import put as put_fact
from vwv_im.typed import read_case

ON = "2018-06-01"
START, VZAE = "stelle.beschaeftigungsbeginn", "stelle.vzae"
ROWS: list[dict[str, Any]] = [
    {"antrag_id": "1", "antrag.art": "erstantrag", VZAE: Decimal("0.5"), START: date(2018, 1, 31)},
    {"antrag_id": "1", "antrag.art": None, VZAE: Decimal("0.2"), START: None},
    {"antrag_id": "2", "antrag.art": "verlaengerung", VZAE: None, START: date(2018, 3, 1)},
]


@pytest.fixture(autouse=True, params=["columns", "row by row"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every frame be decided by columns, and again row by row, whatever its size."""
    few = 0 if request.param == "columns" else 10**6
    monkeypatch.setattr("vwv_im.tables.frames.FEW_ROWS", few)
    monkeypatch.setattr("vwv_im.tables.frames.FEW_FOR_MASKS", few)


def put(case: dict[str, Any], path: str, value: Any) -> None:
    put_fact(vwv_im.regulation().vocabulary, case, FACTS[path], value)


def decided(case: dict[str, Any], on: str = ON) -> vwv_im.Decision:
    return vwv_im.evaluate(case, on=on, engine="direct")


def test_a_row_is_an_application_with_one_post() -> None:
    frame = pl.DataFrame(ROWS).drop("antrag_id")
    found = evaluate_frame(frame, on=ON)
    for row, result in zip(ROWS, found.iter_rows(named=True), strict=True):
        case: dict[str, Any] = {}
        for path, value in row.items():
            if path in FACTS and value is not None:
                put(case, path, value)
        decision = decided(case if "antrag" in case else {"antrag": {"stellen": [{}]}})
        assert result["verdict"] == decision.verdict
        assert result["stelle.bewilligungsende"] == (
            None
            if (day := decision.derived["antrag.stellen[0].bewilligungsende"]) is None
            else date.fromisoformat(str(day))
        )


def test_rows_with_one_id_are_the_posts_of_one_application() -> None:
    found = evaluate_frame(pl.DataFrame(ROWS), on=ON)
    assert found["antrag.vzae_gesamt"].to_list() == [Decimal("0.7"), Decimal("0.7"), None]
    bits = mask_layout()
    own = [bits.names("requirements", mask & bits.about("stelle")) for mask in found["stelle.reasons_no"]]
    assert ["stelle-mindestumfang" in names for names in own] == [False, True, False]
    assert found.columns[: len(ROWS[0])] == list(ROWS[0])


def test_a_row_without_id_is_an_application_of_its_own() -> None:
    frame = pl.DataFrame(
        {"antrag_id": [None, None], "stelle.vzae": ["0.5", "0.6"]}, {"antrag_id": pl.String, "stelle.vzae": pl.String}
    )
    assert evaluate_frame(frame, on=ON)["antrag.vzae_gesamt"].to_list() == [Decimal("0.5"), Decimal("0.6")]


def test_applications_posts_and_members_in_frames_of_their_own() -> None:
    applications = pl.DataFrame(
        {"antrag_id": [1, 2, 3], "antrag.antragsteller.art": ["zusammenschluss", "gemeinde", None]}
    )
    posts = pl.DataFrame({"antrag_id": [2, 1, 2], "stelle.vzae": ["0.5", "1", "0.25"]})
    members = pl.DataFrame({"antrag_id": [1, 1], "mitglied.gezaehlte_personen": [40, 50]})
    found, of_lists = evaluate_frame(applications, lists={"stellen": posts, "mitglieder": members}, on=ON)
    stated = {"antragsteller": {"art": "zusammenschluss"}, "stellen": [{"vzae": 1}]}
    stated["mitglieder"] = [{"gezaehlte_personen": 40}, {"gezaehlte_personen": 50}]
    frame = decided({"antrag": stated}).derived["antrag.planungsrahmen_eur"]
    assert str(found["antrag.planungsrahmen_eur"][0]) == f"{frame}.00"
    assert found["antrag.vzae_gesamt"].to_list() == [Decimal(1), Decimal("0.75"), None]
    missing = [mask_layout().names("facts", mask) for mask in found["missing"]]
    assert ["antrag.stellen" in facts for facts in missing] == [False, False, True]
    assert of_lists["stellen"]["antrag_id"].to_list() == [2, 1, 2]


def test_members_may_be_stated_to_be_none() -> None:
    frame = pl.DataFrame(
        {
            "antrag_id": [1, 2],
            "antrag.antragsteller.art": ["landkreis"] * 2,
            "antrag.mitglieder_angegeben": [True, None],
        }
    )
    members = pl.DataFrame({"antrag_id": pl.Series([], dtype=pl.Int64), "mitglied.art": pl.Series([], dtype=pl.String)})
    found = evaluate_frame(frame, lists={"mitglieder": members}, on=ON).rows
    facts = [mask_layout().names("facts", mask) for mask in found["missing"]]
    assert ["antrag.mitglieder" in names for names in facts] == [
        "antrag.mitglieder" in [one.fact for one in decided({"antrag": stated}).missing]
        for stated in (
            {"antragsteller": {"art": "landkreis"}, "mitglieder": []},
            {"antragsteller": {"art": "landkreis"}},
        )
    ]


def test_a_group_that_is_said_to_have_no_members_is_faulty() -> None:
    frame = pl.DataFrame(
        {
            "antrag_id": [1, 2, 3],
            "antrag.antragsteller.art": ["zusammenschluss", "zusammenschluss", "landkreis"],
            "antrag.mitglieder_angegeben": [True, True, True],
        }
    )
    members = pl.DataFrame({"antrag_id": [2], "mitglied.art": ["gemeinde"]})
    with pytest.raises(FrameError) as raised:
        evaluate_frame(frame, lists={"mitglieder": members}, on=ON)
    assert [(fault.code, fault.place.file, fault.path) for fault in raised.value.faults] == [
        ("VIM106", "frame[0]", "antrag.mitglieder_angegeben")
    ]


def test_a_list_that_is_said_to_be_incomplete_and_has_rows_is_faulty() -> None:
    top = pl.DataFrame({"foerderung_id": [1, 2, 3], "foerderung.auszahlungen_angegeben": [False, False, None]})
    paid = pl.DataFrame({"foerderung_id": [1, 3], "auszahlung.betrag_eur": [5, 5]})
    grants = pl.DataFrame({"foerderung_id": [3], "bewilligung_id": [9], "bewilligung.positionen_angegeben": [False]})
    items = pl.DataFrame({"bewilligung_id": [9], "bescheidposition.vzae": [1]})
    lists = {"auszahlungen": paid, "bewilligungen": grants, "positionen": items}
    found = evaluate_frame(top, lists=lists, on=ON, question="verwendungsnachweis", faults="mark")
    assert found.rows["outcome"].to_list() == ["faulty", "decided", "faulty"]
    with pytest.raises(FrameError) as raised:
        evaluate_frame(top, lists=lists, on=ON, question="verwendungsnachweis")
    assert {(fault.code, fault.path) for fault in raised.value.faults} == {
        ("VIM187", "foerderung.auszahlungen_angegeben"),
        ("VIM187", "bewilligung.positionen_angegeben"),
    }


def test_a_landkreis_is_picked_from_the_list_in_a_table_too() -> None:
    names = ["Landkreis Bodenseekreis", "LK Göppingen", "Rosenheim"]
    frame = pl.DataFrame(
        {
            "antrag_id": [1, 2, 3],
            "antrag.antragsteller.landkreis": names,
            "antrag.antragsteller.bundesland": [None, "BW", "BY"],
        }
    )
    assert evaluate_frame(frame, on=ON)["outcome"].to_list() == ["decided"] * 3
    with pytest.raises(FrameError) as raised:
        evaluate_frame(frame.with_columns(pl.lit("BW").alias("antrag.antragsteller.bundesland")), on=ON)
    assert [(fault.code, fault.place.file) for fault in raised.value.faults] == [("VIM125", "frame[2]")]
    members = pl.DataFrame({"antrag_id": [1], "mitglied.landkreis": ["bodenseekreis"], "mitglied.art": ["gemeinde"]})
    county = frame[:1].with_columns(pl.lit("landkreis").alias("antrag.antragsteller.art"))
    of_member = evaluate_frame(county, lists={"mitglieder": members}, on=ON).lists["mitglieder"]
    assert of_member["reasons_no"][0] & mask_layout().about("mitglied") == 0


def test_whether_members_are_stated_is_yes_or_no() -> None:
    frame = pl.DataFrame({"antrag_id": [1, 2], "antrag.mitglieder_angegeben": ["x", "ja"]})
    members = pl.DataFrame({"antrag_id": pl.Series([], dtype=pl.Int64)})
    with pytest.raises(FrameError) as raised:
        evaluate_frame(frame, lists={"mitglieder": members}, on=ON)
    told = [(fault.code, str(fault.place), fault.path) for fault in raised.value.faults]
    assert told == [("VIM111", f"frame[{row}]", "antrag.mitglieder_angegeben") for row in (0, 1)]  # no words in a frame


def test_each_row_may_have_its_day() -> None:
    days = [date(2016, 1, 1), date(2018, 6, 1), date(2020, 6, 1), date(2024, 1, 1)]
    found = evaluate_frame(pl.DataFrame({"on": days, "stelle.vzae": ["0.5"] * 4}))
    wanted = [decided({"antrag": {"stellen": [{"vzae": "0.5"}]}}, day.isoformat()) for day in days]
    assert found["outcome"].to_list() == [decision.outcome for decision in wanted]
    assert found["fassung"].to_list() == [decision.fassung.id for decision in wanted]


@pytest.mark.parametrize("grouped", [False, True])
def test_a_lazy_frame_says_the_same(grouped: bool) -> None:
    frame = pl.DataFrame(ROWS) if grouped else pl.DataFrame(ROWS).drop("antrag_id")
    assert evaluate_frame(frame.lazy(), on=ON).collect().equals(evaluate_frame(frame, on=ON))


def test_only_what_is_wanted_is_derived() -> None:
    frame = pl.DataFrame(ROWS).drop("antrag_id")
    found = evaluate_frame(frame, on=ON, derive=["stelle.hoechstdauer_monate"])
    assert [name for name in found.columns if name.startswith("stelle.") and name not in frame.columns] == [
        "stelle.hoechstdauer_monate"
    ]


CELLS: list[tuple[str, Any]] = [
    *(("stelle.vzae", value) for value in (0.1, 0.25, 1000.0, 1000.5, 0.1234567, -0.5, float("nan"), float("inf"))),
    *(("stelle.vzae", value) for value in ("0.5", "0,5", "x", "0.1234567", "1000", "1001", "", " 1", "1e2", "00.5")),
    *(("stelle.vzae", value) for value in (1, 1000, 1001, -1, Decimal("0.25"), Decimal(-1))),
    *(("antrag.gezaehlte_personen", value) for value in (0, 1_000_000, 1_000_001, -1, "5", 5.0, True)),
    *(("stelle.personalkosten_eur_jahr", value) for value in (10**12, 10**12 + 1, "999999999999.99", "1.005", 0.01)),
    *(("stelle.beschaeftigungsbeginn", value) for value in (date(1900, 1, 1), date(1899, 12, 31), date(2201, 1, 1))),
    *(("stelle.beschaeftigungsbeginn", value) for value in ("2018-02-29", "2020-02-29", "2018-1-1", "01.03.2018", "")),
    ("stelle.beschaeftigungsbeginn", datetime(2018, 1, 1, 12)),  # noqa: DTZ001
    *(("antrag.art", value) for value in ("erstantrag", "Erstantrag", "", 1)),
    *(("antrag.durchfuehrung", value) for value in (["eigen"], ["eigen", "dritte"], [], ["x"], "eigen")),
    ("antrag.durchfuehrung", ["eigen", "eigen"]),
    *(("stelle.person_benannt", value) for value in (True, False, "true", 1)),
    *(("antrag.antragsteller.ags", value) for value in ("08111000", "08111", "8111000", "")),
    *(("stelle.bezeichnung", value) for value in ("A", " ", "x" * 200, "x" * 201, "a\nb")),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), CELLS, ids=[f"{path}={value!r:.30}" for path, value in CELLS])
def test_a_cell_is_faulty_where_a_case_is(path: str, value: Any) -> None:
    case: dict[str, Any] = {}
    put(case, path, value)
    try:
        read_case(case)
        wanted = None
    except CaseError as error:
        wanted = [(fault.code, fault.message) for fault in error.faults]
    try:
        evaluate_frame(pl.DataFrame({path: [value]}), on=ON)
        found = None
    except FrameError as error:
        found = [(fault.code, fault.message) for fault in error.faults]
    assert found == wanted


def test_all_faults_are_told_at_once_and_rows_may_be_marked() -> None:
    frame = pl.DataFrame({"stelle.vzae": ["0.5", "x", "0,5"], "antrag.art": ["a", "erstantrag", None]})
    with pytest.raises(FrameError) as raised:
        evaluate_frame(frame, on=ON)
    assert [(fault.code, fault.path) for fault in raised.value.faults] == [
        ("VIM109", "antrag.art"), ("VIM112", "stelle.vzae"), ("VIM113", "stelle.vzae"),
    ]  # fmt: skip
    marked = evaluate_frame(frame, on=ON, faults="mark")
    assert marked["outcome"].to_list() == ["faulty"] * 3
    assert marked["verdict"].null_count() == 3


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"stelle.vzea": [1]}, "VIM101"),
        ({"person.ankunft": [date(2015, 1, 1)], "stelle.vzae": [1]}, "VIM101"),
        ({"stelle.vzae": [1], "verdict": ["ja"]}, "VIM180"),
    ],
)
def test_columns_that_nobody_reads_are_refused(frame: dict[str, Any], code: str) -> None:
    with pytest.raises(FrameError) as raised:
        evaluate_frame(pl.DataFrame(frame), on=ON)
    assert raised.value.faults[0].code == code


@pytest.mark.parametrize(
    ("column", "asked"),
    [("person.ankunft", "zielgruppe|zaehlung"), ("foerderung.anzahl_gemeinden", "verwendungsnachweis")],
)
def test_columns_of_another_question_say_which(column: str, asked: str) -> None:
    with pytest.raises(FrameError) as raised:
        evaluate_frame(pl.DataFrame({column: [None]}))
    (fault,) = raised.value.faults
    assert fault.hint is not None
    assert fault.hint.de.endswith(f"--question {asked}")


@pytest.mark.parametrize("outcome", ["missing", "repeated"])
def test_what_hangs_on_an_unclear_id_makes_its_record_faulty(outcome: str) -> None:
    """Whose positions they are is not known; so of no Förderung that may have them anything is decided."""
    rows = pl.DataFrame({"foerderung_id": ["a", "b", "c"]})
    ids = ["eins", None if outcome == "missing" else "drei", "drei"]
    notices = pl.DataFrame({"foerderung_id": ["a", "b", "c"], "bewilligung_id": ids})
    positions = pl.DataFrame({"bewilligung_id": ["drei"], "bescheidposition.stelle": ["1"]})
    lists = {"bewilligungen": notices, "positionen": positions}
    asked: Any = {"on": "2026-11-30", "question": "verwendungsnachweis", "faults": "mark"}
    decided = evaluate_frame(rows, lists=lists, **asked)
    wanted = ["decided", "faulty", "decided" if outcome == "missing" else "faulty"]
    assert decided.rows["outcome"].to_list() == wanted
    assert decided.lists["bewilligungen"]["faults"].null_count() == wanted.count("decided")


def test_ids_may_be_numbers_here_and_text_there() -> None:
    rows, notices = (
        pl.DataFrame({"foerderung_id": [1, 2]}),
        pl.DataFrame({"foerderung_id": ["2"], "bewilligung.tag": ["x"]}),
    )
    with pytest.raises(FrameError) as raised:
        evaluate_frame(rows, lists={"bewilligungen": notices}, on=ON, question="verwendungsnachweis")
    assert [str(fault.place) for fault in raised.value.faults] == ["bewilligungen[0]"]


def test_without_a_day_nothing_is_decided() -> None:
    with pytest.raises(FrameError, match="'on' is missing"):
        evaluate_frame(pl.DataFrame({"stelle.vzae": [1]}))


def test_posts_without_application_and_ids_that_are_not_unique() -> None:
    applications = pl.DataFrame({"antrag_id": [1, 1]})
    posts = pl.DataFrame({"antrag_id": [3], "stelle.vzae": [1]})
    with pytest.raises(FrameError) as raised:
        evaluate_frame(applications, lists={"stellen": posts}, on=ON)
    assert {fault.code for fault in raised.value.faults} == {"VIM181"}
    assert len(raised.value.faults) == 3


def test_what_is_decided_in_parts_stays_whole_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [date(2016, 6, 1), date(2018, 6, 1), date(2019, 9, 1), date(2022, 2, 1), date(2022, 6, 1)]
    applications = pl.DataFrame({"antrag_id": range(23), "on": [days[n * 7 % 5] for n in range(23)]})
    ids = [n * 11 % 25 for n in range(40)]  # of which 23 and 24 are no application
    posts = pl.DataFrame({"antrag_id": ids, "stelle.vzae": [n / 20 for n in range(40)]})
    members = pl.DataFrame({"antrag_id": [n % 23 for n in range(30)], "mitglied.gezaehlte_personen": range(30)})
    tables: dict[str, Any] = {"lists": {"stellen": posts, "mitglieder": members}, "faults": "mark"}
    whole = evaluate_frame(applications, **tables)
    monkeypatch.setattr(evaluator, "AT_ONCE", 4)
    apart = evaluate_frame(applications, **tables)
    assert_frame_equal(apart.rows, whole.rows)
    assert_frame_equal(apart.lists["stellen"], whole.lists["stellen"])
    assert whole.lists["stellen"]["antrag_id"].to_list() == ids
    assert whole.lists["stellen"]["reasons_no"].null_count() == sum(n > 22 or days[n * 7 % 5] == days[0] for n in ids)


def test_persons() -> None:
    frame = pl.DataFrame({"person.gefluechtet": [True, False, None]})
    found = evaluate_frame(frame, on="2022-06-01", question="zielgruppe")
    for value, verdict in zip(frame["person.gefluechtet"], found["verdict"], strict=True):
        case = {"person": {} if value is None else {"gefluechtet": value}}
        assert verdict == vwv_im.evaluate(case, on="2022-06-01", question="zielgruppe", engine="direct").verdict


def test_many_cases_briefly_and_one_of_them_in_full() -> None:
    cases = [{"antrag": {"stellen": [{"vzae": size}, {"vzae": "1"}]}} for size in ("0.2", "0.5")]
    for case, brief in zip(cases, evaluate_many(cases, on=ON, at_once=1), strict=True):
        decision = decided(case)
        assert (brief.outcome, brief.verdict, brief.fassung) == (
            decision.outcome,
            decision.verdict,
            decision.fassung.id,
        )
        assert brief.derived == decision.derived
        assert set(brief.reasons["no"]) == {reason.rule for reason in decision.reasons if reason.verdict == "no"}
        assert set(brief.hints) == {hint.rule for hint in decision.hints}
        assert set(brief.options) == {option.rule for option in decision.options}
        assert brief.decision().reasons[0].rule == decision.reasons[0].rule
        assert brief.to_dict()["verdict"] == decision.verdict


FAULTY = [
    {"antrag": {"stellen": [{"vzae": "0.2"}]}},
    {"antrag": {"stellen": [{"vzae": "0,5", "art": "x"}]}},
    {"person": {}},
    {"antrag": {"stellen": [{"vzae": "0.5"}]}},
]


def test_the_faults_of_many_cases_say_in_which_case_they_are() -> None:
    with pytest.raises(CaseError) as raised:
        list(evaluate_many(FAULTY, on=ON))
    assert [(str(fault.place), fault.code, fault.path) for fault in raised.value.faults] == [
        ("case[1]", "VIM113", "antrag.stellen[0].vzae"),
        ("case[1]", "VIM101", "antrag.stellen[0].art"),
        ("case[2]", "VIM151", "antrag"),
    ]


def test_sound_cases_among_faulty_ones_are_decided_where_faults_are_marked() -> None:
    briefs = list(evaluate_many(iter(FAULTY), on=ON, faults="mark", at_once=3))
    assert [brief.outcome for brief in briefs] == ["decided", "faulty", "faulty", "decided"]
    assert [len(brief.faults) for brief in briefs] == [0, 2, 1, 0]
    assert briefs[3].verdict == decided(FAULTY[3]).verdict
    assert briefs[1].to_dict()["faults"][0]["code"] == "VIM113"
    assert "faults" not in briefs[0].to_dict()
    with pytest.raises(CaseError, match="VIM151"):
        briefs[2].decision()


def test_a_faulty_file_among_many_is_named(tmp_path: Path) -> None:
    (tmp_path / "fall.yaml").write_text("antrag:\n  art: x\n")
    (brief,) = evaluate_many([tmp_path / "fall.yaml"], on=ON, faults="mark")
    assert str(brief.faults[0].place) == f"{tmp_path / 'fall.yaml'}:2:8"


@pytest.mark.parametrize("given", [{"antrag": {}}, "fall.yaml", read_case({"antrag": {}})])
def test_a_single_case_is_not_taken_for_many(given: Any) -> None:
    with pytest.raises(TypeError, match="for one case there is evaluate"):
        evaluate_many(given, on=ON)


@pytest.mark.parametrize("given", [{"stelle.vzae": ["0.5"]}, [1], None, "stellen.csv"])
def test_what_is_no_frame_is_refused_with_what_to_give(given: Any) -> None:
    for frames in ({"frame": given}, {"frame": pl.DataFrame(), "lists": {"stellen": given or 1}}):
        with pytest.raises(TypeError, match=r"pl\.DataFrame"):
            evaluate_frame(**frames, on=ON)


def test_a_marked_row_says_that_it_is_faulty_and_where_and_why() -> None:
    frame = pl.DataFrame({"stelle.vzae": ["0.5", "halb"], "AZ": ["1", "2"], "antrag.art": [None, "neu"]})
    marked = evaluate_frame(frame, on=ON, faults="mark")
    assert marked.columns == [*evaluate_frame(frame[:1], on=ON).columns, "faults"]
    stated = {"stelle.vzae", "AZ", "antrag.art", "outcome", "faults"}
    faulty = marked.row(1, named=True)
    assert {name for name, value in faulty.items() if value is not None} == stated
    assert marked["faults"][0] is None
    told = [line.split(":")[0] for line in faulty["faults"].split("\n")]
    assert told == ["VIM109 antrag.art", "VIM112 stelle.vzae"]
    assert (
        evaluate_frame(frame.lazy(), on=ON, faults="mark").collect()["faults"].to_list() == marked["faults"].to_list()
    )
    with pytest.raises(FrameError, match=r"frame\[0\] VIM112"):
        evaluate_frame(frame.filter(marked["outcome"] == "faulty"), on=ON)


def test_a_fault_is_told_in_the_row_and_the_table_where_it_stands() -> None:
    posts = pl.DataFrame({"antrag_id": [1, 1, 2], "stelle.vzae": ["0.5", "halb", "1"]})
    marked = evaluate_frame(posts, on=ON, faults="mark")
    assert [told is not None for told in marked["faults"]] == [False, True, False]
    top = pl.DataFrame({"antrag_id": [1, 2]})
    apart = evaluate_frame(top, lists={"stellen": posts}, on=ON, faults="mark")
    assert [told is not None for told in apart.lists["stellen"]["faults"]] == [False, True, False]
    assert apart.rows["faults"].to_list() == [None, None]
    with pytest.raises(FrameError, match="VIM180 faults"):
        evaluate_frame(posts.with_columns(faults=pl.lit("x")), on=ON, faults="mark")


def test_zeros_at_the_end_of_a_number_change_nothing_and_thousands_are_no_decimals() -> None:
    cells = ["0.5000000", "0.50", "1.0000000000"]
    assert evaluate_frame(pl.DataFrame({"stelle.vzae": cells}), on=ON)["outcome"].to_list() == ["decided"] * 3
    column = "antrag.veroeffentlichter_planungsrahmen_eur"
    marked = evaluate_frame(pl.DataFrame({column: ["51.000", "51.0000", "51.001"]}), on=ON, faults="mark")
    assert marked["outcome"].to_list() == ["faulty", "decided", "faulty"]


def test_requirements_are_told_apart_from_options_and_advice() -> None:
    bits = mask_layout()
    rules = {item.id: item.model.kind for item in vwv_im.regulation().rules}
    assert {name: bits.arts[number] for number, name in enumerate(bits.requirements)} == {
        name: rules[name] for name in bits.requirements
    }
    found = evaluate_frame(pl.DataFrame({"stelle.vzae": ["0.2"]}), on=ON)
    folded = bits.names("requirements", found["reasons_no"][0] & bits.of_art("muss", "soll"))
    assert set(folded) == {
        reason.rule for reason in decided({"antrag": {"stellen": [{"vzae": "0.2"}]}}).reasons if reason.verdict == "no"
    }


def test_rows_of_an_application_that_differ_are_told_where_they_do() -> None:
    frame = pl.DataFrame(
        {
            "antrag_id": [1, 2, 2, 2, 2],
            "antrag.art": [None, None, "erstantrag", "erstantrag", "verlaengerung"],
            "antrag.antragsteller.art": [None, None, None, "dorf", None],
            "stelle.vzae": ["1"] * 5,
        }
    )
    with pytest.raises(FrameError) as raised:
        evaluate_frame(frame, on=ON)
    assert [(str(fault.place), fault.code) for fault in raised.value.faults] == [
        ("frame[3]", "VIM109"), ("frame[4]", "VIM182"),
    ]  # fmt: skip
    assert "hier 'verlaengerung', zuvor 'erstantrag'" in raised.value.faults[1].message.de
