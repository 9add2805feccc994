"""A small world of parcels whose rules are known."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from aftermile.capabilities.promises.learning.forecasting import Delivery, Goods, Lane, Place, Question, Stage

BEGIN = datetime(2025, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)
#: Days on the road by destination.
ROAD = {"BE": 2.0, "HH": 3.0, "BY": 4.0}


def deliveries(
    count: int, *, seed: int = 1, days: float = 200.0, slower_since: float = 1e9
) -> list[Delivery]:
    """Return parcels of three lanes and two carriers; `bolt` is slower by half from that day on."""
    dice = random.Random(seed)
    made = []
    for number in range(count):
        ordered = BEGIN + DAY * (days * number / count)
        region = dice.choice(sorted(ROAD))
        carrier = dice.choice(("acme", "bolt"))
        handed_over = ordered + DAY * dice.uniform(0.3, 2.5)
        road = ROAD[region] * dice.lognormvariate(0, 0.25)
        if carrier == "bolt" and (handed_over - BEGIN) / DAY > slower_since:
            road *= 1.5
        delivered = handed_over + DAY * road
        made.append(
            Delivery(
                lane=Lane(carrier=carrier, service="parcel", origin=Place(country="DE", region="NW"),
                          destination=Place(country="DE", region=region, postal_code=f"{number % 90 + 10}115")),
                goods=Goods(weight_grams=dice.randrange(100, 5000), extra={"shelf": dice.choice(("a", "b"))}),
                ordered_at=ordered,
                handed_over_at=handed_over,
                in_transit_at=handed_over + (delivered - handed_over) * 0.4,
                out_for_delivery_at=delivered - DAY * dice.uniform(0.1, 0.4),
                delivered_at=delivered,
                promised_by=ordered + 6 * DAY,
            )
        )  # fmt: skip
    return made


def asked(delivery: Delivery, stage: Stage) -> Question:
    """Ask about a parcel at the moment of a stage."""
    reached = {
        Stage.ORDERED: delivery.ordered_at,
        Stage.HANDED_OVER: delivery.handed_over_at,
        Stage.IN_TRANSIT: delivery.in_transit_at,
        Stage.OUT_FOR_DELIVERY: delivery.out_for_delivery_at,
    }[stage]
    assert reached is not None
    return Question(
        lane=delivery.lane, goods=delivery.goods, stage=stage, ordered_at=delivery.ordered_at,
        stage_at=reached, asked_at=reached, promised_by=delivery.promised_by,
    )  # fmt: skip
