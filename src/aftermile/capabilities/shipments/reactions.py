"""What shipments do about shoppers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from aftermile.capabilities.orders.public import order_ids_of_shoppers
from aftermile.capabilities.shipments.operations.erase_people import erase_people
from aftermile.capabilities.shoppers.public import ShopperErased, ShoppersMerged, erased_among
from aftermile.kernel.events import Published, reacts_to


@reacts_to(ShopperErased, ShoppersMerged)
def erase_from_shipments(batch: Sequence[Published]) -> None:
    # The erasure of the one may have run before the orders of the other came to it.
    concerned: set[UUID] = {published.event.shopper_id for published in batch}
    concerned |= {each.event.merged_id for each in batch if isinstance(each.event, ShoppersMerged)}
    erase_people(order_ids=order_ids_of_shoppers(erased_among(concerned)), at=batch[-1].occurred_at)
