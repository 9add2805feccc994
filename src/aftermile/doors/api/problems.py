"""The one shape of an error, and the errors of the door itself."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel, Field
from pydantic_core import to_json

from aftermile.kernel.errors import Forbidden, Invalid, NotFound, RateLimited, Refusal

LARGEST_BODY_BYTES = 1_048_576
#: How long to wait when the database cannot be reached; it is usually back sooner.
RETRY_AFTER_SECONDS = 2
UNAVAILABLE = ("unavailable", "The database cannot be reached just now; nothing was changed. Send it again.")


class KeyMissing(Refusal):
    """The request carries no API key, or carries it in another way than this."""

    code = "key_missing"
    status = 401
    message = "Send your API key as `Authorization: Bearer am_...`."


class ScopeMissing(Forbidden):
    """The API key is not allowed to do this."""

    code = "scope_missing"


class BodyUnreadable(Refusal):
    """The body is no JSON that can be read."""

    code = "body_unreadable"
    status = 400


class BodyTooLarge(Refusal):
    """The body is larger than the door takes; send it in parts."""

    code = "body_too_large"
    status = 413
    message = f"The body is larger than {LARGEST_BODY_BYTES} bytes; send it in parts."


class AddressUnreadable(Refusal):
    """The address or its query holds a character that no text here can hold (a NUL)."""

    code = "address_unreadable"
    status = 400
    message = "The address holds a NUL; no id and no filter has one."


class RequestInvalid(Invalid):
    """Fields are missing, unknown or of the wrong kind; `details.problems` names each."""

    code = "request_invalid"
    message = "Some fields cannot be taken as they are; `details.problems` names each."


class NoSuchPath(NotFound):
    """The API has no such address."""

    code = "no_such_path"
    message = "The API has no such address; see /api/v1/openapi.json for those it has."


class MethodNotAllowed(Refusal):
    """The address exists and does not take this method; the header `Allow` names those it takes."""

    code = "method_not_allowed"
    status = 405
    message = "This address does not take this method; the header Allow names those it takes."


class ErrorBody(BaseModel):
    """What went wrong, for programs and for people."""

    code: str = Field(description="Stable: branch on it.", examples=["request_invalid"])
    message: str = Field(description="A sentence to act on.")
    details: dict[str, object] = Field(description="More, by code; mostly empty.")
    request_id: str = Field(description="Name it when you ask for help.")


class ItemError(BaseModel):
    """Why one item of a batch was refused; the others are not touched by it."""

    code: str = Field(description="Stable: branch on it.")
    message: str = Field(description="A sentence to act on.")
    details: dict[str, object] = Field(description="More, by code; mostly empty.")


class ErrorAnswer(BaseModel):
    """The shape of every error."""

    error: ErrorBody


def item_error(refusal: Refusal) -> ItemError:
    """Write an expected error as the result of one item of a batch."""
    return ItemError(code=refusal.code, message=refusal.message, details=refusal.details)


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer with an expected error."""
    response = problem(
        request, status=refusal.status, code=refusal.code, message=refusal.message, details=refusal.details
    )
    if isinstance(refusal, RateLimited):
        response["Retry-After"] = str(refusal.retry_after)
    if refusal.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer that the database cannot be reached: nothing was done, and it may be sent again."""
    code, message = UNAVAILABLE
    response = problem(request, status=503, code=code, message=message)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def problem(
    request: HttpRequest, *, status: int, code: str, message: str, details: Mapping[str, object] | None = None
) -> HttpResponse:
    """Answer in the one shape of an error."""
    body = {
        "error": {
            "code": code,
            "message": message,
            "details": details or {},
            "request_id": request.META.get("AFTERMILE_REQUEST_ID") or uuid4().hex,
        }
    }
    return HttpResponse(to_json(body, fallback=str), status=status, content_type="application/json")
