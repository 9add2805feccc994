"""WooCommerce's order statuses.

Source: `wc_get_order_statuses` and the guide on managing orders. Shops add their own; those are kept as
they are and counted.
"""

from __future__ import annotations

from aftermile.connectors.contracts.facts import OrderState, UnknownWord

ORDER_STATES = {
    "pending": OrderState.OPEN,  # waiting for the payment
    "on-hold": OrderState.OPEN,  # waiting for the payment to be confirmed
    "processing": OrderState.OPEN,  # paid, to be sent
    "failed": OrderState.OPEN,  # the payment failed; the shopper may try again
    "completed": OrderState.COMPLETED,
    "refunded": OrderState.COMPLETED,  # all money went back; nothing more will happen
    "cancelled": OrderState.CANCELLED,
    "trash": OrderState.DELETED,
}
#: Not placed yet: a cart of the block checkout, and an order staff has begun to type.
DRAFTS = {"checkout-draft", "auto-draft", "draft"}


def order_state(status: str, unknown: list[UnknownWord]) -> OrderState | None:
    """Return what we make of a status; one of the shop's own is noted in `unknown`."""
    found = ORDER_STATES.get(status)
    if status and found is None:
        unknown.append(UnknownWord(what="order status", word=status))
    return found
