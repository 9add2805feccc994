"""The window by rule: what the shop's own tables say, or what is usual where they say nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.promises.learning.forecasting import Place, Stage
from aftermile.capabilities.promises.policy import of_days, of_three_days
from aftermile.capabilities.promises.renewing import Ruled
from aftermile.capabilities.promises.subjects import Subject
from aftermile.capabilities.shipping.public import Place as ShippingPlace
from aftermile.capabilities.shipping.public import Shipping, calendar_at, days_after_hand_over
from aftermile.kernel.calendars import Calendar, CalendarUnknown
from aftermile.kernel.working_calendar import WorkingCalendar

#: Delivery days from hand-over to door where neither a table nor a delivery of this shop tells: the first, the last.
#: Deliberately wide. Sources: the domestic and the international parcel services of the larger carriers, as they
#: name them themselves (1 to 5, and 4 to 12 working days).
USUAL_AT_HOME, USUAL_ABROAD = (1, 5), (4, 12)

_Lane = tuple[str, str, Place, Place, date]


def rule_windows(subjects: Iterable[Subject], offered: Shipping, zone: ZoneInfo) -> dict[UUID, Ruled]:
    """Return the windows by rule, by subject; what no calendar can be counted for is missing."""
    rules = _Rules(offered, zone)
    found = {}
    for subject in subjects:
        try:
            found[subject.id] = rules.window(subject)
        except CalendarUnknown:
            continue
    return found


class _Rules:
    """A shop's tables, and what was counted by them: thousands of parcels share few lanes and days."""

    def __init__(self, offered: Shipping, zone: ZoneInfo) -> None:
        self._offered = offered
        self._zone = zone
        self._windows: dict[_Lane, Ruled] = {}
        # What says no more than the shop's own country leaves from the shop itself.
        self._calendars = {Place(country=offered.merchant.country): offered.calendar}

    def window(self, subject: Subject) -> Ruled:
        if subject.stage is Stage.OUT_FOR_DELIVERY:
            day = subject.stage_at.astimezone(self._zone).date()
            return Ruled(of_days(day, day, self._zone), is_own=True)
        left = (
            subject.handed_over_at.astimezone(self._zone).date()
            if subject.handed_over_at is not None
            else self._calendar_at(subject.lane.origin).leaves_on(subject.ordered_at)
        )
        carrier, service = _carried_by(subject, self._offered)
        lane = (carrier, service, subject.lane.origin, subject.lane.destination, left)
        if lane not in self._windows:
            self._windows[lane] = self._on_lane(*lane)
        return self._windows[lane]

    def _calendar_at(self, origin: Place) -> WorkingCalendar:
        if origin not in self._calendars:
            self._calendars[origin] = calendar_at(self._offered.plan, self._offered.calendar, _place(origin))
        return self._calendars[origin]

    def _on_lane(self, carrier: str, service: str, origin: Place, destination: Place, left: date) -> Ruled:
        by_table = days_after_hand_over(
            self._offered.plan,
            carrier=carrier,
            service=service,
            origin=_place(origin),
            destination=_place(destination),
            calendar=self._calendar_at(origin),
            handed_over_on=left,
        )
        if by_table is not None:
            return Ruled(of_three_days(*by_table, self._zone), is_own=True)
        home, there = origin.country, destination.country
        first, last = _usually(left, there, is_abroad=bool(home and there and home != there))
        return Ruled(of_days(first, last, self._zone), is_own=False)


def _carried_by(subject: Subject, offered: Shipping) -> tuple[str, str]:
    """Tell by whom something travels; before it is handed over, by the shipping method that was chosen."""
    if subject.lane.carrier or not subject.shipping_method:
        return subject.lane.carrier, subject.lane.service
    chosen = offered.plan.method_called(subject.shipping_method)
    return (chosen.carrier, chosen.service) if chosen else ("", "")


def _place(place: Place) -> ShippingPlace:
    return ShippingPlace(country=place.country, region=place.region, postal_code=place.postal_code)


@lru_cache(maxsize=4096)  # thousands of parcels share few days and countries
def _usually(left: date, country: str, *, is_abroad: bool) -> tuple[date, date]:
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
