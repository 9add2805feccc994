from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aftermile.capabilities.orders.public import (
    OrderNotFound,
    State,
    list_orders,
    order,
    order_by_page_token,
    orders,
    orders_by_external,
)
from aftermile.connectors.contracts.facts import OrderState, RefundFact, ShopperFact
from aftermile.kernel.ids import uuid7
from tests.capabilities.orders.orders import ORDER, eur
from tests.capabilities.shop import counted, later, scope, tell_orders


def some_orders(merchant: Any, how_many: int) -> list[Any]:
    facts = [
        replace(
            ORDER,
            external_id=str(number),
            number=f"#{number}",
            shopper=ShopperFact(external_id=str(number), email=f"{number}@example.com"),
            refunds=(RefundFact(external_id="r", order_external_id=str(number), amount=eur(1)),),
        )
        for number in range(how_many)
    ]
    return [recorded.order_id for recorded in tell_orders(merchant, *facts)]


def test_a_list_is_paged_from_the_newest(merchant: Any) -> None:
    ids = some_orders(merchant, 5)
    with scope(merchant):
        first = [view.id for view in list_orders(limit=2)]
        second = [view.id for view in list_orders(limit=2, after=first[-1])]
        third = [view.id for view in list_orders(limit=2, after=second[-1])]
    assert first + second + third == ids[::-1]


def test_lists_can_be_narrowed(merchant: Any) -> None:
    zero, one, _ = some_orders(merchant, 3)
    done = replace(ORDER, external_id="1", number="#1", shopper=None, updated_at=later(hours=1), refunds=())
    tell_orders(merchant, replace(done, state=OrderState.COMPLETED), at=later(hours=1))
    with scope(merchant):

        def found(**filters: Any) -> list[Any]:
            return [view.id for view in list_orders(**filters)]

        assert found(number="1") == found(number=" #1") == [one]
        assert found(email="0@Example.com") == [zero]
        assert found(email="nobody@example.com") == []
        assert found(state=State.COMPLETED) == [one]
        assert found(updated_since=later(minutes=1)) == [one]
        assert found(source="shop", external_id="0") == [zero]
        assert found(source="con_x", external_id="0") == []
        assert found(number="1", state=State.OPEN) == []


@pytest.mark.parametrize("how_many", [1, 3])
def test_reads_take_as_many_statements_for_one_as_for_three(merchant: Any, how_many: int) -> None:
    ids = some_orders(merchant, how_many)
    with scope(merchant):
        for read in (
            lambda: list_orders(),
            lambda: orders(ids),
            lambda: orders_by_external("shop", [str(number) for number in range(how_many)]),
        ):
            with counted() as queries:
                assert len(read()) == how_many
            assert len(queries) == 4


def test_a_page_is_found_by_its_token_and_only_there(merchant: Any, other_merchant: Any) -> None:
    (order_id,) = some_orders(merchant, 1)
    with scope(merchant):
        token = order(order_id).page_token
        assert order_by_page_token(token).id == order_id
        for wrong in (token[:-1], "", "t_"):
            with pytest.raises(OrderNotFound):
                order_by_page_token(wrong)
    with scope(other_merchant), pytest.raises(OrderNotFound):
        order_by_page_token(token)


def test_unknown_ids(merchant: Any) -> None:
    with scope(merchant):
        assert orders([]) == orders([uuid7()]) == {}
        assert orders_by_external("shop", []) == {}
        with pytest.raises(OrderNotFound):
            order(uuid7())
