"""What a page reads of an order's estimates: in the step in which it reads its shipments."""

from __future__ import annotations

from uuid import UUID

from aftermile.capabilities.promises.models import Estimate
from aftermile.capabilities.promises.queries import EstimateView, view_of_row
from aftermile.capabilities.promises.renewing import WRITTEN
from aftermile.kernel.reads import Read, Watched, watched
from aftermile.kernel.rowsets import select


def watching_estimates(order_id: UUID) -> tuple[Watched, ...]:
    """Watch an order's estimates and those of its parcels."""
    return (watched(Estimate, "order_id = %s", [order_id]),)


def reading_estimates(order_id: UUID) -> Read[dict[UUID, EstimateView]]:
    """Read the estimates of an order's parcels, by parcel."""
    (rows,) = yield [
        select(Estimate, ("id", *WRITTEN), "order_id = %s AND parcel_id IS NOT NULL", [order_id])
    ]
    return {row["parcel_id"]: view_of_row(row) for row in rows}
