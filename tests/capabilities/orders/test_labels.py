"""Labels: what staff call a kind of order."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from aftermile.capabilities.orders.public import (
    LabelUnusable,
    OrderNotFound,
    TooManyLabels,
    label_orders,
    labels_in_use,
    orders,
    record_orders,
    set_labels,
)
from aftermile.kernel.events import read
from aftermile.kernel.ids import uuid7
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.orders.orders import ORDER
from tests.capabilities.shop import later
from tests.conftest import NOON

ADA = "staff:ada"


def told(shop: Merchant, count: int = 2) -> list[UUID]:
    facts = [replace(ORDER, external_id=str(number), shopper=None) for number in range(count)]
    with merchant_scope(shop.id):
        return [
            each.order_id
            for each in record_orders(facts=facts, source="con_1", by="connection:con_1", at=NOON)
        ]


def labels(shop: Merchant, ids: list[UUID]) -> list[tuple[str, ...]]:
    with merchant_scope(shop.id):
        found = orders(ids)
    return [found[each].labels for each in ids]


def used(shop: Merchant) -> dict[str, int]:
    with merchant_scope(shop.id):
        return {each.name: each.order_count for each in labels_in_use()}


@pytest.mark.django_db
class TestLabels:
    def test_put_on_many_and_taken_off_some(self, merchant: Merchant) -> None:
        first, second = told(merchant)
        with merchant_scope(merchant.id):
            put_on = label_orders(
                order_ids=[first, second], add=["VIP", " hold  it "], by=ADA, at=later(hours=1)
            )
            taken_off = label_orders(order_ids=[second], remove=["vip"], by=ADA, at=later(hours=2))
        assert (put_on.order_ids, put_on.names) == ((first, second), ("VIP", "hold it"))
        assert (taken_off.order_ids, taken_off.names) == ((second,), ("VIP",))
        assert labels(merchant, [first, second]) == [("hold it", "VIP"), ("hold it",)]
        assert used(merchant) == {"hold it": 2, "VIP": 1}

    def test_only_orders_that_changed_are_told_of(self, merchant: Merchant) -> None:
        first, second = told(merchant)
        with merchant_scope(merchant.id):
            label_orders(order_ids=[first], add=["VIP"], by=ADA, at=later(hours=1))
        with merchant_scope(merchant.id):
            before = read(after=0)[-1].position
        with merchant_scope(merchant.id):
            again = label_orders(order_ids=[first, second], add=["vip"], by=ADA, at=later(hours=2))
        with merchant_scope(merchant.id):
            heard = read(after=before)
        assert (again.order_ids, again.names) == ((second,), ("VIP",))
        assert [(each.type, each.event.order_id, each.event.changed, each.by) for each in heard] == [
            ("order.changed", second, ("labels",), ADA)
        ]
        assert labels(merchant, [first, second]) == [("VIP",), ("VIP",)]

    def test_a_label_on_no_order_is_forgotten_with_its_spelling(self, merchant: Merchant) -> None:
        (only,) = told(merchant, 1)
        with merchant_scope(merchant.id):
            label_orders(order_ids=[only], add=["VIP"], by=ADA, at=later(hours=1))
            label_orders(order_ids=[only], remove=["vip"], by=ADA, at=later(hours=2))
            label_orders(order_ids=[only], add=["vip"], by=ADA, at=later(hours=3))
        assert used(merchant) == {"vip": 1}

    def test_put_on_and_taken_off_at_once_is_put_on(self, merchant: Merchant) -> None:
        (only,) = told(merchant, 1)
        with merchant_scope(merchant.id):
            label_orders(order_ids=[only], add=["Blue"], remove=["blue"], by=ADA, at=later(hours=1))
        assert labels(merchant, [only]) == [("Blue",)]

    def test_exactly_these(self, merchant: Merchant) -> None:
        (only,) = told(merchant, 1)
        with merchant_scope(merchant.id):
            set_labels(order_id=only, labels=["a", "b"], by=ADA, at=later(hours=1))
            set_labels(order_id=only, labels=["B", "c"], by=ADA, at=later(hours=2))
        assert labels(merchant, [only]) == [("b", "c")]
        assert used(merchant) == {"b": 1, "c": 1}

    def test_the_source_does_not_take_them_away(self, merchant: Merchant) -> None:
        (only,) = told(merchant, 1)
        with merchant_scope(merchant.id):
            label_orders(order_ids=[only], add=["VIP"], by=ADA, at=later(hours=1))
            fact = replace(ORDER, external_id="0", shopper=None, tags=("new",), updated_at=later(hours=3))
            record_orders(facts=[fact], source="con_1", by="connection:con_1", at=later(hours=3))
        with merchant_scope(merchant.id):
            view = orders([only])[only]
        assert (view.labels, view.tags) == (("VIP",), ("new",))

    @pytest.mark.parametrize("name", ["", "   ", "a,b", "x" * 41, "\x00", "a\u202eb"])
    def test_what_is_no_label(self, merchant: Merchant, name: str) -> None:
        with merchant_scope(merchant.id), pytest.raises(LabelUnusable):
            label_orders(order_ids=[], add=["fine", name], by=ADA, at=NOON)

    def test_too_many_change_nothing(self, merchant: Merchant) -> None:
        first, second = told(merchant)
        with merchant_scope(merchant.id):
            label_orders(order_ids=[second], add=[f"label {n}" for n in range(20)], by=ADA, at=NOON)
        with pytest.raises(TooManyLabels), merchant_scope(merchant.id):
            label_orders(order_ids=[first, second], add=["one more"], by=ADA, at=NOON)
        assert (labels(merchant, [first]), len(used(merchant))) == ([()], 20)

    def test_no_such_order(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            assert label_orders(order_ids=[uuid7()], add=["VIP"], by=ADA, at=NOON).order_ids == ()
            with pytest.raises(OrderNotFound):
                set_labels(order_id=uuid7(), labels=["VIP"], by=ADA, at=NOON)
        assert used(merchant) == {}

    def test_another_shops_orders_and_labels_are_left_alone(
        self, merchant: Merchant, other_merchant: Merchant
    ) -> None:
        ids = told(merchant)
        with merchant_scope(merchant.id):
            label_orders(order_ids=ids, add=["VIP"], by=ADA, at=NOON)
        with merchant_scope(other_merchant.id):
            changed = label_orders(order_ids=ids, remove=["VIP"], add=["Theirs"], by=ADA, at=NOON)
        assert (changed.order_ids, labels(merchant, ids)) == ((), [("VIP",), ("VIP",)])
        assert (used(merchant), used(other_merchant)) == ({"VIP": 2}, {})

    def test_statements_do_not_grow(
        self, merchant: Merchant, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        ids = told(merchant, 50)
        for count in (1, 3, 50):
            with merchant_scope(merchant.id), django_assert_max_num_queries(6):
                label_orders(order_ids=ids[:count], add=[f"for {count}"], by=ADA, at=NOON)
