"""The tasks of `bench.inside` about quotes."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from aftermile.capabilities.catalog.public import record_products
from aftermile.capabilities.promises.public import Goods, Place, quote_by
from aftermile.capabilities.shipping.public import Cart, Table, change_table, shipping
from aftermile.connectors.contracts.facts import ProductFact, VariantFact
from aftermile.kernel.clock import now
from aftermile.kernel.money import Money
from aftermile.kernel.tenancy import merchant_scope
from bench.inside_estimates import CARRIERS, COUNTRIES

_BY = "bench:1"


def fill_shipping(merchant_id: str, articles: int) -> list[str]:
    """Keep ten methods with a hundred lanes, and articles to send; return their numbers."""
    at = now()
    rates = [
        {
            "method": f"m{index}",
            "weight_to_grams": 31_500,
            "price_minor": 490 + index,
            "free_from_minor": 9_000,
        }
        for index in range(10)
    ]
    tables: dict[Table, list[dict[str, Any]]] = {
        Table.METHODS: [
            {"key": f"m{index}", "name": f"Method {index}", "carrier": carrier}
            for index, carrier in enumerate(CARRIERS)
        ],
        Table.ZONES: [{"key": country.lower(), "name": country, "areas": country} for country in COUNTRIES],
        Table.RATES: rates,
        Table.TRANSIT: [
            {"carrier": carrier, "to_zone": country.lower(), "least": 1, "most": 4}
            for carrier in CARRIERS
            for country in COUNTRIES
        ],
        Table.CARRIERS: [{"carrier": carrier, "weekmask": "1111110"} for carrier in CARRIERS],
        Table.PEAKS: [
            {"first": str(at.date()), "last": str((at + timedelta(days=30)).date()), "extra_days": 1}
        ],
    }
    facts = [
        ProductFact(
            external_id=f"p{number}",
            title=f"Article {number}",
            variants=(
                VariantFact(
                    external_id=f"v{number}", sku=f"SKU-{number}", price=Money(1990, "EUR"), weight_grams=400
                ),
            ),
        )
        for number in range(articles)
    ]
    with merchant_scope(UUID(merchant_id)):
        for table, rows in tables.items():
            change_table(table=table, rows=rows, by=_BY, at=at)
        record_products(facts=facts, source="bench", by=_BY, at=at)
    return [f"SKU-{number}" for number in range(articles)]


def quote_purely(merchant_id: str, count: int) -> dict[str, float]:
    """Quote by rule without a database, at ever other hours and places; return milliseconds of the slowest hundredth."""
    with merchant_scope(UUID(merchant_id)):
        shop = shipping()
    at, took = now(), []
    for number in range(count):
        began = time.perf_counter()
        found = quote_by(
            shop.plan, shop.calendar, cart=Cart(weight_grams=800, value_minor=3980), goods=Goods(),
            origin=Place(country="DE"), destination=Place(country=COUNTRIES[number % 10], postal_code="10115"),
            currency="EUR", at=at + timedelta(hours=number % 200),
        )  # fmt: skip
        took.append((time.perf_counter() - began) * 1000)
        if len(found.methods) != len(CARRIERS):
            raise SystemExit(f"{len(found.methods)} methods were quoted")
    took.sort()
    return {"p50": took[count // 2], "p99": took[count * 99 // 100]}
