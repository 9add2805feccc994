"""What stands before every operation: limits that need no look at the database, and errors in one shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from aftermile.doors.api.fields import MOST_PROBLEMS, plain_words
from aftermile.doors.api.problems import (
    LARGEST_BODY_BYTES,
    AddressUnreadable,
    BodyTooLarge,
    BodyUnreadable,
    MethodNotAllowed,
    NoSuchPath,
    RequestInvalid,
    refuse,
    unavailable,
)
from aftermile.kernel.errors import Refusal

View = Callable[..., HttpResponseBase]


def guarded(view: View) -> View:
    """Wrap a view of the API."""

    def run(request: HttpRequest, *args: object, **values: object) -> HttpResponseBase:
        too_much = refuse_at_the_door(request)
        if too_much is not None:
            return refuse(request, too_much)
        response = view(request, *args, **values)
        if response.status_code == 405:
            shaped = refuse(request, MethodNotAllowed())
            shaped["Allow"] = ", ".join(sorted(response["Allow"].split(", ")))
            return shaped
        return response

    run.csrf_exempt = True  # type: ignore[attr-defined]
    return run


def refuse_at_the_door(request: HttpRequest) -> Refusal | None:
    """Return what is wrong with a request before it is read, if anything."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST_BODY_BYTES:
        return BodyTooLarge()
    if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return AddressUnreadable()
    return None


def no_such_path(request: HttpRequest) -> HttpResponse:
    """Answer for every address below the API that is none."""
    return refuse(request, NoSuchPath())


def answer_errors(api: NinjaAPI) -> None:
    """Make ninja answer errors in our shape. What is not expected stays an error."""
    api.add_exception_handler(Refusal, lambda request, refusal: refuse(request, cast("Refusal", refusal)))
    api.add_exception_handler(HttpError, _body_unreadable)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(OperationalError, lambda request, _error: unavailable(request))
    api.add_exception_handler(InterfaceError, lambda request, _error: unavailable(request))


def _body_unreadable(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    cause = error.__cause__
    return refuse(request, cause if isinstance(cause, Refusal) else BodyUnreadable())


def _invalid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    problems = []
    for each in cast("ValidationError", error).errors[:MOST_PROBLEMS]:
        place, *steps = each["loc"]
        if place == "body":
            steps = steps[1:]  # the name of our parameter says nothing to the sender
        problems.append(
            {"in": place, "field": ".".join(map(str, steps)), "problem": plain_words(str(each["msg"]))}
        )
    return refuse(request, RequestInvalid(details={"problems": problems}))
