"""Days in words, and the ruler under the headline."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from aftermile.doors.shopper.presenters.moments import NO_RULER, Clock, ruler
from tests.doors.shopper.parcels import BERLIN, ENGLISH, NOW

CLOCK = Clock(datetime(2026, 12, 30, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin"), ENGLISH)
TUESDAY = Clock(NOW, BERLIN, ENGLISH)


def test_today_is_the_day_in_the_zone() -> None:
    assert CLOCK.today == date(2026, 12, 31)
    assert [CLOCK.away(date(2026, 12, day)) for day in (30, 31)] == [-1, 0]


def test_another_year_is_named() -> None:
    assert CLOCK.day(date(2026, 12, 31)) == "Thursday, 31 December"
    assert CLOCK.day(date(2027, 1, 4)) == "Monday, 4 January 2027"
    assert (
        CLOCK.days((date(2026, 12, 31), date(2027, 1, 2))) == "Thu, 31 Dec 2026\u2009–\u2009Sat, 2 Jan 2027"
    )


def test_a_moment_keeps_its_offset() -> None:
    moment = CLOCK.moment(datetime(2026, 7, 1, 10, 5, tzinfo=UTC))
    assert (moment.iso, moment.text) == ("2026-07-01T12:05+02:00", "Wed, 1 Jul, 12:05")


def test_the_ruler_shows_promise_and_estimate_by_side() -> None:
    shown = ruler(
        TUESDAY,
        expected=(date(2026, 5, 16), date(2026, 5, 16)),
        promised=(date(2026, 5, 13), date(2026, 5, 14)),
    )
    assert [(day.number, day.is_promised, day.is_expected, day.is_likely) for day in shown.days] == [
        (13, True, False, False),
        (14, True, False, False),
        (15, False, False, False),
        (16, False, True, True),
        (17, False, False, False),
    ]
    assert (shown.has_promised, shown.has_expected, shown.has_likely) == (True, False, True)


def test_a_promise_too_far_from_the_estimate_is_left_out() -> None:
    shown = ruler(
        TUESDAY,
        expected=(date(2026, 5, 25), date(2026, 5, 26)),
        promised=(date(2026, 5, 4), date(2026, 5, 5)),
    )
    assert not shown.has_promised
    assert shown.has_expected


def test_without_anything_to_wait_for_there_is_no_ruler() -> None:
    assert ruler(TUESDAY) is NO_RULER
    assert not NO_RULER


@given(st.integers(-3, 30), st.integers(0, 9), st.none() | st.tuples(st.integers(-9, 12), st.integers(0, 6)))
def test_the_ruler_shows_the_whole_window_or_nothing(
    ahead: int, length: int, promise: tuple[int, int] | None
) -> None:
    earliest = TUESDAY.today + timedelta(days=ahead)
    window = earliest, earliest + timedelta(days=length)
    promised = None
    if promise is not None:
        first = TUESDAY.today + timedelta(days=promise[0])
        promised = first, first + timedelta(days=promise[1])
    shown = ruler(TUESDAY, expected=window, promised=promised)
    if not shown:
        assert ahead + length < 0 or ahead + length > 21 or length > 8
        return
    expected = [day.iso for day in shown.days if day.is_expected]
    assert 5 <= len(shown.days) <= 9
    assert (expected[0], expected[-1], len(expected)) == (
        window[0].isoformat(), window[1].isoformat(), length + 1,
    )  # fmt: skip
    as_promised = [day.iso for day in shown.days if day.is_promised]
    if promised is not None and as_promised:
        assert (as_promised[0], as_promised[-1]) == (promised[0].isoformat(), promised[1].isoformat())
