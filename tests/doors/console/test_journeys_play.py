"""Time travel in the console: a page at once, the play fetched; by day, shopper by shopper, and why not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.journeys.public import create_journey, list_runs
from aftermile.capabilities.messaging.public import list_messages
from aftermile.capabilities.team.public import Role
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.journeys.stories import BY, Shop, message, placed
from tests.doors.console.conftest import base

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(merchant: Any) -> Shop:
    """A shop in which orders were placed two days ago, by today's clock."""
    return Shop(merchant, now() - timedelta(days=2))


def drafted(shop: Shop, definition: Any) -> str:
    with merchant_scope(shop.merchant.id):
        made = create_journey(name="Played", definition=definition, by=BY, at=shop.at)
    return f"{base(shop.merchant)}journeys/{public_id('jny', made.id)}/play/"


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_page_is_there_at_once_and_fetches_what_takes_long(
    shop: Shop, desk_client: Callable[[Role], Client]
) -> None:
    path = drafted(shop, placed(message("confirmation")))

    page = text(desk_client(Role.OWNER), path)

    assert 'hx-trigger="load"' in page
    assert "days=7&amp;of=draft&amp;play=1" in page
    assert 'class="headline"' not in page


def test_who_would_have_got_what_and_who_not(shop: Shop, desk_client: Callable[[Role], Client]) -> None:
    shop.order("1")
    shop.order("2", shopper="tomas")
    path = drafted(shop, placed(message("confirmation"), message("win_back", "again")))

    page = text(desk_client(Role.OWNER), f"{path}?days=7&play=1")

    assert "<b>2</b> would have entered" in page
    assert "<b>2</b> messages would have gone out, 2 not." in page
    assert page.count("Not sent</span>") == 2
    assert "<dt>No consent</dt><dd>2</dd>" in page
    assert re.search(r'/orders/ord_[^"]+">#1</a>', page)
    assert "Nadia" in page
    rows = re.findall(r'<tr><th scope="row">\w+ \d+</th>(.*?)</tr>', page)
    assert len(rows) == 8
    assert rows[5].count('<td class="num">2</td>') == 3
    with merchant_scope(shop.merchant.id):
        assert (list_runs(), list_messages()) == ([], [])


def test_three_people_cost_as_much_as_one(shop: Shop, desk_client: Callable[[Role], Client]) -> None:
    client = desk_client(Role.OWNER)
    path = drafted(shop, placed(message("confirmation"))) + "?play=1"

    def cost() -> int:
        """Count the statements but those that halve the log to find where the days begin."""
        with CaptureQueriesContext(connection) as captured:
            page = text(client, path)
        assert page.count("data-open") == people
        return sum('SELECT "kernel_event"."occurred_at"' not in each["sql"] for each in captured)

    people = 1
    shop.order("1")
    text(client, path)
    one = cost()
    people = 3
    shop.order("2", shopper="tomas")
    shop.order("3", shopper="yuki")

    assert cost() == one


def test_nobody_is_said_plainly_and_a_strange_choice_is_the_usual_one(
    shop: Shop, desk_client: Callable[[Role], Client]
) -> None:
    path = drafted(shop, placed(message("confirmation")))
    client = desk_client(Role.OWNER)

    for days in ("0", "90", "-1", "1e9", "x"):
        assert "Nobody would have entered since" in text(client, f"{path}?days={days}&play=1&of=nothing")


def test_who_may_not_see_shoppers_may_not_play(shop: Shop, desk_client: Callable[[Role], Client]) -> None:
    path = drafted(shop, placed(message("confirmation")))

    assert desk_client(Role.ANALYST).get(path).status_code == 403
    assert desk_client(Role.READ_ONLY).get(path).status_code == 200
