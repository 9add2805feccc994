"""How long parcels that arrived were silent on their way: reads for those who tell a usual silence from another."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.connectors.contracts.facts import Direction
from aftermile.connectors.contracts.words import Milestone
from aftermile.kernel.rowsets import Statement, run, text_array
from aftermile.kernel.tenancy import current_merchant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """When a parcel that arrived was scanned, from hand-over to delivery, the oldest first."""

    carrier: str
    service: str
    origin_country: str
    destination_country: str
    order_ids: tuple[UUID, ...]
    moments: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """A parcel on its way, and when it was last scanned."""

    parcel_id: UUID
    carrier: str
    service: str
    origin_country: str
    destination_country: str
    order_ids: tuple[UUID, ...]
    last_scan_at: datetime
    place: str  # where that was, as the carrier names it: "NEUENSTEIN, DE"


def scanned(*, since: datetime, limit: int) -> list[Scanned]:
    """List when parcels delivered since a moment were scanned, the newest `limit` of them: one statement."""
    merchant_id = current_merchant_id()
    found = run(
        Statement(
            "SELECT p.carrier, p.service, coalesce(p.origin->>'country', ''), coalesce(p.destination->>'country', ''),"
            " s.order_ids, e.moments FROM (SELECT * FROM shipments_parcel p WHERE p.merchant_id = %s"
            " AND p.delivered_at >= %s AND p.direction = %s AND p.shipped_at IS NOT NULL"
            " ORDER BY p.delivered_at DESC LIMIT %s) p"
            f" LEFT JOIN LATERAL ({_ORDERS}) s ON true"
            " LEFT JOIN LATERAL (SELECT array_agg(e.occurred_at ORDER BY e.occurred_at) AS moments"
            " FROM shipments_tracking_event e WHERE e.merchant_id = %s AND e.parcel_id = p.id"
            " AND e.occurred_at BETWEEN p.shipped_at AND p.delivered_at) e ON true",
            (merchant_id, since, Direction.OUTBOUND.value, limit, merchant_id, merchant_id),
            list,
        )
    )[0]
    return [
        Scanned(
            carrier=row[0], service=row[1], origin_country=row[2], destination_country=row[3],
            order_ids=tuple(row[4] or ()), moments=tuple(row[5] or ()),
        )
        for row in found
    ]  # fmt: skip


def moving(milestones: Collection[Milestone]) -> list[Moving]:
    """List the tracked outbound parcels at milestones that were scanned at least once: one statement."""
    merchant_id = current_merchant_id()
    found = run(
        Statement(
            "SELECT p.id, p.carrier, p.service, coalesce(p.origin->>'country', ''),"
            " coalesce(p.destination->>'country', ''), s.order_ids, p.last_event_at,"
            " concat_ws(', ', nullif(upper(coalesce(nullif(e.city, ''), e.place_name)), ''), nullif(e.country, ''))"
            f" FROM shipments_parcel p LEFT JOIN LATERAL ({_ORDERS}) s ON true"
            " LEFT JOIN LATERAL (SELECT e.city, e.place_name, e.country FROM shipments_tracking_event e"
            " WHERE e.merchant_id = %s AND e.parcel_id = p.id ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1) e ON true"
            " WHERE p.merchant_id = %s AND p.milestone = ANY(%s::text[])"
            " AND p.direction = %s AND p.withdrawn_at IS NULL AND p.last_event_at IS NOT NULL ORDER BY p.id",
            (merchant_id, merchant_id, merchant_id, text_array(sorted(milestones)), Direction.OUTBOUND.value),
            list,
        )
    )[0]
    return [
        Moving(
            parcel_id=row[0], carrier=row[1], service=row[2], origin_country=row[3], destination_country=row[4],
            order_ids=tuple(row[5] or ()), last_scan_at=row[6], place=row[7] if "," in row[7] else "",
        )
        for row in found
    ]  # fmt: skip


_ORDERS = (
    "SELECT array_agg(DISTINCT s.order_id) FILTER (WHERE s.order_id IS NOT NULL) AS order_ids"
    " FROM shipments_shipment_parcel l JOIN shipments_shipment s ON s.merchant_id = l.merchant_id AND s.id = l.shipment_id"
    " WHERE l.merchant_id = %s AND l.parcel_id = p.id"
)
