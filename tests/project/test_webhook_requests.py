"""Webhooks on the event loop: the same answers as through Django."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from aftermile.connectors.contracts.sockets import InboundRequest
from aftermile.doors.webhooks import inbound
from aftermile.intake.models import InboundRecord, Refusal
from aftermile.intake.operations import connections
from aftermile.intake.public import OpenConnection
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.intake.shop import body_of, connect_shopify, order, shopify_headers
from tests.project.rsgi_server import answered, asked

Told = tuple[int, Any, dict[str, str]]


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    connections._remembered.clear()
    yield
    connections._remembered.clear()


def on_the_loop(path: str, body: bytes, headers: dict[str, str], **request: Any) -> Told:
    method = request.pop("method", "POST")
    (told,) = answered(asked(method, path, body, headers=list(headers.items()), **request))
    return told.status, json.loads(told.content), dict(told.headers)


def through_django(path: str, body: bytes, headers: dict[str, str], *, method: str = "POST") -> Told:
    answer = Client().generic(method, path, data=body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json(), {name.lower(): value for name, value in answer.headers.items()}


@pytest.mark.django_db(transaction=True)
class TestBothWays:
    def test_a_webhook_is_kept_and_the_second_way_knows_it(self, merchant: Merchant) -> None:
        shop, body = connect_shopify(merchant), body_of(order(1))
        headers = shopify_headers("orders/create", body, "w1")
        first = on_the_loop(f"/in/{shop.address}", body, headers)
        second = through_django(f"/in/{shop.address}", body, headers)
        assert (first[0], first[1]["repeat"]) == (200, False)
        assert (second[0], second[1]) == (200, first[1] | {"repeat": True})

    @pytest.mark.parametrize(
        ("change", "method", "status"),
        [({"x-shopify-hmac-sha256": "bm8="}, "POST", 401), ({}, "GET", 405), ({}, "DELETE", 405)],
    )
    def test_a_refusal_is_the_same(
        self, merchant: Merchant, change: dict[str, str], method: str, status: int
    ) -> None:
        shop, body = connect_shopify(merchant), body_of(order(1))
        headers = shopify_headers("orders/create", body, "w1") | change
        path = f"/in/{shop.address}"
        first = on_the_loop(path, body, headers, method=method)
        second = through_django(path, body, headers, method=method)
        assert first[:2] == second[:2]
        assert first[0] == status
        assert first[2].get("allow") == second[2].get("allow")

    @pytest.mark.parametrize("has_length", [True, False])
    def test_a_body_over_the_limit_is_too_large(self, merchant: Merchant, has_length: bool) -> None:
        shop, body = connect_shopify(merchant), b"x" * 1_048_577
        path, headers = f"/in/{shop.address}", shopify_headers("orders/create", body, "w1")
        first = on_the_loop(path, body, headers, has_length=has_length)
        assert first[:2] == through_django(path, body, headers)[:2]
        assert first[0] == 413

    def test_a_refused_signature_is_counted(self, merchant: Merchant) -> None:
        shop = connect_shopify(merchant)
        headers = shopify_headers("orders/create", b"{}", "w1")
        for _ in range(2):
            assert on_the_loop(f"/in/{shop.address}", b"[]", headers)[0] == 401
        with merchant_scope(merchant.id):
            assert [(row.connection_id, row.count) for row in Refusal.rows()] == [(shop.id, 2)]
            assert InboundRecord.rows().count() == 0


@pytest.mark.parametrize("address", ["in_nonsense", "", "in_" + "0" * 54, "a/b", "é", "\ufffd"])
@pytest.mark.django_db(transaction=True)
def test_an_address_nobody_has_is_not_found(address: str) -> None:
    status, content, _ = on_the_loop(f"/in/{address}", b"{}", {})
    assert (status, content["error"]["code"]) == (404, "connection_not_found")


@pytest.mark.django_db(transaction=True)
def test_a_body_without_an_announced_length_is_kept(merchant: Merchant) -> None:
    shop, body = connect_shopify(merchant), body_of(order(1))
    headers = list(shopify_headers("orders/create", body, "w1").items())
    (told,) = answered(
        asked("POST", f"/in/{shop.address}", body[:10], body[10:], headers=headers, has_length=False)
    )
    assert told.status == 200
    with merchant_scope(merchant.id):
        assert [bytes(record.body) for record in InboundRecord.rows()] == [body]


def test_no_more_is_read_than_may_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbound, "remembered_connection", lambda _: object())
    (told,) = answered(asked("POST", "/in/x", *([b"x" * 500_000] * 5), has_length=False))
    assert (told.status, told.chunks_read) == (413, 3)
    (told,) = answered(asked("POST", "/in/x", *([b"x" * 500_000] * 5)))
    assert (told.status, told.chunks_read) == (413, 0)


@pytest.mark.django_db(transaction=True)
def test_a_query_is_handed_to_whoever_verifies(merchant: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    verify = inbound._verify

    def noting(open_: OpenConnection, asked: InboundRequest) -> object:
        seen.append(asked.query)
        return verify(open_, asked)

    monkeypatch.setattr(inbound, "_verify", noting)
    shop = connect_shopify(merchant)
    on_the_loop(f"/in/{shop.address}", b"{}", {}, query="token=a%20b&empty=")
    assert seen == [{"token": "a b", "empty": ""}]


@pytest.mark.django_db(transaction=True)
def test_an_answer_says_what_it_is_and_its_request(merchant: Merchant) -> None:
    status, _, headers = on_the_loop(f"/in/{connect_shopify(merchant).address}", b"{}", {})
    assert status == 401
    assert headers["content-type"] == "application/json"
    assert headers["x-content-type-options"] == "nosniff"
    assert len(headers["x-request-id"]) == 32


def test_our_mistake_is_noted_and_answered(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(inbound, "remembered_connection", broken)
    assert on_the_loop("/in/x", b"{}", {})[:2] == (
        500,
        {"error": {"code": "our_mistake", "message": "This is our mistake; it was noted."}},
    )
    assert [record.getMessage() for record in caplog.records] == ["a webhook could not be taken in"]
