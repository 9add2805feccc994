"""Where a shopper sees an order."""

from __future__ import annotations

from django.conf import settings

from aftermile.capabilities.orders.public import OrderView, RecordedOrder


def page_url(order: OrderView | RecordedOrder) -> str:
    """Return the address of an order's tracking page."""
    return f"{settings.CONFIG.public_url}/t/{order.page_token}"
