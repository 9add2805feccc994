"""What orders do about shoppers."""

from __future__ import annotations

from collections.abc import Sequence

from aftermile.capabilities.orders.operations.erase_shoppers import erase_shoppers, follow_merged_shopper
from aftermile.capabilities.shoppers.public import ShopperErased, ShoppersMerged, erased_among
from aftermile.kernel.events import Published, reacts_to


@reacts_to(ShopperErased)
def erase_from_orders(batch: Sequence[Published]) -> None:
    for published in batch:
        erase_shoppers(shopper_ids=[published.event.shopper_id], by=published.by, at=published.occurred_at)


@reacts_to(ShoppersMerged)
def follow_merged_shoppers(batch: Sequence[Published]) -> None:
    for published in batch:
        follow_merged_shopper(shopper_id=published.event.shopper_id, merged_id=published.event.merged_id)
    # The erasure of the one may have run before the orders of the other came to it.
    erased = erased_among({published.event.shopper_id for published in batch})
    if erased:
        erase_shoppers(shopper_ids=erased, by=batch[-1].by, at=batch[-1].occurred_at)
