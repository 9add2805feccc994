"""Averages that lean on the next wider level where they rest on little: shop, country, region, lane.

The estimate of a level is the weighted mean of its rows, drawn toward the level around it as if `strength` rows more
had come out just like that one (empirical Bayes). What is looked at aside (service, seller, weekday ...) corrects what
the levels left over, drawn toward nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aftermile.capabilities.promises.learning.examples import ASIDES, LEVELS, Columns
from aftermile.capabilities.promises.learning.weighing import quantiles

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Averages:
    """What each word of each level and aside adds to the one before it."""

    start: float
    names: tuple[str, ...]
    added: tuple[Mapping[str, float], ...]  # by name, in the same order

    def parts(self, columns: Columns) -> Floats:
        """Return, for each row, what each name adds; the estimate is `start` and their sum."""
        parts = np.zeros((len(columns), len(self.names)))
        for number, (name, added) in enumerate(zip(self.names, self.added, strict=True)):
            if added and name in columns.words:
                parts[:, number] = columns.words[name].look_up(added)
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
    added: list[Mapping[str, float]] = []
    for name in names:
        words = columns.words[name]
        effects = words.sums(weights * left) / (words.sums(weights) + strength)
        added.append(
            {
                word: float(effect)
                for word, effect in zip(words.names, effects, strict=True)
                if word and effect
            }
        )
        left = left - words.look_up(added[-1])
    return Averages(start, names, tuple(added))
