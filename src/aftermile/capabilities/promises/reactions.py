"""What promises do about parcels that move, and orders that are placed, shipped or called off."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from aftermile.capabilities.orders.public import OrderCancelled, OrderDeleted, OrderPlaced
from aftermile.capabilities.promises.operations.renew import renew_orders, renew_parcels
from aftermile.capabilities.shipments.public import (
    ParcelResumed,
    ParcelTracked,
    ParcelWithdrawn,
    ShipmentRecorded,
    travels,
)
from aftermile.kernel.events import Published, reacts_to


@reacts_to(ParcelTracked, ParcelWithdrawn, ParcelResumed, gathers=True)
def renew_what_moved(batch: Sequence[Published]) -> None:
    moved: set[UUID] = {each.event.parcel_id for each in batch}
    renew_parcels(parcel_ids=moved, at=batch[-1].occurred_at)


@reacts_to(OrderPlaced, OrderCancelled, OrderDeleted, ShipmentRecorded, gathers=True)
def renew_what_was_ordered(batch: Sequence[Published]) -> None:
    at = batch[-1].occurred_at
    order_ids: set[UUID] = {each.event.order_id for each in batch} - {None}
    # What was packed has an estimate of its own before its first scan; what is called off has none any more.
    packed = travels(order_ids)
    renew_parcels(parcel_ids={one.parcel_id for parcels in packed.values() for one in parcels}, at=at)
    renew_orders(order_ids={order_id for order_id, parcels in packed.items() if not parcels}, at=at)
