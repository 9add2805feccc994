"""How deliveries fare: counts of days, and the week against the one before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from statistics import median_low
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.exceptions.figures import NOTHING, Arrival, DayCounts, compare, counts_of
from aftermile.capabilities.exceptions.models import DeliveryDay
from aftermile.capabilities.exceptions.public import figures
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.exceptions.stories import day, judge_all, react, scan, tell_order, tell_scans

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)

arrivals = st.builds(
    Arrival,
    parcel_id=st.uuids(),
    order_id=st.none(),
    delivered_on=st.just(MIDNIGHT.date()),
    delivered_at=st.integers(0, 23).map(lambda hour: MIDNIGHT + timedelta(hours=hour)),
    placed_at=st.none() | st.integers(1, 400).map(lambda hours: MIDNIGHT - timedelta(hours=hours)),
    promised_latest=st.none() | st.integers(-5, 5).map(lambda count: MIDNIGHT.date() + timedelta(days=count)),
    first_attempt=st.booleans(),
    aided=st.booleans(),
)


@given(first=st.lists(arrivals, max_size=20), second=st.lists(arrivals, max_size=20))
def test_days_add_up_to_what_was_counted_at_once(first: list[Arrival], second: list[Arrival]) -> None:
    assert counts_of(first) + counts_of(second) == counts_of(second + first)


@given(some=st.lists(arrivals, min_size=1, max_size=30))
def test_the_median_is_that_of_the_parcels(some: list[Arrival]) -> None:
    waits = [
        round((one.delivered_at - one.placed_at) / timedelta(days=1) * 10) for one in some if one.placed_at
    ]
    assert counts_of(some).door_days == (median_low(waits) / 10 if waits else None)


def test_nothing_has_no_shares() -> None:
    assert (NOTHING.kept_percent, NOTHING.first_attempt_percent, NOTHING.unaided_percent, NOTHING.door_days) == (
        None, None, None, None,
    )  # fmt: skip


def test_a_week_is_compared_with_the_one_before_and_today_is_not_over() -> None:
    today = date(2026, 3, 30)
    days = {
        today - timedelta(days=back): DayCounts(delivered=back, promised=10, kept=back) for back in range(40)
    }
    found = compare(days, today=today)
    assert (found.week.delivered, found.before.delivered) == (sum(range(1, 8)), sum(range(8, 15)))
    assert (found.week.kept_percent, found.before.kept_percent) == (40.0, 110.0)
    assert [each for each, _ in found.days] == [today - timedelta(days=back) for back in range(28, 0, -1)]


@pytest.mark.django_db
def test_they_are_counted_from_what_was_delivered(merchant: Any, other_merchant: Any) -> None:
    with merchant_scope(merchant.id):
        tell_order("1", "N1", promised=day(2).date())
        tell_scans("N1", scan(0), scan(2, SubStatus.DELIVERED), at=day(2))
        tell_order("2", "N2", promised=day(1).date())
        tell_scans(
            "N2", scan(0), scan(1, SubStatus.ADDRESSEE_UNAVAILABLE), scan(2, SubStatus.DELIVERED), at=day(2)
        )
        tell_scans("N3", scan(0), scan(1, SubStatus.DAMAGED), at=day(1))
    position = react(merchant)
    with merchant_scope(merchant.id):
        tell_scans("N3", scan(2, SubStatus.DELIVERED), at=day(2))
    react(merchant, position)
    for _ in range(2):
        judge_all(merchant, 3)
    judge_all(other_merchant, 3)
    with merchant_scope(merchant.id):
        week = figures(today=day(3).date()).week
        assert week == DayCounts(delivered=3, promised=2, kept=1, first_attempt=2, unaided=2, tenths={30: 2})
        assert DeliveryDay.rows().count() == 28
        tell_order("4", "N4")
        tell_scans("N4", scan(0), scan(2.1, SubStatus.DELIVERED), at=day(3))  # told a day late
    judge_all(merchant, 3.5)
    with merchant_scope(merchant.id):
        assert figures(today=day(3).date()).week.delivered == 4
    with merchant_scope(other_merchant.id):
        assert figures(today=day(3).date()).week == NOTHING
