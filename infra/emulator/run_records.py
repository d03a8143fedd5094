"""What Glue keeps about job runs, inside ministack's own store: pages of it, new ones, changes."""

import json
import time

from ministack.core.responses import error_response_json, json_response
from ministack.services import eventbridge, glue

MOST_RUNS_A_PAGE = 200
# States that Glue tells the event bus of.
ENDS = ("SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED")


def get_job_runs(request: dict) -> tuple:
    """Newest first, in pages."""
    name = request.get("JobName", "")
    if name not in glue._jobs:
        return error_response_json("EntityNotFoundException", f"Job {name} is not found", 400)
    start = int(request.get("NextToken") or 0)
    end = start + int(request.get("MaxResults") or MOST_RUNS_A_PAGE)
    runs = runs_of(name)[::-1]
    more = {"NextToken": str(end)} if end < len(runs) else {}
    return json_response({"JobRuns": runs[start:end], **more})


def new_run(job: dict, request: dict, run_id: str) -> dict:
    now = time.time()
    settings = {key: request.get(key, job.get(key)) for key in ("WorkerType", "NumberOfWorkers", "Timeout")}
    return {
        "Id": run_id,
        "JobName": job["Name"],
        "Attempt": 0,
        "StartedOn": now,
        "LastModifiedOn": now,
        "PredecessorRuns": [],
        "GlueVersion": job["GlueVersion"],
        "LogGroupName": "/aws-glue/jobs",
        "Arguments": {**job["DefaultArguments"], **request.get("Arguments", {}), **job["NonOverridableArguments"]},
        **{key: value for key, value in settings.items() if value is not None},
    }


def driver_arguments(job: dict, run: dict) -> dict[str, str]:
    """What Glue gives a script besides the arguments of job and run."""
    return {**run["Arguments"], "--JOB_NAME": job["Name"], "--JOB_ID": f"j_{job['Name']}", "--JOB_RUN_ID": run["Id"]}


def runs_of(name: str) -> list[dict]:
    return glue._job_runs.setdefault(name, [])


def find_run(name: str, run_id: str) -> dict | None:
    return next((run for run in glue._job_runs.get(name, []) if run["Id"] == run_id), None)


def change(run: dict, state: str) -> None:
    run["JobRunState"] = state
    run["LastModifiedOn"] = time.time()
    if state in ENDS:
        tell_event_bus(run)


def tell_event_bus(run: dict) -> None:
    """The event `Glue Job State Change`, for rules that wait for failures."""
    state = run["JobRunState"]
    detail = {
        "jobName": run["JobName"],
        "severity": "ERROR" if state == "FAILED" else "WARN" if state == "TIMEOUT" else "INFO",
        "state": state,
        "jobRunId": run["Id"],
        "message": run.get("ErrorMessage") or f"Job run {state.lower()}",
    }
    entry = {"Source": "aws.glue", "DetailType": "Glue Job State Change", "Detail": json.dumps(detail)}
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
