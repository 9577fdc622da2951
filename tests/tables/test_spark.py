"""Spark, with a local session: the same results as on one machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from support import ROOT
from vwv_im import evaluate_frame

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
    signed = wanted.cast({pl.UInt64: pl.Int64}).with_columns(pl.selectors.enum().cast(pl.String))
    assert got.equals(signed)
