"""The way parcels took, by the moments at which they came further: reads for those who forecast, many at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.connectors.contracts.facts import Direction
from aftermile.connectors.contracts.words import Milestone
from aftermile.kernel.reads import Read
from aftermile.kernel.rowsets import Statement, id_array, run, text_array
from aftermile.kernel.tenancy import current_merchant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """An outbound parcel from hand-over to door. Moments are those of its scans; what did not happen is None.

    `in_transit_at`: its second scan on the way; `attempted_at`: when the carrier was first at the door in vain;
    `available_at`: when it could first be fetched. `origin` and `destination` hold what is known of `country`,
    `state` and `postal_code`.
    """

    parcel_id: UUID
    carrier: str
    service: str
    milestone: str
    scans: int
    last_scan_at: datetime | None
    announced_at: datetime
    handed_over_at: datetime | None
    in_transit_at: datetime | None
    out_for_delivery_at: datetime | None
    attempted_at: datetime | None
    available_at: datetime | None
    delivered_at: datetime | None
    estimate_earliest: str  # ISO 8601, a day or a moment: as the carrier gave it
    estimate_latest: str
    weight_grams: int | None
    origin: Mapping[str, Any]
    destination: Mapping[str, Any]
    withdrawn: bool
    cancelled: bool  # all its shipments are
    order_ids: tuple[UUID, ...]


def reading_passages(parcel_ids: Collection[UUID]) -> Read[list[Passage]]:
    """Read the passages of outbound parcels among these, together with other reads."""
    if not parcel_ids:
        return []
    (found,) = yield [_statement("p.id = ANY(%s::uuid[])", (id_array(parcel_ids),), "p.id", len(parcel_ids))]
    return found


def open_passages(*, milestone: Milestone, after: UUID | None = None, limit: int) -> list[Passage]:
    """List the passages of tracked parcels at a milestone, newest first, from behind `after`: one statement by index."""
    condition, given = "p.milestone = %s AND p.withdrawn_at IS NULL", (milestone.value,)
    if after is None:
        return _read(condition, given, "p.id DESC", limit)
    return _read(f"{condition} AND p.id < %s", (*given, after), "p.id DESC", limit)


def delivered_passages(
    *, since: datetime, until: datetime, after: tuple[datetime, UUID] | None = None, limit: int
) -> list[Passage]:
    """List the passages of parcels delivered from one moment up to another, oldest first.

    :param after: delivery and id of the last one of the page before.
    """
    condition = "p.delivered_at >= %s AND p.delivered_at < %s"
    given: tuple[Any, ...] = (since, until)
    if after is not None:
        condition, given = f"{condition} AND (p.delivered_at, p.id) > (%s, %s)", (*given, *after)
    return _read(condition, given, "p.delivered_at, p.id", limit)


def _read(condition: str, given: tuple[Any, ...], order: str, limit: int) -> list[Passage]:
    return run(_statement(condition, given, order, limit))[0]


def _statement(condition: str, given: tuple[Any, ...], order: str, limit: int) -> Statement:
    merchant_id = current_merchant_id()
    return Statement(
        # The page is cut before anything is joined to it.
        "SELECT p.id, p.carrier, coalesce(nullif(p.service, ''), s.service, ''), p.milestone, p.event_count,"
        " p.last_event_at, least(coalesce(p.first_event_at, p.created_at), coalesce(s.shipped_at, p.created_at)),"
        " p.shipped_at, e.in_transit_at, e.out_for_delivery_at, p.first_attempted_at, e.available_at, p.delivered_at,"
        " p.estimate_earliest, p.estimate_latest, p.weight_grams,"
        " CASE WHEN p.origin = '{}' THEN coalesce(s.origin, '{}') ELSE p.origin END,"
        " CASE WHEN p.destination = '{}' THEN coalesce(s.destination, '{}') ELSE p.destination END,"
        " p.withdrawn_at IS NOT NULL, coalesce(s.cancelled, false), s.order_ids"
        " FROM (SELECT * FROM shipments_parcel p WHERE p.merchant_id = %s AND p.direction = %s AND"
        f" {condition} ORDER BY {order} LIMIT %s) p"
        " LEFT JOIN LATERAL (SELECT bool_and(s.cancelled) AS cancelled, min(s.shipped_at) AS shipped_at,"
        " max(s.service) AS service, (array_agg(s.origin ORDER BY s.id))[1] AS origin,"
        " (array_agg(s.destination ORDER BY s.id))[1] AS destination,"
        " array_agg(DISTINCT s.order_id) FILTER (WHERE s.order_id IS NOT NULL) AS order_ids"
        " FROM shipments_shipment_parcel l JOIN shipments_shipment s"
        " ON s.merchant_id = l.merchant_id AND s.id = l.shipment_id"
        " WHERE l.merchant_id = %s AND l.parcel_id = p.id) s ON true"
        " LEFT JOIN LATERAL (SELECT min(e.occurred_at) FILTER (WHERE e.occurred_at > p.shipped_at"
        " AND e.sub_status <> '') AS in_transit_at, min(e.occurred_at) FILTER (WHERE e.sub_status = ANY(%s::text[]))"
        " AS out_for_delivery_at, min(e.occurred_at) FILTER (WHERE e.sub_status = 'available_for_pickup')"
        " AS available_at FROM shipments_tracking_event e WHERE p.shipped_at IS NOT NULL"
        f" AND e.merchant_id = %s AND e.parcel_id = p.id) e ON true ORDER BY {order}",
        (merchant_id, Direction.OUTBOUND.value, *given, limit, merchant_id, _ON_THE_VAN, merchant_id),
        _passages,
    )


def _passages(rows: list[tuple[Any, ...]]) -> list[Passage]:
    return [
        Passage(
            parcel_id=row[0], carrier=row[1], service=row[2], milestone=row[3], scans=row[4], last_scan_at=row[5],
            announced_at=row[6], handed_over_at=row[7], in_transit_at=row[8], out_for_delivery_at=row[9],
            attempted_at=row[10], available_at=row[11], delivered_at=row[12], estimate_earliest=row[13],
            estimate_latest=row[14], weight_grams=row[15], origin=_place(row[16]), destination=_place(row[17]),
            withdrawn=row[18], cancelled=row[19], order_ids=tuple(row[20] or ()),
        )
        for row in rows
    ]  # fmt: skip


_ON_THE_VAN = text_array(("out_for_delivery",))


def _place(held: object) -> Mapping[str, Any]:
    if held == "{}":
        return {}
    read = json.loads(held) if isinstance(held, str) else held
    return read if isinstance(read, dict) else {}
