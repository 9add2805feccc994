"""What happened to orders. No event carries personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.kernel.events import event


@event("order.placed", outside="An order was heard of for the first time.")
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced:
    order_id: UUID
    source: str
    external_id: str
    number: str
    placed_at: datetime | None
    shopper_id: UUID | None
    total_minor: int | None
    currency: str


@event("order.changed", outside="Something about an order changed; `changed` names the fields.")
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanged:
    order_id: UUID
    changed: tuple[str, ...]


@event("order.cancelled", outside="An order was cancelled as a whole.")
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled:
    order_id: UUID
    cancelled_at: datetime | None


@event("order.refunded", outside="Money was given back for an order.")
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefunded:
    order_id: UUID
    refund_id: UUID
    external_id: str
    amount_minor: int | None
    currency: str
    refunded_at: datetime | None


@event("order.deleted", outside="The source deleted an order; it is kept here and marked.")
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDeleted:
    order_id: UUID
