"""Webhooks as Shopify and AfterShip send them: signed, each with its sender's id."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from tests.scenarios.installation import SECRETS, SHOP_DOMAIN


@dataclass(frozen=True)
class Webhook:
    """One request, the same however often it is sent."""

    connector: str
    #: The sender's own name for it, by which a repeat is known.
    id: str
    headers: dict[str, str]
    body: bytes


def order_placed(number: int, *, webhook_id: str = "") -> Webhook:
    """Shopify's `orders/create`: two lines, a shopper of its own."""
    order = {
        "id": 5_000_000 + number,
        "name": f"#{number}",
        "created_at": "2026-03-02T10:00:00+01:00",
        "updated_at": "2026-03-02T10:00:00+01:00",
        "currency": "EUR",
        "email": f"reader-{number}@example.com",
        "total_price": "34.00",
        "financial_status": "paid",
        "customer": {"id": 7_000_000 + number, "first_name": "Astrid", "last_name": f"Number {number}"},
        "line_items": [
            {"id": 10 * number + 1, "title": "Pippi", "quantity": 1, "price": "12.00"},
            {"id": 10 * number + 2, "title": "Ronja", "quantity": 2, "price": "11.00"},
        ],
    }
    return _of_shopify("orders/create", webhook_id or f"order-{number}", order)


def order_shipped(number: int) -> Webhook:
    """Shopify's `fulfillments/create`: the order's one parcel."""
    fulfilment = {
        "id": 6_000_000 + number,
        "order_id": 5_000_000 + number,
        "status": "success",
        "created_at": "2026-03-03T08:00:00+01:00",
        "updated_at": "2026-03-03T08:00:00+01:00",
        "tracking_company": "DHL",
        "tracking_number": tracking_number(number),
        "line_items": [{"id": 10 * number + 1, "quantity": 1}, {"id": 10 * number + 2, "quantity": 2}],
    }
    return _of_shopify("fulfillments/create", f"fulfilment-{number}", fulfilment)


def parcel_scanned(number: int, scan: int) -> Webhook:
    """AfterShip's `tracking_update` that tells the parcel's scans up to the given one, of three."""
    event_id = f"tracking-{number}-{scan}"
    event = {
        "event": "tracking_update",
        "event_id": event_id,
        "msg": {
            "tracking_number": tracking_number(number),
            "slug": "dhl",
            "tag": _SCANS[scan - 1][0],
            "checkpoints": [
                {
                    "checkpoint_time": f"2026-03-0{3 + place}T18:00:00+01:00",
                    "message": message,
                    "tag": tag,
                    "hash": f"{number}-{place}",
                }
                for place, (tag, message) in enumerate(_SCANS[:scan], start=1)
            ],
        },
    }
    body = json.dumps(event).encode()
    return Webhook("aftership", event_id, {"aftership-hmac-sha256": _signed("aftership", body)}, body)


def tracking_number(number: int) -> str:
    return f"JD0146000{number:09d}"


_SCANS = (("InTransit", "Picked up"), ("OutForDelivery", "On the van"), ("Delivered", "Handed over"))


def _of_shopify(topic: str, webhook_id: str, payload: dict[str, Any]) -> Webhook:
    body = json.dumps(payload).encode()
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Webhook-Id": webhook_id,
        "X-Shopify-Shop-Domain": SHOP_DOMAIN,
        "X-Shopify-Hmac-Sha256": _signed("shopify", body),
    }
    return Webhook("shopify", webhook_id, headers, body)


def _signed(connector: str, body: bytes) -> str:
    return base64.b64encode(hmac.digest(SECRETS[connector].encode(), body, hashlib.sha256)).decode()
