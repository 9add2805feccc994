"""A page that was answered is answered again while it is true, and no longer."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.brands.public import change_brand
from aftermile.capabilities.orders.models import Order
from aftermile.capabilities.shipments.public import record_tracking
from aftermile.capabilities.shoppers.models import Shopper
from aftermile.connectors.contracts.facts import ScanTime, TimeBasis, TrackingEventFact, TrackingReport
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.shopper import kept_pages, views
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope, operator_scope
from tests.conftest import NOON
from tests.doors.shopper.conftest import Sell

CLIENT = Client(headers={"accept-encoding": "gzip"})
Change = Callable[[Merchant], None]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_kept", kept_pages.KeptPages(most=2))


def html_of(page: HttpResponse) -> str:
    assert page.status_code == 200
    return gzip.decompress(page.content).decode()


def statements(path: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        CLIENT.get(path, headers=headers)
    return len([query for query in queries if query["sql"].startswith("SELECT")])


def test_the_second_look_asks_only_whether_anything_was_written(merchant: Merchant, sell: Sell) -> None:
    path = f"/t/{sell(merchant)}"
    first = CLIENT.get(path)
    assert statements(path) == 2
    again = CLIENT.get(path)
    named = [{name: text for name, text in page.items() if name != "X-Request-ID"} for page in (first, again)]
    assert named[0] == named[1]
    assert again.content == first.content


def test_a_page_that_asks_by_itself_costs_as_little(merchant: Merchant, sell: Sell) -> None:
    path = f"/t/{sell(merchant)}"
    tag = CLIENT.get(path)["ETag"]
    views._kept = kept_pages.KeptPages(most=2)  # another process
    assert statements(path, **{"if-none-match": tag}) > 2
    assert statements(path, **{"if-none-match": tag}) == 2
    assert CLIENT.get(path, headers={"if-none-match": tag}).status_code == 304
    assert "The Long Way" in html_of(CLIENT.get(path))


def _scanned(merchant: Merchant) -> None:
    time = ScanTime(occurred_at=NOON, reported="12", basis=TimeBasis.STATED)
    fact = TrackingEventFact(time=time, code="OUT", description="", sub_status=SubStatus.OUT_FOR_DELIVERY)
    report = TrackingReport(tracking_number="1PARCEL0", carrier="gls", events=(fact,))
    with merchant_scope(merchant.id):
        record_tracking(reports=[report], source="carrier", by="test", at=NOON)


def _branded(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        change_brand(accent="#7a1f3d", by="test", at=NOON)


def _renamed(merchant: Merchant) -> None:
    with operator_scope():
        Merchant.objects.filter(id=merchant.id).update(name="Lindgren & Daughters")


def _order_changed(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        Order.rows().update(number="#1-B")


def _shopper_speaks(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        Shopper.rows().update(language="de")


@pytest.mark.parametrize("change", [_scanned, _branded, _renamed, _order_changed, _shopper_speaks])
def test_whatever_is_written_shows_at_once(merchant: Merchant, sell: Sell, change: Change) -> None:
    path = f"/t/{sell(merchant)}"
    before = html_of(CLIENT.get(path))
    assert html_of(CLIENT.get(path)) == before
    change(merchant)
    after = html_of(CLIENT.get(path))
    assert after != before
    assert html_of(Client(headers={"accept-encoding": "gzip"}).get(path)) == after


def test_it_says_no_yesterday(merchant: Merchant, sell: Sell, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/t/{sell(merchant)}"
    CLIENT.get(path)
    today = kept_pages.now()
    monkeypatch.setattr(kept_pages, "now", lambda: today + timedelta(days=1))
    assert statements(path) > 2


def test_readers_of_other_languages_get_their_own(merchant: Merchant, sell: Sell) -> None:
    path = f"/t/{sell(merchant)}"
    pages = {html_of(CLIENT.get(path, headers={"accept-language": each})) for each in ("en", "ja", "en")}
    assert len(pages) == 2
    assert html_of(CLIENT.get(path, {"lang": "ar"})) not in pages


def test_the_oldest_is_let_go(merchant: Merchant, sell: Sell) -> None:
    paths = [f"/t/{sell(merchant, number=str(number))}" for number in (1, 2, 3)]
    for path in paths:
        CLIENT.get(path)
    assert [statements(path) > 2 for path in reversed(paths)] == [False, False, True]


def test_a_long_request_is_answered_and_forgotten(merchant: Merchant, sell: Sell) -> None:
    path = f"/t/{sell(merchant)}"
    long = "en, " * 200
    CLIENT.get(path, headers={"accept-language": long})
    assert statements(path, **{"accept-language": long}) > 2
