"""One parcel's card: its progress line and its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aftermile.capabilities.shipments.public import ParcelView, TrackingEventView
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.connectors.recognition import couriers
from aftermile.doors.shopper.presenters.moments import Clock, Moment
from aftermile.doors.shopper.presenters.naming import (
    carrier_name,
    initials,
    milestone_of,
    place_of,
    sub_status_of,
)
from aftermile.doors.shopper.presenters.standing import ENDS, Context, Standing
from aftermile.doors.shopper.presenters.words import DELIVERIES, SCANS, TROUBLES, Tone

M = Milestone


class StepState(StrEnum):
    DONE = "done"
    NOW = "now"
    HELD = "held"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    state: StepState
    when: Moment | None


@dataclass(frozen=True, slots=True)
class Scan:
    """One line of the history; `theirs` are the carrier's own words, empty where ours say the same."""

    when: Moment
    ours: str
    place: str
    theirs: str


@dataclass(frozen=True, slots=True)
class ParcelCard:
    title: str
    state: str
    tone: Tone
    steps: tuple[Step, ...]
    carrier: str
    tracking_number: str
    carrier_link: str
    contents: tuple[str, ...]
    scans: tuple[Scan, ...]
    signed_by: str


def card_of(
    parcel: ParcelView, standing: Standing, about: Context, *, title: str, contents: Sequence[str]
) -> ParcelCard:
    """Lay out one parcel below the headline."""
    clock = about.clock
    link = ""
    known = couriers().get(parcel.carrier) if parcel.carrier else None
    if about.links_to_carriers and known and known.tracking_url and _is_plain(parcel.tracking_number):
        link = known.tracking_url.replace("{tracking_number}", parcel.tracking_number)
    return ParcelCard(
        title=title,
        state=standing.headline,
        tone=standing.tone,
        steps=_steps(parcel, about),
        carrier=carrier_name(parcel),
        tracking_number=parcel.tracking_number,
        carrier_link=link,
        contents=tuple(contents),
        scans=tuple(_scan(event, _told(event, parcel), clock) for event in parcel.events),
        signed_by=initials(parcel.signed_by),
    )


_STEPS = ("Ordered", "Packed", "On its way", "Out for delivery", "Delivered")
_REACHED = {
    M.PENDING: 1, M.INFO_RECEIVED: 1, M.IN_TRANSIT: 2, M.EXPIRED: 2, M.CANCELLED: 1, M.EXCEPTION: 2,
    M.OUT_FOR_DELIVERY: 3, M.ATTEMPT_FAILED: 3, M.AVAILABLE_FOR_PICKUP: 3, M.DELIVERED: 4, M.RETURNING: 3,
    M.RETURNED: 4,
}  # fmt: skip


def _steps(parcel: ParcelView, about: Context) -> tuple[Step, ...]:
    clock, milestone = about.clock, milestone_of(parcel)
    first = {
        each: _first(parcel.events, each) for each in (M.INFO_RECEIVED, M.IN_TRANSIT, M.OUT_FOR_DELIVERY)
    }
    names = list(_STEPS)
    times: list[datetime | None] = [
        about.placed_at,
        first[M.INFO_RECEIVED],
        first[M.IN_TRANSIT] or parcel.shipped_at,
        first[M.OUT_FOR_DELIVERY],
        parcel.delivered_at,
    ]
    reached = _REACHED[milestone]
    state = StepState.DONE if milestone is M.DELIVERED else StepState.NOW
    sub = sub_status_of(parcel.sub_status)
    trouble = TROUBLES.get(sub) if sub else None
    if milestone is M.AVAILABLE_FOR_PICKUP:
        names[3:] = ["Ready to collect", "Collected"]
        times[3] = parcel.reached_at
    elif milestone is M.DELIVERED and sub is not None:
        names[4] = SCANS[sub] if sub in DELIVERIES else "Delivered"
    if milestone in (M.RETURNING, M.RETURNED):
        names[3:] = ["Going back", "Back at the shop"]
        times[3:] = [_first(parcel.events, M.RETURNING), parcel.reached_at]
        state = StepState.HELD
    elif trouble is not None:
        if milestone is M.EXCEPTION and first[M.OUT_FOR_DELIVERY]:
            reached = 3
        if sub in ENDS:
            reached += 1
        names[reached], times[reached], state = trouble.mark, parcel.reached_at, StepState.HELD
    if sub in ENDS:
        del names[reached + 1 :]
    return tuple(
        Step(
            name=name,
            state=StepState.DONE if place < reached else state if place == reached else StepState.AHEAD,
            when=clock.moment(at, day_only=place < reached) if at and place <= reached else None,
        )
        for place, (name, at) in enumerate(zip(names, times, strict=False))
    )


def _first(events: Sequence[TrackingEventView], milestone: Milestone) -> datetime | None:
    return min((event.occurred_at for event in events if event.milestone == milestone), default=None)


def _told(event: TrackingEventView, parcel: ParcelView) -> SubStatus | None:
    """Read a scan as the parcel's own reading does: a delivery at the end of the way back is a return."""
    is_the_end = parcel.reached_at is not None and event.occurred_at >= parcel.reached_at
    if is_the_end and event.milestone == M.DELIVERED and milestone_of(parcel) is M.RETURNED:
        return SubStatus.RETURNED
    return sub_status_of(event.sub_status)


def _scan(event: TrackingEventView, sub_status: SubStatus | None, clock: Clock) -> Scan:
    ours = SCANS.get(sub_status, "") if sub_status else ""
    theirs = event.description or ("" if ours else event.code)
    if not ours:
        ours, theirs = theirs or "Scanned", ""
    elif theirs.strip(" .").casefold() == ours.casefold():
        theirs = ""
    when = clock.moment(event.occurred_at, day_only=event.time_precision == "day")
    return Scan(when, ours, place_of(event), theirs)


def _is_plain(number: str) -> bool:
    return number.isascii() and number.isalnum()
