"""A parcel as a letter tells of it: where it is, when it comes, and what holds it up."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from aftermile.capabilities.messaging.templates.milestones import (
    HELD_UP,
    REASONS,
    REASONS_BY_CAUSE,
    STEPS,
    WAITING,
)
from aftermile.capabilities.messaging.templates.values import Parcel, Step
from aftermile.capabilities.shipments.public import ParcelView
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.connectors.recognition import couriers
from aftermile.kernel.languages import Tongue

M = Milestone
_SUB_STATUSES = {each.value: each for each in SubStatus}
# How far along the steps a milestone is; what is in trouble stands where it was last seen moving.
_REACHED = {
    M.PENDING: 0,
    M.INFO_RECEIVED: 0,
    M.IN_TRANSIT: 2,
    M.EXCEPTION: 2,
    M.EXPIRED: 2,
    M.OUT_FOR_DELIVERY: 3,
    M.ATTEMPT_FAILED: 3,
    M.AVAILABLE_FOR_PICKUP: 3,
    M.DELIVERED: 4,
}
_TROUBLES = frozenset({M.EXCEPTION, M.ATTEMPT_FAILED, M.EXPIRED})


def carrier_of(parcel: ParcelView) -> str:
    """Name the carrier as people know it, else as the source wrote it."""
    known = couriers().get(parcel.carrier) if parcel.carrier else None
    return known.name if known else parcel.carrier_name


def parcel_values(
    parcel: ParcelView,
    *,
    placed_at: datetime | None,
    titles: str,
    tongue: Tongue,
    zone: ZoneInfo,
    at: datetime,
) -> Parcel:
    """Say a parcel in a tongue and a time zone, as it is at a moment."""
    today = at.astimezone(zone).date()
    milestone = next((each for each in M if each.value == parcel.milestone), M.PENDING)
    days = [_day(text, zone) for text in (parcel.estimate_earliest, parcel.estimate_latest)]
    known = sorted(day for day in days if day is not None)
    is_ahead = bool(known) and known[-1] >= today and milestone is not M.DELIVERED
    return Parcel(
        milestone=milestone.value,
        carrier=carrier_of(parcel),
        number=parcel.tracking_number,
        window=tongue.days(known[0], known[-1], near=today) if is_ahead else "",
        hours=_hours(parcel, tongue, zone) if is_ahead else "",
        place=_place(parcel, milestone),
        delivered_on=tongue.day(parcel.delivered_at.astimezone(zone).date(), near=today)
        if parcel.delivered_at
        else "",
        reason=_reason(parcel, tongue),
        steps=_steps(parcel, milestone, placed_at, tongue, zone, today),
        titles=titles,
    )


def _steps(
    parcel: ParcelView,
    milestone: Milestone,
    placed_at: datetime | None,
    tongue: Tongue,
    zone: ZoneInfo,
    today: date,
) -> tuple[Step, ...]:
    """Lay out the way; nothing for a parcel that has left it (coming back, called off)."""
    if milestone not in _REACHED:
        return ()
    reached = _REACHED[milestone]
    first = {
        event.milestone: event.occurred_at for event in parcel.events
    }  # newest first, so the first one stays
    moments = {
        "ordered": placed_at,
        "shipped": parcel.shipped_at or parcel.first_event_at,
        "in_transit": first.get(M.IN_TRANSIT.value),
        "out_for_delivery": first.get(M.OUT_FOR_DELIVERY.value),
        "delivered": parcel.delivered_at,
    }
    if milestone is M.INFO_RECEIVED or (milestone is M.PENDING and parcel.shipped_at is None):
        moments["shipped"] = None
    elif milestone is M.PENDING:
        reached = 1
    steps: list[Step] = []
    for place, (key, name) in enumerate(STEPS):
        is_now = place == reached
        said = tongue.say(name)
        if is_now and milestone is M.AVAILABLE_FOR_PICKUP:
            said = tongue.say(WAITING)
        elif is_now and milestone is M.EXCEPTION:
            said = tongue.say(HELD_UP)
        moment = moments[key] if place <= reached else None
        steps.append(
            Step(
                name=said,
                at=tongue.short_day(moment.astimezone(zone).date(), near=today) if moment else "",
                is_done=place <= reached,
                is_now=is_now and milestone is not M.DELIVERED,
                is_trouble=is_now and milestone in _TROUBLES,
            )
        )
    return tuple(steps)


def _reason(parcel: ParcelView, tongue: Tongue) -> str:
    sub_status = _SUB_STATUSES.get(parcel.sub_status)
    if sub_status is None:
        return ""
    said = REASONS.get(sub_status) or (REASONS_BY_CAUSE.get(sub_status.cause) if sub_status.cause else None)
    return tongue.say(said) if said else ""


def _place(parcel: ParcelView, milestone: Milestone) -> str:
    """Name the place where it waits; where it was left is told only by the carrier's own page."""
    if milestone is not M.AVAILABLE_FOR_PICKUP:
        return ""
    event = next((each for each in parcel.events if each.milestone == milestone.value), None)
    if event is None:
        return ""
    name, city = event.place_name.strip(), event.city.strip()
    if not name or not city or city.casefold() in name.casefold():
        return name or city
    return f"{name}, {city}"


def _day(written: str, zone: ZoneInfo) -> date | None:
    """Read one end of an estimate: a day stays that day in every zone, a moment is a day in the shopper's."""
    if not written:
        return None
    if len(written) == 10:
        return date.fromisoformat(written)
    moment = datetime.fromisoformat(written)
    return moment.astimezone(zone).date() if moment.tzinfo else moment.date()


def _hours(parcel: ParcelView, tongue: Tongue, zone: ZoneInfo) -> str:
    ends = (parcel.estimate_earliest, parcel.estimate_latest)
    if any(len(end) <= 10 for end in ends):
        return ""
    first, last = (datetime.fromisoformat(end) for end in ends)
    if not (first.tzinfo and last.tzinfo and first < last):
        return ""
    first, last = first.astimezone(zone), last.astimezone(zone)
    return tongue.hours(first, last) if first.date() == last.date() else ""
