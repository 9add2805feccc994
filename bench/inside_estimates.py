"""The tasks of `bench.inside` about estimates."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from aftermile.capabilities.orders.public import record_orders
from aftermile.capabilities.promises.alarms import measure_alarms
from aftermile.capabilities.promises.learning.forecasting import Delivery, Lane, Place
from aftermile.capabilities.promises.learning.training import train
from aftermile.capabilities.promises.operations.measure import measure_accuracy
from aftermile.capabilities.promises.operations.model_life import keep_model
from aftermile.capabilities.promises.public import count_open, renew
from aftermile.capabilities.shipments.public import record_fulfilments, record_tracking
from aftermile.connectors.contracts.facts import (
    DeliveryEstimate,
    FulfilmentFact,
    OrderFact,
    OrderLineFact,
    OrderState,
    PromisedWindow,
    ScanTime,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
)
from aftermile.connectors.contracts.facts import Place as ToldPlace
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.clock import now
from aftermile.kernel.events import read
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.tenancy import merchant_scope

_BY = "bench:1"
_AT_ONCE = 500
_TOLD = {"delay.predicted", "delay.taken_back", "promise.kept", "promise.broken", "delivery.measured"}
#: A hundred lanes.
CARRIERS = ("dhl", "dpd", "gls", "ups", "fedex", "usps", "postnl", "colissimo", "hermes", "royal-mail")
COUNTRIES = ("DE", "AT", "FR", "NL", "BE", "ES", "IT", "SE", "PL", "GB")


def fill_moving(merchant_id: str, count: int, first: int = 0) -> int:
    """Have parcels on their way, each with an order, a promise and three scans; every third has a carrier's day."""
    at, dice = now(), Random(first)
    for begin in range(first, first + count, _AT_ONCE):
        numbers = range(begin, min(begin + _AT_ONCE, first + count))
        with merchant_scope(UUID(merchant_id)):
            record_orders(facts=[_order(each, at) for each in numbers], source="bench", by=_BY, at=at)
            record_fulfilments(
                facts=[_hand_over(each, at) for each in numbers], source="bench", by=_BY, at=at
            )
            record_tracking(
                reports=[_report(each, at, dice) for each in numbers], source="bench", by=_BY, at=at
            )
    return count


def keep_trained(merchant_id: str, deliveries: int) -> dict[str, float]:
    """Train a model on made-up deliveries and let it answer."""
    at, dice = now(), Random(1)
    began = time.perf_counter()
    model = train([_delivery(at, dice) for _ in range(deliveries)], as_of=at)
    content = model.write()
    took = time.perf_counter() - began
    with merchant_scope(UUID(merchant_id)):
        keep_model(
            content=content, card=asdict(model.card), deliveries=deliveries, window=None, goes_live=True,
            verdict="Made for a measurement.", at=at,
        )  # fmt: skip
    return {"seconds": took, "bytes": len(content)}


def renew_all(merchant_id: str, days_ahead: float) -> dict[str, float]:
    """Look at all open estimates as they will be so many days from now; return what that took."""
    began, cpu = time.perf_counter(), time.process_time()
    renew(UUID(merchant_id), at=now() + timedelta(days=days_ahead), everything=True)
    took = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "pid": os.getpid()}
    with merchant_scope(UUID(merchant_id)):
        counted = count_open()
    return {**took, "open": sum(counted.values()) - counted["delay"], "model": counted.get("model", 0)}


def _lane(number: int) -> tuple[str, str]:
    return CARRIERS[number % 10], COUNTRIES[number // 10 % 10]


def _order(number: int, at: datetime) -> OrderFact:
    return OrderFact(
        external_id=f"e{number}", number=f"E{number}", placed_at=at - timedelta(days=3), updated_at=at - timedelta(days=3),
        currency="EUR", state=OrderState.OPEN, lines=(OrderLineFact(external_id="1", title="A book", quantity=1),),
        promised=PromisedWindow(latest_date=(at + timedelta(days=3)).date()),
    )  # fmt: skip


def _hand_over(number: int, at: datetime) -> FulfilmentFact:
    return FulfilmentFact(
        external_id=f"f{number}", order_external_id=f"e{number}", tracking_numbers=(f"E{number:012d}",),
        updated_at=at - timedelta(days=2),
    )  # fmt: skip


def _report(number: int, at: datetime, dice: Random) -> TrackingReport:
    carrier, country = _lane(number)
    begin = at - timedelta(days=2, hours=dice.random() * 12)
    scans = tuple(
        TrackingEventFact(
            time=ScanTime(
                occurred_at=begin + timedelta(hours=step * 10), reported="", basis=TimeBasis.STATED
            ),
            code=str(step),
            sub_status=SubStatus.IN_TRANSIT,
            place=ToldPlace(city="Leipzig", country="DE"),
        )
        for step in range(3)
    )
    return TrackingReport(
        tracking_number=f"E{number:012d}", carrier=carrier, service="Parcel", events=scans,
        destination=ToldPlace(country=country), origin=ToldPlace(country="DE"),
        estimate=DeliveryEstimate(latest=(at + timedelta(days=1)).date()) if number % 3 == 0 else None,
    )  # fmt: skip


def _delivery(at: datetime, dice: Random) -> Delivery:
    carrier, country = _lane(dice.randrange(100))
    ordered = at - timedelta(days=dice.uniform(10, 300))
    took = dice.lognormvariate(1.2, 0.3)
    return Delivery(
        lane=Lane(
            carrier=carrier, service="Parcel", origin=Place(country="DE"), destination=Place(country=country)
        ),
        ordered_at=ordered,
        handed_over_at=ordered + timedelta(days=1),
        in_transit_at=ordered + timedelta(days=1.5),
        out_for_delivery_at=ordered + timedelta(days=1.2 + took),
        delivered_at=ordered + timedelta(days=1.5 + took),
        promised_by=ordered + timedelta(days=6),
    )


def alarms() -> dict[str, object]:
    """Measure the alarms and estimates of the first shop there is, by its event log."""
    began = time.process_time()
    merchant = min(list_merchants(), key=lambda shop: shop.id)
    with merchant_scope(merchant.id):
        accuracy = measure_accuracy(at=now())
        told, after = [], 0
        while page := read(after=after, types=_TOLD, limit=5000):
            told += [(published.event, published.occurred_at) for published in page]
            after = page[-1].position
    found = measure_alarms(told)
    return {
        **asdict(found), "precision": found.precision or 0, "precision_of_all": found.precision_of_all or 0,
        "recall": found.recall or 0, "accuracy": accuracy, "cpu": time.process_time() - began,
    }  # fmt: skip
