"""A quote in a shopper's words: plain texts, for the element and for the page without script."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from aftermile.capabilities.promises.public import MethodQuote, Quote
from aftermile.capabilities.shipping.public import Kind, ReturnTerms
from aftermile.kernel.languages import Tongue
from aftermile.kernel.money import Money

#: Where the element puts what is left until the cut-off.
LEFT = "{left}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One method. Empty texts are not said; `seconds_left` None: there is no cut-off to count down to."""

    id: str
    name: str
    days: str
    likely: str
    price: str
    missing: str
    seconds_left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that is said. `first`: the place of the method a product page speaks of, -1 where nobody can say."""

    lang: str
    dir: str
    to: str
    within: str  # with `LEFT` where the time goes
    offers: tuple[Offer, ...]
    first: int
    nothing: str
    returns: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def told(quote: Quote, tongue: Tongue) -> Told:
    """Put a quote into words."""
    today = quote.asked_at.astimezone(ZoneInfo(quote.time_zone)).date()
    offers = tuple(_offer(each, quote, tongue, today) for each in quote.methods)
    place = f"{tongue.country(quote.destination.country)} {quote.destination.postal_code}".strip()
    delivered = [
        index for index, each in enumerate(quote.methods) if each.window and each.kind is Kind.DELIVERY
    ]
    return Told(
        lang=tongue.code,
        dir=tongue.direction,
        to=tongue.say("Delivery to {place}", place=place),
        within=tongue.say("Order within {time}", time=LEFT),
        offers=offers,
        first=delivered[0] if delivered else -1,
        nothing="" if offers else tongue.say("These articles cannot be sent there."),
        returns=_returns(quote.returns, tongue),
    )


def _offer(each: MethodQuote, quote: Quote, tongue: Tongue, today: date) -> Offer:
    window, price = each.window, each.price
    days, likely, left = tongue.say("When it arrives cannot be said yet."), "", None
    if window is not None:
        left = max(0, int((window.order_by - quote.asked_at).total_seconds()))
        if each.kind is Kind.PICKUP:
            days = tongue.say("Ready to collect from {day}", day=tongue.day(window.earliest, near=today))
        else:
            days = tongue.say("Arriving {days}", days=tongue.days(window.earliest, window.latest, near=today))
            if window.earliest != window.latest:
                likely = tongue.say("Most likely {day}", day=tongue.day(window.likely, near=today))
    costs = tongue.say("The price is shown at checkout")
    if price.amount_minor == 0:
        costs = tongue.say("Free")
    elif price.amount_minor is not None:
        costs = tongue.money(Money(price.amount_minor, quote.currency))
    missing = ""
    if price.missing_minor is not None:
        more = tongue.money(Money(price.missing_minor, quote.currency))
        missing = tongue.say("{amount} more for free shipping", amount=more)
    return Offer(
        id=each.key, name=each.name, days=days, likely=likely, price=costs, missing=missing, seconds_left=left
    )


def _returns(terms: ReturnTerms, tongue: Tongue) -> str:
    own = terms.texts.get(tongue.code, "")
    if own:
        return own
    if terms.days and terms.is_free:
        return tongue.count("Free returns for {n} day", "Free returns for {n} days", terms.days)
    if terms.days:
        return tongue.count("Returns for {n} day", "Returns for {n} days", terms.days)
    return tongue.say("Free returns") if terms.is_free else ""
