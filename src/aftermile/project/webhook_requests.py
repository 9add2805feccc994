"""Webhooks taken in on the event loop, before a thread or Django is asked.

Measured, a thread that waits for each request and Django's request, routing and response cost several times as
much CPU as verifying a webhook and keeping it, and webhooks come in bursts.
"""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from aftermile.doors.webhooks.inbound import Answer, InThread, take
from aftermile.intake.public import gate
from aftermile.kernel import metrics
from aftermile.kernel.ids import uuid7

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]

log = logging.getLogger(__name__)

ADDRESSES = "/in/"
_OUR_MISTAKE = Answer(
    500, {"error": {"code": "our_mistake", "message": "This is our mistake; it was noted."}}
)


async def take_webhook(scope: Scope, protocol: HTTPProtocol, *, in_thread: InThread) -> None:
    """Do for one webhook what Django and our middleware do for other requests."""
    began = time.perf_counter()
    headers = dict(scope.headers.items())

    async def read(size: int) -> bytes:
        if "content-length" in headers:  # which the server holds the sender to
            return await protocol()
        body = b""
        async for chunk in protocol:
            body += chunk
            if len(body) >= size:
                break
        return body

    try:
        answer = await take(
            method=scope.method,
            address=scope.path.removeprefix(ADDRESSES),
            headers=headers,
            query=dict(parse_qsl(scope.query_string, keep_blank_values=True)),
            read=read,
            in_thread=in_thread,
            keep=gate.keep,
        )
    except Exception:  # as Django would: said in the log
        log.exception("a webhook could not be taken in")
        answer = _OUR_MISTAKE
    protocol.response_bytes(
        answer.status,
        [
            ("content-type", "application/json"),
            ("x-content-type-options", "nosniff"),
            ("x-request-id", uuid7().hex),
            *((name.lower(), value) for name, value in answer.headers.items()),
        ],
        json.dumps(answer.content).encode(),
    )
    metrics.REQUESTS.add(door="webhooks", method=scope.method, status=f"{answer.status // 100}xx")
    metrics.REQUEST_SECONDS.observe(time.perf_counter() - began, door="webhooks")
