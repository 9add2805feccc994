"""What keeps profiles true."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from aftermile.capabilities.orders.public import (
    OrderCancelled,
    OrderChanged,
    OrderDeleted,
    OrderPlaced,
    OrderRefunded,
    owners_of_orders,
)
from aftermile.capabilities.segments.operations.refresh_profiles import refresh_profiles
from aftermile.capabilities.shipments.public import MilestoneReached, ShipmentRecorded, orders_of_parcels
from aftermile.capabilities.shoppers.public import (
    ShopperChanged,
    ShopperErased,
    ShopperRecorded,
    ShoppersMerged,
)
from aftermile.connectors.contracts.words import Milestone
from aftermile.kernel.clock import now
from aftermile.kernel.events import Published, reacts_to


@reacts_to(
    OrderPlaced,
    OrderChanged,
    OrderCancelled,
    OrderRefunded,
    OrderDeleted,
    ShipmentRecorded,
    MilestoneReached,
    ShopperRecorded,
    ShopperChanged,
    ShopperErased,
    ShoppersMerged,
    gathers=True,
)
def count_shoppers_anew(batch: Sequence[Published]) -> None:
    shoppers: set[UUID] = set()
    orders: set[UUID] = set()
    arrived: set[UUID] = set()
    for published in batch:
        match published.event:
            case MilestoneReached(parcel_id=parcel_id, milestone=Milestone.DELIVERED):
                arrived.add(parcel_id)
            case MilestoneReached():
                pass  # of a parcel's way only its end is counted
            case ShoppersMerged(shopper_id=shopper_id, merged_id=merged_id):
                shoppers |= {shopper_id, merged_id}
            case ShopperRecorded() | ShopperChanged() | ShopperErased() as about:
                shoppers.add(about.shopper_id)
            case OrderPlaced(shopper_id=UUID() as shopper_id):
                shoppers.add(shopper_id)
            case about if about.order_id is not None:
                orders.add(about.order_id)
    orders |= {order_id for ids in orders_of_parcels(arrived).values() for order_id in ids}
    shoppers |= set(owners_of_orders(orders).values()) if orders else set()
    refresh_profiles(shopper_ids=shoppers, at=now())
