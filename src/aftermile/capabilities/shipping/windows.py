"""When a parcel comes, by the shop's own rules: a function of tables, calendar and moment, with its reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from aftermile.capabilities.shipping.areas import Place
from aftermile.capabilities.shipping.plan import CarrierWeek, Kind, Method, Peak, ShippingPlan, Transit
from aftermile.kernel.calendars import (
    Calendar,
    CalendarUnknown,
    CutOff,
    places_with_holidays,
    public_holidays,
    ready_on,
)
from aftermile.kernel.working_calendar import Span, WorkingCalendar

_ONE_DAY = timedelta(days=1)
_LONGEST_WAIT_DAYS = 366


class Why(StrEnum):
    """What made a window what it is, or why there is none."""

    CUT_OFF = "cut_off"
    SHIPS = "ships"
    TRANSIT = "transit"
    READY = "ready"  # to be picked up
    HOLIDAY = "holiday"  # a day on which nobody delivers
    PEAK = "peak"
    NO_TRANSIT = "no_transit"
    NOTHING_LEAVES = "nothing_leaves"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason as plain values; `said` puts it into a sentence for staff and programs."""

    why: Why
    day: date | None = None
    at: datetime | None = None
    least: int = 0
    most: int = 0
    name: str = ""

    @property
    def said(self) -> str:
        return _said(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days within which a parcel comes, all of them such that somebody delivers.

    `order_by`: an order before it has the same window, one at it or later may not.
    """

    earliest: date
    likely: date
    latest: date
    ships_on: date
    order_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A window, or none, and why. `fit` tells how narrowly a line of the transit table means the lane."""

    window: Window | None
    reasons: tuple[Reason, ...]
    fit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Two places, and the days on which one method's parcels can move between them."""

    origin: Place
    destination: Place
    calendar: WorkingCalendar
    collects: Calendar
    delivers: Calendar
    own_days: tuple[Span, ...] = ()  # of the carrier, for their names

    def leaves(self, moment: datetime) -> tuple[date, datetime]:
        """Tell the day of the hand-over of an order, and until when an order is handed over on that day.

        :raises CalendarUnknown: nothing ever leaves.
        """
        days, cut_off = self.calendar.calendar, self.calendar.cut_off
        ready = _ready_on(moment, days, cut_off)
        return _hand_over(ready, days, cut_off, self.calendar.processing_days, self.collects)


@lru_cache(maxsize=64)  # all methods of a quote ask for the same moment
def _ready_on(moment: datetime, days: Calendar, cut_off: CutOff) -> date:
    return ready_on(moment, calendar=days, cut_off=cut_off)


@lru_cache(maxsize=4096)  # all orders of a day have the same answer
def _hand_over(
    ready: date, days: Calendar, cut_off: CutOff, processing_days: int, collects: Calendar
) -> tuple[date, datetime]:
    def shipped_on(ready: date) -> date:
        return _handed_over_on(days.add_business_days(ready, processing_days), days, collects)

    shipped = shipped_on(ready)
    while True:
        order_by = cut_off.closes_at(ready)
        if order_by is None:
            raise CalendarUnknown
        ready = ready_on(order_by, calendar=days, cut_off=cut_off)
        if shipped_on(ready) != shipped:
            return shipped, order_by


def _handed_over_on(leaves: date, days: Calendar, collects: Calendar) -> date:
    """Tell the first day, from the one on which a parcel is ready, that both shop and carrier work.

    :raises CalendarUnknown: there is none within a year.
    """
    for index in range(_LONGEST_WAIT_DAYS):
        day = leaves + _ONE_DAY * index
        if days.is_business_day(day) and collects.is_business_day(day):
            return day
    raise CalendarUnknown("The shop and the carrier never work on the same day.")


def route_of(
    plan: ShippingPlan, method: Method, *, origin: Place, destination: Place, calendar: WorkingCalendar
) -> Route:
    """Find on which days a method's parcels are collected and delivered.

    Without a carrier, or for pick-up, the shop's own days count.
    """
    week = plan.week_of(method.carrier, method.service)
    own = calendar.calendar
    if method.kind is Kind.PICKUP or (not method.carrier and week is None):
        return Route(origin=origin, destination=destination, calendar=calendar, collects=own, delivers=own)
    week = week or CarrierWeek(carrier=method.carrier)
    return Route(
        origin=origin,
        destination=destination,
        calendar=calendar,
        collects=_calendar_of(week, origin),
        delivers=_calendar_of(week, destination),
        own_days=week.closed,
    )


def window_by_rule(plan: ShippingPlan, method: Method, route: Route, *, moment: datetime) -> Verdict:
    """Tell when an order of a moment comes by a method.

    The same tables, places and moment give the same answer. An order later never comes earlier: who is handed over
    after a peak comes no earlier than the last of the peak.
    """
    found = plan.transit_of(method.carrier, method.service, route.origin, route.destination)
    if found is None and method.kind is Kind.PICKUP:
        found = Transit(least=0, likely=0, most=0), 0
    if found is None:
        lane = " ".join(filter(None, (method.carrier, method.service)))
        return Verdict(window=None, reasons=(Reason(why=Why.NO_TRANSIT, name=lane),))
    transit, fit = found
    try:
        return _window(plan.peaks, method, route, transit, fit, moment)
    except CalendarUnknown:
        return Verdict(window=None, reasons=(Reason(why=Why.NOTHING_LEAVES),))


def days_after_hand_over(
    plan: ShippingPlan,
    *,
    carrier: str,
    service: str,
    origin: Place,
    destination: Place,
    calendar: WorkingCalendar,
    handed_over_on: date,
) -> tuple[date, date, date] | None:
    """Tell the earliest, likely and latest day of a parcel that a carrier has; None where no line is for its lane.

    :raises CalendarUnknown: the carrier never delivers.
    """
    found = plan.transit_of(carrier, service, origin, destination)
    if found is None:
        return None
    method = Method(key="", name="", carrier=carrier, service=service)
    route = route_of(plan, method, origin=origin, destination=destination, calendar=calendar)
    earliest, likely, latest, _ = _arrival(plan.peaks, carrier, route, found[0], handed_over_on)
    return earliest, likely, latest


def _window(
    peaks: tuple[Peak, ...], method: Method, route: Route, transit: Transit, fit: int, moment: datetime
) -> Verdict:
    shipped, order_by = route.leaves(moment)
    earliest, likely, latest, felt = _arrival(peaks, method.carrier, route, transit, shipped)
    window = Window(earliest=earliest, likely=likely, latest=latest, ships_on=shipped, order_by=order_by)
    reasons = [Reason(why=Why.CUT_OFF, at=order_by, name=route.calendar.time_zone)]
    if method.kind is Kind.PICKUP:
        reasons.append(Reason(why=Why.READY, day=earliest))
    else:
        reasons.append(Reason(why=Why.SHIPS, day=shipped))
        reasons.append(Reason(why=Why.TRANSIT, least=transit.least, most=transit.most))
    reasons += skipped(route, after=shipped, until=latest)
    if felt is not None:
        reasons.append(Reason(why=Why.PEAK, least=felt.extra_days, name=felt.span.note))
    return Verdict(window=window, reasons=tuple(reasons), fit=fit)


def _arrival(
    peaks: tuple[Peak, ...], carrier: str, route: Route, transit: Transit, shipped: date
) -> tuple[date, date, date, Peak | None]:
    """Count the days of the way, and tell which peak is felt in them."""
    arrive = route.delivers.add_business_days
    earliest = arrive(shipped, transit.least)
    likely, latest = arrive(shipped, transit.likely), arrive(shipped, transit.most)
    felt: Peak | None = None
    for peak in peaks:
        if peak.carrier not in ("", carrier) or peak.span.first > shipped:
            continue
        # Behind a peak nobody overtakes: what is handed over after it arrives no earlier than its last parcels.
        day = min(shipped, peak.span.last)
        later = [arrive(day, count + peak.extra_days) for count in (transit.likely, transit.most)]
        if later[0] > likely or later[1] > latest:
            felt = peak
        likely, latest = max(likely, later[0]), max(latest, later[1])
    return earliest, likely, latest, felt


def skipped(route: Route, *, after: date, until: date) -> list[Reason]:
    """Name the days that would be delivered on, were they no holidays: after a day, up to another with it."""
    delivers, found = route.delivers, []
    for index in range((until - after).days):
        day = after + _ONE_DAY * (index + 1)
        if delivers.weekmask[day.weekday()] == "0" or delivers.is_business_day(day):
            continue
        own = next((span.note for span in route.own_days if span.first <= day <= span.last), "")
        name = own or public_holidays(delivers.country, delivers.subdivision, day.year).get(day, "")
        found.append(Reason(why=Why.HOLIDAY, day=day, name=name))
    return found


def delivery_day(route: Route, day: date) -> date:
    """Return the day, or the next on which somebody delivers."""
    return route.delivers.add_business_days(day, 0)


def calendar_at(plan: ShippingPlan, shop: WorkingCalendar, place: Place) -> WorkingCalendar:
    """Return when people work at another place than the shop's own: by its line, without one as in the shop.

    Public holidays are those of the place, also without a line, where the shop rests on its own.
    """
    own = plan.origin_of(place)
    if own is None:
        if not shop.country or place.country in ("", shop.country):
            return shop
        country, subdivision = _holidays_at(place)
        return replace(shop, country=country, subdivision=subdivision)
    country, subdivision = _holidays_at(place) if own.observes_holidays else ("", "")
    return WorkingCalendar(
        country=country,
        subdivision=subdivision,
        time_zone=own.time_zone or shop.time_zone,
        weekmask=own.weekmask,
        closed=own.closed,
        cut_offs=shop.cut_offs if own.cut_off is None else (own.cut_off,) * 7,
        processing_days=shop.processing_days if own.processing_days is None else own.processing_days,
    )


def _holidays_at(place: Place) -> tuple[str, str]:
    """Return country and subdivision as far as their public holidays are known."""
    known = places_with_holidays()
    country, region = place.country if place.country in known else "", place.region.upper()
    return country, region if region in known.get(country, ()) else ""


@lru_cache(maxsize=2048)
def _calendar_of(week: CarrierWeek, place: Place) -> Calendar:
    country, subdivision = _holidays_at(place) if week.observes_holidays else ("", "")
    return Calendar(
        country=country,
        subdivision=subdivision,
        weekmask=week.weekmask,
        extra_holidays=frozenset(day for span in week.closed for day in span.days()),
        time_zone="UTC",
    )


def _date(day: date | None) -> str:
    return f"{day:%A}, {day:%B} {day.day}" if day else ""


def _days(reason: Reason) -> str:
    if reason.least == reason.most:
        return f"{reason.most} business day{'' if reason.most == 1 else 's'}"
    return f"{reason.least} to {reason.most} business days"


@lru_cache(maxsize=4096)  # methods share most of their reasons, and so do the orders of a day
def _said(reason: Reason) -> str:
    return _SENTENCES[reason.why](reason)


_SENTENCES: dict[Why, Callable[[Reason], str]] = {
    Why.CUT_OFF: lambda r: f"Counts for orders until {r.at:%Y-%m-%d %H:%M} UTC.",
    Why.SHIPS: lambda r: f"It is handed over on {_date(r.day)}.",
    Why.TRANSIT: lambda r: f"The way takes {_days(r)}.",
    Why.READY: lambda r: f"It is ready from {_date(r.day)} on.",
    Why.HOLIDAY: lambda r: f"Nobody delivers on {_date(r.day)}{f' ({r.name})' if r.name else ''}.",
    Why.PEAK: lambda r: (
        f"It may take {r.least} day{'' if r.least == 1 else 's'} longer{f': {r.name}' if r.name else ''}."
    ),
    Why.NO_TRANSIT: lambda r: (
        f"No line of the transit times is for {r.name or 'own delivery'} to this destination."
    ),
    Why.NOTHING_LEAVES: lambda _: "By the calendars of shop and carrier nothing ever leaves.",
}
