"""AfterShip's envelope and error codes.

Source: AfterShip Tracking API 2026-07, "Errors", and what its client makes of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from pydantic_core import to_json

VERSION = "2026-07"
_TYPES = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    429: "TooManyRequests",
    503: "InternalError",
}


class Refused(Exception):
    """A request this surface turns down, with AfterShip's own code."""

    def __init__(
        self, code: int, message: str, *, status: int = 400, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.data = data or {}


def invalid_json() -> Refused:
    return Refused(4001, "Invalid JSON data.")


def already_exists(data: Mapping[str, Any]) -> Refused:
    return Refused(4003, "Tracking already exists.", data=data)


def does_not_exist() -> Refused:
    return Refused(4004, "Tracking does not exist.", status=404)


def tracking_required() -> Refused:
    return Refused(4006, "A tracking object is required.")


def number_required() -> Refused:
    return Refused(4007, "The value of `tracking_number` is required.")


def value_invalid(field: str) -> Refused:
    return Refused(4008, f"The value of `{field}` is invalid.")


def value_required(field: str) -> Refused:
    return Refused(4009, f"The value of `{field}` is required.")


def slug_invalid() -> Refused:
    return Refused(4010, "The value of `slug` is invalid.")


def courier_unknown() -> Refused:
    return Refused(
        4012,
        "Cannot detect the courier. If you are sure that the tracking number is valid, send its `slug`.",
    )


def still_active() -> Refused:
    return Refused(4013, "Retrack is not allowed. You can only retrack an inactive tracking.")


def id_invalid() -> Refused:
    return Refused(4015, "The value of `id` is invalid.")


def retracked_too_often() -> Refused:
    return Refused(4016, "Retrack is not allowed. A tracking can be retracked three times.")


def number_malformed() -> Refused:
    return Refused(4017, "The value of `tracking_number` has an invalid format.")


def answer(data: Any, *, status: int = 200) -> HttpResponse:
    """Answer with data in the envelope."""
    return HttpResponse(
        to_json({"meta": {"code": status}, "data": data}), status=status, content_type="application/json"
    )


def answer_refused(refused: Refused) -> HttpResponse:
    """Answer with an error in the envelope."""
    meta = {
        "code": refused.code,
        "message": refused.message,
        "type": _TYPES.get(refused.status, "BadRequest"),
    }
    return HttpResponse(
        to_json({"meta": meta, "data": refused.data}),
        status=refused.status,
        content_type="application/json",
    )
