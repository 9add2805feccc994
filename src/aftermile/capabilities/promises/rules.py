"""The window by rule: what the shop's own tables say, or what is usual where they say nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.promises.learning.forecasting import Stage
from aftermile.capabilities.promises.policy import of_days
from aftermile.capabilities.promises.renewing import Ruled
from aftermile.capabilities.promises.subjects import Subject
from aftermile.kernel.calendars import Calendar, CalendarUnknown
from aftermile.kernel.working_calendar import WorkingCalendar

#: Delivery days from hand-over to door where neither a table nor a delivery of this shop tells: the first, the last.
#: Deliberately wide. Sources: the domestic and the international parcel services of the larger carriers, as they
#: name them themselves (1 to 5, and 4 to 12 working days).
USUAL_AT_HOME, USUAL_ABROAD = (1, 5), (4, 12)


def rule_windows(
    subjects: Iterable[Subject], *, calendar: WorkingCalendar, zone: ZoneInfo
) -> dict[UUID, Ruled]:
    """Return the windows by rule, by subject; what no calendar can be counted for is missing."""
    found = {}
    for subject in subjects:
        try:
            first, last = _usual_days(subject, calendar, zone)
        except CalendarUnknown:
            continue
        found[subject.id] = Ruled(of_days(first, last, zone), is_own=False)
    return found


def _usual_days(subject: Subject, calendar: WorkingCalendar, zone: ZoneInfo) -> tuple[date, date]:
    there = subject.lane.destination.country
    if subject.stage is Stage.OUT_FOR_DELIVERY:
        day = subject.stage_at.astimezone(zone).date()
        return day, day
    left = (
        subject.handed_over_at.astimezone(zone).date()
        if subject.handed_over_at is not None
        else calendar.leaves_on(subject.ordered_at)
    )
    home = subject.lane.origin.country
    return _arrives(left, there, is_abroad=bool(home and there and home != there))


@lru_cache(maxsize=4096)  # thousands of parcels share few days and countries
def _arrives(left: date, country: str, *, is_abroad: bool) -> tuple[date, date]:
    first, last = USUAL_ABROAD if is_abroad else USUAL_AT_HOME
    there = _delivery_days(country)
    return there.add_business_days(left, first), there.add_business_days(left, last)


@lru_cache(maxsize=300)
def _delivery_days(country: str) -> Calendar:
    try:
        calendar = Calendar(country=country)
        calendar.check()
    except CalendarUnknown:  # a country without known holidays still has weekends
        return Calendar()
    return calendar
