"""One running driver, behind its guard."""

import subprocess
import sys
from pathlib import Path
from typing import IO

KILL_AFTER_SECONDS = 10


class Driver:
    """Started at once. Its guard ends it when this process ends."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        guard = [sys.executable, "-E", "-S", str(Path(__file__).with_name("driver_guard.py"))]
        self._process = subprocess.Popen(
            guard + command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A Ctrl-C in a terminal is for the emulator, which then ends its drivers in order.
            start_new_session=True,
        )

    def outputs(self) -> dict[str, IO[bytes]]:
        """What it prints, by `stdout` and `stderr`."""
        process = self._process
        return {name: pipe for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)) if pipe}

    def stop(self) -> None:
        """Asks it to end, kills it when that takes too long, and returns when it is gone."""
        self._process.terminate()
        if self.wait(KILL_AFTER_SECONDS) is None:
            self.kill()
            self.wait()

    def kill(self) -> None:
        """The guard kills it when its input is closed."""
        if self._process.stdin:
            self._process.stdin.close()

    def wait(self, seconds: float | None = None) -> int | None:
        """Its exit code; None when it still runs after this time."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
