"""What a page reads in a few trips is what the rooms' own queries say."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.brands.public import brand, change_brand, reading_brand
from aftermile.capabilities.orders.public import (
    OrderNotFound,
    order_by_page_token,
    reading_order,
    reading_order_of_page,
)
from aftermile.capabilities.shipments.public import reading_shipments, shipments_of_orders
from aftermile.doors.shopper.views import tracking
from aftermile.kernel import trips
from aftermile.kernel.merchants import current_merchant, reading_merchant
from aftermile.kernel.models import Merchant
from aftermile.kernel.reads import answered, side_by_side
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.doors.shopper.conftest import Sell


@pytest.mark.parametrize("parcels", [0, 1, 3])
def test_order_and_shipments_are_the_same(merchant: Merchant, sell: Sell, parcels: int) -> None:
    sell(merchant, number="8")
    token = sell(merchant, parcels=parcels, phone="+4915123456789")
    with merchant_scope(merchant.id):
        of_page = answered(reading_order_of_page(token))
        order, shipments = answered(side_by_side(reading_order(of_page), reading_shipments(of_page.id)))
        assert order == order_by_page_token(token)
        assert shipments == shipments_of_orders([order.id])[order.id]


def test_merchant_and_brand_are_the_same(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        assert answered(reading_brand()) == brand()
        change_brand(accent="#aa3300", texts={"de": {"help": "Wir helfen gern."}}, by="test", at=NOON)
        assert answered(side_by_side(reading_merchant(), reading_brand())) == (current_merchant(), brand())
        assert brand().accent == "#aa3300"


def test_another_shops_page_is_none(merchant: Merchant, other_merchant: Merchant, sell: Sell) -> None:
    token = sell(other_merchant)
    with merchant_scope(merchant.id), pytest.raises(OrderNotFound):
        answered(reading_order_of_page(token))


def test_a_page_asks_in_a_fixed_number_of_trips(
    merchant: Merchant, sell: Sell, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    travelled: list[int] = []
    travel = trips._travel
    monkeypatch.setattr(
        trips, "_travel", lambda driver, queries: (travelled.append(1), travel(driver, queries))[1]
    )
    for parcels in (1, 3, 12):
        token = sell(merchant, parcels=parcels, number=str(parcels))
        travelled.clear()
        with CaptureQueriesContext(connection) as queries:
            assert tracking(RequestFactory().get(f"/t/{token}"), token).status_code == 200
        counts.append((len(queries), len(travelled)))
    assert counts[0] == counts[1] == counts[2]
    # One that finds the order, one with all that belongs to it; in production the end travels by itself, too.
    assert counts[0][1] <= 3
