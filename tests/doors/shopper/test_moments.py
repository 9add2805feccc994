"""Days in words, and the ruler under the headline."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from aftermile.doors.shopper.presenters.moments import Clock, ruler

CLOCK = Clock(datetime(2026, 12, 30, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin"))


def test_today_is_the_day_in_the_zone() -> None:
    assert CLOCK.today == date(2026, 12, 31)
    assert CLOCK.near_day(date(2026, 12, 31)) == "today"


def test_another_year_is_named() -> None:
    assert CLOCK.near_day(date(2027, 1, 1)) == "tomorrow, Friday"
    assert CLOCK.long_day(date(2027, 1, 4)) == "Monday, 4 January 2027"
    assert CLOCK.span(date(2026, 12, 31), date(2027, 1, 2)) == (
        "between Thursday, 31 December and Saturday, 2 January 2027"
    )


def test_a_moment_keeps_its_offset() -> None:
    moment = CLOCK.moment(datetime(2026, 7, 1, 10, 5, tzinfo=UTC))
    assert (moment.iso, moment.text) == ("2026-07-01T12:05+02:00", "Wed 1 Jul, 12:05")


@given(st.integers(-3, 30), st.integers(0, 9))
def test_the_ruler_shows_the_whole_window_or_nothing(ahead: int, length: int) -> None:
    today = date(2026, 5, 12)
    earliest = date.fromordinal(today.toordinal() + ahead)
    latest = date.fromordinal(earliest.toordinal() + length)
    days = ruler(earliest, latest, today)
    expected = [day.iso for day in days if day.is_expected]
    if days:
        assert 5 <= len(days) <= 7
        assert (expected[0], expected[-1], len(expected)) == (
            earliest.isoformat(),
            latest.isoformat(),
            length + 1,
        )
    else:
        assert latest < today or length > 4 or ahead + length > 14
