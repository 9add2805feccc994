"""What is known of one stage: how long it takes from there, how surely, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from aftermile.capabilities.promises.learning.examples import DAY, LEVELS, NUMBERS, SHORTEST_DAYS, Columns
from aftermile.capabilities.promises.learning.shrinkage import Averages
from aftermile.capabilities.promises.learning.trees import Trees

Floats = npt.NDArray[np.float64]

#: Where the spread of what forecasts missed is kept.
LEVELS_KEPT = tuple(round(0.005 * step, 3) for step in range(1, 200))
_LONGEST = np.log(400.0)
#: After so long what was slow of late is half forgotten.
_DRIFT_HALF_LIFE_DAYS = 14.0


@dataclass(frozen=True, slots=True)
class Usual:
    """How long one level's deliveries took: how many, and the middle half, in days."""

    deliveries: int
    low_days: float
    high_days: float


@dataclass(frozen=True, slots=True)
class Odds:
    """The logit of being late: a start, and how much each of those counts that tell it."""

    start: float = 0.0
    own: float = 1.0  # the distribution itself
    near: float = 0.0  # how near their promises others came
    trees: float = 0.0

    def beside_trees(self, share: float) -> Odds:
        """Return these with trees that count by that share of all."""
        rest = 1 - share
        return Odds(rest * self.start, rest * self.own, rest * self.near, share)


@dataclass(frozen=True, slots=True)
class StageModel:
    """One stage's model. All of it is in logarithms of days unless it says days.

    The answer is a distribution: `middle + spread * misses`, where the misses are what forecasts made without knowing
    the outcome missed by, in units of their spread.
    """

    averages: Averages
    spreads: Averages
    misses: Floats  # at `LEVELS_KEPT`, never decreasing, 0 in the middle
    extras: tuple[str, ...] = ()  # numbers beside `NUMBERS` that the trees look at
    trees: tuple[Trees, ...] = ()
    spread_trees: tuple[Trees, ...] = ()
    drifts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # by what and which
    usual: Mapping[str, Mapping[str, Usual]] = field(default_factory=dict)  # by level and which
    #: Where the promise is a good guess, all is told as a share of it; this is the middle of its logarithm.
    anchor: float | None = None
    #: How near their promises others came: 0 is long before the end, a half at it, 1 long after it.
    near: Averages | None = None
    #: How often others were late, and trees on top of it.
    late_averages: Averages | None = None
    late_trees: tuple[Trees, ...] = ()  # their sum is a logit
    odds: Odds = Odds()

    @property
    def width(self) -> int:
        """How many columns the trees look at."""
        return len(NUMBERS) + len(self.extras) + self.averages.width + 1

    def rows(self, columns: Columns, parts: Floats) -> Floats:
        """Lay out what the trees look at."""
        missing = np.full(len(columns), np.nan)
        numbers = [columns.numbers.get(name, missing) for name in (*NUMBERS, *self.extras)]
        inner = len(LEVELS) - 1
        levels = np.cumsum(parts[:, :inner], axis=1)
        return np.column_stack([*numbers, levels, parts[:, inner:], parts.sum(axis=1)])

    def middle_and_spread(self, columns: Columns, as_of: float) -> tuple[Floats, Floats]:
        """Return the middle of the distribution and its spread, for each row."""
        parts = self.averages.parts(columns)
        middle = self.averages.start + parts.sum(axis=1)
        spread = np.exp(self.spreads.estimate(columns))
        if self.trees:
            rows = self.rows(columns, parts)
            middle = middle + sum(each.predict(rows) for each in self.trees) / len(self.trees)
            if self.spread_trees:
                spread = np.exp(
                    sum(each.predict(rows) for each in self.spread_trees) / len(self.spread_trees)
                )
        if self.anchor is not None:
            middle = middle + anchors(columns, self.anchor)
        ages = np.maximum(columns.asked - as_of, 0.0) / DAY
        middle = middle + self.drift(columns) * 0.5 ** (ages / _DRIFT_HALF_LIFE_DAYS)
        return np.clip(middle, np.log(SHORTEST_DAYS), _LONGEST), np.clip(spread, 0.01, 5.0)

    def drift(self, columns: Columns) -> Floats:
        """Return how much slower than learned each row is of late."""
        drift = np.zeros(len(columns))
        for name, found in self.drifts.items():
            if found and name in columns.words:
                drift += columns.words[name].look_up(found)
        return drift

    def at(self, levels: Floats) -> Floats:
        """Return the misses at other levels."""
        return np.asarray(np.interp(levels, LEVELS_KEPT, self.misses))

    def late(self, columns: Columns, middle: Floats, spread: Floats) -> Floats:
        """Return the probability of arriving after the promise; NaN without one."""
        if np.isnan(columns.promised).all():
            return columns.promised
        lead = (columns.promised - columns.asked) / DAY
        logit = self.late_logit(columns, places(lead, middle, spread))
        return np.where(lead <= 0, 1.0, 1 / (1 + np.exp(-np.clip(logit, -30.0, 30.0))))

    def late_logit(self, columns: Columns, place: Floats) -> Floats:
        """Return the logit of arriving after the promise, which lies at that place of each row's distribution."""
        logit = self.odds.start + self.odds.own * self.own_odds(place)
        if self.odds.near:
            logit += self.odds.near * self.near_odds(columns)
        if self.odds.trees:
            logit += self.odds.trees * self.tree_odds(columns)
        return logit

    def near_odds(self, columns: Columns) -> Floats:
        """Return the logit of how near their promises others like these came; 0 without any."""
        if self.near is None:
            return np.zeros(len(columns))
        share = np.clip(self.near.estimate(columns), 0.001, 0.999)
        return np.asarray(np.log(share / (1 - share)))

    def tree_odds(self, columns: Columns) -> Floats:
        """Return what the trees say that tell the late ones; 0 without any."""
        if self.late_averages is None or not self.late_trees:
            return np.zeros(len(columns))
        rows = self.late_rows(columns, self.late_averages.parts(columns))
        return np.asarray(sum(each.predict(rows) for each in self.late_trees) / len(self.late_trees))

    def own_odds(self, place: Floats) -> Floats:
        """Return the logit of lying above a place of the distribution."""
        chance = 1 - share_below(self.misses, place)
        return np.asarray(np.log(chance / (1 - chance)))

    def late_rows(self, columns: Columns, late_parts: Floats) -> Floats:
        """Lay out what the trees look at that tell the late ones."""
        missing = np.full(len(columns), np.nan)
        numbers = [columns.numbers.get(name, missing) for name in (*NUMBERS, *self.extras)]
        return np.column_stack([*numbers, late_parts, late_parts.sum(axis=1)])

    @property
    def late_width(self) -> int:
        """How many columns the trees look at that tell the late ones."""
        return len(NUMBERS) + len(self.extras) + 1 + (self.late_averages.width if self.late_averages else 0)


def anchors(columns: Columns, middle: float) -> Floats:
    """Return the logarithm of the days until the promise; the middle of all where there is none."""
    lead = (columns.promised - columns.asked) / DAY
    return np.asarray(np.where(np.isnan(lead), middle, np.log(np.maximum(lead, 0.5))))


def places(lead: Floats, middle: Floats, spread: Floats) -> Floats:
    """Return where a promise so many days ahead lies in each distribution; NaN without one or when it has passed."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((np.log(np.where(lead > 0, lead, np.nan)) - middle) / spread)


def share_below(misses: Floats, at: Floats) -> Floats:
    """Return the share of misses below each place; outside of them it falls off as steeply as at the ends."""
    share = np.interp(at, misses, LEVELS_KEPT)
    edge = LEVELS_KEPT[0]
    above, below = at > misses[-1], at < misses[0]
    tail = max(float(misses[-1] - misses[-11]), 1e-6)  # from 0.945 to 0.995
    share = np.where(above, 1 - edge * 11 ** -np.maximum((at - misses[-1]) / tail, 0.0), share)
    head = max(float(misses[10] - misses[0]), 1e-6)
    share = np.where(below, edge * 11 ** -np.maximum((misses[0] - at) / head, 0.0), share)
    return np.asarray(np.clip(share, 1e-9, 1 - 1e-9))
