"""Look at estimates, many at a time: the same handful of statements however many parcels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from aftermile.capabilities.orders.public import OrderPromise, reading_promises, reading_waiting_orders
from aftermile.capabilities.promises.learning.forecasting import Forecast
from aftermile.capabilities.promises.live_model import DamagedModel, LiveModel, reading_live_model
from aftermile.capabilities.promises.models import Estimate, EstimateRevision, Renewal
from aftermile.capabilities.promises.operations.model_life import note_damage
from aftermile.capabilities.promises.renewing import LOOKED_AT, WRITTEN, Bench, Renewed, hand_on
from aftermile.capabilities.promises.renewing import renew as renew_one
from aftermile.capabilities.promises.rules import rule_windows
from aftermile.capabilities.promises.subjects import Subject, order_subject, parcel_subject
from aftermile.capabilities.promises.trust import EstimateSettings, reading_estimate_settings
from aftermile.capabilities.shipments.public import (
    OPEN_MILESTONES,
    Passage,
    open_passages,
    reading_passages,
    reading_shipped_among,
)
from aftermile.capabilities.shipping.public import Shipping, reading_shipping
from aftermile.connectors.contracts.words import Milestone
from aftermile.kernel.calendars import zone_of
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.reads import Read, answered, side_by_side
from aftermile.kernel.rowsets import Row, id_array, ids_in, insert, plan_anew, run, run_later, select, update
from aftermile.kernel.tenancy import current_merchant_id

T = TypeVar("T")

#: Who acts when time or a carrier does.
BY_ITSELF = "system"


def renew_parcels(*, parcel_ids: Collection[UUID], at: datetime) -> int:
    """Look at the estimates of parcels as they are now; return how many changed for people to see.

    Normal: what was scanned, named by the carrier, delivered or cancelled is taken in, and what is new is told.
    Repeats change nothing, and neither does the order in which parcels are looked at.
    """
    if not parcel_ids:
        return 0
    shop, found, held = _taken(
        lambda: side_by_side(_reading_shop(), reading_passages(parcel_ids), _reading_held(parcel_ids))
    )
    return _renew(shop, found, held, (), at=at)


def renew_orders(*, order_ids: Collection[UUID], at: datetime) -> int:
    """Look at the estimates of orders nothing of which was handed over; return how many changed.

    An order of which something was shipped, or that is cancelled, is expected no longer: its parcels are.
    """
    if not order_ids:
        return 0
    shop, orders, held = _taken(
        lambda: side_by_side(_reading_shop(), _reading_orders(order_ids, at), _reading_held(order_ids))
    )
    return _renew(shop, (), held, orders, at=at)


def renew_due(*, at: datetime, limit: int) -> int:
    """Look at the estimates that are due without a scan, the longest waiting first; return how many those were."""
    take_renewal()
    due = list(
        Estimate.rows().filter(due_at__lte=at).order_by("due_at").values_list("parcel_id", "order_id")[:limit]
    )
    if due:
        parcel_ids = {parcel_id for parcel_id, _ in due if parcel_id is not None}
        order_ids = {order_id for parcel_id, order_id in due if parcel_id is None and order_id is not None}
        shop, found, orders, held = _taken(
            lambda: side_by_side(
                _reading_shop(),
                reading_passages(parcel_ids),
                _reading_orders(order_ids, at),
                _reading_held(parcel_ids | order_ids),
            )
        )
        _renew(shop, found, held, orders, at=at)
    return len(due)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a sweep has come: `after` is the last parcel of the milestone that was looked at."""

    milestone: Milestone
    after: UUID | None = None


FIRST = Place(OPEN_MILESTONES[0])


def sweep(*, place: Place, at: datetime, limit: int) -> Place | None:
    """Look at the next open parcels, whether due or not; return where to go on, None when all were seen."""
    take_renewal()
    found = open_passages(milestone=place.milestone, after=place.after, limit=limit)
    if found:
        shop, held = _taken(
            lambda: side_by_side(_reading_shop(), _reading_held([one.parcel_id for one in found]))
        )
        _renew(shop, found, held, (), at=at)
    if len(found) == limit:
        return Place(place.milestone, found[-1].parcel_id)
    following = OPEN_MILESTONES[OPEN_MILESTONES.index(place.milestone) + 1 :]
    return Place(following[0]) if following else None


def take_renewal() -> Row:
    """Make every other renewal of this merchant wait for our commit; return the row of what is known of them.

    Two who look at one parcel at once could otherwise write the older estimate over the newer.
    """
    return _taken(_reading_renewal)


def _reading_renewal() -> Read[Row]:
    """Take the renewal: whatever is read behind it, in one trip with it, is as it is once we have it."""
    columns = ("id", "swept_on", "accuracy", "measured_on")
    (rows,) = yield [select(Renewal, columns, "id = %s", [current_merchant_id()], then="FOR UPDATE")]
    if not rows:
        raise _NeverTaken
    row: Row = rows[0]
    return row


class _NeverTaken(Exception):
    """This is the merchant's first renewal: there is no row to be locked yet."""


def _taken(reading: Callable[[], Read[T]]) -> T:
    """Read what begins with taking the renewal."""
    # A plan kept from when the shop was new would look through all its scans for each parcel.
    plan_anew()
    try:
        return answered(reading())
    except _NeverTaken:
        fresh = {"id": current_merchant_id(), "accuracy": {}, "training_failed": ""}
        run(insert(Renewal, tuple(fresh), [fresh], on_conflict="ON CONFLICT DO NOTHING"))
    return answered(reading())


@dataclass(frozen=True, slots=True)
class _Shop:
    """What estimates of a shop are made by."""

    shipping: Shipping
    settings: EstimateSettings
    live: LiveModel | DamagedModel | None
    accuracy: Mapping[str, Mapping[str, Sequence[float]]]


def _reading_shop() -> Read[_Shop]:
    renewal, offered, settings, live = yield from side_by_side(
        _reading_renewal(), reading_shipping(), reading_estimate_settings(), _reading_live()
    )
    return _Shop(offered, settings, live, renewal["accuracy"])


def _reading_live() -> Read[LiveModel | DamagedModel | None]:
    try:
        return (yield from reading_live_model())
    except DamagedModel as damaged:
        return damaged


def _reading_held(ids: Collection[UUID]) -> Read[dict[UUID, Row]]:
    """Read the rows of parcels and orders, by id."""
    if not ids:
        return {}
    (rows,) = yield [select(Estimate, ("id", *WRITTEN), ids_in("subject_id"), [id_array(sorted(ids))])]
    return {row["subject_id"]: row for row in rows}


def _reading_orders(order_ids: Collection[UUID], at: datetime) -> Read[list[tuple[OrderPromise, bool]]]:
    """Read what was promised of orders, and whether each still waits for its first parcel."""
    if not order_ids:
        return []
    found, waiting, shipped = yield from side_by_side(
        reading_promises(order_ids),
        reading_waiting_orders(
            placed_from=datetime.min.replace(tzinfo=at.tzinfo),
            placed_to=datetime.max.replace(tzinfo=at.tzinfo),
            limit=len(order_ids),
            among=order_ids,
        ),
        reading_shipped_among(order_ids),
    )
    open_ids = {order.order_id for order in waiting} - shipped
    return [(found[order_id], order_id in open_ids) for order_id in sorted(found)]


def _renew(
    shop: _Shop,
    found: Sequence[Passage],
    held: Mapping[UUID, Row],
    orders: Sequence[tuple[OrderPromise, bool]],
    *,
    at: datetime,
) -> int:
    merchant = shop.shipping.merchant
    zone = zone_of(merchant.time_zone)
    order_ids = {order_id for passage in found for order_id in passage.order_ids}
    promised, of_orders = answered(side_by_side(reading_promises(order_ids), _reading_held(order_ids)))
    parcels = [parcel_subject(passage, promised, home=merchant.country) for passage in found]
    subjects = [
        *parcels,
        *(order_subject(order, home=merchant.country, waits=waits, at=at) for order, waits in orders),
    ]
    live = shop.live
    if isinstance(live, DamagedModel):
        note_damage(version_id=live.version_id, why=str(live), at=at)
        live = None
    bench = Bench(
        at=at,
        zone=zone,
        settings=shop.settings,
        model=str(live.version_id) if live is not None else "",
        accuracy=shop.accuracy,
    )
    asked = [subject for subject in subjects if not subject.is_over]
    forecasts = _forecasts(live, asked, bench)
    ruled = rule_windows(asked, shop.shipping, zone)
    renewed = []
    for subject in subjects:
        row = held.get(subject.id)
        if row is None and subject.parcel_id is not None and subject.order_id in of_orders:
            row = hand_on(of_orders[subject.order_id], subject)
        one = renew_one(
            subject, row, forecast=forecasts.get(subject.id), ruled=ruled.get(subject.id), bench=bench
        )
        if one is not None:
            renewed.append(one)
    _write(renewed, _superseded(parcels, of_orders, at), at=at)
    return sum(one.revision is not None for one in renewed)


def _forecasts(live: LiveModel | None, subjects: Sequence[Subject], bench: Bench) -> dict[UUID, Forecast]:
    if live is None or not subjects:
        return {}
    questions = [subject.question(at=bench.at, zone=bench.zone) for subject in subjects]
    answers = live.model.forecast(questions)
    pairs = zip(subjects, answers, strict=True)
    return {subject.id: answer for subject, answer in pairs if answer is not None}


def _superseded(subjects: Sequence[Subject], of_orders: Mapping[UUID, Row], at: datetime) -> list[Row]:
    """Close the estimates of orders whose parcels are expected now."""
    concerned = {subject.order_id for subject in subjects}
    return [
        {"id": row["id"], "closed_at": at, "due_at": None}
        for order_id, row in sorted(of_orders.items())
        if order_id in concerned and row["closed_at"] is None
    ]


def _write(renewed: Sequence[Renewed], superseded: Sequence[Row], *, at: datetime) -> None:
    new = [one.row for one in renewed if one.is_new]
    for row, row_id in zip(new, uuid7_many(len(new)), strict=True):
        row["id"] = row_id
    changed = [one.row for one in renewed if one.is_changed and not one.is_new]
    looked_at = [one.row for one in renewed if not one.is_changed and one.row["due_at"] is not None]
    revisions = [one.revision for one in renewed if one.revision is not None]
    ids = uuid7_many(len(revisions))
    run_later(
        insert(Estimate, ("id", *WRITTEN), [_only(row) for row in new]),
        update(Estimate, WRITTEN, changed),
        update(Estimate, LOOKED_AT, looked_at),
        update(Estimate, ("closed_at", "due_at"), superseded),
        insert(
            EstimateRevision,
            ("id", *_REVISION),
            [{**row, "id": row_id} for row, row_id in zip(revisions, ids, strict=True)],
            on_conflict="ON CONFLICT (merchant_id, subject_id, revision) DO NOTHING",
        ),
    )
    publish(*(event for one in renewed for event in one.events), by=BY_ITSELF, at=at)


_REVISION = (
    "subject_id", "revision", "stage", "earliest_at", "likely_at", "latest_at", "precision", "source", "confidence",
    "basis", "reason", "at",
)  # fmt: skip


def _only(row: Row) -> Row:
    return {name: row[name] for name in ("id", *WRITTEN)}
