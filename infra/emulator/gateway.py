"""The door of the emulator: its own few addresses, faults that were asked for, and ministack behind it.

POST /_faults        {"fault": ..., "service": "glue", "action": "StartJobRun", "where": "", "times": 1, "seconds": 1}
GET /_faults         faults that are still to come; DELETE /_faults forgets them
POST /_glue/restart  {"JobName": ..., "RunId": ...}: what Glue does to a stream in its maintenance window
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from hypercorn.events import Closed
from ministack.app import app as ministack

from faults import CONNECTION_FAULTS, Fault, FaultList, error_answer, identify_call
from glue_runs import GlueRuns

Receive = Callable[[], Awaitable[dict]]
Send = Callable[[dict], Awaitable[None]]

# Requests of the emulator itself, which no fault is meant for.
INTERNAL_HEADER = "x-emulator-internal"


class Gateway:
    """An ASGI application."""

    def __init__(self, runs: GlueRuns) -> None:
        self._runs = runs
        self._faults = FaultList()

    async def __call__(self, scope: dict, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif scope["type"] != "http":
            await ministack(scope, receive, send)
        elif scope["path"] in ("/_faults", "/_glue/restart"):
            await answer_json(send, *await self._administer(scope, receive))
        else:
            await self._serve(scope, receive, send)

    async def _live(self, scope: dict, receive: Receive, send: Send) -> None:
        async def send_when_ready(message: dict) -> None:
            if message["type"] == "lifespan.startup.complete":
                self._runs.forget_lost()
            await send(message)

        await ministack(scope, receive, send_when_ready)

    async def _administer(self, scope: dict, receive: Receive) -> tuple[int, object]:
        try:
            return 200, await self._perform(scope["path"], scope["method"], await read_json(receive))
        except (ValueError, TypeError, LookupError) as error:
            return 400, {"message": str(error)}

    async def _perform(self, path: str, method: str, wanted: dict) -> object:
        if path == "/_glue/restart":
            # Ends a driver and waits for it, which must not hold up the other requests.
            return await asyncio.to_thread(self._runs.restart, wanted["JobName"], wanted["RunId"])
        if method == "DELETE":
            self._faults.clear()
        elif method == "POST":
            self._faults.add(Fault(**wanted))
        return {"faults": self._faults.left()}

    async def _serve(self, scope: dict, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        call = identify_call(scope["method"], scope["path"], scope["query_string"].decode(), headers)
        fault = None if INTERNAL_HEADER in headers else self._faults.take(call)
        if fault is None:
            await ministack(scope, receive, send)
        elif fault.fault in CONNECTION_FAULTS:
            await break_connection(fault, scope, receive, send)
        else:
            await answer(send, *error_answer(fault, call))


async def break_connection(fault: Fault, scope: dict, receive: Receive, send: Send) -> None:
    if fault.fault == "delay":
        await asyncio.sleep(fault.seconds)
        await ministack(scope, receive, send)
        return
    if fault.fault == "lost-answer":
        await ministack(scope, receive, swallow)
    await drop_connection(send)


async def swallow(_message: dict) -> None:
    pass


async def drop_connection(send: Any) -> None:
    """ASGI has no word for it: `send` belongs to hypercorn's stream, whose own `send` belongs to the protocol."""
    stream = send.__self__
    protocol = stream.send.__self__
    stream.closed = True
    await protocol.send(Closed())


async def read_json(receive: Receive) -> dict:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return json.loads(body or b"{}")


async def answer_json(send: Send, status: int, value: object) -> None:
    await answer(send, status, "application/json", json.dumps(value).encode())


async def answer(send: Send, status: int, content_type: str, body: bytes) -> None:
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
