"""Scorecards: counted as the log tells, counted anew to the same, and each shop's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from aftermile.insights.public import (
    Accuracy,
    By,
    LogPruned,
    Of,
    ScoreRow,
    accuracy,
    choices,
    rebuild,
    scorecard,
    total,
    wilson,
)
from aftermile.kernel.events import catch_up, gather, prune, publish
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.insights.deliveries import MONDAY, TUESDAY, broken, expected, kept, measured, stage

DAY = timedelta(days=1)
WEEKS = Of(first=MONDAY - 14 * DAY, last=MONDAY + 14 * DAY)
EVENTS = (
    kept(),
    kept(carrier="ups"),
    broken(),
    measured(came_on=TUESDAY - DAY),
    measured(came_on=TUESDAY + 3 * DAY, carrier="ups"),
    measured(latest=None, stages=(stage("ordered", own=expected("model", TUESDAY + DAY)),)),
)


def tell(merchant: Any, *events: object) -> None:
    with merchant_scope(merchant.id):
        publish(*events, by="test", at=NOON)
    gather(merchant.id, {"soon": False})


@pytest.mark.django_db(transaction=True)
def test_promised_against_kept_by_carrier(merchant: Any, other_merchant: Any) -> None:
    tell(merchant, *EVENTS)
    tell(other_merchant, broken(), broken())
    with merchant_scope(merchant.id):
        rows = scorecard(WEEKS, By.CARRIER)
        assert rows == [
            ScoreRow(key=("dhl",), kept=1, broken=1, came=2, early=1, in_window=0, late=0, days_off={-1: 1}),
            ScoreRow(key=("ups",), kept=1, broken=0, came=1, early=0, in_window=0, late=1, days_off={3: 1}),
        ]
        assert total(rows).promised == 3
        of_weeks = scorecard(WEEKS, By.CARRIER, By.WEEK)
        assert rows == [
            total((each for each in of_weeks if each.key[0] == carrier), key=(carrier,))
            for carrier in ("dhl", "ups")
        ]
        assert [row.key for row in scorecard(WEEKS, By.LANE)] == [
            ("dhl", "DE", "BE", "SE", ""),
            ("ups", "DE", "BE", "SE", ""),
        ]
        assert scorecard(Of(first=MONDAY + 7 * DAY, last=MONDAY + 7 * DAY), By.WEEK) == []
        assert choices(WEEKS) == (["dhl", "ups"], ["SE"])
        assert accuracy(WEEKS, beside_carrier=False) == [
            Accuracy(
                stage="ordered",
                source="model",
                estimates=1,
                mean_absolute_error=1.0,
                bias=-1.0,
                covered=wilson(1, 1),  # type: ignore[arg-type]
                width=2.0,
            )
        ]
        assert accuracy(WEEKS, beside_carrier=True) == []
    with merchant_scope(other_merchant.id):
        assert [(row.kept, row.broken) for row in scorecard(WEEKS, By.CARRIER)] == [(0, 2)]


@pytest.mark.django_db(transaction=True)
def test_counted_in_parts_or_anew_the_numbers_are_the_same(merchant: Any) -> None:
    for event in EVENTS:
        tell(merchant, event)
    catch_up()
    with merchant_scope(merchant.id):
        before = [scorecard(WEEKS, by) for by in By]
        assert sum(rebuild()) > 0
        assert [scorecard(WEEKS, by) for by in By] == before
    tell(merchant, broken())
    with merchant_scope(merchant.id):
        assert total(scorecard(WEEKS, By.WEEK)).broken == 2


@pytest.mark.django_db(transaction=True)
def test_a_pruned_log_is_not_counted_anew(merchant: Any) -> None:
    tell(merchant, *EVENTS)
    with merchant_scope(merchant.id):
        before = scorecard(WEEKS, By.CARRIER)
        prune(before=NOON + DAY)
        with pytest.raises(LogPruned):
            list(rebuild())
        assert scorecard(WEEKS, By.CARRIER) == before


def test_a_share_of_few_is_said_with_its_doubt() -> None:
    share = wilson(4, 5)
    assert share is not None
    # Wilson's interval of 4 of 5, by the formula's own worked values.
    assert (round(share.value, 2), round(share.low, 3), round(share.high, 3)) == (0.8, 0.376, 0.964)
    assert wilson(0, 0) is None


def test_the_latest_of_nearly_all() -> None:
    row = ScoreRow(
        key=(), kept=0, broken=0, came=10, early=0, in_window=8, late=2, days_off={0: 8, 2: 1, 9: 1}
    )
    assert [row.late_by(share) for share in (0.5, 0.9, 1.0)] == [0, 2, 9]
    assert total([]).late_by(0.9) is None


def test_the_mean_of_a_total_is_that_of_its_parcels() -> None:
    one, three = (
        ScoreRow(
            key=(), kept=0, broken=0, came=number, early=0, in_window=0, late=0, from_order=number,
            from_order_hours=hours,
        )
        for number, hours in ((1, 24.0), (3, 240.0))
    )  # fmt: skip
    assert (one.door_days, total([one, three]).door_days, total([one, three]).transit_days) == (
        1.0,
        2.75,
        None,
    )
