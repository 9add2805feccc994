"""Where messages about an order go, on its page. The page may be passed on: it shows enough of the address for its
owner, and the link to all that they hear stands in the messages alone."""

from __future__ import annotations

from aftermile.capabilities.orders.public import OrderView
from aftermile.doors.shopper.presenters.hearing import masked
from aftermile.doors.shopper.presenters.slots import Slot, fills
from aftermile.kernel.languages import Tongue


@fills("notifications")
def where_messages_go(order: OrderView, tongue: Tongue) -> Slot | None:
    """Say where messages go; nothing where there is no address to write to."""
    shopper = order.shopper
    if shopper is None or shopper.erased or "@" not in shopper.email:
        return None
    sentence = tongue.say(
        "They go to {address}. What else you hear, you choose with the link at the end of each of them.",
        address=masked(shopper.email),
    )
    return Slot("shopper/_notifications.html", {"sentence": sentence})
