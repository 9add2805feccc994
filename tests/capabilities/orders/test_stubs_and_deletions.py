"""Orders that are only referred to, and orders that are gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aftermile.capabilities.orders.public import (
    OrderDeleted,
    OrderView,
    State,
    list_orders,
    mark_deleted,
    record_refunds,
    reserve_orders,
)
from aftermile.connectors.contracts.facts import OrderFact, OrderState, RefundFact, RefundLineFact
from aftermile.kernel.bounds import FactOutOfBounds
from tests.capabilities.orders.orders import ORDER, eur
from tests.capabilities.shop import BY, counted, later, log, log_types, scope, tell_orders
from tests.conftest import NOON


def only(merchant: Any) -> OrderView:
    with scope(merchant):
        (view,) = list_orders()
        return view


def reserve(merchant: Any, *external_ids: str) -> dict[str, Any]:
    with scope(merchant):
        return reserve_orders(source="shop", external_ids=external_ids, by=BY, at=NOON)


def refund(merchant: Any, *facts: RefundFact, at: Any = NOON) -> list[Any]:
    with scope(merchant):
        return record_refunds(facts=facts, source="shop", by=BY, at=at)


def delete(merchant: Any, *external_ids: str, deleted_at: Any = None, at: Any = NOON) -> dict[str, Any]:
    with scope(merchant):
        return mark_deleted(external_ids=external_ids, source="shop", by=BY, at=at, deleted_at=deleted_at)


def test_a_reserved_order_is_announced_and_filled_by_its_first_fact(merchant: Any) -> None:
    ids = reserve(merchant, "1001", "1002")
    assert sorted(ids) == ["1001", "1002"]
    with scope(merchant):
        assert {view.state for view in list_orders()} == {State.ANNOUNCED}
    assert log_types(merchant) == []
    (recorded,) = tell_orders(merchant, ORDER)
    assert (recorded.order_id, recorded.created) == (ids["1001"], True)
    with scope(merchant):
        assert {view.external_id: view.state for view in list_orders()} == {
            "1001": State.OPEN,
            "1002": State.ANNOUNCED,
        }
    assert log_types(merchant) == ["shopper.recorded", "order.placed"]


def test_reserving_what_is_known_gives_what_is_known(merchant: Any) -> None:
    (recorded,) = tell_orders(merchant, ORDER)
    assert reserve(merchant, "1001", "1001") == {"1001": recorded.order_id}
    assert only(merchant).state is State.OPEN
    assert reserve(merchant) == {}


def test_an_endless_id_is_refused(merchant: Any) -> None:
    with pytest.raises(FactOutOfBounds) as refusal:
        reserve(merchant, "fine", "x" * 501)
    assert refusal.value.details == {"index": 1}


TORN = RefundFact(
    external_id="r1",
    order_external_id="1001",
    amount=eur(900),
    reason="torn",
    refunded_at=NOON,
    lines=(RefundLineFact(line_external_id="b", quantity=1),),
)


def test_a_refund_before_its_order_waits_in_an_announced_one(merchant: Any) -> None:
    (order_id,) = refund(merchant, TORN)
    kept = only(merchant)
    assert (kept.id, kept.state, kept.refunded_minor) == (order_id, State.ANNOUNCED, 900)
    tell_orders(merchant, ORDER)
    kept = only(merchant)
    assert (kept.id, kept.state, kept.refunded_minor, kept.total_minor) == (order_id, State.OPEN, 900, 3290)
    assert sorted(log_types(merchant)) == sorted(
        ["order.changed", "order.refunded", "shopper.recorded", "order.placed"]
    )


def test_a_refund_told_twice_alone_and_with_its_order_is_one(merchant: Any) -> None:
    tell_orders(merchant, ORDER)
    refund(merchant, TORN, TORN)
    refund(merchant, TORN, at=later(days=1))
    tell_orders(merchant, replace(ORDER, updated_at=later(hours=1), refunds=(TORN,)))
    assert only(merchant).refunded_minor == 900
    assert log_types(merchant).count("order.refunded") == 1


def test_refunds_of_one_order_add_up_over_batches(merchant: Any) -> None:
    refund(merchant, TORN)
    refund(merchant, replace(TORN, external_id="r2", amount=eur(100)))
    refund(merchant, replace(TORN, external_id="r3", amount=None))
    assert only(merchant).refunded_minor == 1000


def test_no_refunds_are_no_statement(merchant: Any) -> None:
    with scope(merchant), counted() as queries:
        assert record_refunds(facts=[], source="shop", by=BY, at=NOON) == []
    assert len(queries) <= 1  # what ends the scope in a test


def test_a_deleted_order_is_marked_and_kept(merchant: Any) -> None:
    (recorded,) = tell_orders(merchant, ORDER)
    assert delete(merchant, "1001", at=later(hours=1)) == {"1001": recorded.order_id}
    delete(merchant, "1001", at=later(hours=2))
    kept = only(merchant)
    assert (kept.state, kept.number, len(kept.lines)) == (State.DELETED, "#1001", 2)
    assert [event for event in log(merchant) if isinstance(event, OrderDeleted)] == [
        OrderDeleted(order_id=kept.id)
    ]


def test_an_order_deleted_before_it_was_told_stays_deleted(merchant: Any) -> None:
    delete(merchant, "1001", deleted_at=later(hours=1))
    tell_orders(merchant, ORDER)
    kept = only(merchant)
    assert (kept.state, kept.number) == (State.DELETED, "#1001")
    assert [each.removed for each in kept.lines] == [False, False]


def test_an_order_restored_by_its_source_is_back(merchant: Any) -> None:
    tell_orders(merchant, ORDER)
    delete(merchant, "1001", deleted_at=later(hours=1))
    tell_orders(merchant, replace(ORDER, updated_at=later(hours=2)))
    assert only(merchant).state is State.OPEN


def test_where_a_source_has_no_versions_the_last_word_stands_here_too(merchant: Any) -> None:
    undated = replace(ORDER, updated_at=None)
    tell_orders(merchant, undated)
    delete(merchant, "1001", at=later(hours=1))
    assert only(merchant).state is State.DELETED
    tell_orders(merchant, replace(undated, note="back again"), at=later(hours=2))
    assert only(merchant).state is State.OPEN


def test_a_fact_may_tell_of_a_deletion_itself(merchant: Any) -> None:
    tell_orders(merchant, ORDER)
    gone = OrderFact(external_id="1001", state=OrderState.DELETED, lines_complete=False)
    tell_orders(merchant, gone, at=later(hours=1))
    assert only(merchant).state is State.DELETED
