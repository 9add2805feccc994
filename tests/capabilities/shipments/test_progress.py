"""The fold: the same set of scans is the same reading, in whatever order and however often it was heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.shipments.progress import FINAL, NOTHING_YET, Reading, Scan, Summary, fold
from aftermile.connectors.contracts.words import Milestone, SubStatus

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def scan(hours: float, sub_status: SubStatus | None) -> Scan:
    return Scan(MONDAY + timedelta(hours=hours), sub_status, f"{hours}{sub_status}".encode())


scans = st.lists(
    st.builds(
        scan,
        st.integers(0, 12),  # few moments, so that ties happen
        st.none() | st.sampled_from(SubStatus),
    ),
    max_size=12,
)


def test_nothing_heard_is_pending() -> None:
    assert fold([]) == NOTHING_YET
    assert fold([]).milestone is Milestone.PENDING


def test_the_usual_way() -> None:
    reading = fold(
        [
            scan(0, SubStatus.LABEL_CREATED),
            scan(5, SubStatus.ACCEPTED),
            scan(20, SubStatus.OUT_FOR_DELIVERY),
            scan(24, SubStatus.DELIVERED),
        ]
    )
    assert reading == Reading(
        sub_status=SubStatus.DELIVERED,
        reached_at=MONDAY + timedelta(hours=24),
        event_count=4,
        first_event_at=MONDAY,
        last_event_at=MONDAY + timedelta(hours=24),
        shipped_at=MONDAY + timedelta(hours=5),
        delivered_at=MONDAY + timedelta(hours=24),
        first_attempted_at=MONDAY + timedelta(hours=24),
        attempt_count=0,
    )


def test_a_late_scan_never_moves_a_delivered_parcel_back() -> None:
    delivered = [scan(1, SubStatus.ACCEPTED), scan(24, SubStatus.DELIVERED)]
    for late in (
        scan(2, SubStatus.ARRIVED_AT_FACILITY),
        scan(30, SubStatus.IN_TRANSIT),
        scan(31, SubStatus.DAMAGED),
    ):
        reading = fold([*delivered, late])
        assert reading.sub_status is SubStatus.DELIVERED
        assert reading.delivered_at == MONDAY + timedelta(hours=24)


def test_a_delivery_may_be_said_more_exactly() -> None:
    reading = fold([scan(24, SubStatus.DELIVERED), scan(25, SubStatus.SIGNED)])
    assert (reading.sub_status, reading.delivered_at) == (SubStatus.SIGNED, MONDAY + timedelta(hours=24))


def test_a_delivered_parcel_may_still_come_back() -> None:
    assert (
        fold([scan(24, SubStatus.DELIVERED), scan(50, SubStatus.RETURNING)]).milestone is Milestone.RETURNING
    )


def test_delivered_to_the_sender_is_returned() -> None:
    way_back = [scan(20, SubStatus.REFUSED), scan(30, SubStatus.RETURNING), scan(60, SubStatus.DELIVERED)]
    assert fold(way_back).milestone is Milestone.RETURNED
    assert fold(way_back).delivered_at is None
    resolved = [*way_back, scan(40, SubStatus.PROBLEM_RESOLVED)]
    assert fold(resolved).milestone is Milestone.DELIVERED


def test_a_notice_after_the_first_scan_takes_nothing_back() -> None:
    assert (
        fold([scan(1, SubStatus.ACCEPTED), scan(3, SubStatus.LABEL_CREATED)]).milestone
        is Milestone.IN_TRANSIT
    )


def test_back_to_the_depot_is_in_transit_again() -> None:
    assert (
        fold([scan(9, SubStatus.OUT_FOR_DELIVERY), scan(18, SubStatus.IN_TRANSIT)]).milestone
        is Milestone.IN_TRANSIT
    )


def test_attempts_are_counted() -> None:
    reading = fold(
        [
            scan(9, SubStatus.ATTEMPT_FAILED),
            scan(33, SubStatus.ADDRESSEE_UNAVAILABLE),
            scan(60, SubStatus.SIGNED),
        ]
    )
    assert (reading.attempt_count, reading.first_attempted_at) == (2, MONDAY + timedelta(hours=9))


def test_a_summary_speaks_where_scans_are_silent() -> None:
    summary = Summary(SubStatus.OUT_FOR_DELIVERY, MONDAY + timedelta(hours=5))
    assert fold([scan(5, None)], summary).milestone is Milestone.OUT_FOR_DELIVERY
    assert fold([scan(9, SubStatus.DELIVERED)], summary).milestone is Milestone.DELIVERED
    arrived = fold(
        [scan(5, SubStatus.ARRIVED_AT_FACILITY)], Summary(SubStatus.IN_TRANSIT, MONDAY + timedelta(hours=5))
    )
    assert arrived.sub_status is SubStatus.ARRIVED_AT_FACILITY


@given(scans, st.randoms(use_true_random=False))
def test_order_and_repeats_do_not_matter(heard: list[Scan], random: object) -> None:
    shuffled = [*heard, *heard]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(heard)


@given(scans, st.integers(0, 20))
def test_an_unknown_code_moves_nothing(heard: list[Scan], hours: int) -> None:
    before, after = fold(heard), fold([*heard, scan(hours + 0.5, None)])
    assert (after.sub_status, after.reached_at, after.delivered_at) == (
        before.sub_status,
        before.reached_at,
        before.delivered_at,
    )
    assert after.event_count == before.event_count + 1


@given(scans, st.sampled_from(SubStatus))
def test_the_final_milestones_hold(heard: list[Scan], later: SubStatus) -> None:
    reading = fold(heard)
    after = fold([*heard, scan(100, later)])
    if reading.milestone is Milestone.RETURNED:
        assert after.milestone is Milestone.RETURNED
    elif reading.milestone in FINAL:
        assert after.milestone in {Milestone.DELIVERED, Milestone.RETURNING, Milestone.RETURNED}


@given(scans)
def test_moments_are_in_order(heard: list[Scan]) -> None:
    reading = fold(heard)
    if reading.event_count:
        assert reading.first_event_at is not None
        assert reading.last_event_at is not None
        for moment in (
            reading.reached_at,
            reading.shipped_at,
            reading.delivered_at,
            reading.first_attempted_at,
        ):
            assert moment is None or reading.first_event_at <= moment <= reading.last_event_at
