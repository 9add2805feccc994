"""What happens to messages, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.kernel.events import event


@event("message.sent", outside="A message was taken by its channel.")
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent:
    message_id: UUID
    shopper_id: UUID
    touchpoint: str
    purpose: str
    medium: str
    channel: str
    order_id: UUID | None
    parcel_id: UUID | None


@event("message.withheld", outside="A message was not sent, as `reason` says.")
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWithheld:
    message_id: UUID
    shopper_id: UUID
    touchpoint: str
    reason: str


@event(
    "message.failed",
    outside="A message could not be sent, or nobody knows whether it was: `status` says which.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFailed:
    message_id: UUID
    shopper_id: UUID
    touchpoint: str
    medium: str
    status: str
    problem: str


@event(
    "message.fate_changed", outside="Something was told of a message: delivered, bounced, opened, replied ..."
)
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFateChanged:
    message_id: UUID
    shopper_id: UUID
    touchpoint: str
    medium: str
    fate: str
    before: str


@event("message.replied", outside="A shopper answered a message.")
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReplied:
    message_id: UUID
    shopper_id: UUID
    medium: str
    receipt_id: UUID
    occurred_at: datetime


@event(
    "shopper.unsubscribed", outside="A shopper does not want messages of some purposes on a medium any more."
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ShopperUnsubscribed:
    shopper_id: UUID
    medium: str
    purposes: tuple[str, ...]
    message_id: UUID | None


@event(
    "messaging.changed",
    outside="How a shop sends was changed: its settings, a sender or its suppression list.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class MessagingChanged:
    what: str
