"""What one fact says about an order, as the columns of its rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aftermile.capabilities.orders.policy import rank, said_state
from aftermile.capabilities.shoppers.public import check_shopper, is_identified
from aftermile.connectors.contracts.facts import (
    Address,
    OrderFact,
    OrderLineFact,
    OrderState,
    PromisedWindow,
    RefundFact,
    ShopperFact,
)
from aftermile.kernel.bounds import LONGEST_ID, FactOutOfBounds, check_count, check_id
from aftermile.kernel.rowsets import as_json
from aftermile.kernel.versions import version_key

if TYPE_CHECKING:
    from aftermile.kernel.money import Money

#: The fields that are folded; the columns of the same names.
ORDER_FIELDS = (
    "number", "shopper_id", "placed_at", "currency", "subtotal_minor", "shipping_minor", "tax_minor",
    "discount_minor", "total_minor", "foreign_amounts", "state", "source_status", "financial_status",
    "fulfilment_status", "cancelled_at", "cancel_reason", "shipping_address", "billing_address",
    "shipping_method", "language", "tags", "note", "attributes",
)  # fmt: skip
LINE_FIELDS = (
    "position", "title", "variant_title", "sku", "product_external_id", "variant_external_id", "quantity",
    "cancelled_quantity", "unit_price_minor", "total_minor", "currency", "image_url", "requires_shipping",
    "attributes",
)  # fmt: skip
REFUND_FIELDS = ("amount_minor", "currency", "reason", "refunded_at", "lines")
_TEXTS = (
    "number", "source_status", "financial_status", "fulfilment_status", "cancel_reason", "shipping_method",
    "language", "note",
)  # fmt: skip
_LINE_TEXTS = (
    "title", "variant_title", "sku", "product_external_id", "variant_external_id", "image_url",
)  # fmt: skip
_AMOUNTS = (
    ("total", "total_minor"),
    ("subtotal", "subtotal_minor"),
    ("shipping_price", "shipping_minor"),
    ("tax", "tax_minor"),
    ("discount", "discount_minor"),
)
_ADDRESS = ("name", "company", "line1", "line2", "city", "state", "postal_code", "country", "phone")

Said = dict[str, Any]


@dataclass(slots=True)
class OrderReading:
    """One fact, read. `lines` and `refunds` are by external id; `country` is where phone numbers are dialed."""

    external_id: str
    version: str
    updated_at: datetime | None
    said: Said
    lines: dict[str, Said]
    lines_complete: bool
    refunds: dict[str, Said]
    promised: PromisedWindow | None
    shopper: ShopperFact | None
    country: str
    digest: str
    is_deletion: bool  # says that the order is gone, and nothing else


def read_order(fact: OrderFact, *, at: datetime, index: int = 0, place: int = 0) -> OrderReading:
    """Read one fact.

    :raises FactOutOfBounds: an id or a count that no column can hold.
    """
    check_id(fact.external_id, what="An order's external_id", index=index)
    if len(fact.number) > LONGEST_ID:
        raise FactOutOfBounds("The order's number is endless.", details={"index": index})
    said = {name: value for name in _TEXTS if (value := getattr(fact, name))}
    _read_amounts(fact, said)
    if fact.placed_at is not None:
        said["placed_at"] = fact.placed_at
    if fact.cancelled_at is not None:
        said["cancelled_at"] = fact.cancelled_at
    state = said_state(fact)
    if state is not None:
        said["state"] = state.value
    if fact.shipping_address is not None:
        said["shipping_address"] = _read_address(fact.shipping_address)
    if fact.billing_address is not None:
        said["billing_address"] = _read_address(fact.billing_address)
    if fact.tags:
        said["tags"] = list(fact.tags)
    if fact.attributes:
        said["attributes"] = dict(fact.attributes)
    lines = _read_lines(fact.lines, index)
    refunds = {refund.external_id: read_refund(refund, index) for refund in fact.refunds}
    country = _country(fact)
    if fact.shopper is not None:
        check_shopper(fact.shopper, index=index)
    shopper = fact.shopper if fact.shopper and is_identified(fact.shopper, country=country) else None
    promised = fact.promised
    if promised is not None and promised.earliest_date is None and promised.latest_date is None:
        promised = None
    told = (said, lines, fact.lines_complete, refunds, promised, fact.shopper, fact.updated_at)
    return OrderReading(
        external_id=fact.external_id,
        version=version_key(fact.updated_at, at=at, rank=rank(fact), place=place),
        updated_at=fact.updated_at,
        said=said,
        lines=lines,
        lines_complete=fact.lines_complete,
        refunds=refunds,
        promised=promised,
        shopper=shopper,
        country=country,
        is_deletion=said == {"state": OrderState.DELETED.value} and not lines,
        digest=hashlib.blake2b(as_json(told).encode(), digest_size=16).hexdigest(),
    )


def read_refund(fact: RefundFact, index: int = 0) -> Said:
    """Read one refund.

    :raises FactOutOfBounds: an id or a count that no column can hold.
    """
    check_id(fact.external_id, what="A refund's external_id", index=index)
    said: Said = {}
    if fact.amount is not None:
        said["amount_minor"] = fact.amount.amount_minor
        said["currency"] = fact.amount.currency
    if fact.reason:
        said["reason"] = fact.reason
    if fact.refunded_at is not None:
        said["refunded_at"] = fact.refunded_at
    for line in fact.lines:
        check_count(line.quantity, what="A refunded quantity", index=index)
    if fact.lines:
        said["lines"] = [
            {
                "line_external_id": line.line_external_id,
                "quantity": line.quantity,
                "amount_minor": line.amount.amount_minor if line.amount else None,
                "currency": line.amount.currency if line.amount else "",
            }
            for line in fact.lines
        ]
    return said


def _read_amounts(fact: OrderFact, said: Said) -> None:
    amounts: list[tuple[str, Money]] = []
    for name, column in _AMOUNTS:
        money = getattr(fact, name)
        if money is not None:
            amounts.append((column, money))
    currency = fact.currency or (amounts[0][1].currency if amounts else "")
    if currency:
        said["currency"] = currency
    foreign = {}
    for column, money in amounts:
        if money.currency == currency:
            said[column] = money.amount_minor
        else:
            foreign[column] = {"amount_minor": money.amount_minor, "currency": money.currency}
    if foreign:
        said["foreign_amounts"] = foreign


def _read_lines(facts: tuple[OrderLineFact, ...], index: int) -> dict[str, Said]:
    lines: dict[str, Said] = {}
    for position, fact in enumerate(facts):
        check_id(fact.external_id, what="A line's external_id", index=index)
        check_count(fact.quantity, what="A line's quantity", index=index)
        check_count(fact.cancelled_quantity, what="A line's cancelled quantity", index=index)
        said = {name: value for name in _LINE_TEXTS if (value := getattr(fact, name))}
        said["position"] = position
        said["quantity"] = fact.quantity
        said["cancelled_quantity"] = fact.cancelled_quantity
        said["requires_shipping"] = fact.requires_shipping
        currency = ""
        if fact.unit_price is not None:
            said["unit_price_minor"] = fact.unit_price.amount_minor
            currency = fact.unit_price.currency
        if fact.total is not None and currency in ("", fact.total.currency):
            said["total_minor"] = fact.total.amount_minor
            currency = fact.total.currency
        if currency:
            said["currency"] = currency
        if fact.attributes:
            said["attributes"] = dict(fact.attributes)
        # Sources without ids of their own may name two lines alike: both are kept.
        external_id, copy = fact.external_id, 1
        while external_id in lines:
            copy += 1
            external_id = f"{fact.external_id}#{copy}"
        lines[external_id] = said
    return lines


def _read_address(address: Address) -> dict[str, str]:
    return {name: value for name in _ADDRESS if (value := getattr(address, name))}


def _country(fact: OrderFact) -> str:
    for address in (fact.billing_address, fact.shipping_address):
        if address is not None and address.country:
            return address.country
    return ""
