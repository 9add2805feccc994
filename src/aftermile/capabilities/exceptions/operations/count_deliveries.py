"""Count how the deliveries of single days fared."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from aftermile.capabilities.exceptions.arrivals import arrivals
from aftermile.capabilities.exceptions.figures import SHOWN_DAYS, counts_of
from aftermile.capabilities.exceptions.models import DeliveryDay, Watch
from aftermile.capabilities.exceptions.operations.facts import today_of
from aftermile.kernel.ids import uuid7
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.rowsets import insert, run
from aftermile.kernel.tenancy import current_merchant_id

#: Scans come late: so many days are counted anew each time, all days shown once a day.
RECENT_DAYS = 3


def days_to_count(*, at: datetime) -> list[date]:
    """Return the days whose deliveries are to be counted now, the newest first; today is not over and not in it."""
    today = today_of(current_merchant(), at).day
    counted_on = Watch.rows().filter(id=current_merchant_id()).values_list("counted_on", flat=True).first()
    count = RECENT_DAYS if counted_on == today else SHOWN_DAYS
    return [today - timedelta(days=back) for back in range(1, count + 1)]


def count_deliveries(*, day: date) -> None:
    """Count the deliveries of a day, over what was counted of it before. Repeating it changes nothing."""
    counted = counts_of(arrivals(first=day, last=day))
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
