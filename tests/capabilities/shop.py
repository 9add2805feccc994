"""Words for tests of the rooms: a shop that is told things, and what its event log says."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.orders.public import RecordedOrder, record_orders
from aftermile.capabilities.shoppers.public import record_shoppers
from aftermile.connectors.contracts.facts import OrderFact, ShopperFact
from aftermile.kernel.events import latest_position, read
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope, operator_scope
from tests.conftest import NOON

BY = "connection:con_test"


def later(**how_much: float) -> datetime:
    """The moment that lies this much after noon."""
    return NOON + timedelta(**how_much)


def fresh_merchant() -> Merchant:
    """A shop of its own for one example of a property test."""
    with operator_scope():
        return Merchant.objects.create(name="A shop", created_at=NOON)


def scope(merchant: Any) -> AbstractContextManager[None]:
    return merchant_scope(merchant.id)


def tell_shoppers(
    merchant: Any, *facts: ShopperFact, source: str = "shop", at: datetime = NOON
) -> list[UUID]:
    with scope(merchant):
        return record_shoppers(facts=facts, source=source, by=BY, at=at)


def tell_orders(
    merchant: Any, *facts: OrderFact, source: str = "shop", at: datetime = NOON
) -> list[RecordedOrder]:
    with scope(merchant):
        return record_orders(facts=facts, source=source, by=BY, at=at)


def log(merchant: Any, after: int = 0) -> list[Any]:
    """The shop's events since a position."""
    with scope(merchant):
        return [published.event for published in read(after=after)]


def log_types(merchant: Any, after: int = 0) -> list[str]:
    with scope(merchant):
        return [published.type for published in read(after=after)]


def position(merchant: Any) -> int:
    with scope(merchant):
        return latest_position()


def writes(queries: CaptureQueriesContext) -> list[str]:
    """The statements of a trip that write or lock."""
    words = ("INSERT", "UPDATE", "DELETE", "FOR NO KEY UPDATE")
    return [query["sql"] for query in queries.captured_queries if any(word in query["sql"] for word in words)]


def counted() -> CaptureQueriesContext:
    return CaptureQueriesContext(connection)


def shuffled_and_split(facts: Sequence[Any], order: Sequence[int], batch: int) -> list[list[Any]]:
    """Deal facts out in another order, in batches of a size."""
    dealt = [facts[index] for index in order]
    return [dealt[first : first + batch] for first in range(0, len(dealt), batch)]
