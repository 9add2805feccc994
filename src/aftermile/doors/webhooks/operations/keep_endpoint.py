"""Make, change and remove endpoints."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection

from aftermile.doors.webhooks.events import EndpointMade, EndpointRemoved
from aftermile.doors.webhooks.models import Endpoint
from aftermile.doors.webhooks.operations.endpoint_settings import check_event_types, check_headers, check_url
from aftermile.doors.webhooks.operations.wake import wake
from aftermile.doors.webhooks.queries import EndpointNotFound, EndpointView, endpoint_view
from aftermile.doors.webhooks.signing import check_secret, new_secret
from aftermile.doors.webhooks.states import Format
from aftermile.kernel.errors import Conflict
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7
from aftermile.kernel.secrets import box

#: Every event is written and sent once per endpoint.
MOST_ENDPOINTS = 50


class TooManyEndpoints(Conflict):
    """The merchant has as many endpoints as there may be; remove one."""

    code = "too_many_webhook_endpoints"


def make_endpoint(
    *,
    url: str,
    description: str = "",
    format_: Format = Format.STANDARD,
    event_types: Collection[str] = (),
    headers: Mapping[str, str] | None = None,
    secret: str | None = None,
    by: str,
    at: datetime,
) -> tuple[EndpointView, str]:
    """Make an endpoint, active at once; the second value is its secret, which is never shown again.

    :param event_types: what it hears of; nothing named means everything, later kinds of events too.
    :param headers: at most five, sent with each request.
    :param secret: one the receivers hold already; otherwise it is made.
    :raises EndpointUrlUnusable: the address cannot be sent to.
    :raises WebhookEventTypeUnknown: no such event.
    :raises HeadersUnusable: a header cannot be sent.
    :raises WebhookSecretUnusable: the secret is not as its format wants it.
    :raises TooManyEndpoints: there are `MOST_ENDPOINTS` already.
    """
    check_url(url)
    check_event_types(format_, event_types)
    check_headers(headers or {})
    if secret is not None:
        check_secret(format_, secret)
    if Endpoint.rows().count() >= MOST_ENDPOINTS:
        raise TooManyEndpoints(f"There are {MOST_ENDPOINTS} webhook endpoints already; remove one.")
    secret = secret or new_secret(format_)
    row = Endpoint(
        id=uuid7(),
        url=url,
        description=description,
        format=format_.value,
        event_types=sorted(set(event_types)),
        sealed_secrets=box().seal({"current": secret}),
        sealed_headers=box().seal(headers or {}),
        created_at=at,
    )
    row.save(force_insert=True)
    publish(EndpointMade(row.id, format_.value), by=by, at=at)
    return endpoint_view(row), secret


def change_endpoint(
    *,
    endpoint_id: UUID,
    url: str | None = None,
    description: str | None = None,
    event_types: Collection[str] | None = None,
    headers: Mapping[str, str | None] | None = None,
) -> EndpointView:
    """Change what is given; None leaves a thing as it is.

    Waiting messages go to a new address, which is not left alone for what the former one did. Headers were meant
    for who they were given for: an address on another host gets none but those given with it.

    :param headers: all of them, in place of those before; one whose value is None keeps the value it has.
    :raises EndpointNotFound: no such endpoint.
    :raises EndpointUrlUnusable: the address cannot be sent to.
    :raises WebhookEventTypeUnknown: no such event.
    :raises HeadersUnusable: a header cannot be sent.
    """
    row = locked(endpoint_id)
    kept = box().open(bytes(row.sealed_headers))
    if url is not None:
        check_url(url)
        if _host(url) != _host(row.url):
            kept, headers = {}, headers or {}
        row.url, row.resting_until = url, None
        wake([row.id])
    if description is not None:
        row.description = description
    if event_types is not None:
        check_event_types(Format(row.format), event_types)
        row.event_types = sorted(set(event_types))
    if headers is not None:
        whole = _with_kept_values(headers, kept)
        check_headers(whole)
        row.sealed_headers = box().seal(whole)
    row.save(update_fields=["url", "resting_until", "description", "event_types", "sealed_headers"])
    return endpoint_view(row)


def _host(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _with_kept_values(headers: Mapping[str, str | None], kept: Mapping[str, str]) -> dict[str, str]:
    by_name = {name.lower(): value for name, value in kept.items()}
    return {
        name: by_name.get(name.lower(), "") if value is None else value for name, value in headers.items()
    }


def remove_endpoint(*, endpoint_id: UUID, by: str, at: datetime) -> EndpointView:
    """Remove an endpoint, its messages and their attempts; return what it was.

    :raises EndpointNotFound: no such endpoint.
    """
    row = locked(endpoint_id)
    view = endpoint_view(row)
    with connection.cursor() as cursor:
        # Not Django's delete, which would first read every message to remove.
        cursor.execute(
            "DELETE FROM webhooks_endpoint WHERE merchant_id = %s AND id = %s", [row.merchant_id, row.id]
        )
    publish(EndpointRemoved(view.id), by=by, at=at)
    return view


def locked(endpoint_id: UUID) -> Endpoint:
    """Read an endpoint that nobody else may change until the transaction ends.

    :raises EndpointNotFound: no such endpoint.
    """
    row = Endpoint.rows().select_for_update(no_key=True).filter(id=endpoint_id).first()
    if row is None:
        raise EndpointNotFound("There is no such webhook endpoint.")
    return row
