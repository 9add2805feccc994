"""Blank what orders hold of shoppers who were erased, and follow shoppers who were merged."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.orders.models import Order
from aftermile.capabilities.orders.operations.announcements import publish_changes
from aftermile.capabilities.orders.operations.stored_orders import lock_orders, write_orders

_AT_ONCE = 500


def erase_shoppers(*, shopper_ids: Collection[UUID], by: str, at: datetime) -> int:
    """Blank names, addresses, notes and the source's own words in the orders of erased shoppers.

    Of the addresses the country stays. Orders blanked before are left alone; returns how many were not.
    """
    ids = sorted(Order.rows().filter(shopper_id__in=shopper_ids, erased_at=None).values_list("id", flat=True))
    for first in range(0, len(ids), _AT_ONCE):
        orders = [
            order for order in lock_orders(ids[first : first + _AT_ONCE]) if order.row["erased_at"] is None
        ]
        for order in orders:
            order.erase(at)
        write_orders(orders, at=at)
        publish_changes(orders, by=by, at=at)
    return len(ids)


def follow_merged_shopper(*, shopper_id: UUID, merged_id: UUID) -> int:
    """Give the orders of a shopper who was merged away to who it is now; returns how many there were."""
    return Order.rows().filter(shopper_id=merged_id).update(shopper_id=shopper_id)
