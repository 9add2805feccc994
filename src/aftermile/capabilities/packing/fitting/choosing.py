"""Choose among boxes: the smallest that takes all, or as few as can be found when none does.

Everything here is decided by volume, then cost, then name, without chance and without a clock. So offering more boxes
never makes the choice larger: the first box of the list that can be filled is taken, and a longer list has it too. That
holds while there is effort left, which is a few hundred things' worth. Then of the boxes a few are looked at, in one way each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf

from aftermile.capabilities.packing.fitting.one_box import Effort, could_hold, fill, fits_alone
from aftermile.capabilities.packing.fitting.words import Box, Item, Packed, ways

#: From so many pieces of so few kinds on, things are put in by blocks: a hundred cans stand closer in rows than one by
#: one. Of many kinds blocks are small, and take ten times as long to no end.
_MANY, _FEW_KINDS = 60, 12
_TRIES = 16
#: Of one choice, about a second; and what putting in by blocks takes of it for a piece.
_EFFORT, _OF_BLOCKS = 1_000_000, 150
#: Of things put in one by one so many times the largest box is thought about for one box: more only takes time.
_TIMES_FULL = 2
#: So few cost next to nothing: their box is always sought with care.
_HANDFUL = 12
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
    packed = _boxes(items, rest, offered, Effort(_EFFORT))
    return Choice(packed=tuple(packed), left_out=left_out)


def _boxes(
    items: Sequence[Item], rest: dict[int, int], offered: Sequence[Box], effort: Effort
) -> list[Packed]:
    """Fill boxes until nothing is left. Those filled alike are one and the same object, one after the other."""
    packed: list[Packed] = []
    while rest:
        some = _share(items, rest, offered)
        found = _smallest(items, rest, offered, effort) if some == rest else None
        found = found or _fullest(items, some, offered, effort)
        counts = found.counts()
        # The same again as often as it goes: a hundred equal things are not thought about one box at a time.
        times = min(rest[number] // count for number, count in counts.items())
        packed += [found] * times
        for number, count in counts.items():
            rest[number] -= count * times
            if not rest[number]:
                del rest[number]
    return packed


def _smallest(
    items: Sequence[Item], rest: dict[int, int], offered: Sequence[Box], effort: Effort
) -> Packed | None:
    """Fill the first box that takes all there is; more than a handful, without effort, is tried in three alone."""
    wanted = [replace(items[number], quantity=count) for number, count in rest.items()]
    pieces = sum(rest.values())
    able = [box for box in offered if could_hold(box, wanted)]
    at = 0
    while at < len(able):
        if effort.is_spent and pieces > _HANDFUL:
            at = min(at + len(able) // 3, len(able) - 1)
        packed = _fill(able[at], wanted, effort, whole=True)
        if len(packed.placed) == pieces:
            return _renumbered(packed, list(rest))
        at += 1
    return None


def _fullest(items: Sequence[Item], rest: dict[int, int], offered: Sequence[Box], effort: Effort) -> Packed:
    """Fill the box that takes the most volume, then look whether a smaller one takes the same."""
    wanted = [replace(items[number], quantity=count) for number, count in rest.items()]
    able = [box for box in offered if any(fits_alone(box, item) for item in wanted)]
    tried = [_fill(able[-1], wanted, effort)]
    for box in reversed(able[-_LARGEST:-1]):
        if effort.is_spent:
            break
        tried.append(_fill(box, wanted, effort))
    best = max(reversed(tried), key=lambda packed: (packed.filled, -packed.box.volume))
    fullest = _renumbered(best, list(rest))
    smaller = [box for box in offered if box.volume < fullest.box.volume]
    return _smallest(items, dict(fullest.counts()), smaller, effort) or fullest


def _share(items: Sequence[Item], rest: dict[int, int], offered: Sequence[Box]) -> dict[int, int]:
    """Take as much as is thought about for one box: all, or a part that has of everything its share."""
    volume = sum(items[number].volume * count for number, count in rest.items())
    grams = sum((items[number].weight_grams or 0) * count for number, count in rest.items())
    limit = max(inf if box.most_grams is None else box.most_grams for box in offered)
    share = _TIMES_FULL * min(offered[-1].volume / volume, limit / max(1, grams))
    if share >= 1:
        return rest
    some, owed = {}, 1.0  # so that the first is taken
    for number, count in rest.items():
        owed += count * share
        if taken := min(count, int(owed)):
            some[number] = taken
            owed -= taken
    return some


def _is_for_blocks(items: Sequence[Item]) -> bool:
    are_many = sum(item.quantity for item in items) >= _MANY and len(items) <= _FEW_KINDS
    return are_many and not any(item.fragile for item in items)


def _fill(box: Box, items: Sequence[Item], effort: Effort, *, whole: bool = False) -> Packed:
    if effort.is_spent or not _is_for_blocks(items):
        return fill(box, items, effort, whole=whole)
    # Brings numpy, which the other processes shall not hold: few orders are as large.
    from aftermile.capabilities.packing.fitting.loading import load

    effort.left -= _OF_BLOCKS * sum(item.quantity for item in items)
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
