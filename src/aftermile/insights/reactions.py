"""What keeps scorecards true."""

from __future__ import annotations

from collections.abc import Sequence

from aftermile.capabilities.promises.public import DeliveryMeasured, PromiseBroken, PromiseKept
from aftermile.insights.operations.count import count
from aftermile.kernel.events import Published, reacts_to

COUNTS = "insights.count_deliveries"


@reacts_to(PromiseKept, PromiseBroken, DeliveryMeasured, name=COUNTS, gathers=True)
def count_deliveries(batch: Sequence[Published]) -> None:
    count(published.event for published in batch)
