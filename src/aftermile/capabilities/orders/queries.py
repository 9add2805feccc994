"""Reads of orders."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from aftermile.capabilities.orders.models import Order, OrderLine, Refund
from aftermile.capabilities.orders.states import State
from aftermile.capabilities.shoppers.public import ShopperSummary, shopper_ids, shopper_summaries
from aftermile.connectors.contracts.facts import Address
from aftermile.kernel.errors import NotFound


class OrderNotFound(NotFound):
    """There is no order with this id or page address here."""

    code = "order_not_found"
    message = "There is no such order here; check the id."


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineView:
    """Amounts in the minor unit of `currency`. `removed`: the source no longer names the line."""

    id: UUID
    external_id: str
    title: str
    variant_title: str
    sku: str
    product_external_id: str
    variant_external_id: str
    quantity: int
    cancelled_quantity: int
    unit_price_minor: int | None
    total_minor: int | None
    currency: str
    image_url: str
    requires_shipping: bool
    attributes: Mapping[str, Any]
    removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLineView:
    line_external_id: str
    quantity: int
    amount_minor: int | None
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundView:
    id: UUID
    external_id: str
    amount_minor: int | None
    currency: str
    reason: str
    refunded_at: datetime | None
    lines: tuple[RefundLineView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order as it is known now. Amounts in the minor unit of `currency`.

    `cancelled_at` and `cancel_reason` are empty unless the order is cancelled. `foreign_amounts` holds, by
    field name, amounts the source gave in another currency. `tags` are the source's own words, `labels` those
    of the shop's staff.
    """

    id: UUID
    source: str
    external_id: str
    number: str
    state: State
    shopper: ShopperSummary | None
    placed_at: datetime | None
    source_updated_at: datetime | None
    currency: str
    subtotal_minor: int | None
    shipping_minor: int | None
    tax_minor: int | None
    discount_minor: int | None
    total_minor: int | None
    refunded_minor: int
    foreign_amounts: Mapping[str, Any]
    source_status: str
    financial_status: str
    fulfilment_status: str
    cancelled_at: datetime | None
    cancel_reason: str
    shipping_address: Address | None
    billing_address: Address | None
    shipping_method: str
    promised_earliest_date: date | None
    promised_latest_date: date | None
    promised_set_at: datetime | None
    language: str
    tags: tuple[str, ...]
    labels: tuple[str, ...]
    note: str
    attributes: Mapping[str, Any]
    page_token: str
    lines: tuple[OrderLineView, ...]
    refunds: tuple[RefundView, ...]
    erased_at: datetime | None
    created_at: datetime
    changed_at: datetime


def order(order_id: UUID) -> OrderView:
    """Read one order.

    :raises OrderNotFound: no such order.
    """
    return _only(Order.rows().filter(id=order_id))


def order_by_page_token(token: str) -> OrderView:
    """Read the order that a tracking page's address names.

    :raises OrderNotFound: no such page.
    """
    return _only(Order.rows().filter(page_token=token))


def orders(ids: Collection[UUID]) -> dict[UUID, OrderView]:
    """Read orders by id; unknown ids are left out. Four statements however many."""
    if not ids:
        return {}
    return {view.id: view for view in _views(Order.rows().filter(id__in=set(ids)))}


def orders_by_external(source: str, external_ids: Collection[str]) -> dict[str, OrderView]:
    """Read orders by their source's ids; unknown ones are left out. Four statements however many."""
    if not external_ids:
        return {}
    found = _views(Order.rows().filter(source=source, external_id__in=set(external_ids)))
    return {view.external_id: view for view in found}


def list_orders(
    *,
    after: UUID | None = None,
    limit: int = 50,
    number: str | None = None,
    email: str | None = None,
    state: State | None = None,
    updated_since: datetime | None = None,
    source: str | None = None,
    external_id: str | None = None,
    shopper_id: UUID | None = None,
) -> list[OrderView]:
    """List orders, the newest here first, beginning behind the id `after`. A constant number of statements.

    :param number: as people write it, with or without its leading "#".
    :param updated_since: those that changed at this moment or later.
    """
    rows = Order.rows()
    if number is not None:
        bare = number.strip().removeprefix("#")
        rows = rows.filter(number__in=[bare, f"#{bare}"])
    if email is not None:
        rows = rows.filter(shopper_id__in=shopper_ids(email=email))
    if shopper_id is not None:
        rows = rows.filter(shopper_id=shopper_id)
    if state is not None:
        rows = rows.filter(state=state)
    if updated_since is not None:
        rows = rows.filter(changed_at__gte=updated_since)
    if source is not None:
        rows = rows.filter(source=source)
    if external_id is not None:
        rows = rows.filter(external_id=external_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    return _views(rows.order_by("-id")[:limit])


def _only(rows: QuerySet[Order]) -> OrderView:
    found = _views(rows)
    if not found:
        raise OrderNotFound
    return found[0]


def _views(rows: QuerySet[Order]) -> list[OrderView]:
    found = list(rows)
    if not found:
        return []
    ids = [row.id for row in found]
    lines: dict[UUID, list[OrderLineView]] = {}
    for line in (
        OrderLine.rows().filter(order_id__in=ids).order_by("order_id", "removed", "position", "external_id")
    ):
        lines.setdefault(line.order_id, []).append(line_view(line))
    refunds: dict[UUID, list[RefundView]] = {}
    for refund in Refund.rows().filter(order_id__in=ids).order_by("order_id", "refunded_at", "external_id"):
        refunds.setdefault(refund.order_id, []).append(refund_view(refund))
    shoppers = shopper_summaries({row.shopper_id for row in found if row.shopper_id})
    return [
        order_view(
            row,
            shoppers.get(row.shopper_id) if row.shopper_id else None,
            lines.get(row.id, ()),
            refunds.get(row.id, ()),
        )
        for row in found
    ]


def order_view(
    row: Order, shopper: ShopperSummary | None, lines: Sequence[OrderLineView], refunds: Sequence[RefundView]
) -> OrderView:
    is_cancelled = row.state == State.CANCELLED
    return OrderView(
        id=row.id,
        source=row.source,
        external_id=row.external_id,
        number=row.number,
        state=State(row.state),
        shopper=shopper,
        placed_at=row.placed_at,
        source_updated_at=row.source_updated_at,
        currency=row.currency,
        subtotal_minor=row.subtotal_minor,
        shipping_minor=row.shipping_minor,
        tax_minor=row.tax_minor,
        discount_minor=row.discount_minor,
        total_minor=row.total_minor,
        refunded_minor=row.refunded_minor,
        foreign_amounts=row.foreign_amounts,
        source_status=row.source_status,
        financial_status=row.financial_status,
        fulfilment_status=row.fulfilment_status,
        cancelled_at=row.cancelled_at if is_cancelled else None,
        cancel_reason=row.cancel_reason if is_cancelled else "",
        shipping_address=Address(**row.shipping_address) if row.shipping_address else None,
        billing_address=Address(**row.billing_address) if row.billing_address else None,
        shipping_method=row.shipping_method,
        promised_earliest_date=row.promised_earliest_date,
        promised_latest_date=row.promised_latest_date,
        promised_set_at=row.promised_set_at,
        language=row.language,
        tags=tuple(row.tags),
        labels=tuple(row.labels),
        note=row.note,
        attributes=row.attributes,
        page_token=row.page_token,
        lines=tuple(lines),
        refunds=tuple(refunds),
        erased_at=row.erased_at,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def line_view(row: OrderLine) -> OrderLineView:
    return OrderLineView(
        id=row.id,
        external_id=row.external_id,
        title=row.title,
        variant_title=row.variant_title,
        sku=row.sku,
        product_external_id=row.product_external_id,
        variant_external_id=row.variant_external_id,
        quantity=row.quantity,
        cancelled_quantity=row.cancelled_quantity,
        unit_price_minor=row.unit_price_minor,
        total_minor=row.total_minor,
        currency=row.currency,
        image_url=row.image_url,
        requires_shipping=row.requires_shipping,
        attributes=row.attributes,
        removed=row.removed,
    )


def refund_view(row: Refund) -> RefundView:
    return RefundView(
        id=row.id,
        external_id=row.external_id,
        amount_minor=row.amount_minor,
        currency=row.currency,
        reason=row.reason,
        refunded_at=row.refunded_at,
        lines=tuple(RefundLineView(**line) for line in row.lines),
    )


def order_ids_of_shoppers(shopper_ids: Collection[UUID]) -> list[UUID]:
    """Return the orders of these shoppers."""
    return list(Order.rows().filter(shopper_id__in=shopper_ids).values_list("id", flat=True))


def shoppers_of_orders(shopper_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return whose each order of these shoppers is: one statement."""
    rows = Order.rows().filter(shopper_id__in=shopper_ids).values_list("id", "shopper_id")
    return {order_id: shopper_id for order_id, shopper_id in rows if shopper_id is not None}


def owners_of_orders(order_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return whose each of these orders is, where that is known: one statement."""
    rows = Order.rows().filter(id__in=order_ids).values_list("id", "shopper_id")
    return {order_id: shopper_id for order_id, shopper_id in rows if shopper_id is not None}


def list_order_ids(*, after: UUID | None, limit: int) -> list[UUID]:
    """List the ids of orders, the newest first, from behind `after`."""
    rows = Order.rows().order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    return list(rows.values_list("id", flat=True)[:limit])
