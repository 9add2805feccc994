"""What a shopper would be told now, beside the tables that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from aftermile.capabilities.promises.public import (
    Goods,
    MethodQuote,
    NotOffered,
    Place,
    Quote,
    Source,
    quote_by,
)
from aftermile.capabilities.shipping.public import Cart, Offer, ShippingPlan
from aftermile.connectors.contracts.countries import country_code
from aftermile.doors.console import words
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.pages.shipping_cells import read_cell
from aftermile.kernel.working_calendar import WorkingCalendar

_NOT_OFFERED = {
    Offer.NOT_SERVED: "no rate fits this destination and cart",
    Offer.EXCLUDED: "a rate without a price takes it away here",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The shopper that is tried: where, and with what in the cart."""

    country: str
    postcode: str = ""
    weight: str = "1"
    value: str = "30"
    tags: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str], country: str) -> Sample:
        """Read it from a form; what is not there is what is usual."""
        usual = cls(country=country)
        names = ("country", "postcode", "weight", "value", "tags")
        return cls(**{name: given.get(f"try_{name}", getattr(usual, name)).strip()[:60] for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A method as it is shown: words, no values."""

    name: str
    days: str
    likely: str
    cut_off: str
    price: str
    missing: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What is shown, or what is wrong with the sample."""

    sample: Sample
    where: str = ""
    zone: str = ""
    lines: tuple[Line, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    problem: str = ""


def preview(plan: ShippingPlan, calendar: WorkingCalendar, desk: Desk, sample: Sample) -> Preview:
    """Quote a sample by the rules alone, at this moment."""
    country = country_code(sample.country)
    currency = desk.merchant.currency
    weight, value = read_cell("kg", sample.weight, currency), read_cell("money", sample.value, currency)
    if not country:
        return Preview(sample=sample, problem=f"“{sample.country}” is no country code such as DE.")
    if isinstance(weight, str) or (weight or 0) < 0:
        return Preview(sample=sample, problem=f"“{sample.weight}” is no weight such as 2.5.")
    if isinstance(value, str) or (value or 0) < 0:
        return Preview(sample=sample, problem=f"“{sample.value}” is no amount such as 30.")
    tags = frozenset(each.strip() for each in sample.tags.split(",") if each.strip())
    found = quote_by(
        plan,
        calendar,
        cart=Cart(weight_grams=weight, value_minor=value, tags=tags),
        goods=Goods(),
        origin=Place(country=calendar.country, region=calendar.subdivision),
        destination=Place(country=country, postal_code=sample.postcode),
        currency=currency,
        at=desk.at,
        trust=(Source.RULE,),
    )
    return Preview(
        sample=sample,
        where=" ".join(filter(None, (words.country(country), sample.postcode))),
        zone=found.zone,
        lines=tuple(_line(each, found) for each in found.methods),
        others=tuple(_other(each) for each in found.not_offered),
    )


def _line(each: MethodQuote, quote: Quote) -> Line:
    window, price = each.window, each.price
    if price.amount_minor is None:
        costs = f"needs the {' and the '.join(price.needs)}"
    elif price.amount_minor == 0:
        costs = "free"
    else:
        costs = words.money(price.amount_minor, quote.currency)
    missing = ""
    if price.missing_minor is not None:
        missing = f"{words.money(price.missing_minor, quote.currency)} more and it is free"
    return Line(
        name=each.name,
        days=_days(window.earliest, window.latest) if window else "no window",
        likely=_days(window.likely, window.likely) if window else "",
        cut_off=f"if ordered within {_left(quote.asked_at, window.order_by)}" if window else "",
        price=costs,
        missing=missing,
        reasons=tuple(reason.said for reason in each.reasons),
    )


def _other(each: NotOffered) -> tuple[str, str]:
    return each.name, _NOT_OFFERED[each.offer]


def _days(first: date, last: date) -> str:
    begins, ends = (f"{day:%a} {day.day} {day:%b}" for day in (first, last))
    return ends if first == last else f"{begins} – {ends}"


def _left(now: datetime, until: datetime) -> str:
    minutes = int((until - now).total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"
