"""Orders, with the refunds and tracking numbers that come inside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aftermile.connectors.contracts.facts import (
    Deletion,
    OrderFact,
    OrderLineFact,
    RefundFact,
    Translation,
    UnknownWord,
)
from aftermile.connectors.contracts.reading import items, section, text
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.storefronts.fields import (
    amount,
    count,
    currency_code,
    distinct,
    money_of,
    number,
    total_of,
)
from aftermile.connectors.storefronts.woocommerce.customers import order_language, shopper_of_order
from aftermile.connectors.storefronts.woocommerce.statuses import DRAFTS, order_state
from aftermile.connectors.storefronts.woocommerce.tracking import fulfilments
from aftermile.connectors.storefronts.woocommerce.values import added_up, address, plain_id, utc_moment
from aftermile.kernel.money import Money


def read_order(payload: Mapping[str, Any], record: RawRecord) -> Translation:
    """Read an order; `order.created`, `order.updated` and `order.restored` send the whole of it.

    A draft says nothing: it is no order yet.
    """
    order_id = plain_id(payload.get("id"))
    if not order_id:
        raise Unreadable("an order without an id")
    status = text(payload.get("status")).removeprefix("wc-")
    if status in DRAFTS:
        return Translation()
    unknown: list[UnknownWord] = []
    currency = currency_code(payload.get("currency"))
    with_tax = payload.get("prices_include_tax") is True
    lines, lines_complete = _lines(payload, currency, with_tax, unknown)
    refunds = _refunds(payload, order_id, currency)
    order = OrderFact(
        external_id=order_id,
        number=text(payload.get("number")) or order_id,
        placed_at=utc_moment(payload, "date_created", record),
        updated_at=utc_moment(payload, "date_modified", record),
        currency=currency,
        shopper=shopper_of_order(payload),
        lines=lines,
        lines_complete=lines_complete,
        subtotal=total_of((line.total for line in lines), currency) if lines_complete else None,
        shipping_price=added_up(payload, _taxed("shipping_total", "shipping_tax", with_tax), currency),
        tax=amount(payload.get("total_tax"), currency),
        discount=added_up(payload, _taxed("discount_total", "discount_tax", with_tax), currency),
        total=amount(payload.get("total"), currency),
        state=order_state(status, unknown),
        source_status=status,
        financial_status=_financial_status(payload, status, refunds),
        shipping_address=address(payload.get("shipping")),
        billing_address=address(payload.get("billing")),
        shipping_method=", ".join(
            distinct(
                line.get("method_title") or line.get("method_id")
                for line in items(payload.get("shipping_lines"))
            )
        ),
        language=order_language(payload),
        note=text(payload.get("customer_note")),
        refunds=refunds,
        fulfilments=fulfilments(payload, order_id, unknown),
        attributes=_attributes(payload, with_tax),
    )
    return Translation(facts=(order,), unknown=tuple(unknown))


def read_order_deletion(payload: Mapping[str, Any], record: RawRecord) -> Translation:
    """Read a removed order: nothing but the id."""
    order_id = plain_id(payload.get("id"))
    if not order_id:
        raise Unreadable("a deleted order without an id")
    return Translation(facts=(Deletion(what="order", external_id=order_id, deleted_at=record.received_at),))


def _taxed(name: str, tax_name: str, with_tax: bool) -> tuple[str, ...]:
    """WooCommerce writes amounts without tax; a shop that shows prices with tax is read with it."""
    return (name, tax_name) if with_tax else (name,)


def _lines(
    payload: Mapping[str, Any], currency: str, with_tax: bool, unknown: list[UnknownWord]
) -> tuple[tuple[OrderLineFact, ...], bool]:
    listed = payload.get("line_items")
    entries = items(listed)
    complete = isinstance(listed, list) and len(entries) == len(listed)
    lines = []
    for entry in entries:
        line_id, quantity = plain_id(entry.get("id")), count(entry.get("quantity"))
        if not line_id or quantity is None:
            unknown.append(UnknownWord(what="order line", word=line_id or text(entry.get("quantity"))))
            complete = False
            continue
        product_id = plain_id(entry.get("product_id"))
        lines.append(
            OrderLineFact(
                external_id=line_id,
                title=text(entry.get("parent_name")) or text(entry.get("name")),
                quantity=quantity,
                sku=text(entry.get("sku")),
                product_external_id=product_id,
                # A product without variations is its own only variant, in products.py too.
                variant_external_id=plain_id(entry.get("variation_id")) or product_id,
                variant_title=_variant_title(entry),
                unit_price=_unit_price(entry, quantity, currency, with_tax),
                total=added_up(entry, _taxed("total", "total_tax", with_tax), currency),
                image_url=text(section(entry, "image").get("src")),
            )
        )
    return tuple(lines), complete


def _unit_price(entry: Mapping[str, Any], quantity: int, currency: str, with_tax: bool) -> Money | None:
    """Return the price before discounts: `price` is after them."""
    before = added_up(entry, _taxed("subtotal", "subtotal_tax", with_tax), currency)
    if before is None or not quantity:
        return amount(entry.get("price"), currency)
    return money_of(round(before.amount_minor / quantity), before.currency)


def _variant_title(entry: Mapping[str, Any]) -> str:
    if not plain_id(entry.get("variation_id")):
        return ""
    chosen = (part for part in items(entry.get("meta_data")) if not text(part.get("key")).startswith("_"))
    return ", ".join(distinct(part.get("display_value") or part.get("value") for part in chosen))


def _refunds(payload: Mapping[str, Any], order_id: str, currency: str) -> tuple[RefundFact, ...]:
    """Read the refunds; their totals are written negative. When and for which lines is not told here."""
    return tuple(
        RefundFact(
            external_id=refund_id,
            order_external_id=order_id,
            amount=_given_back(entry, currency),
            reason=text(entry.get("reason")),
        )
        for entry in items(payload.get("refunds"))
        if (refund_id := plain_id(entry.get("id")))
    )


def _given_back(entry: Mapping[str, Any], currency: str) -> Money | None:
    total = number(entry.get("total"))
    return None if total is None else amount(abs(total), currency)


def _financial_status(payload: Mapping[str, Any], status: str, refunds: tuple[RefundFact, ...]) -> str:
    """WooCommerce has no word for the money alone: make one of the status, the refunds and `date_paid`."""
    if status == "refunded":
        return "refunded"
    if status == "failed":
        return "failed"
    if not (text(payload.get("date_paid_gmt")) or text(payload.get("date_paid"))):
        return "unpaid"
    return "partially_refunded" if refunds else "paid"


def _attributes(payload: Mapping[str, Any], with_tax: bool) -> dict[str, object]:
    words = {
        name: text(payload.get(name)) for name in ("created_via", "payment_method", "payment_method_title")
    }
    found: dict[str, object] = {name: value for name, value in words.items() if value}
    found["taxes_included"] = with_tax
    codes = distinct(entry.get("code") for entry in items(payload.get("coupon_lines")))
    if codes:
        found["discount_codes"] = list(codes)
    return found
