"""One way for every operation of this surface to run: key, limit, one transaction, the envelope."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from aftermile.doors.api.aftership.answers import VERSION, Refused, answer, answer_refused, invalid_json
from aftermile.doors.api.aftership.limits import REQUESTS_PER_SECOND, Allowance, count_request
from aftermile.doors.api.guard import refuse_at_the_door
from aftermile.doors.api.parsing import read_body
from aftermile.doors.api.problems import RETRY_AFTER_SECONDS, BodyUnreadable
from aftermile.kernel.access import Caller, authenticate
from aftermile.kernel.errors import Refusal
from aftermile.kernel.tenancy import run_in_scope

#: What an operation is given and gives: the caller, the query, the body; the data and its status.
Operation = Callable[..., tuple[Any, int]]


def operation(method: str, scope: str) -> Callable[[Operation], Operation]:
    """Mark a function as the answer to one method of an address."""

    def mark(run: Operation) -> Operation:
        run.method, run.scope = method, scope  # type: ignore[attr-defined]
        return run

    return mark


def address(*operations: Operation) -> Callable[..., HttpResponse]:
    """Put the operations of one address into a view."""
    by_method: dict[str, Operation] = {each.method: each for each in operations}  # type: ignore[attr-defined]

    @wraps(operations[0])
    def view(request: HttpRequest, **names: str) -> HttpResponse:
        allowance: list[Allowance] = []
        try:
            run = by_method.get(request.method or "")
            if run is None:
                raise Refused(405, "The method is not allowed here.", status=405)
            response = _answer(request, run, names, allowance)
        except Refused as refused:
            response = answer_refused(refused)
            if refused.status == 405:
                response["Allow"] = ", ".join(by_method)
        except (OperationalError, InterfaceError):
            response = answer_refused(Refused(503, "The database cannot be reached just now.", status=503))
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        response["as-api-version"] = VERSION
        for left in allowance:
            response["X-RateLimit-Limit"] = str(REQUESTS_PER_SECOND)
            response["X-RateLimit-Remaining"] = str(max(left.remaining, 0))
            response["X-RateLimit-Reset"] = str(left.reset)
        return response

    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def no_such_address(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer for every address of this surface that is none."""
    return answer_refused(Refused(404, "The requested resource does not exist.", status=404))


def _answer(
    request: HttpRequest, run: Operation, names: dict[str, str], allowance: list[Allowance]
) -> HttpResponse:
    odd = refuse_at_the_door(request)
    if odd is not None:
        raise Refused(400, odd.message, status=odd.status)
    caller = _caller(request, run.scope)  # type: ignore[attr-defined]
    left = count_request(caller.key_id)
    allowance.append(left)
    if left.exceeded:
        raise Refused(429, "You have exceeded the limit of requests per second.", status=429)
    arguments: dict[str, Any] = dict(names)
    if request.method in ("POST", "PUT") and request.body:
        arguments["body"] = _body(request)
    query = request.GET.dict()
    try:
        data, status = run_in_scope(caller.merchant_id, lambda: run(caller, query, **arguments))
    except Refusal as refusal:
        raise Refused(400, refusal.message) from None
    return answer(data, status=status)


def _caller(request: HttpRequest, scope: str) -> Caller:
    try:
        caller = authenticate(request.META.get("HTTP_AS_API_KEY", "").strip())
    except Refusal:
        raise Refused(401, "The API key is invalid.", status=401) from None
    if not caller.may(scope):
        raise Refused(403, f"This API key lacks the scope {scope}.", status=403)
    return caller


def _body(request: HttpRequest) -> Any:
    try:
        return read_body(request.body)
    except BodyUnreadable:
        raise invalid_json() from None
