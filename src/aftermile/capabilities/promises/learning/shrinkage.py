"""Averages that lean on the next wider level where they rest on little: shop, country, region, lane.

The estimate of a level is the weighted mean of its rows, drawn toward the level around it as if `strength` rows more
had come out just like that one (empirical Bayes). What is looked at aside (service, seller, weekday ...) corrects what
the levels left over, drawn toward nothing. A few numbers (how far the promise and the goal are, what it is worth and
weighs) pull in proportion to their logarithm, also beyond what was ever seen. All are learned together, each from what
the others leave: a ridge regression by coordinate descent (Hastie and others, Elements of Statistical Learning, 3.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from aftermile.capabilities.promises.learning.examples import ASIDES, LEVELS, Columns
from aftermile.capabilities.promises.learning.weighing import quantiles

Floats = npt.NDArray[np.float64]

#: The numbers that pull in proportion to their logarithm, and what is near the same as nothing: half a day, ten
#: kilometers. Value and weight are logarithms already.
SLOPES: Mapping[str, float | None] = {"lead": 0.5, "distance": 10.0, "value": None, "weight": None}
#: What is farther away counts as being so many steps away.
_FARTHEST = 4.0
#: After so many rounds they hardly change.
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Slope:
    """How much the logarithm of a number adds for each step away from its center."""

    center: float
    step: float
    added: float = 0.0

    def away(self, columns: Columns, name: str) -> Floats:
        """Return how many steps each row is away from the center; 0 where nothing is known."""
        steps = (_scaled(columns, name) - self.center) / self.step
        return np.nan_to_num(np.clip(steps, -_FARTHEST, _FARTHEST))


@dataclass(frozen=True, slots=True)
class Averages:
    """What each word of each level and aside adds, and each slope."""

    start: float
    names: tuple[str, ...]
    added: tuple[Mapping[str, float], ...]  # by name, in the same order
    slopes: Mapping[str, Slope] = field(default_factory=dict)  # by number

    @property
    def width(self) -> int:
        """How many parts there are."""
        return len(self.names) + len(self.slopes)

    def parts(self, columns: Columns) -> Floats:
        """Return, for each row, what each name and then each slope adds; the estimate is `start` and their sum."""
        parts = np.zeros((len(columns), self.width))
        for number, (name, added) in enumerate(zip(self.names, self.added, strict=True)):
            if added and name in columns.words:
                parts[:, number] = columns.words[name].look_up(added)
        for number, (name, slope) in enumerate(self.slopes.items(), start=len(self.names)):
            parts[:, number] = slope.added * slope.away(columns, name)
        return parts

    def estimate(self, columns: Columns) -> Floats:
        """Return the estimate of each row."""
        total: Floats = self.start + self.parts(columns).sum(axis=1)
        return total


def averages(
    columns: Columns,
    target: Floats,
    weights: Floats,
    *,
    strength: float,
    asides: Sequence[str] | None = None,
    slopes: Iterable[str] = tuple(SLOPES),
    clip: float = 0.02,
) -> Averages:
    """Learn the averages of a target. Its farthest `clip` at both ends count as if they were less far."""
    if asides is None:
        asides = (*ASIDES, *sorted(name for name in columns.words if name.startswith("extra.")))
    low, high = quantiles(target, weights, (clip, 1 - clip))
    target = np.clip(target, low, high)
    start = float(np.average(target, weights=weights))
    left = target - start
    names = (*LEVELS[1:], *asides)
    known = {name: np.array([bool(word) for word in columns.words[name].names]) for name in names}
    counts = {name: columns.words[name].sums(weights) + strength for name in names}
    effects = {name: np.zeros(len(counts[name])) for name in names}
    pulls = {name: slope for name in slopes if (slope := _flat(columns, name, weights))}
    away = {name: slope.away(columns, name) for name, slope in pulls.items()}
    added = dict.fromkeys(pulls, 0.0)
    for _ in range(_ROUNDS):
        for name, steps in away.items():
            left += added[name] * steps
            added[name] = float((weights * steps * left).sum() / ((weights * steps**2).sum() + strength))
            left -= added[name] * steps
        for name in names:
            words = columns.words[name]
            left += effects[name][words.which]
            effects[name] = known[name] * words.sums(weights * left) / counts[name]
            left -= effects[name][words.which]
        more = float(np.average(left, weights=weights))
        start, left = start + more, left - more
    return Averages(
        start,
        names,
        tuple(
            {
                word: float(each)
                for word, each in zip(columns.words[name].names, effects[name], strict=True)
                if each
            }
            for name in names
        ),
        {name: Slope(slope.center, slope.step, added[name]) for name, slope in pulls.items()},
    )


def _scaled(columns: Columns, name: str) -> Floats:
    numbers, near = columns.numbers[name], SLOPES[name]
    return numbers if near is None else np.log(np.maximum(numbers, near))


def _flat(columns: Columns, name: str, weights: Floats) -> Slope | None:
    """Return a slope that adds nothing yet; None where the number is unknown or always the same."""
    scaled = _scaled(columns, name)
    known = np.isfinite(scaled)
    if weights[known].sum() <= 0:
        return None
    center = float(np.average(scaled[known], weights=weights[known]))
    step = float(np.sqrt(np.average((scaled[known] - center) ** 2, weights=weights[known])))
    return Slope(center, step) if step > 1e-6 else None
