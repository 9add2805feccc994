"""Take in refunds that are told apart from their order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.orders.operations.announcements import publish_changes
from aftermile.capabilities.orders.operations.reserve_orders import reserve_orders
from aftermile.capabilities.orders.operations.stored_orders import lock_orders, write_orders
from aftermile.capabilities.orders.reading import read_refund
from aftermile.connectors.contracts.facts import RefundFact
from aftermile.kernel.bounds import check_id
from aftermile.kernel.versions import version_key


def record_refunds(*, facts: Sequence[RefundFact], source: str, by: str, at: datetime) -> list[UUID]:
    """Take in a batch of refunds; return the order of each. The same again changes nothing.

    A refund may come before its order, which is then announced. A refund told with its order's version
    (`OrderFact.refunds`) outranks one told alone.

    :raises FactOutOfBounds: an id or a count that no column can hold; `details.index` says whose.
    """
    told = [(fact, read_refund(fact, index)) for index, fact in enumerate(facts)]
    for index, fact in enumerate(facts):
        check_id(fact.order_external_id, what="An order's external_id", index=index)
    if not told:
        return []
    ids = reserve_orders(source=source, external_ids=[fact.order_external_id for fact in facts], by=by, at=at)
    orders = {order.row["id"]: order for order in lock_orders(ids.values())}
    for index, (fact, said) in enumerate(told):
        order = orders[ids[fact.order_external_id]]
        if order.take_refund(fact.external_id, said, version_key(None, at=at, place=index), at=at):
            order.changed["refunds"] = None
    for order in orders.values():
        order.add_up()
    write_orders(orders.values(), at=at)
    publish_changes(orders.values(), by=by, at=at)
    return [ids[fact.order_external_id] for fact in facts]
