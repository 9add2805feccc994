"""Mark-up for mail programs: an order or a parcel as data, which Gmail shows beside the letter.

Source: schema.org Order and ParcelDelivery, with the fields Gmail asks for (its e-mail mark-up reference).
"""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from aftermile.capabilities.orders.public import OrderView
from aftermile.capabilities.shipments.public import ParcelView
from aftermile.kernel.money import Money

_ORDER_STATUS = {
    "confirmation": "OrderProcessing",
    "dispatched": "OrderInTransit",
    "in_transit": "OrderInTransit",
    "arriving_soon": "OrderInTransit",
    "out_for_delivery": "OrderInTransit",
    "available_for_pickup": "OrderPickupAvailable",
    "delivered": "OrderDelivered",
    "attempt_failed": "OrderProblem",
    "delayed": "OrderProblem",
    "problem": "OrderProblem",
    "returning": "OrderReturned",
}


def markup_of(
    touchpoint: str, order: OrderView | None, parcel: ParcelView | None, *, shop: str, carrier: str, page: str
) -> Markup:
    """Write the mark-up of a message: the parcel where there is one, else the order; nothing where it is about neither."""
    if order is None or touchpoint not in _ORDER_STATUS:
        return Markup("")
    about = (
        _parcel(order, parcel, shop=shop, carrier=carrier, page=page)
        if parcel is not None and carrier and order.shipping_address
        else _order(order, _ORDER_STATUS[touchpoint], shop=shop, page=page)
    )
    # Inside a script element only "<" could end it early.
    written = json.dumps(about, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(f'<script type="application/ld+json">{written}</script>')  # noqa: S704 - escaped above


def _order(order: OrderView, status: str, *, shop: str, page: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@context": "http://schema.org",
        "@type": "Order",
        "merchant": {"@type": "Organization", "name": shop},
        "orderNumber": order.number,
        "orderStatus": f"http://schema.org/{status}",
        "acceptedOffer": [
            {
                "@type": "Offer",
                "itemOffered": {"@type": "Product", "name": line.title},
                "price": _amount(line.unit_price_minor, line.currency),
                "priceCurrency": line.currency or order.currency,
                "eligibleQuantity": {"@type": "QuantitativeValue", "value": line.quantity},
            }
            for line in order.lines
            if not line.removed
        ],
        "priceCurrency": order.currency,
        "price": _amount(order.total_minor, order.currency),
    }
    return said | _view(page)


def _parcel(order: OrderView, parcel: ParcelView, *, shop: str, carrier: str, page: str) -> dict[str, Any]:
    to = order.shipping_address
    assert to is not None
    address = {
        "@type": "PostalAddress",
        "name": to.name,
        "streetAddress": to.line1,
        "addressLocality": to.city,
        "addressRegion": to.state,
        "postalCode": to.postal_code,
        "addressCountry": to.country,
    }
    said: dict[str, Any] = {
        "@context": "http://schema.org",
        "@type": "ParcelDelivery",
        "deliveryAddress": address,
        "carrier": {"@type": "Organization", "name": carrier},
        "itemShipped": {"@type": "Product", "name": order.lines[0].title if order.lines else order.number},
        "partOfOrder": {
            "@type": "Order",
            "orderNumber": order.number,
            "merchant": {"@type": "Organization", "name": shop},
        },
        "trackingNumber": parcel.tracking_number,
    }
    if parcel.estimate_latest:
        said["expectedArrivalFrom"] = parcel.estimate_earliest or parcel.estimate_latest
        said["expectedArrivalUntil"] = parcel.estimate_latest
    if page:
        said["trackingUrl"] = page
    return said | _view(page)


def _view(page: str) -> dict[str, Any]:
    return {"url": page, "potentialAction": {"@type": "ViewAction", "url": page}} if page else {}


def _amount(minor: int | None, currency: str) -> str:
    return "" if minor is None or not currency else str(Money(minor, currency).major)
