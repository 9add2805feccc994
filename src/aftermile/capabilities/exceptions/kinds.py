"""Kinds of exceptions and what is to be done about them: one table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from aftermile.connectors.contracts.words import Cause, SubStatus


class Group(StrEnum):
    """What a person does about it, in the order in which the day's work is best done."""

    TELL_THE_SHOPPER = "tell_the_shopper"
    ASK_THE_SHOPPER = "ask_the_shopper"
    ASK_THE_CARRIER = "ask_the_carrier"
    SEND_PAPERS = "send_papers"
    LOOK_ON_THE_SHELF = "look_on_the_shelf"
    DECIDE_WHAT_TO_SEND = "decide_what_to_send"


class Severity(IntEnum):
    WATCH = 1
    LATE = 2
    BROKEN = 3


class Kind(StrEnum):
    LATE = "late"
    DELAY_PREDICTED = "delay_predicted"
    DELIVERY_FAILED = "delivery_failed"
    ADDRESS_PROBLEM = "address_problem"
    PICKUP_WAITING = "pickup_waiting"
    PAYMENT_DUE = "payment_due"
    STALLED = "stalled"
    PROBABLY_LOST = "probably_lost"
    REPORTED_PROBLEM = "reported_problem"
    HELD_AT_CUSTOMS = "held_at_customs"
    NEVER_HANDED_OVER = "never_handed_over"
    NOT_SHIPPED = "not_shipped"
    LOST = "lost"
    DAMAGED = "damaged"
    REFUSED = "refused"
    RETURNING = "returning"
    REJECTED = "rejected"

    @property
    def group(self) -> Group:
        return _TABLE[self].group

    @property
    def severity(self) -> Severity:
        return _TABLE[self].severity

    @property
    def cause(self) -> Cause:
        """Who brings it about where the carrier names nobody."""
        return _TABLE[self].cause

    @property
    def waits_after_contact_days(self) -> int | None:
        """How many days an answer of the shopper is waited for; None: once told, there is nothing more to do."""
        return _TABLE[self].waits_after_contact_days


@dataclass(frozen=True, slots=True)
class _Row:
    group: Group
    severity: Severity
    cause: Cause
    waits_after_contact_days: int | None = None


_G, _S, _C = Group, Severity, Cause
_TABLE: dict[Kind, _Row] = {
    Kind.LATE: _Row(_G.TELL_THE_SHOPPER, _S.LATE, _C.CARRIER),
    Kind.DELAY_PREDICTED: _Row(_G.TELL_THE_SHOPPER, _S.WATCH, _C.CARRIER),
    Kind.DELIVERY_FAILED: _Row(_G.ASK_THE_SHOPPER, _S.WATCH, _C.UNKNOWN),
    Kind.ADDRESS_PROBLEM: _Row(_G.ASK_THE_SHOPPER, _S.LATE, _C.SHOPPER, 2),
    Kind.PICKUP_WAITING: _Row(_G.ASK_THE_SHOPPER, _S.WATCH, _C.SHOPPER),
    Kind.PAYMENT_DUE: _Row(_G.ASK_THE_SHOPPER, _S.LATE, _C.SHOPPER, 2),
    Kind.STALLED: _Row(_G.ASK_THE_CARRIER, _S.LATE, _C.CARRIER, 2),
    Kind.PROBABLY_LOST: _Row(_G.ASK_THE_CARRIER, _S.BROKEN, _C.CARRIER, 2),
    Kind.REPORTED_PROBLEM: _Row(_G.ASK_THE_CARRIER, _S.LATE, _C.CARRIER, 2),
    Kind.HELD_AT_CUSTOMS: _Row(_G.SEND_PAPERS, _S.LATE, _C.CUSTOMS, 2),
    Kind.NEVER_HANDED_OVER: _Row(_G.LOOK_ON_THE_SHELF, _S.WATCH, _C.MERCHANT, 1),
    Kind.NOT_SHIPPED: _Row(_G.LOOK_ON_THE_SHELF, _S.WATCH, _C.MERCHANT, 1),
    Kind.LOST: _Row(_G.DECIDE_WHAT_TO_SEND, _S.BROKEN, _C.CARRIER, 2),
    Kind.DAMAGED: _Row(_G.DECIDE_WHAT_TO_SEND, _S.BROKEN, _C.CARRIER, 2),
    Kind.REFUSED: _Row(_G.DECIDE_WHAT_TO_SEND, _S.LATE, _C.SHOPPER, 2),
    Kind.RETURNING: _Row(_G.DECIDE_WHAT_TO_SEND, _S.LATE, _C.UNKNOWN, 2),
    Kind.REJECTED: _Row(_G.DECIDE_WHAT_TO_SEND, _S.LATE, _C.MERCHANT, 2),
}  # fmt: skip


def kinds_of(group: Group) -> tuple[Kind, ...]:
    """Return the kinds of a group."""
    return tuple(kind for kind in Kind if kind.group is group)


#: What the carrier calls a problem, and which kind that is. Delays are missing: whether one is an exception
#: is for the promise to say (`policy.judge`).
REPORTED: dict[SubStatus, Kind] = {
    SubStatus.EXCEPTION: Kind.REPORTED_PROBLEM,
    SubStatus.HELD: Kind.REPORTED_PROBLEM,
    SubStatus.SHOPPER_MOVED: Kind.ADDRESS_PROBLEM,
    SubStatus.ADDRESS_ISSUE: Kind.ADDRESS_PROBLEM,
    SubStatus.REFUSED: Kind.REFUSED,
    SubStatus.CUSTOMS_DELAY: Kind.HELD_AT_CUSTOMS,
    SubStatus.DOCUMENTS_MISSING: Kind.HELD_AT_CUSTOMS,
    SubStatus.HELD_FOR_PAYMENT: Kind.PAYMENT_DUE,
    SubStatus.PICKUP_MISSED: Kind.PICKUP_WAITING,
    SubStatus.REJECTED_BY_CARRIER: Kind.REJECTED,
    SubStatus.DAMAGED: Kind.DAMAGED,
    SubStatus.DISPOSED: Kind.DAMAGED,
    SubStatus.LOST: Kind.LOST,
}
DELAYS = frozenset(
    {SubStatus.DELAYED, SubStatus.PROCESSING_DELAY, SubStatus.WEATHER_DELAY, SubStatus.LATE_FLIGHT}
)
