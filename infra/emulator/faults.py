"""Faults that tests ask for: what AWS does on a bad day, for the next calls of one action."""

import json
import re
import threading
from dataclasses import dataclass
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

# HTTP status and error code by fault; S3 has names of its own, the JSON services share theirs.
JSON_ERRORS = {
    "throttle": (400, "ThrottlingException", "Rate exceeded"),
    "expired": (400, "ExpiredTokenException", "The security token included in the request is expired"),
    "denied": (400, "AccessDeniedException", "User is not authorized to perform this action"),
    "unavailable": (500, "InternalServiceException", "An internal service error occurred"),
    "concurrent-runs": (400, "ConcurrentRunsExceededException", "Concurrent runs exceeded"),
}
S3_ERRORS = {
    "throttle": (503, "SlowDown", "Please reduce your request rate."),
    "expired": (400, "ExpiredToken", "The provided token has expired."),
    "denied": (403, "AccessDenied", "Access Denied"),
    "unavailable": (500, "InternalError", "We encountered an internal error. Please try again."),
    "conflict": (409, "ConditionalRequestConflict", "A conflicting operation occurred during this request."),
}
CONNECTION_FAULTS = ("lost-answer", "lost-request", "delay")
KINDS = (*JSON_ERRORS, "conflict", *CONNECTION_FAULTS)

TARGET_SERVICES = {"AWSGlue": "glue", "Logs_20140328": "logs"}
S3_OBJECT_ACTIONS = {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
S3_BUCKET_ACTIONS = {"GET": "ListObjects", "HEAD": "HeadBucket", "PUT": "CreateBucket", "DELETE": "DeleteBucket"}


@dataclass(frozen=True)
class Call:
    """One request, as far as faults ask: `glue`, `s3`, `logs` or another service, and the name of its action."""

    service: str
    action: str
    path: str


@dataclass
class Fault:
    """`service` and `action` may be `*`; `where` is a part of the path, for S3 of `/bucket/key`."""

    fault: str
    service: str = "*"
    action: str = "*"
    where: str = ""
    times: int = 1
    # How long a `delay` takes.
    seconds: float = 1.0

    def __post_init__(self) -> None:
        if self.fault not in KINDS:
            raise ValueError(f"there is no fault {self.fault!r}; the faults are {', '.join(KINDS)}")

    def fits(self, call: Call) -> bool:
        return (
            self.times > 0
            and self.service in ("*", call.service)
            and self.action in ("*", call.action)
            and self.where in call.path
        )


class FaultList:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def left(self) -> list[dict]:
        """What is still to come, oldest first."""
        with self._lock:
            return [vars(fault) for fault in self._faults if fault.times > 0]

    def take(self, call: Call) -> Fault | None:
        """The oldest fault that fits this call; one of its times is used up."""
        with self._lock:
            for fault in self._faults:
                if fault.fits(call):
                    fault.times -= 1
                    return fault
        return None


def identify_call(method: str, path: str, query: str, headers: dict[str, str]) -> Call:
    service, dot, action = headers.get("x-amz-target", "").partition(".")
    if dot:
        return Call(TARGET_SERVICES.get(service, service.lower()), action, path)
    scope = re.search(r"Credential=[^/]+/[^/]+/[^/]+/([^/]+)/", headers.get("authorization", ""))
    if scope is None or scope[1] != "s3":
        return Call(scope[1] if scope else "", method, path)
    return Call("s3", s3_action(method, path, query), path)


def s3_action(method: str, path: str, query: str) -> str:
    _, _, key = path.strip("/").partition("/")
    names = parse_qs(query, keep_blank_values=True)
    if not key:
        return S3_BUCKET_ACTIONS.get(method, "DeleteObjects")
    if method == "PUT" and "partNumber" in names:
        return "UploadPart"
    if method == "POST":
        return "CreateMultipartUpload" if "uploads" in names else "CompleteMultipartUpload"
    return S3_OBJECT_ACTIONS.get(method, method)


def error_answer(fault: Fault, call: Call) -> tuple[int, str, bytes]:
    """Status, content type and body of the error that the service of this call would answer."""
    if call.service == "s3":
        status, code, message = S3_ERRORS.get(fault.fault, S3_ERRORS["unavailable"])
        body = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        return status, "application/xml", body.encode()
    status, code, message = JSON_ERRORS.get(fault.fault, JSON_ERRORS["unavailable"])
    return status, "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message}).encode()
