"""Where storefronts and carriers deliver: verified, kept, answered; read later by the worker."""

from __future__ import annotations

import logging

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


@csrf_exempt
def receive(request: HttpRequest, address: str) -> HttpResponse:
    """Take one webhook in.

    Answers 200 when the record is on disk or was there already (or when it was a ping), 401 when its
    signature is wrong, 404 at an address nobody has, 413 when it is too large, and 503 with `Retry-After`
    while the database is away, which makes every sender try again.
    """
    if request.method not in ("POST", "PUT"):
        return _error(405, "method_not_allowed", "Send webhooks with POST.", {"Allow": "POST, PUT"})
    try:
        open_ = connection_at(address)
    except (BadToken, ConnectionNotFound):
        return _error(404, "connection_not_found", "No connection has this address.")
    except (OperationalError, InterfaceError):
        return _away()
    limit = settings.CONFIG.webhook_body_limit_bytes
    body = _body(request, limit)
    if body is None:
        return _error(413, "body_too_large", f"The body is larger than {limit} bytes.")
    inbound = InboundRequest(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.GET.dict(),
        body=body,
        received_at=now(),
    )
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
                return JsonResponse({"status": "acknowledged"})
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
    return JsonResponse(
        {"status": "accepted", "record": public_id("rec", kept.record_id), "repeat": not kept.is_new}
    )


def _verify(open_: OpenConnection, inbound: InboundRequest) -> Accepted | Acknowledged | Refused:
    if open_.connector.verify is None:
        return Refused(why=f"{open_.connector.name} sends no webhooks")
    return open_.connector.verify(inbound, open_.credentials)


def _body(request: HttpRequest, limit: int) -> bytes | None:
    """Read the body, or None when it is larger than `limit` bytes."""
    try:
        announced = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        announced = 0
    if announced > limit:
        return None
    body = request.read(limit + 1)
    return body if len(body) <= limit else None


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return JsonResponse({"error": {"code": code, "message": message}}, status=status, headers=headers)


def _away() -> HttpResponse:
    log.warning("the database is away: a webhook was asked to come again")
    return _error(503, "database_away", "Nothing was kept; send it again.", {"Retry-After": "5"})
