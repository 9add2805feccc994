"""Webhooks taken in before Django makes a request of them.

Measured, its request, routing and response cost three times as much CPU as verifying a webhook and keeping
it, and webhooks come in bursts.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.db import connection

from aftermile.doors.webhooks.inbound import Answer, take
from aftermile.kernel import metrics
from aftermile.kernel.ids import uuid7

log = logging.getLogger(__name__)

_ADDRESSES = "/in/"
_STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_OUR_MISTAKE = Answer(
    500, {"error": {"code": "our_mistake", "message": "This is our mistake; it was noted."}}
)


def is_webhook(environ: Mapping[str, Any]) -> bool:
    """Tell whether `take_webhook` may answer a request; one with a query is left to Django, which reads it."""
    return bool(environ["PATH_INFO"].startswith(_ADDRESSES)) and not environ.get("QUERY_STRING")


def take_webhook(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Do for one webhook what Django and our middleware do for other requests."""
    began = time.perf_counter()
    method = environ["REQUEST_METHOD"]
    try:
        answer = take(
            method=method,
            address=environ["PATH_INFO"].removeprefix(_ADDRESSES),
            headers=_headers(environ),
            query={},
            read=environ["wsgi.input"].read,
        )
    except Exception:  # as Django would: said in the log, and no reason for the server to end a thread
        log.exception("a webhook could not be taken in")
        answer = _OUR_MISTAKE
    finally:
        connection.close()  # back to the pool
    content = json.dumps(answer.content).encode()
    start_response(
        _STATUS_LINES[answer.status],
        [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(content))),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Request-ID", uuid7().hex),
            *answer.headers.items(),
        ],
    )
    metrics.REQUESTS.add(door="webhooks", method=method, status=f"{answer.status // 100}xx")
    metrics.REQUEST_SECONDS.observe(time.perf_counter() - began, door="webhooks")
    return [content]


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers by name in lower case."""
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if value := environ.get(name):
            headers[name.replace("_", "-").lower()] = value
    return headers
