from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from aftermile.connectors.contracts.sockets import BackfillPage, OutboundRequest, Unreadable
from aftermile.connectors.storefronts.woocommerce import connector
from aftermile.connectors.storefronts.woocommerce.authorization import authorized, oauth_signature
from aftermile.connectors.storefronts.woocommerce.reader import SUBSCRIBED
from tests.connectors.storefronts.reading import utc

CREDENTIALS = {"shop_url": "https://shop.example/store/", "consumer_key": "ck_1", "consumer_secret": "cs_1"}
BASE = "https://shop.example/store/wp-json/wc/v3"
SINCE = utc(2026, 1, 1)
assert connector.backfill is not None
backfill = connector.backfill


def test_over_https_history_is_asked_for_with_basic_authorization() -> None:
    assert backfill.request(CREDENTIALS, "orders 3", SINCE) == OutboundRequest(
        method="GET",
        url=f"{BASE}/orders",
        headers={"Accept": "application/json", "Authorization": "Basic Y2tfMTpjc18x"},
        params={
            "per_page": "100",
            "page": "3",
            "orderby": "id",
            "order": "asc",
            "modified_after": "2026-01-01T00:00:00",
            "dates_are_gmt": "true",
        },
    )


def test_customers_cannot_be_asked_for_by_change() -> None:
    assert backfill.request(CREDENTIALS, "customers", SINCE).params == {
        "per_page": "100",
        "page": "1",
        "orderby": "id",
        "order": "asc",
    }


def test_over_http_the_secret_does_not_travel() -> None:
    insecure = {**CREDENTIALS, "shop_url": "http://shop.example"}
    request = backfill.request(insecure, "", SINCE)
    again = backfill.request(insecure, "", SINCE)

    assert "cs_1" not in json.dumps([request.url, dict(request.params), dict(request.headers)])
    assert "Authorization" not in request.headers
    stated = {name: value for name, value in request.params.items() if name != "oauth_signature"}
    assert request.params["oauth_signature"] == oauth_signature("GET", request.url, stated, "cs_1")
    assert request.params["oauth_nonce"] != again.params["oauth_nonce"]


def test_the_signature_is_that_of_oauth_1() -> None:
    # In the manner of OAuth Core 1.0, appendix A.5, one-legged: the signature was made with openssl
    # (`dgst -sha256 -hmac '<secret>&'`) from the base string.
    params = {
        "size": "original",
        "file": "vacation.jpg",
        "oauth_consumer_key": "dpf43f3p2l4k3l03",
        "q": "a b+c/~",
    }
    normalized = "file=vacation.jpg&oauth_consumer_key=dpf43f3p2l4k3l03&q=a%20b%2Bc%2F~&size=original"
    base = f"GET&http%3A%2F%2Fphotos.example.net%2Fphotos&{quote(normalized, safe='~')}"

    assert base == (
        "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key%3D"
        "dpf43f3p2l4k3l03%26q%3Da%2520b%252Bc%252F~%26size%3Doriginal"
    )
    assert oauth_signature("get", "http://photos.example.net/photos", params, "kd94hf93k423kf44") == (
        "EpCOd23A+KqtpGENalWhEKs6RHxg47qUXXw5YmuwuZE="
    )


def test_a_page_becomes_records_as_if_they_had_come_by_webhook() -> None:
    order = {"id": 77, "date_modified_gmt": "2026-11-02T10:30:00", "customer_note": "für dich"}
    page = backfill.page(json.dumps([order]).encode(), {"x-wp-totalpages": "4"}, "orders 3")

    assert (page.cursor, [record[:2] for record in page.records]) == (
        "orders 4",
        [("order.updated", "backfill:orders:77:2026-11-02T10:30:00")],
    )
    assert json.loads(page.records[0][2]) == order


@pytest.mark.parametrize(
    ("cursor", "following"),
    [("", "customers"), ("products 4", "customers"), ("customers 4", "orders"), ("orders 4", "")],
)
def test_the_last_page_of_a_phase_leads_to_the_next(cursor: str, following: str) -> None:
    pages = {"X-WP-TotalPages": "4" if cursor else "0"}
    assert backfill.page(b"[]", pages, cursor) == BackfillPage(records=(), cursor=following)


def test_where_a_proxy_drops_the_count_of_pages_a_full_page_is_not_the_last() -> None:
    assert backfill.page(json.dumps([{"id": 1}] * 100).encode(), {}, "orders 1").cursor == "orders 2"
    assert backfill.page(json.dumps([{"id": 1}] * 99).encode(), {}, "orders 2").cursor == ""


def test_an_error_instead_of_a_list_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="Sorry, you cannot list resources"):
        backfill.page(b'{"code": "x", "message": "Sorry, you cannot list resources."}', {}, "orders 1")


def test_every_topic_we_read_is_registered_with_the_secret() -> None:
    assert backfill.register is not None
    requests = backfill.register(CREDENTIALS, "https://us.example/in/abc", "whsec", b"[]")

    assert {(request.method, request.url) for request in requests} == {("POST", f"{BASE}/webhooks")}
    assert [json.loads(request.body) for request in requests] == [
        {
            "name": f"Aftermile {topic}",
            "topic": topic,
            "delivery_url": "https://us.example/in/abc",
            "secret": "whsec",
            "status": "active",
        }
        for topic in SUBSCRIBED
    ]


def test_a_webhook_that_is_there_is_brought_up_to_date_and_not_made_again() -> None:
    assert backfill.registered is not None
    assert backfill.register is not None
    asked = backfill.registered(CREDENTIALS)
    assert (asked.method, asked.url, asked.params["search"]) == ("GET", f"{BASE}/webhooks", "Aftermile")

    address = "https://us.example/in/abc"
    first, second, *_ = SUBSCRIBED
    known = [
        {"id": 7, "topic": first, "delivery_url": address, "status": "disabled"},
        {"id": 8, "topic": second, "delivery_url": "https://us.example/in/of-another-connection"},
    ]
    requests = backfill.register(CREDENTIALS, address, "whsec", json.dumps(known).encode())

    assert [(request.method, request.url) for request in requests] == [
        ("PUT", f"{BASE}/webhooks/7"),
        *[("POST", f"{BASE}/webhooks")] * (len(SUBSCRIBED) - 1),
    ]
    assert json.loads(requests[0].body)["status"] == "active"


def test_registering_needs_to_know_what_is_there() -> None:
    assert backfill.register is not None
    with pytest.raises(Unreadable, match="Sorry"):
        backfill.register(CREDENTIALS, "https://us.example/in/abc", "whsec", b'{"message": "Sorry."}')


def test_a_signed_request_keeps_its_body_and_headers() -> None:
    request = OutboundRequest(method="POST", url="http://shop.example/x", headers={"A": "b"}, body=b"{}")
    signed = authorized(request, CREDENTIALS)
    assert (signed.headers, signed.body) == ({"A": "b"}, b"{}")
