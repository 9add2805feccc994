"""What messages do about shoppers who are erased or turn out to be one."""

from __future__ import annotations

from collections.abc import Sequence

from aftermile.capabilities.messaging.operations.erase_people import erase_messages, follow_merged_shopper
from aftermile.capabilities.shoppers.public import ShopperErased, ShoppersMerged, erased_among
from aftermile.kernel.events import Published, reacts_to


@reacts_to(ShopperErased)
def erase_from_messages(batch: Sequence[Published]) -> None:
    erase_messages(shopper_ids={published.event.shopper_id for published in batch})


@reacts_to(ShoppersMerged)
def follow_merged_shoppers(batch: Sequence[Published]) -> None:
    for published in batch:
        follow_merged_shopper(shopper_id=published.event.shopper_id, merged_id=published.event.merged_id)
    # The erasure of the one may have run before the messages of the other came to it.
    erase_messages(shopper_ids=erased_among({published.event.shopper_id for published in batch}))
