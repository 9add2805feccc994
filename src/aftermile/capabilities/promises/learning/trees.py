"""Boosted trees as plain arrays, answered with numpy alone: web and worker need nothing that trained them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of regression trees over columns in a fixed order.

    A node is a row of all arrays at once. `left` and `right` are rows further down; a leaf points at itself.
    """

    start: float
    roots: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int32]
    threshold: npt.NDArray[np.float64]
    missing_left: npt.NDArray[np.bool_]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]
    depth: int

    def predict(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the sum of the trees for each row; NaN is missing."""
        return np.concatenate(
            [
                self._predict(rows[first : first + _ROWS_AT_ONCE])
                for first in range(0, len(rows), _ROWS_AT_ONCE)
            ]
            or [np.empty(0)]
        )

    def _predict(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        flat, width = np.ascontiguousarray(rows).ravel(), rows.shape[1]
        missing = np.isnan(flat)
        any_missing = bool(missing.any())
        offset = (np.arange(len(rows), dtype=np.int32) * width)[:, None]
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            cell = self.feature[at] + offset
            goes_left = flat[cell] <= self.threshold[at]
            if any_missing:
                goes_left |= missing[cell] & self.missing_left[at]
            at = np.where(goes_left, self.left[at], self.right[at])
        total: npt.NDArray[np.float64] = self.start + self.value[at].sum(axis=1)
        return total

    def problem(self, width: int) -> str:
        """Say why these arrays are no trees over so many columns; empty when they are."""
        count = len(self.feature)
        rows = np.arange(count)
        arrays = (self.threshold, self.missing_left, self.left, self.right, self.value)
        if any(len(array) != count for array in arrays):
            return "arrays of unequal length"
        if not 0 <= self.depth <= 64:
            return "too deep"
        if not len(self.roots) or not count:
            return "no tree"
        if self.roots.min() < 0 or self.roots.max() >= count:
            return "a root outside"
        if self.feature.min() < 0 or self.feature.max() >= width:
            return "a column that is not there"
        if self.left.max() >= count or self.right.max() >= count:
            return "a branch outside"
        if (self.left < rows).any() or (self.right < rows).any():
            return "a branch that leads back"
        if not np.isfinite(self.value).all() or not np.isfinite(self.start):
            return "a value that is no number"
        return ""
