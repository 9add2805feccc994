"""What happens to promises and estimates, in the past tense.

They say enough that scorecards can be made of the log alone: who carried it, by which service, from where to where,
what was promised, what came of it, and what the carrier and we expected at each stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from aftermile.kernel.events import event


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A window and its most likely moment, and who said so: `carrier`, `model` or `rule`."""

    source: str
    earliest_at: datetime
    likely_at: datetime
    latest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEstimates:
    """What was expected when a parcel reached a stage (`ordered`, `handed_over`, `in_transit`, `out_for_delivery`).

    `shown` is what people saw; `own` what our model or rules said, also where the carrier was trusted first;
    `carrier` the first word of the carrier in that stage.
    """

    stage: str
    at: datetime
    shown: Expected
    own: Expected | None = None
    carrier: Expected | None = None


@event("estimate.revised", outside="The best guess of when something comes changed, for a reason.")
@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateRevised:
    """`parcel_id` is missing while nothing was handed over. `precision`: `day` or `moment`."""

    parcel_id: UUID | None
    order_id: UUID | None
    stage: str
    revision: int
    reason: str
    source: str
    precision: str
    confidence: str
    earliest_at: datetime
    likely_at: datetime
    latest_at: datetime
    days_moved: int  # later is positive, by the shop's clock
    previous_source: str
    previous_earliest_at: datetime
    previous_likely_at: datetime
    previous_latest_at: datetime


@event("delay.predicted", outside="A parcel will probably come after the days that were promised.")
@dataclass(frozen=True, slots=True, kw_only=True)
class DelayPredicted:
    """`basis`: `estimate` (it lies beyond the promise) or `probability`. `again`: days worse than told before."""

    parcel_id: UUID | None
    order_id: UUID | None
    carrier: str
    service: str
    origin_country: str
    origin_region: str
    destination_country: str
    destination_region: str
    stage: str
    promised_latest: date
    likely_at: datetime
    latest_at: datetime
    days_late: int
    probability: float | None
    basis: str
    source: str
    again: bool


@event("delay.taken_back", outside="A delay that was predicted is not expected any more.")
@dataclass(frozen=True, slots=True, kw_only=True)
class DelayTakenBack:
    parcel_id: UUID | None
    order_id: UUID | None
    promised_latest: date
    likely_at: datetime
    predicted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What is told of a promise that is over, and of a parcel that came.

    `came_at` is when the carrier first stood at the door, or the parcel could be fetched; None: it has not come yet.
    `days_late` is counted from the last promised day, negative when early; None: not come, or nothing was promised.
    """

    parcel_id: UUID | None
    order_id: UUID | None
    carrier: str
    service: str
    origin_country: str
    origin_region: str
    destination_country: str
    destination_region: str
    ordered_at: datetime | None
    handed_over_at: datetime | None
    came_at: datetime | None
    came_on: date | None
    delivered_at: datetime | None
    promised_earliest: date | None
    promised_latest: date | None
    days_late: int | None
    delay_predicted_at: datetime | None
    stages: tuple[StageEstimates, ...]


@event("promise.kept", outside="Something came by the last day that was promised.")
@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKept(Measured):
    """`corrects`: it had been told as broken, and a scan that came late says otherwise."""

    corrects: bool = False


@event("promise.broken", outside="The last promised day is over, or the parcel came after it.")
@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseBroken(Measured):
    """Told when the day is over; when the parcel comes at last, `delivery.measured` says how late."""


@event("delivery.measured", outside="A parcel came: how that compares with what was promised and estimated.")
@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryMeasured(Measured):
    """Told once for every parcel that came, promised or not. `kept` is None where nothing was promised."""

    kept: bool | None
