"""Runs one command in a process group of its own, and ends the whole group with whoever started it.

Usage: python driver_guard.py COMMAND [ARGUMENT...]. SIGTERM is passed on to the group; when standard input is closed,
by the emulator or by its death, the group is killed. The exit code is the command's, or 128 and the signal.
"""

import os
import signal
import subprocess
import sys
import threading


def main() -> int:
    early = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: early.set())
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True)
    signal.signal(signal.SIGTERM, lambda *_: signal_group(child.pid, signal.SIGTERM))
    if early.is_set():
        signal_group(child.pid, signal.SIGTERM)
    threading.Thread(target=kill_at_end_of_input, args=(child.pid,), daemon=True).start()
    code = child.wait()
    # The Java of spark-submit may be gone while its Python still closes down.
    signal_group(child.pid, signal.SIGKILL)
    return code if code >= 0 else 128 - code


def kill_at_end_of_input(group: int) -> None:
    os.read(0, 1)
    signal_group(group, signal.SIGKILL)


def signal_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        pass


if __name__ == "__main__":
    sys.exit(main())
