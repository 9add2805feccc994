"""Load orders for folding and write them back: a fixed number of statements however many orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from aftermile.capabilities.orders.folding import FoldedOrder, Row, blank_order
from aftermile.capabilities.orders.models import Order, OrderLine, Refund
from aftermile.capabilities.orders.reading import LINE_FIELDS, ORDER_FIELDS, REFUND_FIELDS
from aftermile.kernel.ids import uuid7, uuid7_many
from aftermile.kernel.rowsets import id_array, ids_in, insert, run, select, text_array, texts_in, update
from aftermile.kernel.tenancy import current_merchant_id
from aftermile.kernel.tokens import mint_token

_MADE_ONCE = ("source", "external_id", "page_token", "created_at")
_WRITTEN = (
    *ORDER_FIELDS, "source_updated_at", "refunded_minor", "promised_earliest_date", "promised_latest_date",
    "promised_set_at", "version", "older", "lines_version", "digest", "erased_at", "heard_at", "changed_at",
)  # fmt: skip
_LINE_WRITTEN = (*LINE_FIELDS, "removed", "version", "older")
_REFUND_WRITTEN = (*REFUND_FIELDS, "version", "older")
_LINE_COLUMNS = ("id", "order_id", "external_id", *_LINE_WRITTEN)
_REFUND_COLUMNS = ("id", "order_id", "external_id", *_REFUND_WRITTEN, "created_at")


def id_supply(expected: int) -> Callable[[], UUID]:
    """Return a source of new ids that makes the expected number of them at once."""
    return chain(uuid7_many(expected), iter(uuid7, None)).__next__


def find_orders(source: str, external_ids: Iterable[str]) -> dict[str, Row]:
    """Read `id`, `digest`, `placed_at`, `erased_at` and `page_token` by external id, without locking."""
    (found,) = run(
        select(
            Order,
            ("external_id", "id", "digest", "placed_at", "erased_at", "page_token"),
            f"source = %s AND {texts_in('external_id')}",
            [source, text_array(sorted(external_ids))],
        )
    )
    return {row["external_id"]: row for row in found}


def make_orders(
    source: str, external_ids: Sequence[str], *, new_id: Callable[[], UUID], at: datetime
) -> list[FoldedOrder]:
    """Make orders of which nothing is known yet, not yet written."""
    merchant_id = current_merchant_id()
    return [
        FoldedOrder(
            row=blank_order(
                order_id,
                source=source,
                external_id=external_id,
                page_token=mint_token("t", merchant_id).text,
                at=at,
            ),
            new_id=new_id,
        )
        for order_id, external_id in zip(uuid7_many(len(external_ids)), external_ids, strict=True)
    ]


def insert_orders(orders: Iterable[FoldedOrder]) -> set[str]:
    """Write new orders with their lines and refunds, in one trip; return the external ids that were new.

    Others were faster with the rest, of which nothing is written. In the order of the external ids: two
    batches with the same new orders wait for each other in line.
    """
    by_external_id = sorted(orders, key=lambda order: str(order.row["external_id"]))
    written, _, _ = run(
        insert(
            Order,
            ("id", *_MADE_ONCE, *_WRITTEN),
            [order.row for order in by_external_id],
            on_conflict="ON CONFLICT (merchant_id, source, external_id) DO NOTHING",
            returning=("external_id",),
        ),
        insert(
            OrderLine,
            _LINE_COLUMNS,
            [line for order in by_external_id for line in order.new_lines],
            with_parent=("order_id", Order),
        ),
        insert(
            Refund,
            _REFUND_COLUMNS,
            [refund for order in by_external_id for refund in order.new_refunds],
            with_parent=("order_id", Order),
        ),
    )
    return {external_id for (external_id,) in written}


def lock_orders(ids: Iterable[UUID], *, new_id: Callable[[], UUID] = uuid7) -> list[FoldedOrder]:
    """Lock orders in the order of their ids and read them with their lines and refunds."""
    ordered = sorted(ids)
    if not ordered:
        return []
    wanted = id_array(ordered)
    rows, lines, refunds = run(
        # NO KEY UPDATE, because a shipment or line being written meanwhile holds KEY SHARE.
        select(
            Order,
            ("id", *_MADE_ONCE, *_WRITTEN),
            ids_in("id"),
            [wanted],
            then="ORDER BY id FOR NO KEY UPDATE",
        ),
        select(OrderLine, _LINE_COLUMNS, ids_in("order_id"), [wanted]),
        select(Refund, _REFUND_COLUMNS, ids_in("order_id"), [wanted]),
    )
    orders = {row["id"]: FoldedOrder(row=row, new_id=new_id) for row in rows}
    for line in lines:
        orders[line["order_id"]].lines[line["external_id"]] = line
    for refund in refunds:
        orders[refund["order_id"]].refunds[refund["external_id"]] = refund
    return list(orders.values())


def write_orders(orders: Iterable[FoldedOrder], *, at: datetime) -> None:
    """Write what changed of locked orders, in one trip."""
    touched = [order for order in orders if order.touched]
    for order in touched:
        if order.changed:
            order.row["changed_at"] = at
    run(
        update(Order, _WRITTEN, [order.row for order in touched]),
        insert(OrderLine, _LINE_COLUMNS, [line for order in touched for line in order.new_lines]),
        insert(Refund, _REFUND_COLUMNS, [refund for order in touched for refund in order.new_refunds]),
        update(
            OrderLine,
            _LINE_WRITTEN,
            [row for order in touched for row in _without(order.touched_lines, order.new_lines)],
        ),
        update(
            Refund,
            _REFUND_WRITTEN,
            [row for order in touched for row in _without(order.touched_refunds, order.new_refunds)],
        ),
    )


def _without(changed: Mapping[UUID, Row], new: Iterable[Row]) -> list[Row]:
    made = {row["id"] for row in new}
    return [row for row_id, row in changed.items() if row_id not in made]
