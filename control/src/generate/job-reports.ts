/** The classes through which a run reports and is stopped, in reading order. */
export function reportClasses(): readonly string[] {
  return [controlFolder, progressReport];
}

const controlFolder = `\
class ControlFolder:
    """Small files through which a control plane and this run talk, on any Hadoop file system."""

    def __init__(self, spark, path, run):
        self.run = run
        self.phase = "running"
        self.java = spark.sparkContext._jvm.org.apache.hadoop.fs
        self.path = path and self.java.Path(path)
        self.files = path and self.path.getFileSystem(
            spark.sparkContext._jsc.hadoopConfiguration()
        )

    def exists(self, name):
        return bool(self.path) and self.files.exists(self.java.Path(self.path, name))

    def write(self, name, fields):
        """Replaces a file as a whole. Losing a report must not end the query, so none is fatal."""
        if not self.path:
            return
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        text = json.dumps({"run": self.run, "at": now, **fields})
        try:
            self.replace(self.java.Path(self.path, name), text.encode("utf-8"))
        except Exception as error:
            print(f"could not write {name}: {error}", flush=True)

    def replace(self, final, content):
        """An object store shows an object only when it is whole; a disk needs a rename for that."""
        on_disk = self.files.getUri().getScheme() == "file"
        target = self.java.Path(self.path, f".{final.getName()}.tmp") if on_disk else final
        stream = self.files.create(target, True)
        stream.write(content)
        stream.close()
        if on_disk:
            self.files.rename(target, final)

    def keep_alive(self):
        """Says every two seconds that this run lives."""

        def beat():
            while True:
                self.write("alive.json", {"phase": self.phase})
                time.sleep(2)

        threading.Thread(target=beat, daemon=True).start()`;

const progressReport = `\
class ProgressReport(StreamingQueryListener):
    """Writes progress.json after each batch."""

    def __init__(self, control):
        self.control = control
        self.batch = None
        self.totals = {"batches": 0, "inputRows": 0, "rows": 0, "deadLetters": 0}

    def catch_up(self, query):
        """Waits, 5 s at most, for the last batch's report: Spark sends them from another thread."""
        last = query.lastProgress
        # A trigger without new data has a number, too, but no report follows.
        last = last["batchId"] if last and last["numInputRows"] > 0 else None
        deadline = time.monotonic() + 5
        while last is not None and self.batch != last and time.monotonic() < deadline:
            time.sleep(0.02)

    def onQueryStarted(self, event):
        pass

    def onQueryIdle(self, event):
        pass

    def onQueryTerminated(self, event):
        pass

    def onQueryProgress(self, event):
        progress = json.loads(event.progress.json)
        counts = {
            "inputRows": progress["numInputRows"],
            "rows": 0,
            "deadLetters": 0,
            **progress.get("observedMetrics", {}).get("sluice", {}),
        }
        self.totals["batches"] += 1
        for name, count in counts.items():
            self.totals[name] += count
        self.batch = progress["batchId"]
        sources = [
            {key: source.get(key) for key in ("description", "endOffset", "latestOffset")}
            for source in progress["sources"]
        ]
        self.control.write(
            "progress.json",
            {
                "batch": self.batch,
                **counts,
                "batchMs": progress["durationMs"].get("triggerExecution"),
                "totals": self.totals,
                "sources": sources,
            },
        )`;
