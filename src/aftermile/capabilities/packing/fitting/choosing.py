"""Choose among boxes: the smallest that takes all, or as few as can be found when none does.

Everything here is decided by volume, then cost, then name, without chance and without a clock. So offering more boxes
never makes the choice larger: the first box of the list that can be filled is taken, and a longer list has it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from aftermile.capabilities.packing.fitting.bundling import bundled, taken_apart
from aftermile.capabilities.packing.fitting.one_box import could_hold, fill, fits_alone
from aftermile.capabilities.packing.fitting.words import Box, Item, Packed, ways

#: From so many pieces of so few kinds on, things are put in by blocks: a hundred cans stand closer in rows than one by
#: one. Of many kinds blocks are small, and take ten times as long to no end.
_MANY, _FEW_KINDS = 60, 12
_TRIES = 16
#: So many pieces are thought about for one box where they are put in one by one; more are bundled, and taken in parts.
_AT_ONCE = 400
#: When one box does not do, so many of the largest are tried for each.
_LARGEST = 6


class Reason(StrEnum):
    """Why something is in no box."""

    TOO_LARGE = "too_large"
    TOO_HEAVY = "too_heavy"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Things that fit into none of the boxes, even alone."""

    item: int
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The boxes with what lies in each, and what is in none."""

    packed: tuple[Packed, ...]
    left_out: tuple[LeftOut, ...]


def choose(items: Sequence[Item], boxes: Sequence[Box]) -> Choice:
    """Choose boxes for items: one if possible, else several."""
    offered = sorted(boxes, key=lambda box: (box.volume, box.cost, box.key))
    left_out = tuple(
        LeftOut(item=number, reason=_reason(item, offered))
        for number, item in enumerate(items)
        if item.quantity and not any(fits_alone(box, item) for box in offered)
    )
    out = {each.item for each in left_out}
    rest = {number: item.quantity for number, item in enumerate(items) if item.quantity and number not in out}
    if sum(rest.values()) <= _AT_ONCE or _is_for_blocks([items[number] for number in rest]):
        return Choice(packed=tuple(_boxes(items, rest, offered)), left_out=left_out)
    numbers = list(rest)
    made, bundles = bundled([items[number] for number in numbers], offered)
    packed = _boxes(
        made, {number: item.quantity for number, item in enumerate(made) if item.quantity}, offered
    )
    apart = {id(each): _renumbered(taken_apart(each, made, bundles), numbers) for each in packed}
    return Choice(packed=tuple(apart[id(each)] for each in packed), left_out=left_out)


def _boxes(items: Sequence[Item], rest: dict[int, int], offered: Sequence[Box]) -> list[Packed]:
    """Fill boxes until nothing is left. Those filled alike are one and the same object, one after the other."""
    packed: list[Packed] = []
    while rest:
        now = _at_once(items, rest)
        found = (_smallest(items, now, offered) if now == rest else None) or _fullest(items, now, offered)
        counts = found.counts()
        # The same again as often as it goes: a hundred equal things are not thought about one box at a time.
        for _ in range(min(rest[number] // count for number, count in counts.items())):
            packed.append(found)
            for number, count in counts.items():
                rest[number] -= count
        rest = {number: count for number, count in rest.items() if count}
    return packed


def _at_once(items: Sequence[Item], rest: dict[int, int]) -> dict[int, int]:
    """Take as much as is thought about for one box: all, or a part that has of everything its share."""
    pieces = sum(rest.values())
    if pieces <= _AT_ONCE or _is_for_blocks(
        [replace(items[number], quantity=count) for number, count in rest.items()]
    ):
        return rest
    by_size = sorted(rest, key=lambda number: (-items[number].volume, number))
    some = by_size[:: ceil(len(by_size) / _AT_ONCE)]
    return {number: max(1, rest[number] * _AT_ONCE // pieces) for number in some}


def _smallest(items: Sequence[Item], rest: dict[int, int], offered: Sequence[Box]) -> Packed | None:
    """Fill the first box that takes all there is."""
    wanted = [replace(items[number], quantity=count) for number, count in rest.items()]
    pieces = sum(rest.values())
    for box in offered:
        if could_hold(box, wanted):
            packed = _fill(box, wanted, whole=True)
            if len(packed.placed) == pieces:
                return _renumbered(packed, list(rest))
    return None


def _fullest(items: Sequence[Item], rest: dict[int, int], offered: Sequence[Box]) -> Packed:
    """Fill the box that takes the most volume, then look whether a smaller one takes the same."""
    wanted = [replace(items[number], quantity=count) for number, count in rest.items()]
    able = [box for box in offered if any(fits_alone(box, item) for item in wanted)]
    tried = [_fill(box, wanted) for box in able[-_LARGEST:]]
    best = max(tried, key=lambda packed: (packed.filled, -packed.box.volume))
    fullest = _renumbered(best, list(rest))
    smaller = [box for box in offered if box.volume < fullest.box.volume]
    return _smallest(items, dict(fullest.counts()), smaller) or fullest


def _is_for_blocks(items: Sequence[Item]) -> bool:
    are_many = sum(item.quantity for item in items) >= _MANY and len(items) <= _FEW_KINDS
    return are_many and not any(item.fragile for item in items)


def _fill(box: Box, items: Sequence[Item], *, whole: bool = False) -> Packed:
    if not _is_for_blocks(items):
        return fill(box, items, whole=whole)
    # Brings numpy, which the other processes shall not hold: few orders are as large.
    from aftermile.capabilities.packing.fitting.loading import load

    return load(box, items, tries=_TRIES)


def _renumbered(packed: Packed, numbers: Sequence[int]) -> Packed:
    return replace(packed, placed=tuple(each._replace(item=numbers[each.item]) for each in packed.placed))


def _reason(item: Item, boxes: Sequence[Box]) -> Reason:
    """Say why an item fits into none."""
    goes_in = any(
        all(side <= room for side, room in zip(way, box.size, strict=True))
        for box in boxes
        for way in ways(item)
    )
    return Reason.TOO_HEAVY if goes_in else Reason.TOO_LARGE
