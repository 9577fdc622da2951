"""Decide the same rows by a local Spark session and on one machine, compare the results, and time both.

    python benchmarks/spark.py --rows 1000000 --cores 2

Exits with 1 if a result differs. The rows are those of `columns.py`, on many days; both read and write Parquet.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

import vwv_im

columns: Any = import_module("columns")


def main() -> int:
    """Decide by both and compare; return the exit status."""
    parser = argparse.ArgumentParser(description="Compare Spark and polars.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--cores", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        frame = columns.applications(options.rows).with_columns(pl.selectors.enum().cast(pl.String))
        frame.with_row_index("nr").cast({"nr": pl.Int64}).write_parquet(source, row_group_size=100_000)
        spark_seconds = by_spark(source, target, options.cores)
        start = time.perf_counter()
        alone = vwv_im.evaluate_frame(pl.read_parquet(source))
        alone.write_parquet(Path(folder) / "alone.parquet")
        seconds = time.perf_counter() - start
        found = pl.read_parquet(target / "*.parquet").sort("nr").drop("faults")
        signed = alone.with_columns(
            pl.selectors.enum().cast(pl.String), pl.selectors.by_dtype(pl.UInt64).cast(pl.Int64)
        )
        same = found.equals(signed)
    print(f"{options.rows} rows: Spark on {options.cores} cores {spark_seconds:.1f} s, polars alone {seconds:.1f} s")
    print("identical" if same else "DIFFERENT")
    return int(not same)


def by_spark(source: Path, target: Path, cores: int) -> float:
    """Decide a file by a local session; return the seconds without those that Spark takes to start."""
    from pyspark.sql import SparkSession

    from vwv_im.tables.spark import evaluate_spark

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "50000").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        evaluate_spark(session.read.parquet(str(source)).limit(100), derive=()).collect()
        start = time.perf_counter()
        evaluate_spark(session.read.parquet(str(source))).write.parquet(str(target))
        return time.perf_counter() - start
    finally:
        session.stop()


if __name__ == "__main__":
    sys.exit(main())
