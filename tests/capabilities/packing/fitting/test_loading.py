"""Containers: what is loaded is proven, on made-up problems and on those of the literature."""

from __future__ import annotations

import pytest
from bench.packing import read
from hypothesis import given, settings

from aftermile.capabilities.packing.fitting.blocks import Blocks
from aftermile.capabilities.packing.fitting.checking import faults
from aftermile.capabilities.packing.fitting.loading import load
from aftermile.capabilities.packing.fitting.words import Box, Item
from tests.capabilities.packing.fitting.given import BOXES, items
from tests.shared_data import shared_data


@settings(max_examples=40, deadline=None)
@given(BOXES, items(most=3, quantity=12, fragile=False))
def test_what_is_loaded_is_a_packing(box: Box, given_items: list[Item]) -> None:
    for support in (True, False):
        packed = load(box, given_items, tries=3, support=support)

        assert faults(packed, given_items, support=1.0 if support else 0.0) == []


def test_a_container_that_can_be_full_is_full() -> None:
    box = Box(key="box", length=60, width=40, height=40)
    bricks = [Item(key="brick", length=20, width=10, height=10, quantity=48)]

    assert load(box, bricks, tries=1).filled == box.volume


def test_more_tries_are_never_worse() -> None:
    box = Box(key="box", length=587, width=233, height=220)
    some = [
        Item(key="a", length=108, width=76, height=30, quantity=40),
        Item(key="b", length=110, width=43, height=25, quantity=33),
        Item(key="c", length=92, width=81, height=55, quantity=39, stands_on=(False, True, True)),
    ]
    filled = [load(box, some, tries=tries).filled for tries in (1, 10, 60)]

    assert filled == sorted(filled)


def test_the_same_tries_have_the_same_answer() -> None:
    box = Box(key="box", length=200, width=150, height=100)
    some = [Item(key="a", length=31, width=22, height=13, quantity=70)]

    assert load(box, some, tries=5) == load(box, some, tries=5)


def test_a_weight_limit_holds() -> None:
    box = Box(key="box", length=100, width=100, height=100, most_grams=950)
    packed = load(
        box, [Item(key="a", length=10, width=10, height=10, quantity=500, weight_grams=100)], tries=2
    )

    assert len(packed.placed) == 9


def test_one_kind_of_many_small_things_leaves_blocks_to_the_others() -> None:
    box = Box(key="box", length=500, width=500, height=500)
    some = [
        Item(key="pin", length=1, width=2, height=9, quantity=3_000),
        Item(key="pen", length=3, width=4, height=20, quantity=900),
    ]
    blocks = Blocks(box, some)

    assert len(blocks.sizes) < 15_000
    assert load(box, some, tries=1).counts() == {0: 3_000, 1: 900}


def test_a_search_needs_an_end() -> None:
    with pytest.raises(ValueError, match="needs an end"):
        load(Box(key="box", length=1, width=1, height=1), [])


def test_nothing_that_fits_leaves_the_container_empty() -> None:
    packed = load(
        Box(key="box", length=5, width=5, height=5), [Item(key="a", length=9, width=1, height=1)], tries=1
    )

    assert packed.placed == ()


def test_problems_of_the_literature_are_loaded_well() -> None:
    used = []
    for name in ("thpack1", "thpack2", "thpack3", "thpack4"):
        box, given_items = next(read(shared_data("packing", f"{name}.txt")))
        packed = load(box, given_items, tries=12)
        assert faults(packed, given_items, support=1.0) == []
        used.append(packed.filled / box.volume)

    assert sum(used) / len(used) > 0.881
