"""Business days, cut-offs, and the days on which the clocks change."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.kernel.calendars import MOST_BUSINESS_DAYS, Calendar, CalendarUnknown, CutOff, ready_on

WEEK = Calendar()
GERMANY = Calendar(country="DE", time_zone="Europe/Berlin")
BERLIN = ZoneInfo("Europe/Berlin")
AT_TWO = CutOff(wall_time=time(14), time_zone="Europe/Berlin")

days = st.dates(date(2000, 1, 1), date(2060, 1, 1))
moments = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
calendars = st.builds(
    Calendar,
    country=st.sampled_from(["", "DE", "US", "JP"]),
    weekmask=st.sampled_from(["1111100", "1111110", "1111111", "0000001", "1111011"]),
    extra_holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 6, 30)), max_size=5),
    extra_workdays=st.frozensets(st.dates(date(2026, 7, 1), date(2026, 12, 31)), max_size=5),
)


def test_weekends_and_public_holidays_do_not_count() -> None:
    assert GERMANY.is_business_day(date(2026, 10, 2))
    assert not GERMANY.is_business_day(date(2026, 10, 3))  # a Saturday, and the Day of German Unity
    assert not GERMANY.is_business_day(date(2026, 12, 25))
    assert GERMANY.is_business_day(date(2026, 11, 2))


def test_a_subdivision_has_holidays_of_its_own() -> None:
    assumption = date(2025, 8, 15)

    assert GERMANY.is_business_day(assumption)
    assert not Calendar(country="DE", subdivision="SL").is_business_day(assumption)


def test_extra_days_override_week_and_holidays() -> None:
    calendar = Calendar(
        country="DE",
        extra_holidays=frozenset({date(2026, 12, 23)}),
        extra_workdays=frozenset({date(2026, 12, 20), date(2026, 12, 25)}),
    )

    assert not calendar.is_business_day(date(2026, 12, 23))
    assert calendar.is_business_day(date(2026, 12, 20))  # a Sunday
    assert calendar.is_business_day(date(2026, 12, 25))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 7, 3), 1, date(2026, 7, 6)),  # Friday to Monday
        (date(2026, 7, 4), 1, date(2026, 7, 6)),  # Saturday to Monday
        (date(2026, 7, 4), 0, date(2026, 7, 6)),
        (date(2026, 7, 3), 0, date(2026, 7, 3)),
        (date(2026, 7, 6), -1, date(2026, 7, 3)),
        (date(2026, 7, 5), -1, date(2026, 7, 3)),
        (date(2026, 7, 1), 10, date(2026, 7, 15)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
    ],
)
def test_adding_goes_from_business_day_to_business_day(start: date, count: int, end: date) -> None:
    assert WEEK.add_business_days(start, count) == end


def test_the_turn_of_the_year_knows_the_holidays_of_both_years() -> None:
    # Christmas on Friday and Saturday, New Year on Friday.
    assert GERMANY.add_business_days(date(2026, 12, 24), 5) == date(2027, 1, 4)
    assert GERMANY.business_days_between(date(2026, 12, 24), date(2027, 1, 4)) == 5


@given(calendars, days, st.integers(-60, 60).filter(bool))
def test_adding_ends_on_a_business_day_and_counting_undoes_it(
    calendar: Calendar, day: date, count: int
) -> None:
    end = calendar.add_business_days(day, count)

    assert calendar.is_business_day(end)
    assert calendar.business_days_between(day, end) == count


@given(calendars, days, st.integers(1, 30), st.integers(1, 30))
def test_adding_twice_is_adding_the_sum(calendar: Calendar, day: date, first: int, second: int) -> None:
    stepwise = calendar.add_business_days(calendar.add_business_days(day, first), second)

    assert stepwise == calendar.add_business_days(day, first + second)


@given(calendars, days, days, days)
def test_counts_add_up(calendar: Calendar, one: date, two: date, three: date) -> None:
    start, middle, end = sorted([one, two, three])
    middle, end = min(middle, start + timedelta(200)), min(end, start + timedelta(400))
    between = calendar.business_days_between

    assert between(start, middle) + between(middle, end) == between(start, end)
    assert between(start, start) == 0


def test_an_absurd_number_of_days_and_the_end_of_time_are_refused() -> None:
    with pytest.raises(ValueError, match="beyond"):
        WEEK.add_business_days(date(2026, 1, 1), MOST_BUSINESS_DAYS + 1)
    with pytest.raises(ValueError, match="calendar ends"):
        WEEK.add_business_days(date.max, 1)
    with pytest.raises(ValueError, match="calendar ends"):
        WEEK.add_business_days(date.min, -1)


@pytest.mark.parametrize(
    ("country", "subdivision", "place"),
    [("ZZ", "", "'ZZ'"), ("DE", "XX", "'DE-XX'")],
)
def test_an_unknown_place_is_named_when_first_asked_for(country: str, subdivision: str, place: str) -> None:
    calendar = Calendar(country=country, subdivision=subdivision)

    with pytest.raises(CalendarUnknown, match=place):
        calendar.check()
    with pytest.raises(CalendarUnknown, match=place):
        calendar.is_business_day(date(2026, 7, 1))


def test_known_places_pass_the_check() -> None:
    GERMANY.check()
    WEEK.check()


@pytest.mark.parametrize("country", ["Germany", "de", "DEU", "D"])
def test_a_country_is_written_as_its_code(country: str) -> None:
    with pytest.raises(CalendarUnknown, match="no country code"):
        Calendar(country=country)


@pytest.mark.parametrize("weekmask", ["", "1111", "0000000", "111110x", "11111000"])
def test_a_week_without_sense_is_refused(weekmask: str) -> None:
    with pytest.raises(CalendarUnknown, match="no week"):
        Calendar(weekmask=weekmask)


def test_contradictions_and_unknown_zones_are_refused() -> None:
    with pytest.raises(CalendarUnknown, match="2026-07-01 is listed both"):
        Calendar(extra_holidays=frozenset({date(2026, 7, 1)}), extra_workdays=frozenset({date(2026, 7, 1)}))
    for name in ("Europe/Atlantis", "", "../etc/passwd", "/etc/localtime"):
        with pytest.raises(CalendarUnknown, match="no time zone"):
            Calendar(time_zone=name)
    with pytest.raises(CalendarUnknown, match="no time zone"):
        CutOff(wall_time=time(14), time_zone="CEST+1")
    with pytest.raises(CalendarUnknown, match="Weekdays"):
        CutOff(wall_time=time(14), time_zone="UTC", by_weekday={7: None})


def test_a_day_is_one_at_the_place_of_the_calendar() -> None:
    late_evening = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

    assert GERMANY.day_of(late_evening) == date(2026, 7, 2)
    assert WEEK.day_of(late_evening) == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("local", "leaves"),
    [
        (datetime(2026, 7, 1, 13, 59, 59), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 14, 0, 0), date(2026, 7, 2)),
        (datetime(2026, 7, 3, 15, 0, 0), date(2026, 7, 6)),
        (datetime(2026, 7, 4, 9, 0, 0), date(2026, 7, 6)),
        (datetime(2026, 12, 24, 15, 0, 0), date(2026, 12, 28)),
        (datetime(2026, 12, 31, 23, 59, 0), date(2027, 1, 4)),
    ],
)
def test_an_order_leaves_the_same_day_until_the_cut_off(local: datetime, leaves: date) -> None:
    assert ready_on(local.replace(tzinfo=BERLIN), calendar=GERMANY, cut_off=AT_TWO) == leaves


def test_the_day_is_told_at_the_place_of_the_cut_off_whatever_zone_the_moment_has() -> None:
    # Half past midnight on Thursday in Berlin.
    moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)

    assert ready_on(moment, calendar=GERMANY, cut_off=AT_TWO) == date(2026, 7, 2)
    assert ready_on(
        moment.astimezone(ZoneInfo("America/New_York")), calendar=GERMANY, cut_off=AT_TWO
    ) == date(2026, 7, 2)


def test_single_weekdays_close_earlier_or_not_at_all() -> None:
    cut_off = CutOff(wall_time=time(14), time_zone="Europe/Berlin", by_weekday={4: time(11), 0: None})
    friday_noon = datetime(2026, 7, 3, 12, tzinfo=BERLIN)

    assert ready_on(friday_noon, calendar=GERMANY, cut_off=cut_off) == date(2026, 7, 7)
    assert cut_off.closes_at(date(2026, 7, 3)) == datetime(2026, 7, 3, 9, tzinfo=UTC)
    assert cut_off.closes_at(date(2026, 7, 6)) is None


def test_a_shop_in_which_nothing_ever_leaves_is_told_so() -> None:
    never = CutOff(wall_time=time(14), time_zone="UTC", by_weekday=dict.fromkeys(range(5)))

    with pytest.raises(CalendarUnknown, match="No day"):
        ready_on(datetime(2026, 7, 1, tzinfo=UTC), calendar=WEEK, cut_off=never)


def test_the_cut_off_follows_the_clock_on_the_wall_when_the_clocks_change() -> None:
    assert AT_TWO.closes_at(date(2026, 3, 28)) == datetime(2026, 3, 28, 13, tzinfo=UTC)
    assert AT_TWO.closes_at(date(2026, 3, 29)) == datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert AT_TWO.closes_at(date(2026, 10, 25)) == datetime(2026, 10, 25, 13, tzinfo=UTC)


def test_a_time_the_clocks_skip_or_repeat_is_still_one_moment() -> None:
    at_half_past_two = CutOff(wall_time=time(2, 30), time_zone="Europe/Berlin")

    # 02:30 does not exist on this day: it is 03:30 by the new clock.
    assert at_half_past_two.closes_at(date(2026, 3, 29)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    # 02:30 comes twice: the first one closes, and 02:10 for the second time is too late.
    assert at_half_past_two.closes_at(date(2026, 10, 25)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second_ten_past_two = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN)
    every_day = Calendar(weekmask="1111111")
    assert ready_on(second_ten_past_two, calendar=every_day, cut_off=at_half_past_two) == date(2026, 10, 26)


zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])


@given(calendars, moments, st.timedeltas(timedelta(0), timedelta(days=10)), st.times(), zones)
def test_who_orders_later_is_never_served_earlier(
    calendar: Calendar, moment: datetime, wait: timedelta, wall_time: time, zone: str
) -> None:
    cut_off = CutOff(wall_time=wall_time, time_zone=zone)

    leaves = ready_on(moment, calendar=calendar, cut_off=cut_off)

    assert leaves <= ready_on(moment + wait, calendar=calendar, cut_off=cut_off)
    assert calendar.is_business_day(leaves)
    assert leaves >= moment.astimezone(ZoneInfo(zone)).date()
    closes_at = cut_off.closes_at(leaves)
    assert closes_at is not None
    assert moment < closes_at


def test_calendars_are_equal_by_what_they_say_and_can_be_keys() -> None:
    assert {Calendar(country="DE"): 1}[Calendar(country="DE")] == 1
    assert hash(AT_TWO) == hash(CutOff(wall_time=time(14), time_zone="Europe/Berlin"))


def test_the_holidays_are_loaded_only_when_asked_for() -> None:
    program = (
        "import sys; from datetime import date; from aftermile.kernel.calendars import Calendar;"
        "Calendar().is_business_day(date(2026, 7, 1)); Calendar(country='DE');"
        "raise SystemExit('holidays' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
