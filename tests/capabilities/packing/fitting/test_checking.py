"""The proof finds each fault there can be: what it lets pass is a packing."""

from __future__ import annotations

import pytest

from aftermile.capabilities.packing.fitting.checking import faults
from aftermile.capabilities.packing.fitting.words import Box, Item, Packed, Placed

BOX = Box(key="box", length=10, width=10, height=10, most_grams=100)
BRICK = Item(key="brick", length=4, width=3, height=2, quantity=2, weight_grams=40)
VASE = Item(key="vase", length=2, width=2, height=6, quantity=1, stands_on=(False, False, True), fragile=True)
ITEMS = [BRICK, VASE]
ON_FLOOR = Placed(0, 0, 0, 0, 4, 3, 2)


def test_a_good_packing_has_no_faults() -> None:
    packed = Packed(box=BOX, placed=(ON_FLOOR, Placed(0, 0, 0, 2, 3, 4, 2), Placed(1, 5, 5, 0, 2, 2, 6)))

    assert faults(packed, ITEMS) == []
    assert faults(packed, ITEMS, support=0.75) == []


@pytest.mark.parametrize(
    ("placed", "said"),
    [
        ([Placed(0, 7, 0, 0, 4, 3, 2)], "0: reaches out of the box"),
        ([Placed(0, -1, 0, 0, 4, 3, 2)], "0: reaches out of the box"),
        ([Placed(0, 0, 0, 0, 4, 3, 3)], "0: lies as it may not"),
        ([Placed(1, 0, 0, 0, 6, 2, 2)], "0: lies as it may not"),
        ([ON_FLOOR, Placed(0, 3, 2, 1, 4, 3, 2)], "0 and 1 are in the same place"),
        (
            [Placed(1, 0, 0, 0, 2, 2, 6), Placed(0, 0, 0, 8, 4, 3, 2)],
            "0 and 1: something lies above what is fragile",
        ),
        (
            [Placed(1, 0, 0, 0, 2, 2, 6), Placed(1, 4, 4, 0, 2, 2, 6)],
            "item 1 is there 2 times and was given 1 times",
        ),
        ([Placed(2, 0, 0, 0, 1, 1, 1)], "0: there is no item 2"),
    ],
)
def test_a_fault_is_named(placed: list[Placed], said: str) -> None:
    assert faults(Packed(box=BOX, placed=tuple(placed)), ITEMS) == [said]


def test_what_is_too_heavy_together_is_named() -> None:
    heavy = [Item(key="lead", length=1, width=1, height=1, quantity=3, weight_grams=60)]
    packed = Packed(box=BOX, placed=(Placed(0, 0, 0, 0, 1, 1, 1), Placed(0, 1, 0, 0, 1, 1, 1)))

    assert faults(packed, heavy) == ["120 g in a box that takes 100 g"]


def test_what_stands_on_air_is_named_where_support_is_asked_for() -> None:
    packed = Packed(box=BOX, placed=(ON_FLOOR, Placed(0, 2, 0, 2, 4, 3, 2)))

    assert faults(packed, ITEMS) == []
    assert faults(packed, ITEMS, support=0.5) == []
    assert faults(packed, ITEMS, support=0.75) == ["1: only 50% of its base has something under it"]
