"""From deliveries and questions to columns: what a model sees of a parcel at one moment.

A delivery gives one example for each stage that it reached, asked at the moment of that scan, and a second one asked
somewhere in the silence that followed: so a model learns what it means that nothing was heard for days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from math import log, log1p, nan

import numpy as np
import numpy.typing as npt

from aftermile.capabilities.promises.learning.forecasting import Delivery, Lane, Question, Stage

Floats = npt.NDArray[np.float64]

DAY = 86_400.0
#: Half an hour: what is nearer cannot be told apart by scans.
SHORTEST_DAYS = 0.02

NUMBERS = (
    "lead", "elapsed", "silent", "weekday", "hour", "items", "weight", "volume", "value", "distance", "postal",
)  # fmt: skip

#: The levels from the shop to the lane, each inside the one before it.
LEVELS = ("shop", "country", "region", "lane")

#: What is looked at beside the levels, in this order.
ASIDES = ("silence", "elapsed", "promise", "service", "postal", "seller", "weekday")


@dataclass(frozen=True, slots=True)
class Words:
    """A column of words: each word once, and which of them each row has."""

    names: tuple[str, ...]
    which: npt.NDArray[np.int64]

    @classmethod
    def of(cls, words: Sequence[str]) -> Words:
        names = tuple(sorted(set(words)))
        if len(names) == 1:
            return cls(names, np.zeros(len(words), dtype=np.int64))
        place = {name: number for number, name in enumerate(names)}
        return cls(names, np.array([place[word] for word in words], dtype=np.int64))

    def __getitem__(self, row: int) -> str:
        return self.names[int(self.which[row])]

    def take(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Words:
        """Return these rows alone; the names stay."""
        return Words(self.names, self.which[rows])

    def look_up(self, values: Mapping[str, float]) -> Floats:
        """Return the value of each row's word, 0 without one."""
        found: Floats = np.array([values.get(name, 0.0) for name in self.names], dtype=np.float64)[self.which]
        return found

    def sums(self, weights: Floats | None = None) -> Floats:
        """Return the sum of the weights of each name's rows, or how many they are."""
        return np.bincount(self.which, weights, minlength=len(self.names)).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Columns:
    """Questions as columns: numbers (missing: NaN) and words, one entry a question."""

    numbers: Mapping[str, Floats]
    words: Mapping[str, Words]
    asked: Floats  # seconds since 1970
    promised: Floats  # seconds since 1970, NaN without a promise

    def __len__(self) -> int:
        return len(self.asked)

    def take(self, which: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Columns:
        """Return these rows alone."""
        return Columns(
            {name: column[which] for name, column in self.numbers.items()},
            {name: column.take(which) for name, column in self.words.items()},
            self.asked[which],
            self.promised[which],
        )


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions of one stage with their outcomes, as far as they are known."""

    columns: Columns
    arrived: Floats  # seconds since 1970, NaN where it has not arrived
    first: npt.NDArray[np.bool_]  # asked at the scan itself, not in the silence after it

    def __len__(self) -> int:
        return len(self.arrived)

    def take(self, which: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Examples:
        """Return these rows alone."""
        return Examples(self.columns.take(which), self.arrived[which], self.first[which])

    @property
    def days(self) -> Floats:
        """How long it took from the question to the arrival, in days."""
        return np.maximum((self.arrived - self.columns.asked) / DAY, SHORTEST_DAYS)


def known_by(deliveries: Iterable[Delivery], as_of: datetime) -> list[Delivery]:
    """Return what was known at that moment, in an order of its own: later scans and orders are as if they never came.

    Rows whose moments contradict each other (arrived before it was ordered) are left out.
    """
    known = []
    for each in deliveries:
        if each.ordered_at > as_of or (each.delivered_at and each.delivered_at <= each.ordered_at):
            continue
        known.append(
            replace(
                each,
                handed_over_at=_not_later(each.handed_over_at, as_of),
                in_transit_at=_not_later(each.in_transit_at, as_of),
                out_for_delivery_at=_not_later(each.out_for_delivery_at, as_of),
                delivered_at=_not_later(each.delivered_at, as_of),
            )
        )
    return sorted(known, key=_place_in_line)


def _not_later(moment: datetime | None, as_of: datetime) -> datetime | None:
    return moment if moment is not None and moment <= as_of else None


def _place_in_line(delivery: Delivery) -> tuple[float, str]:
    return delivery.ordered_at.timestamp(), repr(delivery)


def examples_of(
    deliveries: Sequence[Delivery], stage: Stage, *, as_of: datetime, silences: bool = True
) -> Examples:
    """Return what deliveries, as known at that moment, teach about a stage."""
    questions: list[Question] = []
    arrived: list[float] = []
    first: list[bool] = []
    for delivery in deliveries:
        for question, is_first in _questions_of(delivery, stage, as_of, silences=silences):
            questions.append(question)
            arrived.append(delivery.delivered_at.timestamp() if delivery.delivered_at else nan)
            first.append(is_first)
    return Examples(
        columns_of(questions), np.array(arrived, dtype=np.float64), np.array(first, dtype=np.bool_)
    )


def _questions_of(
    delivery: Delivery, stage: Stage, as_of: datetime, *, silences: bool
) -> Iterator[tuple[Question, bool]]:
    moments = {
        Stage.ORDERED: delivery.ordered_at,
        Stage.HANDED_OVER: delivery.handed_over_at,
        Stage.IN_TRANSIT: delivery.in_transit_at,
        Stage.OUT_FOR_DELIVERY: delivery.out_for_delivery_at,
    }
    reached = moments[stage]
    arrived = delivery.delivered_at
    if reached is None or reached < delivery.ordered_at or (arrived is not None and arrived <= reached):
        return
    question = Question(
        lane=delivery.lane, goods=delivery.goods, stage=stage, ordered_at=delivery.ordered_at,
        stage_at=reached, asked_at=reached, promised_by=delivery.promised_by,
    )  # fmt: skip
    yield question, True
    if not silences:
        return
    # Drawn without looking at how long the silence lasted: else the short ones would be heard too often.
    asked_at = reached + timedelta(days=_SILENCES[0] * (_SILENCES[1] / _SILENCES[0]) ** _share_of(delivery))
    later = [
        moment for name, moment in moments.items() if moment is not None and _ORDER[name] > _ORDER[stage]
    ]
    ends_at = min([*later, arrived] if arrived else later, default=as_of)
    if asked_at < ends_at:
        yield replace(question, asked_at=asked_at), False


#: The silences that are asked about, in days: the short ones oftener.
_SILENCES = (0.05, 30.0)
_ORDER = {stage: number for number, stage in enumerate(Stage)}


def _share_of(delivery: Delivery) -> float:
    """Return a number between 0 and 1 that looks random and is the same for the same delivery."""
    text = f"{delivery.ordered_at.timestamp()}{delivery.promised_by}{delivery.lane.destination.postal_code}"
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest()) / 2**32


def columns_of(questions: Sequence[Question]) -> Columns:
    """Lay questions out in columns."""
    numbers: dict[str, list[float]] = {name: [] for name in NUMBERS}
    words: dict[str, list[str]] = {name: [] for name in (*LEVELS, *ASIDES)}
    extras = sorted({name for question in questions for name in question.goods.extra})
    extra_values: dict[str, list[float | str | None]] = {name: [] for name in extras}
    asked: list[float] = []
    promised: list[float] = []
    parcel: Question | None = None
    for question in questions:
        # A quote asks for one parcel by many services: all but those is found out once.
        if parcel is None or not _same_parcel(question, parcel):
            parcel, moment = question, question.asked_at.timestamp()
            own_numbers = _numbers(question, moment)
            own_words = _words(question, own_numbers)
        asked.append(moment)
        promised.append(question.promised_by.timestamp() if question.promised_by else nan)
        for name, value in own_numbers.items():
            numbers[name].append(value)
        for name, word in (own_words | _words_of_lane(question.lane)).items():
            words[name].append(word)
        for name in extras:
            extra_values[name].append(question.goods.extra.get(name))
    columns = {name: np.array(column, dtype=np.float64) for name, column in numbers.items()}
    named = {name: Words.of(column) for name, column in words.items()}
    for name, values in extra_values.items():
        if any(isinstance(value, str) for value in values):
            named[f"extra.{name}"] = Words.of([str(value or "") for value in values])
        else:
            columns[f"extra.{name}"] = np.array(
                [nan if value is None else value for value in values], dtype=np.float64
            )
    return Columns(columns, named, np.array(asked), np.array(promised))


def _same_parcel(one: Question, other: Question) -> bool:
    return (
        one.goods is other.goods
        and one.asked_at is other.asked_at
        and one.stage_at is other.stage_at
        and one.ordered_at is other.ordered_at
        and one.promised_by is other.promised_by
        and one.lane.origin is other.lane.origin
        and one.lane.destination is other.lane.destination
    )


def _numbers(question: Question, asked: float) -> dict[str, float]:
    goods = question.goods
    moment = question.asked_at.astimezone(UTC)
    reached = question.stage_at.timestamp()
    prefix = question.lane.destination.postal_code[:5]
    return {
        "lead": (question.promised_by.timestamp() - asked) / DAY if question.promised_by else nan,
        "elapsed": (reached - question.ordered_at.timestamp()) / DAY,
        "silent": (asked - reached) / DAY,
        "weekday": float(moment.weekday()),
        "hour": float(moment.hour),
        "items": float(goods.item_count),
        "weight": nan if goods.weight_grams is None else log1p(max(goods.weight_grams, 0)),
        "volume": nan if goods.volume_cm3 is None else log1p(max(goods.volume_cm3, 0)),
        "value": nan if goods.value_minor is None else log1p(max(goods.value_minor, 0)),
        "distance": nan if goods.distance_km is None else goods.distance_km,
        "postal": float(prefix) if prefix.isascii() and prefix.isdigit() else nan,
    }


def _words(question: Question, numbers: Mapping[str, float]) -> dict[str, str]:
    """Return the words that do not hang on carrier and service."""
    origin, destination = question.lane.origin, question.lane.destination
    country = f"{origin.country}>{destination.country}"
    return {
        "shop": "",
        "country": country,
        "region": f"{country}-{destination.region}",
        "silence": _bucket(numbers["silent"], 0.25),
        "elapsed": _bucket(numbers["elapsed"], 0.25),
        "promise": _bucket(numbers["lead"], 1.0),
        "postal": f"{destination.country}-{destination.postal_code[:3]}" if destination.postal_code else "",
        "seller": question.goods.seller,
        "weekday": str(int(numbers["weekday"])),
    }


def _words_of_lane(lane: Lane) -> dict[str, str]:
    origin, destination, service = lane.origin, lane.destination, f"{lane.carrier}|{lane.service}"
    ends = f"{origin.country}-{origin.region}>{destination.country}-{destination.region}"
    return {"lane": f"{service}|{ends}", "service": service}


def _bucket(value: float, unit: float) -> str:
    """Return a name for a step of a scale whose steps widen by a quarter."""
    if value != value:
        return ""
    if value < 0:
        return "past"
    return str(int(log(1 + value / unit) / log(1.25)))


def moment_of(seconds: float) -> datetime:
    """Return a moment in UTC, rounded up to the second."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(np.ceil(seconds)))
