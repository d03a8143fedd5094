"""A short stream of the same shape as a generated job, run once so that Java learns which classes it needs.

Called with the Kafka servers and an output folder. It makes its own topic and events, since there is no producer yet.
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming import StreamingQueryListener

TOPIC = "training"
SCHEMA = "id STRING, number BIGINT, data STRUCT<devices: ARRAY<STRUCT<name: STRING, temperature: BIGINT>>>, broken STRING"


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
    raw = F.col("value").cast("string")
    parsed = F.from_json(raw, SCHEMA, {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": "broken"})
    decoded = events.withColumn("event", parsed).withColumn("raw", raw)
    dead = F.col("event.broken").isNotNull() | F.col("event.id").isNull()
    nothing = F.expr("array(cast(null as struct<name: string, temperature: bigint>))")
    devices = F.when(dead, nothing).otherwise(F.col("event.data.devices"))
    return decoded.withColumn("dead", dead).withColumn("device", F.explode(devices))


def write_rows(rows, output):
    row = F.to_csv(
        F.struct("event.id", "event.number", "device.name", "device.temperature"),
        {"quote": '"', "escape": '"', "ignoreLeadingWhiteSpace": "false", "ignoreTrailingWhiteSpace": "false"},
    )
    letter = F.to_json(F.struct("topic", "partition", "offset", F.base64("value").alias("value"), "raw"))
    lines = rows.select(
        F.when(F.col("dead"), letter).otherwise(row).alias("value"),
        F.when(F.col("dead"), F.lit("dead-letter")).otherwise(F.lit("row")).alias("outcome"),
    ).observe("counts", F.count(F.lit(1)).alias("all"), F.sum(F.when(F.col("outcome") == "row", 1)).alias("rows"))
    writer = lines.writeStream.format("text").partitionBy("outcome").trigger(availableNow=True)
    return writer.option("path", f"{output}/parts").option("checkpointLocation", f"{output}/checkpoint").start()


def main(servers, output):
    spark = (
        SparkSession.builder.appName("training")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.maxConcurrentOutputFileWriters", "4")
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
