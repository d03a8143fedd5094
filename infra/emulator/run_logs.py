"""Takes what a driver prints to CloudWatch Logs, where Glue puts it: stdout to one group, stderr to another.

spark-submit sends all that the Python of a job prints to stdout; stderr is the log of Java.
"""

import re
import threading
import time
from collections.abc import Callable
from typing import IO

from ministack.services import cloudwatch_logs

GROUPS = {"stdout": "/aws-glue/jobs/output", "stderr": "/aws-glue/jobs/error"}
# CloudWatch Logs takes at most 256 KiB an event.
LONGEST_LINE = 200_000
# The line of a traceback that says what happened: `ValueError: ...`, `pyspark.errors...Exception: [CONDITION] ...`.
EXCEPTION = re.compile(r"[\w.]+(Error|Exception)(: |$)")


class LogStream:
    """One log stream of a run. Lines are put as they come; what may have ended the run is remembered."""

    def __init__(self, kind: str, run_id: str) -> None:
        self._group = GROUPS[kind]
        self._stream = run_id
        self._last_line = ""
        self._last_exception = ""
        # Answers "exists already" for the second run of a job, which is as good.
        cloudwatch_logs._create_log_group({"logGroupName": self._group})
        cloudwatch_logs._create_log_stream({"logGroupName": self._group, "logStreamName": run_id})

    def problem(self) -> str:
        """The last exception, else the last line, else nothing."""
        return self._last_exception or self._last_line

    def take_from(self, pipe: IO[bytes]) -> None:
        """Until the driver closes it."""
        for raw in pipe:
            self.put(raw.decode("utf-8", "replace").rstrip("\r\n"))

    def put(self, line: str) -> None:
        if not line.strip():
            return
        self._last_line = line
        if EXCEPTION.match(line):
            self._last_exception = line
        cloudwatch_logs._put_log_events(
            {
                "logGroupName": self._group,
                "logStreamName": self._stream,
                "logEvents": [{"timestamp": int(time.time() * 1000), "message": line[:LONGEST_LINE]}],
            }
        )


def pump(stream: LogStream, pipe: IO[bytes], run_in_context: Callable) -> threading.Thread:
    """Log groups belong to an account and region, which ministack keeps in the context of a request."""
    thread = threading.Thread(target=run_in_context, args=(stream.take_from, pipe), daemon=True)
    thread.start()
    return thread
