"""What FedEx's codes mean.

Source: FedEx Developer Portal, Track API, "Tracking status codes" (`eventType`, `derivedStatusCode`) and
Shipment Visibility Webhook, "AIV reason codes" (`exceptionCode`).
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.words import SubStatus

# `None`: known, and moves nothing.
BY_EVENT: Mapping[str, SubStatus | None] = {
    "OC": SubStatus.LABEL_CREATED,
    "IN": SubStatus.LABEL_CREATED,
    "AP": SubStatus.LABEL_CREATED,  # at pickup
    "EP": SubStatus.LABEL_CREATED,  # on the way to pickup
    "PD": None,  # pickup delayed
    "DR": None,  # vehicle furnished, not used
    "DS": None,  # vehicle dispatched
    "PM": None,  # in progress
    "PU": SubStatus.ACCEPTED,
    "PX": SubStatus.ACCEPTED,
    "AA": SubStatus.ARRIVED_AT_FACILITY,  # at an airport
    "AC": SubStatus.FORWARDED,  # with Canada Post
    "AF": SubStatus.ARRIVED_AT_FACILITY,
    "AR": SubStatus.ARRIVED_AT_FACILITY,
    "AX": SubStatus.FORWARDED,  # with USPS
    "OX": SubStatus.FORWARDED,
    "DP": SubStatus.DEPARTED_FACILITY,
    "EO": SubStatus.IN_TRANSIT,
    "EA": SubStatus.CUSTOMS_CLEARED,  # export approved
    "FD": SubStatus.ARRIVED_AT_FACILITY,  # at the destination facility
    "IT": SubStatus.IN_TRANSIT,
    "IX": SubStatus.IN_TRANSIT,
    "LO": SubStatus.DEPARTED_FACILITY,
    "OF": SubStatus.ARRIVED_AT_FACILITY,
    "PF": SubStatus.IN_TRANSIT,  # plane in flight
    "PL": SubStatus.IN_TRANSIT,  # plane landed
    "SF": SubStatus.ARRIVED_AT_FACILITY,
    "SP": None,  # split: parts of the shipment stand differently
    "TR": SubStatus.FORWARDED,
    "TP": SubStatus.FORWARDED,  # with a partner
    "CU": SubStatus.CUSTOMS_STARTED,
    "BR": SubStatus.CUSTOMS_STARTED,  # with the broker
    "CP": SubStatus.CUSTOMS_STARTED,
    "CD": SubStatus.CUSTOMS_DELAY,
    "CC": SubStatus.CUSTOMS_CLEARED,
    "OD": SubStatus.OUT_FOR_DELIVERY,
    "ED": SubStatus.OUT_FOR_DELIVERY,
    "AD": SubStatus.OUT_FOR_DELIVERY,  # at the delivery address
    "HL": SubStatus.AVAILABLE_FOR_PICKUP,
    "HP": SubStatus.AVAILABLE_FOR_PICKUP,
    "DL": SubStatus.DELIVERED,
    "DE": SubStatus.ATTEMPT_FAILED,
    "SE": SubStatus.EXCEPTION,
    "DD": SubStatus.DELAYED,
    "DY": SubStatus.DELAYED,
    "RL": SubStatus.DELAYED,  # running late
    "CH": SubStatus.FORWARDED,  # location changed
    "RS": SubStatus.RETURNING,
    "CA": SubStatus.CANCELLED,
    "AO": None,  # arriving on time
    "AE": None,  # arriving early
    "HA": None,  # hold at a location was asked for
    "RR": None,  # a delivery option was asked for
    "RM": None,
    "RC": None,
    "RP": None,  # return label e-mailed
    "LP": None,
    "RG": None,
    "RD": None,
}

# Finer than "delivery exception" and "shipment exception".
BY_EXCEPTION: Mapping[str, SubStatus] = {
    "03": SubStatus.ADDRESS_ISSUE,
    "07": SubStatus.REFUSED,
    "08": SubStatus.ADDRESSEE_UNAVAILABLE,
    "17": SubStatus.APPOINTMENT_SCHEDULED,
    "30": SubStatus.BUSINESS_CLOSED,
    "84": SubStatus.DELAYED,
    "93": SubStatus.HELD_FOR_PAYMENT,
    "A47": SubStatus.FORWARDED,
}
EXCEPTIONS = frozenset({"DE", "SE", "DY", "DD"})

UNMOVING = frozenset(code for code, word in BY_EVENT.items() if word is None)


def problem_kind(code: str) -> ProblemKind:
    """Return what an error code like `TRACKING.TRACKINGNUMBER.NOTFOUND` says is wrong."""
    for part, kind in _PROBLEM_PARTS:
        if part in code.upper():
            return kind
    return ProblemKind.OTHER


# Source: FedEx Developer Portal, Track API, "Error messages". The first part found decides.
_PROBLEM_PARTS = (
    ("NOTFOUND", ProblemKind.NOT_FOUND),
    ("NOT.FOUND", ProblemKind.NOT_FOUND),
    ("TRACKINGNUMBER", ProblemKind.INVALID_NUMBER),
    ("NUMBER.INVALID", ProblemKind.INVALID_NUMBER),
    ("NOT.AUTHORIZED", ProblemKind.UNAUTHORIZED),
    ("UNAUTHORIZED", ProblemKind.UNAUTHORIZED),
    ("FORBIDDEN", ProblemKind.UNAUTHORIZED),
    ("LOGIN", ProblemKind.UNAUTHORIZED),
    ("TOO.MANY", ProblemKind.RATE_LIMITED),
    ("RATE.LIMIT", ProblemKind.RATE_LIMITED),
    ("QUOTA", ProblemKind.RATE_LIMITED),
    ("UNAVAILABLE", ProblemKind.UNAVAILABLE),
    ("INTERNAL.SERVER", ProblemKind.UNAVAILABLE),
    ("SYSTEM.UNEXPECTED", ProblemKind.UNAVAILABLE),
)
