"""Fold scans into a reading: where a parcel is, whatever the order in which we heard.

A pure function of the *set* of scans: shuffled or doubled, they read the same. An unknown code moves
nothing. What the fold decides:

- the newest scan with a known meaning says where the parcel is; at the same moment the further one does;
- a label or a notice never takes back a parcel that was already on its way;
- delivered and returned are final: no later scan moves such a parcel, except that a delivered one may
  still come back;
- a delivery on the way back to the sender is a return, unless the problem was reported as resolved or the
  parcel forwarded in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aftermile.connectors.contracts.words import Cause, Milestone, SubStatus


@dataclass(frozen=True, slots=True)
class Scan:
    """What the fold needs of a tracking event. `identity` settles the order of what happened at once."""

    occurred_at: datetime
    sub_status: SubStatus | None
    identity: bytes = b""


@dataclass(frozen=True, slots=True)
class Summary:
    """A source's own overall word, and how recent it is."""

    sub_status: SubStatus
    at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a parcel is. Moments are those of the scans, not of our hearing of them."""

    sub_status: SubStatus = SubStatus.PENDING
    reached_at: datetime | None = None
    event_count: int = 0
    first_event_at: datetime | None = None
    last_event_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    first_attempted_at: datetime | None = None
    attempt_count: int = 0

    @property
    def milestone(self) -> Milestone:
        return self.sub_status.milestone

    @property
    def cause(self) -> Cause | None:
        return self.sub_status.cause


NOTHING_YET = Reading()
FINAL = frozenset({Milestone.DELIVERED, Milestone.RETURNED})
# How far each milestone is: settles two scans of one moment.
_RANK = {milestone: rank for rank, milestone in enumerate([
    Milestone.PENDING, Milestone.INFO_RECEIVED, Milestone.EXPIRED, Milestone.CANCELLED, Milestone.IN_TRANSIT,
    Milestone.OUT_FOR_DELIVERY, Milestone.ATTEMPT_FAILED, Milestone.AVAILABLE_FOR_PICKUP,
    Milestone.EXCEPTION, Milestone.RETURNING, Milestone.DELIVERED, Milestone.RETURNED,
])}  # fmt: skip
_PAPER = frozenset({Milestone.PENDING, Milestone.INFO_RECEIVED})
_MOVING = frozenset(Milestone) - _PAPER - {Milestone.CANCELLED, Milestone.EXPIRED}
_BACK_ON_COURSE = frozenset({SubStatus.PROBLEM_RESOLVED, SubStatus.FORWARDED})


def fold(scans: Iterable[Scan], summary: Summary | None = None) -> Reading:
    """Fold the scans of one parcel into its reading."""
    heard = sorted(
        {(scan.occurred_at, _rank(scan.sub_status), scan.identity, scan.sub_status) for scan in scans},
        key=_order,
    )
    told = [(at, sub_status) for at, _, _, sub_status in heard if sub_status is not None]
    if summary is not None:
        told = _with_summary(told, summary)
    attempts = [at for at, sub_status in told if sub_status.milestone is Milestone.ATTEMPT_FAILED]
    moving = [at for at, sub_status in told if sub_status.milestone in _MOVING]
    current, reached_at, delivered_at = _walk(told)
    if delivered_at is not None:
        attempts.append(delivered_at)
    return Reading(
        sub_status=current,
        reached_at=reached_at,
        event_count=len(heard),
        first_event_at=heard[0][0] if heard else None,
        last_event_at=heard[-1][0] if heard else None,
        shipped_at=moving[0] if moving else None,
        delivered_at=delivered_at,
        first_attempted_at=min(attempts) if attempts else None,
        attempt_count=sum(1 for _, sub_status in told if sub_status.milestone is Milestone.ATTEMPT_FAILED),
    )


def _walk(told: list[tuple[datetime, SubStatus]]) -> tuple[SubStatus, datetime | None, datetime | None]:
    current, reached_at, delivered_at = SubStatus.PENDING, None, None
    going_back = False
    for at, sub_status in told:
        milestone = sub_status.milestone
        if sub_status in _BACK_ON_COURSE:
            going_back = False
        if milestone is Milestone.RETURNING:
            going_back = True
        if current.milestone is Milestone.RETURNED:
            continue
        if current.milestone is Milestone.DELIVERED and milestone not in (
            Milestone.RETURNING,
            Milestone.RETURNED,
        ):
            if milestone is Milestone.DELIVERED and current is SubStatus.DELIVERED:
                current = sub_status  # the same delivery, said more exactly
            continue
        if milestone is Milestone.DELIVERED and going_back:
            sub_status = SubStatus.RETURNED
            milestone = Milestone.RETURNED
        if milestone in _PAPER and current.milestone not in _PAPER:
            continue
        if milestone is not current.milestone or reached_at is None:
            reached_at = at
        if milestone is Milestone.DELIVERED and delivered_at is None:
            delivered_at = at
        current = sub_status
    return current, reached_at, delivered_at


def _with_summary(
    told: list[tuple[datetime, SubStatus]], summary: Summary
) -> list[tuple[datetime, SubStatus]]:
    """Place the summary among the scans; a scan of its moment says the same milestone more exactly."""
    same = [sub for at, sub in told if at == summary.at and sub.milestone is summary.sub_status.milestone]
    if same:
        return told
    placed = [*told, (summary.at, summary.sub_status)]
    return sorted(placed, key=lambda item: (item[0], _rank(item[1])))


def _rank(sub_status: SubStatus | None) -> int:
    return -1 if sub_status is None else _RANK[sub_status.milestone]


def _order(item: tuple[datetime, int, bytes, SubStatus | None]) -> tuple[datetime, int, str, bytes]:
    return item[0], item[1], item[3] or "", item[2]
