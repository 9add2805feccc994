from __future__ import annotations

from dataclasses import replace

import pytest

from aftermile.capabilities.orders.policy import rank, refunded_minor, said_state, without_person
from aftermile.connectors.contracts.facts import OrderFact, OrderState, ShopperFact
from tests.conftest import NOON

FACT = OrderFact(external_id="1")


@pytest.mark.parametrize(
    ("fact", "state"),
    [
        (FACT, None),
        (replace(FACT, state=OrderState.OPEN), OrderState.OPEN),
        (replace(FACT, cancelled_at=NOON), OrderState.CANCELLED),
        (replace(FACT, state=OrderState.OPEN, cancelled_at=NOON), OrderState.CANCELLED),
        (replace(FACT, state=OrderState.COMPLETED, cancelled_at=NOON), OrderState.COMPLETED),
        (replace(FACT, state=OrderState.DELETED, cancelled_at=NOON), OrderState.DELETED),
    ],
)
def test_what_a_fact_says_of_the_state(fact: OrderFact, state: OrderState | None) -> None:
    assert said_state(fact) is state


def test_facts_of_one_moment_rank_by_how_far_the_order_is() -> None:
    steps = [
        replace(FACT, financial_status="a word of its own"),
        replace(FACT, financial_status="Pending"),
        replace(FACT, financial_status="paid"),
        replace(FACT, financial_status="paid", fulfilment_status="partial"),
        replace(FACT, financial_status="paid", fulfilment_status="fulfilled"),
        replace(
            FACT,
            financial_status="paid",
            fulfilment_status="fulfilled",
            shopper=ShopperFact(external_id="7"),
        ),
        replace(FACT, financial_status="refunded", fulfilment_status="fulfilled"),
        replace(FACT, state=OrderState.COMPLETED),
        replace(FACT, cancelled_at=NOON),
        replace(FACT, state=OrderState.DELETED),
    ]
    ranks = [rank(fact) for fact in steps]
    assert ranks == sorted(set(ranks))
    assert ranks[-1] <= 999


def test_refunds_in_other_currencies_are_not_added_up() -> None:
    refunds = [
        {"amount_minor": 100, "currency": "EUR"},
        {"amount_minor": 20, "currency": ""},
        {"amount_minor": None, "currency": ""},
        {"amount_minor": 5000, "currency": "JPY"},
    ]
    assert refunded_minor(refunds, "EUR") == 120
    assert refunded_minor([], "EUR") == 0


def test_of_an_address_only_the_country_is_no_person() -> None:
    said = {
        "number": "#1",
        "note": "for Karin",
        "shipping_address": {"name": "Astrid", "country": "SE"},
        "billing_address": {"name": "Astrid"},
    }
    assert without_person(said, frozenset({"note"})) == {
        "number": "#1",
        "shipping_address": {"country": "SE"},
    }
