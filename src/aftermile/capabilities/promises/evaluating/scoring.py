"""How near forecasts were: the figures by which delivery dates are compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from aftermile.capabilities.promises.evaluating.marks import Marks
from aftermile.capabilities.promises.learning.cards import rolling_median
from aftermile.capabilities.promises.learning.examples import examples_of, known_by
from aftermile.capabilities.promises.learning.forecasting import Delivery, Forecast, Question, Stage
from aftermile.capabilities.promises.learning.training import Recipe, train

Floats = npt.NDArray[np.float64]
_DAY = timedelta(days=1)


def question_of(delivery: Delivery) -> Question:
    """Ask about a delivery at the moment of its order."""
    return Question(
        lane=delivery.lane, goods=delivery.goods, ordered_at=delivery.ordered_at, stage_at=delivery.ordered_at,
        asked_at=delivery.ordered_at, promised_by=delivery.promised_by,
    )  # fmt: skip


def backtest(
    deliveries: Sequence[Delivery], begin: datetime, *, span: timedelta, end: datetime, recipe: Recipe
) -> Marks:
    """Train on what was known at a moment, and score the orders of the time after it.

    :param end: orders from here on are too young to be judged: the slow ones have not arrived.
    """
    model = train(deliveries, as_of=begin, recipe=recipe)
    asked = [
        each
        for each in deliveries
        if begin <= each.ordered_at < min(begin + span, end)
        and each.delivered_at
        and each.delivered_at > each.ordered_at
        and each.promised_by
    ]
    return _marks(begin, deliveries, asked, model.forecast([question_of(each) for each in asked]))


def _marks(
    begin: datetime,
    deliveries: Sequence[Delivery],
    asked: Sequence[Delivery],
    answers: Sequence[Forecast | None],
) -> Marks:
    pairs = [(each, answer) for each, answer in zip(asked, answers, strict=True) if answer is not None]
    took = np.array([_days(each.delivered_at, each) for each, _ in pairs])
    likely = np.array([_days(answer.likely_at, each) for each, answer in pairs])
    lead = np.array([_days(each.promised_by, each) for each, _ in pairs])
    chance = np.array([answer.late_probability for _, answer in pairs], dtype=np.float64)
    late = took > lead
    ends = {
        coverage: np.array(
            [[_days(end, each) for end in answer.interval(coverage)] for each, answer in pairs]
        )
        for coverage in (0.8, 0.9)
    }
    covered = {
        name: float(((took >= each[:, 0]) & (took <= each[:, 1])).mean()) for name, each in ends.items()
    }
    before = examples_of(known_by(deliveries, begin), Stage.ORDERED, as_of=begin, silences=False)
    rows = examples_of([each for each, _ in pairs], Stage.ORDERED, as_of=begin, silences=False)
    # As our model, it knows nothing of what arrived after it was made.
    rows.columns.asked[:] = begin.timestamp()
    rolling = rolling_median(rows, before)
    return Marks(
        begin=begin,
        deliveries=len(pairs),
        error=float(np.abs(likely - took).mean()),
        bias=float((likely - took).mean()),
        covered_80=covered[0.8],
        covered_90=covered[0.9],
        width_80=float((ends[0.8][:, 1] - ends[0.8][:, 0]).mean()),
        width_90=float((ends[0.9][:, 1] - ends[0.9][:, 0]).mean()),
        late_share=float(late.mean()),
        late_auc=roc_auc(late, chance),
        late_precision=average_precision(late, chance),
        promise_error=float(np.abs(lead - took).mean()),
        rolling_error=float(np.abs(rolling - took).mean()),
        rolling_width_80=_width_to_cover(rolling, took, covered[0.8]),
        rolling_width_90=_width_to_cover(rolling, took, covered[0.9]),
    )


def _days(moment: datetime | None, delivery: Delivery) -> float:
    assert moment is not None
    return (moment - delivery.ordered_at) / _DAY


def _width_to_cover(center: Floats, took: Floats, share: float) -> float:
    """Return the mean width of the narrowest interval in proportion to the center that covers that share.

    The best that the baseline could do: its two ends are chosen with the outcomes known.
    """
    ratio = np.sort(took / center)
    count = min(max(int(np.ceil(share * len(ratio))), 1), len(ratio))
    widths = ratio[count - 1 :] - ratio[: len(ratio) - count + 1]
    return float(widths.min() * center.mean())


def roc_auc(late: npt.NDArray[np.bool_], score: Floats) -> float:
    """Return the chance that a late one is ranked above one in time; ties count half."""
    from scipy.stats import rankdata

    count = int(late.sum())
    others = len(late) - count
    if not count or not others:
        return float("nan")
    return float((rankdata(score)[late].sum() - count * (count + 1) / 2) / (count * others))


def average_precision(late: npt.NDArray[np.bool_], score: Floats) -> float:
    """Return the mean precision over the late ones, best ranked first; equal scores are one step."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(late, score)) if late.any() else float("nan")
