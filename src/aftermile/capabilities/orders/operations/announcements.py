"""Tell what happened to orders that were folded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from aftermile.capabilities.orders.events import (
    OrderCancelled,
    OrderChanged,
    OrderDeleted,
    OrderPlaced,
    OrderRefunded,
)
from aftermile.capabilities.orders.folding import FoldedOrder
from aftermile.capabilities.orders.states import State
from aftermile.kernel.events import publish


def publish_changes(orders: Iterable[FoldedOrder], *, by: str, at: datetime) -> None:
    """Publish the events of orders in the order given; one that did not change has none."""
    events: list[object] = []
    for order in orders:
        if order.changed:
            events.extend(_events(order))
    publish(*events, by=by, at=at)


def _events(order: FoldedOrder) -> Iterable[object]:
    row, changed = order.row, order.changed
    if "heard_at" in changed:
        yield OrderPlaced(
            order_id=row["id"],
            source=row["source"],
            external_id=row["external_id"],
            number=row["number"],
            placed_at=row["placed_at"],
            shopper_id=row["shopper_id"],
            total_minor=row["total_minor"],
            currency=row["currency"],
        )
    else:
        yield OrderChanged(order_id=row["id"], changed=tuple(changed))
    if "state" in changed and row["state"] == State.CANCELLED:
        yield OrderCancelled(order_id=row["id"], cancelled_at=row["cancelled_at"])
    if "state" in changed and row["state"] == State.DELETED:
        yield OrderDeleted(order_id=row["id"])
    for refund in order.new_refunds:
        yield OrderRefunded(
            order_id=row["id"],
            refund_id=refund["id"],
            external_id=refund["external_id"],
            amount_minor=refund["amount_minor"],
            currency=refund["currency"],
            refunded_at=refund["refunded_at"],
        )
