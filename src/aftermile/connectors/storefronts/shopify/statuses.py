"""Shopify's words for where a parcel is.

Source: FulfillmentEventStatus of the Admin API 2026-10 and of the Customer API (`picked_up`), the
unstable version (the last three), and the REST resource (`confirmed`: the carrier knows of the parcel
but does not have it yet). REST writes them in lower case, GraphQL in capitals.
"""

from __future__ import annotations

from aftermile.connectors.contracts.facts import UnknownWord
from aftermile.connectors.contracts.words import SubStatus

SUB_STATUSES = {
    "label_purchased": SubStatus.LABEL_CREATED,
    "label_printed": SubStatus.LABEL_CREATED,
    "confirmed": SubStatus.LABEL_CREATED,
    "carrier_picked_up": SubStatus.ACCEPTED,
    "in_transit": SubStatus.IN_TRANSIT,
    "delayed": SubStatus.DELAYED,
    "out_for_delivery": SubStatus.OUT_FOR_DELIVERY,
    "attempted_delivery": SubStatus.ATTEMPT_FAILED,
    "ready_for_pickup": SubStatus.AVAILABLE_FOR_PICKUP,
    "picked_up": SubStatus.PICKED_UP_BY_SHOPPER,
    "delivered": SubStatus.DELIVERED,
    "failure": SubStatus.EXCEPTION,
    "buyer_action_required": SubStatus.EXCEPTION,
    "ready_for_recipient_pickup": SubStatus.AVAILABLE_FOR_PICKUP,
    "returning_to_sender": SubStatus.RETURNING,
}


def sub_status(word: str, unknown: list[UnknownWord]) -> SubStatus | None:
    """Return our word; one we have none for is noted in `unknown`."""
    found = SUB_STATUSES.get(word.lower())
    if word and found is None:
        unknown.append(UnknownWord(what="status", word=word))
    return found
