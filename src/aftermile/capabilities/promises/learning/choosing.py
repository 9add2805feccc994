"""Which of two models goes live: the one that foresees the newest weeks better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from aftermile.capabilities.promises.learning.forecasting import (
    QUANTILES,
    Delivery,
    Forecast,
    Question,
    Stage,
)
from aftermile.capabilities.promises.learning.model import Model

#: Fewer newest deliveries than this decide nothing: the old one stays.
FEWEST_TO_DECIDE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the new model goes live, and by which figures; the errors are mean absolute, in days."""

    goes_live: bool
    reason: str
    deliveries: int
    new_error_days: float | None
    old_error_days: float | None


def better(new: Model, old: Model | None, newest_deliveries: Iterable[Delivery]) -> Verdict:
    """Compare two models on deliveries that neither was trained on, asked at each stage as it was reached.

    Give the new model as trained on what was known *before* those deliveries (as a trial), then train the one that
    goes live on everything. Only arrived deliveries ordered after both models' `as_of` are counted. The new one must
    have the smaller pinball loss over all quantiles: it is nearer, or surer, and not surer than it may be.
    """
    if old is None:
        return Verdict(goes_live=True, reason="first", deliveries=0, new_error_days=None, old_error_days=None)
    begin = max(new.as_of, old.as_of)
    asked = [
        (number, question, each.delivered_at)
        for number, each in enumerate(newest_deliveries)
        if each.delivered_at is not None and each.ordered_at >= begin
        for question in _questions(each, each.delivered_at)
    ]
    questions = [question for _, question, _ in asked]
    compared = [
        (number, _missed(ours, came_at), _missed(theirs, came_at))
        for (number, _, came_at), ours, theirs in zip(
            asked, new.forecast(questions), old.forecast(questions), strict=True
        )
        if ours is not None and theirs is not None
    ]
    deliveries = len({number for number, _, _ in compared})
    if deliveries < FEWEST_TO_DECIDE:
        return Verdict(
            goes_live=False,
            reason="too_few_deliveries",
            deliveries=deliveries,
            new_error_days=None,
            old_error_days=None,
        )
    means = np.array([[ours, theirs] for _, ours, theirs in compared]).mean(axis=0)
    is_better = bool(means[0, 0] < means[1, 0])
    return Verdict(
        goes_live=is_better,
        reason="better" if is_better else "not_better",
        deliveries=deliveries,
        new_error_days=float(means[0, 1]),
        old_error_days=float(means[1, 1]),
    )


def _questions(each: Delivery, came_at: datetime) -> Iterator[Question]:
    reached = (
        (Stage.ORDERED, each.ordered_at),
        (Stage.HANDED_OVER, each.handed_over_at),
        (Stage.IN_TRANSIT, each.in_transit_at),
        (Stage.OUT_FOR_DELIVERY, each.out_for_delivery_at),
    )
    for stage, at in reached:
        if at is not None and at <= came_at:
            yield Question(
                lane=each.lane,
                goods=each.goods,
                stage=stage,
                ordered_at=each.ordered_at,
                stage_at=at,
                asked_at=at,
                promised_by=each.promised_by,
            )


def _missed(forecast: Forecast, came_at: datetime) -> tuple[float, float]:
    """Return the pinball loss, mean over the quantiles, and by how many days the likely moment was off."""
    losses = []
    for share, moment in zip(QUANTILES, forecast.quantiles, strict=True):
        late = _days(came_at - moment)
        losses.append(max(share * late, (share - 1) * late))
    return sum(losses) / len(losses), abs(_days(came_at - forecast.likely_at))


def _days(span: timedelta) -> float:
    return span / timedelta(days=1)
