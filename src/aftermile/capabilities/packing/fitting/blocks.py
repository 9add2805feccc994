"""Blocks: things of a few kinds laid against each other to full cuboids, so that many are placed at once.

A block takes from what is left: so many of each kind, and, where the container has a limit, so many grams.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil

import numpy as np
from numpy.typing import NDArray

from aftermile.capabilities.packing.fitting.words import Box, Item, Placed, Size, ways

#: Of one kind; and joined from two others. More find no better packing in the time, and take longer to look through.
_MOST_SIMPLE = 6_000
_MOST_JOINED = 4_000
#: So many pairs are looked at for joining: a thousand slices of one face make half a million, and few of use.
_MOST_PAIRS = 50_000
#: How far from the end of its space a block may stop and count as touching it.
_NEARLY = 0.04
#: The weights of what makes a block good: it touches much, wastes little, is large, is of few pieces.
_TOUCH, _PIECES = 4.0, 0.2

#: How many of which items, by their place.
_Count = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """So many of one item in each direction."""

    item: int
    way: Size
    times: Size


@dataclass(frozen=True, slots=True)
class Joined:
    """Two blocks one behind the other along an axis."""

    axis: int
    first: int
    second: int


class Blocks:
    """All blocks for some items in a container, with what choosing among them needs.

    A list of blocks for a space is made once: how good a block is there does not depend on what is left.
    """

    def __init__(self, box: Box, items: Sequence[Item]) -> None:
        self.box, self.items = box, items
        self.sizes: list[Size] = []
        self.made: list[Grid | Joined] = []
        counts: list[_Count] = []
        known: set[tuple[Size, _Count]] = set()

        def keep(size: Size, count: _Count, made: Grid | Joined) -> bool:
            if (size, count) in known:
                return False
            known.add((size, count))
            self.sizes.append(size)
            counts.append(count)
            self.made.append(made)
            return True

        for size, count, grid in _all_grids(box, items):
            keep(size, count, grid)
        joined = 0
        # Twice: a block of three kinds is joined from one of two.
        for _ in range(2):
            for size, count, join in self._joins(list(self.sizes), list(counts)):
                joined += keep(size, count, join)
                if joined >= _MOST_JOINED:
                    break
        self.volumes = [size[0] * size[1] * size[2] for size in self.sizes]
        self._count_up(counts)
        self._reach = [_reachable(box, items, axis) for axis in range(3)]
        self._ranked: dict[Size, NDArray[np.int32]] = {}
        all_ways = [way for item in items for way in ways(item)]
        self.least: Size = (
            min((way[0] for way in all_ways), default=1),
            min((way[1] for way in all_ways), default=1),
            min((way[2] for way in all_ways), default=1),
        )

    def _count_up(self, counts: list[_Count]) -> None:
        table = np.zeros((len(counts), len(self.items)), np.int64)
        for row, count in enumerate(counts):
            for item, number in count:
                table[row, item] = number
        most = [item.quantity for item in self.items]
        pieces = table.sum(1)
        self.taken: list[_Count] = counts
        if self.box.most_grams is not None:
            grams = table @ np.array([item.weight_grams or 0 for item in self.items], np.int64)
            self.taken = [
                (*count, (len(most), weight)) for count, weight in zip(counts, grams.tolist(), strict=True)
            ]
            table = np.column_stack([table, grams])
            most.append(self.box.most_grams)
        self.most: tuple[int, ...] = tuple(most)
        self.takes = [np.ascontiguousarray(table[:, column]) for column in range(len(most))]
        sides = np.array(self.sizes, np.int32).reshape(len(self.sizes), 3)
        self._sides = [np.ascontiguousarray(sides[:, axis]) for axis in range(3)]
        self._worth = np.array(self.volumes, np.float64) / np.maximum(pieces, 1) ** _PIECES

    def ranked(self, space: Size) -> NDArray[np.int32]:
        """List the blocks that fit into a space of this size, the most suitable first.

        After Araya, Guerrero and Nuñez, "VCS: a new heuristic function for selecting boxes in the single container
        loading problem" (2017): volume, surface that touches, room that no sum of lengths can fill, and few pieces.
        The surface is judged by the space alone: the corner's three sides touch, the others if they nearly reach.
        """
        found = self._ranked.get(space)
        if found is None:
            fits = (self._sides[0] <= space[0]) & (self._sides[1] <= space[1]) & (self._sides[2] <= space[2])
            found = np.flatnonzero(fits).astype(np.int32)
            if len(found):
                length, width, height = (side[found].astype(np.float64) for side in self._sides)
                used = np.ones(len(found))
                gaps = []
                for axis, side in enumerate((length, width, height)):
                    gap = space[axis] - self._sides[axis][found]
                    gaps.append(gap <= _NEARLY * space[axis])
                    used *= (side + self._reach[axis][gap]) / space[axis]
                faces = width * height, length * height, length * width
                surface = sum(faces)
                touching = sum(face * near for face, near in zip(faces, gaps, strict=True))
                worth = self._worth[found] * used * (0.5 + 0.5 * touching / surface) ** _TOUCH
                found = found[np.argsort(-worth, kind="stable")]
            self._ranked[space] = found
        return found

    def _joins(self, sizes: list[Size], counts: list[_Count]) -> Iterator[tuple[Size, _Count, Joined]]:
        """Join blocks with equal faces: what comes out is full."""
        for axis, first, second in islice(_pairs(self.box, sizes, self.made), _MOST_PAIRS):
            count = dict(counts[first])
            for item, number in counts[second]:
                count[item] = count.get(item, 0) + number
            if all(number <= self.items[item].quantity for item, number in count.items()):
                sides = list(sizes[first])
                sides[axis] += sizes[second][axis]
                yield (
                    (sides[0], sides[1], sides[2]),
                    tuple(sorted(count.items())),
                    Joined(axis, first, second),
                )

    def lay(self, block: int, x: int, y: int, z: int) -> Iterator[Placed]:
        """List the things of a block whose corner lies at a point."""
        made = self.made[block]
        if isinstance(made, Joined):
            yield from self.lay(made.first, x, y, z)
            at = [x, y, z]
            at[made.axis] += self.sizes[made.first][made.axis]
            yield from self.lay(made.second, *at)
            return
        length, width, height = made.way
        for k in range(made.times[2]):
            for j in range(made.times[1]):
                for i in range(made.times[0]):
                    yield Placed(
                        made.item, x + i * length, y + j * width, z + k * height, length, width, height
                    )


def _all_grids(box: Box, items: Sequence[Item]) -> Iterator[tuple[Size, _Count, Grid]]:
    """List grids of all items; where there are too many, each item's share of them, one alone always."""
    by_item = [list(islice(_grids(box, item, index), _MOST_SIMPLE)) for index, item in enumerate(items)]
    every = ceil(sum(map(len, by_item)) / _MOST_SIMPLE) or 1
    for some in by_item:
        yield from some[::every]


def _grids(box: Box, item: Item, index: int) -> Iterator[tuple[Size, _Count, Grid]]:
    for way in ways(item):
        length, width, height = way
        for i in range(1, min(item.quantity, box.length // length) + 1):
            for j in range(1, min(item.quantity // i, box.width // width) + 1):
                for k in range(1, min(item.quantity // (i * j), box.height // height) + 1):
                    yield (
                        (i * length, j * width, k * height),
                        ((index, i * j * k),),
                        Grid(index, way, (i, j, k)),
                    )


def _pairs(box: Box, sizes: list[Size], made: list[Grid | Joined]) -> Iterator[tuple[int, int, int]]:
    """List an axis with two blocks of equal face that fit behind each other; two grids of one item are but a third."""
    kinds = [(each.item, each.way) if isinstance(each, Grid) else None for each in made]
    for axis in range(3):
        across, upward = (each for each in range(3) if each != axis)
        by_face: dict[tuple[int, int], list[int]] = {}
        for block, size in enumerate(sizes):
            by_face.setdefault((size[across], size[upward]), []).append(block)
        for same in by_face.values():
            for place, first in enumerate(same):
                kind, room = kinds[first], box.size[axis] - sizes[first][axis]
                for second in same[place + 1 :]:
                    if sizes[second][axis] <= room and (kind is None or kinds[second] != kind):
                        yield axis, first, second


def _reachable(box: Box, items: Sequence[Item], axis: int) -> NDArray[np.int32]:
    """Return for each length up to the container's the longest sum of the items' lengths within it."""
    reach = box.size[axis]
    sums = 1  # bit n: a sum of n is possible
    within = (1 << (reach + 1)) - 1
    for length, quantity in {(way[axis], item.quantity) for item in items for way in ways(item)}:
        for _ in range(min(quantity, reach // length)):
            sums |= (sums << length) & within
    longest = np.zeros(reach + 1, np.int32)
    last = 0
    for length, bit in enumerate(reversed(bin(sums)[2:])):
        if bit == "1":
            last = length
        longest[length] = last
    longest[len(bin(sums)) - 2 :] = last
    return longest
