"""Send by hand: a message again, or one to try an endpoint out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.doors.webhooks.models import Endpoint, Message
from aftermile.doors.webhooks.operations.announce import write_message
from aftermile.doors.webhooks.operations.keep_endpoint import locked
from aftermile.doors.webhooks.operations.wake import wake
from aftermile.doors.webhooks.payloads import (
    TEST_EVENT,
    TRACKING_UPDATE,
    aftership_test_body,
    standard_test_body,
)
from aftermile.doors.webhooks.queries import MessageNotFound, MessageView, message
from aftermile.doors.webhooks.states import EndpointStatus, Format, MessageStatus
from aftermile.kernel.errors import Conflict
from aftermile.kernel.ids import uuid7


class EndpointIsDisabled(Conflict):
    """Nothing is sent to a disabled endpoint; enable it first."""

    code = "webhook_endpoint_disabled"


class MessageErased(Conflict):
    """What the message said was erased together with the shopper it told of; there is nothing left to send."""

    code = "webhook_message_erased"


def send_again(*, endpoint_id: UUID, message_id: UUID, at: datetime) -> MessageView:
    """Put a message in line once more, under the same `webhook-id`, with all its attempts before it.

    It goes out at once, even to an endpoint that is left alone after failures. Again: the same.

    :raises EndpointNotFound: no such endpoint.
    :raises MessageNotFound: the endpoint has no such message.
    :raises EndpointIsDisabled: nothing is sent there.
    :raises MessageErased: it was blanked with the shopper it told of.
    """
    row = active_endpoint(endpoint_id)
    put_back = Message.rows().filter(id=message_id, endpoint_id=row.id)
    if put_back.filter(body="").exists():
        raise MessageErased("What this message said was erased with its shopper; there is nothing to send.")
    if not put_back.update(
        status=MessageStatus.PENDING, tries=0, queued_at=at, next_attempt_at=at, sent_at=None
    ):
        raise MessageNotFound("There is no such message to this webhook endpoint.")
    _wake_now(row)
    return message(endpoint_id=endpoint_id, message_id=message_id)


def send_test(*, endpoint_id: UUID, at: datetime) -> MessageView:
    """Send a message that says nothing, signed and retried like any other; each call sends another.

    :raises EndpointNotFound: no such endpoint.
    :raises EndpointIsDisabled: nothing is sent there.
    """
    row = active_endpoint(endpoint_id)
    event_id = uuid7()
    if row.format == Format.AFTERSHIP:
        type_, body = TRACKING_UPDATE, aftership_test_body(event_id=event_id, at=at)
    else:
        type_, body = TEST_EVENT, standard_test_body(endpoint_id=row.id, at=at)
    message_id = write_message(endpoint_id=row.id, event_id=event_id, type_=type_, body=body, at=at)
    _wake_now(row)
    return message(endpoint_id=endpoint_id, message_id=message_id)


def active_endpoint(endpoint_id: UUID) -> Endpoint:
    """Read an endpoint that is sent to, locked.

    :raises EndpointNotFound: no such endpoint.
    :raises EndpointIsDisabled: nothing is sent there.
    """
    row = locked(endpoint_id)
    if row.status != EndpointStatus.ACTIVE:
        raise EndpointIsDisabled("This webhook endpoint is switched off; enable it first.")
    return row


def _wake_now(row: Endpoint) -> None:
    row.resting_until = None
    row.save(update_fields=["resting_until"])
    wake([row.id])
