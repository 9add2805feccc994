"""What was delivered when: light reads for those who count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.connectors.contracts.facts import Direction
from aftermile.kernel.rowsets import Statement, run
from aftermile.kernel.tenancy import current_merchant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A parcel that arrived at its shopper's. `attempt_count`: how often it was tried in vain before."""

    parcel_id: UUID
    delivered_at: datetime
    attempt_count: int
    order_ids: tuple[UUID, ...]


def deliveries(
    *, since: datetime, until: datetime, after: tuple[datetime, UUID] | None = None, limit: int
) -> list[Delivery]:
    """List outbound parcels delivered from one moment up to another, oldest first: one statement by index.

    :param after: the moment and id of the last one of the page before.
    """
    merchant_id = current_merchant_id()
    onward, given = ("AND (p.delivered_at, p.id) > (%s, %s)", after) if after else ("", ())
    found = run(
        Statement(
            "SELECT p.id, p.delivered_at, p.attempt_count, o.ids FROM (SELECT id, delivered_at, attempt_count"
            " FROM shipments_parcel p WHERE p.merchant_id = %s AND p.delivered_at >= %s AND p.delivered_at < %s"
            f" AND p.direction = %s AND p.milestone = 'delivered' {onward} ORDER BY p.delivered_at, p.id LIMIT %s) p"
            " LEFT JOIN LATERAL (SELECT array_agg(DISTINCT s.order_id) AS ids FROM shipments_shipment_parcel l"
            " JOIN shipments_shipment s ON s.merchant_id = l.merchant_id AND s.id = l.shipment_id"
            " WHERE l.merchant_id = %s AND l.parcel_id = p.id AND s.order_id IS NOT NULL) o ON true"
            " ORDER BY p.delivered_at, p.id",
            (merchant_id, since, until, Direction.OUTBOUND.value, *given, limit, merchant_id),
            list,
        )
    )[0]
    return [
        Delivery(parcel_id=row[0], delivered_at=row[1], attempt_count=row[2], order_ids=tuple(row[3] or ()))
        for row in found
    ]
