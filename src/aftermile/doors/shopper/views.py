"""The tracking page of an order, and its calendar file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from aftermile.capabilities.brands.public import reading_brand, watching_brand
from aftermile.capabilities.catalog.public import watching_traits
from aftermile.capabilities.content.public import (
    About,
    Purchase,
    needs_traits,
    reading_articles_for,
    reading_shelf,
    watching_shelf,
)
from aftermile.capabilities.orders.public import (
    OrderLineView,
    OrderNotFound,
    OrderView,
    State,
    reading_order,
    reading_order_of_page,
    watching_order_of_page,
    watching_parts,
)
from aftermile.capabilities.promises.public import reading_estimates, watching_estimates
from aftermile.capabilities.shipments.public import ShipmentView, reading_shipments, watching_shipments
from aftermile.doors.shopper import answers
from aftermile.doors.shopper.faces import Face, face_of_shop, with_language
from aftermile.doors.shopper.help_addresses import article_address, help_address
from aftermile.doors.shopper.kept_pages import Grounds, KeptPages, Seen
from aftermile.doors.shopper.pictures import picture_addresses, pictures_of_lines
from aftermile.doors.shopper.presenters import notifications  # noqa: F401 - fills its place on the page
from aftermile.doors.shopper.presenters.calendar import Appointment, calendar_file
from aftermile.doors.shopper.presenters.content import Entry, entries_of, kinds_for, slot_of
from aftermile.doors.shopper.presenters.order import context_of, foremost_of, tracking_page, zone_at
from aftermile.doors.shopper.presenters.windows import estimate_of, moments_of, with_our_estimates
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import MerchantView, reading_merchant, watching_merchant
from aftermile.kernel.reads import answered, reading, side_by_side, stamp
from aftermile.kernel.tenancy import merchant_scope
from aftermile.kernel.tokens import BadToken, read_token

log = logging.getLogger(__name__)
_kept = KeptPages(most=1500)
#: Below an order nobody reads a library.
_MOST_ARTICLES = 4
Given = ParamSpec("Given")


def kind(
    view: Callable[Concatenate[HttpRequest, Given], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Given], HttpResponse]:
    """Answer in words while the database is away."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: Given.args, **given: Given.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **given)
        except (OperationalError, InterfaceError):
            log.warning("the database is away: a shopper was asked to come again")
            return answers.away(request)

    return answer


@dataclass(frozen=True, slots=True)
class _Content:
    """The articles for what was bought, what they rest on, and whether a picture of theirs is still on its way."""

    entries: tuple[Entry, ...] = ()
    seen: tuple[Seen, ...] = ()
    awaits_pictures: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    order: OrderView
    shipments: list[ShipmentView]
    ours: frozenset[UUID]  # the parcels whose days are our own estimate
    merchant: MerchantView
    face: Face
    picture_of: Callable[[OrderLineView], str]
    content: _Content
    seen: tuple[Seen, ...]


@require_safe
@kind
def tracking(request: HttpRequest, token: str) -> HttpResponse:
    """Show where an order is. An address nobody has, however it came about, gets the same plain answer."""
    return _kept.answer(request, lambda: _tracking(request, token))


def _tracking(request: HttpRequest, token: str) -> tuple[HttpResponse, Grounds | None]:
    try:
        read = _read(request, token)
    except (BadToken, OrderNotFound):
        return answers.not_found(request), None
    if read.order.erased_at is not None:
        return answers.erased(request, read.face), None
    moment = now()
    shown = tracking_page(
        read.order,
        read.shipments,
        read.merchant,
        read.face.tongue,
        now=moment,
        # A simulated number must not be looked up at a real carrier.
        links_to_carriers=not settings.CONFIG.demo,
        picture_of=read.picture_of,
        voice=read.face.voice,
        ours=read.ours,
    )
    home = with_language(help_address(read.merchant.id), read.face)
    slot = slot_of(read.content.entries, home=home)
    if slot is not None:
        shown = replace(shown, slots={**shown.slots, "content": (*shown.slots.get("content", ()), slot)})
    values = {"page": shown, "calendar": with_language(reverse("tracking-calendar", args=[token]), read.face)}
    version = answers.version_of(token, shown, read.face)
    response = answers.page(request, "shopper/tracking.html", values, read.face, version=version)
    zone = zone_at(read.order.shipping_address, read.merchant)
    awaited = read.content.awaits_pictures or any(
        line.image_url and not read.picture_of(line) for line in read.order.lines
    )
    grounds = Grounds(read.merchant.id, read.seen, zone, moment.astimezone(zone).date(), awaited)
    return response, grounds


@require_safe
@kind
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Send the expected day of delivery as a calendar file."""
    try:
        read = _read(request, token)
    except (BadToken, OrderNotFound):
        return answers.not_found(request)
    moment = now()
    about = context_of(
        read.order, read.merchant, read.face.tongue, now=moment, links_to_carriers=False, ours=read.ours
    )
    foremost = foremost_of(read.order, read.shipments, about)
    if read.order.erased_at is not None or foremost is None:
        return answers.not_found(request, read.face)
    parcel, standing = foremost
    if standing.due is None:
        return answers.not_found(request, read.face)
    due = standing.due
    ends = [
        each for each in (estimate_of(parcel, about.clock), about.promise_ahead) if each and each[1] == due
    ]
    window = ends[0] if ends else (due, due)
    hours = moments_of(parcel) if window[0] == window[1] else None
    content = calendar_file(
        Appointment(
            uid=f"{parcel.id}@aftermile",
            shop=read.merchant.name,
            headline=standing.headline,
            address=request.build_absolute_uri(reverse("tracking-page", args=[token])),
            days=window,
            hours=hours,
        ),
        read.face.tongue,
        at=moment,
    )
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="parcel.ics"',
            "Cache-Control": "private, no-store",
            "X-Robots-Tag": "noindex, nofollow",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _read(request: HttpRequest, token: str) -> _Read:
    """Read what a token names, in one transaction.

    :raises BadToken: no token of ours.
    :raises OrderNotFound: no order has it, or its shop deleted the order.
    """
    named = read_token("t", token)
    with merchant_scope(named.merchant_id):
        first = (watching_order_of_page(token), watching_merchant(), watching_brand(), watching_shelf())
        asked = side_by_side(
            reading(stamp(*first)),
            reading_order_of_page(token),
            reading_merchant(),
            side_by_side(reading_brand(), reading_shelf()),
        )
        (of_first,), of_page, merchant, (look, abouts) = answered(asked)
        then = (
            *watching_parts(of_page),
            *watching_shipments(of_page.id),
            *watching_estimates(of_page.id),
        )
        (of_then,), order, shipments, estimates = answered(
            side_by_side(
                reading(stamp(*then)),
                reading_order(of_page),
                reading_shipments(of_page.id),
                reading_estimates(of_page.id),
            )
        )
        shipments, ours = with_our_estimates(shipments, estimates, merchant)
        if order.state is State.DELETED:
            raise OrderNotFound
        picture_of = pictures_of_lines(order.source, order.lines)
        address = order.shipping_address
        face = face_of_shop(
            request,
            merchant,
            look,
            wishes=[order.language, order.shopper.language if order.shopper else ""],
            country=address.country if address else "",
        )
        content = _content(order, shipments, face, abouts, merchant) if abouts else _Content()
    seen = ((first, of_first), (then, of_then), *content.seen)
    return _Read(order, shipments, ours, merchant, face, picture_of, content, seen)


def _content(
    order: OrderView,
    shipments: Sequence[ShipmentView],
    face: Face,
    abouts: frozenset[About],
    merchant: MerchantView,
) -> _Content:
    """Read the articles for what was bought; one trip more, and two where they go by types or tags of products."""
    ids = tuple(
        {line.product_external_id for line in order.lines if line.product_external_id and not line.removed}
    )
    seen: tuple[Seen, ...] = ()
    if needs_traits(abouts):
        products = (watching_traits(order.source, ids),)
        (stamped,) = answered(reading(stamp(*products)))
        seen = ((products, stamped),)
    purchase = Purchase(
        source=order.source,
        product_external_ids=ids,
        kinds=kinds_for(shipments),
        languages=(face.chosen, order.language, face.tongue.code, merchant.language),
        limit=_MOST_ARTICLES,
    )
    (cards,) = answered(reading_articles_for([purchase], abouts))
    urls = {card.picture_url for card in cards if card.picture_url}
    copies = picture_addresses(urls) if urls else {}
    entries = entries_of(
        cards,
        face.tongue,
        address_of=lambda card: with_language(article_address(merchant.id, card.slug), face),
        pictures=copies,
    )
    return _Content(entries, seen, awaits_pictures=urls != copies.keys())
