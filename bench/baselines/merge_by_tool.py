"""Puts the part files of a folder together as people do without a merger, and prints how many seconds that took.

merge_by_tool.py pandas|duckdb|polars|spark FOLDER FILE

`pandas` is the loop of the original, word for word where it mattered: each file is read, appended with the header of the
first, and noted in a list of processed files. None of them survives a crash without lost or doubled rows.
"""

import glob
import os
import sys
import time

tool, folder, target = sys.argv[1:4]
parts = sorted(glob.glob(os.path.join(folder, "part-*.csv")))


def by_pandas():
    import pandas as pd

    started = time.perf_counter()
    for part in parts:
        frame = pd.read_csv(part)
        frame.to_csv(target, mode="a", header=not os.path.exists(target), index=False)
        with open(target + ".processed", "a") as processed:
            processed.write(part + "\n")
    return time.perf_counter() - started


def by_duckdb():
    import duckdb

    started = time.perf_counter()
    everything = f"read_csv('{folder}/part-*.csv', all_varchar = true)"
    duckdb.sql(f"COPY (SELECT * FROM {everything}) TO '{target}' (HEADER, DELIMITER ',')")
    return time.perf_counter() - started


def by_polars():
    import polars as pl

    started = time.perf_counter()
    pl.scan_csv(f"{folder}/part-*.csv", infer_schema=False).sink_csv(target)
    return time.perf_counter() - started


def by_spark():
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.getOrCreate()
    started = time.perf_counter()
    options = {"header": True, "escape": '"', "multiLine": False}
    spark.read.options(**options).csv(parts).coalesce(1).write.options(**options).csv(target)
    return time.perf_counter() - started


ways = {"pandas": by_pandas, "duckdb": by_duckdb, "polars": by_polars, "spark": by_spark}
print(ways[tool]())
