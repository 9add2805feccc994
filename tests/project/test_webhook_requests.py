"""Webhooks before Django: the same answers as through it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client

from aftermile.doors.webhooks import inbound
from aftermile.intake.operations import connections
from aftermile.kernel.models import Merchant
from aftermile.project import webhook_requests, wsgi
from tests.intake.shop import body_of, connect_shopify, order, shopify_headers

Told = tuple[int, Any, dict[str, str]]


@pytest.fixture(autouse=True)
def connections_are_not_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test lives in a transaction of the connection that a request would give back."""
    connections._remembered.clear()
    monkeypatch.setattr(
        webhook_requests, "connection", type("Kept", (), {"close": staticmethod(lambda: None)})
    )


def before_django(
    path: str, body: bytes, headers: dict[str, str], *, method: str = "POST", query: str = ""
) -> Told:
    told: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
    content = b"".join(wsgi.application(environ, lambda status, fields: told.extend((status, dict(fields)))))
    return int(told[0][:3]), json.loads(content), told[1]


def through_django(path: str, body: bytes, headers: dict[str, str], *, method: str = "POST") -> Told:
    answer = Client().generic(method, path, data=body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json(), dict(answer.headers)


@pytest.mark.django_db
class TestBothWays:
    def test_a_webhook_is_kept_and_the_second_way_knows_it(self, merchant: Merchant) -> None:
        shop, body = connect_shopify(merchant), body_of(order(1))
        headers = shopify_headers("orders/create", body, "w1")
        first = before_django(f"/in/{shop.address}", body, headers)
        second = through_django(f"/in/{shop.address}", body, headers)
        assert (first[0], first[1]["repeat"]) == (200, False)
        assert (second[0], second[1]) == (200, first[1] | {"repeat": True})

    @pytest.mark.parametrize(
        ("change", "method", "status"),
        [
            ({"x-shopify-hmac-sha256": "bm8="}, "POST", 401),
            ({}, "GET", 405),
            ({}, "DELETE", 405),
        ],
    )
    def test_a_refusal_is_the_same(
        self, merchant: Merchant, change: dict[str, str], method: str, status: int
    ) -> None:
        shop, body = connect_shopify(merchant), body_of(order(1))
        headers = shopify_headers("orders/create", body, "w1") | change
        path = f"/in/{shop.address}"
        first = before_django(path, body, headers, method=method)
        second = through_django(path, body, headers, method=method)
        assert first[:2] == second[:2]
        assert first[0] == status
        assert first[2].get("Allow") == second[2].get("Allow")

    @pytest.mark.parametrize("address", ["in_nonsense", "", "in_" + "0" * 54, "a/b", "\u00c3\u00a9"])
    def test_an_address_nobody_has_is_not_found(self, db: None, address: str) -> None:
        status, content, _ = before_django(f"/in/{address}", b"{}", {})
        assert (status, content["error"]["code"]) == (404, "connection_not_found")

    def test_a_body_over_the_limit_is_too_large_announced_or_not(self, merchant: Merchant) -> None:
        shop, body = connect_shopify(merchant), b"x" * 1_048_577
        path, headers = f"/in/{shop.address}", shopify_headers("orders/create", body, "w1")
        assert before_django(path, body, headers)[:2] == through_django(path, body, headers)[:2]
        assert before_django(path, body, headers)[0] == 413


@pytest.mark.django_db
def test_an_answer_says_its_length_and_its_request(merchant: Merchant) -> None:
    status, content, headers = before_django(f"/in/{connect_shopify(merchant).address}", b"{}", {})
    assert status == 401
    assert int(headers["Content-Length"]) == len(json.dumps(content))
    assert len(headers["X-Request-ID"]) == 32


def test_a_webhook_with_a_query_goes_through_django(monkeypatch: pytest.MonkeyPatch) -> None:
    passed_on: list[str] = []

    def django(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        passed_on.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return [b"{}"]

    monkeypatch.setattr(wsgi, "django_application", django)
    before_django("/in/x", b"{}", {}, query="a=1")
    before_django("/in/x", b"{}", {})
    before_django("/inside", b"{}", {})
    assert passed_on == ["/in/x", "/inside"]


def test_our_mistake_is_noted_and_answered(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(inbound, "connection_at", broken)
    assert before_django("/in/x", b"{}", {})[:2] == (
        500,
        {"error": {"code": "our_mistake", "message": "This is our mistake; it was noted."}},
    )
    assert [record.getMessage() for record in caplog.records] == ["a webhook could not be taken in"]
