"""Parcels that arrived, with what figures are made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from aftermile.capabilities.exceptions.figures import Arrival
from aftermile.capabilities.exceptions.models import ShippingException
from aftermile.capabilities.orders.public import promises
from aftermile.capabilities.shipments.public import Delivery, deliveries
from aftermile.kernel.calendars import zone_of
from aftermile.kernel.merchants import current_merchant

_AT_ONCE = 2000


def arrivals(*, first: date, last: date) -> Iterator[Arrival]:
    """Read the parcels delivered on the days from one to another, by the shop's clock: three statements each 2,000."""
    zone = zone_of(current_merchant().time_zone)
    since, until = (datetime.combine(day, time.min, zone) for day in (first, last + timedelta(days=1)))
    after: tuple[datetime, UUID] | None = None
    while True:
        page = deliveries(since=since, until=until, after=after, limit=_AT_ONCE)
        promised = promises({order_id for one in page for order_id in one.order_ids})
        aided = _aided(page)
        for one in page:
            orders = [promised[order_id] for order_id in one.order_ids if order_id in promised]
            yield Arrival(
                parcel_id=one.parcel_id,
                order_id=one.order_ids[0] if one.order_ids else None,
                delivered_on=one.delivered_at.astimezone(zone).date(),
                delivered_at=one.delivered_at,
                placed_at=min((order.placed_at for order in orders if order.placed_at), default=None),
                promised_latest=min(
                    (order.latest_date for order in orders if order.latest_date), default=None
                ),
                first_attempt=one.attempt_count == 0,
                aided=one.parcel_id in aided,
            )
        if len(page) < _AT_ONCE:
            return
        after = page[-1].delivered_at, page[-1].parcel_id


def _aided(page: list[Delivery]) -> set[UUID]:
    ids = [one.parcel_id for one in page]
    return set(ShippingException.rows().filter(subject_id__in=ids).values_list("subject_id", flat=True))
