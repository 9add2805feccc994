from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from aftermile.connectors.contracts.facts import (
    Address,
    Deletion,
    FulfilmentFact,
    FulfilmentLineFact,
    OrderFact,
    OrderLineFact,
    OrderState,
    ProductFact,
    RefundFact,
    ShopperFact,
    Translation,
    UnknownWord,
    VariantFact,
)
from aftermile.connectors.contracts.sockets import Unreadable
from aftermile.connectors.storefronts.woocommerce import connector
from aftermile.connectors.storefronts.woocommerce.reader import SUBSCRIBED
from aftermile.kernel.money import Money
from tests.connectors.storefronts.reading import RECEIVED_AT, only, read, utc
from tests.connectors.storefronts.woocommerce_payloads import BILLING, NOWHERE, ORDER, PRODUCT


def order_of(**changes: object) -> OrderFact:
    fact = read(connector, "order.updated", {**ORDER, **changes}).facts[0]
    assert isinstance(fact, OrderFact)
    return fact


@pytest.mark.parametrize("topic", ["order.created", "order.updated", "order.restored"])
def test_an_order_is_read_whole_with_tax_where_prices_include_it(topic: str) -> None:
    assert only(read(connector, topic, ORDER)) == OrderFact(
        external_id="77",
        number="W-77",
        placed_at=utc(2026, 11, 2, 10),
        updated_at=utc(2026, 11, 2, 10, 30),
        currency="EUR",
        shopper=ShopperFact(
            external_id="5",
            name="Ines Moura",
            email="ines@shopper.example",
            phone="+351220000001",
            country="PT",
        ),
        lines=(
            OrderLineFact(
                external_id="21",
                title="Bowl",
                quantity=2,
                sku="BOWL-B-L",
                product_external_id="60",
                variant_external_id="61",
                variant_title="Blue, Large",
                unit_price=Money(2250, "EUR"),
                total=Money(4000, "EUR"),
                image_url="https://shop.example/bowl.jpg",
            ),
        ),
        subtotal=Money(4000, "EUR"),
        shipping_price=Money(400, "EUR"),
        tax=Money(823, "EUR"),
        discount=Money(500, "EUR"),
        total=Money(4400, "EUR"),
        state=OrderState.OPEN,
        source_status="processing",
        financial_status="paid",
        billing_address=Address(
            name="Ines Moura",
            line1="Rua do Cais 9",
            line2="2 D",
            city="Porto",
            state="PT-13",
            postal_code="4050-074",
            country="PT",
            phone="+351220000001",
        ),
        shipping_method="CTT Expresso",
        note="leave with the porter",
        attributes={
            "created_via": "checkout",
            "payment_method": "cod",
            "payment_method_title": "Cash on delivery",
            "taxes_included": True,
            "discount_codes": ["outono"],
        },
    )


def test_a_shop_with_prices_before_tax_is_read_before_tax() -> None:
    order = order_of(prices_include_tax=False)
    assert (order.lines[0].unit_price, order.lines[0].total) == (Money(1830, "EUR"), Money(3252, "EUR"))
    assert (order.shipping_price, order.discount) == (Money(325, "EUR"), Money(407, "EUR"))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("pending", OrderState.OPEN),
        ("on-hold", OrderState.OPEN),
        ("failed", OrderState.OPEN),
        ("wc-processing", OrderState.OPEN),
        ("completed", OrderState.COMPLETED),
        ("refunded", OrderState.COMPLETED),
        ("cancelled", OrderState.CANCELLED),
        ("trash", OrderState.DELETED),
    ],
)
def test_every_status_of_woocommerce_has_its_state(status: str, state: OrderState) -> None:
    order = only(read(connector, "order.updated", {**ORDER, "status": status}))
    assert (order.state, order.source_status) == (state, status.removeprefix("wc-"))


def test_a_status_of_the_shops_own_is_kept_and_counted() -> None:
    translation = read(connector, "order.updated", {**ORDER, "status": "in-the-kiln"})
    assert [
        (fact.state, fact.source_status) for fact in translation.facts if isinstance(fact, OrderFact)
    ] == [(None, "in-the-kiln")]
    assert translation.unknown == (UnknownWord(what="order status", word="in-the-kiln"),)


@pytest.mark.parametrize("status", ["checkout-draft", "auto-draft"])
def test_a_draft_is_no_order_yet(status: str) -> None:
    assert read(connector, "order.created", {**ORDER, "status": status}) == Translation()


def test_refunds_come_with_the_order() -> None:
    order = order_of(refunds=[{"id": 90, "reason": "chipped", "total": "-12.50"}, {"id": 91, "total": None}])
    assert order.refunds == (
        RefundFact(external_id="90", order_external_id="77", amount=Money(1250, "EUR"), reason="chipped"),
        RefundFact(external_id="91", order_external_id="77"),
    )
    assert order.financial_status == "partially_refunded"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"status": "refunded"}, "refunded"),
        ({"status": "failed"}, "failed"),
        ({"date_paid": None, "date_paid_gmt": None}, "unpaid"),
    ],
)
def test_the_money_has_a_word_of_its_own(changes: dict[str, Any], word: str) -> None:
    assert order_of(**changes).financial_status == word


def test_local_dates_are_read_only_where_the_zone_of_the_shop_is_known() -> None:
    local = {**ORDER, "date_created_gmt": None}
    placed: list[datetime | None] = [
        only(read(connector, "order.updated", local, **settings)).placed_at
        for settings in ({}, {"time_zone": "Europe/Berlin"}, {"time_zone": "Middle/Earth"})
    ]
    assert placed == [None, utc(2026, 11, 2, 10), None]


def test_a_guest_is_known_by_the_bill() -> None:
    assert order_of(customer_id=0).shopper == ShopperFact(
        name="Ines Moura", email="ines@shopper.example", phone="+351220000001", country="PT"
    )
    assert order_of(customer_id=0, billing=NOWHERE).shopper is None


TRACKING = {
    "tracking_id": "a1b2",
    "tracking_provider": "",
    "custom_tracking_provider": "Owl Post",
    "custom_tracking_link": "https://owl.example/OWL7",
    "tracking_number": "OWL7",
    "date_shipped": "1793664000",
    "products_list": [{"product": "60", "item_id": "21", "qty": "1"}],
}
TRACKED = FulfilmentFact(
    external_id="a1b2",
    order_external_id="77",
    carrier_name="Owl Post",
    tracking_numbers=("OWL7",),
    tracking_urls=("https://owl.example/OWL7",),
    lines=(FulfilmentLineFact(line_external_id="21", quantity=1),),
    shipped_at=utc(2026, 11, 3, 12),
)


@pytest.mark.parametrize(
    "value", [[TRACKING], TRACKING, {"0": TRACKING, "2": TRACKING}, json.dumps([TRACKING])]
)
def test_tracking_numbers_of_the_plugins_are_fulfilments(value: object) -> None:
    meta = [{"id": 1, "key": "_wc_shipment_tracking_items", "value": value}]
    assert order_of(meta_data=meta).fulfilments == (TRACKED,)


def test_a_tracking_item_without_an_id_is_named_by_its_number() -> None:
    bare = {"tracking_number": "OWL8", "tracking_provider": "", "date_shipped": "2026-11-03"}
    meta = [{"id": 1, "key": "_wc_shipment_tracking_items", "value": [bare, {}, "OWL9"]}]
    assert order_of(meta_data=meta).fulfilments == (
        FulfilmentFact(
            external_id="77:OWL8",
            order_external_id="77",
            tracking_numbers=("OWL8",),
            shipped_at=utc(2026, 11, 3, 12),
        ),
    )


def test_the_language_is_what_a_translation_plugin_says() -> None:
    order = order_of(meta_data=[{"id": 1, "key": "wpml_language", "value": "pt_BR"}])
    assert (order.language, order.shopper and order.shopper.language) == ("pt-BR", "pt-BR")


@pytest.mark.parametrize("odd", [None, "", "soon", 7, [], {}, [[]], True, "sNaN", "1e999999", -3])
def test_an_odd_field_costs_only_itself(odd: Any) -> None:
    for name in ORDER:
        if name == "id":
            continue
        found = order_of(**{name: odd})
        assert found.external_id == "77"
        if name != "line_items":
            assert [line.external_id for line in found.lines] == ["21"]
    for name in ORDER["line_items"][0]:
        order_of(line_items=[{**ORDER["line_items"][0], name: odd}])


def test_a_line_that_cannot_be_read_removes_no_line() -> None:
    order = order_of(line_items=[{**ORDER["line_items"][0], "quantity": None}])
    assert (order.lines, order.lines_complete, order.subtotal) == ((), False, None)


def test_a_simple_product_is_its_own_only_variant() -> None:
    settings = {"currency": "EUR", "weight_unit": "kg", "dimension_unit": "cm"}
    assert only(read(connector, "product.updated", PRODUCT, **settings)) == ProductFact(
        external_id="50",
        title="Mug",
        url="https://shop.example/product/mug/",
        image_url="https://shop.example/mug.jpg",
        category="Kitchen",
        tags=("clay",),
        variants=(
            VariantFact(
                external_id="50",
                sku="MUG",
                barcode="4006381333931",
                price=Money(950, "EUR"),
                weight_grams=350,
                length_mm=100,
                width_mm=85,
            ),
        ),
        updated_at=utc(2026, 10, 1, 8),
        attributes={"slug": "mug", "status": "publish", "type": "simple"},
    )
    plain = order_of(line_items=[{**ORDER["line_items"][0], "product_id": 50, "variation_id": 0}])
    assert plain.lines[0].variant_external_id == "50"


def test_without_units_a_product_has_no_measures() -> None:
    (variant,) = only(read(connector, "product.created", PRODUCT)).variants
    assert variant == VariantFact(external_id="50", sku="MUG", barcode="4006381333931")


def test_a_variable_product_names_its_variations_and_a_variation_its_parent() -> None:
    variable = {**PRODUCT, "type": "variable", "variations": [61, 62]}
    variation = {**PRODUCT, "id": 61, "type": "variation", "parent_id": 60, "name": "Bowl - Blue"}

    assert only(read(connector, "product.updated", variable)).variants == (
        VariantFact(external_id="61"),
        VariantFact(external_id="62"),
    )
    assert only(read(connector, "product.updated", variation)) == ProductFact(
        external_id="60",
        variants=(VariantFact(external_id="61", title="Bowl - Blue", sku="MUG", barcode="4006381333931"),),
    )


def test_a_customer_is_a_shopper() -> None:
    customer = {
        "id": 5,
        "email": "ines@shopper.example",
        "first_name": "Ines",
        "last_name": "Moura",
        "billing": BILLING,
        "date_modified_gmt": "2026-10-01T08:00:00",
    }
    assert only(read(connector, "customer.created", customer)) == ShopperFact(
        external_id="5",
        name="Ines Moura",
        email="ines@shopper.example",
        phone="+351220000001",
        country="PT",
        updated_at=utc(2026, 10, 1, 8),
    )


@pytest.mark.parametrize(
    ("topic", "what"),
    [("order.deleted", "order"), ("product.deleted", "product"), ("customer.deleted", "shopper")],
)
def test_a_removed_thing_is_told_by_its_id(topic: str, what: str) -> None:
    assert only(read(connector, topic, {"id": 77})) == Deletion(
        what=what, external_id="77", deleted_at=RECEIVED_AT
    )


@pytest.mark.parametrize("topic", ["coupon.created", "action.woocommerce_add_to_cart", ""])
def test_a_topic_we_do_not_read_is_kept_and_counted(topic: str) -> None:
    assert read(connector, topic, {"id": 1}).unknown == (UnknownWord(what="topic", word=topic),)


@pytest.mark.parametrize("topic", SUBSCRIBED)
def test_a_thing_without_its_id_is_unreadable(topic: str) -> None:
    with pytest.raises(Unreadable, match="without an id"):
        read(connector, topic, {"id": 0})
