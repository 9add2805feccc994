"""When to try again, rest, and stop: as published, and never sooner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from aftermile.doors.webhooks.policy import (
    DEAD_AFTER,
    LONGEST_REST,
    LONGEST_RETRY_AFTER,
    PAUSES,
    Outcome,
    Record,
    next_attempt_at,
    reason_to_disable,
    rest_until,
    retry_after,
)
from aftermile.doors.webhooks.states import DisabledReason, Format
from tests.conftest import NOON

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)


def outcome(status_code: int | None = 500, **fields: object) -> Outcome:
    return Outcome(begun_at=NOON, duration=timedelta(), status_code=status_code, **fields)  # type: ignore[arg-type]


def pauses(format_: Format) -> list[timedelta]:
    found = []
    while (
        moment := next_attempt_at(format_, tries=len(found) + 1, outcome=outcome(), chance=0.0)
    ) is not None:
        found.append(moment - NOON)
    return found


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    assert pauses(Format.STANDARD) == [
        *(5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR),
        *(10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR),
    ]


def test_the_aftership_schedule_is_fourteen_attempts_of_doubling_pauses() -> None:
    found = pauses(Format.AFTERSHIP)
    assert [pause / SECOND for pause in found[:4]] == [30, 60, 120, 240]
    assert (len(found) + 1, found[-1] / SECOND) == (14, 122_880)


@given(
    some.sampled_from(Format),
    some.integers(1, 20),
    some.floats(0, 1),
    some.none() | some.timedeltas(timedelta(), LONGEST_RETRY_AFTER),
)
def test_no_try_comes_before_its_pause_or_before_the_receiver_asked_for_it(
    format_: Format, tries: int, chance: float, asked: timedelta | None
) -> None:
    moment = next_attempt_at(format_, tries=tries, outcome=outcome(retry_after=asked), chance=chance)
    if tries > len(PAUSES[format_]):
        assert moment is None
        return
    assert moment is not None
    pause = PAUSES[format_][tries - 1]
    assert moment - NOON >= max(pause, asked or timedelta())
    assert moment - NOON <= max(pause * 1.1, asked or timedelta()) + SECOND


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", 120 * SECOND),
        ("0", timedelta()),
        (" 7 ", 7 * SECOND),
        ("999999999999", LONGEST_RETRY_AFTER),
        (format_datetime(NOON + HOUR, usegmt=True), HOUR),
        (format_datetime(NOON - HOUR, usegmt=True), timedelta()),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_retry_after_is_read(text: str, wait: timedelta | None) -> None:
    assert retry_after({"retry-after": text}, at=NOON) == wait


@given(some.text(max_size=40))
def test_any_retry_after_is_read_or_ignored(text: str) -> None:
    wait = retry_after({"retry-after": text}, at=NOON)
    assert wait is None or timedelta() <= wait <= LONGEST_RETRY_AFTER


@pytest.mark.parametrize("status_code", [None, 429, 502, 503, 504])
def test_an_endpoint_that_is_away_or_overloaded_rests_at_once(status_code: int | None) -> None:
    rests = [rest_until(failures=count, outcome=outcome(status_code)) for count in range(1, 11)]
    assert [rest and (rest - NOON) / SECOND for rest in rests] == [
        *(5, 10, 20, 40, 80, 160, 320, 640),
        *(900, 900),
    ]


@pytest.mark.parametrize("status_code", [301, 400, 404, 500])
def test_one_that_answers_errors_may_dislike_the_message_alone(status_code: int) -> None:
    rests = [rest_until(failures=count, outcome=outcome(status_code)) for count in range(1, 6)]
    assert rests == [None, None, None, None, NOON + 80 * SECOND]


def test_it_may_ask_for_a_longer_rest_itself() -> None:
    assert rest_until(failures=1, outcome=outcome(429, retry_after=HOUR)) == NOON + HOUR


@given(some.integers(1, 10_000))
def test_a_rest_is_short_however_long_it_has_failed(failures: int) -> None:
    rest = rest_until(failures=failures, outcome=outcome(None))
    assert rest is not None
    assert rest - NOON <= LONGEST_REST


def reason(
    status_code: int | None = 500,
    *,
    failures: int = 1,
    failing_for: timedelta = timedelta(),
    last_success_at: datetime | None = None,
    exhausted: bool = False,
) -> DisabledReason | None:
    return reason_to_disable(
        Record(failures=failures, failing_since=NOON - failing_for, last_success_at=last_success_at),
        outcome=outcome(status_code),
        exhausted=exhausted,
        queued_at=NOON - 3 * DAY,
    )


def test_gone_is_gone() -> None:
    assert reason(410) is DisabledReason.GONE


def test_an_endpoint_that_took_nothing_through_all_attempts_of_a_message_is_dead() -> None:
    assert reason(exhausted=True) is DisabledReason.EXHAUSTED
    assert reason(exhausted=True, last_success_at=NOON - 4 * DAY) is DisabledReason.EXHAUSTED


def test_one_that_took_others_meanwhile_is_not() -> None:
    assert reason(exhausted=True, last_success_at=NOON - DAY) is None


def test_failing_for_days_is_dead_but_not_two_failures_days_apart() -> None:
    assert reason(failing_for=DEAD_AFTER, failures=10) is DisabledReason.FAILING
    assert reason(failing_for=DEAD_AFTER, failures=2) is None
    assert reason(failing_for=DEAD_AFTER - HOUR, failures=500) is None


def test_moments_are_counted_from_the_end_of_an_attempt() -> None:
    slow = Outcome(begun_at=datetime(2026, 1, 1, tzinfo=UTC), duration=15 * SECOND, error="timed_out")
    moment = next_attempt_at(Format.STANDARD, tries=1, outcome=slow, chance=0.0)
    assert moment == datetime(2026, 1, 1, 0, 0, 20, tzinfo=UTC)
