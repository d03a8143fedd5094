"""Job definitions of Glue, kept whole: ministack forgets some fields, and merges where AWS overwrites."""

import time

from ministack.core.responses import error_response_json, json_response
from ministack.services import glue
from ministack.services.cloudformation import provisioners

# What AWS fills in. A stream without a timeout runs on.
DEFAULTS = {
    "MaxRetries": 0,
    "ExecutionProperty": {"MaxConcurrentRuns": 1},
    "DefaultArguments": {},
    "NonOverridableArguments": {},
    "GlueVersion": "5.1",
    "WorkerType": "G.1X",
    "NumberOfWorkers": 10,
    "JobRunQueuingEnabled": False,
}

# A template may give these as texts.
NUMBERS = ("MaxRetries", "NumberOfWorkers", "Timeout")

# Fields that CloudFormation templates have and ministack would drop, with what they fall back to.
TEMPLATE_FIELDS = {
    "ExecutionProperty": DEFAULTS["ExecutionProperty"],
    "JobRunQueuingEnabled": False,
    "MaintenanceWindow": None,
    "ExecutionClass": None,
    "JobMode": None,
    "Timeout": None,
}


def install_job_definitions() -> None:
    """Puts these in the place of ministack's own, for the API and for CloudFormation."""
    glue._create_job = create_job
    glue._update_job = update_job
    provisioners._GLUE_JOB_DEFAULTS.update(TEMPLATE_FIELDS)


def create_job(request: dict) -> tuple:
    name = request.get("Name")
    if not name:
        return error_response_json("InvalidInputException", "Name is required", 400)
    if name in glue._jobs:
        return error_response_json("AlreadyExistsException", f"Job with name: {name} already exists.", 400)
    glue._jobs[name] = {**whole_definition(request), "Name": name, "CreatedOn": time.time()}
    glue._job_runs[name] = []
    return json_response({"Name": name})


def update_job(request: dict) -> tuple:
    """As AWS does, the update is the whole new definition: what it leaves out is gone."""
    name = request.get("JobName")
    job = glue._jobs.get(name)
    if job is None:
        return error_response_json("EntityNotFoundException", f"Job {name} is not found", 400)
    definition = whole_definition(request.get("JobUpdate", {}))
    glue._jobs[name] = {**definition, "Name": name, "CreatedOn": job["CreatedOn"]}
    return json_response({"JobName": name})


def whole_definition(given: dict) -> dict:
    fields = {key: value for key, value in given.items() if value is not None and key != "Tags"}
    numbers = {key: int(fields[key]) for key in NUMBERS if key in fields}
    return {**DEFAULTS, **fields, **numbers, "LastModifiedOn": time.time()}
