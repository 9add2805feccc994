"""Estimates as the API gives them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from aftermile.capabilities.promises.public import EstimateView, RevisionView
from aftermile.doors.api.fields import Given, OrderId, ParcelId


class ExpectedGiven(Given):
    """When something that is on its way, or still to be sent, comes."""

    earliest_at: datetime
    likely_at: datetime
    latest_at: datetime
    precision: str = Field(description="`day`: the time of day means nothing; `moment`: it does.")
    source: str = Field(
        description="Who says so, by the shop's order of trust: `carrier`, `model` or `rule`."
    )
    confidence: str = Field(description="`high`, `medium` or `low`.")


class BasisGiven(Given):
    """What a model's word rests on."""

    level: str = Field(description="How near those deliveries are: `lane`, `region`, `country` or `shop`.")
    deliveries: int
    usual_days: tuple[float, float] = Field(description="The middle half of them, from the stage on.")
    drift_days: float = Field(description="How much slower than before it has been of late.")


class _WindowGiven(Given):
    stage: str = Field(description="`ordered`, `handed_over`, `in_transit` or `out_for_delivery`.")
    earliest_at: datetime
    likely_at: datetime
    latest_at: datetime
    precision: str = Field(description="`day`: the time of day means nothing; `moment`: it does.")
    source: str = Field(description="Who says so: `carrier`, `model` or `rule`.")
    confidence: str = Field(description="`high`, `medium` or `low`.")
    reason: str = Field(
        description="Why it took the place of the one before: `first`, `scan`, `carrier`, `silence`, `model`, `rule`,"
        " `trust`; more may come."
    )


class RevisionGiven(_WindowGiven):
    """An estimate as people saw it from a moment on."""

    number: int
    at: datetime


class EstimateGiven(_WindowGiven):
    """When something is expected now."""

    parcel_id: ParcelId | None = Field(description="null while nothing was handed over.")
    order_id: OrderId | None
    is_open: bool = Field(description="Whether it has not come and still may.")
    estimated_at: datetime
    late_probability: float | None = Field(description="Of coming after the promised days.")
    basis: BasisGiven | None
    promised_latest_date: date | None
    delay_predicted_at: datetime | None
    delay_days: int | None
    outcome: str = Field(description="Of the promise: `waiting`, `kept`, `broken`, or `none` was made.")
    came_at: datetime | None


class EstimateToldGiven(EstimateGiven):
    """When a parcel is expected, and all that was expected before, the newest first."""

    revisions: list[RevisionGiven]


class EstimatesGiven(Given):
    """The estimates of an order and its parcels."""

    data: list[EstimateGiven]


def expected_given(view: EstimateView | None) -> ExpectedGiven | None:
    """Write when something is expected; None where nothing is, or nothing any more."""
    if view is None or not view.is_open:
        return None
    return ExpectedGiven(
        earliest_at=view.earliest_at,
        likely_at=view.likely_at,
        latest_at=view.latest_at,
        precision=view.precision,
        source=view.source,
        confidence=view.confidence,
    )


def estimate_given(view: EstimateView) -> EstimateGiven:
    """Write an estimate."""
    return EstimateGiven(**_fields(view))


def estimate_told(view: EstimateView, revisions: list[RevisionView]) -> EstimateToldGiven:
    """Write an estimate with those before it."""
    told = [
        RevisionGiven(
            stage=each.stage,
            earliest_at=each.earliest_at,
            likely_at=each.likely_at,
            latest_at=each.latest_at,
            precision=each.precision,
            source=each.source,
            confidence=each.confidence,
            reason=each.reason,
            number=each.revision,
            at=each.at,
        )
        for each in revisions
    ]
    return EstimateToldGiven(**_fields(view), revisions=told)


def _fields(view: EstimateView) -> dict[str, Any]:
    basis = view.basis
    return {
        "stage": view.stage,
        "earliest_at": view.earliest_at,
        "likely_at": view.likely_at,
        "latest_at": view.latest_at,
        "precision": view.precision,
        "source": view.source,
        "confidence": view.confidence,
        "reason": view.reason,
        "parcel_id": view.parcel_id,
        "order_id": view.order_id,
        "is_open": view.is_open,
        "estimated_at": view.estimated_at,
        "late_probability": view.late_probability,
        "basis": None
        if basis is None
        else BasisGiven(
            level=basis.level.value,
            deliveries=basis.deliveries,
            usual_days=basis.usual_days,
            drift_days=basis.drift_days,
        ),
        "promised_latest_date": view.promised_latest,
        "delay_predicted_at": view.delay_predicted_at,
        "delay_days": view.delay_days,
        "outcome": view.outcome,
        "came_at": view.came_at,
    }
