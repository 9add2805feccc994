"""What is expected: frozen views for pages, the API and other rooms."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from aftermile.capabilities.promises.events import StageEstimates
from aftermile.capabilities.promises.learning.forecasting import Basis
from aftermile.capabilities.promises.models import Estimate, EstimateRevision, ModelVersion, Renewal
from aftermile.capabilities.promises.renewing import WRITTEN, basis_of, stages_of
from aftermile.capabilities.promises.states import ModelState, Outcome
from aftermile.kernel.rowsets import Row, id_array, ids_in, run, select
from aftermile.kernel.tenancy import current_merchant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateView:
    """When something is expected, as it stands. `is_open`: it has not come, and still may.

    `source`: `carrier`, `model` or `rule`; `precision`: `day` or `moment`; `confidence`: `high`, `medium` or `low`.
    `delay_predicted_at`: since when a delay is predicted; None: none is.
    """

    parcel_id: UUID | None
    order_id: UUID | None
    stage: str
    earliest_at: datetime
    likely_at: datetime
    latest_at: datetime
    precision: str
    source: str
    confidence: str
    late_probability: float | None
    basis: Basis | None
    reason: str
    revision: int
    estimated_at: datetime
    promised_latest: date | None
    delay_predicted_at: datetime | None
    delay_days: int | None
    delay_basis: str
    outcome: str
    came_at: datetime | None
    is_open: bool
    stages: tuple[StageEstimates, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """One estimate people saw, and why it took the place of the one before."""

    revision: int
    stage: str
    earliest_at: datetime
    likely_at: datetime
    latest_at: datetime
    precision: str
    source: str
    confidence: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """A model and the card that says how good it is. `is_kept`: its bytes are, so that it can answer again."""

    number: int
    state: str
    size_bytes: int
    card: Mapping[str, Any]
    deliveries: int
    window_from: date | None
    window_to: date | None
    verdict: str
    trained_at: datetime
    live_at: datetime | None
    ended_at: datetime | None
    is_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingView:
    """How training stands, and by how many days each source was off of late: stage -> source -> (count, days)."""

    running_since: datetime | None
    failed: str
    trained_at: datetime | None
    accuracy: Mapping[str, Mapping[str, tuple[int, float]]]
    measured_on: date | None


def estimates(subject_ids: Collection[UUID]) -> dict[UUID, EstimateView]:
    """Return the estimates of parcels, and of orders nothing of which was handed over, by id: one statement."""
    if not subject_ids:
        return {}
    (rows,) = run(
        select(Estimate, ("id", *WRITTEN), ids_in("subject_id"), [id_array(sorted(set(subject_ids)))])
    )
    return {row["subject_id"]: view_of_row(row) for row in rows}


def estimates_of_orders(order_ids: Collection[UUID]) -> dict[UUID, list[EstimateView]]:
    """Return all estimates of orders and their parcels, oldest first: one statement."""
    found: dict[UUID, list[EstimateView]] = {order_id: [] for order_id in order_ids}
    if found:
        condition = ids_in("order_id")
        (rows,) = run(
            select(Estimate, ("id", *WRITTEN), condition, [id_array(sorted(found))], then="ORDER BY id")
        )
        for row in rows:
            found[row["order_id"]].append(view_of_row(row))
    return found


def revisions(subject_id: UUID) -> list[RevisionView]:
    """Return what was expected of a parcel or order, the newest first."""
    return [
        RevisionView(
            revision=row.revision,
            stage=row.stage,
            earliest_at=row.earliest_at,
            likely_at=row.likely_at,
            latest_at=row.latest_at,
            precision=row.precision,
            source=row.source,
            confidence=row.confidence,
            reason=row.reason,
            at=row.at,
        )
        for row in EstimateRevision.rows().filter(subject_id=subject_id).order_by("-revision")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayTold:
    """A delay that is predicted of an open parcel. `probability` None: the estimate alone says so."""

    parcel_id: UUID
    predicted_at: datetime
    days: int
    basis: str
    earliest_at: datetime
    likely_at: datetime
    latest_at: datetime
    source: str
    probability: float | None


def delays_told(parcel_ids: Collection[UUID]) -> dict[UUID, DelayTold]:
    """Return the delays that are predicted of open parcels among these: one statement."""
    if not parcel_ids:
        return {}
    names = (
        "subject_id", "delay_predicted_at", "delay_days", "delay_basis", "earliest_at", "likely_at", "latest_at", "source",
        "late_probability",
    )  # fmt: skip
    (rows,) = run(
        select(
            Estimate,
            names,
            f"{ids_in('subject_id')} AND delay_predicted_at IS NOT NULL AND closed_at IS NULL AND came_at IS NULL",
            [id_array(sorted(set(parcel_ids)))],
        )
    )
    return {
        row["subject_id"]: DelayTold(
            parcel_id=row["subject_id"],
            predicted_at=row["delay_predicted_at"],
            days=row["delay_days"],
            basis=row["delay_basis"],
            earliest_at=row["earliest_at"],
            likely_at=row["likely_at"],
            latest_at=row["latest_at"],
            source=row["source"],
            probability=row["late_probability"],
        )
        for row in rows
    }


def models() -> list[ModelView]:
    """List the open shop's models, the newest first, without their bytes."""
    return [
        ModelView(
            number=row.number,
            state=row.state,
            size_bytes=row.size_bytes,
            card=row.card,
            deliveries=row.deliveries,
            window_from=row.window_from,
            window_to=row.window_to,
            verdict=row.verdict,
            trained_at=row.trained_at,
            live_at=row.live_at,
            ended_at=row.ended_at,
            is_kept=row.size_bytes > 0,
        )
        for row in ModelVersion.rows().defer("content").order_by("-number")
    ]


def newest_is_damaged() -> bool:
    """Tell whether the newest model cannot be read, and no other answers: one query."""
    states = list(ModelVersion.rows().order_by("-number").values_list("state", flat=True))
    return ModelState.LIVE not in states and ModelState.DAMAGED in states


def training() -> TrainingView:
    """Return how training stands: one query."""
    row = Renewal.rows().filter(id=current_merchant_id()).first()
    if row is None:
        return TrainingView(running_since=None, failed="", trained_at=None, accuracy={}, measured_on=None)
    return TrainingView(
        running_since=row.training_since,
        failed=row.training_failed,
        trained_at=row.trained_at,
        accuracy=row.accuracy,
        measured_on=row.measured_on,
    )


def count_open() -> dict[str, int]:
    """Count the open estimates by their source, and those with a predicted delay under `delay`: one statement."""
    rows = Estimate.rows().filter(due_at__isnull=False)
    counted = rows.values_list("source").annotate(Count("id"), Count("delay_predicted_at"))
    found = {source: count for source, count, _ in counted}
    return found | {"delay": sum(delayed for _, _, delayed in counted)}


def view_of_row(row: Row) -> EstimateView:
    """Return the view of a stored estimate."""
    return EstimateView(
        parcel_id=row["parcel_id"],
        order_id=row["order_id"],
        stage=row["stage"],
        earliest_at=row["earliest_at"],
        likely_at=row["likely_at"],
        latest_at=row["latest_at"],
        precision=row["precision"],
        source=row["source"],
        confidence=row["confidence"],
        late_probability=row["late_probability"],
        basis=basis_of(row["basis"]),
        reason=row["reason"],
        revision=row["revision"],
        estimated_at=row["estimated_at"],
        promised_latest=row["promised_latest"],
        delay_predicted_at=row["delay_predicted_at"] if row["outcome"] == Outcome.WAITING else None,
        delay_days=row["delay_days"],
        delay_basis=row["delay_basis"],
        outcome=row["outcome"],
        came_at=row["came_at"],
        is_open=row["closed_at"] is None and row["came_at"] is None,
        stages=stages_of(row["stages"]),
    )
