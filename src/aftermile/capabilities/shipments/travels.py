"""Where the parcels of orders are: light reads for those who decide by it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from aftermile.connectors.contracts.facts import Direction
from aftermile.kernel.rowsets import Statement, id_array, run
from aftermile.kernel.tenancy import current_merchant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """An outbound parcel of an order, in short. `expected_on`: the last day the carrier names."""

    order_id: UUID
    parcel_id: UUID
    milestone: str
    cause: str
    carrier: str
    attempt_count: int
    shipped_at: datetime | None
    delivered_at: datetime | None
    expected_on: date | None


def travels(order_ids: Collection[UUID]) -> dict[UUID, list[Travel]]:
    """Read the outbound parcels of orders, oldest first: one statement."""
    found: dict[UUID, list[Travel]] = {order_id: [] for order_id in order_ids}
    if not found:
        return found
    merchant_id = current_merchant_id()
    (rows,) = run(
        Statement(
            "SELECT DISTINCT s.order_id, p.id, p.milestone, p.cause, p.carrier, p.attempt_count, p.shipped_at,"
            " p.delivered_at, p.estimate_latest FROM shipments_shipment s JOIN shipments_shipment_parcel l"
            " ON l.merchant_id = s.merchant_id AND l.shipment_id = s.id JOIN shipments_parcel p"
            " ON p.merchant_id = s.merchant_id AND p.id = l.parcel_id WHERE s.merchant_id = %s"
            " AND s.order_id = ANY(%s::uuid[]) AND NOT s.cancelled AND s.direction = %s AND p.withdrawn_at IS NULL"
            " ORDER BY s.order_id, p.id",
            (merchant_id, id_array(sorted(found)), Direction.OUTBOUND.value),
            list,
        )
    )
    for row in rows:
        found[row[0]].append(
            Travel(
                order_id=row[0],
                parcel_id=row[1],
                milestone=row[2],
                cause=row[3],
                carrier=row[4],
                attempt_count=row[5],
                shipped_at=row[6],
                delivered_at=row[7],
                expected_on=_day(row[8]),
            )
        )
    return found


def orders_of_parcels(parcel_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Return the orders whose goods travel outbound in each parcel: one statement. Without an order: none."""
    found: dict[UUID, tuple[UUID, ...]] = dict.fromkeys(parcel_ids, ())
    if not found:
        return found
    (rows,) = run(
        Statement(
            "SELECT l.parcel_id, array_agg(DISTINCT s.order_id) FROM shipments_shipment_parcel l"
            " JOIN shipments_shipment s ON s.merchant_id = l.merchant_id AND s.id = l.shipment_id"
            " WHERE l.merchant_id = %s AND l.parcel_id = ANY(%s::uuid[]) AND s.order_id IS NOT NULL"
            " AND NOT s.cancelled AND s.direction = %s GROUP BY l.parcel_id",
            (current_merchant_id(), id_array(sorted(found)), Direction.OUTBOUND.value),
            list,
        )
    )
    return found | {parcel_id: tuple(order_ids) for parcel_id, order_ids in rows}


def _day(estimate: str) -> date | None:
    """Read the day of a carrier's estimate, which is a day or a moment of ISO 8601."""
    try:
        return date.fromisoformat(estimate[:10])
    except ValueError:
        return None
