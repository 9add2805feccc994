"""What the words of DHL's unified tracking mean.

Source: "Shipment Tracking - Unified" API reference: `statusCode` is one of five codes for all of DHL's
divisions; `status` is the division's own word, often finer. The finer word decides where it is listed here.
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.words import SubStatus

STATUS_CODES: Mapping[str, SubStatus] = {
    "pre-transit": SubStatus.LABEL_CREATED,
    "transit": SubStatus.IN_TRANSIT,
    "delivered": SubStatus.DELIVERED,
    "failure": SubStatus.EXCEPTION,
}
# DHL's own word for "we have a status and cannot classify it".
INFORMATIONAL = frozenset({"unknown"})

# Lower case, without punctuation at the end.
STATUS_WORDS: Mapping[str, SubStatus] = {
    "arrived at facility": SubStatus.ARRIVED_AT_FACILITY,
    "available for pickup": SubStatus.AVAILABLE_FOR_PICKUP,
    "awaiting collection": SubStatus.AVAILABLE_FOR_PICKUP,
    "clearance event": SubStatus.CUSTOMS_STARTED,
    "clearance processing complete": SubStatus.CUSTOMS_CLEARED,
    "customs cleared": SubStatus.CUSTOMS_CLEARED,
    "damaged": SubStatus.DAMAGED,
    "data received": SubStatus.LABEL_CREATED,
    "delivered": SubStatus.DELIVERED,
    "delivered to neighbor": SubStatus.LEFT_WITH_NEIGHBOR,
    "delivered to neighbour": SubStatus.LEFT_WITH_NEIGHBOR,
    "delivery attempted": SubStatus.ATTEMPT_FAILED,
    "delivery refused": SubStatus.REFUSED,
    "delivery successful": SubStatus.DELIVERED,
    "delivery unsuccessful": SubStatus.ATTEMPT_FAILED,
    "departed from facility": SubStatus.DEPARTED_FACILITY,
    "electronic notification received": SubStatus.LABEL_CREATED,
    "en route": SubStatus.IN_TRANSIT,
    "in delivery": SubStatus.OUT_FOR_DELIVERY,
    "in transit": SubStatus.IN_TRANSIT,
    "label created": SubStatus.LABEL_CREATED,
    "lost": SubStatus.LOST,
    "on hold": SubStatus.HELD,
    "out for delivery": SubStatus.OUT_FOR_DELIVERY,
    "parcel delivered": SubStatus.DELIVERED,
    "picked up": SubStatus.ACCEPTED,
    "processed at facility": SubStatus.ARRIVED_AT_FACILITY,
    "ready for collection": SubStatus.AVAILABLE_FOR_PICKUP,
    "ready for pick-up": SubStatus.AVAILABLE_FOR_PICKUP,
    "recipient not home": SubStatus.ADDRESSEE_UNAVAILABLE,
    "refused": SubStatus.REFUSED,
    "return to sender": SubStatus.RETURNING,
    "returned to sender": SubStatus.RETURNED,
    "shipment has been delivered": SubStatus.DELIVERED,
    "shipment information received": SubStatus.LABEL_CREATED,
    "shipment on hold": SubStatus.HELD,
    "shipment picked up": SubStatus.ACCEPTED,
    "the shipment has been delivered": SubStatus.DELIVERED,
    "the shipment has been loaded onto the delivery vehicle": SubStatus.OUT_FOR_DELIVERY,
    "the shipment has been picked up": SubStatus.ACCEPTED,
    "the shipment has been processed in the destination parcel center": SubStatus.ARRIVED_AT_FACILITY,
    "the shipment has been processed in the parcel center": SubStatus.ARRIVED_AT_FACILITY,
    "the shipment has been processed in the parcel center of origin": SubStatus.ARRIVED_AT_FACILITY,
    "the shipment has been successfully delivered": SubStatus.DELIVERED,
    "the shipment is ready for pick-up": SubStatus.AVAILABLE_FOR_PICKUP,
    "with delivery courier": SubStatus.OUT_FOR_DELIVERY,
}


def status_of(code: str, word: str) -> SubStatus | None:
    """Return what a `statusCode` with its `status` means; None when neither is known."""
    return STATUS_WORDS.get(word.casefold().rstrip(" .!")) or STATUS_CODES.get(code.casefold())
