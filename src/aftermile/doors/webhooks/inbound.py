"""Where storefronts and carriers deliver: verified, kept, answered; read later by the worker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from aftermile.connectors.contracts.sockets import Accepted, Acknowledged, InboundRequest, Refused
from aftermile.intake.public import (
    Arrival,
    ConnectionNotFound,
    OpenConnection,
    connection_at,
    count_refusal,
    gate,
)
from aftermile.kernel import metrics
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import run_in_scope
from aftermile.kernel.tokens import BadToken

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sender is told."""

    status: int
    content: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)


@csrf_exempt
def receive(request: HttpRequest, address: str) -> HttpResponse:
    """Take one webhook in; see `take`."""
    answer = take(
        method=request.method or "",
        address=address,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.GET.dict(),
        read=request.read,
    )
    return JsonResponse(answer.content, status=answer.status, headers=dict(answer.headers))


def take(
    *,
    method: str,
    address: str,
    headers: Mapping[str, str],
    query: Mapping[str, str],
    read: Callable[[int], bytes],
) -> Answer:
    """Take one webhook in.

    Answers 200 when the record is on disk or was there already (or when it was a ping), 401 when its
    signature is wrong, 404 at an address nobody has, 413 when it is too large, and 503 with `Retry-After`
    while the database is away, which makes every sender try again.

    :param headers: by name in lower case.
    :param read: reads at most so many bytes of the body.
    """
    if method not in ("POST", "PUT"):
        return _error(405, "method_not_allowed", "Send webhooks with POST.", {"Allow": "POST, PUT"})
    try:
        open_ = connection_at(address)
    except (BadToken, ConnectionNotFound):
        return _error(404, "connection_not_found", "No connection has this address.")
    except (OperationalError, InterfaceError):
        return _away()
    limit = settings.CONFIG.webhook_body_limit_bytes
    body = _body(headers, read, limit)
    if body is None:
        return _error(413, "body_too_large", f"The body is larger than {limit} bytes.")
    inbound = InboundRequest(method=method, headers=headers, query=query, body=body, received_at=now())
    verdict = _verify(open_, inbound)
    slug = open_.connector.slug
    try:
        match verdict:
            case Refused(why=why):
                metrics.INBOUND_RECORDS.add(connector=slug, outcome="refused")
                run_in_scope(
                    open_.merchant_id,
                    lambda: count_refusal(connection_id=open_.id, why=why, at=inbound.received_at),
                )
                return _error(
                    401, "signature_refused", "The request is not signed as this connection expects."
                )
            case Acknowledged():
                metrics.INBOUND_RECORDS.add(connector=slug, outcome="acknowledged")
                return Answer(200, {"status": "acknowledged"})
            case Accepted(kind=kind, external_id=external_id):
                kept = gate.keep(
                    Arrival(
                        merchant_id=open_.merchant_id,
                        connection_id=open_.id,
                        origin="webhook",
                        kind=kind,
                        external_id=external_id,
                        headers=inbound.headers,
                        body=body,
                        received_at=inbound.received_at,
                    )
                )
    except (OperationalError, InterfaceError):
        return _away()
    metrics.INBOUND_RECORDS.add(connector=slug, outcome="accepted" if kept.is_new else "repeated")
    return Answer(
        200, {"status": "accepted", "record": public_id("rec", kept.record_id), "repeat": not kept.is_new}
    )


def _verify(open_: OpenConnection, inbound: InboundRequest) -> Accepted | Acknowledged | Refused:
    if open_.connector.verify is None:
        return Refused(why=f"{open_.connector.name} sends no webhooks")
    return open_.connector.verify(inbound, open_.credentials)


def _body(headers: Mapping[str, str], read: Callable[[int], bytes], limit: int) -> bytes | None:
    """Read the body, or None when it is larger than `limit` bytes."""
    try:
        announced = int(headers.get("content-length") or 0)
    except ValueError:
        announced = 0
    if announced > limit:
        return None
    body = read(limit + 1)
    return body if len(body) <= limit else None


def _error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, {"error": {"code": code, "message": message}}, headers or {})


def _away() -> Answer:
    log.warning("the database is away: a webhook was asked to come again")
    return _error(503, "database_away", "Nothing was kept; send it again.", {"Retry-After": "5"})
