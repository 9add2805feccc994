"""Shoppers: who bought, what is kept on them, and forgetting them."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from ninja import Router

from aftermile.capabilities.journeys.public import export_runs
from aftermile.capabilities.messaging.public import export_messages, export_preferences
from aftermile.capabilities.orders.public import OrderView, list_orders
from aftermile.capabilities.promises.public import estimates_of_orders
from aftermile.capabilities.shoppers.public import (
    ShopperNotFound,
    erase_shopper,
    export_shopper,
    list_shoppers,
    record_shoppers,
    shopper,
)
from aftermile.doors.api.batches import batch_result, record_each
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import ExternalId, Limit, Line, ShopperId
from aftermile.doors.api.page_urls import page_url
from aftermile.doors.api.paging import DEFAULT_LIMIT, Page, cut
from aftermile.doors.api.reports import SOURCE
from aftermile.doors.api.shapes.exports import ShopperExport
from aftermile.doors.api.shapes.orders import order_given
from aftermile.doors.api.shapes.shoppers import (
    ShopperGiven,
    ShopperRecorded,
    ShopperResult,
    ShopperResults,
    ShoppersTaken,
    ShopperTaken,
    shopper_fact,
    shopper_given,
)
from aftermile.intake.public import erase_bodies_later
from aftermile.kernel.access import Caller
from aftermile.kernel.bounds import FactOutOfBounds
from aftermile.kernel.clock import now

router = Router(tags=["Shoppers"])


@endpoint(
    router,
    "PUT",
    "/shoppers/by-external-id/{any:external_id}",
    scope="shoppers:write",
    returns=ShopperRecorded,
    refusals=[FactOutOfBounds],
)
def put_shopper(caller: Caller, external_id: ExternalId, shopper: ShopperTaken) -> ShopperRecorded:
    """Record a shopper by your own id.

    Made or brought up to date; the same again changes nothing. A shopper with the same e-mail address or
    phone number is the same shopper, and an erased one stays erased. Read it by its `id`.
    """
    (shopper_id,) = record_shoppers(
        facts=[shopper_fact(shopper, external_id)], source=SOURCE, by=caller.name, at=now()
    )
    return ShopperRecorded(id=shopper_id)


@endpoint(router, "POST", "/shoppers/batch", scope="shoppers:write", returns=ShopperResults)
def record_shopper_batch(caller: Caller, shoppers: ShoppersTaken) -> ShopperResults:
    """Record many shoppers.

    One result for each, in order; an odd one is refused and costs only itself.
    """
    at = now()
    results = record_each(
        shoppers.shoppers,
        fact_of=lambda item: shopper_fact(item, item.external_id),
        act=lambda facts: record_shoppers(facts=facts, source=SOURCE, by=caller.name, at=at),
    )
    return ShopperResults(data=[ShopperResult(**batch_result(each)) for each in results])


@endpoint(
    router,
    "GET",
    "/shoppers/{shopper_id}",
    scope="shoppers:read",
    returns=ShopperGiven,
    refusals=[ShopperNotFound],
)
def read_shopper(shopper_id: ShopperId) -> ShopperGiven:
    """Read a shopper.

    The id of one who was merged into another gives the other.
    """
    return _shopper(shopper_id)


@endpoint(router, "GET", "/shoppers", scope="shoppers:read", returns=Page[ShopperGiven])
def list_all_shoppers(
    email: Line | None = None,
    phone: Line | None = None,
    cursor: ShopperId | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[ShopperGiven]:
    """List shoppers, newest first, or find them by e-mail address or phone number."""
    found = list_shoppers(after=cursor, limit=limit + 1, email=email, phone=phone)
    page, next_cursor = cut(found, limit, "shp")
    return Page[ShopperGiven](data=[shopper_given(view) for view in page], next_cursor=next_cursor)


@endpoint(
    router,
    "GET",
    "/shoppers/{shopper_id}/export",
    scope="shoppers:read",
    returns=ShopperExport,
    refusals=[ShopperNotFound],
)
def export_one_shopper(shopper_id: ShopperId) -> ShopperExport:
    """Give everything that is kept on a shopper, with their orders and the messages to them.

    What a person may ask for by law.
    """
    view = shopper(shopper_id)
    orders = list(_orders_of(view.id))
    expected = estimates_of_orders([each.id for each in orders])
    return ShopperExport(
        shopper_id=view.id,
        shopper=export_shopper(shopper_id=view.id),
        orders=[order_given(each, page_url=page_url(each), estimates=expected[each.id]) for each in orders],
        messages=export_messages(shopper_id=view.id),
        journeys=export_runs(shopper_id=view.id),
        preferences=export_preferences(shopper_id=view.id),
    )


@endpoint(
    router,
    "POST",
    "/shoppers/{shopper_id}/erasure",
    scope="shoppers:write",
    returns=ShopperGiven,
    refusals=[ShopperNotFound],
)
def erase_one_shopper(caller: Caller, shopper_id: ShopperId) -> ShopperGiven:
    """Erase a shopper's personal data, here, in their orders, and in what was received and sent about them.

    Cannot be taken back. The orders stay, without a person. Again: nothing changes.
    """
    view = shopper(shopper_id)
    erase_bodies_later(
        words={word for point in view.contact_points for word in (point.value, point.as_given)}
    )
    erase_shopper(shopper_id=shopper_id, by=caller.name, at=now())
    return _shopper(shopper_id)


def _orders_of(shopper_id: UUID) -> Iterator[OrderView]:
    after = None
    while page := list_orders(shopper_id=shopper_id, after=after, limit=200):
        yield from page
        after = page[-1].id


def _shopper(shopper_id: ShopperId) -> ShopperGiven:
    return shopper_given(shopper(shopper_id))
