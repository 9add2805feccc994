"""Switch endpoints off and on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.doors.webhooks.events import EndpointDisabled, EndpointEnabled
from aftermile.doors.webhooks.models import Endpoint, Message
from aftermile.doors.webhooks.operations.keep_endpoint import locked
from aftermile.doors.webhooks.operations.wake import wake
from aftermile.doors.webhooks.queries import EndpointView, endpoint_view
from aftermile.doors.webhooks.states import REASONS, DisabledReason, EndpointStatus, MessageStatus
from aftermile.kernel.events import publish


def disable_endpoint(*, endpoint_id: UUID, by: str, at: datetime) -> EndpointView:
    """Switch an endpoint off by hand. What waits for it goes on waiting. Again: nothing changes.

    :raises EndpointNotFound: no such endpoint.
    """
    row = locked(endpoint_id)
    if row.status == EndpointStatus.ACTIVE:
        switch_off(row, DisabledReason.BY_HAND, by=by, at=at)
        row.save(update_fields=["status", "disabled_reason", "disabled_at"])
    return endpoint_view(row)


def enable_endpoint(*, endpoint_id: UUID, by: str, at: datetime) -> EndpointView:
    """Switch an endpoint on again, with a clean record.

    What still waits for it is sent now, each message with all its attempts before it. Events that happened
    while it was off are in the event feed. Again: nothing changes.

    :raises EndpointNotFound: no such endpoint.
    """
    row = locked(endpoint_id)
    if row.status == EndpointStatus.ACTIVE:
        return endpoint_view(row)
    row.status, row.disabled_reason, row.disabled_at = EndpointStatus.ACTIVE, "", None
    row.failures, row.failing_since, row.resting_until = 0, None, None
    row.save(
        update_fields=[
            "status", "disabled_reason", "disabled_at", "failures", "failing_since", "resting_until",
        ]
    )  # fmt: skip
    Message.rows().filter(endpoint_id=row.id, status=MessageStatus.PENDING).update(
        tries=0, queued_at=at, next_attempt_at=at
    )
    publish(EndpointEnabled(row.id), by=by, at=at)
    wake([row.id])
    return endpoint_view(row)


def switch_off(row: Endpoint, reason: DisabledReason, *, by: str, at: datetime) -> None:
    """Mark a locked endpoint as switched off and say so; the caller saves it."""
    row.status, row.disabled_reason, row.disabled_at = EndpointStatus.DISABLED, reason.value, at
    publish(EndpointDisabled(row.id, reason.value, REASONS[reason]), by=by, at=at)
