"""Numbers from events."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aftermile.insights.folding import Deliveries, Estimates, LaneWeek, days_off, fold
from tests.insights.deliveries import MONDAY, TUESDAY, broken, expected, kept, measured, noon, stage

LANE = LaneWeek(MONDAY, "dhl", "", "DE", "BE", "SE", "")
WEEK = timedelta(days=7)


def test_a_promise_counts_in_the_week_in_which_it_was_due() -> None:
    counted = fold([kept(came_on=MONDAY - WEEK), broken(), broken(latest=TUESDAY + WEEK)])
    assert counted.deliveries == {
        LANE: Deliveries(kept=1, broken=1),
        LANE._replace(week=MONDAY + WEEK): Deliveries(broken=1),
    }


def test_a_late_scan_takes_a_broken_promise_back() -> None:
    assert fold([broken(), kept(corrects=True)]).deliveries == {LANE: Deliveries(kept=1, broken=0)}


def test_a_parcel_counts_in_the_week_in_which_it_came() -> None:
    event = measured(
        came_on=TUESDAY + WEEK,
        ordered_at=noon(TUESDAY) + timedelta(days=2),
        handed_over_at=noon(TUESDAY) + timedelta(days=4),
    )
    counted = fold([event])
    lane = LANE._replace(week=MONDAY + WEEK)
    assert counted.deliveries == {
        lane: Deliveries(
            came=1, from_order=1, from_order_hours=120.0, from_hand_over=1, from_hand_over_hours=72.0
        )
    }
    assert counted.lateness == {(lane, 7): 1}


def test_what_came_before_it_was_ordered_has_no_duration() -> None:
    counted = fold([measured(ordered_at=noon(TUESDAY) + timedelta(days=1))])
    assert counted.deliveries == {LANE: Deliveries(came=1)}


def test_days_are_counted_outside_the_window() -> None:
    earliest, latest = date(2026, 3, 3), date(2026, 3, 5)
    off = [days_off(date(2026, 3, day), earliest, latest) for day in (1, 3, 5, 6)]
    assert off == [-2, 0, 0, 1]
    assert days_off(date(2027, 3, 5), earliest, latest) == 60
    assert days_off(date(2026, 3, 4), None, latest) == -1


def test_estimates_are_measured_beside_the_carriers() -> None:
    ours, theirs = expected("model", TUESDAY), expected("carrier", TUESDAY + timedelta(days=2))
    counted = fold(
        [measured(stages=(stage("handed_over", own=ours, carrier=theirs), stage("ordered", own=ours)))]
    )
    assert counted.estimates == {
        (LANE, "handed_over", "model", True): Estimates(1, 0.0, 0.0, 1, 48.0),
        (LANE, "handed_over", "carrier", True): Estimates(1, -48.0, 48.0, 0, 48.0),
        (LANE, "ordered", "model", False): Estimates(1, 0.0, 0.0, 1, 48.0),
    }


@given(
    st.lists(st.sampled_from([kept(), broken(), kept(corrects=True), measured(), measured(latest=None)])),
    st.data(),
)
def test_parts_add_up_to_the_whole(events: list[object], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(events)))
    whole, first, second = fold(events), fold(events[:cut]), fold(events[cut:])  # type: ignore[arg-type]
    for name in ("kept", "broken", "came"):
        assert getattr(whole.deliveries[LANE], name) == getattr(first.deliveries[LANE], name) + getattr(
            second.deliveries[LANE], name
        )
    assert whole.lateness == first.lateness + second.lateness
