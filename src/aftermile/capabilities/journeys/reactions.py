"""How journeys hear of what happened, and of shoppers who are erased or turn out to be one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from aftermile.capabilities.journeys.models import Journey
from aftermile.capabilities.journeys.operations.follow_shoppers import end_runs_of, follow_merged_shopper
from aftermile.capabilities.journeys.operations.hear_events import hear_events
from aftermile.capabilities.journeys.rules import AT_WORK
from aftermile.capabilities.journeys.triggers import TRIGGERS
from aftermile.capabilities.shoppers.public import ShopperErased, ShoppersMerged
from aftermile.kernel.clock import now
from aftermile.kernel.events import Published, reacts_to
from aftermile.kernel.rowsets import Statement, select, text_array, texts_in


def somebody_listens(types: Collection[str]) -> Statement:
    """Ask whether a journey of the open merchant listens for one of these events."""
    return select(
        Journey,
        ("id",),
        f"{texts_in('state')} AND listens_to && %s::text[]",
        [text_array(AT_WORK), text_array(sorted(types))],
        then="LIMIT 1",
    )


@reacts_to(*(each.event for each in TRIGGERS.values()), only_if=somebody_listens, soon=True)
def move_journeys(batch: Sequence[Published]) -> None:
    """In the order of the log and one at a time: whom one event lets in must not miss the next."""
    hear_events(events=batch, at=now())


@reacts_to(ShopperErased)
def end_runs_of_erased_shoppers(batch: Sequence[Published]) -> None:
    end_runs_of(shopper_ids={published.event.shopper_id for published in batch}, at=now())


@reacts_to(ShoppersMerged)
def follow_merged_shoppers(batch: Sequence[Published]) -> None:
    for published in batch:
        follow_merged_shopper(shopper_id=published.event.shopper_id, merged_id=published.event.merged_id)
