"""Facts in, verdicts out: each kind from its story, and what never changes a verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.exceptions.kinds import DELAYS, REPORTED, Group, Kind, Severity, kinds_of
from aftermile.capabilities.exceptions.policy import (
    STALE_DAYS,
    Ended,
    Held,
    OrderFacts,
    ParcelFacts,
    Reason,
    Step,
    Today,
    Verdict,
    how_it_ended,
    judge,
    judge_order,
    next_step,
)
from aftermile.capabilities.exceptions.states import BY_A_PERSON, MOVES, Act, Ending, State
from aftermile.capabilities.exceptions.thresholds import (
    Thresholds,
    ThresholdsUnreadable,
    read_thresholds,
)
from aftermile.connectors.contracts.words import Cause, Milestone, SubStatus
from aftermile.kernel.calendars import Calendar
from aftermile.kernel.ids import uuid7

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # no public holiday in Germany until April 3
DEFAULTS = Thresholds()


def day(count: float) -> datetime:
    """The moment that many days after Monday at nine."""
    return MONDAY + timedelta(days=count)


def today(count: int) -> Today:
    calendar = Calendar(country="DE", time_zone="Europe/Berlin")
    return Today(day(count).date(), calendar)


def moving(**known: Any) -> ParcelFacts:
    """A parcel that was handed over and last scanned on Monday."""
    plain: dict[str, Any] = {
        "milestone": Milestone.IN_TRANSIT,
        "sub_status": SubStatus.DEPARTED_FACILITY,
        "announced_at": day(-1),
        "handed_over_at": MONDAY,
        "reached_at": MONDAY,
        "last_seen_at": MONDAY,
    }
    return ParcelFacts(**plain | known)


def labelled(**known: Any) -> ParcelFacts:
    """A parcel of which there is a label since Monday and nothing else."""
    plain = {
        "milestone": Milestone.INFO_RECEIVED,
        "sub_status": SubStatus.LABEL_CREATED,
        "announced_at": MONDAY,
        "last_seen_at": MONDAY,
    }
    return ParcelFacts(**plain | known)


def reported(sub_status: SubStatus, **known: Any) -> ParcelFacts:
    return moving(milestone=sub_status.milestone, sub_status=sub_status, cause=sub_status.cause, **known)


def verdict_on(facts: ParcelFacts, count: int, thresholds: Thresholds = DEFAULTS) -> Verdict | None:
    return judge(facts, thresholds, today(count))


def kind_on(facts: ParcelFacts, count: int, thresholds: Thresholds = DEFAULTS) -> Kind | None:
    found = verdict_on(facts, count, thresholds)
    return found.kind if found else None


def the_verdict(facts: ParcelFacts, count: int) -> Verdict:
    found = verdict_on(facts, count)
    assert found is not None
    return found


class TestSilence:
    def test_a_domestic_parcel_is_stalled_on_the_third_business_day_and_probably_lost_on_the_seventh(
        self,
    ) -> None:
        kinds = [kind_on(moving(), count) for count in range(9)]
        assert kinds == [None] * 3 + [Kind.STALLED] * 4 + [Kind.PROBABLY_LOST] * 2

    def test_a_parcel_abroad_may_be_silent_for_longer(self) -> None:
        abroad = moving(is_international=True)
        assert [kind_on(abroad, count) for count in (4, 6, 7, 19, 20)] == [
            None, None, Kind.STALLED, Kind.STALLED, Kind.PROBABLY_LOST,
        ]  # fmt: skip

    def test_a_weekend_is_no_silence(self) -> None:
        on_friday = moving(last_seen_at=day(4), reached_at=day(4))
        assert [kind_on(on_friday, count) for count in (6, 7, 8, 9)] == [None, None, None, Kind.STALLED]

    def test_it_says_how_long_and_since_when_that_is_unusual(self) -> None:
        found = the_verdict(moving(), 5)
        assert (found.reason, found.days, found.since_at, found.unusual_from, found.severity) == (
            Reason.NO_SCAN, 5, MONDAY, date(2026, 3, 5), Severity.LATE,
        )  # fmt: skip

    def test_the_thresholds_are_the_merchants(self) -> None:
        patient = read_thresholds({"stalled_domestic_business_days": 6, "lost_domestic_days": 30})
        assert [kind_on(moving(), count, patient) for count in (7, 8, 29, 30)] == [
            None, Kind.STALLED, Kind.STALLED, Kind.PROBABLY_LOST,
        ]  # fmt: skip

    def test_what_went_silent_long_ago_opens_nothing(self) -> None:
        assert the_verdict(moving(), STALE_DAYS).opens
        assert not the_verdict(moving(), STALE_DAYS + 1).opens


class TestTheHandOver:
    def test_a_label_without_a_parcel_is_looked_for_after_four_business_days(self) -> None:
        kinds = [kind_on(labelled(), count) for count in (3, 4, 5)]
        assert kinds == [None, Kind.NEVER_HANDED_OVER, Kind.NEVER_HANDED_OVER]

    def test_a_cancelled_order_needs_no_hand_over(self) -> None:
        assert kind_on(labelled(cancelled=True), 9) is None

    def test_one_the_carrier_gave_up_was_lost_or_never_there(self) -> None:
        assert kind_on(labelled(milestone=Milestone.EXPIRED), 30) is Kind.NEVER_HANDED_OVER
        assert kind_on(moving(milestone=Milestone.EXPIRED), 30) is Kind.PROBABLY_LOST


class TestLateness:
    def test_it_is_late_on_the_day_after_the_promise(self) -> None:
        promised = moving(promised_latest=day(1).date(), last_seen_at=day(1))
        assert [kind_on(promised, count) for count in (1, 2)] == [None, Kind.LATE]
        found = the_verdict(promised, 3)
        assert (found.reason, found.days, found.days_late, found.severity) == (
            Reason.PROMISE_PASSED, 2, 2, Severity.LATE,
        )  # fmt: skip

    def test_it_is_late_as_soon_as_the_carrier_expects_it_later(self) -> None:
        facts = moving(promised_latest=day(3).date(), estimate_latest=day(8).date())
        found = the_verdict(facts, 0)
        assert (found.kind, found.reason, found.days) == (Kind.LATE, Reason.ESTIMATE_BEYOND_PROMISE, 5)
        assert found.severity is Severity.LATE
        by_a_day = replace(facts, estimate_latest=day(4).date())
        assert the_verdict(by_a_day, 0).severity is Severity.WATCH

    def test_an_estimate_within_the_promise_is_not_late(self) -> None:
        facts = moving(promised_latest=day(3).date(), estimate_latest=day(3).date())
        assert kind_on(facts, 0) is None

    def test_without_a_promise_the_carriers_own_day_counts(self) -> None:
        facts = moving(estimate_latest=day(1).date(), last_seen_at=day(1))
        assert [kind_on(facts, count) for count in (1, 2)] == [None, Kind.LATE]
        assert the_verdict(facts, 2).reason is Reason.ESTIMATE_PASSED

    def test_on_the_van_today_there_is_nothing_to_be_done(self) -> None:
        van = moving(
            milestone=Milestone.OUT_FOR_DELIVERY,
            sub_status=SubStatus.OUT_FOR_DELIVERY,
            promised_latest=day(0).date(),
            last_seen_at=day(2),
        )
        assert [kind_on(van, count) for count in (2, 3)] == [None, Kind.LATE]

    @pytest.mark.parametrize("delay", sorted(DELAYS))
    def test_a_delay_the_carrier_reports_is_one_unless_the_promise_holds(self, delay: SubStatus) -> None:
        assert kind_on(reported(delay), 0) is Kind.LATE
        assert kind_on(reported(delay, promised_latest=day(9).date()), 0) is None
        assert kind_on(reported(delay, promised_latest=day(9).date()), 4) is Kind.STALLED

    def test_a_late_parcel_that_is_also_silent_is_said_once_and_gravest(self) -> None:
        found = the_verdict(moving(promised_latest=day(1).date()), 5)
        assert (found.kind, found.days, found.days_late) == (Kind.STALLED, 5, 4)


class TestReportedProblems:
    @pytest.mark.parametrize(("sub_status", "kind"), sorted(REPORTED.items()))
    def test_each_problem_is_its_kind_at_once(self, sub_status: SubStatus, kind: Kind) -> None:
        found = the_verdict(reported(sub_status), 0)
        assert (found.kind, found.reason, found.since_at) == (kind, Reason.REPORTED, MONDAY)

    def test_every_exception_of_the_vocabulary_is_a_kind_or_a_delay(self) -> None:
        known = {sub for sub in SubStatus if sub.milestone is Milestone.EXCEPTION}
        assert known == set(REPORTED) | DELAYS

    def test_who_caused_it_is_the_carriers_word_else_the_tables(self) -> None:
        assert the_verdict(reported(SubStatus.DOCUMENTS_MISSING), 0).cause is Cause.MERCHANT
        assert the_verdict(reported(SubStatus.EXCEPTION), 0).cause is Cause.CARRIER

    def test_a_vague_problem_followed_by_silence_is_probably_a_loss_but_customs_are_slow(self) -> None:
        assert kind_on(reported(SubStatus.HELD), 8) is Kind.PROBABLY_LOST
        assert kind_on(reported(SubStatus.CUSTOMS_DELAY), 8) is Kind.HELD_AT_CUSTOMS

    def test_one_failed_attempt_is_the_carriers_business_two_are_ours(self) -> None:
        once = reported(SubStatus.ADDRESSEE_UNAVAILABLE, attempt_count=1)
        assert [kind_on(once, count) for count in (0, 1, 2)] == [None, None, Kind.DELIVERY_FAILED]
        assert kind_on(replace(once, attempt_count=2), 0) is Kind.DELIVERY_FAILED

    def test_a_second_attempt_is_another_occurrence(self) -> None:
        first = reported(SubStatus.ATTEMPT_FAILED, attempt_count=2)
        assert the_verdict(first, 0).episode != the_verdict(replace(first, reached_at=day(1)), 1).episode

    def test_it_waits_at_a_pickup_point_for_five_days(self) -> None:
        facts = reported(SubStatus.AVAILABLE_FOR_PICKUP)
        assert [kind_on(facts, count) for count in (4, 5)] == [None, Kind.PICKUP_WAITING]

    def test_on_its_way_back_and_back_are_one_occurrence(self) -> None:
        going = the_verdict(reported(SubStatus.RETURNING), 0)
        back = the_verdict(reported(SubStatus.RETURNED, reached_at=day(5)), 5)
        assert (going.kind, back.kind) == (Kind.RETURNING, Kind.RETURNING)
        assert going.episode == back.episode


class TestOrders:
    def order(self, **known: Any) -> OrderFacts:
        return OrderFacts(**{"placed_at": MONDAY, "waits": True, "shipped": False} | known)

    def test_an_order_nothing_was_shipped_of_is_looked_for_after_three_business_days(self) -> None:
        assert judge_order(self.order(), DEFAULTS, today(2)) is None
        found = judge_order(self.order(), DEFAULTS, today(3))
        assert found is not None
        assert (found.kind, found.days, found.severity) == (Kind.NOT_SHIPPED, 3, Severity.WATCH)

    def test_it_is_graver_when_it_should_have_arrived(self) -> None:
        found = judge_order(self.order(promised_latest=day(3).date()), DEFAULTS, today(4))
        assert found is not None
        assert (found.severity, found.days_late) == (Severity.LATE, 1)

    def test_a_shipped_or_unpaid_one_needs_nobody(self) -> None:
        assert judge_order(self.order(shipped=True), DEFAULTS, today(9)) is None
        assert judge_order(self.order(waits=False), DEFAULTS, today(9)) is None


@pytest.mark.parametrize(
    ("known", "ending"),
    [
        ({"milestone": Milestone.DELIVERED}, Ending.DELIVERED),
        ({"last_seen_at": day(1)}, Ending.MOVED),
        ({"withdrawn": True}, Ending.WITHDRAWN),
        ({"cancelled": True}, Ending.CANCELLED),
        ({}, Ending.NO_LONGER),
    ],
)
def test_it_says_how_it_ended(known: dict[str, Any], ending: Ending) -> None:
    assert how_it_ended(moving(**known), last_seen_at=MONDAY) is ending


@pytest.mark.parametrize(
    "known",
    [
        {"is_return": True},
        {"withdrawn": True},
        {"milestone": Milestone.DELIVERED},
        {"milestone": Milestone.CANCELLED},
    ],
)
def test_these_need_nobody_however_long_it_takes(known: dict[str, Any]) -> None:
    assert kind_on(moving(promised_latest=day(1).date(), **known), 50) is None


class TestTables:
    def test_every_kind_is_in_one_group_and_no_group_is_empty(self) -> None:
        assert [kind for group in Group for kind in kinds_of(group)] == sorted(
            Kind, key=lambda kind: (list(Group).index(kind.group), list(Kind).index(kind))
        )
        assert all(kinds_of(group) for group in Group)

    def test_every_act_of_people_has_its_moves(self) -> None:
        assert set(MOVES) == set(Act) - {Act.UNDO}

    @pytest.mark.parametrize(
        "given_",
        [
            {"stalled": 3},
            {"late_by_days": 0},
            {"late_by_days": 61},
            {"late_by_days": "2"},
            {"late_by_days": True},
        ],
    )
    def test_thresholds_that_are_none_are_named(self, given_: dict[str, object]) -> None:
        with pytest.raises(ThresholdsUnreadable) as refused:
            read_thresholds(given_)
        assert list(refused.value.details) == list(given_)

    def test_a_loss_cannot_come_before_the_silence(self) -> None:
        with pytest.raises(ThresholdsUnreadable):
            read_thresholds({"lost_domestic_days": 2})

    def test_only_what_differs_is_kept(self) -> None:
        assert read_thresholds({"late_by_days": 1, "pickup_waiting_days": 9}).changed == {
            "pickup_waiting_days": 9
        }


# --- properties -----------------------------------------------------------------------------------------

moments = st.integers(-30, 30).map(lambda hours: MONDAY + timedelta(hours=8 * hours))
dates = st.none() | st.integers(-10, 20).map(lambda count: day(count).date())
some_facts = st.builds(
    lambda sub_status, **known: ParcelFacts(
        milestone=sub_status.milestone, sub_status=sub_status, cause=sub_status.cause, **known
    ),
    sub_status=st.sampled_from(SubStatus),
    reached_at=st.none() | moments,
    announced_at=moments,
    handed_over_at=st.none() | moments,
    last_seen_at=st.none() | moments,
    attempt_count=st.integers(0, 4),
    estimate_latest=dates,
    promised_latest=dates,
    is_international=st.booleans(),
    is_return=st.booleans(),
    withdrawn=st.booleans(),
    cancelled=st.booleans(),
)
SILENCES = (None, Kind.STALLED, Kind.PROBABLY_LOST)


@given(facts=some_facts, count=st.integers(-20, 90))
def test_a_verdict_is_a_function_of_facts_and_day(facts: ParcelFacts, count: int) -> None:
    found = verdict_on(facts, count)
    assert found == verdict_on(facts, count)
    if found is not None:
        assert found.days >= 0
        assert found.days_late is None or found.days_late > 0


@given(facts=some_facts, count=st.integers(0, 60))
def test_waiting_alone_never_makes_a_silence_better(facts: ParcelFacts, count: int) -> None:
    facts = replace(
        facts, milestone=Milestone.IN_TRANSIT, sub_status=SubStatus.IN_TRANSIT, promised_latest=None
    )
    facts = replace(facts, estimate_latest=None)
    before, after = kind_on(facts, count), kind_on(facts, count + 1)
    assert SILENCES.index(before) <= SILENCES.index(after)


@given(
    facts=some_facts,
    counts=st.lists(st.integers(0, 40), min_size=1, max_size=8, unique=True).map(sorted),
)
def test_what_is_open_in_the_end_does_not_depend_on_how_often_it_was_judged(
    facts: ParcelFacts, counts: list[int]
) -> None:
    def live(days: list[int]) -> tuple[Kind, str] | None:
        held: Held | None = None
        for count in days:
            found = verdict_on(facts, count)
            step = next_step(found, held)
            if step in (Step.OPEN, Step.REPLACE, Step.KEEP, Step.WAKE):
                assert found is not None
                held = Held(
                    id=uuid7(), kind=found.kind, episode=found.episode, state=State.OPEN, handled_days=None
                )
            elif step is Step.RESOLVE:
                held = None
        return (held.kind, held.episode) if held else None

    assert live(counts) == live(counts[-1:])
    assert live(counts) == live([count for count in counts for _ in range(2)])


@given(facts=some_facts, count=st.integers(0, 40), ending=st.sampled_from(sorted(BY_A_PERSON)))
def test_what_a_person_ended_stays_ended_until_it_is_another_or_worse(
    facts: ParcelFacts, count: int, ending: Ending
) -> None:
    found = verdict_on(facts, count)
    if found is None:
        return
    ended = Ended(kind=found.kind, episode=found.episode, ending=ending, days=found.days, ended_at=day(count))
    assert next_step(found, None, [ended]) is Step.NOTHING
    anew = replace(found, episode="another", last_seen_at=day(count + 1), opens=True)
    assert next_step(anew, None, [ended]) is Step.OPEN


def test_told_of_a_delay_the_shopper_is_told_again_when_it_is_two_days_longer() -> None:
    facts = moving(promised_latest=day(3).date(), estimate_latest=day(5).date())
    told = the_verdict(facts, 0)
    ended = Ended(kind=told.kind, episode=told.episode, ending=Ending.CONTACTED, days=2, ended_at=MONDAY)
    longer = [replace(facts, estimate_latest=day(count).date()) for count in (6, 7)]
    assert [next_step(verdict_on(each, 0), None, [ended]) for each in longer] == [Step.NOTHING, Step.OPEN]


def test_what_was_put_off_wakes_when_it_gets_worse() -> None:
    found = the_verdict(moving(promised_latest=day(3).date(), estimate_latest=day(5).date()), 0)
    held = Held(id=uuid7(), kind=found.kind, episode=found.episode, state=State.SNOOZED, handled_days=2)
    assert next_step(found, held) is Step.KEEP
    assert next_step(replace(found, days=4), held) is Step.WAKE


def test_a_parcel_given_up_stays_so_until_it_is_seen_again() -> None:
    lost = the_verdict(reported(SubStatus.LOST, last_seen_at=day(8)), 8)
    given_up = Ended(
        kind=Kind.PROBABLY_LOST, episode="silent", ending=Ending.MARKED_LOST, days=8, ended_at=day(8)
    )
    assert next_step(lost, None, [given_up]) is Step.NOTHING
    assert next_step(replace(lost, last_seen_at=day(9)), None, [given_up]) is Step.OPEN
