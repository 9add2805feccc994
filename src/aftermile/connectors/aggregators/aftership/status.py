"""AfterShip's words and what they mean here.

Source: AfterShip Tracking API 2026-07 (tags, subtags, webhook events, error codes).
"""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.words import SubStatus

EVENTS = frozenset({"tracking_update", "edd_revise", "tracking_pending_time"})

TAGS = {
    "Pending": SubStatus.PENDING,
    "InfoReceived": SubStatus.LABEL_CREATED,
    "InTransit": SubStatus.IN_TRANSIT,
    "OutForDelivery": SubStatus.OUT_FOR_DELIVERY,
    "AttemptFail": SubStatus.ATTEMPT_FAILED,
    "Delivered": SubStatus.DELIVERED,
    "AvailableForPickup": SubStatus.AVAILABLE_FOR_PICKUP,
    "Exception": SubStatus.EXCEPTION,
    "Expired": SubStatus.EXPIRED,
}

# Subtags that exist without a word of ours for what sets them apart: their tag's meaning is enough.
_LISTED = {
    **dict.fromkeys(("Pending_002", "Pending_003", "Pending_004", "Pending_005", "Pending_006"), "Pending"),
    **dict.fromkeys(("InTransit_011", "InTransit_012", "InTransit_013"), "InTransit"),
}

PROBLEMS = {
    "401": ProblemKind.UNAUTHORIZED,
    "403": ProblemKind.UNAUTHORIZED,
    "404": ProblemKind.NOT_FOUND,
    "429": ProblemKind.RATE_LIMITED,
    "500": ProblemKind.UNAVAILABLE,
    "502": ProblemKind.UNAVAILABLE,
    "503": ProblemKind.UNAVAILABLE,
    "504": ProblemKind.UNAVAILABLE,
    "4004": ProblemKind.NOT_FOUND,
    "4005": ProblemKind.INVALID_NUMBER,
    "4007": ProblemKind.INVALID_NUMBER,
    "4017": ProblemKind.INVALID_NUMBER,
}


def subtag_meaning(subtag: str) -> SubStatus | None:
    """Return what a subtag says; None for one AfterShip does not list."""
    return SubStatus.of_aftership(subtag) or TAGS.get(_LISTED.get(subtag, ""))


def meaning(tag: str, subtag: str) -> SubStatus | None:
    """Return what tag and subtag say together: the subtag where it is known, else the tag."""
    return subtag_meaning(subtag) or TAGS.get(tag)
