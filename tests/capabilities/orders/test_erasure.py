"""What orders do when a shopper is erased or turns out to be another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from aftermile.capabilities.orders.public import OrderView, list_orders
from aftermile.capabilities.orders.reactions import erase_from_orders, follow_merged_shoppers
from aftermile.capabilities.shoppers.public import ShopperErased, ShoppersMerged, erase_shopper
from aftermile.connectors.contracts.facts import Address, RefundFact, ShopperFact
from aftermile.kernel.events import read
from tests.capabilities.orders.orders import ORDER, eur, line
from tests.capabilities.shop import BY, later, log_types, scope, tell_orders, tell_shoppers
from tests.conftest import NOON

PERSONAL = ("Lindgren", "astrid@", "Dalagatan", "11324", "Karin", "engraved", "grandson", "torn by")
ASTRIDS = replace(
    ORDER,
    lines=(replace(line("a"), attributes={"text": "engraved for Emil"}),),
    attributes={"card": "to my grandson"},
    cancel_reason="bought by Lindgren",
    refunds=(RefundFact(external_id="r1", order_external_id="1001", amount=eur(100), reason="torn by Emil"),),
)


def react(merchant: Any) -> None:
    """Run this room's reactions on all that happened."""
    with scope(merchant):
        happened = read(after=0)
        erased = [published for published in happened if isinstance(published.event, ShopperErased)]
        merged = [published for published in happened if isinstance(published.event, ShoppersMerged)]
        if erased:
            erase_from_orders(erased)
        if merged:
            follow_merged_shoppers(merged)


def erase(merchant: Any, shopper_id: Any) -> None:
    with scope(merchant):
        erase_shopper(shopper_id=shopper_id, by=BY, at=later(days=1))


def everything_stored(merchant: Any) -> str:
    with scope(merchant), connection.cursor() as cursor:
        stored = []
        for table in ("orders_order", "orders_line", "orders_refund", "shoppers_shopper", "kernel_event"):
            cursor.execute(f"SELECT to_jsonb(row) FROM {table} row")
            stored += [str(row) for (row,) in cursor.fetchall()]
    return "\n".join(stored)


def left(merchant: Any) -> list[str]:
    stored = everything_stored(merchant)
    return [text for text in PERSONAL if text in stored]


def only(merchant: Any) -> OrderView:
    with scope(merchant):
        (view,) = list_orders()
        return view


def shopper_of(merchant: Any) -> Any:
    shopper = only(merchant).shopper
    assert shopper is not None
    return shopper.id


def test_orders_of_an_erased_shopper_keep_the_trade_and_lose_the_person(merchant: Any) -> None:
    tell_orders(merchant, ASTRIDS)
    assert left(merchant) == list(PERSONAL)
    erase(merchant, shopper_of(merchant))
    react(merchant)
    assert left(merchant) == []
    kept = only(merchant)
    assert (kept.number, kept.total_minor, kept.refunded_minor) == ("#1001", 3290, 100)
    assert kept.shipping_address == Address(country="SE")
    assert kept.erased_at == later(days=1)
    assert kept.shopper is not None
    assert kept.shopper.erased
    react(merchant)
    assert only(merchant) == kept


@pytest.mark.parametrize(
    "late",
    [
        ASTRIDS,
        replace(ASTRIDS, updated_at=later(days=9), note="for Karin again"),
        replace(ASTRIDS, updated_at=None),
        replace(
            ASTRIDS, shopper=ShopperFact(email="astrid@example.com"), placed_at=None, updated_at=later(days=9)
        ),
        replace(ASTRIDS, external_id="1000", placed_at=later(days=-9)),
        replace(
            ASTRIDS, external_id="1000", shopper=ShopperFact(email="astrid@example.com", name="Lindgren")
        ),
    ],
    ids=["again", "newer", "without version", "as a guest", "an older order", "a guest's older order"],
)
@pytest.mark.parametrize("reacted", [True, False])
def test_a_late_fact_does_not_bring_the_person_back(merchant: Any, late: Any, reacted: bool) -> None:
    tell_orders(merchant, ASTRIDS)
    erase(merchant, shopper_of(merchant))
    if reacted:
        react(merchant)
    tell_orders(merchant, late, at=later(days=9))
    react(merchant)
    assert left(merchant) == []


def test_a_late_fact_still_tells_of_the_trade(merchant: Any) -> None:
    tell_orders(merchant, ASTRIDS)
    erase(merchant, shopper_of(merchant))
    react(merchant)
    tell_orders(merchant, replace(ASTRIDS, updated_at=later(days=9), fulfilment_status="fulfilled"))
    assert only(merchant).fulfilment_status == "fulfilled"
    assert left(merchant) == []


def test_orders_follow_a_shopper_who_was_merged(merchant: Any) -> None:
    tell_shoppers(merchant, ShopperFact(email="astrid@example.com"))
    tell_orders(merchant, replace(ORDER, shopper=ShopperFact(external_id="7")))
    account = shopper_of(merchant)
    (guest,) = tell_shoppers(
        merchant, ShopperFact(external_id="7", email="astrid@example.com", updated_at=NOON)
    )
    assert guest != account
    react(merchant)
    with scope(merchant):
        assert [view.external_id for view in list_orders(shopper_id=guest)] == ["1001"]


def test_who_is_erased_after_a_merge_is_erased_from_all_their_orders(merchant: Any) -> None:
    """The erasure's reaction may run before the orders of the merged shopper came over."""
    tell_shoppers(merchant, ShopperFact(email="astrid@example.com"))
    tell_orders(merchant, replace(ASTRIDS, shopper=ShopperFact(external_id="7")))
    (guest,) = tell_shoppers(
        merchant, ShopperFact(external_id="7", email="astrid@example.com", updated_at=NOON)
    )
    erase(merchant, guest)
    react(merchant)
    assert left(merchant) == []


def test_other_shoppers_orders_are_left_alone(merchant: Any) -> None:
    sture = replace(ORDER, external_id="1002", shopper=ShopperFact(external_id="8"))
    tell_orders(merchant, ASTRIDS, sture)
    with scope(merchant):
        before = list_orders(external_id="1002", source="shop")
        (astrids,) = list_orders(external_id="1001", source="shop")
    assert astrids.shopper is not None
    erase(merchant, astrids.shopper.id)
    react(merchant)
    with scope(merchant):
        assert list_orders(external_id="1002", source="shop") == before
    assert log_types(merchant)[-1] == "order.changed"
