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

    :param forecasts: asked once, for all methods of a carrier; None: there is no model.
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
    asked = [method for method, _ in offered if method.carrier and method.kind is Kind.DELIVERY]
    told: dict[str, Forecast | None] = {}
    if forecasts is not None and asked and Source.MODEL in trust:
        # What was learned knows the shop's own place by its country alone.
        starts = origin if origin.postal_code else Place(country=origin.country)
        questions = [
            Question(
                lane=Lane(
                    carrier=method.carrier, service=method.service, origin=starts, destination=destination
                ),
                goods=goods,
                stage=Stage.ORDERED,
                ordered_at=at,
                stage_at=at,
                asked_at=at,
            )
            for method in asked
        ]
        told = dict(zip((method.key for method in asked), forecasts(questions), strict=True))
    methods = []
    for method, price in offered:
        route = route_of(plan, method, origin=start, destination=end, calendar=calendar)
        by_rule = window_by_rule(plan, method, route, moment=at)
        by_model = _by_model(told.get(method.key), route, at=at)
        methods.append(_method(method, price, by_rule, by_model, by=by, trust=trust, language=language))
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


def _method(
    method: Method,
    price: Price,
    verdict: Verdict,
    by_model: _Said | None,
    *,
    by: date | None,
    trust: Sequence[Source],
    language: str,
) -> MethodQuote:
    said: dict[Source, _Said] = {}
    if verdict.window is not None:
        said[Source.RULE] = _by_rule(verdict)
    if by_model is not None:
        said[Source.MODEL] = by_model
    source = next((each for each in trust if each in said), None)
    chosen = said[source] if source else _Said(None, None, None, verdict.reasons, ())
    return MethodQuote(
        key=method.key,
        name=method.name_in(language),
        kind=method.kind,
        carrier=method.carrier,
        service=method.service,
        price=price,
        window=chosen.window,
        source=source,
        confidence=chosen.confidence,
        coverage=chosen.coverage,
        reasons=chosen.reasons,
        why=(*chosen.words, *(reason.said for reason in chosen.reasons)),
        in_time=None if by is None or chosen.window is None else chosen.window.latest <= by,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    window: Window | None
    confidence: Confidence | None
    coverage: float | None
    reasons: tuple[Reason, ...]
    words: tuple[str, ...]


def _by_rule(verdict: Verdict) -> _Said:
    """A line for the country or narrower is as good as the merchant knows it; one for anywhere is a rough one."""
    sure = Confidence.MEDIUM if verdict.fit >= COUNTRY else Confidence.LOW
    return _Said(verdict.window, sure, None, verdict.reasons, ())


def _by_model(forecast: Forecast | None, route: Route, *, at: datetime) -> _Said | None:
    """Take a forecast's days to the next on which somebody delivers, and never before the hand-over."""
    offer = model_offer(forecast)
    if forecast is None or offer is None:
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
    return _Said(window, offer.confidence, MODEL_COVERAGE, reasons, _words(forecast.basis))


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
