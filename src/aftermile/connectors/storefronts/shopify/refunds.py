"""Refunds: money given back, and for which lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aftermile.connectors.contracts.facts import RefundFact, RefundLineFact, Translation
from aftermile.connectors.contracts.reading import items, moment, section, text
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.storefronts.fields import amount, count, currency_code, total_of
from aftermile.connectors.storefronts.shopify.values import plain_id, shop_amount
from aftermile.kernel.money import Money

_MONEY_MOVED = ("success", "pending", "")


def read_refund(payload: Mapping[str, Any], _: RawRecord) -> Translation:
    """Read a refund as `refunds/create` sends it."""
    if not plain_id(payload.get("id")):
        raise Unreadable("a refund without an id")
    if not plain_id(payload.get("order_id")):
        raise Unreadable("a refund without an order_id")
    return Translation(facts=(refund(payload),))


def refund(payload: Mapping[str, Any], *, order_id: str = "", currency: str = "") -> RefundFact:
    """Read a refund object; `currency` is the shop's, where the order around it tells."""
    shop_currency = currency or _shop_currency(payload)
    return RefundFact(
        external_id=plain_id(payload.get("id")),
        order_external_id=plain_id(payload.get("order_id")) or order_id,
        amount=_refunded(payload, shop_currency),
        reason=text(payload.get("note")),
        refunded_at=moment(payload.get("processed_at")) or moment(payload.get("created_at")),
        lines=tuple(_lines(payload, shop_currency)),
    )


def _lines(payload: Mapping[str, Any], currency: str) -> Iterator[RefundLineFact]:
    for entry in items(payload.get("refund_line_items")):
        line_id, quantity = plain_id(entry.get("line_item_id")), count(entry.get("quantity"))
        if line_id and quantity is not None:
            yield RefundLineFact(
                line_external_id=line_id, quantity=quantity, amount=_line_amount(entry, currency)
            )


def _line_amount(entry: Mapping[str, Any], currency: str) -> Money | None:
    parts = [shop_amount(entry, name, currency) for name in ("subtotal", "total_tax")]
    return total_of(parts, currency) if any(parts) else None


def _refunded(payload: Mapping[str, Any], currency: str) -> Money | None:
    """Add up the money that moved, in the shop's currency.

    Transactions are written in the currency the shopper paid in. Where that is another one, the sum is
    made from the lines less the adjustments (which Shopify writes negative for money given on top).
    """
    transactions = [
        entry
        for entry in items(payload.get("transactions"))
        if text(entry.get("kind")).lower() == "refund" and text(entry.get("status")).lower() in _MONEY_MOVED
    ]
    currencies = {currency_code(entry.get("currency")) or currency for entry in transactions}
    if transactions and (not currency or currencies == {currency}) and len(currencies) == 1:
        (paid_in,) = currencies
        return total_of((amount(entry.get("amount"), paid_in) for entry in transactions), paid_in)
    if not transactions and isinstance(payload.get("transactions"), list):
        return Money(0, currency) if currency else None  # a cancellation or restocking without money
    lines = [_line_amount(entry, currency) for entry in items(payload.get("refund_line_items"))]
    adjustments = [
        shop_amount(entry, name, currency)
        for entry in items(payload.get("order_adjustments"))
        for name in ("amount", "tax_amount")
    ]
    if not currency or not any((*lines, *adjustments)):
        return None
    less = total_of(adjustments, currency)
    return total_of((*lines, Money(-less.amount_minor, currency) if less else None), currency)


def _shop_currency(payload: Mapping[str, Any]) -> str:
    holders = (
        *items(payload.get("refund_line_items")),
        *items(payload.get("order_adjustments")),
        *items(payload.get("transactions")),
    )
    for holder in holders:
        for name in ("subtotal_set", "total_tax_set", "amount_set"):
            if code := currency_code(section(holder, name, "shop_money").get("currency_code")):
                return code
    return ""
