"""Items and boxes as hypothesis makes them."""

from __future__ import annotations

from hypothesis import strategies as st

from aftermile.capabilities.packing.fitting.words import Box, Item

_SIDES = st.integers(1, 40)
_WAYS = st.sampled_from([(True, True, True), (False, False, True), (True, False, True), (False, True, False)])


def items(*, most: int = 4, quantity: int = 3, fragile: bool = True) -> st.SearchStrategy[list[Item]]:
    return st.lists(
        st.builds(
            Item,
            key=st.just("item"),
            length=_SIDES,
            width=_SIDES,
            height=_SIDES,
            quantity=st.integers(1, quantity),
            stands_on=_WAYS,
            weight_grams=st.one_of(st.none(), st.integers(0, 500)),
            fragile=st.booleans() if fragile else st.just(False),
        ),
        min_size=1,
        max_size=most,
    )


BOXES = st.builds(
    Box,
    key=st.sampled_from(["a", "b", "c", "d"]),
    length=st.integers(5, 80),
    width=st.integers(5, 80),
    height=st.integers(5, 80),
    most_grams=st.one_of(st.none(), st.integers(0, 3000)),
    cost=st.integers(0, 3),
)
