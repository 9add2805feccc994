"""The words of fitting: what goes in, what it goes into, and where it lies. Lengths in millimeters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Size = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Things of one kind.

    :ivar stands_on: whether its length, width and height may be the vertical one.
    :ivar weight_grams: of one; None where nobody knows.
    :ivar fragile: nothing may lie above it.
    """

    key: str
    length: int
    width: int
    height: int
    quantity: int = 1
    stands_on: tuple[bool, bool, bool] = (True, True, True)
    weight_grams: int | None = None
    fragile: bool = False

    @property
    def volume(self) -> int:
        """Of one, in cubic millimeters."""
        return self.length * self.width * self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box, measured inside. `most_grams` is what may be put into it, None where nothing is said."""

    key: str
    length: int
    width: int
    height: int
    most_grams: int | None = None
    cost: int = 0

    @property
    def volume(self) -> int:
        """In cubic millimeters."""
        return self.length * self.width * self.height

    @property
    def size(self) -> Size:
        return self.length, self.width, self.height


class Placed(NamedTuple):
    """One thing where it lies: `item` is its place in the list of items, the corner nearest to the origin, its extent.

    Length runs along x, width along y, height upwards along z.
    """

    item: int
    x: int
    y: int
    z: int
    length: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A box with what lies in it, in the order in which it is put in."""

    box: Box
    placed: tuple[Placed, ...]

    @property
    def filled(self) -> int:
        """The volume of what lies in it, in cubic millimeters."""
        return sum(each.length * each.width * each.height for each in self.placed)

    def grams(self, items: Sequence[Item]) -> int | None:
        """Add up what lies in it; None where the weight of any is unknown."""
        weights = [items[each.item].weight_grams for each in self.placed]
        known = [each for each in weights if each is not None]
        return sum(known) if len(known) == len(weights) else None

    def counts(self) -> Mapping[int, int]:
        """How many of each item lie in it."""
        counted: dict[int, int] = {}
        for each in self.placed:
            counted[each.item] = counted.get(each.item, 0) + 1
        return counted


def ways(item: Item) -> list[Size]:
    """List the ways an item may lie, as its extents; each once, the one it was described in first."""
    length, width, height = item.length, item.width, item.height
    on_length, on_width, on_height = item.stands_on
    found: list[Size] = []
    if on_height:
        found += [(length, width, height), (width, length, height)]
    if on_width:
        found += [(length, height, width), (height, length, width)]
    if on_length:
        found += [(width, height, length), (height, width, length)]
    return list(dict.fromkeys(found))
