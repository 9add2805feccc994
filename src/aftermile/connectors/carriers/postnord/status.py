"""What PostNord's statuses mean.

Source: PostNord Developer Portal, Track and Trace API (findByIdentifier), `ItemStatus`. Event codes are
many and local to each country; the status beside them is the vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.answers import problem_of_status
from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.words import SubStatus

# `None`: known, and moves nothing.
BY_STATUS: Mapping[str, SubStatus | None] = {
    "CREATED": SubStatus.LABEL_CREATED,
    "INFORMED": SubStatus.LABEL_CREATED,
    "EN_ROUTE": SubStatus.IN_TRANSIT,
    "DELAYED": SubStatus.DELAYED,
    "EXPECTED_DELAY": SubStatus.DELAYED,
    "AVAILABLE_FOR_DELIVERY": SubStatus.AVAILABLE_FOR_PICKUP,  # at a service point
    "AVAILABLE_FOR_DELIVERY_PAR_LOC": SubStatus.AVAILABLE_FOR_PICKUP,  # in a parcel locker
    "DELIVERED": SubStatus.DELIVERED,
    "DELIVERY_IMPOSSIBLE": SubStatus.ATTEMPT_FAILED,
    "DELIVERY_REFUSED": SubStatus.REFUSED,
    "STOPPED": SubStatus.HELD,
    "RETURNED": SubStatus.RETURNED,
    "SPLIT": None,  # the items of the shipment stand differently
    "OTHER": None,
}
# Where a delivery is the shopper coming for it.
PICKUP_PLACES = frozenset({"SERVICE_POINT", "PARCEL_LOCKER", "PARCEL_BOX"})


def problem_kind(code: str, message: str) -> ProblemKind:
    """Return what a fault says is wrong; PostNord's gateway often says it in words alone."""
    if code.isdecimal():
        return problem_of_status(code)
    said = f"{code} {message}".casefold()
    for part, kind in _PROBLEM_PARTS:
        if part in said:
            return kind
    return ProblemKind.OTHER


_PROBLEM_PARTS = (
    ("apikey", ProblemKind.UNAUTHORIZED),
    ("api key", ProblemKind.UNAUTHORIZED),
    ("unauthorized", ProblemKind.UNAUTHORIZED),
    ("forbidden", ProblemKind.UNAUTHORIZED),
    ("rate limit", ProblemKind.RATE_LIMITED),
    ("quota", ProblemKind.RATE_LIMITED),
    ("notfound", ProblemKind.NOT_FOUND),
    ("not found", ProblemKind.NOT_FOUND),
    ("invalididentifier", ProblemKind.INVALID_NUMBER),
    ("invalid identifier", ProblemKind.INVALID_NUMBER),
    ("unavailable", ProblemKind.UNAVAILABLE),
    ("internal", ProblemKind.UNAVAILABLE),
)
