"""Spark, with a local session: the same results as on one machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from support import ROOT, TESTS
from tables import case_tables
from tables.test_verwendung import cases
from vwv_im import FrameError, evaluate_frame, regulation

pytestmark = [
    pytest.mark.java,
    pytest.mark.skipif(shutil.which("java") is None, reason="needs Java"),
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    pytest.importorskip("pandas")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    made = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    found = made.config("spark.sql.shuffle.partitions", "3").getOrCreate()
    yield found
    found.stop()


def rows(grouped: bool) -> pl.DataFrame:
    count = 300
    frame = pl.DataFrame(
        {
            "nr": list(range(count)),
            "on": [f"{2016 + number % 8}-06-01" for number in range(count)],
            "stelle.vzae": [
                None if number % 9 == 0 else "x" if number % 50 == 1 else f"0.{number % 9 + 1}"
                for number in range(count)
            ],
            "antrag.gezaehlte_personen": [number % 12 // 4 * 100 for number in range(count)],
        }
    )
    if not grouped:
        return frame
    return frame.with_columns(
        (pl.col("nr") // 4).alias("antrag_id"),
        pl.col("on").first().over(pl.col("nr") // 4),
        pl.col("antrag.gezaehlte_personen").first().over(pl.col("nr") // 4),
    )


@pytest.mark.parametrize("grouped", [False, True])
def test_spark_gives_what_one_machine_gives(session: Any, grouped: bool, tmp_path: Any) -> None:
    from vwv_im.tables.spark import evaluate_spark  # noqa: PLC0415

    frame = rows(grouped)
    frame.write_parquet(tmp_path / "ein.parquet")
    found = evaluate_spark(session.read.parquet(str(tmp_path / "ein.parquet")).repartition(5))
    found.write.parquet(str(tmp_path / "aus.parquet"))
    got = pl.read_parquet(tmp_path / "aus.parquet" / "*.parquet").sort("nr")
    wanted = evaluate_frame(frame, faults="mark")
    assert got.equals(as_spark_has_it(wanted))


def as_spark_has_it(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.cast({pl.UInt64: pl.Int64}).with_columns(pl.selectors.enum().cast(pl.String))


def test_lists_are_decided_with_what_has_them(session: Any, tmp_path: Any) -> None:
    """Every case of the corpus; beside them rows that belong to none, and ids that are missing or repeated."""
    from vwv_im.tables.spark import evaluate_spark  # noqa: PLC0415

    rows, lists = case_tables.tables_of(regulation(), "foerderung", [one.case for one in cases()])
    rows = rows.with_columns(pl.Series("on", [one.on for one in cases()]))
    notices, positions = lists["bewilligungen"], lists["positionen"]
    strange = pl.DataFrame(
        {
            "foerderung_id": ["foerderung-3", "foerderung-7", "weg", None],
            "bewilligung_id": ["zwei", "zwei", "weg", None],
        }
    )
    lists["bewilligungen"] = pl.concat([notices, strange], how="diagonal")
    lost = pl.DataFrame({"bewilligung_id": ["nie", None, "zwei"], "bescheidposition.vzae": ["x", "1", "1"]})
    lists["positionen"] = pl.concat([positions, lost], how="diagonal")
    rows = pl.concat([rows, rows[5:6], pl.DataFrame({"foerderung.anzahl_gemeinden": [1]})], how="diagonal")
    given = {"": rows, **lists}
    for name, table in given.items():
        given[name] = table.with_row_index("nr").cast({"nr": pl.Int64})
        given[name].write_parquet(tmp_path / f"ein{name}.parquet")
    wanted = evaluate_frame(given.pop(""), lists=given, question="verwendungsnachweis", faults="mark")
    read = {name: session.read.parquet(str(tmp_path / f"ein{name}.parquet")) for name in given}
    top = session.read.parquet(str(tmp_path / "ein.parquet")).repartition(3)
    found = evaluate_spark(top, lists=read, question="verwendungsnachweis")
    assert found.lists.keys() == wanted.lists.keys()
    assert wanted.rows["outcome"].to_list().count("faulty") == 5
    for name, table in {"": wanted.rows, **wanted.lists}.items():
        (found.lists[name] if name else found.rows).write.parquet(str(tmp_path / f"aus{name}.parquet"))
        got = pl.read_parquet(tmp_path / f"aus{name}.parquet" / "*.parquet").sort("nr")
        assert got.columns == table.columns
        assert_frame_equal(got, as_spark_has_it(table))


def test_lists_within_lists_of_rows_find_their_records(session: Any) -> None:
    from vwv_im.tables.spark import evaluate_spark  # noqa: PLC0415

    asked: Any = {"on": "1999-06-01", "rules": TESTS / "welt" / "regeln"}
    plants = pl.DataFrame({"hof_id": ["b", "a", "a"], "anlage_id": [3, 1, 2], "anlage.leistung_kw": ["2", "10", "6.5"]})
    readings = pl.DataFrame({"anlage_id": ["2", "1", "1", "9"], "ablesung.menge_kwh": [None, 800, 300, 1]})
    wanted = evaluate_frame(plants, lists={"ablesungen": readings}, faults="mark", **asked)
    lists = {"ablesungen": session.createDataFrame(readings.to_arrow(compat_level=pl.CompatLevel.oldest()))}
    rows = session.createDataFrame(plants.to_arrow(compat_level=pl.CompatLevel.oldest()))
    found = evaluate_spark(rows, lists=lists, **asked)
    assert_frame_equal(pl.from_arrow(found.rows.toArrow()), as_spark_has_it(wanted.rows), check_row_order=False)
    (told,) = found.lists.values()
    told = pl.from_arrow(told.toArrow())
    assert_frame_equal(told, as_spark_has_it(wanted.lists["ablesungen"]), check_row_order=False)
    assert wanted.rows["anlage.gesamtmenge_kwh"].to_list() == [None, 1100, None]
    with pytest.raises(FrameError, match="anlage_id"):
        evaluate_spark(rows.drop("anlage_id"), lists=lists, **asked)
