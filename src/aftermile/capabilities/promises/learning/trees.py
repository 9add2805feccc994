"""Boosted trees as plain arrays, answered with numpy alone: web and worker need nothing that trained them.

All nodes of all trees are asked at once, and each "no" strikes out the leaves to its left: of those that remain the first
is the row's own. A walk from node to node would take a dozen steps on arrays of a size that are mostly overhead.
Source: Lucchese and others, QuickScorer (SIGIR 2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

_ROWS_AT_ONCE = 200
#: One bit of a number for each leaf of a tree.
MOST_LEAVES = 64
_ALL = 2**MOST_LEAVES - 1


@dataclass(frozen=True, slots=True)
class _Laid:
    """The trees as they are asked: nodes by place in their tree and by tree, filled up with nodes that strike nothing."""

    feature: npt.NDArray[np.int32]
    threshold: npt.NDArray[np.float64]
    missing_left: npt.NDArray[np.bool_]
    kept: npt.NDArray[np.uint64]  # the leaves that remain where the answer is no
    values: npt.NDArray[np.float64]  # of all leaves, tree after tree
    first: npt.NDArray[np.intp]  # each tree's first leaf


@dataclass(frozen=True)
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
        laid = self._laid
        asked = np.ascontiguousarray(rows.T)[laid.feature]
        yes = asked <= laid.threshold
        missing = np.isnan(asked)
        if missing.any():
            yes |= missing & laid.missing_left
        remain = np.bitwise_and.reduce(np.where(yes, np.uint64(_ALL), laid.kept), axis=0)
        lowest = remain & (~remain + np.uint64(1))
        own = np.log2(lowest).astype(np.intp)  # exact: one bit is a power of two
        total: npt.NDArray[np.float64] = self.start + laid.values[laid.first + own].sum(axis=0)
        return total

    @cached_property
    def _laid(self) -> _Laid:
        left, right = self.left.tolist(), self.right.tolist()
        trees = [_tree(root, left, right) for root in self.roots.tolist()]
        shape = (max(len(nodes) for nodes, _ in trees), len(trees), 1)
        own = np.zeros(shape, dtype=np.intp)
        kept = np.full(shape, _ALL, dtype=np.uint64)
        for number, (nodes, _) in enumerate(trees):
            for place, (node, struck) in enumerate(nodes):
                own[place, number], kept[place, number] = node, _ALL ^ struck
        leaves = [leaf for _, leaves in trees for leaf in leaves]
        sizes = np.array([len(leaves) for _, leaves in trees], dtype=np.intp)
        return _Laid(
            feature=self.feature[own[..., 0]],
            threshold=self.threshold[own],
            missing_left=self.missing_left[own],
            kept=kept,
            values=self.value[leaves],
            first=(np.cumsum(sizes) - sizes)[:, None],
        )

    def problem(self, width: int) -> str:
        """Say why these arrays are no trees over so many columns; empty when they are."""
        count = len(self.feature)
        rows = np.arange(count)
        arrays = (self.threshold, self.missing_left, self.left, self.right, self.value)
        if any(len(array) != count for array in arrays):
            return "arrays of unequal length"
        if not len(self.roots) or not count:
            return "no tree"
        if self.roots.min() < 0 or self.roots.max() >= count:
            return "a root outside"
        if self.feature.min() < 0 or self.feature.max() >= width:
            return "a column that is not there"
        if self.left.max() >= count or self.right.max() >= count:
            return "a branch outside"
        leaf = self.left == rows
        if (self.left < rows).any() or (self.right < rows).any() or (leaf != (self.right == rows)).any():
            return "a branch that leads back"
        if not np.isfinite(self.value).all() or not np.isfinite(self.start):
            return "a value that is no number"
        try:
            self._laid  # noqa: B018 - laid out as it will be asked
        except ValueError as problem:
            return str(problem)
        return ""


def _tree(root: int, left: list[int], right: list[int]) -> tuple[list[tuple[int, int]], list[int]]:
    """Return a tree's nodes, each with the bits of the leaves to its left, and its leaves from left to right.

    :raises ValueError: it has more leaves than bits.
    """
    nodes: list[tuple[int, int]] = []
    leaves: list[int] = []
    ahead: list[tuple[int, int]] = [(root, -1)]
    while ahead:
        node, first = ahead.pop()
        if first >= 0:  # its left side is done
            nodes.append((node, (1 << len(leaves)) - (1 << first)))
        elif left[node] == node:
            leaves.append(node)
            if len(leaves) > MOST_LEAVES:
                raise ValueError("a tree of too many leaves")
        else:
            ahead += ((right[node], -1), (node, len(leaves)), (left[node], -1))
    return nodes, leaves
