"""Mark-up by which mail programs show an order or a parcel above the letter (JSON-LD in its HTML).

Source: Gmail's e-mail mark-up reference for Order and ParcelDelivery; schema.org, whose newer `provider` Gmail
does not read yet, so that carriers stand under `carrier`. Shown only for senders registered with Google whose
mail is signed for the From domain.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OrderStatus(StrEnum):
    """Source: schema.org/OrderStatus."""

    PROCESSING = "OrderProcessing"
    IN_TRANSIT = "OrderInTransit"
    PICKUP_AVAILABLE = "OrderPickupAvailable"
    DELIVERED = "OrderDelivered"
    PROBLEM = "OrderProblem"
    RETURNED = "OrderReturned"
    CANCELLED = "OrderCancelled"
    PAYMENT_DUE = "OrderPaymentDue"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedItem:
    """One line of an order. `price` is the price of one as a plain decimal, such as "12.50"."""

    name: str
    price: str
    quantity: int = 1
    sku: str = ""
    image_url: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedOrder:
    """An order as mail programs want it. `total` is a plain decimal, `currency` ISO 4217."""

    number: str
    shop: str
    currency: str
    total: str
    status: OrderStatus
    items: Sequence[MarkedItem]
    url: str
    ordered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedParcel:
    """A parcel as mail programs want it. `country` is ISO 3166 alpha-2."""

    order_number: str
    shop: str
    carrier: str
    tracking_number: str
    tracking_url: str
    items: Sequence[str]
    name: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    arrives_from: datetime | None = None
    arrives_until: datetime | None = None


def order_markup(order: MarkedOrder) -> str:
    """Return the script block for an order, to be put into the letter's HTML as it is."""
    return _script(
        {
            "@type": "Order",
            "merchant": _organization(order.shop),
            "seller": _organization(order.shop),
            "orderNumber": order.number,
            "orderStatus": f"http://schema.org/{order.status}",
            "orderDate": _moment(order.ordered_at),
            "priceCurrency": order.currency,
            "price": order.total,
            "acceptedOffer": [
                {
                    "@type": "Offer",
                    "itemOffered": {
                        "@type": "Product",
                        "name": item.name,
                        "sku": item.sku,
                        "image": item.image_url,
                        "url": item.url,
                    },
                    "price": item.price,
                    "priceCurrency": order.currency,
                    "eligibleQuantity": {"@type": "QuantitativeValue", "value": str(item.quantity)},
                    "seller": _organization(order.shop),
                }
                for item in order.items
            ],
            "url": order.url,
            "potentialAction": {"@type": "ViewAction", "url": order.url},
        }
    )


def parcel_markup(parcel: MarkedParcel) -> str:
    """Return the script block for a parcel, to be put into the letter's HTML as it is."""
    return _script(
        {
            "@type": "ParcelDelivery",
            "carrier": _organization(parcel.carrier),
            "trackingNumber": parcel.tracking_number,
            "trackingUrl": parcel.tracking_url,
            "potentialAction": {"@type": "TrackAction", "target": parcel.tracking_url},
            "deliveryAddress": {
                "@type": "PostalAddress",
                "name": parcel.name,
                "streetAddress": parcel.street,
                "addressLocality": parcel.city,
                "addressRegion": parcel.region,
                "postalCode": parcel.postal_code,
                "addressCountry": parcel.country,
            },
            "expectedArrivalFrom": _moment(parcel.arrives_from),
            "expectedArrivalUntil": _moment(parcel.arrives_until or parcel.arrives_from),
            "itemShipped": [{"@type": "Product", "name": name} for name in parcel.items],
            "partOfOrder": {
                "@type": "Order",
                "orderNumber": parcel.order_number,
                "merchant": _organization(parcel.shop),
            },
        }
    )


def _organization(name: str) -> dict[str, object]:
    return {"@type": "Organization", "name": name}


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


def _script(value: dict[str, object]) -> str:
    written = json.dumps(
        _filled({"@context": "http://schema.org", **value}), ensure_ascii=False, separators=(",", ":")
    )
    # Inside a script nothing is escaped but what could end it, or what JavaScript takes for a line's end.
    for sign in "<>&\u2028\u2029":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/ld+json">{written}</script>'


def _filled(value: object) -> object:
    """Leave out what is empty: a field without a value makes the whole mark-up invalid."""
    if isinstance(value, dict):
        return {key: _filled(inner) for key, inner in value.items() if inner not in ("", [], None)}
    if isinstance(value, list):
        return [_filled(inner) for inner in value]
    return value
