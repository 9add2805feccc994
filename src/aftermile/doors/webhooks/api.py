"""Webhook endpoints in the API: make, change, switch, try out, and see every attempt."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from ninja import Router

from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import Limit
from aftermile.doors.api.paging import DEFAULT_LIMIT, Page, cut
from aftermile.doors.webhooks import queries
from aftermile.doors.webhooks.operations.endpoint_settings import (
    EndpointUrlUnusable,
    HeadersUnusable,
    WebhookEventTypeUnknown,
)
from aftermile.doors.webhooks.operations.keep_endpoint import (
    TooManyEndpoints,
    change_endpoint,
    make_endpoint,
    remove_endpoint,
)
from aftermile.doors.webhooks.operations.rotate_secret import rotate_secret
from aftermile.doors.webhooks.operations.send_again import (
    EndpointIsDisabled,
    MessageErased,
    send_again,
    send_test,
)
from aftermile.doors.webhooks.operations.switch_endpoint import disable_endpoint, enable_endpoint
from aftermile.doors.webhooks.queries import EndpointNotFound, MessageNotFound
from aftermile.doors.webhooks.shapes import (
    EndpointChanged,
    EndpointGiven,
    EndpointId,
    EndpointTaken,
    EndpointWithSecret,
    MessageGiven,
    MessageId,
    MessageSummary,
    RotationTaken,
    endpoint_given,
    message_given,
    message_summary,
)
from aftermile.doors.webhooks.signing import WebhookSecretUnusable
from aftermile.doors.webhooks.states import Format, MessageStatus
from aftermile.kernel.access import Caller
from aftermile.kernel.clock import now

router = Router(tags=["Webhook endpoints"])

_READ, _WRITE = "webhooks:read", "webhooks:write"
_SETTINGS = (EndpointUrlUnusable, WebhookEventTypeUnknown, HeadersUnusable)


def _without_secret(made: EndpointWithSecret) -> EndpointWithSecret:
    return made.model_copy(update={"secret": None})


@endpoint(
    router,
    "POST",
    "/webhook-endpoints",
    scope=_WRITE,
    returns=EndpointWithSecret,
    refusals=[*_SETTINGS, WebhookSecretUnusable, TooManyEndpoints],
    stored=_without_secret,
)
def make_webhook_endpoint(caller: Caller, endpoint: EndpointTaken) -> EndpointWithSecret:
    """Make a webhook endpoint.

    It hears of what happens from now on. Its secret is in this answer and never again, not even when the
    request is repeated.
    """
    made, secret = make_endpoint(
        url=endpoint.url,
        description=endpoint.description,
        format_=Format(endpoint.format),
        event_types=endpoint.event_types,
        headers=endpoint.headers,
        secret=endpoint.secret,
        by=caller.name,
        at=now(),
    )
    return EndpointWithSecret(**dict(endpoint_given(made)), secret=secret)


@endpoint(router, "GET", "/webhook-endpoints", scope=_READ, returns=Page[EndpointGiven])
def list_webhook_endpoints(
    cursor: EndpointId | None = None, limit: Limit = DEFAULT_LIMIT
) -> Page[EndpointGiven]:
    """List webhook endpoints, newest first."""
    page, next_cursor = cut(queries.list_endpoints(after=cursor, limit=limit + 1), limit, "whe")
    return Page[EndpointGiven](data=[endpoint_given(view) for view in page], next_cursor=next_cursor)


@endpoint(
    router,
    "GET",
    "/webhook-endpoints/{endpoint_id}",
    scope=_READ,
    returns=EndpointGiven,
    refusals=[EndpointNotFound],
)
def read_webhook_endpoint(endpoint_id: EndpointId) -> EndpointGiven:
    """Read a webhook endpoint."""
    return endpoint_given(queries.endpoint(endpoint_id))


@endpoint(
    router,
    "PATCH",
    "/webhook-endpoints/{endpoint_id}",
    scope=_WRITE,
    returns=EndpointGiven,
    refusals=[EndpointNotFound, *_SETTINGS],
)
def change_webhook_endpoint(endpoint_id: EndpointId, changes: EndpointChanged) -> EndpointGiven:
    """Change a webhook endpoint's address, description, event types or headers.

    Messages that wait go to the new address.
    """
    return endpoint_given(
        change_endpoint(
            endpoint_id=endpoint_id,
            url=changes.url,
            description=changes.description,
            event_types=changes.event_types,
            headers=changes.headers,
        )
    )


@endpoint(
    router,
    "DELETE",
    "/webhook-endpoints/{endpoint_id}",
    scope=_WRITE,
    returns=EndpointGiven,
    refusals=[EndpointNotFound],
)
def remove_webhook_endpoint(caller: Caller, endpoint_id: EndpointId) -> EndpointGiven:
    """Remove a webhook endpoint with its messages; the answer is what it was."""
    return endpoint_given(remove_endpoint(endpoint_id=endpoint_id, by=caller.name, at=now()))


@endpoint(
    router,
    "POST",
    "/webhook-endpoints/{endpoint_id}/disabling",
    scope=_WRITE,
    returns=EndpointGiven,
    refusals=[EndpointNotFound],
)
def disable_webhook_endpoint(caller: Caller, endpoint_id: EndpointId) -> EndpointGiven:
    """Switch a webhook endpoint off.

    What waits for it is kept; what happens from now on is not kept for it. Again: nothing changes.
    """
    return endpoint_given(disable_endpoint(endpoint_id=endpoint_id, by=caller.name, at=now()))


@endpoint(
    router,
    "POST",
    "/webhook-endpoints/{endpoint_id}/enabling",
    scope=_WRITE,
    returns=EndpointGiven,
    refusals=[EndpointNotFound],
)
def enable_webhook_endpoint(caller: Caller, endpoint_id: EndpointId) -> EndpointGiven:
    """Switch a webhook endpoint on again.

    What still waits for it is sent at once. What happened in the meantime is in the event feed. Again:
    nothing changes.
    """
    return endpoint_given(enable_endpoint(endpoint_id=endpoint_id, by=caller.name, at=now()))


@endpoint(
    router,
    "POST",
    "/webhook-endpoints/{endpoint_id}/secret-rotation",
    scope=_WRITE,
    returns=EndpointWithSecret,
    refusals=[EndpointNotFound, WebhookSecretUnusable],
    stored=_without_secret,
)
def rotate_webhook_secret(endpoint_id: EndpointId, rotation: RotationTaken) -> EndpointWithSecret:
    """Give a webhook endpoint a new secret.

    It is in this answer and never again. Until the overlap is over the former one is still signed with.
    """
    view, secret = rotate_secret(
        endpoint_id=endpoint_id,
        secret=rotation.secret,
        overlap=timedelta(hours=rotation.overlap_hours),
        at=now(),
    )
    return EndpointWithSecret(**dict(endpoint_given(view)), secret=secret)


@endpoint(
    router,
    "POST",
    "/webhook-endpoints/{endpoint_id}/test-messages",
    scope=_WRITE,
    returns=MessageGiven,
    refusals=[EndpointNotFound, EndpointIsDisabled],
)
def send_test_message(endpoint_id: EndpointId) -> MessageGiven:
    """Send a message to try a webhook endpoint out.

    Signed and retried like any other: `webhook_endpoint.test`, or a `tracking_update` of a parcel that does
    not exist. Read it a moment later for what came of it.
    """
    return message_given(send_test(endpoint_id=endpoint_id, at=now()))


@endpoint(
    router,
    "GET",
    "/webhook-endpoints/{endpoint_id}/messages",
    scope=_READ,
    returns=Page[MessageSummary],
    refusals=[EndpointNotFound],
)
def list_webhook_messages(
    endpoint_id: EndpointId,
    status: Literal["pending", "sent", "failed"] | None = None,
    cursor: MessageId | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[MessageSummary]:
    """List messages to a webhook endpoint with every attempt, newest first."""
    queries.endpoint(endpoint_id)
    found = queries.list_messages(
        endpoint_id=endpoint_id,
        after=cursor,
        limit=limit + 1,
        status=MessageStatus(status) if status else None,
    )
    page, next_cursor = cut(found, limit, "msg")
    return Page[MessageSummary](data=[message_summary(view) for view in page], next_cursor=next_cursor)


@endpoint(
    router,
    "GET",
    "/webhook-endpoints/{endpoint_id}/messages/{message_id}",
    scope=_READ,
    returns=MessageGiven,
    refusals=[MessageNotFound],
)
def read_webhook_message(endpoint_id: EndpointId, message_id: MessageId) -> MessageGiven:
    """Read a message with its body and every attempt."""
    return message_given(queries.message(endpoint_id=endpoint_id, message_id=message_id))


@endpoint(
    router,
    "POST",
    "/webhook-endpoints/{endpoint_id}/messages/{message_id}/resending",
    scope=_WRITE,
    returns=MessageGiven,
    refusals=[EndpointNotFound, MessageNotFound, EndpointIsDisabled, MessageErased],
)
def resend_webhook_message(endpoint_id: EndpointId, message_id: MessageId) -> MessageGiven:
    """Send a message again, under the same `webhook-id`, whatever became of it before."""
    return message_given(send_again(endpoint_id=endpoint_id, message_id=message_id, at=now()))
