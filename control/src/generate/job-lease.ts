import { leaseFileDefinitions } from './job-lease-files.ts';

/** Other exit codes of a job are 0 and 1. Control takes the words of end.json before these. */
export const leaseExitCodes = { fenced: 76, refused: 77 };

/** The part of a job that lets one run at a time use a checkpoint, in reading order. For sinks that keep parts. */
export function leaseDefinitions(): readonly string[] {
  return [openLease, nameOwner, refuse, endFenced, lease, ...leaseFileDefinitions(), describeOwner];
}

/** What the lease needs, beyond the imports that every job has. */
export const leaseImports = ['import contextlib', 'import os', 'import re', 'import sys'];

const openLease = `\
def open_lease(spark, arguments):
    """The lease of a generation, kept beside its checkpoint. Only disks have one, as yet."""
    jvm = spark.sparkContext._jvm
    path = jvm.org.apache.hadoop.fs.Path(f"{SINK_PATH}/generation-{arguments.generation}/lease")
    files = path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
    place = files.makeQualified(path).toUri()
    if place.getScheme() != "file":
        print(f"{place} is on no disk: nothing keeps a second run away from it", flush=True)
        return NoLease()
    return Lease(LeaseFolder(place.getPath()), name_owner(jvm, arguments.run_id))`;

const nameOwner = `\
def name_owner(jvm, run):
    """Who this run is. The Java process counts, because it is the one that writes."""
    process = jvm.java.io.File("/proc/self").getCanonicalFile().getName()
    pid = int(process) if process.isdigit() else os.getpid()
    return {
        "pipeline": PIPELINE,
        "run": run,
        "host": os.uname().nodename,
        "pid": pid,
        "started": start_of(pid),
        "machine": this_machine(),
        "since": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
    }`;

const refuse = `\
def refuse(control, owner):
    """Ends this run before it has read anything, because another one lives."""
    found = describe_owner(owner)
    since = owner.get("since", "an unknown time")
    message = f"the checkpoint is in use by {found}, since {since}"
    print(f"refused: {message}", file=sys.stderr, flush=True)
    end = {"condition": "LEASE_HELD", "message": message, "holder": found, "since": since}
    control.write("end.json", {"outcome": "refused", "batch": None, **end})
    sys.exit(${leaseExitCodes.refused})`;

const endFenced = `\
def end_fenced(spark, control, lease, batch):
    """Ends this run in the midst of its batch, which the next owner does again."""
    found = describe_owner(lease.newest_owner())
    message = f"this run lost its lease; now it belongs to {found}"
    print(f"fenced: {message}", file=sys.stderr, flush=True)
    end = {"condition": "FENCED", "message": message, "holder": found}
    control.write("end.json", {"outcome": "fenced", "batch": batch, **end})
    try:
        spark.sparkContext._jvm.java.lang.Runtime.getRuntime().halt(${leaseExitCodes.fenced})
    finally:
        os._exit(${leaseExitCodes.fenced})`;

const lease = `\
class Lease:
    """Lets one run at a time use a checkpoint and its output, whoever started it and wherever.

    Each owner there was has a file epoch-N; the newest owns. The owner keeps changing beat-N. To
    take over, one must see no change for a whole term, or know that the owner's process is gone;
    then one creates the next epoch, which only one can.
    """

    TERM = 10  # seconds
    BEAT = 2

    def __init__(self, files, owner):
        self.files = files
        self.owner = owner
        self.epoch = 0
        self.beats = 0
        self.renewed = 0.0
        self.ended = threading.Event()
        self.thread = None

    def take(self):
        """Becomes the owner and returns None, or returns who is the owner."""
        newest = self.files.newest()
        if newest and self.shows_life(newest):
            return self.newest_owner()
        mine = newest + 1
        start = {"beat": 0, "clock": time.monotonic()}
        created = self.files.create(f"epoch-{mine}", {**self.owner, **start})
        # A newer one may be there if this run slept between looking and creating.
        if not created or self.files.newest() != mine:
            return self.newest_owner()
        self.epoch = mine
        self.beat()
        self.files.forget(mine - 1)
        return None

    def shows_life(self, epoch):
        """Looks at an owner until it is sure: for a term at most, by this run's own clock."""
        owner = self.files.read(f"epoch-{epoch}")
        first = self.files.read(f"beat-{epoch}")
        if first.get("released") or has_died(owner, self.owner):
            return False
        # Processes of one machine share a clock, so there a fresh beat needs no waiting.
        clock = (first or owner).get("clock")
        if owner.get("machine") == self.owner["machine"] is not None and clock is not None:
            if 0 <= time.monotonic() - clock < self.TERM:
                return True
        deadline = time.monotonic() + self.TERM
        while time.monotonic() < deadline:
            time.sleep(0.2)
            beat = self.files.read(f"beat-{epoch}")
            if self.files.newest() != epoch:
                return True
            if beat != first:
                return not beat.get("released")
            if has_died(owner, self.owner):
                return False
        return False

    def beat(self):
        self.beats += 1
        now = time.monotonic()
        self.files.replace(f"beat-{self.epoch}", {"beat": self.beats, "clock": now})
        self.renewed = now

    def is_mine(self):
        """Renews in time. False once another owns it, or renewing failed for half a term."""
        try:
            if time.monotonic() - self.renewed >= self.BEAT:
                self.beat()
            return self.files.newest() == self.epoch
        except OSError as error:
            print(f"lease not renewed: {error}", file=sys.stderr, flush=True)
            return time.monotonic() - self.renewed < self.TERM / 2

    def newest_owner(self):
        """Who owns it now, as far as can be read."""
        try:
            return self.files.read(f"epoch-{self.files.newest()}")
        except OSError:
            return {}

    def keep(self, on_loss):
        """Renews in a thread of its own, and there calls on_loss when the lease is lost."""

        def watch():
            while not self.ended.wait(0.5):
                if not self.is_mine():
                    return on_loss()

        self.thread = threading.Thread(target=watch, daemon=True)
        self.thread.start()

    def release(self):
        """Lets the next run start without waiting. Only for a run that writes nothing any more."""
        self.ended.set()
        self.thread.join(5)
        with contextlib.suppress(OSError):
            self.files.replace(f"beat-{self.epoch}", {"released": True})`;

const describeOwner = `\
def describe_owner(owner):
    """Names an owner for people. A torn file of an owner gives little."""
    run = owner.get("run") or "a run without a name"
    pipeline = owner.get("pipeline", "an unknown pipeline")
    return f"{run} of {pipeline}, process {owner.get('pid')} on {owner.get('host')}"`;
