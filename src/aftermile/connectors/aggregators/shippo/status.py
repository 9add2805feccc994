"""Shippo's words and what they mean here.

Source: Shippo API, tracks (`status`); the substatus codes from two public enumerations of its clients.
"""

from __future__ import annotations

from aftermile.connectors.contracts.words import SubStatus

TRACK_EVENT = "track_updated"

# None: known, and moves nothing.
STATUSES: dict[str, SubStatus | None] = {
    "UNKNOWN": None,
    "PRE_TRANSIT": SubStatus.LABEL_CREATED,
    "TRANSIT": SubStatus.IN_TRANSIT,
    "DELIVERED": SubStatus.DELIVERED,
    # Shippo says "being returned or returned": only the first is sure.
    "RETURNED": SubStatus.RETURNING,
    "FAILURE": SubStatus.EXCEPTION,
}

# A code says nothing beyond its status where it is None.
SUBSTATUSES: dict[str, SubStatus | None] = {
    "information_received": SubStatus.LABEL_CREATED,
    "address_issue": SubStatus.ADDRESS_ISSUE,
    "contact_carrier": SubStatus.EXCEPTION,
    "delayed": SubStatus.DELAYED,
    "delivery_attempted": SubStatus.ATTEMPT_FAILED,
    "delivery_rescheduled": SubStatus.DELAYED,
    # A day is agreed on; the parcel is not on the van yet, as our "appointment scheduled" would have it.
    "delivery_scheduled": None,
    "location_inaccessible": SubStatus.ATTEMPT_FAILED,
    "notice_left": SubStatus.ADDRESSEE_UNAVAILABLE,
    "out_for_delivery": SubStatus.OUT_FOR_DELIVERY,
    "package_accepted": SubStatus.ACCEPTED,
    "package_arrived": SubStatus.ARRIVED_AT_FACILITY,
    "package_damaged": SubStatus.DAMAGED,
    "package_departed": SubStatus.DEPARTED_FACILITY,
    "package_disposed": SubStatus.DISPOSED,
    "package_forwarded": SubStatus.FORWARDED,
    "package_held": SubStatus.HELD,
    "package_lost": SubStatus.LOST,
    "package_processed": None,
    "package_processing": None,
    "package_unclaimed": SubStatus.PICKUP_MISSED,
    "package_undeliverable": SubStatus.EXCEPTION,
    "pickup_available": SubStatus.AVAILABLE_FOR_PICKUP,
    "reschedule_delivery": SubStatus.ATTEMPT_FAILED,
    "return_to_sender": SubStatus.RETURNING,
    "delivered": SubStatus.DELIVERED,
    "other": None,
}

# These end the question: "RETURNED" with "package_unclaimed" tells why it goes back.
_FINAL = frozenset({"DELIVERED", "RETURNED"})


def meaning(status: str, substatus: str) -> SubStatus | None:
    """Return what status and substatus say together; None where the status is not known.

    The substatus is the sharper word ("TRANSIT" covers the van at the door), except that a failure stays
    one and what is final stays final.
    """
    if status and status not in STATUSES:
        return None
    general, finer = STATUSES.get(status), SUBSTATUSES.get(substatus)
    if finer is None or status in _FINAL or (status == "FAILURE" and finer.cause is None):
        return general
    return finer
