"""Judge parcels and orders, and settle their exceptions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from aftermile.capabilities.exceptions.events import ExceptionReopened
from aftermile.capabilities.exceptions.models import ShippingException
from aftermile.capabilities.exceptions.operations.facts import Bench, take_watch
from aftermile.capabilities.exceptions.operations.settle import BY_ITSELF, Judged, settle, take_held
from aftermile.capabilities.exceptions.policy import (
    STALE_DAYS,
    OrderFacts,
    how_it_ended,
    judge,
    judge_order,
)
from aftermile.capabilities.exceptions.states import Ending, State
from aftermile.capabilities.orders.public import WaitingOrder, waiting_orders
from aftermile.capabilities.shipments.public import (
    OPEN_MILESTONES,
    WatchedParcel,
    open_parcels,
    shipped_among,
    watched_parcels,
)
from aftermile.connectors.contracts.words import Milestone
from aftermile.kernel.events import publish
from aftermile.kernel.rowsets import Row, Statement, id_array, ids_in, run, select
from aftermile.kernel.tenancy import current_merchant_id


@dataclass(frozen=True, slots=True)
class Place:
    """How far the watch has come: `after` is the last parcel of the milestone that was looked at."""

    milestone: Milestone
    after: UUID | None = None


FIRST = Place(OPEN_MILESTONES[0])


def judge_parcels(*, parcel_ids: Collection[UUID], at: datetime) -> None:
    """Judge these parcels as they are now: opens, changes and resolves their exceptions.

    Repeats change nothing, and neither does the order in which parcels are judged.
    """
    if not parcel_ids:
        return
    thresholds = take_watch()
    _judge(watched_parcels(parcel_ids), Bench(thresholds=thresholds, at=at))


def watch_parcels(*, place: Place, at: datetime, limit: int) -> tuple[Place | None, list[UUID]]:
    """Judge the next open parcels; return where to go on (None: all were seen) and which were judged."""
    thresholds = take_watch()
    parcels = open_parcels(milestone=place.milestone, after=place.after, limit=limit)
    _judge(parcels, Bench(thresholds=thresholds, at=at))
    seen = [parcel.id for parcel in parcels]
    if len(parcels) == limit:
        return Place(place.milestone, seen[-1]), seen
    following = OPEN_MILESTONES[OPEN_MILESTONES.index(place.milestone) + 1 :]
    return (Place(following[0]) if following else None), seen


def watch_orders(
    *, at: datetime, after: tuple[datetime, UUID] | None, limit: int
) -> tuple[datetime, UUID] | None:
    """Judge the next orders that nothing was shipped of; return where to go on, None when all were seen."""
    bench = Bench(thresholds=take_watch(), at=at)
    orders = waiting_orders(
        placed_from=at - timedelta(days=STALE_DAYS),
        # At least that many days are as many business days.
        placed_to=at - timedelta(days=bench.thresholds.not_shipped_business_days - 1),
        after=after,
        limit=limit,
    )
    ids = [order.order_id for order in orders]
    _judge_orders(ids, orders, take_held(ids), bench)
    return (orders[-1].placed_at, orders[-1].order_id) if len(orders) == limit else None


def judge_orders(*, order_ids: Collection[UUID], at: datetime) -> None:
    """Judge anew the orders among these that have an exception: shipped, cancelled, paid back or still waiting."""
    if not order_ids:
        return
    thresholds = take_watch()
    held = take_held(sorted(order_ids))
    if not held:
        return
    orders = waiting_orders(
        placed_from=datetime.min.replace(tzinfo=at.tzinfo), placed_to=at, limit=len(held), among=held
    )
    _judge_orders(list(held), orders, held, Bench(thresholds=thresholds, at=at))


def wake_due(*, at: datetime) -> int:
    """Wake what was put off until now; returns how many."""
    woken = run(
        Statement(
            "UPDATE exceptions_exception SET state = %s, snoozed_until = NULL, changed_at = %s, revision = revision + 1"
            " WHERE merchant_id = %s AND id IN (SELECT id FROM exceptions_exception WHERE merchant_id = %s"
            " AND state = %s AND snoozed_until <= %s ORDER BY id FOR UPDATE) RETURNING id",
            (State.OPEN.value, at, current_merchant_id(), current_merchant_id(), State.SNOOZED.value, at),
            list,
        )
    )[0]
    publish(*(ExceptionReopened(exception_id=row_id) for (row_id,) in sorted(woken)), by=BY_ITSELF, at=at)
    return len(woken)


def held_among(subject_ids: Collection[UUID]) -> list[UUID]:
    """Return the subjects among these that have an exception which is not done: one statement by index."""
    if not subject_ids:
        return []
    condition = f"{ids_in('subject_id')} AND state <> 'done'"
    (rows,) = run(select(ShippingException, ("subject_id",), condition, [id_array(subject_ids)]))
    return sorted({row["subject_id"] for row in rows})


def parcels_held() -> list[UUID]:
    """Return all parcels that have an exception which is not done."""
    return _subjects(_not_done().exclude(parcel_id=None))


def orders_held() -> list[UUID]:
    """Return all orders that have an exception of their own which is not done."""
    return _subjects(_not_done().filter(parcel_id=None))


def _not_done() -> QuerySet[ShippingException]:
    return ShippingException.rows().exclude(state=State.DONE)


def _subjects(rows: QuerySet[ShippingException]) -> list[UUID]:
    return list(rows.order_by("subject_id").values_list("subject_id", flat=True).distinct())


def _judge(parcels: Sequence[WatchedParcel], bench: Bench) -> None:
    facts = bench.facts(parcels)
    held = take_held([parcel.id for parcel in parcels])
    judged = []
    for parcel in parcels:
        known = facts[parcel.id]
        verdict = judge(known, bench.thresholds, bench.today)
        row = held.get(parcel.id)
        if verdict is None and row is None:
            continue
        judged.append(
            Judged(
                subject_id=parcel.id,
                parcel_id=parcel.id,
                order_id=parcel.order_ids[0] if parcel.order_ids else None,
                carrier=parcel.carrier,
                sub_status=parcel.sub_status,
                verdict=verdict,
                ending=how_it_ended(known, last_seen_at=row["last_seen_at"] if row else None),
            )
        )
    settle(judged, held=held, at=bench.at)


def _judge_orders(
    order_ids: Sequence[UUID], orders: Sequence[WaitingOrder], held: Mapping[UUID, Row], bench: Bench
) -> None:
    waiting = {order.order_id: order for order in orders}
    shipped = shipped_among(order_ids)
    judged = []
    for order_id in order_ids:
        order = waiting.get(order_id)
        verdict = (
            judge_order(
                OrderFacts(
                    placed_at=order.placed_at,
                    waits=True,
                    shipped=order_id in shipped,
                    promised_earliest=order.earliest_date,
                    promised_latest=order.latest_date,
                ),
                bench.thresholds,
                bench.today,
            )
            if order is not None
            else None
        )
        ending = Ending.SHIPPED if order_id in shipped else Ending.NO_LONGER if order else Ending.CANCELLED
        judged.append(
            Judged(
                subject_id=order_id, parcel_id=None, order_id=order_id, carrier="", sub_status="",
                verdict=verdict, ending=ending,
            )
        )  # fmt: skip
    settle(judged, held=held, at=bench.at)
