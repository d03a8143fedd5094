/* What the lease of a job stands on, apart from a bucket: files of a disk, processes, this machine. */

export const leaseFolder = `\
class LeaseFolder:
    """The files of a lease on a disk."""

    TERM = 10  # seconds after which a silent owner counts as gone
    BEAT = 2  # between two renewals
    LOOK = 0.5  # between two looks at the others

    def __init__(self, path):
        self.path = path
        os.makedirs(path, exist_ok=True)

    def create(self, name, fields):
        """False when the file is there. Of many that try at once, one succeeds."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            file = os.open(os.path.join(self.path, name), flags, 0o644)
        except FileExistsError:
            return False
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            json.dump(fields, stream)
            stream.flush()
            os.fsync(file)
        return True

    def replace(self, name, fields):
        temporary = os.path.join(self.path, f".{name}.tmp")
        with open(temporary, "w", encoding="utf-8") as stream:
            json.dump(fields, stream)
        os.replace(temporary, os.path.join(self.path, name))

    def read(self, name):
        """What a file says; nothing when it is not there or was written in part."""
        try:
            with open(os.path.join(self.path, name), encoding="utf-8") as stream:
                fields = json.load(stream)
        except (FileNotFoundError, ValueError):
            return {}
        return fields if isinstance(fields, dict) else {}

    def exists(self, name):
        try:
            os.stat(os.path.join(self.path, name))
        except FileNotFoundError:
            return False
        return True

    def newest(self):
        """The number of the newest epoch; 0 when there is none."""
        return max(self.numbers(), default=0)

    def forget(self, before):
        """Removes what is left of epochs before one."""
        for number in self.numbers():
            for kind in ("epoch", "beat") if number < before else ():
                with contextlib.suppress(FileNotFoundError):
                    os.remove(os.path.join(self.path, f"{kind}-{number}"))

    def numbers(self):
        found = (re.fullmatch(r"epoch-([1-9][0-9]{0,14})", name) for name in os.listdir(self.path))
        return [int(match[1]) for match in found if match]`;

export const hasDied = `\
def has_died(owner, me):
    """True when the owner's process is known to be gone: same machine and boot, and not there."""
    if me["machine"] is None or owner.get("machine") != me["machine"]:
        return False
    try:
        os.kill(owner["pid"], 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return start_of(owner["pid"]) not in (None, owner["started"])`;

export const startOf = `\
def start_of(pid):
    """When a process started, in ticks since boot; "ended" for a zombie; None if not shown."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:
            fields = stream.read().rpartition(")")[2].split()
        return "ended" if fields[0] in "ZX" else fields[19]
    except (OSError, IndexError):
        return None`;

export const thisMachine = `\
def this_machine():
    """Names this boot of the machine and its numbering of processes; None where nothing tells."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as stream:
            return f"{stream.read().strip()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return None`;
