"""Building what templates see, for many messages at once: the same few statements however many."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.brands.public import BrandView, brand, theme
from aftermile.capabilities.catalog.public import pictures, product_images
from aftermile.capabilities.messaging.templates.engine import web_address
from aftermile.capabilities.messaging.templates.fitting import Wish, fitting_content
from aftermile.capabilities.messaging.templates.markup import markup_of
from aftermile.capabilities.messaging.templates.parcels import carrier_of, parcel_values
from aftermile.capabilities.messaging.templates.phrases import PHRASES
from aftermile.capabilities.messaging.templates.samples import colors_of
from aftermile.capabilities.messaging.templates.values import (
    Answer,
    Content,
    Line,
    Link,
    Links,
    Offer,
    Order,
    OrderNews,
    Parcel,
    Picture,
    Points,
    Product,
    Shop,
    Shopper,
    Support,
    Survey,
    Values,
)
from aftermile.capabilities.orders.public import OrderLineView, OrderView, orders
from aftermile.capabilities.promises.public import estimates, with_our_days
from aftermile.capabilities.shipments.public import ParcelView, ShipmentView, shipments_of_orders
from aftermile.kernel.ids import public_id
from aftermile.kernel.languages import Tongue, msg
from aftermile.kernel.merchants import MerchantView, current_merchant
from aftermile.kernel.money import Money

_LOGO_WIDTH, _LOGO_HEIGHT = 200, 44
_MOST = 20
#: Orders told of in one message, and goods named of each.
MOST_ORDERS, _MOST_TITLES = 30, 4
_ORDER = msg("Order {number}")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A message whose values are wanted. `languages`: tags, the dearest first; `values`: plain JSON brought along.

    JSON under `content`, `recommendation`, `points`, `survey`, `offer` and `product` fills the blocks and values of
    these names; everything is in `extra` too. What does not fit is left out. Without `content` the articles that fit
    what was bought are shown. `order_ids`: of a message about several
    orders; one alone is as `order_id`.
    """

    touchpoint: str
    shopper_name: str = ""
    languages: tuple[str, ...] = ()
    country: str = ""
    time_zone: str = "UTC"
    order_id: UUID | None = None
    parcel_id: UUID | None = None
    order_ids: tuple[UUID, ...] = ()
    values: Mapping[str, Any]
    preferences_url: str = ""
    unsubscribe_url: str = ""
    why_url: str = ""


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all the messages of a batch are built from."""

    merchant: MerchantView
    brand: BrandView
    orders: Mapping[UUID, OrderView]
    shipments: Mapping[UUID, Sequence[ShipmentView]]
    pictures: Mapping[str, str]
    base_url: str
    at: datetime


def values_for(requests: Sequence[Request], *, base_url: str, at: datetime) -> list[Values]:
    """Build the values of many messages, in their order. In the merchant's open scope; about a dozen statements.

    :param base_url: the address of this installation, without a slash at its end.
    """
    found = orders({order_id for each in requests for order_id in _order_ids(each)})
    merchant = current_merchant()
    shared = _Shared(
        merchant=merchant,
        brand=brand(),
        orders=found,
        shipments=_shipments(found, merchant),
        pictures=_pictures(found.values(), base_url),
        base_url=base_url,
        at=at,
    )
    fitting = fitting_content(
        [
            Wish(each.touchpoint, [found[one] for one in _order_ids(each) if one in found], each.languages)
            for each in requests
        ],
        merchant=shared.merchant,
        base_url=base_url,
    )
    shops: dict[str, Shop] = {}
    return [
        built if built.content else replace(built, content=content)
        for built, content in zip((_values(each, shared, shops) for each in requests), fitting, strict=True)
    ]


def tongue_of(languages: Sequence[str], country: str) -> Tongue:
    """Choose the language of a message: the first wish we speak, at last English."""
    return PHRASES.tongue(languages, country=country)


def first_name(name: str) -> str:
    """Take what to call somebody by from a full name; "" where it does not look like one."""
    word = name.strip().split()[0] if name.strip() else ""
    is_name = re.fullmatch(r"[^\W\d_][^\W\d_'’.-]*(?:[-'’][^\W\d_]+)*", word) is not None
    if not is_name or not (1 < len(word) <= 30):
        return ""
    return word.capitalize() if word.isupper() or word.islower() else word


def _values(request: Request, shared: _Shared, shops: dict[str, Shop]) -> Values:
    tongue = tongue_of(request.languages, request.country or shared.merchant.country)
    several = [shared.orders[each] for each in _order_ids(request) if each in shared.orders]
    order = several[0] if several else None
    zone = ZoneInfo(request.time_zone or shared.merchant.time_zone)
    if len(several) > 1:
        return _of_several(request, several, shared, shops, tongue, zone)
    parcels = _parcels_of(shared.shipments.get(order.id, ()) if order else ())
    chosen = next((each for each in parcels if each.id == request.parcel_id), None)
    if chosen is None and request.parcel_id is None and len(parcels) == 1:
        chosen = parcels[0]
    titles = _titles(order, shared.shipments.get(order.id, ())) if order else {}
    said = {
        each.id: parcel_values(
            each,
            placed_at=order.placed_at if order else None,
            titles=titles.get(each.id, ""),
            tongue=tongue,
            zone=zone,
            at=shared.at,
        )
        for each in parcels
    }
    page = _page_of(order, shared) if order else ""
    brought = request.values
    return Values(
        shop=_shop_in(tongue, shared, shops),
        shopper=Shopper(first_name=first_name(request.shopper_name)),
        order=_order(order, shared, tongue, zone) if order else None,
        parcel=said[chosen.id] if chosen else None,
        parcels=tuple(said.values()) if len(said) > 1 else (),
        links=_links(request, page),
        content=_many(brought.get("content"), _content),
        recommendation=_many(brought.get("recommendation"), _product),
        points=_one(brought.get("points"), _points),
        survey=_one(brought.get("survey"), _survey),
        offer=_one(brought.get("offer"), _offer),
        product=_one(brought.get("product"), _product),
        extra=brought,
        markup=markup_of(
            request.touchpoint,
            order,
            chosen,
            shop=shared.merchant.name,
            carrier=carrier_of(chosen) if chosen else "",
            page=page,
        ),
    )


def _of_several(
    request: Request,
    several: Sequence[OrderView],
    shared: _Shared,
    shops: dict[str, Shop],
    tongue: Tongue,
    zone: ZoneInfo,
) -> Values:
    """Tell of several orders: shortly of each, and nothing as if there were but one."""
    return Values(
        shop=_shop_in(tongue, shared, shops),
        shopper=Shopper(first_name=first_name(request.shopper_name)),
        order=Order(number=several[0].number),
        orders=tuple(_news(order, shared, tongue, zone) for order in several[:MOST_ORDERS]),
        links=_links(request, ""),
        content=_many(request.values.get("content"), _content),
        recommendation=_many(request.values.get("recommendation"), _product),
        points=_one(request.values.get("points"), _points),
        extra=request.values,
    )


def _news(order: OrderView, shared: _Shared, tongue: Tongue, zone: ZoneInfo) -> OrderNews:
    parcels = [
        parcel_values(each, placed_at=order.placed_at, titles="", tongue=tongue, zone=zone, at=shared.at)
        for each in _parcels_of(shared.shipments.get(order.id, ()))
    ]
    told = _order(order, shared, tongue, zone)
    titles = [line.title for line in told.lines]
    more = len(titles) - _MOST_TITLES
    return OrderNews(
        number=order.number,
        title=tongue.say(_ORDER, number=order.number),
        address=_page_of(order, shared),
        standing=_standing(parcels),
        window=next((each.window for each in parcels if each.window), told.window if not parcels else ""),
        lines=told.lines,
        titles=", ".join(titles[:_MOST_TITLES]) + (f" (+{more})" if more > 0 else ""),
    )


def _standing(parcels: Sequence[Parcel]) -> str:
    """Say where an order is: where the parcel is that has come least far; "" of one that left its way."""
    reached = [[step.name for step in parcel.steps if step.is_done] for parcel in parcels]
    least = min(reached, key=len, default=[])
    return least[-1] if least else ""


def _order_ids(request: Request) -> tuple[UUID, ...]:
    return request.order_ids or ((request.order_id,) if request.order_id is not None else ())


def _page_of(order: OrderView, shared: _Shared) -> str:
    return f"{shared.base_url}/t/{order.page_token}" if order.page_token else ""


def _links(request: Request, page: str) -> Links:
    return Links(
        tracking_page=page,
        preferences=request.preferences_url,
        unsubscribe=request.unsubscribe_url,
        why=request.why_url,
    )


def _shop_in(tongue: Tongue, shared: _Shared, shops: dict[str, Shop]) -> Shop:
    if tongue.code not in shops:
        shops[tongue.code] = _shop(shared)
    return shops[tongue.code]


def _shop(shared: _Shared) -> Shop:
    shown, merchant = shared.brand, shared.merchant
    computed = theme(shown)
    support = shown.support
    return Shop(
        name=merchant.name,
        colors=colors_of(computed),
        radius_px=shown.radius_px,
        font=computed.font_stack,
        logo=_logo(shown, merchant, shared.base_url),
        home=f"https://{shown.host}" if shown.host else "",
        footer_links=tuple(Link(label=link.label, address=link.url) for link in shown.footer_links),
        support=Support(
            name=support.name,
            email=support.email,
            phone=support.phone,
            address=support.url,
            hours=support.hours,
        )
        if support
        else None,
        postal_address=support.address_lines,
    )


def _logo(shown: BrandView, merchant: MerchantView, base_url: str) -> Picture | None:
    """Give the logo's address. Mail programs show no drawings (SVG): the shop's name stands there instead."""
    logo = shown.logo
    if logo is None or logo.content_type == "image/svg+xml":
        return None
    scale = min(1.0, _LOGO_WIDTH / logo.width, _LOGO_HEIGHT / logo.height)
    return Picture(
        address=f"{base_url}/b/{public_id('mer', merchant.id)}/{logo.digest}.webp",
        alt=logo.alt or merchant.name,
        width=max(1, round(logo.width * scale)),
        height=max(1, round(logo.height * scale)),
    )


def _order(order: OrderView, shared: _Shared, tongue: Tongue, zone: ZoneInfo) -> Order:
    today = shared.at.astimezone(zone).date()
    latest = order.promised_latest_date or order.promised_earliest_date
    earliest = min(order.promised_earliest_date or latest, latest) if latest else None
    to = order.shipping_address
    return Order(
        number=order.number,
        lines=tuple(_line(line, order, shared, tongue) for line in order.lines if not line.removed),
        placed_on=tongue.day(order.placed_at.astimezone(zone).date(), near=today) if order.placed_at else "",
        subtotal=_money(order.subtotal_minor, order.currency, tongue),
        discount=_money(-order.discount_minor, order.currency, tongue) if order.discount_minor else "",
        shipping=_money(order.shipping_minor, order.currency, tongue),
        tax=_money(order.tax_minor, order.currency, tongue) if order.tax_minor else "",
        total=_money(order.total_minor, order.currency, tongue),
        window=tongue.days(earliest, latest, near=today) if earliest and latest and latest >= today else "",
        ship_to=tuple(
            part
            for part in (to.name, to.company, to.line1, to.line2, f"{to.postal_code} {to.city}".strip())
            if part
        )
        if to
        else (),
    )


def _line(line: OrderLineView, order: OrderView, shared: _Shared, tongue: Tongue) -> Line:
    address = shared.pictures.get(f"{order.source}\n{line.product_external_id}\n{line.image_url}", "")
    return Line(
        title=line.title,
        variant=line.variant_title,
        quantity=max(line.quantity - line.cancelled_quantity, 0) or line.quantity,
        price=_money(line.total_minor, line.currency or order.currency, tongue),
        picture=Picture(address=address, alt=line.title) if address else None,
    )


def _pictures(found: Any, base_url: str) -> dict[str, str]:
    """Return our copies' addresses by source, product and named address of a line; a line without one has its product's."""
    merchant = ""
    wanted: dict[str, str] = {}
    bare: dict[str, set[str]] = {}
    lines = [(order, line) for order in found for line in order.lines]
    for order, line in lines:
        if not line.image_url and line.product_external_id:
            bare.setdefault(order.source, set()).add(line.product_external_id)
    of_products = {source: product_images(source, ids) for source, ids in bare.items()}
    for order, line in lines:
        url = line.image_url or of_products.get(order.source, {}).get(line.product_external_id, "")
        if url:
            wanted[f"{order.source}\n{line.product_external_id}\n{line.image_url}"] = url
    copies = pictures(set(wanted.values())) if wanted else {}
    if copies:
        merchant = public_id("mer", current_merchant().id)
    return {
        key: f"{base_url}/p/{merchant}/{copies[url].digest}.webp"
        for key, url in wanted.items()
        if url in copies and copies[url].content_type == "image/webp"
    }


def _shipments(found: Mapping[UUID, OrderView], merchant: MerchantView) -> dict[UUID, list[ShipmentView]]:
    """Return the shipments of orders with the days of their tracking pages."""
    if not found:
        return {}
    shipped = shipments_of_orders(list(found))
    expected = estimates({parcel.id for each in shipped.values() for one in each for parcel in one.parcels})
    zone = ZoneInfo(merchant.time_zone)
    return {order_id: with_our_days(each, expected, zone) for order_id, each in shipped.items()}


def _parcels_of(shipments: Sequence[ShipmentView]) -> list[ParcelView]:
    """Return the outbound parcels of shipments, each once."""
    found = {
        parcel.id: parcel
        for shipment in shipments
        if not shipment.cancelled and shipment.direction == "outbound"
        for parcel in shipment.parcels
        if parcel.withdrawn_at is None
    }
    return list(found.values())


def _titles(order: OrderView, shipments: Sequence[ShipmentView]) -> dict[UUID, str]:
    """Say what is in each parcel, where its shipment names the lines and it is the only one of that shipment."""
    by_line = {line.external_id: line.title for line in order.lines}
    found: dict[UUID, str] = {}
    for shipment in shipments:
        names = [by_line.get(str(each.get("line", "")), "") for each in shipment.lines]
        if len(shipment.parcels) == 1:
            found[shipment.parcels[0].id] = ", ".join(name for name in names if name)
    return found


def _money(minor: int | None, currency: str, tongue: Tongue) -> str:
    return "" if minor is None or not currency else tongue.money(Money(minor, currency))


def _many(given: Any, read: Callable[[Mapping[str, Any]], _Made | None]) -> tuple[_Made, ...]:
    made = [_one(each, read) for each in given[:_MOST]] if isinstance(given, list | tuple) else []
    return tuple(each for each in made if each is not None)


def _one(given: Any, read: Callable[[Mapping[str, Any]], _Made | None]) -> _Made | None:
    return read(given) if isinstance(given, Mapping) else None


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return str(value)[:500] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _address(given: Mapping[str, Any], name: str = "address") -> str:
    address = web_address(_text(given, name))
    return "" if address == "#" else address


def _picture(given: Mapping[str, Any]) -> Picture | None:
    address = _address(given, "picture")
    return (
        Picture(address=address, alt=_text(given, "picture_alt") or _text(given, "title"))
        if address
        else None
    )


def _content(given: Mapping[str, Any]) -> Content | None:
    title, address = _text(given, "title"), _address(given)
    if not (title and address):
        return None
    return Content(title=title, address=address, summary=_text(given, "summary"), picture=_picture(given))


def _product(given: Mapping[str, Any]) -> Product | None:
    title, address = _text(given, "title"), _address(given)
    if not (title and address):
        return None
    return Product(title=title, address=address, price=_text(given, "price"), picture=_picture(given))


def _points(given: Mapping[str, Any]) -> Points | None:
    balance = _text(given, "balance")
    return (
        Points(balance=balance, earned=_text(given, "earned"), address=_address(given)) if balance else None
    )


def _survey(given: Mapping[str, Any]) -> Survey | None:
    answers = _many(given.get("answers"), _answer)
    question = _text(given, "question")
    return Survey(question=question, answers=answers) if question and answers else None


def _answer(given: Mapping[str, Any]) -> Answer | None:
    label, address = _text(given, "label"), _address(given)
    return Answer(label=label, address=address) if label and address else None


def _offer(given: Mapping[str, Any]) -> Offer | None:
    worth = _text(given, "worth")
    if not worth:
        return None
    return Offer(worth=worth, code=_text(given, "code"), until=_text(given, "until"), address=_address(given))
