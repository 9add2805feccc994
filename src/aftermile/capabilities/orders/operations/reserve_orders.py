"""Make room for orders that are only referred to so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.orders.operations.stored_orders import find_orders, insert_orders, make_orders
from aftermile.kernel.bounds import check_id
from aftermile.kernel.ids import uuid7


def reserve_orders(*, source: str, external_ids: Sequence[str], by: str, at: datetime) -> dict[str, UUID]:  # noqa: ARG001
    """Return the orders with these external ids, making announced ones of those never heard of.

    An announced order is filled by the first fact about it; until then it is no event. Nothing is locked.

    :raises FactOutOfBounds: an id that no column can hold; `details.index` says which.
    """
    for index, external_id in enumerate(external_ids):
        check_id(external_id, what="An order's external_id", index=index)
    wanted = set(external_ids)
    if not wanted:
        return {}
    known = find_orders(source, wanted)
    missing = sorted(wanted - known.keys())
    if missing:
        new = make_orders(source, missing, new_id=uuid7, at=at)
        won = insert_orders(new)
        known.update(
            {order.row["external_id"]: order.row for order in new if order.row["external_id"] in won}
        )
    lost = wanted - known.keys()
    if lost:
        known.update(find_orders(source, lost))
    return {external_id: known[external_id]["id"] for external_id in wanted}
