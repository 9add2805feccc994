"""What codes are called in front of staff: milestones with their tone, sub-statuses, carriers, countries."""

from __future__ import annotations

from functools import cache

from babel import Locale, numbers

from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.connectors.recognition import couriers
from aftermile.kernel.money import Money

_M, _S = Milestone, SubStatus

#: Tone (marks.py) and word. "" is an order without a parcel.
MILESTONES: dict[str, tuple[str, str]] = {
    "": ("calm", "Not shipped"),
    _M.PENDING: ("calm", "Announced"),
    _M.INFO_RECEIVED: ("calm", "Label made"),
    _M.IN_TRANSIT: ("calm", "On its way"),
    _M.OUT_FOR_DELIVERY: ("calm", "Out for delivery"),
    _M.AVAILABLE_FOR_PICKUP: ("watch", "Ready to collect"),
    _M.ATTEMPT_FAILED: ("watch", "Attempt failed"),
    _M.EXCEPTION: ("late", "Exception"),
    _M.DELIVERED: ("ok", "Delivered"),
    _M.RETURNING: ("late", "Going back"),
    _M.RETURNED: ("broken", "Returned"),
    _M.CANCELLED: ("calm", "Cancelled"),
    _M.EXPIRED: ("broken", "No news"),
}

_SUB_STATUSES: dict[str, str] = {
    _S.LEFT_WITH_NEIGHBOR: "Left with a neighbor",
    _S.PICKED_UP_BY_SHOPPER: "Collected",
    _S.COD_RECEIVED: "Delivered and paid",
    _S.SIGNED: "Delivered and signed for",
    _S.ADDRESSEE_UNAVAILABLE: "Nobody was in",
    _S.BUSINESS_CLOSED: "Address was closed",
    _S.SHOPPER_MOVED: "Shopper moved",
    _S.CUSTOMS_DELAY: "Held at customs",
    _S.HELD_FOR_PAYMENT: "Held until a charge is paid",
    _S.ADDRESS_ISSUE: "Address problem",
    _S.PICKUP_MISSED: "Not collected in time",
    _S.REJECTED_BY_CARRIER: "Not taken by the carrier",
    _S.WEATHER_DELAY: "Held up by the weather",
    _S.LATE_FLIGHT: "Late flight or truck",
    _S.HELD: "Held by the carrier",
    _S.EXPIRED: "No news for a long time",
}

#: Who brought an exception about.
CAUSES = {
    "carrier": "the carrier",
    "merchant": "us",
    "shopper": "the shopper",
    "customs": "customs",
    "weather": "the weather",
    "unknown": "unknown",
}


def milestone(code: str) -> tuple[str, str]:
    """Return tone and word of a milestone; one this version does not know is shown as it is."""
    return MILESTONES.get(code, ("calm", spelled(code)))


def sub_status(code: str) -> str:
    """Return a sub-status in words."""
    return _SUB_STATUSES.get(code, spelled(code))


def spelled(code: str) -> str:
    """Write a code as words: "lost_in_space" as "Lost in space"."""
    return code.replace("_", " ").capitalize()


def carrier(slug: str) -> str:
    """Return a carrier's name; a slug nobody knows is shown as it is."""
    return _carriers().get(slug, slug)


def service(whose: str, sold_as: str) -> str:
    """Write the service a parcel goes with; what names its carrier already is not put behind the name."""
    if sold_as.casefold() in whose.casefold():
        return whose
    return sold_as if sold_as.casefold().startswith(whose.casefold()) else f"{whose} {sold_as}"


def country(code: str) -> str:
    """Return a country's name; a code that is none is shown as it is."""
    return str(Locale("en").territories.get(code.upper(), code))


@cache
def _carriers() -> dict[str, str]:
    return {slug: courier.name for slug, courier in couriers().items()}


def money(minor: int, currency: str) -> str:
    """Write an amount: €93.90; a sign that ends in a letter stands apart: CHF 93.90."""
    stands_apart = str(numbers.get_currency_symbol(currency, locale="en_US"))[-1:].isalpha()
    pattern = "¤\N{NO-BREAK SPACE}#,##0.00" if stands_apart else None
    major = Money(minor, currency).major
    return str(numbers.format_currency(major, currency, pattern, locale="en_US"))
