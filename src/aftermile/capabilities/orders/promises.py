"""What was promised of orders, and which of them still wait: light reads for those who watch many."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from aftermile.capabilities.orders.states import State
from aftermile.kernel.reads import Read, answered
from aftermile.kernel.rowsets import Statement, id_array, ids_in
from aftermile.kernel.tenancy import current_merchant_id

#: A source's words for an order nobody ships yet, or any more. Sources: Shopify Admin API (`financial_status`,
#: `fulfillment_status`), WooCommerce REST API v3 as our connector words it.
_UNPAID = ("pending", "voided", "refunded", "expired", "unpaid")
_SHIPPED = ("fulfilled", "restocked", "on_hold", "scheduled")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPromise:
    """The promised days of an order, both inclusive, when it was placed, and where it goes."""

    order_id: UUID
    state: State
    placed_at: datetime | None
    earliest_date: date | None
    latest_date: date | None
    country: str
    region: str = ""
    postal_code: str = ""
    shipping_method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingOrder:
    """An order that its source calls neither finished nor cancelled nor shipped."""

    order_id: UUID
    placed_at: datetime
    earliest_date: date | None
    latest_date: date | None


def promises(order_ids: Collection[UUID]) -> dict[UUID, OrderPromise]:
    """Return what was promised of orders, by id: one statement."""
    return answered(reading_promises(order_ids))


def reading_promises(order_ids: Collection[UUID]) -> Read[dict[UUID, OrderPromise]]:
    """Read what was promised of orders, by id, together with other reads."""
    if not order_ids:
        return {}
    (rows,) = yield [
        Statement(
            "SELECT id, state, placed_at, promised_earliest_date, promised_latest_date, shipping_address->>'country',"
            " shipping_address->>'state', shipping_address->>'postal_code', shipping_method FROM orders_order"
            f" WHERE merchant_id = %s AND {ids_in('id')}",
            (current_merchant_id(), id_array(set(order_ids))),
            list,
        )
    ]
    return {
        order_id: OrderPromise(
            order_id=order_id,
            state=State(state),
            placed_at=placed_at,
            earliest_date=earliest,
            latest_date=latest,
            country=country or "",
            region=region or "",
            postal_code=postal_code or "",
            shipping_method=method,
        )
        for order_id, state, placed_at, earliest, latest, country, region, postal_code, method in rows
    }


def waiting_orders(
    *,
    placed_from: datetime,
    placed_to: datetime,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
    among: Collection[UUID] | None = None,
) -> list[WaitingOrder]:
    """List open orders with goods to ship that their source does not call shipped or unpaid, oldest first.

    :param after: the moment and id of the last one of the page before.
    :param among: only these.
    """
    return answered(
        reading_waiting_orders(
            placed_from=placed_from, placed_to=placed_to, after=after, limit=limit, among=among
        )
    )


def reading_waiting_orders(
    *,
    placed_from: datetime,
    placed_to: datetime,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
    among: Collection[UUID] | None = None,
) -> Read[list[WaitingOrder]]:
    """Read what `waiting_orders` lists, together with other reads."""
    conditions, given = "", list[object]()
    if after is not None:
        conditions += " AND (o.placed_at, o.id) > (%s, %s)"
        given += after
    if among is not None:
        conditions += " AND o.id = ANY(%s::uuid[])"
        given.append(id_array(among))
    merchant_id = current_merchant_id()
    (found,) = yield [
        Statement(
            "SELECT o.id, o.placed_at, o.promised_earliest_date, o.promised_latest_date FROM orders_order o"
            " WHERE o.merchant_id = %s AND o.state = %s AND o.placed_at >= %s AND o.placed_at < %s"
            " AND o.financial_status <> ALL(%s) AND o.fulfilment_status <> ALL(%s)"
            " AND (o.total_minor IS NULL OR o.total_minor = 0 OR o.refunded_minor < o.total_minor)"
            " AND EXISTS (SELECT FROM orders_line l WHERE l.merchant_id = %s AND l.order_id = o.id"
            " AND l.requires_shipping AND NOT l.removed AND l.quantity > l.cancelled_quantity)"
            f"{conditions} ORDER BY o.placed_at, o.id LIMIT %s",
            (
                merchant_id,
                State.OPEN.value,
                placed_from,
                placed_to,
                list(_UNPAID),
                list(_SHIPPED),
                merchant_id,
                *given,
                limit,
            ),
            list,
        )
    ]
    return [
        WaitingOrder(order_id=order_id, placed_at=placed_at, earliest_date=earliest, latest_date=latest)
        for order_id, placed_at, earliest, latest in found
    ]
