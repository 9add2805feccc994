"""What an endpoint and a message may be."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """How an endpoint wants to be spoken to."""

    STANDARD = "standard"  # Standard Webhooks: every event of the feed
    AFTERSHIP = "aftership"  # as AfterShip's tracking webhooks: one kind of message


class EndpointStatus(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"


class DisabledReason(StrEnum):
    """Why nothing is sent to an endpoint any more."""

    BY_HAND = "by_hand"
    GONE = "gone"
    EXHAUSTED = "exhausted"
    FAILING = "failing"


#: The reasons in words, for people.
REASONS: dict[DisabledReason, str] = {
    DisabledReason.BY_HAND: "It was switched off by hand.",
    DisabledReason.GONE: "It answered 410 Gone, which asks for nothing more to be sent.",
    DisabledReason.EXHAUSTED: "It took no message from the first to the last attempt of one.",
    DisabledReason.FAILING: "It has taken no message for five days.",
}


class MessageStatus(StrEnum):
    PENDING = "pending"  # to be sent, now or later
    SENT = "sent"  # answered with 2xx
    FAILED = "failed"  # all attempts used up; can be sent again by hand
