"""Deliveries as the log tells them, for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from aftermile.capabilities.promises.public import (
    DeliveryMeasured,
    Expected,
    PromiseBroken,
    PromiseKept,
    StageEstimates,
)

TUESDAY = date(2026, 3, 3)
MONDAY = date(2026, 3, 2)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def facts(*, came_on: date | None = TUESDAY, latest: date | None = TUESDAY, **changed: Any) -> dict[str, Any]:
    came = noon(came_on) if came_on else None
    said: dict[str, Any] = {
        "parcel_id": None, "order_id": None, "carrier": "dhl", "service": "", "origin_country": "DE", "origin_region": "BE",
        "destination_country": "SE", "destination_region": "", "ordered_at": None, "handed_over_at": None,
        "came_at": came, "came_on": came_on, "delivered_at": came, "promised_earliest": None, "promised_latest": latest,
        "days_late": (came_on - latest).days if came_on and latest else None, "delay_predicted_at": None, "stages": (),
    }  # fmt: skip
    return said | changed


def kept(**changed: Any) -> PromiseKept:
    return PromiseKept(**facts(**changed))


def broken(**changed: Any) -> PromiseBroken:
    return PromiseBroken(**facts(**changed))


def measured(**changed: Any) -> DeliveryMeasured:
    said = facts(**changed)
    return DeliveryMeasured(**{"kept": None, **said})


def expected(source: str, day: date, *, give: int = 1) -> Expected:
    """Expect noon of a day, within a day before and after."""
    around = timedelta(days=give)
    return Expected(
        source=source, earliest_at=noon(day) - around, likely_at=noon(day), latest_at=noon(day) + around
    )


def stage(name: str, *, own: Expected | None = None, carrier: Expected | None = None) -> StageEstimates:
    shown = carrier or own
    assert shown is not None
    return StageEstimates(stage=name, at=noon(MONDAY), shown=shown, own=own, carrier=carrier)
