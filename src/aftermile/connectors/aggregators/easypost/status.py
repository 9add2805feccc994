"""EasyPost's words and what they mean here.

Source: EasyPost API v2, trackers (`status`, `status_detail`).
"""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.words import SubStatus

EVENTS = frozenset({"tracker.created", "tracker.updated"})

# None: known, and moves nothing.
STATUSES: dict[str, SubStatus | None] = {
    "unknown": None,
    "pre_transit": SubStatus.LABEL_CREATED,
    "in_transit": SubStatus.IN_TRANSIT,
    "out_for_delivery": SubStatus.OUT_FOR_DELIVERY,
    "delivered": SubStatus.DELIVERED,
    "available_for_pickup": SubStatus.AVAILABLE_FOR_PICKUP,
    "return_to_sender": SubStatus.RETURNING,
    "failure": SubStatus.EXCEPTION,
    "cancelled": SubStatus.CANCELLED,
    "error": None,  # EasyPost's own trouble with the carrier, not the parcel's
}

# A detail says nothing beyond its status where it is None.
STATUS_DETAILS: dict[str, SubStatus | None] = {
    "address_correction": SubStatus.ADDRESS_ISSUE,
    "arrived_at_destination": SubStatus.ARRIVED_AT_FACILITY,
    "arrived_at_facility": SubStatus.ARRIVED_AT_FACILITY,
    "arrived_at_pickup_location": SubStatus.AVAILABLE_FOR_PICKUP,
    "awaiting_information": None,
    "cancelled": SubStatus.CANCELLED,
    "damaged": SubStatus.DAMAGED,
    "delayed": SubStatus.DELAYED,
    "delivery_exception": SubStatus.EXCEPTION,
    "departed_facility": SubStatus.DEPARTED_FACILITY,
    "departed_origin_facility": SubStatus.DEPARTED_FACILITY,
    "expired": SubStatus.EXPIRED,
    "failure": None,
    "held": SubStatus.HELD,
    "in_transit": None,
    "label_created": SubStatus.LABEL_CREATED,
    "lost": SubStatus.LOST,
    "missorted": SubStatus.PROCESSING_DELAY,
    "out_for_delivery": SubStatus.OUT_FOR_DELIVERY,
    "received_at_destination_facility": SubStatus.ARRIVED_AT_FACILITY,
    "received_at_origin_facility": SubStatus.ARRIVED_AT_FACILITY,
    "refused": SubStatus.REFUSED,
    "return": SubStatus.RETURNING,
    "status_update": None,
    "transferred_to_destination_carrier": SubStatus.IN_TRANSIT,
    "transit_exception": SubStatus.EXCEPTION,
    "unknown": None,
    "weather_delay": SubStatus.WEATHER_DELAY,
}

# These end the question; their detail tells how it came to that ("delivered" with "arrived_at_destination").
_FINAL = frozenset({"delivered", "return_to_sender", "cancelled"})

PROBLEMS = {
    "NOT_FOUND": ProblemKind.NOT_FOUND,
    "UNAUTHORIZED": ProblemKind.UNAUTHORIZED,
    "FORBIDDEN": ProblemKind.UNAUTHORIZED,
    "INACTIVE": ProblemKind.UNAUTHORIZED,
    "RATE_LIMITED": ProblemKind.RATE_LIMITED,
    "TOO_MANY_REQUESTS": ProblemKind.RATE_LIMITED,
    "INTERNAL_SERVER_ERROR": ProblemKind.UNAVAILABLE,
    "SERVICE_UNAVAILABLE": ProblemKind.UNAVAILABLE,
    "TIMEOUT": ProblemKind.UNAVAILABLE,
    "GATEWAY_TIMEOUT": ProblemKind.UNAVAILABLE,
    "INVALID_TRACKING_CODE": ProblemKind.INVALID_NUMBER,
}


def meaning(status: str, detail: str) -> SubStatus | None:
    """Return what status and detail say together; None where the status is not known.

    A detail makes its status finer, or names the trouble that stands behind it. It never moves a parcel
    by itself: "out_for_delivery" with "arrived_at_destination" is still out for delivery.
    """
    if status and status not in STATUSES:
        return None
    general, finer = STATUSES.get(status), STATUS_DETAILS.get(detail)
    if finer is None or status in _FINAL:
        return general
    if general is None or finer.milestone is general.milestone or finer.cause is not None:
        return finer
    return general
