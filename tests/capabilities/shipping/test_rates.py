"""The price list: the first line that fits, and nothing guessed where something is not known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.shipping.public import Cart, Offer, Price, Rate, price_of
from tests.capabilities.shipping.shop import BERLIN, NEW_YORK, plan

RATES = plan().rates


@pytest.mark.parametrize(
    ("weight", "value", "amount", "missing"),
    [
        (5000, 4999, 490, 1),
        (5000, 5000, 0, None),
        (5001, 9000, 990, None),
    ],
)
def test_the_first_line_that_fits_counts(weight: int, value: int, amount: int, missing: int | None) -> None:
    price = price_of(RATES, method="standard", zone="de", cart=Cart(weight_grams=weight, value_minor=value))
    assert (price.offer, price.amount_minor, price.missing_minor) == (Offer.OFFERED, amount, missing)


def test_a_line_without_a_price_takes_a_method_away() -> None:
    bulky = Cart(weight_grams=100, value_minor=100, tags=frozenset({"bulky"}))
    assert price_of(RATES, method="express", zone="de", cart=bulky) == Price(offer=Offer.EXCLUDED)


def test_where_no_line_fits_it_is_not_served() -> None:
    heavy = Cart(weight_grams=40_000, value_minor=100)
    assert price_of(RATES, method="standard", zone="de", cart=heavy) == Price(offer=Offer.NOT_SERVED)
    assert price_of(RATES, method="express", zone=None, cart=heavy) == Price(offer=Offer.NOT_SERVED)


def test_what_is_not_known_is_asked_for_and_not_guessed() -> None:
    unknown = price_of(RATES, method="standard", zone="de", cart=Cart(value_minor=100))
    assert unknown == Price(offer=Offer.UNKNOWN, needs=("weight",))
    # The island's line does not hang on the weight.
    assert price_of(RATES, method="standard", zone="island", cart=Cart()).amount_minor == 990
    assert price_of(RATES, method="standard", zone="de", cart=Cart(weight_grams=1)).needs == ("value",)


def test_the_narrowest_zone_is_meant() -> None:
    found = plan()
    assert [zone.name if (zone := found.zone_of(place)) else "" for place in (BERLIN, NEW_YORK)] == [
        "Germany",
        "Rest of the world",
    ]


@given(
    st.lists(
        st.builds(
            Rate,
            weight_from_grams=st.none() | st.integers(0, 50),
            weight_to_grams=st.none() | st.integers(0, 50),
            value_from_minor=st.none() | st.integers(0, 50),
            price_minor=st.none() | st.integers(0, 50),
            free_from_minor=st.none() | st.integers(0, 50),
        ),
        max_size=5,
    ),
    st.integers(0, 50),
    st.integers(0, 50),
)
def test_a_price_that_is_said_stays_when_more_is_known(rates: list[Rate], weight: int, value: int) -> None:
    whole = price_of(rates, method="m", zone="z", cart=Cart(weight_grams=weight, value_minor=value))
    assert whole.offer is not Offer.UNKNOWN
    for part in (Cart(), Cart(weight_grams=weight), Cart(value_minor=value)):
        partly = price_of(rates, method="m", zone="z", cart=part)
        assert partly.offer is Offer.UNKNOWN or partly == whole
