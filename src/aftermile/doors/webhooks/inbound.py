"""Where storefronts and carriers deliver: verified, kept, answered; read later by the worker."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from aftermile.connectors.contracts.sockets import Accepted, Acknowledged, InboundRequest, Refused
from aftermile.intake.public import (
    Arrival,
    ConnectionNotFound,
    Kept,
    OpenConnection,
    connection_at,
    count_refusal,
    keep_all,
    remembered_connection,
)
from aftermile.kernel import metrics
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import run_in_scope
from aftermile.kernel.tokens import BadToken

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sender is told."""

    status: int
    content: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)


class InThread(Protocol):
    """Runs what asks the database in a thread, and gives its connection back."""

    async def __call__(self, act: Callable[[], T], /) -> T: ...


async def take(
    *,
    method: str,
    address: str,
    headers: Mapping[str, str],
    query: Mapping[str, str],
    read: Callable[[int], Awaitable[bytes]],
    in_thread: InThread,
    keep: Callable[[Arrival], Awaitable[Kept]],
) -> Answer:
    """Take one webhook in.

    Answers 200 when the record is on disk or was there already (or when it was a ping), 401 when its
    signature is wrong, 404 at an address nobody has, 413 when it is too large, and 503 with `Retry-After`
    while the database is away, which makes every sender try again.

    :param headers: by name in lower case.
    :param read: reads at most so many bytes of the body.
    :param keep: keeps an arrival, such as `intake.public.gate.keep` does.
    """
    if method not in ("POST", "PUT"):
        return _error(405, "method_not_allowed", "Send webhooks with POST.", {"Allow": "POST, PUT"})
    try:
        open_ = remembered_connection(address)
        if open_ is None:
            open_ = await in_thread(partial(connection_at, address))
        limit = settings.CONFIG.webhook_body_limit_bytes
        body = await _body(headers, read, limit)
        if body is None:
            return _error(413, "body_too_large", f"The body is larger than {limit} bytes.")
        inbound = InboundRequest(method=method, headers=headers, query=query, body=body, received_at=now())
        match _verify(open_, inbound):
            case Refused(why=why):
                _count(open_, "refused")
                await in_thread(partial(_count_refusal, open_, inbound, why))
                return _error(
                    401, "signature_refused", "The request is not signed as this connection expects."
                )
            case Acknowledged():
                _count(open_, "acknowledged")
                return Answer(200, {"status": "acknowledged"})
            case Accepted() as accepted:
                kept = await keep(_arrival(open_, inbound, accepted))
    except (BadToken, ConnectionNotFound):
        return _error(404, "connection_not_found", "No connection has this address.")
    except (OperationalError, InterfaceError):
        log.warning("the database is away: a webhook was asked to come again")
        return _error(503, "database_away", "Nothing was kept; send it again.", {"Retry-After": "5"})
    _count(open_, "accepted" if kept.is_new else "repeated")
    return Answer(
        200, {"status": "accepted", "record": public_id("rec", kept.record_id), "repeat": not kept.is_new}
    )


@csrf_exempt
def receive(request: HttpRequest, address: str) -> HttpResponse:
    """Take one webhook in where a server of Django's kind runs us: kept by itself, in the request's thread."""

    async def read(size: int) -> bytes:
        return request.read(size)

    taking = take(
        method=request.method or "",
        address=address,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.GET.dict(),
        read=read,
        in_thread=_at_once,
        keep=_keep_one,
    )
    answer = _run(taking)
    return JsonResponse(answer.content, status=answer.status, headers=dict(answer.headers))


async def _at_once(act: Callable[[], T], /) -> T:
    return act()


async def _keep_one(arrival: Arrival) -> Kept:
    (kept,) = keep_all(arrival.merchant_id, [arrival])
    return kept


def _run(taking: Coroutine[Any, Any, Answer]) -> Answer:
    """Run to its end what has nothing to wait for, without an event loop."""
    try:
        taking.send(None)
    except StopIteration as ended:
        answer: Answer = ended.value
        return answer
    raise RuntimeError("it waits for something")


def _verify(open_: OpenConnection, inbound: InboundRequest) -> Accepted | Acknowledged | Refused:
    if open_.connector.verify is None:
        return Refused(why=f"{open_.connector.name} sends no webhooks")
    return open_.connector.verify(inbound, open_.credentials)


def _count_refusal(open_: OpenConnection, inbound: InboundRequest, why: str) -> None:
    run_in_scope(
        open_.merchant_id, partial(count_refusal, connection_id=open_.id, why=why, at=inbound.received_at)
    )


def _arrival(open_: OpenConnection, inbound: InboundRequest, accepted: Accepted) -> Arrival:
    return Arrival(
        merchant_id=open_.merchant_id,
        connection_id=open_.id,
        origin="webhook",
        kind=accepted.kind,
        external_id=accepted.external_id,
        headers=inbound.headers,
        body=inbound.body,
        received_at=inbound.received_at,
    )


def _count(open_: OpenConnection, outcome: str) -> None:
    metrics.INBOUND_RECORDS.add(connector=open_.connector.slug, outcome=outcome)


async def _body(
    headers: Mapping[str, str], read: Callable[[int], Awaitable[bytes]], limit: int
) -> bytes | None:
    """Read the body, or None when it is larger than `limit` bytes."""
    try:
        announced = int(headers.get("content-length") or 0)
    except ValueError:
        announced = 0
    if announced > limit:
        return None
    body = await read(limit + 1)
    return body if len(body) <= limit else None


def _error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, {"error": {"code": code, "message": message}}, headers or {})
