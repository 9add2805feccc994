"""What a delivery forecast is asked and answers: the words between the room and its models.

Plain values: no database, no clock. A model is trained from `Delivery` rows and answers `Question`s with `Forecast`s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Stage(StrEnum):
    """How far a parcel has come. The later the stage, the more is known."""

    ORDERED = "ordered"  # nothing was handed over
    HANDED_OVER = "handed_over"  # the carrier has it: its first scan
    IN_TRANSIT = "in_transit"  # a scan after the first
    OUT_FOR_DELIVERY = "out_for_delivery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a parcel starts or ends. Unknown parts are empty; nothing is guessed."""

    country: str = ""  # ISO 3166-1 alpha-2
    region: str = ""  # the part of ISO 3166-2 after the dash, or the source's own word for it
    postal_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """By whom and how a parcel travels from where to where."""

    carrier: str = ""
    service: str = ""
    origin: Place = field(default_factory=Place)
    destination: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What travels, as far as it is known."""

    item_count: int = 1
    weight_grams: int | None = None
    volume_cm3: int | None = None
    value_minor: int | None = None
    distance_km: float | None = None  # from the lane's origin to its destination
    seller: str = ""  # who packs it: a location, a supplier, a marketplace seller
    #: Whatever else is known at the purchase and may tell something: numbers, or words of a few kinds.
    extra: Mapping[str, float | str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One journey of a parcel that training learns from: moments in order, those that never came are None.

    `delivered_at` None: not delivered by the moment of training (it says how long it took at least).
    """

    lane: Lane
    goods: Goods = field(default_factory=Goods)
    ordered_at: datetime
    handed_over_at: datetime | None = None
    in_transit_at: datetime | None = None  # the first scan after the hand-over
    out_for_delivery_at: datetime | None = None
    delivered_at: datetime | None = None
    promised_by: datetime | None = None  # the end of the promised window


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One parcel (or one that may be bought) at one moment.

    `stage_at` is when the stage was reached; `asked_at` is now, at or after it. A parcel that has not arrived by
    `asked_at` has not arrived: forecasts never lie before it.
    """

    lane: Lane
    goods: Goods = field(default_factory=Goods)
    stage: Stage = Stage.ORDERED
    ordered_at: datetime
    stage_at: datetime
    asked_at: datetime
    promised_by: datetime | None = None


class Level(StrEnum):
    """How near the deliveries are that a forecast rests on."""

    LANE = "lane"  # this carrier and service between these regions
    REGION = "region"  # between these regions, or to this region
    COUNTRY = "country"  # between these countries
    SHOP = "shop"  # everything this shop has sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a forecast rests on, for the sentence that explains it.

    `usual_days` are the middle half of that level's deliveries from the stage on; `drift_days` is how much slower
    (positive) this carrier or lane has been of late than before; 0 where that cannot be told from chance.
    """

    level: Level
    deliveries: int
    usual_days: tuple[float, float]
    drift_days: float = 0.0


#: The quantiles that every forecast has.
QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """When a parcel arrives: quantiles of its moment of arrival, never decreasing, never before it was asked."""

    likely_at: datetime
    quantiles: tuple[datetime, ...]  # at `QUANTILES`
    late_probability: float | None  # of arriving after the promise; None without one
    basis: Basis

    def interval(self, coverage: float) -> tuple[datetime, datetime]:
        """Return the middle interval of that coverage: 0.8 or 0.9.

        :raises ValueError: there is no such interval.
        """
        low = round((1 - coverage) / 2, 4)
        if low not in QUANTILES:
            raise ValueError(f"no interval of {coverage}")
        first = QUANTILES.index(low)
        return self.quantiles[first], self.quantiles[-1 - first]

    @property
    def width(self) -> timedelta:
        """How wide the 80 % interval is."""
        earliest, latest = self.interval(0.8)
        return latest - earliest
