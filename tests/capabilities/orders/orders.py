"""An order to tell about."""

from __future__ import annotations

from typing import Any

from aftermile.connectors.contracts.facts import (
    Address,
    OrderFact,
    OrderLineFact,
    OrderState,
    PromisedWindow,
    ShopperFact,
)
from aftermile.kernel.money import Money
from tests.capabilities.shop import later
from tests.conftest import NOON


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def line(external_id: str, quantity: int = 1, **fields: Any) -> OrderLineFact:
    return OrderLineFact(external_id=external_id, title="Pippi", quantity=quantity, **fields)


HOME = Address(
    name="Astrid Lindgren", line1="Dalagatan 46", city="Stockholm", postal_code="11324", country="SE"
)
ORDER = OrderFact(
    external_id="1001",
    number="#1001",
    placed_at=NOON,
    updated_at=NOON,
    currency="EUR",
    shopper=ShopperFact(external_id="7", name="Astrid Lindgren", email="astrid@example.com"),
    lines=(
        line("a", 2, sku="PIPPI", unit_price=eur(1000), total=eur(1900)),
        line("b", sku="MADITA", unit_price=eur(900), total=eur(900), requires_shipping=False),
    ),
    subtotal=eur(2800),
    shipping_price=eur(490),
    tax=eur(230),
    discount=eur(100),
    total=eur(3290),
    state=OrderState.OPEN,
    source_status="processing",
    financial_status="paid",
    fulfilment_status="unfulfilled",
    shipping_address=HOME,
    billing_address=HOME,
    shipping_method="DHL Paket",
    promised=PromisedWindow(earliest_date=later(days=2).date(), latest_date=later(days=4).date()),
    language="sv",
    tags=("gift",),
    note="for Karin",
    attributes={"channel": "web"},
)
