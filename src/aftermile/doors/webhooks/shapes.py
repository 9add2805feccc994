"""Webhook endpoints, messages and attempts as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from aftermile.doors.api.fields import WHOLE, Address, EventId, Given, Line, PublicId, Taken, Word
from aftermile.doors.webhooks.operations.endpoint_settings import MOST_HEADERS
from aftermile.doors.webhooks.operations.rotate_secret import DEFAULT_OVERLAP, LONGEST_OVERLAP
from aftermile.doors.webhooks.queries import AttemptView, EndpointView, MessageView

EndpointId = Annotated[UUID, PublicId("whe")]
MessageId = Annotated[UUID, PublicId("msg")]
AttemptId = Annotated[UUID, PublicId("att")]

Url = Annotated[
    Address, Field(description="Where messages are sent with POST.", examples=["https://shop.example/hooks"])
]
EventTypes = Annotated[
    list[Word],
    Field(
        max_length=100,
        description="What it hears of, as in the event feed; in the AfterShip format `tracking_update` and `edd_revise`."
        " Empty: everything, kinds that come to be later included.",
        examples=[["parcel.milestone_reached"]],
    ),
]
Headers = Annotated[
    dict[Word, Line],
    Field(
        max_length=MOST_HEADERS, description="Sent with every request. Kept encrypted and not shown again."
    ),
]
Secret = Annotated[str, StringConstraints(min_length=16, max_length=200)]
_BROUGHT_ALONG = (
    "One your receivers hold already. Left out: it is made. `standard`: `whsec_` and the base64 of 24 to 64"
    " random bytes; `aftership`: 16 to 200 characters."
)
_HOUR = 3600
Hours = Annotated[int, Field(ge=0, le=int(LONGEST_OVERLAP.total_seconds()) // _HOUR), WHOLE]


class EndpointTaken(Taken):
    """An address to send events to."""

    url: Url
    description: Line = ""
    format: Literal["standard", "aftership"] = Field(
        "standard",
        description="`standard`: Standard Webhooks, every event. `aftership`: as AfterShip's tracking webhooks,"
        " one `tracking_update` whenever a parcel changes, and one `edd_revise` whenever its estimate does.",
    )
    event_types: EventTypes = []
    headers: Headers = {}
    secret: Secret | None = Field(None, description=_BROUGHT_ALONG)


class EndpointChanged(Taken):
    """What to change; what is left out stays."""

    url: Url | None = None
    description: Line | None = None
    event_types: EventTypes | None = None
    headers: Headers | None = None


class RotationTaken(Taken):
    """How to change the secret."""

    secret: Secret | None = Field(None, description=_BROUGHT_ALONG)
    overlap_hours: Hours = Field(
        int(DEFAULT_OVERLAP.total_seconds()) // _HOUR,
        description="For how long the present secret goes on signing. `standard`: beside the new one;"
        " `aftership`, which has room for one signature: in its place.",
    )


class EndpointGiven(Given):
    """A webhook endpoint and how it fares; never its secret."""

    id: EndpointId
    url: str
    description: str
    format: str = Field(description="`standard` or `aftership`.")
    event_types: list[str]
    header_names: list[str]
    status: str = Field(description="`active` or `disabled`.")
    disabled_reason: str = Field(
        description="`by_hand`, `gone` (it answered 410), `exhausted` (it took nothing through all attempts of a"
        " message), `failing` (for five days), or empty."
    )
    explanation: str = Field(description="The same as a sentence.")
    disabled_at: datetime | None
    failures: int = Field(description="Failed attempts in a row.")
    failing_since: datetime | None
    resting_until: datetime | None = Field(
        description="Nothing is sent before, because it was away or asked for a pause."
    )
    last_attempt_at: datetime | None
    last_success_at: datetime | None
    previous_secret_signs_until: datetime | None
    created_at: datetime


class EndpointWithSecret(EndpointGiven):
    """A webhook endpoint with its secret, which is shown this once."""

    secret: str | None = Field(description="Keep it safe. Null when the request was a repeat.")


class AttemptGiven(Given):
    """One try to send a message."""

    id: AttemptId
    begun_at: datetime
    duration_ms: int
    status_code: int | None = Field(description="Null when there was no answer.")
    error: str = Field(
        description="Why not: `timed_out`, `unreachable`, `refused`, `too_large`, `unsendable`; or empty."
    )
    detail: str = Field(description="The same as a sentence.")
    response_excerpt: str = Field(description="How the answer begins.")


class MessageSummary(Given):
    """A message to an endpoint and its attempts, oldest first."""

    id: MessageId = Field(description="Sent as `webhook-id`, the same in every attempt.")
    endpoint_id: EndpointId
    event_id: EventId
    type: str
    status: str = Field(description="`pending`, `sent` or `failed`.")
    next_attempt_at: datetime | None
    created_at: datetime
    sent_at: datetime | None
    attempts: list[AttemptGiven]


class MessageGiven(MessageSummary):
    """A message with what it says."""

    body: str = Field(description="Exactly what is sent and signed.")


def endpoint_given(view: EndpointView) -> EndpointGiven:
    """Write an endpoint."""
    return EndpointGiven(
        id=view.id,
        url=view.url,
        description=view.description,
        format=view.format,
        event_types=list(view.event_types),
        header_names=list(view.header_names),
        status=view.status,
        disabled_reason=view.disabled_reason,
        explanation=view.explanation,
        disabled_at=view.disabled_at,
        failures=view.failures,
        failing_since=view.failing_since,
        resting_until=view.resting_until,
        last_attempt_at=view.last_attempt_at,
        last_success_at=view.last_success_at,
        previous_secret_signs_until=view.previous_secret_signs_until,
        created_at=view.created_at,
    )


def message_summary(view: MessageView) -> MessageSummary:
    """Write a message without what it says."""
    return MessageSummary(
        id=view.id,
        endpoint_id=view.endpoint_id,
        event_id=view.event_id,
        type=view.type,
        status=view.status,
        next_attempt_at=view.next_attempt_at,
        created_at=view.created_at,
        sent_at=view.sent_at,
        attempts=[_attempt_given(made) for made in view.attempts],
    )


def message_given(view: MessageView) -> MessageGiven:
    """Write a message with what it says."""
    return MessageGiven(**dict(message_summary(view)), body=view.body)


def _attempt_given(view: AttemptView) -> AttemptGiven:
    return AttemptGiven(
        id=view.id,
        begun_at=view.begun_at,
        duration_ms=view.duration_ms,
        status_code=view.status_code,
        error=view.error,
        detail=view.detail,
        response_excerpt=view.response_excerpt,
    )
