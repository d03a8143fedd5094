"""Job runs of Glue that really run: their states, stops, retries and restarts, in the place of ministack's stub."""

import contextvars
import secrets
import threading
import time

from ministack.core.responses import error_response_json, get_region, json_response
from ministack.services import glue

from run_logs import LogStream, pump
from run_records import change, driver_arguments, find_run, get_job_runs, new_run, runs_of
from spark_driver import KILL_AFTER_SECONDS, Driver
from spark_place import LaunchError, SparkPlace

# These count against MaxConcurrentRuns.
ACTIVE = ("STARTING", "RUNNING", "STOPPING", "WAITING")
# What a run has only once it has ended.
OUTCOME = ("ErrorMessage", "CompletedOn", "ExecutionTime")


class GlueRuns:
    """Starts runs, and knows the driver of each one that lives."""

    def __init__(self, spark: SparkPlace) -> None:
        self._spark = spark
        self._drivers: dict[str, Driver] = {}
        self._lock = threading.RLock()

    def install(self) -> None:
        """ministack looks its handlers up by these names at each call."""
        glue._start_job_run = self.start
        glue._batch_stop_job_run = self.stop
        glue._get_job_runs = get_job_runs

    def start(self, request: dict) -> tuple:
        name = request.get("JobName", "")
        job = glue._jobs.get(name)
        if job is None:
            return error_response_json("EntityNotFoundException", f"Job {name} is not found", 400)
        with self._lock:
            most = int(job["ExecutionProperty"]["MaxConcurrentRuns"])
            active = [run["Id"] for run in runs_of(name) if run["JobRunState"] in ACTIVE]
            queued = len(active) >= most
            if queued and not job["JobRunQueuingEnabled"]:
                message = f"Concurrent runs exceeded for {name}"
                return error_response_json("ConcurrentRunsExceededException", message, 400)
            run = new_run(job, request, f"jr_{secrets.token_hex(32)}")
            run["JobRunState"] = "WAITING" if queued else "STARTING"
            runs_of(name).append(run)
        if not queued:
            self._drive_in_background(job, run)
        return json_response({"JobRunId": run["Id"]})

    def stop(self, request: dict) -> tuple:
        """Each id has its own outcome; the answer is a success in any case, as on AWS."""
        name = request.get("JobName", "")
        outcome: dict[str, list] = {"SuccessfulSubmissions": [], "Errors": []}
        for run_id in request.get("JobRunIds", []):
            problem = self._ask_to_stop(name, run_id)
            entry = {"JobName": name, "JobRunId": run_id}
            if problem is None:
                outcome["SuccessfulSubmissions"].append(entry)
            else:
                code, message = problem
                detail = {"ErrorCode": code, "ErrorMessage": message}
                outcome["Errors"].append({**entry, "ErrorDetail": detail})
        return json_response(outcome)

    def restart(self, name: str, run_id: str) -> dict:
        """Maintenance: the old run is EXPIRED, a new one `<id>_restart_N` goes on. Throws LookupError."""
        old = find_run(name, run_id)
        if old is None or old["JobRunState"] != "RUNNING":
            raise LookupError(f"there is no RUNNING run {run_id} of job {name}")
        job = glue._jobs[name]
        first, _, count = run_id.partition("_restart_")
        kept = {key: value for key, value in old.items() if key not in OUTCOME}
        run = {
            **kept,
            "Id": f"{first}_restart_{int(count or 0) + 1}",
            "PreviousRunId": run_id,
            "StartedOn": time.time(),
        }
        with self._lock:
            old["JobRunState"] = "EXPIRED"
            run["JobRunState"] = "STARTING"
            runs_of(name).append(run)
        self._end_driver(run_id)
        self._drive_in_background(job, run)
        return {"JobRunId": run["Id"]}

    def forget_lost(self) -> None:
        """Runs of an emulator that ended before this one, in the same folder: their drivers ended with it."""
        for runs in glue._job_runs._data.values():
            for run in runs:
                if run["JobRunState"] in ACTIVE and run["Id"] not in self._drivers:
                    problem = "The emulator ended, and this run with it"
                    run.update(JobRunState="FAILED", CompletedOn=time.time(), ErrorMessage=problem)

    def end_all(self) -> None:
        """Kills every driver; the guard of each does it when its input is closed."""
        for driver in list(self._drivers.values()):
            driver.kill()
        for driver in list(self._drivers.values()):
            driver.wait(KILL_AFTER_SECONDS)

    def _ask_to_stop(self, name: str, run_id: str) -> tuple[str, str] | None:
        with self._lock:
            run = find_run(name, run_id)
            if run is None:
                return "EntityNotFoundException", f"JobRun {run_id} of job {name} is not found"
            if run["JobRunState"] not in ("STARTING", "RUNNING", "WAITING"):
                return (
                    "InvalidInputException",
                    f"JobRun {run_id} is in state {run['JobRunState']} and cannot be stopped",
                )
            change(run, "STOPPED" if run["JobRunState"] == "WAITING" else "STOPPING")
        threading.Thread(target=self._end_driver, args=(run_id,), daemon=True).start()
        return None

    def _end_driver(self, run_id: str) -> None:
        driver = self._drivers.get(run_id)
        if driver is not None:
            driver.stop()

    def _drive_in_background(self, job: dict, run: dict) -> None:
        # ministack keeps the caller's account and region in the context, and threads do not inherit it.
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(self._drive, job, run), daemon=True).start()

    def _drive(self, job: dict, run: dict) -> None:
        """The whole life of a run, in a thread of its own."""
        streams = {kind: LogStream(kind, run["Id"]) for kind in ("stdout", "stderr")}
        try:
            driver = self._spark.launch(run["Id"], job, driver_arguments(job, run), get_region())
        except (LaunchError, OSError) as error:
            self._finish(job, run, "FAILED", str(error))
            return
        with self._lock:
            self._drivers[run["Id"]] = driver
            if run["JobRunState"] == "STARTING":
                change(run, "RUNNING")
        if run["JobRunState"] != "RUNNING":
            self._end_driver(run["Id"])
        code = follow(driver, streams, run)
        self._drivers.pop(run["Id"], None)
        if code is None:
            self._finish(job, run, "TIMEOUT", "Job run exceeded its timeout")
        elif code == 0:
            self._finish(job, run, "SUCCEEDED", "")
        else:
            said = streams["stdout"].problem() or streams["stderr"].problem()
            self._finish(job, run, "FAILED", said or f"Command failed with exit code {code}")

    def _finish(self, job: dict, run: dict, state: str, message: str) -> None:
        with self._lock:
            stopped = run["JobRunState"] in ("STOPPING", "EXPIRED")
            if stopped:
                state, message = ("EXPIRED" if run["JobRunState"] == "EXPIRED" else "STOPPED"), ""
            if message:
                run["ErrorMessage"] = message[:2048]
            run["CompletedOn"] = time.time()
            run["ExecutionTime"] = int(run["CompletedOn"] - run["StartedOn"])
            change(run, state)
            follower = self._next_run(job, run)
        if follower is not None:
            self._drive_in_background(job, follower)

    def _next_run(self, job: dict, ended: dict) -> dict | None:
        """A retry of a failed run, else the run that waited longest for its place."""
        runs = runs_of(job["Name"])
        if ended["JobRunState"] == "FAILED" and ended["Attempt"] < int(job["MaxRetries"]):
            attempt = ended["Attempt"] + 1
            first = ended["Id"].partition("_attempt_")[0]
            retry = {**ended, "Id": f"{first}_attempt_{attempt}", "Attempt": attempt, "PreviousRunId": ended["Id"]}
            retry.update(StartedOn=time.time())
            for key in OUTCOME:
                retry.pop(key, None)
            runs.append(retry)
            change(retry, "STARTING")
            return retry
        waiting = next((run for run in runs if run["JobRunState"] == "WAITING"), None)
        if waiting is not None and ended["JobRunState"] != "EXPIRED":
            change(waiting, "STARTING")
            return waiting
        return None


def follow(driver: Driver, streams: dict[str, LogStream], run: dict) -> int | None:
    """Takes the driver's output until it has ended. Returns its exit code, None when it ran out of time."""
    pumps = [pump(streams[name], pipe, contextvars.copy_context().run) for name, pipe in driver.outputs().items()]
    code = driver.wait(run["Timeout"] * 60 if run.get("Timeout") else None)
    if code is None:
        driver.kill()
        driver.wait()
    for thread in pumps:
        thread.join()
    return code
