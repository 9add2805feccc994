"""Orders: the whole of what Shopify says of one, in the shop's currency."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from aftermile.connectors.contracts.facts import (
    ConsentFact,
    Deletion,
    Fact,
    FulfilmentFact,
    OrderFact,
    OrderState,
    PromisedWindow,
    ShopperFact,
    Translation,
    UnknownWord,
)
from aftermile.connectors.contracts.reading import items, moment, section, text
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.storefronts.fields import (
    amount,
    currency_code,
    distinct,
    language_tag,
    total_of,
)
from aftermile.connectors.storefronts.shopify.customers import shopper
from aftermile.connectors.storefronts.shopify.fulfilments import fulfilment, reported_status
from aftermile.connectors.storefronts.shopify.lines import order_lines
from aftermile.connectors.storefronts.shopify.refunds import refund
from aftermile.connectors.storefronts.shopify.values import address, plain_id, shop_amount, tags
from aftermile.kernel.money import Money

#: Note attributes of an order (set by the theme or an app at checkout) that hold the promised days, ISO 8601.
PROMISE_NOTES = ("promised_earliest_date", "promised_latest_date")


def read_order(payload: Mapping[str, Any], _: RawRecord) -> Translation:
    """Read an order; every `orders/...` topic but `delete` and `edited` sends the whole of it."""
    order_id = plain_id(payload.get("id"))
    if not order_id:
        raise Unreadable("an order without an id")
    unknown: list[UnknownWord] = []
    notes = _notes(payload)
    promised = _promised(notes, unknown)
    currency = currency_code(payload.get("currency"))
    lines, lines_complete = order_lines(payload, currency, unknown)
    fulfilments, reports = _fulfilments(payload, order_id, unknown)
    state, source_status = _state(payload)
    order = OrderFact(
        external_id=order_id,
        number=text(payload.get("name")) or text(payload.get("order_number")),
        placed_at=moment(payload.get("processed_at")) or moment(payload.get("created_at")),
        updated_at=moment(payload.get("updated_at")),
        currency=currency,
        shopper=_shopper(payload),
        lines=lines,
        lines_complete=lines_complete,
        subtotal=shop_amount(payload, "subtotal_price", currency),
        shipping_price=_shipping_price(payload, currency),
        tax=shop_amount(payload, "total_tax", currency),
        discount=shop_amount(payload, "total_discounts", currency),
        total=shop_amount(payload, "total_price", currency),
        state=state,
        source_status=source_status,
        financial_status=text(payload.get("financial_status")),
        fulfilment_status=text(payload.get("fulfillment_status")) or "unfulfilled",
        cancelled_at=moment(payload.get("cancelled_at")),
        cancel_reason=text(payload.get("cancel_reason")),
        shipping_address=address(payload.get("shipping_address")),
        billing_address=address(payload.get("billing_address")),
        shipping_method=", ".join(
            distinct(line.get("title") or line.get("code") for line in items(payload.get("shipping_lines")))
        ),
        promised=promised,
        language=language_tag(payload.get("customer_locale")),
        tags=tags(payload.get("tags")),
        note=text(payload.get("note")),
        refunds=tuple(
            refund(entry, order_id=order_id, currency=currency)
            for entry in items(payload.get("refunds"))
            if plain_id(entry.get("id"))
        ),
        fulfilments=fulfilments,
        attributes=_attributes(payload, notes),
    )
    return Translation(facts=(order, *reports), unknown=tuple(unknown))


def read_order_edit(_: Mapping[str, Any], __: RawRecord) -> Translation:
    """Say nothing: an edit tells differences, which would count twice when heard twice.

    Shopify sends `orders/updated` with the whole order for the same edit.
    """
    return Translation()


def read_order_deletion(payload: Mapping[str, Any], record: RawRecord) -> Translation:
    """Read a removed order."""
    order_id = plain_id(payload.get("id"))
    if not order_id:
        raise Unreadable("a deleted order without an id")
    return Translation(facts=(Deletion(what="order", external_id=order_id, deleted_at=record.received_at),))


def _state(payload: Mapping[str, Any]) -> tuple[OrderState, str]:
    if text(payload.get("cancelled_at")):
        return OrderState.CANCELLED, "cancelled"
    if text(payload.get("closed_at")):
        return OrderState.COMPLETED, "closed"
    return OrderState.OPEN, "open"


def _shopper(payload: Mapping[str, Any]) -> ShopperFact | None:
    """Read who bought: the customer object, or for a guest what stands on the order itself."""
    delivered_to = address(payload.get("shipping_address")) or address(payload.get("billing_address"))
    contact = ShopperFact(
        email=text(payload.get("email")) or text(payload.get("contact_email")),
        phone=text(payload.get("phone")) or (delivered_to.phone if delivered_to else ""),
        language=language_tag(payload.get("customer_locale")),
        consents=_consent_at_checkout(payload),
    )
    found = shopper(section(payload, "customer"), delivered_to=delivered_to, contact=contact)
    return found if found != ShopperFact() else None


def _consent_at_checkout(payload: Mapping[str, Any]) -> tuple[ConsentFact, ...]:
    # An unticked box is not a "no" to what was allowed earlier, so only a "yes" is passed on.
    if payload.get("buyer_accepts_marketing") is not True:
        return ()
    return (
        ConsentFact(
            channel="email",
            purpose="marketing",
            granted=True,
            recorded_at=moment(payload.get("created_at")),
            proof=f"ticked at checkout, order {text(payload.get('name')) or plain_id(payload.get('id'))}",
        ),
    )


def _shipping_price(payload: Mapping[str, Any], currency: str) -> Money | None:
    stated = shop_amount(payload, "total_shipping_price", currency)
    if stated:
        return stated
    prices = [shop_amount(line, "price", currency) for line in items(payload.get("shipping_lines"))]
    return total_of(prices, currency) if any(prices) else None


def _fulfilments(
    payload: Mapping[str, Any], order_id: str, unknown: list[UnknownWord]
) -> tuple[tuple[FulfilmentFact, ...], list[Fact]]:
    found: list[FulfilmentFact] = []
    reports: list[Fact] = []
    for entry in items(payload.get("fulfillments")):
        if not plain_id(entry.get("id")):
            continue
        found.append(fulfilment(entry, unknown, order_id=order_id))
        if report := reported_status(entry, found[-1], unknown):
            reports.append(report)
    return tuple(found), reports


def _notes(payload: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: text(entry.get("value"))
        for entry in items(payload.get("note_attributes"))
        if (name := text(entry.get("name")))
    }


def _promised(notes: Mapping[str, str], unknown: list[UnknownWord]) -> PromisedWindow | None:
    """Read the days promised at checkout, where the shop notes them on the order: Shopify itself keeps none."""
    days: list[date | None] = []
    for name in PROMISE_NOTES:
        try:
            days.append(date.fromisoformat(notes[name]) if notes.get(name) else None)
        except ValueError:
            unknown.append(UnknownWord(what=name, word=notes[name]))
            days.append(None)
    earliest, latest = days
    return PromisedWindow(earliest_date=earliest, latest_date=latest) if earliest or latest else None


def _attributes(payload: Mapping[str, Any], notes: Mapping[str, str]) -> dict[str, object]:
    words = {name: text(payload.get(name)) for name in ("source_name", "confirmation_number", "po_number")}
    found: dict[str, object] = {name: value for name, value in words.items() if value}
    for name in ("test", "taxes_included"):
        if isinstance(payload.get(name), bool):
            found[name] = payload[name]
    codes = distinct(entry.get("code") for entry in items(payload.get("discount_codes")))
    if codes:
        found["discount_codes"] = list(codes)
    if notes:
        found["note_attributes"] = dict(notes)
    current = shop_amount(payload, "current_total_price", currency_code(payload.get("currency")))
    if current:
        found["current_total_minor"] = current.amount_minor  # after edits, returns and refunds
    presentment = section(payload, "total_price_set", "presentment_money")
    shown = amount(presentment.get("amount"), text(presentment.get("currency_code")))
    if shown and shown.currency != currency_code(payload.get("currency")):
        found["shown_currency"] = shown.currency
        found["shown_total_minor"] = shown.amount_minor
    return found
