"""Put things into one box one after the other: the packing of a shop's order.

Each goes into the empty space where it fits best, in several orders until all are in. Of many things each stands with its
whole base on the floor or on one other: that needs no looking up, and leaves time for more orders. No chance and no clock:
the same question has the same answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest

from aftermile.capabilities.packing.fitting.spaces import Space, carve
from aftermile.capabilities.packing.fitting.words import Box, Item, Packed, Placed, ways

#: The share of its base that a thing must have under it. A parcel is filled up with paper; a little may jut out.
SUPPORT = 0.75
#: From so many things on each stands on one other alone; of fewer, one may rest on several, and smaller boxes are found.
_MANY = 40
#: So many placements are tried for one box, the latter of many things; an order of ten is tried in thirty orders.
_PLACEMENTS, _PLACEMENTS_OF_MANY = 300, 4_000
_MOST_ORDERS = 30
#: Of more spaces the smallest are given up: what fits into them fits elsewhere while the box is as empty as that.
_MOST_SPACES = 150

#: How well a space suits: the lowest is taken.
_Rule = Callable[[Space, int, int, int], tuple[int, ...]]
_Order = Callable[[Item], tuple[float, ...]]


@dataclass(slots=True)
class Effort:
    """How much may still be tried, in spaces looked at, some millionths of a second each.

    Counted and not timed, so that the same question has the same answer on any machine.
    """

    left: int

    @property
    def is_spent(self) -> bool:
        return self.left <= 0


def fill(box: Box, items: Sequence[Item], effort: Effort, *, whole: bool = False) -> Packed:
    """Put as much as possible of the items into a box: all, if a way is found, else the most by volume.

    Counts with the weights that are known. Once the effort is spent, one order is tried and no more.

    :param whole: less than all is of no use: the box is empty then, and is so sooner.
    """
    wanted = sum(item.quantity for item in items)
    best = Packed(box=box, placed=())
    for order, rule in _attempts(items, wanted):
        placed = _place(box, items, order, rule, effort, whole=whole, on_one_only=wanted >= _MANY)
        packed = Packed(box=box, placed=tuple(placed))
        if len(placed) == wanted:
            return packed
        if not whole and packed.filled > best.filled:
            best = packed
        if effort.is_spent:
            break
    return best


def could_hold(box: Box, items: Sequence[Item]) -> bool:
    """Tell whether nothing obvious speaks against all the items in one box: volume, weight, and each alone."""
    if sum(item.volume * item.quantity for item in items) > box.volume:
        return False
    if (
        box.most_grams is not None
        and sum((item.weight_grams or 0) * item.quantity for item in items) > box.most_grams
    ):
        return False
    return all(fits_alone(box, item) for item in items)


def fits_alone(box: Box, item: Item) -> bool:
    """Tell whether one of an item fits into an empty box."""
    if box.most_grams is not None and (item.weight_grams or 0) > box.most_grams:
        return False
    return any(
        length <= box.length and width <= box.width and height <= box.height
        for length, width, height in ways(item)
    )


def _attempts(items: Sequence[Item], pieces: int) -> Iterator[tuple[list[int], _Rule]]:
    """Give orders in which to place the items, with rules for where; the most promising first, what is fragile last."""
    is_many = pieces >= _MANY
    most = _PLACEMENTS_OF_MANY if is_many else _PLACEMENTS
    count = max(2, min(_MOST_ORDERS, most // max(1, pieces)))
    rules = (_tightest, _lowest) if is_many else (_lowest, _tightest)
    chance = random.Random(len(items) * 1000 + pieces)  # noqa: S311 - the same each time, and no secret
    for attempt in range(count):
        rule = rules[attempt // len(_ORDERS) % 2]
        if attempt < 2 * len(_ORDERS):
            worth = [_ORDERS[attempt % len(_ORDERS)](item) for item in items]
        else:
            worth = [(-item.volume * chance.uniform(0.6, 1.4),) for item in items]
        yield sorted(range(len(items)), key=lambda n: (items[n].fragile, worth[n], n)), rule


def _by_volume(item: Item) -> tuple[float, ...]:
    return (-item.volume,)


def _by_longest(item: Item) -> tuple[float, ...]:
    return tuple(-side for side in sorted((item.length, item.width, item.height), reverse=True))


def _by_face(item: Item) -> tuple[float, ...]:
    least, middle, most = sorted((item.length, item.width, item.height))
    return -middle * most, -least


_ORDERS: tuple[_Order, ...] = (_by_volume, _by_longest, _by_face)


def _lowest(space: Space, length: int, width: int, height: int) -> tuple[int, ...]:
    left = min(space[3] - space[0] - length, space[4] - space[1] - width)
    return space[2], left, height, space[0], space[1]


def _tightest(space: Space, length: int, width: int, height: int) -> tuple[int, ...]:
    gaps = sorted((space[3] - space[0] - length, space[4] - space[1] - width, space[5] - space[2] - height))
    return gaps[0], gaps[1], space[2], space[0], space[1]


def _place(
    box: Box,
    items: Sequence[Item],
    order: Sequence[int],
    rule: _Rule,
    effort: Effort,
    *,
    whole: bool,
    on_one_only: bool,
) -> list[Placed]:
    spaces: list[Space] = [(0, 0, 0, *box.size)]
    placed: list[Placed] = []
    below = None if on_one_only else placed
    room = box.most_grams
    lie = {number: ways(items[number]) for number in order}
    least = min((min(way) for some in lie.values() for way in some), default=1)
    for number in order:
        item = items[number]
        for _ in range(item.quantity):
            is_light = room is None or (item.weight_grams or 0) <= room
            found = _best(spaces, below, item, number, lie[number], rule) if is_light else None
            effort.left -= 10 + len(spaces)
            if found is None:
                if whole:
                    return []
                break  # no room for one means none for another of the same
            placed.append(found)
            if room is not None:
                room -= item.weight_grams or 0
            top = box.height if item.fragile else found.z + found.height
            taken = (
                found.x, found.y, found.z, found.x + found.length, found.y + found.width, top,
            )  # fmt: skip
            kept, new = carve(spaces, taken, (least, least, least), on_top_only=on_one_only)
            spaces = kept + new
            if len(spaces) > _MOST_SPACES:
                spaces = nlargest(_MOST_SPACES // 2, spaces, key=_volume)
    return placed


def _volume(space: Space) -> int:
    return (space[3] - space[0]) * (space[4] - space[1]) * (space[5] - space[2])


def _best(
    spaces: Sequence[Space],
    placed: Sequence[Placed] | None,
    item: Item,
    number: int,
    lie: Sequence[tuple[int, int, int]],
    rule: _Rule,
) -> Placed | None:
    """Find the best place; without `placed` each space is known to be above one thing, and free to the top."""
    best: tuple[int, ...] | None = None
    found: Placed | None = None
    for space in spaces:
        x, y, z, x2, y2, z2 = space
        if best is not None and rule is _lowest and z > best[0]:
            continue
        for length, width, height in lie:
            if x + length > x2 or y + width > y2 or z + height > z2:
                continue
            score = rule(space, length, width, height)
            if best is not None and score >= best:
                continue
            if placed is not None and (
                (z and not _stands(placed, x, y, z, length, width))
                or (item.fragile and _covered(placed, x, y, z + height, length, width))
            ):
                continue
            best, found = score, Placed(number, x, y, z, length, width, height)
    return found


def _stands(placed: Sequence[Placed], x: int, y: int, z: int, length: int, width: int) -> bool:
    below = 0
    for each in placed:
        if each.z + each.height == z:
            along = min(x + length, each.x + each.length) - max(x, each.x)
            across = min(y + width, each.y + each.width) - max(y, each.y)
            if along > 0 and across > 0:
                below += along * across
    return below >= SUPPORT * length * width


def _covered(placed: Sequence[Placed], x: int, y: int, top: int, length: int, width: int) -> bool:
    return any(
        each.z >= top
        and each.x < x + length
        and x < each.x + each.length
        and each.y < y + width
        and y < each.y + each.width
        for each in placed
    )
