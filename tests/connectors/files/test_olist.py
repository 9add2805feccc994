"""The tables of a real marketplace come in whole: every order, line and shopper once."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aftermile.connectors.contracts.facts import (
    OrderFact,
    OrderState,
    ProductFact,
    ShopperFact,
    TrackingReport,
    UnknownWord,
)
from aftermile.connectors.files.cells import Conventions
from aftermile.connectors.files.mapping import suggest
from aftermile.connectors.files.reading import SourceFile, read_files
from aftermile.connectors.files.table import open_table
from aftermile.kernel.money import Money
from tests.shared_data import shared_data

BRAZIL = Conventions(currency="BRL", country="BR", time_zone="America/Sao_Paulo")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def files() -> list[SourceFile]:
    """The files among the sample that look like a kind we read, with the mapping that is guessed for them."""
    found = []
    for path in sorted(shared_data("olist_relational_sample").glob("*.csv")):
        mapping = suggest(open_table(path.name, lambda path=path: path.open("rb")).headers)  # type: ignore[misc]
        if mapping:
            found.append(SourceFile(name=path.name, mapping=mapping, open=lambda path=path: path.open("rb")))  # type: ignore[misc]
    return found


def raw(name: str) -> list[dict[str, str]]:
    path: Path = shared_data("olist_relational_sample", f"olist_{name}_dataset.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def told() -> tuple[tuple[Any, ...], Counter[UnknownWord]]:
    unknown: Counter[UnknownWord] = Counter()
    return tuple(read_files(files(), conventions=BRAZIL, unknown=unknown)), unknown


def of(kind: type) -> list[Any]:
    return [fact for fact in told()[0] if isinstance(fact, kind)]


def test_the_four_files_we_read_are_recognized() -> None:
    assert [(file.name, file.kind.value) for file in files()] == [
        ("olist_customers_dataset.csv", "shoppers"),
        ("olist_order_items_dataset.csv", "order_lines"),
        ("olist_orders_dataset.csv", "orders"),
        ("olist_products_dataset.csv", "products"),
    ]


def test_every_order_line_shopper_and_product_comes_once_and_nothing_else() -> None:
    lines = Counter((order.external_id, line.external_id) for order in of(OrderFact) for line in order.lines)

    assert Counter(order.external_id for order in of(OrderFact)) == Counter(
        row["order_id"] for row in raw("orders")
    )
    assert lines == Counter((row["order_id"], row["order_item_id"]) for row in raw("order_items"))
    assert Counter(fact.external_id for fact in of(ProductFact)) == Counter(
        row["product_id"] for row in raw("products")
    )
    assert {order.shopper.external_id for order in of(OrderFact)} == {
        row["customer_unique_id"] for row in raw("customers")
    }
    assert Counter(type(fact) for fact in told()[0]).keys() == {OrderFact, TrackingReport, ProductFact}
    assert of(ShopperFact) == []


def test_each_order_has_its_own_shopper_dates_and_promise() -> None:
    rows = {row["order_id"]: row for row in raw("orders")}
    shoppers = {row["customer_id"]: row["customer_unique_id"] for row in raw("customers")}
    for order in of(OrderFact):
        row = rows[order.external_id]
        placed = datetime.fromisoformat(row["order_purchase_timestamp"]).replace(tzinfo=SAO_PAULO)
        assert order.placed_at == placed.astimezone(UTC)
        assert order.shopper.external_id == shoppers[row["customer_id"]]
        assert order.promised.latest_date == date.fromisoformat(row["order_estimated_delivery_date"])
        assert order.source_status == row["order_status"]
        assert len(order.fulfilments) == bool(row["order_delivered_carrier_date"])


def test_money_adds_up_to_the_cent() -> None:
    prices: Counter[str] = Counter()
    for row in raw("order_items"):
        prices[row["order_id"]] += round(float(row["price"]) * 100) + round(float(row["freight_value"]) * 100)
    assert {order.external_id: order.total for order in of(OrderFact) if order.lines} == {
        order_id: Money(minor, "BRL") for order_id, minor in prices.items()
    }


def test_hand_over_and_arrival_are_scans() -> None:
    wanted = Counter(
        code
        for row in raw("orders")
        for code, column in (
            ("handed_over", "order_delivered_carrier_date"),
            ("delivered", "order_delivered_customer_date"),
        )
        if row[column]
    )
    assert Counter(event.code for report in of(TrackingReport) for event in report.events) == wanted


def test_the_one_word_nobody_explains_is_counted_and_moves_nothing() -> None:
    assert told()[1] == {UnknownWord(what="order status", word="unavailable"): 542}
    states = Counter((order.source_status, order.state) for order in of(OrderFact))
    assert states[("unavailable", None)] == 542
    assert states[("canceled", OrderState.CANCELLED)] == 398
    assert states[("delivered", OrderState.COMPLETED)] == 3058


def test_a_second_run_says_the_same() -> None:
    assert tuple(read_files(files(), conventions=BRAZIL)) == told()[0]
