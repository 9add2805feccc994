"""A storefront and an aggregator as the tests of the gate use them: signed as the real ones sign."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from aftermile.intake.public import ConnectionView, connect
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON

SECRET = "a-secret-of-the-shop"


def connect_shopify(merchant: Merchant) -> ConnectionView:
    with merchant_scope(merchant.id):
        return connect(
            connector="shopify",
            name="Web shop",
            credentials={"secret": SECRET, "shop_domain": "lindgren.example"},
            by="staff:1",
            at=NOON,
        )


def connect_aftership(merchant: Merchant) -> ConnectionView:
    with merchant_scope(merchant.id):
        return connect(
            connector="aftership",
            name="Tracking",
            credentials={"webhook_secret": SECRET},
            by="staff:1",
            at=NOON,
        )


def shopify_headers(topic: str, body: bytes, webhook_id: str, *, secret: str = SECRET) -> dict[str, str]:
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return {
        "x-shopify-topic": topic,
        "x-shopify-hmac-sha256": signature,
        "x-shopify-webhook-id": webhook_id,
        "x-shopify-shop-domain": "lindgren.example",
        "content-type": "application/json",
    }


def aftership_headers(body: bytes, *, secret: str = SECRET) -> dict[str, str]:
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return {"aftership-hmac-sha256": signature, "content-type": "application/json"}


def order(number: int, **changed: Any) -> dict[str, Any]:
    """An order as Shopify tells it: two books for one shopper."""
    return {
        "id": 1000 + number,
        "name": f"#{number}",
        "order_number": number,
        "currency": "EUR",
        "created_at": "2026-03-02T10:00:00+01:00",
        "updated_at": "2026-03-02T10:00:00+01:00",
        "processed_at": "2026-03-02T10:00:00+01:00",
        "total_price": "30.00",
        "financial_status": "paid",
        "email": f"reader{number}@example.org",
        "customer": {"id": 500 + number, "email": f"reader{number}@example.org", "first_name": "Rae"},
        "line_items": [
            {
                "id": 1,
                "title": "The Long Way",
                "quantity": 1,
                "price": "10.00",
                "sku": "LW",
                "current_quantity": 1,
            },
            {
                "id": 2,
                "title": "The Short Cut",
                "quantity": 2,
                "price": "10.00",
                "sku": "SC",
                "current_quantity": 2,
            },
        ],
    } | changed


def fulfilment(number: int, tracking_number: str, **changed: Any) -> dict[str, Any]:
    """The hand-over of that order."""
    return {
        "id": 2000 + number,
        "order_id": 1000 + number,
        "status": "success",
        "created_at": "2026-03-02T15:00:00+01:00",
        "updated_at": "2026-03-02T15:00:00+01:00",
        "tracking_company": "UPS",
        "tracking_number": tracking_number,
        "tracking_numbers": [tracking_number],
        "line_items": [{"id": 1, "quantity": 1}, {"id": 2, "quantity": 2}],
    } | changed


def tracking(number: str, *checkpoints: tuple[str, str, str], event_id: str = "e1") -> dict[str, Any]:
    """An AfterShip webhook: checkpoints as (time, tag, subtag)."""
    return {
        "event": "tracking_update",
        "event_id": event_id,
        "msg": {
            "id": f"id-{number}",
            "tracking_number": number,
            "slug": "ups",
            "tag": checkpoints[-1][1],
            "subtag": checkpoints[-1][2],
            "checkpoints": [
                {"checkpoint_time": time, "tag": tag, "subtag": subtag, "message": subtag, "slug": "ups"}
                for time, tag, subtag in checkpoints
            ],
        },
    }


def body_of(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload).encode()
