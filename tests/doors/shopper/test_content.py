"""Articles on an order's page: those for what was bought, in the order in which they help."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.catalog.public import record_products
from aftermile.capabilities.content.public import archive_article
from aftermile.capabilities.orders.models import OrderLine
from aftermile.capabilities.shipments.public import record_tracking
from aftermile.connectors.contracts.facts import (
    ProductFact,
    ScanTime,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
)
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.shopper import kept_pages, views
from aftermile.kernel.ids import public_id
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.content.articles import product, put_out
from tests.conftest import NOON
from tests.doors.shopper.conftest import Sell


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_kept", kept_pages.KeptPages(most=10))


def shown(token: str, query: str = "") -> list[str]:
    html = Client().get(f"/t/{token}{query}").content.decode()
    return re.findall(r"<bdi[^>]*>([^<]+)", html.partition("Good to know")[2])


def arrived(merchant: Merchant, number: str) -> None:
    time = ScanTime(occurred_at=NOON + timedelta(hours=1), reported="13", basis=TimeBasis.STATED)
    fact = TrackingEventFact(time=time, code="DLV", description="", sub_status=SubStatus.DELIVERED)
    report = TrackingReport(tracking_number=number, carrier="gls", events=(fact,))
    with merchant_scope(merchant.id):
        record_tracking(reports=[report], source="carrier", by="test", at=NOON + timedelta(hours=2))


def sold(merchant: Merchant, sell: Sell) -> str:
    """Sell a book that the catalog knows as a novel."""
    token = sell(merchant)
    with merchant_scope(merchant.id):
        OrderLine.rows().update(product_external_id="7")
        record_products(
            facts=[ProductFact(external_id="7", category="Novels")], source="shop", by="test", at=NOON
        )
    return token


def test_how_to_begin_before_it_is_here_and_how_to_keep_it_after(merchant: Merchant, sell: Sell) -> None:
    token = sell(merchant)
    put_out(merchant, "care_tips", title="Dust it")
    put_out(merchant, "guide", title="Open it")
    assert shown(token) == ["Open it", "Dust it"]
    arrived(merchant, "1PARCEL0")
    assert shown(token) == ["Dust it", "Open it"]


def test_only_what_fits_the_order(merchant: Merchant, other_merchant: Merchant, sell: Sell) -> None:
    token = sold(merchant, sell)
    put_out(merchant, title="For all")
    put_out(merchant, title="Novels", placements=[{"about": "type", "value": "Novels"}])
    put_out(merchant, title="Its own", placements=[product("shop", "7")])
    put_out(merchant, title="Another's", placements=[product("shop", "8")])
    put_out(other_merchant, title="Lamps")
    assert shown(token) == ["Its own", "Novels", "For all"]


def test_a_page_says_no_word_about_content_where_there_is_none(merchant: Merchant, sell: Sell) -> None:
    html = Client().get(f"/t/{sell(merchant)}").content.decode()
    assert "Good to know" not in html
    assert "/help/" not in html


def test_it_leads_to_the_article_in_the_language_that_was_chosen(merchant: Merchant, sell: Sell) -> None:
    token = sell(merchant, language="de")
    made = put_out(
        merchant, texts={"en": {"title": "Bath", "body": "x"}, "de": {"title": "Bad", "body": "x"}}
    )
    html = Client().get(f"/t/{token}?lang=en").content.decode()
    assert f'href="/help/{public_id("mer", merchant.id)}/{made.slug}?lang=en"' in html


def test_a_kept_page_shows_at_once_what_is_published_archived_or_tagged_anew(
    merchant: Merchant, sell: Sell
) -> None:
    token = sold(merchant, sell)
    assert shown(token) == shown(token) == []
    made = put_out(merchant, title="Bath")
    assert shown(token) == shown(token) == ["Bath"]
    put_out(merchant, title="Thrillers", placements=[{"about": "type", "value": "Thrillers"}])
    assert shown(token) == shown(token) == ["Bath"]
    with merchant_scope(merchant.id):
        record_products(
            facts=[ProductFact(external_id="7", category="Thrillers", updated_at=NOON)],
            source="shop",
            by="test",
            at=NOON,
        )
    assert shown(token) == ["Thrillers", "Bath"]
    with merchant_scope(merchant.id):
        archive_article(article_id=made.id, by="test", at=NOON)
    assert shown(token) == ["Thrillers"]


@pytest.mark.parametrize(("placement", "more"), [("shop", 2), ("type", 4)])
def test_what_it_costs(merchant: Merchant, sell: Sell, placement: str, more: int) -> None:
    """Of a shop without articles one statement, which goes along; else their two, and two more for types and tags."""
    token = sold(merchant, sell)

    def cost() -> int:
        views._kept = kept_pages.KeptPages(most=10)
        with CaptureQueriesContext(connection) as queries:
            Client().get(f"/t/{token}")
        return len([query for query in queries if query["sql"].startswith("SELECT")])

    before = cost()
    for number in range(3):
        put_out(merchant, title=f"Guide {number}", placements=[{"about": placement, "value": "Novels"}])
    assert cost() - before == more
