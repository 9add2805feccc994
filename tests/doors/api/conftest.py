"""A program with a key: how tests call the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client

from aftermile.kernel.access import EVERYTHING, create_key
from aftermile.kernel.clock import now
from aftermile.kernel.tenancy import merchant_scope


@dataclass
class Program:
    """Calls the API with one merchant's key."""

    key: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    def get(self, path: str, **query: Any) -> Any:
        return self._send("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        return self._send("POST", path, body, {"idempotency-key": key} if key else {})

    def put(self, path: str, body: Any = None) -> Any:
        return self._send("PUT", path, body)

    def record(self, kind: str, external_id: str, body: Any) -> Any:
        """Put a thing by its external id and read it."""
        put = self.put(f"/{kind}/by-external-id/{external_id}", body)
        assert put.status_code == 200, put.content
        return self.get(f"/{kind}/{put.json()['id']}").json()

    def _send(self, method: str, path: str, body: Any = None, headers: Any = None, query: Any = None) -> Any:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.client.generic(
            method,
            f"/api/v1{path}",
            content,
            content_type="application/json",
            headers={"authorization": f"Bearer {self.key}", **(headers or {})},
            query_params=query or {},
        )


def key_of(merchant: Any, *scopes: str) -> str:
    """Make a key of a merchant; without scopes, one that may do everything."""
    with merchant_scope(merchant.id):
        return create_key(name="a test", scopes=scopes or [EVERYTHING], at=now())[1]


@pytest.fixture
def program(merchant: Any) -> Program:
    """Lindgren's warehouse."""
    return Program(key_of(merchant))


@pytest.fixture
def other_program(other_merchant: Any) -> Program:
    """Okafor's warehouse."""
    return Program(key_of(other_merchant))


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = False  # closing waits for the last answer


class _Silent(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing: requests are no news in a test."""


@pytest.fixture
def server_url(transactional_db: None) -> Iterator[str]:
    """The whole house behind a real socket."""
    with _Server(("127.0.0.1", 0), _Silent) as server:
        server.set_app(get_wsgi_application())
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def scan(tracking_number: str = "1Z999AA10123456784", **fields: Any) -> dict[str, Any]:
    """A scan as the API takes it."""
    return {
        "tracking_number": tracking_number,
        "occurred_at": "2026-03-01T10:00:00Z",
        "code": "AR",
        "description": "Arrived",
        "sub_status": "arrived_at_facility",
        **fields,
    }


def order(**fields: Any) -> dict[str, Any]:
    """An order as the API takes it."""
    return {
        "number": "#1001",
        "placed_at": "2026-03-01T09:00:00+01:00",
        "currency": "EUR",
        "shopper": {"external_id": "s-1", "email": "ada@example.com", "name": "Ada"},
        "lines": [
            {
                "external_id": "l-1",
                "title": "Ronia",
                "quantity": 2,
                "unit_price": {"amount_minor": 1990, "currency": "EUR"},
            }
        ],
        "total": {"amount_minor": 3980, "currency": "EUR"},
        **fields,
    }
