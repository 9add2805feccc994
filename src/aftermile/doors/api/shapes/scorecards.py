"""Scorecards as the API gives them."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from aftermile.doors.api.fields import Given
from aftermile.insights.public import COLUMNS, Accuracy, By, ScoreRow, Share


class ShareGiven(Given):
    """A share from 0 to 1, and where it would lie 95 times in 100 if chance alone were at work (Wilson)."""

    value: float
    low: float
    high: float


class ScoreGiven(Given):
    """How promises were kept. What the row is not split by is null."""

    week: date | None = Field(description="Its Monday.")
    carrier: str | None
    service: str | None
    origin_country: str | None
    origin_region: str | None
    destination_country: str | None
    destination_region: str | None
    kept: int = Field(description="Promises due in these weeks that were kept.")
    broken: int = Field(description="Those that were not, also where the parcel has not come yet.")
    kept_share: ShareGiven | None = Field(description="null where no promise was due.")
    came: int = Field(description="Parcels that came in these weeks, promised or not.")
    early: int = Field(description="Of those with a promise: before its window.")
    in_window: int
    late: int
    days_off: dict[int, int] = Field(
        description="Parcels by days outside the window: 0 within it, negative before, positive after."
    )
    days_from_order: float | None = Field(description="Mean, to the door.")
    days_from_hand_over: float | None


class AccuracyGiven(Given):
    """How far off estimates were that were made when a parcel reached a stage. In days."""

    stage: str
    source: str = Field(description="`carrier`, `model` or `rule`.")
    estimates: int
    mean_absolute_error: float
    bias: float = Field(description="Positive: parcels came later than said.")
    covered: ShareGiven = Field(description="The share that came within the window.")
    width: float


class ScorecardGiven(Given):
    """Promised against kept, and estimates against what came."""

    first_week: date
    last_week: date
    data: list[ScoreGiven]
    accuracy: list[AccuracyGiven]
    accuracy_beside_carrier: list[AccuracyGiven] = Field(
        description="The same, only of parcels of which both we and the carrier had said something."
    )


def score_given(row: ScoreRow, by: list[By]) -> ScoreGiven:
    """Write a row."""
    names = dict.fromkeys(name for each in by for name in COLUMNS[each])
    key = dict(zip(names, row.key, strict=True))
    return ScoreGiven(
        week=key.get("week"),
        carrier=key.get("carrier"),
        service=key.get("service"),
        origin_country=key.get("origin_country"),
        origin_region=key.get("origin_region"),
        destination_country=key.get("destination_country"),
        destination_region=key.get("destination_region"),
        kept=row.kept,
        broken=row.broken,
        kept_share=share_given(row.kept_share) if row.kept_share else None,
        came=row.came,
        early=row.early,
        in_window=row.in_window,
        late=row.late,
        days_off=dict(row.days_off),
        days_from_order=row.door_days,
        days_from_hand_over=row.transit_days,
    )


def accuracy_given(row: Accuracy) -> AccuracyGiven:
    """Write how far off a source was."""
    return AccuracyGiven(
        stage=row.stage,
        source=row.source,
        estimates=row.estimates,
        mean_absolute_error=row.mean_absolute_error,
        bias=row.bias,
        covered=share_given(row.covered),
        width=row.width,
    )


def share_given(share: Share) -> ShareGiven:
    """Write a share."""
    return ShareGiven(value=share.value, low=share.low, high=share.high)
