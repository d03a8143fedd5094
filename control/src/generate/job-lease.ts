import { leaseBucket } from './job-lease-bucket.ts';
import { hasDied, leaseFolder, startOf, thisMachine } from './job-lease-files.ts';

/** Other exit codes of a job are 0 and 1. Control takes the words of end.json before these. */
export const leaseExitCodes = { fenced: 76, refused: 77 };

/** The part of a job that lets one run at a time use a checkpoint, in reading order. For sinks that keep parts. */
export function leaseDefinitions(): readonly string[] {
  return [
    ...[takeLease, openLeaseFiles, nameOwner, refuse, endFenced, lease],
    ...[leaseFolder, leaseBucket, hasDied, startOf, thisMachine, describeOwner],
  ];
}

/** What the lease needs, beyond the imports that every job has. */
export const leaseImports = ['import contextlib', 'import os', 'import secrets'];

const takeLease = `\
def take_lease(spark, output, control, progress):
    """The lease of an output and its checkpoint; ends this run at once if another run has it."""
    files = open_lease_files(spark, f"{output}/lease")
    lease = Lease(files, name_owner(spark.sparkContext._jvm, control.run))
    owner = lease.take()
    if owner is not None:
        refuse(control, owner)
    lease.keep(lambda: end_fenced(spark, control, lease, progress))
    return lease`;

const openLeaseFiles = `\
def open_lease_files(spark, folder):
    """The files of a lease, beside the checkpoint that it keeps."""
    jvm = spark.sparkContext._jvm
    path = jvm.org.apache.hadoop.fs.Path(folder)
    files = path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
    place = files.makeQualified(path).toUri()
    if place.getScheme() == "file":
        return LeaseFolder(place.getPath())
    if place.getScheme() == "s3a":
        client = files.getS3AInternals().getAmazonS3Client("lease")
        return LeaseBucket(jvm, client, place.getAuthority(), place.getPath())
    raise ValueError(f"{place}: only on a disk and in S3 a second run can be kept away")`;

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
        "nonce": secrets.token_hex(8),
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
def end_fenced(spark, control, lease, progress):
    """Ends this run in the midst of its batch, which the next owner does again."""

    def report():
        found = describe_owner(lease.newest_owner())
        message = f"this run lost its lease; now it belongs to {found}"
        print(f"fenced: {message}", file=sys.stderr, flush=True)
        end = {"condition": "FENCED", "message": message, "holder": found}
        control.write("end.json", {"outcome": "fenced", "batch": progress.batch, **end})

    # What took the lease away may keep the report away, too.
    thread = threading.Thread(target=report, daemon=True)
    thread.start()
    thread.join(5)
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

    KEPT = 100  # epochs, so that no sleeper finds the number that it wanted free again

    def __init__(self, files, owner):
        self.files = files
        self.owner = owner
        self.epoch = 0
        self.beats = 0
        self.renewed = 0.0
        self.ended = threading.Event()
        self.thread = None
        self.on_loss = None

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
        self.files.forget(mine - self.KEPT)
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
            if 0 <= time.monotonic() - clock < self.files.TERM:
                return True
        deadline = time.monotonic() + self.files.TERM
        while time.monotonic() < deadline:
            time.sleep(self.files.LOOK)
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
            if self.files.exists(f"epoch-{self.epoch + 1}"):
                return False
            # It is gone if somebody removed the whole folder, in which another may begin at 1.
            if not self.files.exists(f"epoch-{self.epoch}"):
                raise FileNotFoundError(f"epoch-{self.epoch} is gone")
            if time.monotonic() - self.renewed >= self.files.BEAT:
                self.beat()
            return True
        except OSError as error:
            print(f"lease not renewed: {error}", file=sys.stderr, flush=True)
            return time.monotonic() - self.renewed < self.files.TERM / 2

    def newest_owner(self):
        """Who owns it now, as far as can be read."""
        try:
            return self.files.read(f"epoch-{self.files.newest()}")
        except OSError:
            return {}

    def keep(self, on_loss):
        """Renews in a thread of its own; calls on_loss when the lease is lost."""
        self.on_loss = on_loss

        def watch():
            while not self.ended.wait(self.files.LOOK):
                self.check()

        self.thread = threading.Thread(target=watch, daemon=True)
        self.thread.start()

    def check(self):
        if not self.is_mine():
            self.on_loss()

    def release(self):
        """Lets the next run start without waiting. Only for a run that writes nothing any more."""
        self.ended.set()
        self.thread.join(5 * self.files.LOOK)
        with contextlib.suppress(OSError):
            self.files.replace(f"beat-{self.epoch}", {"released": True})`;

const describeOwner = `\
def describe_owner(owner):
    """Names an owner for people. A torn file of an owner gives little."""
    run = owner.get("run") or "a run without a name"
    pipeline = owner.get("pipeline", "an unknown pipeline")
    return f"{run} of {pipeline}, process {owner.get('pid')} on {owner.get('host')}"`;
