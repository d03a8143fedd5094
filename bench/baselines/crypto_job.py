"""The job that turns snapshots of the market into CSV, as a careful engineer writes it by hand for Spark's JSON reader.

No dead letters, no reports. Input and output come from the command line; it drains what is there and ends.
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, date_format, explode, expr, hour
from pyspark.sql.types import (
    ArrayType,
    DoubleType,
    StringType,
    StructField,
    StructType,
)

source, folder = sys.argv[1:3]

spark = (
    SparkSession.builder.appName("Crypto markets")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

TEXTS = ["id", "name", "symbol"]
NUMBERS = [
    *["current_price", "market_cap", "total_volume", "high_24h", "low_24h"],
    *["price_change_24h", "price_change_percentage_24h", "ath"],
]
TIMES = ["ath_date", "atl_date", "last_updated"]

coin = StructType(
    [
        *[StructField(name, StringType()) for name in TEXTS],
        *[StructField(name, DoubleType()) for name in NUMBERS],
        StructField("ath_date", StringType()),
        StructField("atl", DoubleType()),
        StructField("atl_date", StringType()),
        StructField("last_updated", StringType()),
        StructField(
            "roi",
            StructType(
                [
                    StructField("currency", StringType()),
                    StructField("percentage", DoubleType()),
                    StructField("times", DoubleType()),
                ]
            ),
        ),
    ]
)
schema = StructType([StructField("results", ArrayType(coin))])

snapshots = spark.readStream.schema(schema).option("multiLine", True).json(source)
coins = snapshots.select(explode("results").alias("coin")).select(
    *[f"coin.{name}" for name in [*TEXTS, *NUMBERS, "ath_date", "atl", "atl_date", "last_updated"]],
    *[f"coin.roi.{name}" for name in ["currency", "percentage", "times"]],
)
for name in TIMES:
    coins = coins.withColumn(name, expr(f"try_to_timestamp({name}, \"yyyy-MM-dd'T'HH:mm:ss.SSSX\")"))
rows = (
    coins.withColumn("hour_updated", hour("last_updated"))
    .withColumn("day_updated", date_format("last_updated", "EEEE"))
    .filter(col("total_volume") > 1000)
    .withColumn("volatility_24h", expr("try_divide(high_24h - low_24h, current_price) * 100"))
)
query = (
    rows.writeStream.format("csv")
    .outputMode("append")
    .option("header", True)
    .option("path", f"{folder}/parts")
    .option("checkpointLocation", f"{folder}/checkpoint")
    .trigger(availableNow=True)
    .start()
)
query.awaitTermination()
