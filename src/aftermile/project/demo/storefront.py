"""Write what Shopify sends: REST webhooks, signed.

Source: Shopify's REST resources Order, Fulfillment, Refund, Customer and Product, and its webhook headers.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from aftermile.project.demo.goods import PRODUCTS, SHOP, SHOP_DOMAIN, Product
from aftermile.project.demo.happenings import Happening, What
from aftermile.project.demo.people import Shopper
from aftermile.project.demo.places import COUNTRIES, WAREHOUSE
from aftermile.project.demo.webhook import Sender, Webhook, sender_id, signature
from aftermile.project.demo.world import SHIPPING_MINOR, Line, Order, Parcel, Refund

CURRENCY = "EUR"
_TOPICS = {
    What.PLACED: "orders/create",
    What.PAID: "orders/paid",
    What.SHIPPED: "fulfillments/create",
    What.REFUNDED: "refunds/create",
    What.CANCELLED: "orders/cancelled",
    What.CLOSED: "orders/updated",
}


def webhook(happening: Happening, *, secret: str, base: str) -> Webhook:
    """Write a happening of the shop, whose pictures lie at `base`."""
    order = happening.order
    payload = _payload(happening, base)
    # A retry carries the id of the first attempt; some apps send the same thing as a new webhook.
    attempt = happening.copy if order.index % 4 == 1 else 0
    webhook_id = sender_id(order.number, happening.what, happening.which, attempt)
    return _signed(_topic(happening), payload, webhook_id=webhook_id, at=happening.arrives_at, secret=secret)


def _payload(happening: Happening, base: str) -> dict[str, Any]:
    order = happening.order
    match happening.what:
        case What.SHIPPED:
            return _fulfilment(order, happening.which, base)
        case What.REFUNDED:
            return _refund(order, order.refunds[happening.which])
        case _:
            return _order(happening, base)


def picture_address(product: Product, base: str) -> str:
    """Return where the shop shows a product's picture."""
    return f"{base}/demo/pictures/{product.slug}.svg"


def products(*, at: datetime, secret: str, base: str) -> list[Webhook]:
    """Write the shop's range as it was entered."""
    return [
        _signed(
            "products/create",
            _product(each, at, base),
            webhook_id=sender_id("product", each.number),
            at=at,
            secret=secret,
        )
        for each in PRODUCTS
    ]


def odd_records(order: Order, *, secret: str) -> list[Webhook]:
    """Write what cannot be read, though it is signed: it ends in quarantine.

    An order whose body was cut off on its way out of the shop, one whose app forgot the id, and the error page
    of an app that was just being updated.
    """
    happening = Happening(What.PLACED, order, order.placed_at, order.placed_at)
    whole = _order(happening, "")
    without_id = {name: value for name, value in whole.items() if name != "id"}
    bodies = {
        "cut off": _json(whole)[:400],
        "without id": _json(without_id),
        "error page": b"<!doctype html><title>502 Bad Gateway</title><h1>We will be back soon</h1>",
    }
    return [
        Webhook(
            Sender.STOREFRONT,
            {
                **_headers("orders/updated", sender_id(order.number, name), order.placed_at),
                "X-Shopify-Hmac-Sha256": signature(body, secret),
            },
            body,
        )
        for name, body in bodies.items()
    ]


def _topic(happening: Happening) -> str:
    if happening.what is What.ORDER_SHIPPED:
        last = max(parcel.fulfilment for parcel in happening.order.parcels)
        return "orders/fulfilled" if happening.which == last else "orders/partially_fulfilled"
    return _TOPICS[happening.what]


def _signed(topic: str, payload: dict[str, Any], *, webhook_id: str, at: datetime, secret: str) -> Webhook:
    body = _json(payload)
    headers = {**_headers(topic, webhook_id, at), "X-Shopify-Hmac-Sha256": signature(body, secret)}
    return Webhook(Sender.STOREFRONT, headers, body)


def _headers(topic: str, webhook_id: str, at: datetime) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "Shopify-Captain-Hook",
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": SHOP_DOMAIN,
        "X-Shopify-API-Version": "2026-07",
        "X-Shopify-Webhook-Id": webhook_id,
        "X-Shopify-Triggered-At": at.isoformat(),
    }


def _json(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _order(happening: Happening, base: str) -> dict[str, Any]:
    order, what = happening.order, happening.what
    known = _fulfilments_at(order, happening)
    is_fulfilled = len(known) == len({parcel.fulfilment for parcel in order.parcels}) > 0
    is_cancelled = what is What.CANCELLED
    address = _address(order.shopper)
    refunds = [refund for refund in order.refunds if refund.at <= happening.at]
    given_back = order.total_minor if is_cancelled else sum(refund.total_minor for refund in refunds)
    return {
        "id": order.number,
        "admin_graphql_api_id": f"gid://shopify/Order/{order.number}",
        "name": order.name,
        "order_number": 1001 + order.index,
        "created_at": _written(order.placed_at),
        "processed_at": _written(order.placed_at),
        "updated_at": _written(happening.at),
        "cancelled_at": _written(order.cancelled_at) if is_cancelled and order.cancelled_at else None,
        "cancel_reason": "customer" if is_cancelled else None,
        "closed_at": _written(happening.at) if what is What.CLOSED else None,
        "currency": CURRENCY,
        "presentment_currency": CURRENCY,
        "customer_locale": order.shopper.language,
        "email": order.shopper.email,
        "phone": order.shopper.phone or None,
        "financial_status": _financial_status(order, what, given_back),
        "fulfillment_status": "fulfilled" if is_fulfilled else "partial" if known else None,
        "tags": "",
        "note": None,
        # The promise shown at checkout, as the shop's checkout app notes it.
        "note_attributes": [
            {"name": "promised_earliest_date", "value": str(order.promised.earliest_date)},
            {"name": "promised_latest_date", "value": str(order.promised.latest_date)},
        ],
        "taxes_included": True,
        "test": True,
        "source_name": "web",
        "discount_codes": [],
        **_money("subtotal_price", order.goods_minor),
        **_money("total_discounts", 0),
        **_money("total_tax", order.total_minor * 19 // 119),
        **_money("total_price", order.total_minor),
        **_money("current_total_price", order.total_minor - given_back),
        "total_shipping_price_set": _money("x", SHIPPING_MINOR)["x_set"],
        "shipping_lines": [{"title": "Standard", "code": "standard", **_money("price", SHIPPING_MINOR)}],
        "customer": _customer(order.shopper, order.placed_at) if order.shopper.customer_id else None,
        "shipping_address": address,
        "billing_address": address,
        "line_items": [_line(line, base, is_cancelled=is_cancelled) for line in order.lines],
        "fulfillments": [_fulfilment(order, number, base) for number in known],
        "refunds": [_cancellation(order)] if is_cancelled else [_refund(order, each) for each in refunds],
    }


def _financial_status(order: Order, what: What, given_back: int) -> str:
    if given_back:
        return "refunded" if given_back >= order.goods_minor else "partially_refunded"
    return "pending" if what is What.PLACED else "paid"


def _fulfilments_at(order: Order, happening: Happening) -> list[int]:
    numbers = sorted({parcel.fulfilment for parcel in order.parcels})
    match happening.what:
        case What.ORDER_SHIPPED:
            return [number for number in numbers if number <= happening.which]
        case What.CLOSED:
            return numbers
        case _:
            return []


def _fulfilment(order: Order, number: int, base: str) -> dict[str, Any]:
    parcels = [parcel for parcel in order.parcels if parcel.fulfilment == number]
    packed_at = _written(min(parcel.packed_at for parcel in parcels))
    numbers = [parcel.tracking_number for parcel in parcels]
    return {
        "id": 10 * order.number + number,
        "order_id": order.number,
        "name": f"{order.name}.{number + 1}",
        "status": "success",
        "service": "manual",
        "shipment_status": None,
        "location_id": 31,
        "tracking_company": parcels[0].lane.carrier.name,
        "tracking_number": numbers[0],
        "tracking_numbers": numbers,
        "tracking_url": None,
        "tracking_urls": [],
        "created_at": packed_at,
        "updated_at": packed_at,
        "origin_address": {
            "city": WAREHOUSE.city, "zip": WAREHOUSE.postal_code, "country_code": WAREHOUSE.country,
        },
        "destination": _address(order.shopper),
        "line_items": [_line(line, base, is_cancelled=False) for line in _lines_of(parcels)],
    }  # fmt: skip


def _lines_of(parcels: list[Parcel]) -> list[Line]:
    return [line for parcel in parcels for line in parcel.lines]


def _line(line: Line, base: str, *, is_cancelled: bool) -> dict[str, Any]:
    return {
        "id": line.number,
        "title": line.product.title,
        "variant_title": line.variant,
        "name": f"{line.product.title} - {line.variant}",
        "sku": line.product.sku(line.variant),
        "product_id": line.product.number,
        "variant_id": _variant_id(line.product, line.variant),
        "quantity": line.quantity,
        "current_quantity": 0 if is_cancelled else line.quantity,
        "requires_shipping": True,
        "vendor": SHOP,
        **_money("price", line.product.price_minor),
        "properties": [{"name": "_image_url", "value": picture_address(line.product, base)}],
        "discount_allocations": [],
    }


def _cancellation(order: Order) -> dict[str, Any]:
    assert order.cancelled_at is not None
    whole = Refund(10 * order.number + 9, order.cancelled_at, order.lines, "Order cancelled", came_back=False)
    return _refund(order, whole, restock_type="cancel", given_back=order.total_minor)


def _refund(
    order: Order, refund: Refund, *, restock_type: str = "", given_back: int | None = None
) -> dict[str, Any]:
    amount = refund.total_minor if given_back is None else given_back
    return {
        "id": refund.number,
        "order_id": order.number,
        "created_at": _written(refund.at),
        "processed_at": _written(refund.at + timedelta(seconds=2)),
        "note": refund.note,
        "refund_line_items": [
            {
                "id": 10 * line.number,
                "line_item_id": line.number,
                "quantity": line.quantity,
                "restock_type": restock_type or ("return" if refund.came_back else "no_restock"),
                **_money("subtotal", line.total_minor),
                **_money("total_tax", 0),
            }
            for line in refund.lines
        ],
        "order_adjustments": [],
        "transactions": [
            {"id": 1, "kind": "refund", "status": "success", "amount": _major(amount), "currency": CURRENCY}
        ],
    }


def _customer(buyer: Shopper, at: datetime) -> dict[str, Any]:
    return {
        "id": buyer.customer_id,
        "email": buyer.email,
        "first_name": buyer.first_name,
        "last_name": buyer.last_name,
        "phone": buyer.phone or None,
        "tags": "",
        "updated_at": _written(at),
        "default_address": _address(buyer),
        "email_marketing_consent": {
            "state": "subscribed" if buyer.number % 3 == 0 else "not_subscribed",
            "opt_in_level": "confirmed_opt_in",
            "consent_updated_at": None,
        },
    }


def _address(buyer: Shopper) -> dict[str, Any]:
    home = buyer.home
    return {
        "first_name": buyer.first_name,
        "last_name": buyer.last_name,
        "name": f"{buyer.first_name} {buyer.last_name}",
        "company": None,
        "address1": buyer.street,
        "address2": None,
        "city": home.city,
        "zip": home.postal_code,
        "province_code": home.state or None,
        "country": COUNTRIES[home.country].name,
        "country_code": home.country,
        "phone": buyer.phone or None,
    }


def _product(product: Product, at: datetime, base: str) -> dict[str, Any]:
    return {
        "id": product.number,
        "title": product.title,
        "vendor": SHOP,
        "product_type": product.kind,
        "handle": product.slug,
        "published_at": _written(at),
        "updated_at": _written(at),
        "tags": "",
        "status": "active",
        "image": {"id": product.number, "src": picture_address(product, base)},
        "images": [{"id": product.number, "src": picture_address(product, base)}],
        "variants": [
            {
                "id": _variant_id(product, variant),
                "title": variant,
                "sku": product.sku(variant),
                "price": _major(product.price_minor),
                "grams": product.weight_grams,
            }
            for variant in product.variants
        ],
    }


def _variant_id(product: Product, variant: str) -> int:
    return 100 * product.number + product.variants.index(variant)


def _money(name: str, minor: int) -> dict[str, Any]:
    money = {"amount": _major(minor), "currency_code": CURRENCY}
    return {name: money["amount"], f"{name}_set": {"shop_money": money, "presentment_money": money}}


def _major(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def _written(moment: datetime) -> str:
    return moment.astimezone(WAREHOUSE.zone).isoformat(timespec="seconds")
