/** The classes through which a run reports and is stopped, in reading order. */
export function reportClasses(): readonly string[] {
  return [controlFolder, progressReport];
}

const controlFolder = `\
class ControlFolder:
    """Small files through which a control plane and this run talk, on any Hadoop file system.

    Losing a report must not end the query, so nothing that goes wrong here is fatal.
    """

    def __init__(self, spark, path, run):
        self.spark = spark
        self.path = path and locate(path)
        self.run = run
        self.phase = "running"
        # Seconds. A request to a bucket takes its time and costs money.
        self.beat, self.look = (10, 2) if (self.path or "").startswith("s3a:") else (2, 0.5)

    def open(self, name):
        """The file system of the folder, and the path of a file in it."""
        context = self.spark.sparkContext
        path = context._jvm.org.apache.hadoop.fs.Path(f"{self.path}/{name}")
        return path.getFileSystem(context._jsc.hadoopConfiguration()), path

    def exists(self, name):
        if not self.path:
            return False
        try:
            files, path = self.open(name)
            # In a bucket one cheap request, where exists() would list as well.
            return files.isFile(path)
        except Exception as error:
            print(f"could not look for {name}: {describe(error)['message']}", flush=True)
            return False

    def write(self, name, fields):
        """Replaces a file as a whole."""
        if not self.path:
            return
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        text = json.dumps({"run": self.run, "at": now, **fields})
        try:
            self.replace(name, text.encode("utf-8"))
        except Exception as error:
            print(f"could not write {name}: {describe(error)['message']}", flush=True)

    def replace(self, name, content):
        """An object store shows an object only when it is whole; a disk needs a rename for that."""
        files, path = self.open(name)
        if files.getUri().getScheme() != "file":
            stream = files.create(path, True)
            stream.write(content)
            stream.close()
            return
        # Not by Hadoop: where it keeps .crc files, it replaces nothing by a rename, and says so
        # by a return value only.
        final = files.makeQualified(path).toUri().getPath()
        folder, _ = os.path.split(final)
        temporary = os.path.join(folder, f".{name}.tmp")
        os.makedirs(folder, exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(content)
        os.replace(temporary, final)

    def keep_alive(self):
        """Says again and again that this run lives."""
        application = self.spark.sparkContext.applicationId

        def beat():
            while True:
                self.write("alive.json", {"phase": self.phase, "applicationId": application})
                time.sleep(self.beat)

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
