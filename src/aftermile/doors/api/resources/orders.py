"""Orders: by the shop's own id, one or many, with their refunds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ninja import Router

from aftermile.capabilities.orders.public import (
    LabelUnusable,
    OrderNotFound,
    OrderView,
    State,
    TooManyLabels,
    list_orders,
    order,
    record_orders,
    record_refunds,
    set_labels,
)
from aftermile.capabilities.promises.public import estimates_of_orders
from aftermile.doors.api.batches import batch_result, record_each
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import ExternalId, Limit, Line, Moment, OrderId, ShopperId
from aftermile.doors.api.page_urls import page_url
from aftermile.doors.api.paging import DEFAULT_LIMIT, Page, cut
from aftermile.doors.api.reports import SOURCE
from aftermile.doors.api.shapes.orders import (
    LabelsTaken,
    OrderGiven,
    OrderRecorded,
    OrderResult,
    OrderResults,
    OrdersTaken,
    OrderTaken,
    RefundTaken,
    order_fact,
    order_given,
    refund_fact,
)
from aftermile.kernel.access import Caller
from aftermile.kernel.bounds import FactOutOfBounds
from aftermile.kernel.clock import now
from aftermile.kernel.errors import Refusal

router = Router(tags=["Orders"])


@endpoint(
    router,
    "PUT",
    "/orders/by-external-id/{any:external_id}",
    scope="orders:write",
    returns=OrderRecorded,
    refusals=[FactOutOfBounds],
)
def put_order(caller: Caller, external_id: ExternalId, order: OrderTaken) -> OrderRecorded:
    """Record an order by your own id.

    Made or brought up to date; the same again changes nothing, and an older `updated_at` never overwrites
    a newer one. Shipments and refunds may come before their order. Read it by its `id`.
    """
    (recorded,) = record_orders(
        facts=[order_fact(order, external_id)], source=SOURCE, by=caller.name, at=now()
    )
    return OrderRecorded(
        id=recorded.order_id,
        created=recorded.created,
        changed=recorded.changed,
        tracking_page_url=page_url(recorded),
    )


@endpoint(router, "POST", "/orders/batch", scope="orders:write", returns=OrderResults)
def record_order_batch(caller: Caller, orders: OrdersTaken) -> OrderResults:
    """Record many orders.

    One result for each, in order; an odd one is refused and costs only itself.
    """
    at = now()
    results = record_each(
        orders.orders,
        fact_of=lambda item: order_fact(item, item.external_id),
        act=lambda facts: record_orders(facts=facts, source=SOURCE, by=caller.name, at=at),
    )
    ids = [each if isinstance(each, Refusal) else each.order_id for each in results]
    return OrderResults(data=[OrderResult(**batch_result(each)) for each in ids])


@endpoint(
    router, "GET", "/orders/{order_id}", scope="orders:read", returns=OrderGiven, refusals=[OrderNotFound]
)
def read_order(order_id: OrderId) -> OrderGiven:
    """Read an order with its lines and refunds, and the address of its tracking page."""
    return _order(order_id)


@endpoint(router, "GET", "/orders", scope="orders:read", returns=Page[OrderGiven])
def list_all_orders(
    number: Line | None = None,
    email: Line | None = None,
    external_id: ExternalId | None = None,
    shopper_id: ShopperId | None = None,
    state: Literal["announced", "open", "completed", "cancelled", "deleted"] | None = None,
    updated_since: Moment | None = None,
    cursor: OrderId | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[OrderGiven]:
    """List orders, newest first, or find them."""
    found = list_orders(
        after=cursor,
        limit=limit + 1,
        number=number,
        email=email,
        external_id=external_id,
        shopper_id=shopper_id,
        state=State(state) if state else None,
        updated_since=updated_since,
    )
    page, next_cursor = cut(found, limit, "ord")
    return Page[OrderGiven](data=_given(page), next_cursor=next_cursor)


@endpoint(
    router,
    "POST",
    "/orders/{order_id}/refunds",
    scope="orders:write",
    returns=OrderGiven,
    refusals=[OrderNotFound],
)
def record_refund(caller: Caller, order_id: OrderId, refund: RefundTaken) -> OrderGiven:
    """Record that money was given back for an order.

    Pays nothing out: it says what was paid elsewhere. The same refund again changes nothing.
    """
    view = order(order_id)
    record_refunds(
        facts=[refund_fact(refund, view.external_id)], source=view.source, by=caller.name, at=now()
    )
    return _order(order_id)


@endpoint(
    router,
    "PUT",
    "/orders/{order_id}/labels",
    scope="orders:write",
    returns=OrderGiven,
    refusals=[OrderNotFound, LabelUnusable, TooManyLabels],
)
def put_labels(caller: Caller, order_id: OrderId, labels: LabelsTaken) -> OrderGiven:
    """Give an order exactly these labels.

    A label is spelled as it is on the shop's other orders, whatever its case here. The same again changes
    nothing. A storefront's tags are its own, and come with the order.
    """
    set_labels(order_id=order_id, labels=labels.labels, by=caller.name, at=now())
    return _order(order_id)


def _order(order_id: OrderId) -> OrderGiven:
    return _given([order(order_id)])[0]


def _given(views: Sequence[OrderView]) -> list[OrderGiven]:
    expected = estimates_of_orders([view.id for view in views])
    return [order_given(view, page_url=page_url(view), estimates=expected[view.id]) for view in views]
