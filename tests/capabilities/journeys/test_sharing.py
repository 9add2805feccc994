"""Row 10 of the failures of others: twenty orders shipped at once give twenty messages or one; none stays pending."""

from __future__ import annotations

from typing import Any

import pytest

from aftermile.capabilities.journeys.public import switch_on_standard
from aftermile.capabilities.messaging.public import (
    MessagingSettings,
    SplitOrders,
    Status,
    change_messaging_settings,
)
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.journeys.stories import BY, Shop
from tests.capabilities.messaging.stories import send_with

pytestmark = pytest.mark.django_db


def twenty_at_once(shop: Shop) -> None:
    with merchant_scope(shop.merchant.id):
        switch_on_standard(slugs=["dispatched"], by=BY, at=shop.at)
    for number in range(20):
        shop.order(str(number))
        shop.ship(str(number), f"1Z{number}")
    shop.order("other", shopper="omar")
    shop.ship("other", "1Zother")
    shop.scans([*(f"1Z{number}" for number in range(20)), "1Zother"])
    shop.hear()


def send(shop: Shop) -> list[Any]:
    with merchant_scope(shop.merchant.id):
        return send_with(at=shop.at)


def test_twenty_messages(shop: Shop) -> None:
    twenty_at_once(shop)
    assert len(send(shop)) == 21
    assert [each.status for each in shop.messages()] == [Status.TAKEN] * 21
    assert len({each.order_id for each in shop.messages()}) == 21
    assert set(shop.states()) == {"done"}


def test_or_one_digest(shop: Shop) -> None:
    with merchant_scope(shop.merchant.id):
        change_messaging_settings(MessagingSettings(split_orders=SplitOrders.DIGEST), by=BY, at=shop.at)
    twenty_at_once(shop)
    assert (shop.said(), set(shop.states())) == ([], {"waiting"})
    shop.later(minutes=15)
    digest, single = sorted(shop.messages(), key=lambda each: each.touchpoint, reverse=True)
    assert (digest.touchpoint, len(digest.about["order_ids"]), len(digest.about["parcel_ids"])) == (
        "split_digest", 20, 20,
    )  # fmt: skip
    assert (single.touchpoint, single.about) == ("dispatched", {})
    assert len(send(shop)) == 2
    assert set(shop.states()) == {"done"}
    shop.later(days=2)
    assert len(shop.messages()) == 2


def test_what_comes_while_they_gather_is_in_the_same_message(shop: Shop) -> None:
    with merchant_scope(shop.merchant.id):
        change_messaging_settings(MessagingSettings(split_orders=SplitOrders.DIGEST), by=BY, at=shop.at)
        switch_on_standard(slugs=["dispatched"], by=BY, at=shop.at)
    shop.order()
    shop.ship("1", "1ZA", "1ZB")
    shop.scan("1ZA")
    shop.hear()
    shop.later(minutes=10)
    shop.scan("1ZB")
    shop.hear()
    shop.later(minutes=5)
    (said,) = shop.messages()
    assert (said.touchpoint, len(said.about["parcel_ids"]), len(said.about["order_ids"])) == (
        "split_digest",
        2,
        1,
    )
