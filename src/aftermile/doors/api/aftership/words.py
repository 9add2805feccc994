"""AfterShip's words for where a parcel is.

Source: AfterShip Tracking API 2026-07, tags and subtags. The ties to our words stand in
`connectors.contracts.words`.
"""

from __future__ import annotations

from collections.abc import Collection

from aftermile.connectors.contracts.words import Milestone, SubStatus

_MESSAGES = {
    "Pending_001": "Pending",
    "InfoReceived_001": "Info received",
    "InTransit_001": "In transit",
    "InTransit_002": "Acceptance scan",
    "InTransit_003": "Arrival scan",
    "InTransit_004": "Arrived at the destination country/region",
    "InTransit_005": "Customs clearance completed",
    "InTransit_006": "Customs clearance started",
    "InTransit_007": "Departure scan",
    "InTransit_008": "Problem resolved",
    "InTransit_009": "Forwarded to a different delivery address",
    "OutForDelivery_001": "Out for delivery",
    "OutForDelivery_003": "Customer contacted",
    "OutForDelivery_004": "Delivery appointment scheduled",
    "AvailableForPickup_001": "Available for pickup",
    "AttemptFail_001": "Failed attempt",
    "AttemptFail_002": "Addressee not available",
    "AttemptFail_003": "Business closed",
    "Delivered_001": "Delivered",
    "Delivered_002": "Picked up by the customer",
    "Delivered_003": "Signed by the customer",
    "Delivered_004": "Delivered, cash collected",
    "Delivered_005": "Delivered to a neighbor",
    "Exception_001": "Exception",
    "Exception_002": "Customer moved",
    "Exception_003": "Customer refused delivery",
    "Exception_004": "Delayed (customs clearance)",
    "Exception_005": "Delayed (external factors)",
    "Exception_006": "Held for payment",
    "Exception_007": "Incorrect address",
    "Exception_008": "Pick up missed",
    "Exception_009": "Rejected by the carrier",
    "Exception_010": "Returning to sender",
    "Exception_011": "Returned to sender",
    "Exception_012": "Shipment damaged",
    "Exception_013": "Shipment lost",
    "Exception_016": "Delayed (processing)",
    "Exception_017": "Delayed (extreme weather)",
    "Exception_018": "Incorrect or missing documents",
    "Exception_019": "Delayed (late flight)",
    "Exception_020": "Shipment cancelled",
    "Exception_021": "Shipment disposed",
    "Expired_001": "Expired",
}
_KNOWN = {str(word): word for word in SubStatus}


def status_words(sub_status: str) -> dict[str, str | None]:
    """Return tag, subtag and its message for one of our sub-statuses; nulls for one nobody knows."""
    word = _KNOWN.get(sub_status)
    if word is None:
        return {"tag": None, "subtag": None, "subtag_message": None}
    subtag = word.aftership_subtag
    return {"tag": subtag.partition("_")[0], "subtag": subtag, "subtag_message": _MESSAGES[subtag]}


def milestones_of(tags: Collection[str]) -> set[Milestone]:
    """Return the milestones that AfterShip shows under these tags."""
    return {word.milestone for word in SubStatus if word.aftership_subtag.partition("_")[0] in tags}
