from __future__ import annotations

from typing import Any

import pytest

from aftermile.capabilities.shoppers.public import (
    ShopperNotFound,
    list_shoppers,
    shopper,
    shopper_summaries,
    shoppers,
)
from aftermile.connectors.contracts.facts import ConsentFact, ShopperFact
from aftermile.kernel.ids import uuid7
from tests.capabilities.shop import counted, scope, tell_shoppers


def some_shoppers(merchant: Any, how_many: int) -> list[Any]:
    consent = ConsentFact(channel="email", purpose="marketing", granted=True)
    return tell_shoppers(
        merchant,
        *(
            ShopperFact(external_id=str(number), email=f"{number}@example.com", consents=(consent,))
            for number in range(how_many)
        ),
    )


def test_a_list_is_paged_from_the_newest(merchant: Any) -> None:
    ids = some_shoppers(merchant, 5)
    with scope(merchant):
        first = [each.id for each in list_shoppers(limit=2)]
        second = [each.id for each in list_shoppers(limit=2, after=first[-1])]
        third = [each.id for each in list_shoppers(limit=2, after=second[-1])]
    assert first + second + third == ids[::-1]


@pytest.mark.parametrize("how_many", [1, 3])
def test_reads_take_as_many_statements_for_one_as_for_three(merchant: Any, how_many: int) -> None:
    ids = some_shoppers(merchant, how_many)
    with scope(merchant):
        with counted() as queries:
            assert len(list_shoppers()) == how_many
        assert len(queries) == 4
        with counted() as queries:
            assert len(shoppers(ids)) == how_many
        assert len(queries) == 4
        with counted() as queries:
            assert len(shopper_summaries(ids)) == how_many
        assert len(queries) == 1


def test_unknown_ids(merchant: Any) -> None:
    with scope(merchant):
        assert shoppers([uuid7()]) == {}
        with pytest.raises(ShopperNotFound):
            shopper(uuid7())
