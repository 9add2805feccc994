"""What exceptions do about parcels that move, orders that are shipped, and shoppers who are erased."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from aftermile.capabilities.exceptions.operations.erase_notes import erase_notes
from aftermile.capabilities.exceptions.operations.judge import held_among, judge_orders, judge_parcels
from aftermile.capabilities.orders.public import (
    OrderCancelled,
    OrderChanged,
    OrderDeleted,
    OrderRefunded,
    order_ids_of_shoppers,
)
from aftermile.capabilities.promises.public import DelayPredicted, DelayTakenBack
from aftermile.capabilities.shipments.public import (
    ParcelResumed,
    ParcelTracked,
    ParcelWithdrawn,
    ShipmentRecorded,
)
from aftermile.capabilities.shoppers.public import ShopperErased, ShoppersMerged, erased_among
from aftermile.connectors.contracts.words import Milestone
from aftermile.kernel.events import Published, reacts_to

#: Milestones that may be an exception by themselves; the others become one by time alone, which the watch sees.
_TROUBLE = frozenset(
    {
        Milestone.EXCEPTION,
        Milestone.ATTEMPT_FAILED,
        Milestone.RETURNING,
        Milestone.RETURNED,
        Milestone.EXPIRED,
    }
)


@reacts_to(ParcelTracked, ParcelWithdrawn, gathers=True)
def judge_what_moved(batch: Sequence[Published]) -> None:
    moved: set[UUID] = {each.event.parcel_id for each in batch}
    troubled = {
        each.event.parcel_id
        for each in batch
        if isinstance(each.event, ParcelResumed) or getattr(each.event, "milestone", "") in _TROUBLE
    }
    # Most parcels are neither in trouble nor were: they cost one look at an index.
    troubled |= set(held_among(moved - troubled))
    judge_parcels(parcel_ids=troubled, at=batch[-1].occurred_at)


@reacts_to(ShipmentRecorded, OrderCancelled, OrderDeleted, OrderRefunded, OrderChanged, gathers=True)
def judge_what_was_shipped(batch: Sequence[Published]) -> None:
    order_ids = {each.event.order_id for each in batch} - {None}
    judge_orders(order_ids=held_among(order_ids), at=batch[-1].occurred_at)


@reacts_to(DelayPredicted, DelayTakenBack, gathers=True)
def judge_what_is_predicted(batch: Sequence[Published]) -> None:
    parcel_ids: set[UUID] = {each.event.parcel_id for each in batch} - {None}
    judge_parcels(parcel_ids=parcel_ids, at=batch[-1].occurred_at)


@reacts_to(ShopperErased, ShoppersMerged)
def erase_from_exceptions(batch: Sequence[Published]) -> None:
    # The erasure of the one may have run before the orders of the other came to it.
    concerned: set[UUID] = {each.event.shopper_id for each in batch}
    concerned |= {each.event.merged_id for each in batch if isinstance(each.event, ShoppersMerged)}
    erase_notes(order_ids=order_ids_of_shoppers(erased_among(concerned)))
