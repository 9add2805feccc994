"""What happens to webhook endpoints, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from aftermile.kernel.events import event


@event("webhook_endpoint.made", outside="A webhook endpoint was made.")
@dataclass(frozen=True, slots=True)
class EndpointMade:
    endpoint_id: UUID
    format: str


@event(
    "webhook_endpoint.disabled",
    outside="Nothing is sent to a webhook endpoint any more: it was switched off, by hand or because it is dead.",
)
@dataclass(frozen=True, slots=True)
class EndpointDisabled:
    endpoint_id: UUID
    reason: str  # a `DisabledReason`
    explanation: str


@event("webhook_endpoint.enabled", outside="A webhook endpoint that was switched off is sent to again.")
@dataclass(frozen=True, slots=True)
class EndpointEnabled:
    endpoint_id: UUID


@event("webhook_endpoint.removed", outside="A webhook endpoint was removed with its messages.")
@dataclass(frozen=True, slots=True)
class EndpointRemoved:
    endpoint_id: UUID
