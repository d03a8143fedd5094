"""The job that the original notebook ran, word for word where it mattered: csv sink, no dead letters, no reports.

The only changes: servers, topic and folders come from the command line, and it drains what is there and ends.
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, explode, from_json
from pyspark.sql.types import (
    ArrayType,
    LongType,
    StringType,
    StructField,
    StructType,
)

servers, topic, folder = sys.argv[1:4]

spark = (
    SparkSession.builder.appName("Streaming from Kafka")
    .config("spark.streaming.stopGracefullyOnShutdown", True)
    .config("spark.sql.shuffle.partitions", 8)
    .getOrCreate()
)

schema = StructType(
    [
        StructField("customerId", StringType()),
        StructField(
            "data",
            StructType(
                [
                    StructField(
                        "devices",
                        ArrayType(
                            StructType(
                                [
                                    StructField("deviceId", StringType()),
                                    StructField("measure", StringType()),
                                    StructField("status", StringType()),
                                    StructField("temperature", LongType()),
                                ]
                            )
                        ),
                    )
                ]
            ),
        ),
        StructField("eventId", StringType()),
        StructField("eventOffset", LongType()),
        StructField("eventPublisher", StringType()),
        StructField("eventTime", StringType()),
    ]
)

streaming_df = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", servers)
    .option("subscribe", topic)
    .option("startingOffsets", "earliest")
    .load()
)
json_df = streaming_df.selectExpr("cast(value as string) as value")
expanded = json_df.withColumn("value", from_json(json_df["value"], schema)).select("value.*")
exploded = expanded.select(
    "customerId",
    "eventId",
    "eventOffset",
    "eventPublisher",
    "eventTime",
    explode("data.devices").alias("devices"),
)
flattened = exploded.select(
    "customerId",
    "eventId",
    "eventOffset",
    "eventPublisher",
    "eventTime",
    col("devices.deviceId").alias("deviceId"),
    col("devices.measure").alias("measure"),
    col("devices.status").alias("status"),
    col("devices.temperature").alias("temperature"),
)
query = (
    flattened.writeStream.format("csv")
    .outputMode("append")
    .option("path", f"{folder}/parts")
    .option("checkpointLocation", f"{folder}/checkpoint")
    .trigger(availableNow=True)
    .start()
)
query.awaitTermination()
