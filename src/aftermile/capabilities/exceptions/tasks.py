"""What time alone brings: looked for every quarter of an hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from aftermile.capabilities.exceptions.operations.count_deliveries import (
    count_deliveries,
    days_to_count,
    note_counted,
)
from aftermile.capabilities.exceptions.operations.incidents import look_for_incidents, measure_lanes
from aftermile.capabilities.exceptions.operations.judge import (
    FIRST,
    Place,
    judge_orders,
    judge_parcels,
    orders_held,
    parcels_held,
    wake_due,
    watch_orders,
    watch_parcels,
)
from aftermile.capabilities.exceptions.operations.queue_watch import WATCH, queue_watch
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.tenancy import merchant_scope, run_in_scope

#: Parcels judged in one transaction.
AT_ONCE = 2000


@jobs.periodic("exceptions.watch_all", cron="*/15 * * * *")
def watch_all() -> None:
    """Queue the watch of each merchant; one that still runs is not queued again."""
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            queue_watch(merchant.id)


@jobs.job(WATCH)
def watch_merchant(merchant_id: UUID, _payload: jobs.Payload) -> None:
    """Judge all that is open."""
    watch(merchant_id, at=now())


def watch(merchant_id: UUID, *, at: datetime, at_once: int = AT_ONCE) -> None:
    """Judge all open parcels and waiting orders of a merchant, in transactions of `at_once` each.

    Ends with the parcels that have an exception and are open no longer, whatever became of the event that said
    so.
    """
    run_in_scope(merchant_id, partial(wake_due, at=at))
    run_in_scope(merchant_id, partial(measure_lanes, at=at))
    # Before the parcels: those an incident concerns are no exceptions of their own.
    run_in_scope(merchant_id, partial(look_for_incidents, at=at))
    place: Place | None = FIRST
    seen = set[UUID]()
    while place is not None:
        step = partial(watch_parcels, place=place, at=at, limit=at_once)
        place, judged = run_in_scope(merchant_id, step)
        seen.update(judged)
    left = [parcel for parcel in run_in_scope(merchant_id, parcels_held) if parcel not in seen]
    for some in _in_parts(left, at_once):
        run_in_scope(merchant_id, partial(judge_parcels, parcel_ids=some, at=at))
    after: tuple[datetime, UUID] | None = None
    more = True
    while more:
        after = run_in_scope(merchant_id, partial(watch_orders, at=at, after=after, limit=at_once))
        more = after is not None
    for some in _in_parts(run_in_scope(merchant_id, orders_held), at_once):
        run_in_scope(merchant_id, partial(judge_orders, order_ids=some, at=at))
    for day in run_in_scope(merchant_id, partial(days_to_count, at=at)):
        run_in_scope(merchant_id, partial(count_deliveries, day=day))
    run_in_scope(merchant_id, partial(note_counted, at=at))


def _in_parts(ids: Sequence[UUID], size: int) -> list[Sequence[UUID]]:
    return [ids[first : first + size] for first in range(0, len(ids), size)]
