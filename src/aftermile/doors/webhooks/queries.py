"""Reads of endpoints, messages and attempts: frozen views, secrets never in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.doors.webhooks.models import Attempt, Endpoint, Message
from aftermile.doors.webhooks.states import REASONS, DisabledReason, MessageStatus
from aftermile.kernel.errors import NotFound
from aftermile.kernel.secrets import box


class EndpointNotFound(NotFound):
    """No webhook endpoint of this merchant has the id."""

    code = "webhook_endpoint_not_found"


class MessageNotFound(NotFound):
    """No message to this webhook endpoint has the id."""

    code = "webhook_message_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    id: UUID
    url: str
    description: str
    format: str
    event_types: tuple[str, ...]  # none: all
    header_names: tuple[str, ...]
    status: str
    disabled_reason: str  # "" while active
    explanation: str  # the reason in words
    disabled_at: datetime | None
    failures: int  # in a row
    failing_since: datetime | None
    resting_until: datetime | None
    last_attempt_at: datetime | None
    last_success_at: datetime | None
    previous_secret_signs_until: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    id: UUID
    begun_at: datetime
    duration_ms: int
    status_code: int | None
    error: str
    detail: str
    response_excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message with its attempts, oldest first. `body` is empty in lists."""

    id: UUID
    endpoint_id: UUID
    event_id: UUID
    type: str
    status: str
    tries: int
    next_attempt_at: datetime | None  # None when there is nothing to wait for
    created_at: datetime
    sent_at: datetime | None
    body: str
    attempts: tuple[AttemptView, ...]


def endpoint(endpoint_id: UUID) -> EndpointView:
    """Return one endpoint.

    :raises EndpointNotFound: no such endpoint.
    """
    row = Endpoint.rows().filter(id=endpoint_id).first()
    if row is None:
        raise EndpointNotFound("There is no such webhook endpoint.")
    return endpoint_view(row)


def list_endpoints(*, after: UUID | None = None, limit: int) -> list[EndpointView]:
    """List endpoints, newest first, from behind `after`: one query."""
    rows = Endpoint.rows().order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [endpoint_view(row) for row in rows[:limit]]


def message(*, endpoint_id: UUID, message_id: UUID) -> MessageView:
    """Return one message with its body.

    :raises MessageNotFound: the endpoint has no such message.
    """
    row = Message.rows().filter(id=message_id, endpoint_id=endpoint_id).first()
    if row is None:
        raise MessageNotFound("There is no such message to this webhook endpoint.")
    return _messages([row], with_body=True)[0]


def list_messages(
    *, endpoint_id: UUID, after: UUID | None = None, limit: int, status: MessageStatus | None = None
) -> list[MessageView]:
    """List an endpoint's messages without their bodies, newest first, from behind `after`: two queries."""
    rows = Message.rows().filter(endpoint_id=endpoint_id).defer("body").order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    if status is not None:
        rows = rows.filter(status=status.value)
    return _messages(list(rows[:limit]), with_body=False)


def endpoint_view(row: Endpoint) -> EndpointView:
    return EndpointView(
        id=row.id,
        url=row.url,
        description=row.description,
        format=row.format,
        event_types=tuple(row.event_types),
        header_names=tuple(sorted(box().open(bytes(row.sealed_headers)))),
        status=row.status,
        disabled_reason=row.disabled_reason,
        explanation=REASONS[DisabledReason(row.disabled_reason)] if row.disabled_reason else "",
        disabled_at=row.disabled_at,
        failures=row.failures,
        failing_since=row.failing_since,
        resting_until=row.resting_until,
        last_attempt_at=row.last_attempt_at,
        last_success_at=row.last_success_at,
        previous_secret_signs_until=row.previous_signs_until,
        created_at=row.created_at,
    )


def _messages(rows: Sequence[Message], *, with_body: bool) -> list[MessageView]:
    attempts: dict[UUID, list[AttemptView]] = defaultdict(list)
    for made in Attempt.rows().filter(message_id__in=[row.id for row in rows]).order_by("id"):
        attempts[made.message_id].append(
            AttemptView(
                id=made.id,
                begun_at=made.begun_at,
                duration_ms=made.duration_ms,
                status_code=made.status_code,
                error=made.error,
                detail=made.detail,
                response_excerpt=made.response_excerpt,
            )
        )
    return [
        MessageView(
            id=row.id,
            endpoint_id=row.endpoint_id,
            event_id=row.event_id,
            type=row.type,
            status=row.status,
            tries=row.tries,
            next_attempt_at=row.next_attempt_at if row.status == MessageStatus.PENDING else None,
            created_at=row.created_at,
            sent_at=row.sent_at,
            body=row.body if with_body else "",
            attempts=tuple(attempts[row.id]),
        )
        for row in rows
    ]
