from __future__ import annotations

import json

import pytest

from aftermile.connectors.contracts.sockets import BackfillPage, OutboundRequest, Unreadable
from aftermile.connectors.storefronts.shopify import connector
from aftermile.connectors.storefronts.shopify.backfill import API_VERSION
from aftermile.connectors.storefronts.shopify.reader import SUBSCRIBED
from tests.connectors.storefronts.reading import utc

CREDENTIALS = {"shop_domain": "nest.myshopify.com", "access_token": "shpat_1"}
BASE = f"https://nest.myshopify.com/admin/api/{API_VERSION}"
HEADERS = {"X-Shopify-Access-Token": "shpat_1", "Accept": "application/json"}
SINCE = utc(2026, 1, 1)
assert connector.backfill is not None
backfill = connector.backfill


def test_history_begins_with_products_changed_since() -> None:
    assert backfill.request(CREDENTIALS, "", SINCE) == OutboundRequest(
        method="GET",
        url=f"{BASE}/products.json",
        headers=HEADERS,
        params={"limit": "250", "updated_at_min": "2026-01-01T00:00:00+00:00"},
    )


def test_orders_are_asked_for_in_every_state() -> None:
    assert backfill.request(CREDENTIALS, "orders", SINCE).params == {
        "limit": "250",
        "updated_at_min": "2026-01-01T00:00:00+00:00",
        "status": "any",
    }


def test_a_further_page_is_asked_for_by_its_page_info_alone() -> None:
    assert backfill.request(CREDENTIALS, "orders eyJsYXN0", SINCE).params == {
        "limit": "250",
        "page_info": "eyJsYXN0",
    }


def test_a_page_becomes_records_as_if_they_had_come_by_webhook() -> None:
    order = {"id": 700, "updated_at": "2026-11-04T12:01:02+01:00", "note": "half a smile \ud83d, für"}
    orders = f"{BASE}/orders.json?limit=250&page_info="
    link = f'<{orders}back>; rel="previous", <{orders}on>; rel="next"'

    page = backfill.page(json.dumps({"orders": [order]}).encode(), {"Link": link}, "orders here")

    assert (page.cursor, [record[:2] for record in page.records]) == (
        "orders on",
        [("orders/updated", "backfill:orders:700:2026-11-04T12:01:02+01:00")],
    )
    assert json.loads(page.records[0][2]) == order


@pytest.mark.parametrize(
    ("cursor", "following"),
    [("", "customers"), ("products x", "customers"), ("customers", "orders"), ("orders x", "")],
)
def test_the_last_page_of_a_phase_leads_to_the_next(cursor: str, following: str) -> None:
    phase = (cursor or "products").split(" ")[0]
    assert backfill.page(json.dumps({phase: []}).encode(), {}, cursor) == BackfillPage(
        records=(), cursor=following
    )


def test_an_answer_without_the_list_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="Invalid API key"):
        backfill.page(b'{"errors": "[API] Invalid API key"}', {}, "orders")


def test_every_topic_we_read_is_registered_but_the_privacy_ones() -> None:
    assert backfill.register is not None
    requests = backfill.register(CREDENTIALS, "https://us.example/in/abc", "unused", b"")

    assert {request.url for request in requests} == {f"{BASE}/webhooks.json"}
    assert [json.loads(request.body)["webhook"] for request in requests] == [
        {"topic": topic, "address": "https://us.example/in/abc", "format": "json"} for topic in SUBSCRIBED
    ]
