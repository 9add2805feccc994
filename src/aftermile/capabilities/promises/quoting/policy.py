"""The quote as a function: tables, calendar, cart, places, moment and forecasts in; methods with their reasons out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aftermile.capabilities.promises.learning.forecasting import (
    Basis,
    Forecast,
    Goods,
    Lane,
    Level,
    Place,
    Question,
    Stage,
)
from aftermile.capabilities.promises.policy import model_offer
from aftermile.capabilities.promises.states import Confidence, Source
from aftermile.capabilities.shipping.public import (
    COUNTRY,
    Cart,
    Kind,
    Method,
    Offer,
    Price,
    Reason,
    ReturnTerms,
    Route,
    ShippingPlan,
    Verdict,
    Why,
    Window,
    delivery_day,
    price_of,
    route_of,
    skipped,
    window_by_rule,
)
from aftermile.capabilities.shipping.public import Place as ShippingPlace
from aftermile.kernel.calendars import CalendarUnknown
from aftermile.kernel.working_calendar import WorkingCalendar

#: Answers questions in their order; None where the model does not know.
Forecasts = Callable[[Sequence[Question]], Sequence[Forecast | None]]
#: How many of a hundred parcels come within a window of the model's.
MODEL_COVERAGE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodQuote:
    """One method as a shopper can choose it. Amounts are in the shop's currency.

    No window: nobody can say when it comes, and `why` says so. `in_time`: whether its last day is the wanted one or
    before it; None where none was asked for, or nobody can say.
    """

    key: str
    name: str
    kind: Kind
    carrier: str
    service: str
    price: Price
    window: Window | None
    source: Source | None
    confidence: Confidence | None
    coverage: float | None
    reasons: tuple[Reason, ...]
    why: tuple[str, ...]
    in_time: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOffered:
    """A method that cannot be had, and why."""

    key: str
    name: str
    offer: Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What can be had: methods in the merchant's order; those that cannot, with the reason; returns beside it."""

    asked_at: datetime
    destination: Place
    origin: Place
    currency: str
    time_zone: str
    zone: str  # the name of the destination's zone; "" where it lies in none
    methods: tuple[MethodQuote, ...]
    not_offered: tuple[NotOffered, ...]
    returns: ReturnTerms


def quote_by(
    plan: ShippingPlan,
    calendar: WorkingCalendar,
    *,
    cart: Cart,
    goods: Goods,
    origin: Place,
    destination: Place,
    currency: str,
    at: datetime,
    by: date | None = None,
    forecasts: Forecasts | None = None,
    trust: Sequence[Source] = (Source.MODEL, Source.RULE),
    language: str = "",
) -> Quote:
    """Quote every active method: the same arguments give the same quote.

    :param forecasts: asked once, for all methods of a carrier that nobody trusted more has a window for; None: there is
        no model.
    :param trust: whose window is shown, the first that has one.
    :param language: of the methods' names, where the merchant gave one; "": as the merchant calls them.
    """
    start, end = shipping_place(origin), shipping_place(destination)
    zone = plan.zone_of(end)
    priced = [
        (method, price_of(plan.rates, method=method.key, zone=zone.key if zone else None, cart=cart))
        for method in plan.methods
        if method.is_active
    ]
    offered = [each for each in priced if each[1].offer in (Offer.OFFERED, Offer.UNKNOWN)]
    routes = {
        method.key: route_of(plan, method, origin=start, destination=end, calendar=calendar)
        for method, _ in offered
    }
    said: dict[str, _Said] = {}
    for source in trust:
        silent = [method for method, _ in offered if method.key not in said]
        if source is Source.RULE:
            verdicts = {each.key: window_by_rule(plan, each, routes[each.key], moment=at) for each in silent}
            said |= {key: _by_rule(verdict) for key, verdict in verdicts.items() if verdict.window}
        elif source is Source.MODEL and forecasts is not None:
            asked = [each for each in silent if each.carrier and each.kind is Kind.DELIVERY]
            answers = forecasts(_questions(asked, goods, origin, destination, at)) if asked else ()
            for method, answer in zip(asked, answers, strict=True):
                if answer is not None and (by_model := _by_model(answer, routes[method.key], at=at)):
                    said[method.key] = by_model
    for method, _ in offered:
        if method.key not in said:  # the rule knows why
            said[method.key] = _by_rule(window_by_rule(plan, method, routes[method.key], moment=at))
    methods = [
        _method(method, price, said[method.key], by=by, language=language) for method, price in offered
    ]
    return Quote(
        asked_at=at,
        destination=destination,
        origin=origin,
        currency=currency,
        time_zone=calendar.time_zone,
        zone=zone.name if zone else "",
        methods=tuple(methods),
        not_offered=tuple(
            NotOffered(key=method.key, name=method.name_in(language), offer=price.offer)
            for method, price in priced
            if price.offer not in (Offer.OFFERED, Offer.UNKNOWN)
        ),
        returns=plan.returns,
    )


def _questions(
    methods: Sequence[Method], goods: Goods, origin: Place, destination: Place, at: datetime
) -> list[Question]:
    # What was learned knows the shop's own place by its country alone.
    starts = origin if origin.postal_code else Place(country=origin.country)
    return [
        Question(
            lane=Lane(carrier=method.carrier, service=method.service, origin=starts, destination=destination),
            goods=goods,
            stage=Stage.ORDERED,
            ordered_at=at,
            stage_at=at,
            asked_at=at,
        )
        for method in methods
    ]


def _method(method: Method, price: Price, said: _Said, *, by: date | None, language: str) -> MethodQuote:
    return MethodQuote(
        key=method.key,
        name=method.name_in(language),
        kind=method.kind,
        carrier=method.carrier,
        service=method.service,
        price=price,
        window=said.window,
        source=said.source,
        confidence=said.confidence,
        coverage=said.coverage,
        reasons=said.reasons,
        why=(*said.words, *(reason.said for reason in said.reasons)),
        in_time=None if by is None or said.window is None else said.window.latest <= by,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    source: Source | None
    window: Window | None
    confidence: Confidence | None
    coverage: float | None
    reasons: tuple[Reason, ...]
    words: tuple[str, ...]


def _by_rule(verdict: Verdict) -> _Said:
    """A line for the country or narrower is as good as the merchant knows it; one for anywhere is a rough one."""
    if verdict.window is None:
        return _Said(None, None, None, None, verdict.reasons, ())
    sure = Confidence.MEDIUM if verdict.fit >= COUNTRY else Confidence.LOW
    return _Said(Source.RULE, verdict.window, sure, None, verdict.reasons, ())


def _by_model(forecast: Forecast, route: Route, *, at: datetime) -> _Said | None:
    """Take a forecast's days to the next on which somebody delivers, and never before the hand-over."""
    offer = model_offer(forecast)
    if offer is None:
        return None
    try:
        shipped, order_by = route.leaves(at)
    except CalendarUnknown:
        return None
    zone = ZoneInfo(route.calendar.time_zone)
    earliest, likely, latest = (
        delivery_day(route, max(shipped, moment.astimezone(zone).date()))
        for moment in (offer.window.earliest_at, offer.window.likely_at, offer.window.latest_at)
    )
    window = Window(earliest=earliest, likely=likely, latest=latest, ships_on=shipped, order_by=order_by)
    reasons = (
        Reason(why=Why.CUT_OFF, at=order_by, name=route.calendar.time_zone),
        Reason(why=Why.SHIPS, day=shipped),
        *skipped(route, after=shipped, until=latest),
    )
    return _Said(Source.MODEL, window, offer.confidence, MODEL_COVERAGE, reasons, _words(forecast.basis))


_WHERE = {
    Level.LANE: "on this lane",
    Level.REGION: "to this region",
    Level.COUNTRY: "to this country",
    Level.SHOP: "sent by this shop",
}


def _words(basis: Basis) -> tuple[str, ...]:
    """Explain a forecast: what it rests on, and whether it has become slower of late."""
    first, last = (max(0, round(days)) for days in basis.usual_days)
    days = f"{last} day{'' if last == 1 else 's'}" if first == last else f"{first} to {last} days"
    count = f"{basis.deliveries} deliver{'y' if basis.deliveries == 1 else 'ies'}"
    said = [f"Usually {days}, by {count} {_WHERE[basis.level]}."]
    drift = round(abs(basis.drift_days), 1)
    if drift >= 0.5:
        how = "slower" if basis.drift_days > 0 else "faster"
        said.append(f"Lately {drift:g} day{'' if drift == 1 else 's'} {how} than before.")
    return tuple(said)


def shipping_place(place: Place) -> ShippingPlace:
    """Return a place in the words of the room of shipping."""
    return ShippingPlace(country=place.country, region=place.region, postal_code=place.postal_code)


def never_later(quote: Quote) -> Quote:
    """Leave out the methods that cannot make the wanted day; those of which nobody can say stay and are marked."""
    return replace(quote, methods=tuple(each for each in quote.methods if each.in_time is not False))
