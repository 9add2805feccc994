"""What silence is usual on a lane, and when many that stand still are one incident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.exceptions.incidents import (
    Found,
    OnItsWay,
    OpenIncident,
    Scope,
    chance_of,
    find,
    next_steps,
)
from aftermile.capabilities.exceptions.lanes import (
    LEAST_SILENCE_HOURS,
    SLOWEST,
    TELLING,
    LaneKey,
    LaneNormal,
    WorkedTime,
    normals_of,
)
from aftermile.capabilities.exceptions.models import Incident, IncidentParcel
from aftermile.capabilities.exceptions.models import LaneNormal as LaneNormalRow
from aftermile.capabilities.exceptions.public import Kind, exceptions_of, incident, incidents, watch
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.calendars import Calendar
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.exceptions.stories import day, scan, tell_scans
from tests.capabilities.shop import log_types

MONDAY = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
WEEKDAYS = Calendar(time_zone="UTC")
LANE = LaneKey("gls", "Parcel", "DE", "ES")
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))


class TestWorkedTime:
    def test_weekends_do_not_count(self) -> None:
        worked = WorkedTime(WEEKDAYS)
        friday, next_monday = MONDAY + timedelta(days=4, hours=12), MONDAY + timedelta(days=7, hours=12)
        assert worked.hours(friday, next_monday) == 24
        assert worked.hours(MONDAY + timedelta(days=5), MONDAY + timedelta(days=7)) == 0

    @given(moments, moments, moments)
    def test_it_adds_up_in_whatever_order_it_is_asked(
        self, one: datetime, two: datetime, three: datetime
    ) -> None:
        first, middle, last = sorted((one, two, three))
        worked = WorkedTime(WEEKDAYS)
        last_part = worked.hours(middle, last)
        assert worked.hours(first, last) == pytest.approx(worked.hours(first, middle) + last_part)
        assert worked.hours(last, first) == 0


def parcels_of(lane: LaneKey, gaps: list[list[float]]) -> list[tuple[LaneKey, list[datetime]]]:
    passed = []
    for mine in gaps:
        at = [MONDAY]
        for hours in mine:
            at.append(at[-1] + timedelta(hours=hours))
        passed.append((lane, at))
    return passed


class TestNormals:
    def test_the_slowest_of_a_lane_say_what_is_usual(self) -> None:
        every_day = Calendar(weekmask="1111111", time_zone="UTC")
        passed = parcels_of(LANE, [[10.0, float(hours)] for hours in range(1, 101)])
        normal = normals_of(passed, WorkedTime(every_day))[LANE]
        assert normal.parcels == 100
        assert (normal.usual_silence_hours(5), normal.usual_silence_hours(10)) == (96.0, 91.0)
        assert normal.usual_silence_hours(60) == max(LEAST_SILENCE_HOURS, 41.0)

    def test_with_little_data_nothing_is_said_of_the_lane(self) -> None:
        passed = parcels_of(LANE, [[10.0]] * (TELLING - 1)) + parcels_of(
            LaneKey("gls", "Parcel", "DE", "IT"), [[9.0]]
        )
        assert set(normals_of(passed, WorkedTime(WEEKDAYS))) == {LaneKey("gls"), LaneKey()}

    @given(st.lists(st.lists(st.floats(0, 400), min_size=1, max_size=6), min_size=TELLING, max_size=80))
    def test_fewer_are_slower_than_more_and_shares_are_shares(self, gaps: list[list[float]]) -> None:
        normal = normals_of(parcels_of(LANE, gaps), WorkedTime(WEEKDAYS))[LANE]
        limits = [normal.usual_silence_hours(percent) for percent in SLOWEST]
        assert limits == sorted(limits, reverse=True)
        assert 0 < normal.still_share <= 1


def on_its_way(number: int, *, still: bool, lane: LaneKey = LANE, place: str = "NEUENSTEIN, DE") -> OnItsWay:
    return OnItsWay(
        parcel_id=UUID(int=number), lane=lane, stands_still=still, chance=0.05, since_at=MONDAY, place=place
    )


def many(count: int, still: int, *, first: int = 0, **told: Any) -> list[OnItsWay]:
    return [on_its_way(first + index, still=index < still, **told) for index in range(count)]


class TestFinding:
    def test_a_lane_that_stands_still_is_one_incident_with_those_concerned(self) -> None:
        (found,) = find(many(20, 15), fewest=8)
        assert (found.scope, found.lane, found.place, found.watched) == (
            Scope.LANE,
            LANE,
            "NEUENSTEIN, DE",
            20,
        )
        assert found.parcels == {UUID(int=index) for index in range(15)}

    def test_two_lanes_of_a_carrier_are_the_carrier_and_its_other_lanes_with_them(self) -> None:
        others = [LaneKey("gls", "Parcel", "DE", country) for country in ("IT", "FR")]
        parcels = (
            many(20, 18) + many(20, 18, first=100, lane=others[0]) + many(4, 3, first=200, lane=others[1])
        )
        (found,) = find(parcels, fewest=8)
        assert (found.scope, found.lane, len(found.parcels)) == (Scope.CARRIER, LaneKey("gls"), 39)

    def test_a_hub_that_stands_still_is_found_where_its_lanes_move(self) -> None:
        lanes = [LaneKey("gls", "Parcel", "DE", country) for country in ("IT", "FR", "ES", "NL")]
        parcels = []
        for index, lane in enumerate(lanes):
            parcels += many(5, 5, first=index * 100, lane=lane)
            parcels += many(30, 1, first=index * 100 + 50, lane=lane, place="ELSEWHERE, DE")
        (found,) = find(parcels, fewest=8)
        assert (found.scope, found.place, len(found.parcels)) == (Scope.HUB, "NEUENSTEIN, DE", 20)

    @pytest.mark.parametrize(("count", "still"), [(20, 1), (200, 12), (7, 7), (100, 30)])
    def test_what_chance_few_or_a_part_explain_is_none(self, count: int, still: int) -> None:
        assert find(many(count, still), fewest=8) == []

    @given(st.integers(0, 2**32), st.integers(1, 400))
    def test_what_stands_still_by_chance_alone_never_is_one(self, seed: int, count: int) -> None:
        dice = Random(seed)
        assert find([on_its_way(index, still=dice.random() < 0.05) for index in range(count)], fewest=8) == []

    @given(
        st.lists(st.tuples(st.booleans(), st.sampled_from("ABC"), st.sampled_from("XY")), max_size=60),
        st.randoms(),
    )
    def test_order_does_not_matter_and_nobody_is_in_two(
        self, told: list[tuple[bool, str, str]], dice: Random
    ) -> None:
        parcels = [
            on_its_way(index, still=still, lane=LaneKey("gls", "", "DE", to), place=place)
            for index, (still, to, place) in enumerate(told)
        ]
        found = find(parcels, fewest=8)
        concerned = [parcel_id for one in found for parcel_id in one.parcels]
        assert len(concerned) == len(set(concerned))
        dice.shuffle(parcels)
        assert find(parcels, fewest=8) == found

    @given(st.integers(1, 300), st.integers(0, 300), st.floats(0.01, 0.5))
    def test_the_bound_is_a_chance_and_more_are_less_likely(
        self, among: int, count: int, chance: float
    ) -> None:
        count = min(count, among)
        assert 0 <= chance_of(count, among, chance) <= 1
        if count < among:
            assert chance_of(count + 1, among, chance) <= chance_of(count, among, chance) + 1e-12


class TestSteps:
    def held(self, found: Found) -> OpenIncident:
        return OpenIncident(
            id=UUID(int=9999),
            scope=found.scope,
            lane=found.lane,
            place=found.place,
            members=dict.fromkeys(found.parcels, MONDAY),
        )

    def test_the_same_again_changes_nothing_and_it_ends_when_half_move(self) -> None:
        parcels = many(20, 16)
        moving = {one.parcel_id: one for one in parcels}
        (found,) = find(parcels, fewest=8)
        assert next_steps([found], [], moving).opened == [found]
        held = self.held(found)
        again = next_steps([found], [held], moving)
        assert (again.opened, again.going_on, again.over) == ([], {held.id: found.parcels}, [])
        left = {parcel_id: one for parcel_id, one in moving.items() if parcel_id.int >= 9}
        over = next_steps([], [held], left)
        assert (over.opened, over.going_on, over.over) == ([], {}, [held.id])

    def test_one_within_another_that_goes_on_is_not_opened(self) -> None:
        parcels = many(20, 16)
        (found,) = find(parcels, fewest=8)
        wider = OpenIncident(
            id=UUID(int=1),
            scope=Scope.CARRIER,
            lane=LaneKey("gls"),
            place="",
            members=dict.fromkeys(found.parcels, MONDAY),
        )
        steps = next_steps([found], [wider], {one.parcel_id: one for one in parcels})
        assert (steps.opened, set(steps.going_on), steps.over) == ([], {wider.id}, [])


@pytest.mark.django_db
def test_a_strike_is_one_incident_and_not_an_exception_each_and_ends_by_itself(merchant: Any) -> None:
    normal = LaneNormal(60, tuple(60.0 for _ in SLOWEST), 30.0, 0.05)
    with merchant_scope(merchant.id):
        LaneNormalRow(
            carrier="", service="", origin_country="", destination_country="", parcels=normal.parcels,
            longest_hours=list(normal.longest_hours), still_after_hours=normal.still_after_hours, still_share=normal.still_share,
        ).save(force_insert=True)  # fmt: skip
        from aftermile.capabilities.exceptions.models import Watch
        from aftermile.capabilities.exceptions.operations.facts import take_watch

        take_watch()
        Watch.rows().update(normals_on=day(4).date())
        ids = [tell_scans(f"N{index}", scan(0), at=day(0)) for index in range(12)]
    for _ in range(2):
        watch(merchant.id, at=day(4))
    with merchant_scope(merchant.id):
        (one,) = incidents()
        assert (one.scope, one.carrier, one.standing, one.place) == ("lane", "ups", 12, "LEIPZIG, DE")
        assert exceptions_of(parcel_ids=ids) == []
        assert [parcel.parcel_id for parcel in incident(one.id).parcels] == sorted(ids)
        Watch.rows().update(normals_on=day(5).date())
        for index in range(9):
            tell_scans(f"N{index}", scan(4.5, SubStatus.ARRIVED_AT_FACILITY, "Madrid"), at=day(5))
    watch(merchant.id, at=day(5))
    with merchant_scope(merchant.id):
        assert incidents() == []
        assert Incident.rows().get().ended_at == day(5)
        assert IncidentParcel.rows().filter(left_at=None).count() == 0
        assert {view.kind for view in exceptions_of(parcel_ids=ids)} == {Kind.STALLED}
        assert len(exceptions_of(parcel_ids=ids)) == 3
    told = [name for name in log_types(merchant) if name.startswith("incident")]
    assert told == ["incident.opened", "incident.ended"]
