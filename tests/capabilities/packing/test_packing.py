"""Boxes and sizes of a shop, the plan of an order, what was saved, and the slip."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aftermile.capabilities.brands.public import brand, change_brand
from aftermile.capabilities.catalog.public import record_products
from aftermile.capabilities.orders.public import OrderView, order
from aftermile.capabilities.packing.public import (
    BoxesUnusable,
    BoxGiven,
    BoxNotFound,
    BoxUnusable,
    BoxView,
    NoBoxes,
    SizeGiven,
    SizeNotFound,
    SizeUnusable,
    Thing,
    TooManyPieces,
    archive_box,
    boxes,
    forget_packing,
    keep_box,
    keep_sizes,
    list_sizes,
    offered,
    packing_of,
    plan,
    record_packing,
    remove_size,
    saving,
    sizes,
    things_of,
    write_slip,
)
from aftermile.capabilities.packing.slip import set_pdf, slip_of
from aftermile.connectors.contracts.facts import Address, OrderFact, OrderLineFact, ProductFact, VariantFact
from aftermile.kernel.merchants import current_merchant
from tests.capabilities.shop import BY, log_types, scope, tell_orders
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
SMALL = BoxGiven(name="Small", length_mm=200, width_mm=150, height_mm=100, most_grams=5_000, empty_grams=80)
LARGE = BoxGiven(name="Large", length_mm=400, width_mm=300, height_mm=300, usual=True)
MUG = SizeGiven(sku="MUG", length_mm=120, width_mm=90, height_mm=95, weight_grams=350, fragile=True)
SMALL_MM3, LARGE_MM3, MUG_MM3 = 200 * 150 * 100, 400 * 300 * 300, 120 * 90 * 95


def _box(given: BoxGiven, **more: Any) -> BoxView:
    return keep_box(given=given, by=BY, at=NOON, **more)


def _order(merchant: Any, *lines: OrderLineFact, **more: Any) -> OrderView:
    fact = OrderFact(
        external_id="1", number="#1001", placed_at=NOON, lines=lines,
        shipping_address=Address(name="Nadia Haddad", line1="1 Quay", city="Bremen", country="DE"), **more,
    )  # fmt: skip
    (recorded,) = tell_orders(merchant, fact)
    with scope(merchant):
        return order(recorded.order_id)


def _mugs(quantity: int = 1) -> OrderLineFact:
    return OrderLineFact(external_id="l1", title="Mug", sku="MUG", quantity=quantity)


def test_boxes_are_listed_the_smallest_first_and_only_one_is_the_usual(merchant: Any) -> None:
    with scope(merchant):
        large, small = _box(LARGE), _box(SMALL)
        assert _box(SMALL, box_id=small.id) == small
        assert [each.name for each in boxes()] == ["Small", "Large"]

        _box(replace(SMALL, usual=True), box_id=small.id)
        assert [(each.name, each.usual) for each in boxes()] == [("Small", True), ("Large", False)]

        archive_box(box_id=large.id, by=BY, at=NOON)
        assert [each.name for each in boxes()] == ["Small"]
        assert [each.name for each in boxes(archived=True)] == ["Large"]
        _box(LARGE, box_id=large.id)
        assert [(each.name, each.usual) for each in boxes()] == [("Small", False), ("Large", True)]
    assert log_types(merchant) == ["packing_box.changed"] * 5


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({"length_mm": -5}, ["length_mm"]),
        ({"width_mm": 0, "height_mm": 20_001}, ["width_mm", "height_mm"]),
        ({"name": "  "}, ["name"]),
        ({"name": "SMALL"}, ["name"]),
        ({"most_grams": 0}, ["most_grams"]),
        ({"cost_minor": -1, "empty_grams": -1}, ["empty_grams", "cost_minor"]),
    ],
)
def test_a_box_that_cannot_be_is_refused_by_the_names_of_what_is_wrong(
    in_scope: Any, wrong: dict[str, Any], names: list[str]
) -> None:
    _box(SMALL)
    with pytest.raises(BoxUnusable) as refused:
        _box(replace(LARGE, **wrong))
    assert list(refused.value.details) == names


def test_sizes_are_kept_many_at_a_time_and_only_changes_count(in_scope: Any) -> None:
    pot = SizeGiven(sku=" POT ", length_mm=200, width_mm=200, height_mm=150, this_way_up=True)

    assert keep_sizes(given=[MUG, pot, MUG], by=BY, at=NOON) == 2
    assert keep_sizes(given=[MUG, replace(pot, fragile=True)], by="usr", at=NOON) == 1
    assert [(each.sku, each.fragile, each.changed_by) for each in list_sizes()] == [
        ("MUG", True, BY),
        ("POT", True, "usr"),
    ]
    assert [each.sku for each in list_sizes(words="po")] == ["POT"]
    assert remove_size(sku="MUG").length_mm == 120
    assert sizes(["MUG"]) == {}
    with pytest.raises(SizeNotFound):
        remove_size(sku="MUG")


def test_one_size_that_cannot_be_keeps_none(in_scope: Any) -> None:
    with pytest.raises(SizeUnusable):
        keep_sizes(given=[MUG, replace(MUG, sku="CUP", height_mm=-1)], by=BY, at=NOON)
    assert list_sizes() == []


def test_an_order_is_planned_by_the_shops_own_sizes_then_by_its_storefronts(merchant: Any) -> None:
    view = _order(
        merchant,
        _mugs(3),
        OrderLineFact(external_id="l2", title="Plate", sku="PLATE", quantity=2, variant_external_id="v1"),
        OrderLineFact(external_id="l3", title="Poster", sku="POSTER", quantity=1),
        OrderLineFact(external_id="l4", title="Voucher", sku="V", quantity=1, requires_shipping=False),
    )
    plate = VariantFact(external_id="v1", weight_grams=600, length_mm=260, width_mm=260, height_mm=30)
    mug = VariantFact(external_id="v2", weight_grams=999, length_mm=1, width_mm=1, height_mm=1)
    with scope(merchant):
        record_products(
            facts=[ProductFact(external_id="p1", variants=(plate, mug))], source="shop", by=BY, at=NOON
        )
        keep_sizes(given=[MUG], by=BY, at=NOON)
        small, large = _box(SMALL), _box(LARGE)
        things = things_of(view)
        made = plan(things, offered(boxes()))

    assert [(each.sku, each.quantity, each.size, each.weight_grams) for each in things] == [
        ("MUG", 3, (120, 90, 95), 350),
        ("PLATE", 2, (260, 260, 30), 600),
        ("POSTER", 1, None, None),
    ]
    assert [each.box.id for each in made.boxes] == [large.id]
    assert small.id != large.id
    assert made.unknown == (2,)
    assert not made.is_whole
    assert made.boxes[0].grams == 3 * 350 + 2 * 600
    assert made.boxes[0].picture.count("<text") == 5


def test_a_plan_without_boxes_or_of_ten_thousand_things_is_refused(in_scope: Any) -> None:
    with pytest.raises(NoBoxes):
        plan([], offered(boxes()))
    _box(SMALL)
    with pytest.raises(TooManyPieces):
        plan([Thing(sku="A", title="A", quantity=10_000, size=(1, 1, 1))], offered(boxes()))


def test_what_was_packed_is_counted_against_the_usual_box(merchant: Any) -> None:
    view = _order(merchant, _mugs())
    with scope(merchant):
        keep_sizes(given=[MUG], by=BY, at=NOON)
        small, large = _box(SMALL), _box(LARGE)
        noted = record_packing(order_id=view.id, box_ids=[small.id], by=BY, at=NOON)
        again = record_packing(order_id=view.id, box_ids=[small.id], by="usr", at=NOON + timedelta(hours=1))
        assert again == noted == packing_of(view.id)
        saved = saving(since=NOON - timedelta(days=30))
        assert (saved.orders, saved.compared, saved.used_mm3) == (1, 1, SMALL_MM3)
        assert saved.spared_mm3 == LARGE_MM3 - SMALL_MM3
        assert saved.air_mm3 == SMALL_MM3 - MUG_MM3
        assert saving(since=NOON + timedelta(seconds=1)).orders == 0

        record_packing(order_id=view.id, box_ids=[large.id], by=BY, at=NOON)
        saved = saving(since=NOON)
        assert (saved.orders, saved.spared_mm3, saved.missed_mm3) == (1, 0, LARGE_MM3 - SMALL_MM3)

        forget_packing(order_id=view.id)
        assert packing_of(view.id) is None
    assert log_types(merchant).count("order.packed") == 2


def test_an_order_with_something_unmeasured_is_noted_and_not_compared(merchant: Any) -> None:
    view = _order(merchant, _mugs())
    with scope(merchant):
        small = _box(SMALL)
        record_packing(order_id=view.id, box_ids=[small.id], by=BY, at=NOON)
        saved = saving(since=NOON)
        assert (saved.orders, saved.compared, saved.spared_mm3) == (1, 0, 0)
        with pytest.raises(BoxesUnusable):
            record_packing(order_id=view.id, box_ids=[], by=BY, at=NOON)
        with pytest.raises(BoxNotFound):
            record_packing(order_id=view.id, box_ids=[view.id], by=BY, at=NOON)


@pytest.mark.parametrize(
    ("language", "direction", "thanks", "floor"),
    [
        ("de", "ltr", "Vielen Dank für Ihre Bestellung.", "Auf dem Boden des Kartons"),
        ("ar", "rtl", "شكرًا لطلبك.", "على قاع الصندوق"),
        ("", "ltr", "Thank you for your order.", "On the floor of the box"),
    ],
)
def test_a_slip_says_what_is_in_it_in_the_shoppers_language(
    merchant: Any, language: str, direction: str, thanks: str, floor: str
) -> None:
    view = _order(merchant, _mugs(2), language=language)
    with scope(merchant):
        keep_sizes(given=[MUG], by=BY, at=NOON)
        _box(LARGE)
        change_brand(support_address="7 Dock\nDonaudampfschifffahrtsweg", by=BY, at=NOON)
        made = plan(things_of(view), offered(boxes()))
        slip = slip_of(view, made, shop=current_merchant(), page_url="https://shop.example/t/1", look=brand())

    apart = "\u2068{}\u2069" if direction == "rtl" else "{}"  # what others wrote keeps its own direction
    assert slip.values["direction"] == direction
    assert slip.values["thanks"] == thanks
    assert "#1001" in slip.values["order"]
    assert slip.values["to"][:2] == [apart.format("Nadia Haddad"), apart.format("1 Quay")]
    name, *address = slip.values["from"]
    assert name == apart.format(merchant.name)
    assert address == [apart.format("7 Dock"), apart.format("Donaudampfschiff\u200bfahrtsweg")]
    assert slip.values["items"] == [{"title": apart.format("Mug"), "detail": "", "sku": "MUG", "quantity": 2}]
    (box,) = slip.values["boxes"]
    assert [layer["where"] for layer in box["layers"]] == [floor]
    assert list(slip.files) == [box["picture"]]


def test_nothing_that_a_shop_wrote_is_run_when_a_slip_is_set(merchant: Any) -> None:
    title = '#panic("run") $x$ *bold* \\ "] #read("/etc/hostname")'
    address = '#import "@preview/x:1.0.0"\n$\n<script>] \\\nشارع 5\n' + "x" * 240
    view = _order(merchant, OrderLineFact(external_id="l1", title=title, sku="#panic()", quantity=2))
    with scope(merchant):
        change_brand(support_address=address, by=BY, at=NOON)
        pdf = write_slip(view, None, shop=current_merchant(), page_url="https://shop.example/t/1")

    assert pdf.startswith(b"%PDF-")


def test_a_logo_that_cannot_be_set_leaves_the_shops_name(merchant: Any) -> None:
    view = _order(merchant, _mugs())
    with scope(merchant):
        slip = slip_of(view, None, shop=current_merchant(), page_url="https://shop.example/t/1", look=brand())
    broken = replace(slip, values={**slip.values, "logo": "logo.svg"}, files={"logo.svg": b"<svg"})

    assert set_pdf(broken).startswith(b"%PDF-")
