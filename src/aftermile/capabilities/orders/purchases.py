"""What shoppers bought: light reads for those who decide by it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.orders.states import State
from aftermile.kernel.rowsets import Statement, id_array, run
from aftermile.kernel.tenancy import current_merchant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One order of a shopper, in short. `total_minor` and `refunded_minor` in the minor unit of `currency`."""

    order_id: UUID
    shopper_id: UUID
    number: str
    placed_at: datetime | None
    heard_at: datetime
    cancelled_at: datetime | None
    is_cancelled: bool
    currency: str
    total_minor: int | None
    refunded_minor: int
    country: str
    shipping_method: str
    promised_latest_date: date | None
    labels: tuple[str, ...]
    tags: tuple[str, ...]
    source: str
    products: tuple[str, ...]  # the source's ids
    items_count: int

    @property
    def since(self) -> datetime:
        """When it was placed, as far as that is known."""
        return self.placed_at or self.heard_at


def purchases(shopper_ids: Collection[UUID]) -> dict[UUID, list[Purchase]]:
    """Read all orders of these shoppers, each one's oldest first: one statement. Deleted ones are left out."""
    found: dict[UUID, list[Purchase]] = {shopper_id: [] for shopper_id in shopper_ids}
    if not found:
        return found
    merchant_id = current_merchant_id()
    (rows,) = run(
        Statement(
            "SELECT o.id, o.shopper_id, o.number, o.placed_at, coalesce(o.heard_at, o.created_at), o.cancelled_at,"
            " o.state, o.currency, o.total_minor, o.refunded_minor, o.shipping_address->>'country',"
            " o.shipping_method, o.promised_latest_date, o.labels, o.tags, o.source, l.products, l.items"
            " FROM orders_order o LEFT JOIN LATERAL (SELECT array_agg(product_external_id) AS products,"
            " sum(quantity)::bigint AS items FROM orders_line l WHERE l.merchant_id = %s AND l.order_id = o.id"
            " AND NOT l.removed) l ON true"
            " WHERE o.merchant_id = %s AND o.shopper_id = ANY(%s::uuid[]) AND o.heard_at IS NOT NULL"
            " AND o.state <> %s ORDER BY coalesce(o.placed_at, o.heard_at), o.id",
            (merchant_id, merchant_id, id_array(sorted(found)), State.DELETED.value),
            list,
        )
    )
    for row in rows:
        found[row[1]].append(_purchase(row))
    return found


def _purchase(row: tuple[Any, ...]) -> Purchase:
    labels, tags = (json.loads(each) if isinstance(each, str) else each for each in row[13:15])
    return Purchase(
        order_id=row[0],
        shopper_id=row[1],
        number=row[2],
        placed_at=row[3],
        heard_at=row[4],
        cancelled_at=row[5],
        is_cancelled=row[6] == State.CANCELLED,
        currency=row[7],
        total_minor=row[8],
        refunded_minor=row[9],
        country=row[10] or "",
        shipping_method=row[11],
        promised_latest_date=row[12],
        labels=tuple(labels),
        tags=tuple(tags),
        source=row[15],
        products=tuple(each for each in row[16] or () if each),
        items_count=row[17] or 0,
    )
