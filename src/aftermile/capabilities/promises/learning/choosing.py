"""Which of two models goes live: the one that is nearer on the newest weeks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from aftermile.capabilities.promises.learning.forecasting import Delivery, Question, Stage
from aftermile.capabilities.promises.learning.model import Model

#: Fewer newest deliveries than this decide nothing: the old one stays.
FEWEST_TO_DECIDE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the new model goes live, and by which figures; the errors are mean absolute, in days."""

    goes_live: bool
    reason: str
    deliveries: int
    new_error_days: float | None
    old_error_days: float | None


def better(new: Model, old: Model | None, newest_deliveries: Iterable[Delivery]) -> Verdict:
    """Compare two models on deliveries that neither was trained on, asked at their order.

    Give the new model as trained on what was known *before* those deliveries (as a trial), then train the one that
    goes live on everything. Only arrived deliveries ordered after both models' `as_of` are counted. The new one must
    be nearer than the old by more than chance: twice the standard error of the difference, pair by pair.
    """
    if old is None:
        return Verdict(goes_live=True, reason="first", deliveries=0, new_error_days=None, old_error_days=None)
    begin = max(new.as_of, old.as_of)
    arrived = [each for each in newest_deliveries if each.delivered_at and each.ordered_at >= begin]
    questions = [
        Question(
            lane=each.lane, goods=each.goods, stage=Stage.ORDERED, ordered_at=each.ordered_at,
            stage_at=each.ordered_at, asked_at=each.ordered_at, promised_by=each.promised_by,
        )
        for each in arrived
    ]  # fmt: skip
    missed: list[tuple[float, float]] = []
    for delivery, ours, theirs in zip(arrived, new.forecast(questions), old.forecast(questions), strict=True):
        assert delivery.delivered_at is not None
        if ours is not None and theirs is not None:
            missed.append(
                (
                    _days(ours.likely_at - delivery.delivered_at),
                    _days(theirs.likely_at - delivery.delivered_at),
                )
            )
    if len(missed) < FEWEST_TO_DECIDE:
        return Verdict(
            goes_live=False, reason="too_few_deliveries", deliveries=len(missed), new_error_days=None,
            old_error_days=None,
        )  # fmt: skip
    errors = np.abs(np.array(missed))
    gained = errors[:, 1] - errors[:, 0]
    nearer = bool(gained.mean() > 2 * gained.std() / np.sqrt(len(gained)))
    return Verdict(
        goes_live=nearer, reason="nearer" if nearer else "not_nearer", deliveries=len(missed),
        new_error_days=float(errors[:, 0].mean()), old_error_days=float(errors[:, 1].mean()),
    )  # fmt: skip


def _days(span: timedelta) -> float:
    return span / timedelta(days=1)
