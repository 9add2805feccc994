"""What a tracking page reads of an order, in two steps: which order it is, and all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from aftermile.capabilities.orders.models import Order, OrderLine, Refund
from aftermile.capabilities.orders.queries import (
    OrderLineView,
    OrderNotFound,
    OrderView,
    RefundView,
    line_view,
    order_view,
    refund_view,
)
from aftermile.capabilities.shoppers.public import reading_summary, watching_summary
from aftermile.kernel.reads import Read, Watched, as_rows, rows_where, side_by_side, watched


@dataclass(frozen=True, slots=True)
class OrderOfPage:
    """The order a page's address names; `reading_order` reads the rest of it."""

    id: UUID
    row: Order = field(repr=False, compare=False)  # for this room alone


def watching_order_of_page(token: str) -> Watched:
    """Watch the order a tracking page's address names."""
    return watched(Order, "page_token = %s", [token])


def watching_parts(order: OrderOfPage) -> tuple[Watched, ...]:
    """Watch all that `reading_order` reads."""
    return (
        watched(OrderLine, "order_id = %s", [order.id]),
        watched(Refund, "order_id = %s", [order.id]),
        watching_summary(order.row.shopper_id),
    )


def reading_order_of_page(token: str) -> Read[OrderOfPage]:
    """Read which order a tracking page's address names.

    :raises OrderNotFound: no such page.
    """
    (found,) = yield [rows_where(Order, "page_token = %s", [token])]
    if not found:
        raise OrderNotFound
    row = as_rows(Order, found)[0]
    return OrderOfPage(row.id, row)


def reading_order(order: OrderOfPage) -> Read[OrderView]:
    """Read an order with its lines, its refunds and its shopper."""
    row = order.row
    (lines, refunds), shopper = yield from side_by_side(
        _reading_parts(order.id), reading_summary(row.shopper_id)
    )
    return order_view(row, shopper, lines, refunds)


def _reading_parts(order_id: UUID) -> Read[tuple[list[OrderLineView], list[RefundView]]]:
    lines, refunds = yield [
        rows_where(OrderLine, "order_id = %s", [order_id], then="ORDER BY removed, position, external_id"),
        rows_where(Refund, "order_id = %s", [order_id], then="ORDER BY refunded_at, external_id"),
    ]
    return (
        [line_view(line) for line in as_rows(OrderLine, lines)],
        [refund_view(refund) for refund in as_rows(Refund, refunds)],
    )
