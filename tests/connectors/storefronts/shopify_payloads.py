"""Small payloads in Shopify's shape, written for these tests."""

from __future__ import annotations

from typing import Any


def money(name: str, shop: str, shown: str) -> dict[str, Any]:
    """A price as Shopify writes it: plain in the shop's currency, and as a set of both."""
    return {
        name: shop,
        f"{name}_set": {
            "shop_money": {"amount": shop, "currency_code": "EUR"},
            "presentment_money": {"amount": shown, "currency_code": "USD"},
        },
    }


ADDRESS = {
    "first_name": "Nora",
    "last_name": "Lind",
    "name": "Nora Lind",
    "company": None,
    "address1": "Hafenstr. 4",
    "address2": "",
    "city": "Bremen",
    "zip": "28195",
    "province": None,
    "country": "Germany",
    "country_code": "DE",
    "phone": "+49421555012",
}

CUSTOMER: dict[str, Any] = {
    "id": 501,
    "email": "nora@shopper.example",
    "first_name": "Nora",
    "last_name": "Lind",
    "phone": None,
    "tags": "regular, newsletter",
    "updated_at": "2026-11-02T09:00:00+01:00",
    "default_address": ADDRESS,
    "email_marketing_consent": {
        "state": "subscribed",
        "opt_in_level": "confirmed_opt_in",
        "consent_updated_at": "2026-01-05T10:00:00+01:00",
    },
    "sms_marketing_consent": {
        "state": "not_subscribed",
        "opt_in_level": "single_opt_in",
        "consent_updated_at": None,
        "consent_collected_from": "SHOPIFY",
    },
}

FULFILMENT: dict[str, Any] = {
    "id": 901,
    "order_id": 700,
    "name": "#1042.1",
    "status": "success",
    "service": "manual",
    "shipment_status": "in_transit",
    "location_id": 31,
    "tracking_company": "Owl Post",
    "tracking_number": "OWL1",
    "tracking_numbers": ["OWL1", "OWL2"],
    "tracking_url": "https://owl.example/OWL1",
    "tracking_urls": ["https://owl.example/OWL1", "https://owl.example/OWL2"],
    "created_at": "2026-11-03T08:00:00+01:00",
    "updated_at": "2026-11-03T09:30:00+01:00",
    "origin_address": {"city": "Hamburg", "country_code": "DE", "zip": "20095"},
    "destination": ADDRESS,
    "line_items": [{"id": 11, "quantity": 1}],
}

REFUND: dict[str, Any] = {
    "id": 801,
    "order_id": 700,
    "created_at": "2026-11-04T12:00:00+01:00",
    "processed_at": "2026-11-04T12:01:00+01:00",
    "note": "too small",
    "refund_line_items": [
        {
            "id": 1,
            "line_item_id": 12,
            "quantity": 1,
            "restock_type": "cancel",
            **money("subtotal", "15.00", "16.50"),
            **money("total_tax", "0.00", "0.00"),
        }
    ],
    "order_adjustments": [{"kind": "shipping_refund", **money("amount", "-4.90", "-5.40")}],
    "transactions": [{"id": 1, "kind": "refund", "status": "success", "amount": "21.90", "currency": "USD"}],
}

ORDER: dict[str, Any] = {
    "id": 700,
    "name": "#1042",
    "order_number": 1042,
    "created_at": "2026-11-02T10:00:00+01:00",
    "processed_at": "2026-11-02T10:00:01+01:00",
    "updated_at": "2026-11-04T12:01:02+01:00",
    "cancelled_at": None,
    "closed_at": None,
    "currency": "EUR",
    "presentment_currency": "USD",
    "customer_locale": "de-DE",
    "email": "nora@shopper.example",
    "phone": None,
    "financial_status": "partially_refunded",
    "fulfillment_status": None,
    "tags": "gift, , express",
    "note": "ring twice",
    "taxes_included": True,
    "test": False,
    "source_name": "web",
    "discount_codes": [{"code": "FALL5", "amount": "5.00", "type": "fixed_amount"}],
    **money("subtotal_price", "45.00", "49.50"),
    **money("total_discounts", "5.00", "5.50"),
    **money("total_tax", "7.97", "8.77"),
    **money("total_price", "49.90", "54.90"),
    **money("current_total_price", "30.00", "33.00"),
    "total_shipping_price_set": money("x", "4.90", "5.40")["x_set"],
    "shipping_lines": [{"title": "Standard", "code": "std", **money("price", "4.90", "5.40")}],
    "customer": CUSTOMER,
    "shipping_address": ADDRESS,
    "billing_address": ADDRESS,
    "line_items": [
        {
            "id": 11,
            "title": "Wool cap",
            "variant_title": "Green",
            "sku": "CAP-G",
            "product_id": 301,
            "variant_id": 401,
            "quantity": 2,
            "current_quantity": 2,
            "fulfillable_quantity": 1,
            "requires_shipping": True,
            "vendor": "Lind",
            **money("price", "17.50", "19.25"),
            "discount_allocations": [money("amount", "5.00", "5.50")],
        },
        {
            "id": 12,
            "title": "Scarf",
            "variant_title": None,
            "sku": None,
            "product_id": None,
            "variant_id": None,
            "quantity": 1,
            "current_quantity": 0,
            "fulfillable_quantity": 0,
            "requires_shipping": True,
            **money("price", "15.00", "16.50"),
            "discount_allocations": [],
        },
    ],
    "fulfillments": [FULFILMENT],
    "refunds": [REFUND],
}

FULFILMENT_EVENT: dict[str, Any] = {
    "id": 951,
    "fulfillment_id": 901,
    "order_id": 700,
    "status": "in_transit",
    "message": "Left the nest",
    "happened_at": "2026-11-03T18:00:00+01:00",
    "created_at": "2026-11-03T18:05:00+01:00",
    "city": "Hannover",
    "province": "NI",
    "country": "DE",
    "zip": "30159",
    "latitude": 52.37,
    "longitude": 9.73,
    "estimated_delivery_at": "2026-11-05T00:00:00+01:00",
}

PRODUCT: dict[str, Any] = {
    "id": 301,
    "title": "Wool cap",
    "vendor": "Lind",
    "product_type": "Hats",
    "handle": "wool-cap",
    "published_at": "2026-01-01T00:00:00+01:00",
    "updated_at": "2026-10-01T08:00:00+02:00",
    "tags": "wool, winter",
    "status": "active",
    "image": None,
    "images": [{"src": "https://cdn.example/cap.jpg"}],
    "variants": [
        {
            "id": 401,
            "title": "Green",
            "sku": "CAP-G",
            "barcode": "4006381333931",
            "price": "17.50",
            "grams": 120,
        },
        {"id": 402, "title": "Red", "sku": "CAP-R", "price": "17.50", "weight": 0.25, "weight_unit": "kg"},
        {"id": 403, "title": "Blue", "sku": None, "price": "", "grams": 0},
    ],
}
