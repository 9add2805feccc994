"""What lists do about orders, shipments and shoppers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from aftermile.capabilities.orders.public import (
    OrderCancelled,
    OrderChanged,
    OrderDeleted,
    OrderPlaced,
    OrderRefunded,
    order_ids_of_shoppers,
)
from aftermile.capabilities.search.operations.refresh import refresh_orders, refresh_parcels
from aftermile.capabilities.shipments.public import (
    MilestoneReached,
    ParcelRecorded,
    ParcelResumed,
    ParcelWithdrawn,
    ShipmentRecorded,
)
from aftermile.capabilities.shoppers.public import ShopperChanged, ShopperErased, ShoppersMerged
from aftermile.kernel.events import Published, reacts_to


@reacts_to(
    OrderPlaced, OrderChanged, OrderCancelled, OrderRefunded, OrderDeleted, ShipmentRecorded, gathers=True
)
def list_orders_anew(batch: Sequence[Published]) -> None:
    refresh_orders(order_ids={each.event.order_id for each in batch if each.event.order_id is not None})


@reacts_to(ParcelRecorded, MilestoneReached, ParcelWithdrawn, ParcelResumed, gathers=True)
def list_parcels_anew(batch: Sequence[Published]) -> None:
    refresh_parcels(parcel_ids={each.event.parcel_id for each in batch})


@reacts_to(ShopperChanged, ShoppersMerged, ShopperErased, gathers=True)
def list_shoppers_orders_anew(batch: Sequence[Published]) -> None:
    concerned: set[UUID] = {each.event.shopper_id for each in batch}
    refresh_orders(order_ids=order_ids_of_shoppers(concerned))
