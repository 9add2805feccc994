"""What is sent: our own orders and scans, in the shapes of those who send them."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta

from aftermile.connectors.aggregators.aftership.signature import HEADER as AFTERSHIP_HEADER
from aftermile.connectors.aggregators.aftership.signature import sign as sign_as_aftership
from bench.load import request_bytes

_SHOPIFY_SECRET = "bench-shopify-secret-0123456789"
_AFTERSHIP_SECRET = "bench-aftership-secret-0123456789"

#: Of the connections that `bench.inside` makes.
CREDENTIALS = {
    "shopify": {"shop_domain": "bench.myshopify.com", "secret": _SHOPIFY_SECRET},
    "aftership": {"webhook_secret": _AFTERSHIP_SECRET},
}

_FIRST_SCAN = datetime(2026, 1, 3, 8, 0, tzinfo=UTC)
_STORY = (
    ("InfoReceived", "InfoReceived_001", "Label created", "Berlin"),
    ("InTransit", "InTransit_002", "Picked up", "Berlin"),
    ("InTransit", "InTransit_003", "Arrived at the sorting center", "Hannover"),
    ("OutForDelivery", "OutForDelivery_001", "Out for delivery", "Hamburg"),
    ("Delivered", "Delivered_001", "Delivered", "Hamburg"),
)
#: Scans in the life of a parcel.
LIFE = len(_STORY)


def tracking_number(parcel: int) -> str:
    return f"BENCH{parcel:012}"


def aftership_webhook(parcel: int, scans: int, *, event: str) -> bytes:
    """Write the webhook AfterShip sends after a parcel's nth scan, which tells all scans until then.

    :param event: the sender's id of the webhook.
    """
    checkpoints = [_checkpoint(parcel, place) for place in range(scans)]
    tag, subtag, _, _ = _STORY[scans - 1]
    body = {
        "ts": 1_767_600_000,
        "event": "tracking_update",
        "event_id": event,
        "is_tracking_first_tag": False,
        "msg": {
            "id": f"trk-{parcel:012}",
            "tracking_number": tracking_number(parcel),
            "slug": "dhl-germany",
            "tag": tag,
            "subtag": subtag,
            "order_number": f"#{parcel}",
            "origin_country_region": "DEU",
            "destination_country_region": "DEU",
            "destination_city": "Hamburg",
            "courier_estimated_delivery_date": {"estimated_delivery_date": "2026-01-07"},
            "shipment_type": "DHL Paket",
            "checkpoints": checkpoints,
        },
    }
    return json.dumps(body).encode()


def aftership_request(path: str, body: bytes) -> bytes:
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "aftership/1.0",
        AFTERSHIP_HEADER: sign_as_aftership(body, _AFTERSHIP_SECRET),
    }
    return request_bytes("POST", path, headers, body)


def _checkpoint(parcel: int, place: int) -> dict[str, object]:
    tag, subtag, message, city = _STORY[place]
    at = _FIRST_SCAN + timedelta(hours=9 * place, seconds=parcel % 3600)
    return {
        "slug": "dhl-germany",
        "checkpoint_time": at.isoformat(),
        "message": message,
        "tag": tag,
        "subtag": subtag,
        "hash": f"{parcel:012x}{place}",
        "source": "carrier",
        "location": f"{city}, Germany",
        "city": city,
        "postal_code": "20095",
        "country_region": "DEU",
        "coordinate": {"latitude": 53.55, "longitude": 9.99},
    }


def shopify_order(number: int = 1001, lines: int = 2) -> bytes:
    """Write an `orders/create` body as Shopify shapes it."""
    address = {
        "first_name": "Ada", "last_name": "Moon", "address1": "Lindenallee 4", "city": "Hamburg", "zip": "20095",
        "country": "Germany", "country_code": "DE", "phone": "+49 40 5550100", "name": "Ada Moon",
    }  # fmt: skip
    body = {
        "id": 5_000_000_000 + number,
        "name": f"#{number}",
        "order_number": number,
        "created_at": "2026-01-02T10:00:00+01:00",
        "updated_at": "2026-01-02T10:00:05+01:00",
        "currency": "EUR",
        "total_price": "59.80",
        "subtotal_price": "54.90",
        "total_tax": "9.55",
        "total_discounts": "0.00",
        "financial_status": "paid",
        "fulfillment_status": None,
        "email": f"ada.{number}@example.com",
        "customer": {"id": 7_000_000_000 + number, "email": f"ada.{number}@example.com", "first_name": "Ada"},
        "shipping_address": address,
        "billing_address": address,
        "line_items": [
            {
                "id": 9_000_000_000 + number * 10 + line, "title": "Linen shirt", "variant_title": "M / white",
                "sku": f"LS-{line}", "quantity": 1, "price": "27.45", "product_id": 42 + line,
                "variant_id": 420 + line, "requires_shipping": True, "fulfillable_quantity": 1,
            }
            for line in range(lines)
        ],
        "shipping_lines": [{"title": "Standard", "price": "4.90", "code": "STD"}],
    }  # fmt: skip
    return json.dumps(body).encode()


class ShopifyWebhooks:
    """Signed webhooks with one body and an id of its own each; only the id is written per request."""

    def __init__(self, path: str, body: bytes) -> None:
        signature = base64.b64encode(hmac.digest(_SHOPIFY_SECRET.encode(), body, "sha256")).decode()
        request = request_bytes(
            "POST",
            path,
            {
                "Content-Type": "application/json",
                "User-Agent": "Shopify-Captain-Hook",
                "X-Shopify-Topic": "orders/create",
                "X-Shopify-Hmac-Sha256": signature,
                "X-Shopify-Shop-Domain": "bench.myshopify.com",
                "X-Shopify-Api-Version": "2026-07",
                "X-Shopify-Triggered-At": "2026-01-02T09:00:06.000000000Z",
                "X-Shopify-Webhook-Id": "@",
            },
            body,
        )
        self._head, _, self._tail = request.partition(b"@")

    def __call__(self, number: int) -> bytes:
        return b"%b00000000-0000-4000-8000-%012d%b" % (self._head, number, self._tail)


def api_scan(parcel: int, scan: int) -> dict[str, object]:
    """Return one scan as the API takes it; every number of a scan is another moment."""
    _, _, message, city = _STORY[min(scan, LIFE - 2)]
    at = _FIRST_SCAN + timedelta(minutes=scan, seconds=parcel % 60)
    return {
        "tracking_number": tracking_number(parcel),
        "carrier": "dhl-parcel-de",
        "occurred_at": at.isoformat(),
        "code": "AA",
        "description": message,
        "milestone": "in_transit",
        "location": {"city": city, "country": "DE", "postal_code": "20095"},
    }


def api_order(number: int, *, lines: int = 2, version: int = 0) -> dict[str, object]:
    """Return one order as the API takes it; a greater version is a newer state of it."""
    address = {
        "name": "Ada Moon", "line1": "Lindenallee 4", "city": "Hamburg", "postal_code": "20095", "country": "DE",
    }  # fmt: skip
    return {
        "number": f"#{number}",
        "placed_at": "2026-01-02T10:00:00+01:00",
        "updated_at": (_FIRST_SCAN + timedelta(minutes=version)).isoformat(),
        "currency": "EUR",
        "shopper": {"external_id": f"shopper-{number}", "email": f"ada.{number}@example.com", "name": "Ada Moon"},
        "lines": [
            {
                "external_id": f"{number}-{line}", "title": "Linen shirt", "quantity": 1, "sku": f"LS-{line}",
                "unit_price": _euros(2745),
            }
            for line in range(lines)
        ],
        "subtotal": _euros(5490),
        "shipping_price": _euros(490),
        "total": _euros(5980),
        "state": "open",
        "financial_status": "paid" if version else "authorized",
        "shipping_address": address,
        "billing_address": address,
        "shipping_method": "Standard",
        "promised": {"earliest_date": "2026-01-05", "latest_date": "2026-01-07"},
    }  # fmt: skip


def _euros(amount_minor: int) -> dict[str, object]:
    return {"amount_minor": amount_minor, "currency": "EUR"}


def api_request(method: str, path: str, api_key: str, body: object = None) -> bytes:
    headers = {"Authorization": f"Bearer {api_key}"}
    if body is None:
        return request_bytes(method, path, headers)
    headers["Content-Type"] = "application/json"
    return request_bytes(method, path, headers, json.dumps(body).encode())
