"""Every event of the public feed may have to be told to somebody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from aftermile.capabilities.shoppers.public import ShopperErased, ShoppersMerged, erased_among
from aftermile.doors.webhooks.models import Endpoint
from aftermile.doors.webhooks.operations.announce import announce
from aftermile.doors.webhooks.operations.erase_messages import ERASE, LOOK_AGAIN_AFTER, erase_messages
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.events import Published, event_types, outside_events, reacts_to
from aftermile.kernel.ids import public_id
from aftermile.kernel.rowsets import Statement, select
from aftermile.kernel.tenancy import current_merchant_id


def listen() -> None:
    """Register the reaction to all outside events known by now: called once all rooms are loaded."""
    types = event_types()
    reacts_to(
        *(types[name] for name in sorted(outside_events())),
        name="webhooks.announce",
        only_if=somebody_listens,
    )(tell)


@reacts_to(ShopperErased, ShoppersMerged, name="webhooks.erase")
def erase_from_messages(batch: Sequence[Published]) -> None:
    # The erasure of the one may have run before the orders of the other came to it.
    concerned: set[UUID] = {published.event.shopper_id for published in batch}
    concerned |= {each.event.merged_id for each in batch if isinstance(each.event, ShoppersMerged)}
    erased = erased_among(concerned)
    erase_messages(shopper_ids=erased)
    jobs.defer_many(
        jobs.Deferred(
            name=ERASE,
            merchant_id=current_merchant_id(),
            payload={"shopper": public_id("shp", shopper_id)},
            run_at=now() + LOOK_AGAIN_AFTER,
        )
        for shopper_id in sorted(erased)
    )


def somebody_listens(_: Collection[str]) -> Statement:
    """Ask whether the open merchant has an endpoint at all: most shops have none."""
    return select(Endpoint, ("id",), "true", then="LIMIT 1")


def tell(batch: Sequence[Published]) -> None:
    """Write the messages of a batch; one query when nobody listens."""
    announce(batch, at=now())
