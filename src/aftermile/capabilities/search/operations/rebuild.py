"""Make all entries again."""

from __future__ import annotations

from uuid import UUID

from aftermile.capabilities.orders.public import list_order_ids
from aftermile.capabilities.search.operations.refresh import refresh_orders, refresh_parcels
from aftermile.capabilities.shipments.public import list_parcels


def rebuild_orders(*, after: UUID | None, limit: int = 500) -> UUID | None:
    """Write the entries of a page of orders and their parcels; return where the next page begins, None at the end."""
    ids = list_order_ids(after=after, limit=limit)
    refresh_orders(order_ids=ids)
    return ids[-1] if len(ids) == limit else None


def rebuild_parcels(*, after: UUID | None, limit: int = 500) -> UUID | None:
    """Write the entries of a page of parcels that belong to no order; return where the next page begins."""
    page = list_parcels(after=after, limit=limit)
    refresh_parcels(parcel_ids=[view.id for view in page if not view.order_ids])
    return page[-1].id if len(page) == limit else None
