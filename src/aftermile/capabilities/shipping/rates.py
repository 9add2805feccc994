"""What a method costs: the first line of the price list that fits a cart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aftermile.capabilities.shipping.plan import Rate


class Offer(StrEnum):
    """Whether a method can be had."""

    OFFERED = "offered"
    NOT_SERVED = "not_served"  # no line of the price list is for this destination and cart
    EXCLUDED = "excluded"  # a line says that it is not offered
    UNKNOWN = "unknown"  # it hangs on something nobody told


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """What the price hangs on. What nobody told is None."""

    weight_grams: int | None = None
    value_minor: int | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a method costs a cart, in the shop's currency.

    `missing_minor` is by how much the cart falls short of free shipping; None where there is no such threshold, or it
    is reached. `needs` names what would have to be known.
    """

    offer: Offer
    amount_minor: int | None = None
    free_from_minor: int | None = None
    missing_minor: int | None = None
    needs: tuple[str, ...] = ()


def price_of(rates: Sequence[Rate], *, method: str, zone: str | None, cart: Cart) -> Price:
    """Find what a method costs.

    A line that may fit, were the weight or the value known, ends the search: a later one would be a guess.

    :param zone: the key of the destination's zone; None when it lies in none.
    """
    for rate in rates:
        if rate.method not in ("", method) or rate.zone not in ("", zone):
            continue
        if rate.tag and rate.tag not in cart.tags:
            continue
        weighs = _within(cart.weight_grams, rate.weight_from_grams, rate.weight_to_grams)
        costs = _within(cart.value_minor, rate.value_from_minor, rate.value_to_minor)
        if weighs is False or costs is False:
            continue
        needs = [name for name, known in (("weight", weighs), ("value", costs)) if known is None]
        if needs:
            return Price(offer=Offer.UNKNOWN, needs=tuple(needs))
        return _priced(rate, cart)
    return Price(offer=Offer.NOT_SERVED)


def _priced(rate: Rate, cart: Cart) -> Price:
    if rate.price_minor is None:
        return Price(offer=Offer.EXCLUDED)
    free_from = rate.free_from_minor
    if free_from is None or rate.price_minor == 0:
        return Price(offer=Offer.OFFERED, amount_minor=rate.price_minor)
    if cart.value_minor is None:
        return Price(offer=Offer.UNKNOWN, free_from_minor=free_from, needs=("value",))
    missing = free_from - cart.value_minor
    return Price(
        offer=Offer.OFFERED,
        amount_minor=rate.price_minor if missing > 0 else 0,
        free_from_minor=free_from,
        missing_minor=missing if missing > 0 else None,
    )


def _within(value: int | None, least: int | None, most: int | None) -> bool | None:
    if least is None and most is None:
        return True
    if value is None:
        return None
    return (least is None or value >= least) and (most is None or value <= most)
