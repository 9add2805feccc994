"""Weighted quantiles, and the weights that keep the young and the undelivered from bending what is learned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from aftermile.capabilities.promises.learning.examples import DAY, Examples

Floats = npt.NDArray[np.float64]

#: One delivery never speaks for more than so many that are still on their way.
_MOST = 10.0


def quantiles(values: Floats, weights: Floats, levels: Sequence[float] | Floats) -> Floats:
    """Return the weighted quantiles of values, between neighbours in proportion.

    :raises ValueError: there are no values.
    """
    if not len(values):
        raise ValueError("no values")
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order]
    middle = (np.cumsum(weights) - weights / 2) / weights.sum()
    return np.asarray(np.interp(np.asarray(levels), middle, values))


def effective(weights: Floats) -> float:
    """Return how many equal weights tell as much (Kish)."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


def recency(examples: Examples, as_of: float, half_life_days: float) -> Floats:
    """Return 1 for what was asked just now, half of it for what is a half-life older."""
    return np.asarray(0.5 ** ((as_of - examples.columns.asked) / DAY / half_life_days))


def of_the_arrived(examples: Examples, as_of: float, recent: Floats) -> Floats:
    """Return the weights of the examples whose arrival was known by `as_of`; 0 for the others.

    Of parcels sent last week only the quick ones have arrived. Each arrival that took d days therefore speaks for all
    examples, among them those that could not have been seen for d days: its weight is divided by the share of those
    that could (inverse probability of censoring, Robins and Rotnitzky 1992).
    """
    seen = (as_of - examples.columns.asked) / DAY
    order = np.argsort(seen, kind="stable")
    at_least = np.cumsum(recent[order][::-1])[::-1] / max(recent.sum(), 1e-12)
    weights = np.zeros(len(examples))
    arrived = examples.arrived <= as_of
    place = np.searchsorted(seen[order], examples.days[arrived], side="left")
    share = at_least[np.minimum(place, len(at_least) - 1)]
    weights[arrived] = recent[arrived] * np.minimum(1 / np.maximum(share, 1e-9), _MOST)
    return weights
