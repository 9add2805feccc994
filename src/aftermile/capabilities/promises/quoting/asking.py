"""What a quote is asked by, and what is refused: nonsense gets a clear error, never a default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from aftermile.capabilities.catalog.public import Article
from aftermile.capabilities.promises.learning.forecasting import Goods, Place
from aftermile.capabilities.shipping.public import Cart
from aftermile.connectors.contracts.countries import country_code
from aftermile.kernel.errors import Invalid
from aftermile.kernel.money import LARGEST_AMOUNT_MINOR

MOST_LINES = 200
MOST_PIECES = 10_000
HEAVIEST_GRAMS = 100_000_000
LONGEST_MM = 100_000
#: A quote is for these days: a moment further away is a mistake.
FURTHEST = timedelta(days=366)
LONGEST_POSTCODE = 20


class QuoteUnreadable(Invalid):
    """A quote asked for in a way that cannot be answered; `details` says by field what is wrong."""

    code = "quote_unreadable"
    message = "This cannot be quoted; `details` says which field is wrong, and how."


class SkuUnknown(Invalid):
    """Article numbers the catalog does not have; `details` lists them."""

    code = "sku_unknown"
    message = (
        "Some article numbers are not in the catalog; send weight and value instead, or record the products."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is to be sent: an article number, or weight and size. What is said goes before what the catalog knows."""

    sku: str = ""
    quantity: int = 1
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    value_minor: int | None = None  # of one, in the shop's currency
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A quote as it is asked for. No origin: the shop's own. `by`: the day until which it has to be there."""

    destination: Place
    items: Sequence[Item] = field(default_factory=tuple)
    origin: Place | None = None
    at: datetime
    by: date | None = None
    value_minor: int | None = None  # of the whole cart, discounts taken off
    language: str = ""  # of the methods' names; "": as the merchant calls them
    currency: str = ""  # of all amounts; "" where none is named: the shop's


def check(asked: Asked, *, now: datetime) -> Asked:
    """Make sure that a quote can be answered, and return it with its codes as they are compared.

    :raises QuoteUnreadable: `details` says by field what is wrong.
    """
    problems: dict[str, str] = {}
    destination = _place("destination", asked.destination, problems)
    origin = _place("origin", asked.origin, problems) if asked.origin else None
    if not asked.items:
        problems["items"] = "Say what is to be sent: article numbers, or weights."
    elif len(asked.items) > MOST_LINES:
        problems["items"] = f"{len(asked.items)} lines; at most {MOST_LINES} can be quoted at once."
    else:
        for place, item in enumerate(asked.items):
            _check_item(f"items.{place}", item, problems)
        pieces = sum(item.quantity for item in asked.items)
        if pieces > MOST_PIECES:
            problems.setdefault("items", f"{pieces} pieces; at most {MOST_PIECES} can be quoted at once.")
    if abs(asked.at - now) > FURTHEST:
        problems["at"] = f"{asked.at:%Y-%m-%d} is more than a year away."
    elif asked.by is not None and not -1 <= (asked.by - asked.at.date()).days <= 2 * FURTHEST.days:
        problems["by"] = f"{asked.by} lies before the moment of the order, or years after it."
    _check_number("value", asked.value_minor, 0, LARGEST_AMOUNT_MINOR, problems)
    if problems:
        raise QuoteUnreadable(details=dict(problems))
    return replace(asked, destination=destination, origin=origin)


def cart_of(asked: Asked, known: Mapping[str, Article], *, currency: str) -> tuple[Cart, Goods]:
    """Put together what the price and what the forecast hang on; a part nobody knows makes the whole unknown.

    :raises SkuUnknown: an article number that is not among the known.
    """
    unknown = sorted({item.sku for item in asked.items if item.sku and item.sku not in known})
    if unknown:
        raise SkuUnknown(details={"skus": unknown[:20]})
    whole = [_filled(item, known.get(item.sku), currency) for item in asked.items]
    weight = _sum((item.weight_grams, item.quantity) for item in whole)
    value = _sum((item.value_minor, item.quantity) for item in whole)
    volume = _sum((_volume(item), item.quantity) for item in whole)
    tags = {tag for item in whole for tag in item.tags}
    if asked.value_minor is not None:
        value = asked.value_minor
    goods = Goods(
        item_count=sum(item.quantity for item in asked.items),
        weight_grams=weight,
        volume_cm3=None if volume is None else volume // 1000,
        value_minor=value,
    )
    return Cart(weight_grams=weight, value_minor=value, tags=frozenset(tags)), goods


def _filled(item: Item, article: Article | None, currency: str) -> Item:
    """Add to an item what the catalog knows of it and nobody said."""
    if article is None:
        return item
    sides = ("weight_grams", "length_mm", "width_mm", "height_mm")
    told = {name: getattr(article, name) for name in sides if getattr(item, name) is None}
    if item.value_minor is None and article.currency == currency:
        told["value_minor"] = article.price_minor
    return replace(item, **told, tags=(*item.tags, *article.tags))


def _volume(item: Item) -> int | None:
    if item.length_mm is None or item.width_mm is None or item.height_mm is None:
        return None
    return item.length_mm * item.width_mm * item.height_mm


def _sum(parts: Iterable[tuple[int | None, int]]) -> int | None:
    total = 0
    for each, quantity in parts:
        if each is None:
            return None
        total += each * quantity
    return total


def _place(name: str, place: Place, problems: dict[str, str]) -> Place:
    country = country_code(place.country)
    if not place.country:
        problems[f"{name}.country"] = "Give the country, as ISO 3166-1: DE."
    elif not country:
        problems[f"{name}.country"] = f"{place.country[:20]!r} is no country of ISO 3166-1."
    if len(place.postal_code) > LONGEST_POSTCODE:
        problems[f"{name}.postal_code"] = f"At most {LONGEST_POSTCODE} letters."
    region = place.region.upper().removeprefix(f"{country}-")
    return Place(country=country, region=region, postal_code=place.postal_code.strip())


def _check_item(name: str, item: Item, problems: dict[str, str]) -> None:
    if not item.sku and item.weight_grams is None:
        problems[name] = "Give an article number, or a weight."
    _check_number(f"{name}.quantity", item.quantity, 1, MOST_PIECES, problems)
    _check_number(f"{name}.weight_grams", item.weight_grams, 0, HEAVIEST_GRAMS, problems)
    for side in ("length_mm", "width_mm", "height_mm"):
        _check_number(f"{name}.{side}", getattr(item, side), 1, LONGEST_MM, problems)
    _check_number(f"{name}.value", item.value_minor, 0, LARGEST_AMOUNT_MINOR, problems)


def _check_number(name: str, value: int | None, least: int, most: int, problems: dict[str, str]) -> None:
    if value is not None and not least <= value <= most:
        problems[name] = f"Give {least} to {most}."
