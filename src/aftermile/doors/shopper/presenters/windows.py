"""The days a parcel is waited for: what was promised, what the carrier estimates, and the hours it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from aftermile.capabilities.promises.public import EstimateView, our_days, with_our_days
from aftermile.capabilities.shipments.public import ParcelView, ShipmentView
from aftermile.doors.shopper.presenters.moments import Clock
from aftermile.kernel.calendars import zone_of
from aftermile.kernel.merchants import MerchantView

Window = tuple[date, date]


def estimate_of(parcel: ParcelView, clock: Clock) -> Window | None:
    """Read the carrier's own estimate; None when it has made none."""
    days = [_day(text, clock) for text in (parcel.estimate_earliest, parcel.estimate_latest)]
    known = [day for day in days if day is not None]
    return (min(known), max(known)) if known else None


def with_our_estimates(
    shipments: Sequence[ShipmentView], estimates: Mapping[UUID, EstimateView], merchant: MerchantView
) -> tuple[list[ShipmentView], frozenset[UUID]]:
    """Put our own estimates where they are what shoppers are told. Returns the parcels whose days are ours now, too."""
    zone = zone_of(merchant.time_zone)
    ours = frozenset(parcel_id for parcel_id, one in estimates.items() if our_days(one, zone) is not None)
    return with_our_days(shipments, estimates, zone), ours


def hours_of(parcel: ParcelView, clock: Clock) -> str:
    """Write the hours of one day that the carrier names ("10:00–14:00"); "" when it names none."""
    ends = (parcel.estimate_earliest, parcel.estimate_latest)
    if any(len(end) <= 10 for end in ends):
        return ""
    first, last = (clock.local(datetime.fromisoformat(end)) for end in ends)
    if first >= last or first.date() != last.date():
        return ""
    return clock.tongue.hours(first, last)


def moments_of(parcel: ParcelView) -> tuple[datetime, datetime] | None:
    """Read the carrier's estimate as two moments; None when it names days only."""
    ends = (parcel.estimate_earliest, parcel.estimate_latest)
    if any(len(end) <= 10 for end in ends):
        return None
    first, last = (datetime.fromisoformat(end) for end in ends)
    return (first, last) if first.tzinfo and last.tzinfo and first < last else None


def _day(written: str, clock: Clock) -> date | None:
    """Read one end: a day stays that day in every zone, a moment is a day in the page's zone."""
    if not written:
        return None
    if len(written) == 10:
        return date.fromisoformat(written)
    moment = datetime.fromisoformat(written)
    return clock.local(moment).date() if moment.tzinfo else moment.date()
