"""Count how the deliveries of single days fared."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from aftermile.capabilities.exceptions.figures import SHOWN_DAYS, Arrival, counts_of
from aftermile.capabilities.exceptions.models import DeliveryDay, ShippingException, Watch
from aftermile.capabilities.exceptions.operations.facts import today_of
from aftermile.capabilities.orders.public import promises
from aftermile.capabilities.shipments.public import Delivery, deliveries
from aftermile.kernel.calendars import zone_of
from aftermile.kernel.ids import uuid7
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.rowsets import insert, run
from aftermile.kernel.tenancy import current_merchant_id

#: Scans come late: so many days are counted anew each time, all days shown once a day.
RECENT_DAYS = 3
_AT_ONCE = 2000


def days_to_count(*, at: datetime) -> list[date]:
    """Return the days whose deliveries are to be counted now, the newest first; today is not over and not in it."""
    today = today_of(current_merchant(), at).day
    counted_on = Watch.rows().filter(id=current_merchant_id()).values_list("counted_on", flat=True).first()
    count = RECENT_DAYS if counted_on == today else SHOWN_DAYS
    return [today - timedelta(days=back) for back in range(1, count + 1)]


def count_deliveries(*, day: date) -> None:
    """Count the deliveries of a day, over what was counted of it before. Repeating it changes nothing."""
    zone = zone_of(current_merchant().time_zone)
    since, until = (datetime.combine(each, time.min, zone) for each in (day, day + timedelta(days=1)))
    arrivals: list[Arrival] = []
    after: tuple[datetime, UUID] | None = None
    while True:
        page = deliveries(since=since, until=until, after=after, limit=_AT_ONCE)
        arrivals += _arrivals(page, day)
        if len(page) < _AT_ONCE:
            break
        after = page[-1].delivered_at, page[-1].parcel_id
    counted = counts_of(arrivals)
    row = {
        "id": uuid7(), "day": day, "delivered": counted.delivered, "promised": counted.promised, "kept": counted.kept,
        "first_attempt": counted.first_attempt, "unaided": counted.unaided, "tenths": dict(counted.tenths),
    }  # fmt: skip
    columns = tuple(row)
    taken = ", ".join(f"{name} = excluded.{name}" for name in columns[2:])
    run(
        insert(
            DeliveryDay, columns, [row], on_conflict=f"ON CONFLICT (merchant_id, day) DO UPDATE SET {taken}"
        )
    )


def note_counted(*, at: datetime) -> None:
    """Note that all days shown were counted today."""
    today = today_of(current_merchant(), at).day
    Watch.rows().filter(id=current_merchant_id()).update(counted_on=today)


def _arrivals(page: list[Delivery], day: date) -> list[Arrival]:
    promised = promises({order_id for one in page for order_id in one.order_ids})
    ids = [one.parcel_id for one in page]
    aided = set(ShippingException.rows().filter(subject_id__in=ids).values_list("subject_id", flat=True))
    arrivals = []
    for one in page:
        orders = [promised[order_id] for order_id in one.order_ids if order_id in promised]
        placed = [order.placed_at for order in orders if order.placed_at]
        due = [order.latest_date for order in orders if order.latest_date]
        arrivals.append(
            Arrival(
                delivered_on=day,
                delivered_at=one.delivered_at,
                placed_at=min(placed, default=None),
                promised_latest=min(due, default=None),
                first_attempt=one.attempt_count == 0,
                aided=one.parcel_id in aided,
            )
        )
    return arrivals
