"""What a message is for, how it sounds, and what may become of it: data."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """Why a message is written, and so whose leave it needs."""

    TRANSACTIONAL = (
        "transactional"  # part of what was bought: needs no consent and cannot be unsubscribed from
    )
    SERVICE = "service"  # about what was bought: sent unless refused
    MARKETING = "marketing"  # sent only with consent


class Mood(StrEnum):
    """How a message sounds."""

    NEUTRAL = "neutral"
    BAD_NEWS = "bad_news"  # cannot wait for the morning, unless the shop says so
    CHEERFUL = "cheerful"  # not to somebody in trouble


class Status(StrEnum):
    """Where a message stands, as far as we decide it. What others tell of it is its fate."""

    PLANNED = "planned"  # goes out at its `due_at`
    WITHHELD = "withheld"  # is not sent; its checks say why
    CANCELLED = "cancelled"  # whoever wanted it does so no longer
    SENDING = "sending"  # a sender holds it until its lease is over
    TAKEN = "taken"  # the channel has it
    FAILED = "failed"  # no channel takes it; its problem says why
    UNKNOWN = "unknown"  # may have been sent, nobody knows: not sent again


#: What may follow what. Without a way out a message stays as it is for ever.
MOVES: dict[Status, frozenset[Status]] = {
    # To `taken` without us: a sender that was taken for dead may still tell.
    Status.PLANNED: frozenset({Status.SENDING, Status.WITHHELD, Status.CANCELLED, Status.TAKEN}),
    Status.SENDING: frozenset({Status.TAKEN, Status.FAILED, Status.UNKNOWN, Status.PLANNED, Status.WITHHELD}),
    Status.UNKNOWN: frozenset({Status.TAKEN}),
    Status.WITHHELD: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.TAKEN: frozenset(),
    Status.FAILED: frozenset(),
}

#: What counts for the cap: purposes that are measured out, in states that reach or reached the shopper.
CAPPED = frozenset({Purpose.SERVICE, Purpose.MARKETING})
REACHED = frozenset({Status.SENDING, Status.TAKEN, Status.UNKNOWN})


class ReceiptStatus(StrEnum):
    """What may become of what a channel told."""

    PENDING = "pending"  # kept, not read yet
    DIGESTED = "digested"
    QUARANTINED = "quarantined"  # not readable: waits with its reason for a fix and a replay
    ERASED = "erased"  # it named a person who was erased


class Scope(StrEnum):
    """How much is not sent to a suppressed address."""

    ALL = "all"
    OPTIONAL = "optional"  # everything but what is transactional


class SuppressedFor(StrEnum):
    """Why nothing is sent to an address."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    BY_HAND = "by_hand"


SCOPES: dict[SuppressedFor, Scope] = {
    SuppressedFor.BOUNCED: Scope.ALL,
    SuppressedFor.COMPLAINED: Scope.OPTIONAL,
    SuppressedFor.BY_HAND: Scope.ALL,
}


class Problem(StrEnum):
    """Why a message failed, or why its end is not known."""

    REFUSED = "refused"  # by the channel, for good
    GIVEN_UP = "given_up"  # after the last try
    UNRENDERABLE = "unrenderable"
    NO_ANSWER = "no_answer"  # handed over, and the line broke
    SENDER_DIED = "sender_died"  # while it held the message
