"""Gradient boosting with scikit-learn, and its trees as plain arrays. Only training imports this module."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from aftermile.capabilities.promises.learning.trees import Trees

Floats = npt.NDArray[np.float64]


def boosted(
    rows: Floats, target: Floats, weight: Floats, *, rounds: int, leaves: int = 15, rate: float = 0.05, seed: int = 0,
    loss: str = "absolute_error",
) -> Trees:  # fmt: skip
    """Fit trees to the target's median (or its mean, with `squared_error`)."""
    return exported(
        fitted(rows, target, weight, rounds=rounds, leaves=leaves, rate=rate, seed=seed, loss=loss)
    )


def fitted(
    rows: Floats,
    target: Floats,
    weight: Floats,
    *,
    rounds: int,
    leaves: int,
    rate: float,
    seed: int,
    loss: str,
) -> Any:
    """Fit scikit-learn's own model."""
    model = HistGradientBoostingRegressor(
        loss=loss, max_iter=rounds, max_leaf_nodes=leaves, learning_rate=rate, min_samples_leaf=30,
        l2_regularization=5.0, max_features=0.4, early_stopping=False, random_state=seed, max_bins=63,
    )  # fmt: skip
    # One thread: a job beside web and worker must not take their cores, and threads that wait for a taken one spin.
    with threadpool_limits(limits=1):
        return model.fit(_with_something(rows), target, sample_weight=weight)


def boosted_odds(
    rows: Floats, happened: npt.NDArray[np.bool_], weight: Floats, *, rounds: int, seed: int = 0
) -> Trees:
    """Fit trees whose sum is the logit of what happened. Gentle: late parcels are few."""
    model = HistGradientBoostingClassifier(
        max_iter=rounds, max_leaf_nodes=6, learning_rate=0.06, min_samples_leaf=40, l2_regularization=10.0,
        max_features=0.3, early_stopping=False, random_state=seed, max_bins=63,
    )  # fmt: skip
    with threadpool_limits(limits=1):
        return exported(model.fit(_with_something(rows), happened, sample_weight=weight))


def _with_something(rows: Floats) -> Floats:
    """Fill columns in which nothing is known at all: scikit-learn cannot bin them. No tree parts by a constant."""
    nothing = np.isnan(rows).all(axis=0)
    return np.where(nothing, 0.0, rows) if nothing.any() else rows


def exported(model: Any) -> Trees:
    """Take the trees out of scikit-learn's model. It has no public way; a test compares the answers of both."""
    parts: dict[str, list[npt.NDArray[Any]]] = {
        name: [] for name in ("feature", "threshold", "missing_left", "left", "right", "value")
    }
    roots: list[int] = []
    count = 0
    for (predictor,) in model._predictors:  # noqa: SLF001
        nodes = predictor.nodes
        own = np.arange(len(nodes)) + count
        leaf = nodes["is_leaf"].astype(bool)
        roots.append(count)
        parts["feature"].append(np.where(leaf, 0, nodes["feature_idx"]))
        parts["threshold"].append(np.where(leaf, 0.0, nodes["num_threshold"]))
        parts["missing_left"].append(nodes["missing_go_to_left"].astype(bool))
        parts["left"].append(np.where(leaf, own, nodes["left"].astype(np.int64) + count))
        parts["right"].append(np.where(leaf, own, nodes["right"].astype(np.int64) + count))
        parts["value"].append(np.where(leaf, nodes["value"], 0.0))
        count += len(nodes)
    joined = {name: np.concatenate(arrays) for name, arrays in parts.items()}
    return Trees(
        start=float(model._baseline_prediction.ravel()[0]),  # noqa: SLF001
        roots=np.array(roots, dtype=np.int32),
        feature=joined["feature"].astype(np.int32),
        threshold=joined["threshold"].astype(np.float64),
        missing_left=joined["missing_left"].astype(np.bool_),
        left=joined["left"].astype(np.int32),
        right=joined["right"].astype(np.int32),
        value=joined["value"].astype(np.float64),
    )
