"""The window by rule: holidays, cut-offs, peaks and the hour of the clock change; and what always holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.shipping.public import (
    CarrierWeek,
    Kind,
    Method,
    Peak,
    Place,
    ShippingPlan,
    Transit,
    Verdict,
    Why,
    Window,
    calendar_at,
    days_after_hand_over,
    route_of,
    window_by_rule,
)
from aftermile.kernel.working_calendar import Span, WorkingCalendar
from tests.capabilities.shipping.shop import BERLIN, CALENDAR, MUNICH, NEW_YORK, VIENNA, plan

BERLIN_TIME = ZoneInfo("Europe/Berlin")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN_TIME)


def verdict(
    at: str, *, method: str = "standard", to: Place = MUNICH, tables: ShippingPlan | None = None
) -> Verdict:
    tables = tables or plan()
    [chosen] = [each for each in tables.methods if each.key == method]
    return by_rule(tables, chosen, to=to, calendar=CALENDAR, at=moment(at))


def by_rule(
    tables: ShippingPlan, method: Method, *, to: Place, calendar: WorkingCalendar, at: datetime
) -> Verdict:
    route = route_of(tables, method, origin=BERLIN, destination=to, calendar=calendar)
    return window_by_rule(tables, method, route, moment=at)


def window(at: str, **choices: object) -> Window:
    found = verdict(at, **choices).window  # type: ignore[arg-type]
    assert found is not None
    return found


def days(found: Window) -> tuple[str, str, str, str]:
    return (str(found.ships_on), str(found.earliest), str(found.likely), str(found.latest))


def test_an_order_before_the_cut_off_leaves_the_same_day() -> None:
    # A Tuesday in March without holidays.
    assert days(window("2026-03-10T14:59")) == ("2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13")
    assert days(window("2026-03-10T15:00")) == ("2026-03-11", "2026-03-12", "2026-03-13", "2026-03-14")


def test_the_carrier_delivers_on_saturdays_and_the_shop_does_not_send_on_them() -> None:
    found = window("2026-03-13T16:00")  # Friday, after the cut-off
    assert days(found) == ("2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19")
    assert found.order_by == moment("2026-03-16T15:00")
    assert str(window("2026-03-13T10:00").earliest) == "2026-03-14"


def test_a_holiday_where_it_goes_is_skipped_and_named() -> None:
    # Epiphany is a holiday in Bavaria, not in Berlin.
    found = verdict("2026-01-05T10:00")
    assert found.window is not None
    assert days(found.window) == ("2026-01-05", "2026-01-07", "2026-01-08", "2026-01-09")
    [skipped] = [reason for reason in found.reasons if reason.why is Why.HOLIDAY]
    assert (skipped.day, skipped.name) == (date(2026, 1, 6), "Epiphany")
    assert "Epiphany" in skipped.said
    assert str(window("2026-01-05T10:00", to=BERLIN).earliest) == "2026-01-06"


def test_a_holiday_where_it_starts_holds_the_parcel() -> None:
    # Women's Day is a holiday in Berlin; in 2027 it is a Monday.
    assert str(window("2027-03-08T10:00").ships_on) == "2027-03-09"


def test_the_carriers_own_day_is_skipped_too() -> None:
    found = verdict("2026-12-23T10:00", tables=plan(peaks=()))
    assert found.window is not None
    # The 24th is the carrier's, the 25th and 26th are everybody's, the 27th is a Sunday.
    assert str(found.window.earliest) == "2026-12-28"
    assert [reason.name for reason in found.reasons if reason.why is Why.HOLIDAY] == [
        "Christmas Eve",
        "Christmas Day",
        "Second Day of Christmas",
    ]


def test_before_christmas_it_takes_longer_and_nobody_overtakes() -> None:
    before, within = window("2026-11-24T10:00"), window("2026-11-25T10:00")
    assert days(before) == ("2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27")
    assert days(within) == ("2026-11-25", "2026-11-26", "2026-11-30", "2026-12-01")
    last, after = window("2026-12-23T10:00"), window("2026-12-28T10:00")
    assert after.latest >= last.latest
    assert Why.PEAK in [reason.why for reason in verdict("2026-12-01T10:00").reasons]
    assert Why.PEAK not in [reason.why for reason in verdict("2026-12-01T10:00", method="express").reasons]


def test_the_narrowest_lane_and_the_named_service_count() -> None:
    assert window("2026-03-10T10:00", to=BERLIN).latest == date(2026, 3, 12)
    assert window("2026-03-10T10:00", to=NEW_YORK).latest > window("2026-03-10T10:00").latest
    assert verdict("2026-03-10T10:00", method="express", to=VIENNA).window is None


def test_without_transit_times_there_is_no_window_and_that_is_said() -> None:
    found = verdict("2026-03-10T10:00", tables=plan(transit=()))
    assert found.window is None
    assert [reason.said for reason in found.reasons] == [
        "No line of the transit times is for dhl Paket to this destination."
    ]


def test_a_parcel_on_its_way_has_the_days_of_its_hand_over() -> None:
    found = window("2026-03-10T10:00")
    told = days_after_hand_over(
        plan(), carrier="dhl", service="Paket", origin=BERLIN, destination=MUNICH, calendar=CALENDAR,
        handed_over_on=found.ships_on,
    )  # fmt: skip
    assert told == (found.earliest, found.likely, found.latest)


def test_pick_up_is_ready_when_the_shop_is() -> None:
    found = verdict("2026-03-14T10:00", method="pickup")  # a Saturday
    assert found.window is not None
    assert days(found.window) == ("2026-03-16",) * 4
    assert [reason.why for reason in found.reasons] == [Why.CUT_OFF, Why.READY]


def test_shop_and_carrier_that_never_work_on_the_same_day_are_said_to() -> None:
    sundays = CarrierWeek(carrier="dhl", weekmask="0000001")
    found = verdict("2026-03-10T10:00", tables=plan(carriers=(sundays,)))
    assert (found.window, [reason.why for reason in found.reasons]) == (None, [Why.NOTHING_LEAVES])


@pytest.mark.parametrize("day", ["2026-03-27", "2026-10-23"])
def test_the_cut_off_goes_by_the_clock_on_the_wall_when_clocks_change(day: str) -> None:
    # Friday evening before the change: the cut-off is on Monday at three by the new time.
    found = window(f"{day}T18:00")
    assert found.order_by.astimezone(BERLIN_TIME).timetz().replace(tzinfo=None) == time(15)
    assert (found.order_by - moment(f"{day}T18:00").astimezone(UTC)) != timedelta(days=2, hours=21)


def test_at_another_origin_its_own_days_and_cut_off_count() -> None:
    there = calendar_at(plan(), CALENDAR, NEW_YORK)
    # The third Monday of February is a holiday there; until eleven by the clock there, one day to pack.
    assert there.leaves_on(datetime(2026, 2, 13, 15, 59, tzinfo=UTC)) == date(2026, 2, 17)
    assert there.leaves_on(datetime(2026, 2, 13, 16, 0, tzinfo=UTC)) == date(2026, 2, 18)
    assert CALENDAR.leaves_on(datetime(2026, 2, 13, 16, 0, tzinfo=UTC)) == date(2026, 2, 16)


def test_an_origin_without_a_line_works_as_the_shop_does_but_rests_on_its_own_holidays() -> None:
    shop = replace(CALENDAR, closed=(Span(date(2026, 1, 2), date(2026, 1, 2)),))
    assert calendar_at(plan(), shop, VIENNA) == replace(shop, country="AT", subdivision="9")
    assert calendar_at(plan(), shop, Place(country="ZZ")) == replace(shop, country="", subdivision="")
    assert calendar_at(plan(), shop, MUNICH) == shop
    without = replace(shop, country="", subdivision="")
    assert calendar_at(plan(), without, VIENNA) == without


_PLACES = st.sampled_from([BERLIN, MUNICH, VIENNA, NEW_YORK, Place(country="SE"), Place(country="AQ")])
_MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
_MASKS = st.lists(st.booleans(), min_size=7, max_size=7).map(
    lambda week: "1" + "".join("01"[each] for each in week[1:])
)
_SPANS = st.builds(
    lambda first, length: Span(first, first + timedelta(days=length)),
    st.dates(date(2026, 1, 1), date(2027, 12, 1)),
    st.integers(0, 40),
)


@st.composite
def shops(draw: st.DrawFn) -> tuple[ShippingPlan, Method, WorkingCalendar]:
    least, likely, most = sorted(draw(st.lists(st.integers(0, 15), min_size=3, max_size=3)))
    week = CarrierWeek(
        carrier="c",
        weekmask=draw(_MASKS),
        observes_holidays=draw(st.booleans()),
        closed=tuple(draw(st.lists(_SPANS, max_size=2))),
    )
    peaks = st.builds(Peak, span=_SPANS, extra_days=st.integers(1, 10), carrier=st.sampled_from(["", "c"]))
    calendar = replace(
        CALENDAR,
        weekmask=draw(_MASKS),
        time_zone=draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland", "UTC"])),
        cut_offs=(draw(st.times()).replace(tzinfo=None),) * 7,
        processing_days=draw(st.integers(0, 4)),
        closed=tuple(draw(st.lists(_SPANS, max_size=2))),
    )
    tables = ShippingPlan(
        transit=(Transit(carrier="c", least=least, likely=likely, most=most),),
        carriers=(week,),
        peaks=tuple(draw(st.lists(peaks, max_size=3))),
    )
    return tables, Method(key="m", name="M", carrier="c", kind=draw(st.sampled_from(Kind))), calendar


@given(shops(), _PLACES, _MOMENTS)
def test_a_window_holds_its_likely_day_and_only_days_somebody_delivers(
    shop: tuple[ShippingPlan, Method, WorkingCalendar], to: Place, at: datetime
) -> None:
    tables, method, calendar = shop
    found = by_rule(tables, method, to=to, calendar=calendar, at=at).window
    assert found is not None
    assert found.ships_on <= found.earliest <= found.likely <= found.latest
    route = route_of(tables, method, origin=BERLIN, destination=to, calendar=calendar)
    assert all(route.delivers.is_business_day(day) for day in (found.earliest, found.likely, found.latest))
    assert calendar.calendar.is_business_day(found.ships_on)
    assert route.collects.is_business_day(found.ships_on)


@given(shops(), _PLACES, _MOMENTS, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_who_orders_later_never_gets_it_earlier(
    shop: tuple[ShippingPlan, Method, WorkingCalendar], to: Place, at: datetime, later: timedelta
) -> None:
    tables, method, calendar = shop
    one, other = (
        by_rule(tables, method, to=to, calendar=calendar, at=each).window for each in (at, at + later)
    )
    assert one is not None
    assert other is not None
    assert (one.earliest <= other.earliest, one.likely <= other.likely, one.latest <= other.latest) == (
        (True,) * 3
    )


@given(shops(), _PLACES, _MOMENTS)
def test_until_the_cut_off_it_is_the_same_window_and_then_it_leaves_later(
    shop: tuple[ShippingPlan, Method, WorkingCalendar], to: Place, at: datetime
) -> None:
    tables, method, calendar = shop

    def ask(when: datetime) -> Window:
        found = by_rule(tables, method, to=to, calendar=calendar, at=when).window
        assert found is not None
        return found

    first = ask(at)
    assert first.order_by > at
    assert ask(first.order_by - timedelta(microseconds=1)) == first
    assert ask(first.order_by).ships_on > first.ships_on
