"""How good the alarm is: of the delays that were told before the promise broke, how many came true, and how early. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID

from aftermile.capabilities.promises.events import (
    DelayPredicted,
    DelayTakenBack,
    DeliveryMeasured,
    PromiseBroken,
    PromiseKept,
)

Told = DelayPredicted | DelayTakenBack | PromiseKept | PromiseBroken | DeliveryMeasured


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """Counted by parcel, of promises whose end is known.

    `told`: a delay was predicted before the last promised day was over; `standing`: and was not taken back before then;
    `true`: of those standing, the promise broke. `lead_days`: from the first prediction of a broken promise to its end.
    """

    promises: int
    broken: int
    told: int
    told_true: int
    standing: int
    standing_true: int
    lead_days: float | None

    @property
    def precision(self) -> float | None:
        return self.standing_true / self.standing if self.standing else None

    @property
    def precision_of_all(self) -> float | None:
        return self.told_true / self.told if self.told else None

    @property
    def recall(self) -> float | None:
        return self.told_true / self.broken if self.broken else None


def measure_alarms(told: Iterable[tuple[Told, datetime]]) -> Alarms:
    """Measure the alarm by what was told, in the order of the log.

    What was predicted of an order counts for its parcels. The last word on a promise holds: one told as broken may turn
    out to have been kept.
    """
    first: dict[UUID, datetime] = {}
    stands: dict[UUID, bool] = {}
    ends: dict[UUID, tuple[bool, date]] = {}
    order_of: dict[UUID, UUID] = {}
    for event, at in told:
        subject = event.parcel_id or event.order_id
        if subject is None:
            continue
        if event.parcel_id is not None and event.order_id is not None:
            order_of[event.parcel_id] = event.order_id
        if isinstance(event, DelayPredicted):
            first.setdefault(subject, at)
            stands[subject] = True
        elif isinstance(event, DelayTakenBack):
            stands[subject] = False
            if event.parcel_id is not None and event.order_id is not None:
                stands[event.order_id] = False
        elif isinstance(event, PromiseKept | PromiseBroken) and event.promised_latest is not None:
            ends[subject] = (isinstance(event, PromiseBroken), event.promised_latest)
    counted = {"told": 0, "told_true": 0, "standing": 0, "standing_true": 0}
    leads = []
    for subject, (is_broken, latest) in ends.items():
        order_id = order_of.get(subject)
        moments = [moment for each in (subject, order_id) if each and (moment := first.get(each))]
        over = (
            datetime.combine(latest + timedelta(days=1), datetime.min.time(), moments[0].tzinfo)
            if moments
            else None
        )
        if over is None or min(moments) >= over:
            continue
        counted["told"] += 1
        counted["told_true"] += is_broken
        if stands.get(subject, bool(order_id and stands.get(order_id))):
            counted["standing"] += 1
            counted["standing_true"] += is_broken
        if is_broken:
            leads.append((over - min(moments)) / timedelta(days=1))
    return Alarms(
        promises=len(ends),
        broken=sum(is_broken for is_broken, _ in ends.values()),
        lead_days=median(leads) if leads else None,
        **counted,
    )
