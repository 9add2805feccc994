"""Prove that a packing is one. Shares no code with what packs: it starts from the placements alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import permutations

from aftermile.capabilities.packing.fitting.words import Item, Packed, Placed


def faults(packed: Packed, items: Sequence[Item], *, support: float = 0.0) -> list[str]:
    """List what is wrong with a packed box; nothing for a good one.

    :param support: the share of its base that each thing must have under it, unless it stands on the floor.
    """
    found: list[str] = []
    box, placed = packed.box, packed.placed
    for number, each in enumerate(placed):
        if not 0 <= each.item < len(items):
            found.append(f"{number}: there is no item {each.item}")
            continue
        if min(each.x, each.y, each.z) < 0 or (
            each.x + each.length > box.length
            or each.y + each.width > box.width
            or each.z + each.height > box.height
        ):
            found.append(f"{number}: reaches out of the box")
        if not _may_lie_so(each, items[each.item]):
            found.append(f"{number}: lies as it may not")
    found += _collisions(placed, items)
    for index, count in Counter(each.item for each in placed).items():
        if index < len(items) and count > items[index].quantity:
            found.append(f"item {index} is there {count} times and was given {items[index].quantity} times")
    known = sum(items[each.item].weight_grams or 0 for each in placed if each.item < len(items))
    if box.most_grams is not None and known > box.most_grams:
        found.append(f"{known} g in a box that takes {box.most_grams} g")
    if support:
        for number, each in enumerate(placed):
            share = _supported(each, placed)
            if share < support - 1e-9:
                found.append(f"{number}: only {share:.0%} of its base has something under it")
    return found


def _may_lie_so(each: Placed, item: Item) -> bool:
    sides = (item.length, item.width, item.height)
    return any(
        (sides[a], sides[b], sides[c]) == (each.length, each.width, each.height) and item.stands_on[c]
        for a, b, c in permutations(range(3))
    )


def _collisions(placed: Sequence[Placed], items: Sequence[Item]) -> list[str]:
    found = []
    # Swept along x: in a full container nearly all pairs are far apart.
    order = sorted(range(len(placed)), key=lambda number: placed[number].x)
    for place, first in enumerate(order):
        one = placed[first]
        for second in order[place + 1 :]:
            other = placed[second]
            if other.x >= one.x + one.length:
                break
            if other.y >= one.y + one.width or one.y >= other.y + other.width:
                continue
            if other.z < one.z + one.height and one.z < other.z + other.height:
                found.append(f"{first} and {second} are in the same place")
            lower = one if one.z < other.z else other
            if one.z != other.z and lower.item < len(items) and items[lower.item].fragile:
                found.append(f"{first} and {second}: something lies above what is fragile")
    return found


def _supported(each: Placed, placed: Sequence[Placed]) -> float:
    if each.z == 0:
        return 1.0
    below = 0
    for other in placed:
        if other.z + other.height == each.z:
            x = min(each.x + each.length, other.x + other.length) - max(each.x, other.x)
            y = min(each.y + each.width, other.y + other.width) - max(each.y, other.y)
            if x > 0 and y > 0:
                below += x * y
    return below / (each.length * each.width)
