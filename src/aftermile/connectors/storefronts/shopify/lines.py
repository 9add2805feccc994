"""Order lines: what was bought, and how much of it will not come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from aftermile.connectors.contracts.facts import OrderLineFact, UnknownWord
from aftermile.connectors.contracts.reading import items, text
from aftermile.connectors.storefronts.fields import count, money_of
from aftermile.connectors.storefronts.shopify.values import plain_id, shop_amount
from aftermile.kernel.money import Money

#: Line properties that begin with an underscore are the shop's own and are not shown at checkout. Shopify names no
#: picture of a line; a shop may name it here.
IMAGE_PROPERTY = "_image_url"


def order_lines(
    payload: Mapping[str, Any], currency: str, unknown: list[UnknownWord]
) -> tuple[tuple[OrderLineFact, ...], bool]:
    """Read an order's lines, and tell whether that is all of them.

    A line that cannot be read is noted in `unknown` and left out; the rest then do not count as all,
    so that it is not taken for removed.
    """
    listed = payload.get("line_items")
    entries = items(listed)
    complete = isinstance(listed, list) and len(entries) == len(listed)
    shipped, returned = _shipped(payload), _returned(payload)
    lines = []
    for entry in entries:
        line_id, quantity = plain_id(entry.get("id")), count(entry.get("quantity"))
        if not line_id or quantity is None:
            unknown.append(UnknownWord(what="order line", word=line_id or text(entry.get("quantity"))))
            complete = False
            continue
        properties = {
            name: text(part.get("value"))
            for part in items(entry.get("properties"))
            if (name := text(part.get("name")))
        }
        lines.append(
            OrderLineFact(
                external_id=line_id,
                title=text(entry.get("title")) or text(entry.get("name")),
                quantity=quantity,
                sku=text(entry.get("sku")),
                product_external_id=plain_id(entry.get("product_id")),
                variant_external_id=plain_id(entry.get("variant_id")),
                variant_title=text(entry.get("variant_title")),
                unit_price=shop_amount(entry, "price", currency),
                total=_total(entry, quantity, currency),
                image_url=properties.pop(IMAGE_PROPERTY, ""),
                cancelled_quantity=_cancelled(entry, quantity, shipped[line_id], returned[line_id]),
                requires_shipping=entry.get("requires_shipping") is not False,
                attributes=_attributes(entry, properties),
            )
        )
    return tuple(lines), complete


def _cancelled(entry: Mapping[str, Any], quantity: int, shipped: int, returned: int) -> int:
    """Tell how many units will never be sent.

    `current_quantity` is less by what was removed *and* by what came back; what came back was sent, so
    it is no cancellation, and neither is anything that was shipped.
    """
    current = count(entry.get("current_quantity"))
    if current is None:
        return 0
    return max(0, min(quantity - current - returned, quantity - shipped))


def _shipped(payload: Mapping[str, Any]) -> Counter[str]:
    units: Counter[str] = Counter()
    for fulfilment in items(payload.get("fulfillments")):
        if text(fulfilment.get("status")).lower() != "cancelled":
            for entry in items(fulfilment.get("line_items")):
                units[plain_id(entry.get("id"))] += count(entry.get("quantity")) or 0
    return units


def _returned(payload: Mapping[str, Any]) -> Counter[str]:
    units: Counter[str] = Counter()
    for refund in items(payload.get("refunds")):
        for entry in items(refund.get("refund_line_items")):
            if text(entry.get("restock_type")).lower() == "return":
                units[plain_id(entry.get("line_item_id"))] += count(entry.get("quantity")) or 0
    return units


def _total(entry: Mapping[str, Any], quantity: int, currency: str) -> Money | None:
    price = shop_amount(entry, "price", currency)
    if price is None:
        return None
    allocations = [
        shop_amount(part, "amount", price.currency) for part in items(entry.get("discount_allocations"))
    ]
    if not any(allocations):
        allocations = [shop_amount(entry, "total_discount", price.currency)]
    discount = sum(part.amount_minor for part in allocations if part and part.currency == price.currency)
    return money_of(price.amount_minor * quantity - discount, price.currency)


def _attributes(entry: Mapping[str, Any], properties: Mapping[str, str]) -> dict[str, object]:
    words = {name: text(entry.get(name)) for name in ("vendor", "fulfillment_status", "fulfillment_service")}
    found: dict[str, object] = {name: value for name, value in words.items() if value}
    fulfillable = count(entry.get("fulfillable_quantity"))
    if fulfillable is not None:
        found["fulfillable_quantity"] = fulfillable
    if entry.get("gift_card") is True:
        found["gift_card"] = True
    if properties:
        found["properties"] = dict(properties)
    return found
