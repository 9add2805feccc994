"""One way for every operation of the API to run: who, may they, once, in one transaction, in one shape."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import register_converter
from ninja import Router
from pydantic import BaseModel

from aftermile.doors.api.problems import (
    UNAVAILABLE,
    AddressUnreadable,
    BodyTooLarge,
    BodyUnreadable,
    ErrorAnswer,
    KeyMissing,
    RequestInvalid,
    ScopeMissing,
)
from aftermile.doors.api.scopes import SCOPES
from aftermile.kernel.access import Caller, KeyUnusable, authenticate
from aftermile.kernel.errors import Refusal
from aftermile.kernel.idempotency import MAX_KEY_LENGTH, Answer, KeyReused, KeyUnreadable, once
from aftermile.kernel.tenancy import run_in_scope
from aftermile.kernel.tokens import BadToken

V = TypeVar("V", bound=Callable[..., BaseModel])

_KEY = re.compile(f"[!-~]{{1,{MAX_KEY_LENGTH}}}")
_ALWAYS: tuple[type[Refusal], ...] = (
    AddressUnreadable,
    KeyMissing,
    BadToken,
    KeyUnusable,
    ScopeMissing,
    RequestInvalid,
)
_WITH_BODY: tuple[type[Refusal], ...] = (BodyUnreadable, BodyTooLarge)
_WITH_KEY: tuple[type[Refusal], ...] = (KeyReused, KeyUnreadable)


class AnyText:
    """Takes the rest of an address as it is: an external id may hold slashes, and even a line break."""

    regex = r"(?s:.+)"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(AnyText, "any")


class ApiKey:
    """`Authorization: Bearer am_...` with a scope; what ninja calls before anything is read."""

    openapi_security_schema = {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, `am_...`. An operation needs the scope that stands beside it.",
    }

    def __init__(self, scope: str) -> None:
        if scope not in SCOPES:
            raise ValueError(f"{scope!r} is not among the scopes")
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller:
        scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer" or not text:
            raise KeyMissing
        caller = authenticate(text.strip())
        if not caller.may(self.scope):
            raise ScopeMissing(f"This API key lacks the scope {self.scope}.", details={"scope": self.scope})
        return caller


def endpoint(
    router: Router,
    method: str,
    path: str,
    *,
    scope: str,
    returns: Any,
    status: int = 200,
    refusals: Sequence[type[Refusal]] = (),
    stored: Callable[[Any], BaseModel] | None = None,
) -> Callable[[V], V]:
    """Register a function as an operation of the API.

    It is called inside the merchant's transaction, anew if another transaction was in its way, with the
    caller if it takes one, and returns a model. A POST takes an `Idempotency-Key`.

    :param refusals: the expected errors it may raise, for the documentation.
    :param stored: what a repeat with the same key is answered with, where the answer holds a secret that
        must not be kept.
    """

    def register(view: V) -> V:
        signature = inspect.signature(view, eval_str=True)
        parameters = [each for each in signature.parameters.values() if each.name != "caller"]
        queries = _query_names(parameters, path)
        operation = f"{method} {path}"
        takes_caller = "caller" in signature.parameters
        takes_body = any(_is_body(each) for each in parameters)

        def run(request: HttpRequest, **values: Any) -> HttpResponse:
            if request.META.get("QUERY_STRING"):
                _refuse_unknown(request, queries)
            caller: Caller = request.auth  # type: ignore[attr-defined]

            def act() -> BaseModel:
                return view(caller, **values) if takes_caller else view(**values)

            key = _idempotency_key(request) if method == "POST" else None
            if key is None:
                return _respond(run_in_scope(caller.merchant_id, act).model_dump_json(), status)
            return _act_once(
                request, caller, act, operation=operation, key=key, stored=stored or _as_it_is, status=status
            )

        run.__name__, run.__doc__, run.__module__ = view.__name__, view.__doc__, view.__module__
        first = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest)
        run.__signature__ = inspect.Signature([first, *parameters])  # type: ignore[attr-defined]
        summary, _, description = inspect.cleandoc(view.__doc__ or "").partition("\n")
        expected = (
            *_ALWAYS,
            *(_WITH_BODY if takes_body else ()),
            *(_WITH_KEY if method == "POST" else ()),
            *refusals,
        )
        router.api_operation(
            [method],
            path,
            auth=ApiKey(scope),
            response={status: returns, **{each.status: ErrorAnswer for each in expected}, 503: ErrorAnswer},
            operation_id=view.__name__,
            summary=summary.rstrip("."),
            description=description.strip(),
            openapi_extra={"x-scope": scope, "x-refusals": expected, "x-takes-key": method == "POST"},
        )(run)
        return view

    return register


def everywhere() -> frozenset[str]:
    """Return the codes of the errors that any operation may answer with."""
    return frozenset(each.code for each in (*_ALWAYS, *_WITH_BODY, *_WITH_KEY)) | {UNAVAILABLE[0]}


def _act_once(
    request: HttpRequest,
    caller: Caller,
    act: Callable[[], BaseModel],
    *,
    operation: str,
    key: str,
    stored: Callable[[Any], BaseModel],
    status: int,
) -> HttpResponse:
    fresh = ""

    def keep() -> Answer:
        nonlocal fresh
        result = act()
        fresh = result.model_dump_json()
        return Answer(status, stored(result).model_dump_json().encode())

    kept = run_in_scope(
        caller.merchant_id,
        lambda: once(
            operation=f"{caller.key_id.hex} {operation}",
            key=key,
            request=f"{request.get_full_path()}\n".encode() + request.body,
            act=keep,
        ),
    )
    response = _respond(kept.body if kept.replayed else fresh, kept.status)
    if kept.replayed:
        response["Idempotent-Replayed"] = "true"
    return response


def _as_it_is(result: BaseModel) -> BaseModel:
    return result


def _idempotency_key(request: HttpRequest) -> str | None:
    key: str | None = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is not None and not _KEY.fullmatch(key):
        raise KeyUnreadable(
            f"Idempotency-Key must have 1 to {MAX_KEY_LENGTH} letters of ASCII, without spaces."
        )
    return key


def _respond(body: str | bytes, status: int) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json")


def _is_body(parameter: inspect.Parameter) -> bool:
    annotation = parameter.annotation
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _query_names(parameters: Sequence[inspect.Parameter], path: str) -> frozenset[str]:
    return frozenset(each.name for each in parameters if not _is_body(each) and f"{each.name}}}" not in path)


def _refuse_unknown(request: HttpRequest, known: frozenset[str]) -> None:
    strange = sorted(request.GET.keys() - known)
    if strange:
        what = ", ".join(known) and f"; it takes {', '.join(sorted(known))}"
        raise RequestInvalid(
            f"This address knows no parameter {strange[0]!r}{what or '; it takes none'}.",
            details={
                "problems": [{"in": "query", "field": each, "problem": "unknown"} for each in strange[:20]]
            },
        )
