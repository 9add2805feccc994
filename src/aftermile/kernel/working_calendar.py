"""When a shop works: its business days, its holidays and own days, the day's cut-off, and how long packing takes.

Read by whoever counts business days for a shop (what needs a person, promises), so that all of them count alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from aftermile.kernel.calendars import Calendar, CalendarUnknown, CutOff, public_holidays, ready_on
from aftermile.kernel.errors import Invalid
from aftermile.kernel.merchants import MerchantView, current_merchant
from aftermile.kernel.shop_settings import choose, choose_the_one_before, read_choice

KIND = "working_calendar"
#: Until a shop has said something else.
USUAL_CUT_OFF = time(15, 0)
USUAL_WEEK = "1111100"
MOST_PROCESSING_DAYS = 30
MOST_SPANS = 100
LONGEST_SPAN_DAYS = 366


class WorkingCalendarUnreadable(Invalid):
    """A part of a working calendar is none; `details` says for each part what is wrong with it."""

    code = "working_calendar_unreadable"
    message = "Some of this cannot be kept; see what is said beside each part."


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days in a row, the first and the last included, and what they are."""

    first: date
    last: date
    note: str = ""

    def days(self) -> Iterable[date]:
        return (self.first + timedelta(days=index) for index in range((self.last - self.first).days + 1))


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """When a shop works. Weekdays are counted from Monday, 0."""

    country: str
    subdivision: str
    time_zone: str
    weekmask: str
    closed: tuple[Span, ...] = ()  # beside public holidays and days off
    opened: tuple[Span, ...] = ()  # worked although a holiday or a day off
    cut_offs: tuple[time, ...] = (USUAL_CUT_OFF,) * 7  # of all seven: an extra day on a Sunday has one, too
    processing_days: int = 0  # business days from the cut-off to the truck

    @cached_property
    def calendar(self) -> Calendar:
        """The business days."""
        return Calendar(
            country=self.country,
            subdivision=self.subdivision,
            weekmask=self.weekmask,
            extra_holidays=frozenset(day for span in self.closed for day in span.days()),
            extra_workdays=frozenset(day for span in self.opened for day in span.days()),
            time_zone=self.time_zone,
        )

    @cached_property
    def cut_off(self) -> CutOff:
        """Until when an order counts for the same day."""
        return CutOff(
            wall_time=USUAL_CUT_OFF, time_zone=self.time_zone, by_weekday=dict(enumerate(self.cut_offs))
        )

    def leaves_on(self, moment: datetime) -> date:
        """Tell the day on which an order of that moment leaves the house.

        :raises CalendarUnknown: no day of two years is worked.
        """
        taken_on = ready_on(moment, calendar=self.calendar, cut_off=self.cut_off)
        return self.calendar.add_business_days(taken_on, self.processing_days)

    def why_closed(self, day: date) -> str:
        """Say why a day is not worked: `own`, `holiday` or `week`; "" when it is."""
        if self.calendar.is_business_day(day):
            return ""
        if day in self.calendar.extra_holidays:
            return "own"
        if day in public_holidays(self.country, self.subdivision, day.year):
            return "holiday"
        return "week"

    def name_of(self, day: date) -> str:
        """Return what a day is called: an own day's note, or the public holiday; "" when it is nothing special."""
        own = next((span for span in (*self.closed, *self.opened) if span.first <= day <= span.last), None)
        if own is not None and own.note:
            return own.note
        return public_holidays(self.country, self.subdivision, day.year).get(day, "")


def working_calendar(merchant: MerchantView | None = None) -> WorkingCalendar:
    """Return when the open shop works: one query, and another where `merchant` is not given.

    A shop that has said nothing works from Monday to Friday, but not on its country's public holidays.
    """
    merchant = merchant or current_merchant()
    choice = read_choice(KIND)
    return calendar_of_choice(choice.chosen if choice else {}, merchant)


def calendar_of_choice(chosen: Mapping[str, Any], merchant: MerchantView) -> WorkingCalendar:
    """Return the calendar that a shop has chosen, for who has read its choice (kind `KIND`) with others."""
    return _read(chosen, merchant) if chosen else _usual(merchant)


def change_working_calendar(wanted: WorkingCalendar, *, by: str, at: datetime) -> bool:
    """Keep when the open shop works; return whether anything is other than before.

    :raises WorkingCalendarUnreadable: `details` says by part what is wrong.
    """
    check_working_calendar(wanted)
    return choose(KIND, _written(wanted), by=by, at=at)


def restore_working_calendar(*, by: str, at: datetime) -> bool:
    """Go back to the calendar before the last change; again: to the changed one."""
    return choose_the_one_before(KIND, by=by, at=at)


def check_working_calendar(wanted: WorkingCalendar) -> None:
    """Make sure that days can be counted by a calendar.

    :raises WorkingCalendarUnreadable: `details` says by part what is wrong.
    """
    problems: dict[str, str] = {}
    if "1" not in wanted.weekmask:
        problems["week"] = "Work on at least one day of the week; otherwise nothing ever leaves."
    if not 0 <= wanted.processing_days <= MOST_PROCESSING_DAYS:
        problems["processing_days"] = f"Give 0 to {MOST_PROCESSING_DAYS} business days."
    for name in ("closed", "opened"):
        problem = _wrong_with(getattr(wanted, name))
        if problem:
            problems[name] = problem
    if not problems:
        both = {day for span in wanted.closed for day in span.days()}
        both &= {day for span in wanted.opened for day in span.days()}
        if both:
            problems["opened"] = f"{min(both)} stands among the closed days, too. Keep it in one of the two."
    if not problems:
        try:
            public_holidays(wanted.country, "", 2026)
            public_holidays(wanted.country, wanted.subdivision, 2026)
        except CalendarUnknown:
            problems["subdivision"] = "No holidays are known for this part of the country; choose another."
        try:
            Calendar(country=wanted.country, time_zone=wanted.time_zone)
        except CalendarUnknown as refusal:
            problems["time_zone"] = refusal.message
    if problems:
        raise WorkingCalendarUnreadable(details=problems)


def _wrong_with(spans: Sequence[Span]) -> str:
    if len(spans) > MOST_SPANS:
        return f"At most {MOST_SPANS} lines can be kept; take those of the past away."
    for span in spans:
        if span.last < span.first:
            return f"{span.first} to {span.last} ends before it begins."
        if (span.last - span.first).days >= LONGEST_SPAN_DAYS:
            return f"{span.first} to {span.last} is longer than a year."
    return ""


def _usual(merchant: MerchantView) -> WorkingCalendar:
    country = merchant.country
    try:
        public_holidays(country, "", 2026)
    except CalendarUnknown:  # a country without known holidays still has weekends
        country = ""
    return WorkingCalendar(country=country, subdivision="", time_zone=merchant.time_zone, weekmask=USUAL_WEEK)


def _written(wanted: WorkingCalendar) -> dict[str, Any]:
    return {
        "country": wanted.country,
        "subdivision": wanted.subdivision,
        "time_zone": wanted.time_zone,
        "weekmask": wanted.weekmask,
        "closed": [[str(span.first), str(span.last), span.note] for span in wanted.closed],
        "opened": [[str(span.first), str(span.last), span.note] for span in wanted.opened],
        "cut_offs": [f"{each:%H:%M}" for each in wanted.cut_offs],
        "processing_days": wanted.processing_days,
    }


def _read(chosen: Mapping[str, Any], merchant: MerchantView) -> WorkingCalendar:
    return WorkingCalendar(
        country=chosen["country"],
        subdivision=chosen["subdivision"],
        time_zone=chosen["time_zone"] or merchant.time_zone,
        weekmask=chosen["weekmask"],
        closed=_spans(chosen["closed"]),
        opened=_spans(chosen["opened"]),
        cut_offs=tuple(time.fromisoformat(each) for each in chosen["cut_offs"]),
        processing_days=chosen["processing_days"],
    )


def _spans(written: Iterable[Sequence[str]]) -> tuple[Span, ...]:
    return tuple(
        Span(date.fromisoformat(first), date.fromisoformat(last), note) for first, last, note in written
    )
