"""What other thresholds would mean today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.exceptions.kinds import Kind
from aftermile.capabilities.exceptions.operations.facts import Bench
from aftermile.capabilities.exceptions.policy import judge
from aftermile.capabilities.exceptions.thresholds import Thresholds
from aftermile.capabilities.shipments.public import OPEN_MILESTONES, open_parcels

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Preview:
    """How many parcels would need a person, by kind; `looked_at` of them were judged."""

    kinds: Mapping[Kind, int]
    looked_at: int
    is_all: bool


def preview(wanted: Thresholds, *, at: datetime, at_most: int = 6000) -> Preview:
    """Judge open parcels by other thresholds, and change nothing; orders that wait for shipment are left out.

    :param at_most: how many parcels are looked at, of each milestone the newest.
    """
    bench = Bench(thresholds=wanted, at=at)
    kinds: Counter[Kind] = Counter()
    left = at_most
    for milestone in OPEN_MILESTONES:
        after: UUID | None = None
        while left:
            size = min(left, _AT_ONCE)
            parcels = open_parcels(milestone=milestone, after=after, limit=size)
            verdicts = (judge(facts, wanted, bench.today) for facts in bench.facts(parcels).values())
            kinds.update(verdict.kind for verdict in verdicts if verdict is not None and verdict.opens)
            left -= len(parcels)
            if len(parcels) < size:
                break
            after = parcels[-1].id
    return Preview(kinds, at_most - left, left > 0)
