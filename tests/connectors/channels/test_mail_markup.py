"""Mark-up of orders and parcels in letters."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from aftermile.connectors.channels.mail_markup import (
    MarkedItem,
    MarkedOrder,
    MarkedParcel,
    OrderStatus,
    order_markup,
    parcel_markup,
)

_OPENS, _CLOSES = '<script type="application/ld+json">', "</script>"


def content(script: str) -> dict[str, object]:
    assert script.startswith(_OPENS)
    assert script.endswith(_CLOSES)
    found: dict[str, object] = json.loads(script.removeprefix(_OPENS).removesuffix(_CLOSES))
    return found


def order(shop: str = "Shop") -> MarkedOrder:
    return MarkedOrder(
        number="1001",
        shop=shop,
        currency="EUR",
        total="25.00",
        status=OrderStatus.IN_TRANSIT,
        items=[MarkedItem(name="Cup", price="12.50", quantity=2)],
        url="https://shop.example/o/1",
    )


def test_an_order_has_what_gmail_requires_and_nothing_empty() -> None:
    shop = {"@type": "Organization", "name": "Shop"}

    assert content(order_markup(order())) == {
        "@context": "http://schema.org",
        "@type": "Order",
        "merchant": shop,
        "seller": shop,
        "orderNumber": "1001",
        "orderStatus": "http://schema.org/OrderInTransit",
        "priceCurrency": "EUR",
        "price": "25.00",
        "acceptedOffer": [
            {
                "@type": "Offer",
                "itemOffered": {"@type": "Product", "name": "Cup"},
                "price": "12.50",
                "priceCurrency": "EUR",
                "eligibleQuantity": {"@type": "QuantitativeValue", "value": "2"},
                "seller": shop,
            }
        ],
        "url": "https://shop.example/o/1",
        "potentialAction": {"@type": "ViewAction", "url": "https://shop.example/o/1"},
    }


def test_a_parcel_has_what_gmail_requires() -> None:
    parcel = MarkedParcel(
        order_number="1001",
        shop="Shop",
        carrier="DHL",
        tracking_number="00340434161094000001",
        tracking_url="https://shop.example/t/1",
        items=["Cup"],
        city="Berlin",
        country="DE",
        arrives_from=datetime(2026, 11, 24, tzinfo=UTC),
    )

    assert content(parcel_markup(parcel)) == {
        "@context": "http://schema.org",
        "@type": "ParcelDelivery",
        "carrier": {"@type": "Organization", "name": "DHL"},
        "trackingNumber": "00340434161094000001",
        "trackingUrl": "https://shop.example/t/1",
        "potentialAction": {"@type": "TrackAction", "target": "https://shop.example/t/1"},
        "deliveryAddress": {"@type": "PostalAddress", "addressLocality": "Berlin", "addressCountry": "DE"},
        "expectedArrivalFrom": "2026-11-24T00:00:00+00:00",
        "expectedArrivalUntil": "2026-11-24T00:00:00+00:00",
        "itemShipped": [{"@type": "Product", "name": "Cup"}],
        "partOfOrder": {
            "@type": "Order",
            "orderNumber": "1001",
            "merchant": {"@type": "Organization", "name": "Shop"},
        },
    }


@given(st.text(st.sampled_from("</script>!-&\u2028\u2029\"'\\aé"), min_size=1))
def test_no_name_ends_the_script(name: str) -> None:
    script = order_markup(order(shop=name))

    assert script.count("<") == 2
    assert content(script)["merchant"] == {"@type": "Organization", "name": name}
