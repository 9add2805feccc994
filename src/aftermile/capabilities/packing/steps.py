"""How to pack a box, in words: layer by layer from its floor. What the picture shows, for whoever cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aftermile.capabilities.packing.fitting.words import Item, Packed, Placed


class Way(StrEnum):
    """How a thing lies, by which of its sides is upright."""

    UPRIGHT = "upright"
    ON_SIDE = "on_side"
    ON_END = "on_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """So many of an item (its place in the list), lying in one way."""

    item: int
    count: int
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What begins at one height above the floor of the box, in millimeters."""

    height_mm: int
    puts: tuple[Put, ...]


def layers(packed: Packed, items: Sequence[Item]) -> tuple[Layer, ...]:
    """Tell what to put in, from the floor upwards: whatever stands on something comes after it."""
    by_height: dict[int, dict[tuple[int, Way], int]] = {}
    for each in sorted(packed.placed, key=lambda each: (each.z, each.y, each.x)):
        counts = by_height.setdefault(each.z, {})
        what = each.item, way_of(each, items[each.item])
        counts[what] = counts.get(what, 0) + 1
    return tuple(
        Layer(
            height_mm=height,
            puts=tuple(Put(item=item, count=count, way=way) for (item, way), count in counts.items()),
        )
        for height, counts in sorted(by_height.items())
    )


def way_of(placed: Placed, item: Item) -> Way:
    """Tell which side of a thing is upright; of equal sides the one that needs no turning."""
    if placed.height == item.height:
        return Way.UPRIGHT
    return Way.ON_SIDE if placed.height == item.width else Way.ON_END
