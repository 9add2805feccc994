"""What surrounds every request: its id, its figures, and one answer when the database is away."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from aftermile.kernel import metrics
from aftermile.kernel.ids import uuid7

log = logging.getLogger(__name__)

_DOORS = {
    "in": "webhooks",
    "receipts": "webhooks",
    "t": "shopper",
    "api": "api",
    "tracking": "aftership",
    "couriers": "aftership",
}


class RequestContext:
    """Give each request an id, count it, and answer 503 while the database is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        request_id = uuid7().hex
        request.META["AFTERMILE_REQUEST_ID"] = request_id
        response = self._get_response(request)
        response["X-Request-ID"] = request_id
        if not response.streaming and not response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))  # else the server sends it in chunks
        door = _DOORS.get(request.path_info.split("/", 2)[1], "other")
        metrics.REQUESTS.add(
            door=door, method=request.method or "", status=f"{response.status_code // 100}xx"
        )
        metrics.REQUEST_SECONDS.observe(time.perf_counter() - began, door=door)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn an outage of the database into an answer that makes the sender try again."""
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        log.warning("the database is away")
        error = {
            "code": "database_away",
            "message": "The database is away for a moment; nothing was changed. Try again.",
            "request_id": request.META["AFTERMILE_REQUEST_ID"],
        }
        return JsonResponse({"error": error}, status=503, headers={"Retry-After": "5"})
