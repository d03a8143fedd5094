"""A short stream of the same shape as a generated job, run once so that Java learns which classes it needs.

Called with the Kafka servers and an output folder. It makes its own topic and events, since there is no producer yet.
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming import StreamingQueryListener

TOPIC = "training"
SCHEMA = "id: STRING, number: BIGINT, data: STRUCT<devices: ARRAY<STRUCT<name: STRING, temperature: BIGINT>>>"


class ProgressListener(StreamingQueryListener):
    """Reads what a generated job reads from each progress."""

    def onQueryStarted(self, event):
        pass

    def onQueryProgress(self, event):
        progress = event.progress
        print(progress.batchId, progress.numInputRows, progress.observedMetrics, progress.json[:80], flush=True)

    def onQueryIdle(self, event):
        pass

    def onQueryTerminated(self, event):
        pass


def make_topic(spark, servers):
    jvm = spark._jvm
    settings = jvm.java.util.HashMap()
    settings.put("bootstrap.servers", servers)
    admin = jvm.org.apache.kafka.clients.admin.Admin.create(settings)
    topic = jvm.org.apache.kafka.clients.admin.NewTopic(TOPIC, 2, 1)
    admin.createTopics(jvm.java.util.Collections.singleton(topic)).all().get()
    admin.close()


def write_events(spark, servers):
    device = F.struct(F.lit("cpu").alias("name"), F.col("id").alias("temperature"))
    event = F.struct(
        F.col("id").cast("string").alias("id"),
        F.col("id").alias("number"),
        F.struct(F.array(device, device).alias("devices")).alias("data"),
    )
    good = spark.range(200).select(F.to_json(event).alias("value"))
    broken = spark.range(5).select(F.lit('{"id": 7,').alias("value"))
    options = {"kafka.bootstrap.servers": servers, "topic": TOPIC}
    good.union(broken).write.format("kafka").options(**options).save()


def read_rows(spark, servers):
    options = {"kafka.bootstrap.servers": servers, "subscribe": TOPIC, "startingOffsets": "earliest"}
    events = spark.readStream.format("kafka").options(**options, maxOffsetsPerTrigger=150).load()
    size = F.octet_length("value")
    readable = (size < 1000) & F.is_valid_utf8(F.col("value").cast("string"))
    raw = F.when(readable, F.col("value").cast("string"))
    origin = F.struct("topic", "partition", "offset", "timestamp")
    decoded = events.select("value", origin.alias("origin"), raw.alias("raw"))
    wrapped = F.concat(F.lit('{"events": ['), "raw", F.lit("]}"))
    schema = f"STRUCT<events: ARRAY<STRUCT<{SCHEMA}>>, broken: STRING>"
    parsed = F.from_json(wrapped, schema, {"columnNameOfCorruptRecord": "broken"})
    decoded = decoded.withColumn("parsed", parsed).withColumn("event", F.get("parsed.events", F.lit(0)))
    reason = F.when(F.trim("raw") == "", "empty").when(F.col("event").isNull(), "not an object")
    reason = reason.when(F.size("parsed.events") != 1, "several").when(F.col("event.id").isNull(), "no id")
    letter = F.to_json(F.struct("reason", "origin.*", F.base64("value").alias("value")))
    decoded = decoded.withColumn("reason", reason)
    decoded = decoded.withColumn("letter", F.when(F.col("reason").isNotNull(), letter))
    devices = F.when(F.col("letter").isNull(), F.col("event.data.devices")).otherwise(F.array(F.lit(None)))
    return decoded.withColumn("device", F.explode(devices))


def write_rows(rows, output):
    row = F.to_csv(
        F.struct("event.id", "event.number", "device.name", "device.temperature"),
        {"quote": '"', "escape": '"', "ignoreLeadingWhiteSpace": "false", "ignoreTrailingWhiteSpace": "false"},
    )
    is_row = F.col("letter").isNull()
    lines = rows.observe("counts", F.count(F.when(is_row, 1)).alias("rows"), F.count("letter").alias("letters")).select(
        F.when(is_row, "row").otherwise("dead-letter").alias("outcome"),
        F.coalesce("letter", row).alias("value"),
    )
    writer = lines.writeStream.format("text").partitionBy("outcome").trigger(availableNow=True)
    return writer.option("path", f"{output}/parts").option("checkpointLocation", f"{output}/checkpoint").start()


def main(servers, output):
    spark = (
        SparkSession.builder.appName("training")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.maxConcurrentOutputFileWriters", "4")
        .config("spark.hadoop.fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem")
        .getOrCreate()
    )
    spark.streams.addListener(ProgressListener())
    make_topic(spark, servers)
    write_events(spark, servers)
    query = write_rows(read_rows(spark, servers), output)
    query.awaitTermination()
    progress = query.lastProgress
    print("batches", progress.batchId + 1 if progress else 0)
    hadoop = spark._jvm.org.apache.hadoop.fs.Path(output)
    print("listed", len(hadoop.getFileSystem(spark._jsc.hadoopConfiguration()).listStatus(hadoop)))
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
