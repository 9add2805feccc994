"""Verdicts: what holds of all of them, whatever the facts."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.messaging.explaining import SENTENCES, say_check
from aftermile.capabilities.messaging.policy import CheckName, Decision, Facts, decide, read, written
from aftermile.capabilities.messaging.progress import fold
from aftermile.capabilities.messaging.quiet import QuietHours, over_at, zone_for
from aftermile.capabilities.messaging.retrying import MOST_TRIES, pause_after
from aftermile.capabilities.messaging.settings import MessagingSettings
from aftermile.capabilities.messaging.states import MOVES, SCOPES, Mood, Purpose, Status, SuppressedFor
from aftermile.connectors.contracts.channels import Fate

moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Apia", "Australia/Lord_Howe", "UTC"]
).map(ZoneInfo)
walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))
quiet_hours = st.builds(QuietHours, walls, walls)
facts = st.builds(
    Facts,
    at=moments,
    purpose=st.sampled_from(Purpose),
    mood=st.sampled_from(Mood),
    address=st.sampled_from(["", "ana@shopper.example"]),
    settings=st.builds(
        MessagingSettings,
        cap_count=st.integers(0, 3),
        cap_days=st.integers(1, 30),
        transactional_may_wake=st.booleans(),
        bad_news_may_wake=st.booleans(),
    ),
    zone=zones,
    quiet=quiet_hours,
    erased=st.booleans(),
    suppressed=st.lists(st.sampled_from([(each, SCOPES[each]) for each in SuppressedFor]), max_size=2),
    consent=st.sampled_from([None, True, False]),
    trouble=st.sampled_from([(), ("parcel:late",)]),
    counted=st.lists(moments, max_size=5),
    expires_at=st.none() | moments,
)


@given(facts)
def test_every_check_is_made_and_says_what_it_found(known: Facts) -> None:
    verdict = decide(known)
    assert [check.name for check in verdict.checks] == [
        each for each in CheckName if each is not CheckName.CONTENT
    ]
    assert read(written(verdict.checks)) == verdict.checks
    for check in verdict.checks:
        assert (check.name, check.detail) in SENTENCES
        assert "{" not in say_check(check)


@given(facts)
def test_what_is_withheld_has_a_reason_and_what_is_not_has_none(known: Facts) -> None:
    verdict = decide(known)
    failed = [check.name for check in verdict.checks if not check.passed and check.name != "quiet_hours"]
    assert (verdict.decision is Decision.WITHHOLD) == bool(failed)
    assert verdict.reason == (failed[0] if failed else None)


@given(facts)
def test_nothing_is_sent_too_soon_nor_at_night_unless_it_cannot_wait(known: Facts) -> None:
    verdict = decide(known)
    if verdict.decision is Decision.WITHHOLD:
        return
    assert verdict.at >= known.at
    assert (verdict.decision is Decision.POSTPONE) == (verdict.at > known.at)
    wakes = (known.purpose is Purpose.TRANSACTIONAL and known.settings.transactional_may_wake) or (
        known.mood is Mood.BAD_NEWS and known.settings.bad_news_may_wake
    )
    if not wakes:
        assert over_at(verdict.at, known.quiet, known.zone) is None
    if known.expires_at is not None:
        assert verdict.at < known.expires_at


@given(facts)
def test_nothing_optional_goes_to_who_refused_and_no_cheer_to_who_is_in_trouble(known: Facts) -> None:
    if decide(known).decision is Decision.WITHHOLD:
        return
    assert known.address
    assert not known.erased
    if known.purpose is not Purpose.TRANSACTIONAL:
        assert known.consent is not False
        assert not known.suppressed
    if known.purpose is Purpose.MARKETING:
        assert known.consent is True
    if known.trouble:
        assert known.mood is not Mood.CHEERFUL
        assert known.purpose is not Purpose.MARKETING or known.mood is Mood.BAD_NEWS


@given(st.lists(moments, max_size=20), st.integers(1, 4), st.integers(1, 30))
def test_no_days_in_a_row_hold_more_than_the_cap(asked: list[datetime], most: int, days: int) -> None:
    sent: list[datetime] = []
    for at in sorted(asked):
        verdict = decide(
            Facts(
                at=at,
                purpose=Purpose.SERVICE,
                mood=Mood.NEUTRAL,
                address="ana@shopper.example",
                settings=MessagingSettings(cap_count=most, cap_days=days),
                zone=ZoneInfo("UTC"),
                quiet=QuietHours(time(0), time(0)),
                counted=tuple(sent),
            )
        )
        if verdict.decision is Decision.SEND:
            sent.append(verdict.at)
    for first in sent:
        assert sum(first <= each < first + timedelta(days=days) for each in sent) <= most


@given(moments, quiet_hours, zones)
def test_the_end_of_the_night_is_its_first_minute_outside(
    at: datetime, hours: QuietHours, zone: ZoneInfo
) -> None:
    end = over_at(at, hours, zone)
    if end is None:
        return
    assert at < end <= at + timedelta(hours=26)
    assert over_at(end, hours, zone) is None


@pytest.mark.parametrize(
    ("at", "end"),
    [
        # Clocks go forward in Berlin on 29 March 2026, back on 25 October.
        (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 6, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 7, 0, tzinfo=UTC)),
        (datetime(2026, 6, 1, 5, 59, tzinfo=UTC), datetime(2026, 6, 1, 6, 0, tzinfo=UTC)),
        (datetime(2026, 6, 1, 6, 0, tzinfo=UTC), None),
        (datetime(2026, 6, 1, 18, 59, tzinfo=UTC), None),
        (datetime(2026, 6, 1, 19, 0, tzinfo=UTC), datetime(2026, 6, 2, 6, 0, tzinfo=UTC)),
    ],
)
def test_nights_in_berlin(at: datetime, end: datetime | None) -> None:
    assert over_at(at, QuietHours(time(21), time(8)), ZoneInfo("Europe/Berlin")) == end


@pytest.mark.parametrize(
    ("country", "shop_zone", "chosen", "zone"),
    [
        ("JP", "Europe/Berlin", "", "Asia/Tokyo"),
        ("us", "Europe/Berlin", "", "America/New_York"),
        ("US", "America/Denver", "", "America/Denver"),
        ("DE", "Europe/Berlin", "", "Europe/Berlin"),
        ("", "Europe/Berlin", "", "Europe/Berlin"),
        ("XX", "Europe/Berlin", "", "Europe/Berlin"),
        ("JP", "Europe/Berlin", "Asia/Dubai", "Asia/Dubai"),
    ],
)
def test_whose_clock(country: str, shop_zone: str, chosen: str, zone: str) -> None:
    assert zone_for(country, shop_zone=shop_zone, chosen=chosen).key == zone


told = st.lists(st.tuples(st.sampled_from(Fate), moments), max_size=12)


@given(told, st.randoms(use_true_random=False))
def test_what_is_told_in_any_order_and_twice_comes_to_the_same_fate(
    facts_told: list[tuple[Fate, datetime]], chance: object
) -> None:
    doubled = facts_told * 2
    chance.shuffle(doubled)  # type: ignore[attr-defined]
    assert fold(doubled) == fold(facts_told)


def test_a_letter_that_came_back_did_not_arrive_but_one_that_was_read_did() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    assert fold([(Fate.DELIVERED, at), (Fate.BOUNCED, at)]).fate is Fate.BOUNCED
    assert fold([(Fate.OPENED, at), (Fate.BOUNCED, at)]).fate is Fate.OPENED
    assert fold([]).fate is None


def test_pauses_grow_and_end() -> None:
    pauses = [pause for tries in range(1, MOST_TRIES) if (pause := pause_after(tries)) is not None]
    assert len(pauses) == MOST_TRIES - 1
    assert all(one < other for one, other in pairwise(pauses))
    assert pause_after(MOST_TRIES) is None


def test_every_status_says_what_may_follow() -> None:
    assert set(MOVES) == set(Status)
