"""A model's card: what it learned from and how well it did on what it had not seen, beside naive baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from aftermile.capabilities.promises.learning.examples import DAY, Columns, Examples, Words
from aftermile.capabilities.promises.learning.forecasting import Delivery, Stage
from aftermile.capabilities.promises.learning.seasons import season_of
from aftermile.capabilities.promises.learning.weighing import quantiles

Floats = npt.NDArray[np.float64]
_LANES = 30


@dataclass(frozen=True, slots=True)
class Tried:
    """Forecasts of the past made without knowing the outcome, and the outcomes."""

    examples: Examples
    history: Examples  # all of the stage, to compare with
    middle: Floats
    spread: Floats
    places: Floats  # what was missed, in units of the spread
    weights: Floats
    block: Floats
    with_trees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How good forecasts were. Bias is positive where they were too late; coverage is a share, width is in days."""

    deliveries: int
    error_days: float
    bias_days: float
    covered_80: float
    covered_90: float
    width_80_days: float
    width_90_days: float
    #: The error of naive forecasts of the same deliveries, in days.
    naive_days: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What to know of a model before trusting it. Moments are ISO 8601."""

    as_of: str
    first_at: str
    last_at: str
    deliveries: int
    arrived: int
    with_trees: tuple[str, ...]  # the stages in which boosted trees did better than averages alone
    stages: Mapping[str, Score]
    lanes: Mapping[str, Score]  # from the order on; the busiest
    months: Mapping[str, Score]
    seasons: Mapping[str, Score]


def card_of(known: Sequence[Delivery], tried: Mapping[Stage, Tried], *, as_of: datetime) -> Card:
    """Write the card of a model from forecasts made on the way."""
    scored = {stage: _Scored.of(each) for stage, each in tried.items()}
    first = next((scored[stage] for stage in Stage if stage in scored), None)
    moments = [each.ordered_at for each in known]
    return Card(
        as_of=as_of.astimezone(UTC).isoformat(),
        first_at=min(moments).astimezone(UTC).isoformat(),
        last_at=max(moments).astimezone(UTC).isoformat(),
        deliveries=len(known),
        arrived=sum(each.delivered_at is not None for each in known),
        with_trees=tuple(stage.value for stage, each in tried.items() if each.with_trees),
        stages={stage.value: each.score() for stage, each in scored.items()},
        lanes=first.by(first.columns.words["lane"], most=_LANES) if first else {},
        months=first.by(_months(first.columns)) if first else {},
        seasons=first.by(_seasons(first.columns)) if first else {},
    )


def _months(columns: Columns) -> Words:
    return Words.of([f"{datetime.fromtimestamp(each, UTC):%Y-%m}" for each in columns.asked])


def _seasons(columns: Columns) -> Words:
    return Words.of([str(int(season_of(datetime.fromtimestamp(each, UTC).date()))) for each in columns.asked])


@dataclass(frozen=True, slots=True)
class _Scored:
    columns: Columns
    days: Floats
    likely: Floats
    ends: Floats  # 5, 10, 90 and 95 % of each row
    naive: Mapping[str, Floats]

    @classmethod
    def of(cls, tried: Tried) -> _Scored:
        at_scan = np.flatnonzero(tried.examples.first)
        if not len(at_scan):
            at_scan = np.arange(len(tried.examples))
        rows = tried.examples.take(at_scan)
        block, places = tried.block[at_scan], tried.places
        ends = np.zeros((len(rows), 4))
        for number in np.unique(block):
            # Each block is judged by what was missed before it; the first has nothing before it but itself.
            before = tried.block < number
            if not before.any():
                before = tried.block == number
            found = quantiles(places[before], tried.weights[before], (0.05, 0.1, 0.5, 0.9, 0.95))
            own = block == number
            ends[own] = np.exp(
                tried.middle[at_scan][own][:, None]
                + tried.spread[at_scan][own][:, None] * (found[[0, 1, 3, 4]] - found[2])
            )
        return cls(rows.columns, rows.days, np.exp(tried.middle[at_scan]), ends, _naive(rows, tried.history))

    def score(self, which: npt.NDArray[np.int64] | None = None) -> Score:
        if which is None:
            which = np.arange(len(self.days))
        days, likely, ends = self.days[which], self.likely[which], self.ends[which]

        def share(low: int, high: int) -> float:
            return round(float(((days >= ends[:, low]) & (days <= ends[:, high])).mean()), 4)

        return Score(
            deliveries=len(which),
            error_days=round(float(np.abs(likely - days).mean()), 3),
            bias_days=round(float((likely - days).mean()), 3),
            covered_80=share(1, 2),
            covered_90=share(0, 3),
            width_80_days=round(float((ends[:, 2] - ends[:, 1]).mean()), 3),
            width_90_days=round(float((ends[:, 3] - ends[:, 0]).mean()), 3),
            naive_days={
                name: round(float(np.nanmean(np.abs(each[which] - days))), 3)
                for name, each in self.naive.items()
                if np.isfinite(each[which]).any()
            },
        )

    def by(self, words: Words, *, most: int = 100) -> dict[str, Score]:
        counts = words.sums()
        busiest = [int(each) for each in np.argsort(-counts, kind="stable")[:most] if counts[each]]
        return {
            words.names[each]: self.score(np.flatnonzero(words.which == each)) for each in sorted(busiest)
        }


def _naive(rows: Examples, history: Examples) -> dict[str, Floats]:
    """Return what the promise says, and the median of the 45 days before in the same region."""
    return {
        "promise": np.maximum((rows.columns.promised - rows.columns.asked) / DAY, 0.0),
        "rolling_45_days": rolling_median(rows, history),
    }


def rolling_median(rows: Examples, history: Examples, *, days: float = 45.0, level: str = "region") -> Floats:
    """Return the median of what arrived in the region in the days before each question; of all, where nothing did."""
    history = history.take(np.flatnonzero(np.isfinite(history.arrived) & history.first))
    order = np.argsort(history.arrived, kind="stable")
    arrived, took = history.arrived[order], history.days[order]
    words = history.columns.words[level].take(order)
    own = {name: np.flatnonzero(words.which == number) for number, name in enumerate(words.names)}
    everything = np.arange(len(order))
    found = np.full(len(rows), np.nan)
    asked_of = rows.columns.words[level]
    for number, asked in enumerate(rows.columns.asked):
        for which in (own.get(asked_of[number], everything[:0]), everything):
            low, high = np.searchsorted(arrived[which], (asked - days * DAY, asked))
            if high > low:
                found[number] = np.median(took[which[low:high]])
                break
    return found
