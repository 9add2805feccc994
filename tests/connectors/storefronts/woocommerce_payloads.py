"""Small payloads in WooCommerce's shape, written for these tests."""

from __future__ import annotations

from typing import Any

BILLING = {
    "first_name": "Ines",
    "last_name": "Moura",
    "company": "",
    "address_1": "Rua do Cais 9",
    "address_2": "2 D",
    "city": "Porto",
    "state": "PT-13",
    "postcode": "4050-074",
    "country": "PT",
    "email": "ines@shopper.example",
    "phone": "+351220000001",
}
NOWHERE = dict.fromkeys(BILLING, "")

ORDER: dict[str, Any] = {
    "id": 77,
    "number": "W-77",
    "parent_id": 0,
    "status": "processing",
    "currency": "EUR",
    "prices_include_tax": True,
    "date_created": "2026-11-02T11:00:00",
    "date_created_gmt": "2026-11-02T10:00:00",
    "date_modified": "2026-11-02T11:30:00",
    "date_modified_gmt": "2026-11-02T10:30:00",
    "date_paid": "2026-11-02T11:01:00",
    "date_paid_gmt": "2026-11-02T10:01:00",
    "discount_total": "4.07",
    "discount_tax": "0.93",
    "shipping_total": "3.25",
    "shipping_tax": "0.75",
    "total": "44.00",
    "total_tax": "8.23",
    "customer_id": 5,
    "customer_note": "leave with the porter",
    "created_via": "checkout",
    "payment_method": "cod",
    "payment_method_title": "Cash on delivery",
    "billing": BILLING,
    "shipping": NOWHERE,
    "coupon_lines": [{"id": 1, "code": "outono"}],
    "shipping_lines": [{"id": 2, "method_title": "CTT Expresso", "method_id": "flat_rate", "total": "3.25"}],
    "line_items": [
        {
            "id": 21,
            "name": "Bowl - Blue, Large",
            "parent_name": "Bowl",
            "product_id": 60,
            "variation_id": 61,
            "quantity": 2,
            "subtotal": "36.59",
            "subtotal_tax": "8.41",
            "total": "32.52",
            "total_tax": "7.48",
            "price": 16.260162,
            "sku": "BOWL-B-L",
            "image": {"id": "9", "src": "https://shop.example/bowl.jpg"},
            "meta_data": [
                {"id": 1, "key": "pa_color", "value": "blue", "display_value": "Blue"},
                {"id": 2, "key": "_reduced_stock", "value": "2"},
                {"id": 3, "key": "size", "value": "Large"},
            ],
        }
    ],
    "refunds": [],
    "meta_data": [],
}

PRODUCT: dict[str, Any] = {
    "id": 50,
    "name": "Mug",
    "slug": "mug",
    "permalink": "https://shop.example/product/mug/",
    "date_modified": "2026-10-01T09:00:00",
    "date_modified_gmt": "2026-10-01T08:00:00",
    "type": "simple",
    "status": "publish",
    "sku": "MUG",
    "global_unique_id": "4006381333931",
    "price": "9.50",
    "weight": "0.35",
    "dimensions": {"length": "10", "width": "8.5", "height": ""},
    "categories": [{"id": 3, "name": "Kitchen"}],
    "tags": [{"id": 4, "name": "clay"}],
    "images": [{"src": "https://shop.example/mug.jpg"}],
    "variations": [],
    "parent_id": 0,
}
