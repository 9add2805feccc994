"""A long story is shown by its beginning and its end; a shopper's many orders come in pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from aftermile.capabilities.orders.public import record_orders
from aftermile.capabilities.shipments.public import record_tracking
from aftermile.capabilities.team.public import Role
from aftermile.connectors.contracts.facts import (
    ScanTime,
    ShopperFact,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
)
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.console.story import Day, Event, shortened
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.orders.orders import ORDER
from tests.capabilities.search.test_search import catch_up, ship
from tests.conftest import NOON
from tests.doors.console.conftest import base, counted
from tests.doors.console.test_lists import order_key, parcel_keys, shown

DeskClient = Callable[[Role], Client]
NUMBER = "00340434161094042557"
_FIRST, _LAST = 12, 40


def told(counts: list[int]) -> list[Day]:
    """Make days of as many events, each of which knows its place."""
    places = iter(range(sum(counts)))
    return [
        Day(
            date(2026, 3, 1) + timedelta(days=number),
            "",
            tuple(Event(NOON, str(next(places)), "parcels") for _ in range(count)),
        )
        for number, count in enumerate(counts)
    ]


@given(st.lists(st.integers(1, 70), max_size=8))
def test_the_middle_is_left_out_and_counted(counts: list[int]) -> None:
    days = told(counts)
    places = [event.title for day in days for event in day.events]
    short = shortened(days)
    shown_places = [event.title for day in short for event in day.events]
    if len(places) <= _FIRST + _LAST:
        assert short == days
        return
    assert shown_places == places[:_FIRST] + places[-_LAST:]
    (gap,) = [day for day in short if day.left_out]
    assert gap.left_out == len(places) - _FIRST - _LAST
    assert gap.events[0].title == places[-_LAST]


def many_scans(shop: Merchant, count: int) -> None:
    events = tuple(
        TrackingEventFact(
            time=ScanTime(
                occurred_at=NOON + timedelta(hours=number),
                reported=str(number),
                basis=TimeBasis.STATED,
            ),
            code=f"S{number}",
            sub_status=SubStatus.IN_TRANSIT,
            description=f"Depot {number}",
        )
        for number in range(count)
    )
    with merchant_scope(shop.id):
        record_tracking(
            reports=[TrackingReport(tracking_number=NUMBER, events=events)],
            source="con_1",
            by="connection:con_1",
            at=NOON + timedelta(days=30),
        )


@pytest.mark.django_db
class TestLongOnes:
    @pytest.mark.parametrize("has_order", [True, False])
    def test_a_long_story_is_shown_in_part_and_whole(
        self, merchant: Merchant, desk_client: DeskClient, *, has_order: bool
    ) -> None:
        if has_order:
            with merchant_scope(merchant.id):
                record_orders(facts=[ORDER], source="con_1", by="connection:con_1", at=NOON)
            ship(merchant, 1001, NUMBER)
        many_scans(merchant, 200)
        catch_up(merchant)
        client = desk_client(Role.CARE)
        address = (
            f"{base(merchant)}orders/{order_key(merchant, '1001')}/"
            if has_order
            else f"{base(merchant)}parcels/{parcel_keys(merchant)[NUMBER]}/"
        )
        shown(client, address)
        page, few = counted(client, f"{address}?part=parcels" if has_order else address)
        assert page.count('<li class="ev') == _FIRST + _LAST
        (link, left_out) = re.findall(r'href="([^"]+)">.*?(\d+) in between', page)[0]
        whole, all_of_them = counted(client, address + link.replace("&amp;", "&"))
        assert whole.count('<li class="ev') == _FIRST + _LAST + int(left_out)
        assert ("in between" in whole, all_of_them) == (False, few)

    @pytest.mark.parametrize("orders", [1, 3, 60])
    def test_a_shoppers_orders_come_in_pages(
        self,
        merchant: Merchant,
        desk_client: DeskClient,
        django_assert_max_num_queries: DjangoAssertNumQueries,
        orders: int,
    ) -> None:
        shopper = ShopperFact(external_id="7", name="Astrid", email="astrid@example.com")
        facts = [
            replace(
                ORDER,
                external_id=f"o{number}",
                number=f"#{number}",
                shopper=shopper,
                placed_at=NOON + timedelta(minutes=number // 2),
            )
            for number in range(orders)
        ]
        with merchant_scope(merchant.id):
            record_orders(facts=facts, source="con_1", by="connection:con_1", at=NOON)
        catch_up(merchant)
        client = desk_client(Role.CARE)
        (here,) = set(
            re.findall(r'href="([^"]+/shoppers/shp_[^"]+)"', shown(client, base(merchant) + "shoppers/"))
        )
        seen: list[str] = []
        following = here
        while following:
            with django_assert_max_num_queries(20):
                page = shown(client, following)
            seen += re.findall(r"<b>(#\d+)</b>", page)
            links = re.findall(r'rel="next" href="([^"]+)"', page)
            following = links[0].replace("&amp;", "&") if links else ""
        assert (len(seen), len(set(seen))) == (orders, orders)
        assert client.get(f"{here}?after=broken").status_code == 422
