"""Load a container: many things of a few kinds, as much volume as possible, better the longer it may search.

Blocks are put into the empty space nearest to a corner of the container until nothing fits; a beam search looks for the
better choice at each step, judging a choice by what the plain rule makes of it. The beam widens as long as there is
time. After Araya and Riff, "A beam search approach to the container loading problem" (2014); blocks after Fanslau and
Bortfeldt (2010) and Zhu and Lim (2012). Written anew from the articles.

Needs numpy, so it is imported where it is used: no web process idles with it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aftermile.capabilities.packing.fitting.blocks import Blocks
from aftermile.capabilities.packing.fitting.spaces import Space, carve
from aftermile.capabilities.packing.fitting.words import Box, Item, Packed

_FIRST_WIDTH = 2
_WIDENING = math.sqrt(2)


class _Open(NamedTuple):
    """An empty space in the order in which they are filled: nearest to a corner of the container, then the largest."""

    distance: int
    smallness: int
    corner: int  # bits: it is filled from the far end of x, y, z
    space: Space


class _Move(NamedTuple):
    before: _Move | None
    block: int
    x: int
    y: int
    z: int


class _State(NamedTuple):
    open: list[_Open]
    left: tuple[int, ...]
    usable: NDArray[np.bool_]
    filled: int
    moves: _Move | None


@dataclass(slots=True)
class _Budget:
    """Stops a search after a moment, or after so many tries."""

    until: float
    tries: int

    def is_spent(self) -> bool:
        return self.tries <= 0 or time.perf_counter() > self.until


def load(
    box: Box,
    items: Sequence[Item],
    *,
    seconds: float = math.inf,
    tries: int | None = None,
    support: bool = True,
) -> Packed:
    """Put as much volume as possible into a container; at least one way is tried, whatever the time.

    Weights count where the box has a limit and they are known. What is fragile is not looked at.

    :param tries: stop after so many ways to fill it: the same question then has the same answer on any machine.
    :param support: everything has something under its whole base; without it, things may be anywhere.
    """
    if tries is None and seconds == math.inf:
        raise ValueError("a search needs an end: seconds, or tries")
    budget = _Budget(time.perf_counter() + seconds, tries if tries is not None else 1 << 62)
    fitting = [
        each
        for each in range(len(items))
        if items[each].quantity > 0
        and (box.most_grams is None or (items[each].weight_grams or 0) <= box.most_grams)
    ]
    blocks = Blocks(box, [items[each] for each in fitting])
    if not blocks.sizes:
        return Packed(box=box, placed=())
    search = _Search(blocks, budget, support=support)
    placed = [
        each._replace(item=fitting[each.item])
        for move in _in_order(search.run())
        for each in blocks.lay(move.block, move.x, move.y, move.z)
    ]
    return Packed(box=box, placed=tuple(sorted(placed, key=lambda each: (each.z, each.y, each.x))))


class _Search:
    def __init__(self, blocks: Blocks, budget: _Budget, *, support: bool) -> None:
        self.blocks, self.budget, self.support = blocks, budget, support
        self.most = min(
            blocks.box.volume, sum(item.volume * item.quantity for item in blocks.items)
        )  # better is not possible
        self.best: tuple[int, _Move | None] = (0, None)

    def run(self) -> _Move | None:
        box = self.blocks.box
        whole: Space = (0, 0, 0, *box.size)
        root = _State(
            [_Open(0, -box.volume, 0, whole)],
            self.blocks.most,
            np.ones(len(self.blocks.sizes), bool) & self._within(self.blocks.most),
            0,
            None,
        )
        value = self.finish(root)
        width = _FIRST_WIDTH
        while not self.is_over() and self.beam(root, value, width):
            width = math.ceil(width * _WIDENING)
            if width > 4 * len(self.blocks.sizes):
                break
        return self.best[1]

    def is_over(self) -> bool:
        return self.best[0] >= self.most or self.budget.is_spent()

    def beam(self, root: _State, value: int, width: int) -> bool:
        """Search once with so many states side by side; return whether it came to the end."""
        states = [(value, root)]
        while states:
            found: list[tuple[int, _State]] = []
            for value, state in states:
                state, at, choices = self.choose(state, width)
                for place, block in enumerate(choices):
                    child = self.put(state, at, block)
                    # The first choice is that of the plain rule: its end is known.
                    found.append((value if place == 0 else self.finish(child), child))
                    if self.is_over():
                        return False
            found.sort(key=lambda each: -each[0])
            states, seen = [], set()
            for value, state in found:
                twin = value, state.filled, state.left
                if twin not in seen:
                    seen.add(twin)
                    states.append((value, state))
                    if len(states) == width:
                        break
        return True

    def finish(self, state: _State) -> int:
        """Fill up by the plain rule; return the volume."""
        self.budget.tries -= 1
        while True:
            state, at, choices = self.choose(state, 1)
            if not choices:
                break
            state = self.put(state, at, choices[0])
        if state.filled > self.best[0]:
            self.best = state.filled, state.moves
        return state.filled

    def choose(self, state: _State, count: int) -> tuple[_State, _Open, list[int]]:
        """Find the space to fill next and the best blocks for it; spaces that nothing fits into are given up."""
        spaces = state.open
        at = _NOWHERE
        while spaces:
            at = min(spaces)
            x1, y1, z1, x2, y2, z2 = at.space
            ranked = self.blocks.ranked((x2 - x1, y2 - y1, z2 - z1))
            if len(ranked):
                usable = state.usable[ranked]
                if count == 1:
                    first = int(usable.argmax())
                    chosen = [int(ranked[first])] if usable[first] else []
                else:
                    chosen = [int(ranked[each]) for each in np.flatnonzero(usable)[:count]]
                if chosen:
                    return state._replace(open=spaces), at, chosen
            spaces = [each for each in spaces if each is not at]
        return state._replace(open=spaces), at, []

    def put(self, state: _State, at: _Open, block: int) -> _State:
        blocks = self.blocks
        length, width, height = blocks.sizes[block]
        x1, y1, z1, x2, y2, z2 = at.space
        x = x2 - length if at.corner & 1 else x1
        y = y2 - width if at.corner & 2 else y1
        z = z2 - height if at.corner & 4 else z1
        left = list(state.left)
        usable = state.usable
        for column, number in blocks.taken[block]:
            left[column] -= number
            usable = usable & (blocks.takes[column] <= left[column])
        spaces = self.carved(state.open, (x, y, z, x + length, y + width, z + height))
        moves = _Move(state.moves, block, x, y, z)
        return _State(spaces, tuple(left), usable, state.filled + blocks.volumes[block], moves)

    def carved(self, spaces: list[_Open], taken: Space) -> list[_Open]:
        by_space = {each.space: each for each in spaces}
        kept, new = carve(by_space, taken, self.blocks.least, on_top_only=self.support)
        return [by_space[each] for each in kept] + [self.opened(each) for each in new]

    def opened(self, space: Space) -> _Open:
        box = self.blocks.box
        x1, y1, z1, x2, y2, z2 = space
        x, y, z = box.length - x2, box.width - y2, box.height - z2
        corner = 0
        if x < x1:
            corner = 1
        else:
            x = x1
        if y < y1:
            corner |= 2
        else:
            y = y1
        if z < z1 and not self.support:
            corner |= 4
        else:
            z = z1
        return _Open(x + y + z, -(x2 - x1) * (y2 - y1) * (z2 - z1), corner, space)

    def _within(self, left: tuple[int, ...]) -> NDArray[np.bool_]:
        within = np.ones(len(self.blocks.sizes), bool)
        for column, number in enumerate(left):
            within &= self.blocks.takes[column] <= number
        return within


_NOWHERE = _Open(0, 0, 0, (0, 0, 0, 0, 0, 0))


def _in_order(move: _Move | None) -> list[_Move]:
    moves = []
    while move is not None:
        moves.append(move)
        move = move.before
    return moves[::-1]
