"""Light reads of many parcels at once, for those who watch over them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.shipments.models import TrackingEvent
from aftermile.capabilities.shipments.queries import TrackingEventView, view_of_scan
from aftermile.connectors.contracts.words import Milestone
from aftermile.kernel.reads import Read, answered
from aftermile.kernel.rowsets import Statement, id_array, run
from aftermile.kernel.tenancy import current_merchant_id

#: The milestones of parcels that are still somebody's concern.
OPEN_MILESTONES = (
    Milestone.PENDING, Milestone.INFO_RECEIVED, Milestone.IN_TRANSIT, Milestone.OUT_FOR_DELIVERY,
    Milestone.AVAILABLE_FOR_PICKUP, Milestone.ATTEMPT_FAILED, Milestone.EXCEPTION, Milestone.RETURNING,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedParcel:
    """What tells whether a parcel fares well. `announced_at`: when its number was first heard of or handed out."""

    id: UUID
    carrier: str
    direction: str
    milestone: str
    sub_status: str
    cause: str
    reached_at: datetime | None
    announced_at: datetime
    handed_over_at: datetime | None
    last_event_at: datetime | None
    attempt_count: int
    estimate_earliest: str
    estimate_latest: str
    origin_country: str
    destination_country: str
    withdrawn: bool
    cancelled: bool  # all its shipments are
    order_ids: tuple[UUID, ...]
    service: str = ""


def watched_parcels(parcel_ids: Collection[UUID]) -> list[WatchedParcel]:
    """Return how parcels fare: one statement."""
    if not parcel_ids:
        return []
    return _watched("p.id = ANY(%s::uuid[])", (id_array(parcel_ids),), len(parcel_ids))


def open_parcels(*, milestone: Milestone, after: UUID | None = None, limit: int) -> list[WatchedParcel]:
    """List the tracked parcels at a milestone, newest first, from behind `after`: one statement by index."""
    condition, given = "p.milestone = %s AND p.withdrawn_at IS NULL", (milestone.value,)
    if after is None:
        return _watched(condition, given, limit)
    return _watched(f"{condition} AND p.id < %s", (*given, after), limit)


def _watched(condition: str, given: tuple[Any, ...], limit: int) -> list[WatchedParcel]:
    merchant_id = current_merchant_id()
    found = run(
        Statement(
            # The page is cut before anything is joined to it.
            "SELECT p.id, p.carrier, p.direction, p.milestone, p.sub_status, p.cause, p.reached_at,"
            " least(coalesce(p.first_event_at, p.created_at), coalesce(s.shipped_at, p.created_at)), p.shipped_at,"
            " p.last_event_at, p.attempt_count, p.estimate_earliest, p.estimate_latest,"
            " coalesce(p.origin->>'country', ''), coalesce(p.destination->>'country', ''),"
            " p.withdrawn_at IS NOT NULL, coalesce(s.cancelled, false), s.order_ids, p.service"
            " FROM (SELECT * FROM shipments_parcel p WHERE p.merchant_id = %s AND"
            f" {condition} ORDER BY p.id DESC LIMIT %s) p"
            " LEFT JOIN LATERAL (SELECT bool_and(s.cancelled) AS cancelled, min(s.shipped_at) AS shipped_at,"
            " array_agg(DISTINCT s.order_id) FILTER (WHERE s.order_id IS NOT NULL) AS order_ids"
            " FROM shipments_shipment_parcel l JOIN shipments_shipment s"
            " ON s.merchant_id = l.merchant_id AND s.id = l.shipment_id"
            " WHERE l.merchant_id = %s AND l.parcel_id = p.id) s ON true ORDER BY p.id DESC",
            (merchant_id, *given, limit, merchant_id),
            list,
        )
    )[0]
    return [
        WatchedParcel(
            id=row[0], carrier=row[1], direction=row[2], milestone=row[3], sub_status=row[4], cause=row[5],
            reached_at=row[6], announced_at=row[7], handed_over_at=row[8], last_event_at=row[9],
            attempt_count=row[10], estimate_earliest=row[11], estimate_latest=row[12], origin_country=row[13],
            destination_country=row[14], withdrawn=row[15], cancelled=row[16], order_ids=tuple(row[17] or ()),
            service=row[18],
        )
        for row in found
    ]  # fmt: skip


def last_scans(parcel_ids: Collection[UUID]) -> dict[UUID, TrackingEventView]:
    """Return the newest scan of each parcel that has one: one statement."""
    if not parcel_ids:
        return {}
    rows = (
        TrackingEvent.rows()
        .filter(parcel_id__in=set(parcel_ids))
        .order_by("parcel_id", "-occurred_at", "-id")
        .distinct("parcel_id")
    )
    return {row.parcel_id: view_of_scan(row) for row in rows}


def shipped_among(order_ids: Collection[UUID]) -> frozenset[UUID]:
    """Tell which of these orders have a shipment that was not cancelled: one statement."""
    return answered(reading_shipped_among(order_ids))


def reading_shipped_among(order_ids: Collection[UUID]) -> Read[frozenset[UUID]]:
    """Read which of these orders have a shipment that was not cancelled, together with other reads."""
    if not order_ids:
        return frozenset()
    (found,) = yield [
        Statement(
            "SELECT DISTINCT order_id FROM shipments_shipment"
            " WHERE merchant_id = %s AND order_id = ANY(%s::uuid[]) AND NOT cancelled",
            (current_merchant_id(), id_array(order_ids)),
            list,
        )
    ]
    return frozenset(order_id for (order_id,) in found)
