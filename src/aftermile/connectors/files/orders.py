"""Orders and their lines, from the values of a row."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from aftermile.connectors.contracts.facts import (
    Address,
    Fact,
    FulfilmentFact,
    OrderFact,
    OrderLineFact,
    OrderState,
    PromisedWindow,
    ScanTime,
    ShopperFact,
    TrackingEventFact,
    TrackingReport,
    UnknownWord,
)
from aftermile.connectors.contracts.words import SubStatus
from aftermile.connectors.files.fields import plain
from aftermile.connectors.files.people import AddressReader, shopper_of_order
from aftermile.connectors.files.rows import RowReader, Values
from aftermile.connectors.files.words import ORDER_STATES
from aftermile.connectors.registry import carrier_of
from aftermile.kernel.money import LARGEST_AMOUNT_MINOR, Money

# Fields a row tells in the very words of the fact.
_PASSED_ON = {
    "placed_at", "updated_at", "currency", "subtotal", "shipping_price", "tax", "discount", "total",
    "financial_status", "fulfilment_status", "cancelled_at", "cancel_reason", "shipping_method", "language", "tags",
    "note",
}  # fmt: skip
_SCANS = (
    ("handed_over_at", "handed_over", SubStatus.ACCEPTED),
    ("delivered_at", "delivered", SubStatus.DELIVERED),
)


@dataclass(frozen=True, slots=True)
class KnownShopper:
    """A row of a file of shoppers, waiting for the orders that name its key."""

    fact: ShopperFact
    delivered_to: Address | None  # where the row is one order's, and has its delivery address


@dataclass(slots=True)
class OrderLines:
    """The lines of one order, gathered from their rows."""

    lines: dict[str, OrderLineFact]
    shipping_minor: int = 0
    has_shipping: bool = False
    whole: bool = True  # no row of this order was broken


class OrderReader:
    """Makes order facts of a table's rows."""

    def __init__(self, rows: RowReader) -> None:
        self._unknown = rows.unknown
        self._states = {plain(word): state for word, state in rows.mapping.status_words.items()}
        self._read_states: dict[str, OrderState | None] = {}
        self._to = AddressReader.of(rows.mapping, "shipping", rows.conventions.country)
        self._bill = AddressReader.of(rows.mapping, "billing", rows.conventions.country)

    def read(
        self,
        order_id: str,
        values: Values,
        *,
        lines: OrderLines | None = None,
        shopper: KnownShopper | None = None,
    ) -> list[Fact]:
        """Return the order with its shopper, lines and hand-over, and the report of its scans if it has any.

        `lines_complete` is never claimed: a file may be a part, and must not remove what it leaves out.
        """
        given = {name: value for name, value in values.items() if name in _PASSED_ON}
        address = self._to.read(values) or (shopper.delivered_to if shopper else None)
        bill = self._bill.read(values)
        earliest, latest = values.get("promised_earliest_date"), values.get("promised_latest_date")
        status = values.get("status", "")
        if lines:
            given["lines"] = tuple(lines.lines.values())
            _add_up(given, lines)
        if "currency" not in given and (amount := given.get("total") or given.get("subtotal")):
            given["currency"] = amount.currency
        fulfilment, report = _handed_over(order_id, values, self._unknown)
        order = OrderFact(
            external_id=order_id,
            number=values.get("number") or order_id,
            shopper=shopper_of_order(values, (address, bill), shopper.fact if shopper else None),
            lines_complete=False,
            state=OrderState.CANCELLED if "cancelled_at" in values else self._state(status),
            source_status=status,
            shipping_address=address,
            billing_address=bill,
            promised=PromisedWindow(earliest_date=earliest, latest_date=latest)
            if earliest or latest
            else None,
            fulfilments=(fulfilment,) if fulfilment else (),
            **given,
        )
        return [order, report] if report else [order]

    def _state(self, status: str) -> OrderState | None:
        if not status:
            return None
        if status not in self._read_states:
            word = plain(status)
            self._read_states[status] = self._states.get(word) or ORDER_STATES.get(word)
        found = self._read_states[status]
        if found is None:
            self._unknown[UnknownWord(what="order status", word=status)] += 1
        return found


def _add_up(given: Values, lines: OrderLines) -> None:
    """Fill in the sums the order's own row does not have, where every line of it could be read."""
    totals = [line.total for line in lines.lines.values() if line.total]
    currencies = {total.currency for total in totals}
    subtotal = sum(total.amount_minor for total in totals)
    if not lines.whole or len(totals) < len(lines.lines) or len(currencies) != 1:
        return
    if subtotal + lines.shipping_minor > LARGEST_AMOUNT_MINOR:
        return
    (currency,) = currencies
    given.setdefault("currency", currency)
    given.setdefault("subtotal", Money(subtotal, currency))
    if lines.has_shipping:
        given.setdefault("shipping_price", Money(lines.shipping_minor, currency))
        if given.keys().isdisjoint(("tax", "discount")):
            given.setdefault("total", Money(subtotal + lines.shipping_minor, currency))


class LineReader:
    """Makes order lines of rows and gathers them by order."""

    def __init__(self) -> None:
        self._named: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, order_id: str, values: Values, lines: OrderLines) -> None:
        """Read one row's line into its order's lines; a line told twice is there once."""
        line_id = values.get("line_id") or self._name(order_id, values)
        quantity = values.get("quantity", 1)
        price: Money | None = values.get("unit_price")
        product_id = values.get("product_id", "")
        lines.lines[line_id] = OrderLineFact(
            external_id=line_id,
            title=values.get("title", ""),
            quantity=quantity,
            sku=values.get("sku", ""),
            product_external_id=product_id,
            # A product without variants is its own only variant, in products.py too.
            variant_external_id=values.get("variant_id") or product_id,
            variant_title=values.get("variant_title", ""),
            unit_price=price,
            total=values.get("line_total") or _line_total(price, quantity, values.get("line_discount")),
            image_url=values.get("image_url", ""),
            cancelled_quantity=min(values.get("cancelled_quantity", 0), quantity),
            requires_shipping=values.get("requires_shipping", True),
            attributes={"seller": values["seller"]} if "seller" in values else {},
        )
        shipping: Money | None = values.get("line_shipping_price")
        if shipping:
            lines.has_shipping = True
            lines.shipping_minor += shipping.amount_minor

    def _name(self, order_id: str, values: Values) -> str:
        """Name a line that has no id by its SKU, else by its place; the same file names it the same again."""
        named = self._named[order_id]
        word = values.get("sku") or values.get("variant_id") or values.get("product_id") or "line"
        named[word] += 1
        return f"{word}-{named[word]}" if named[word] > 1 or word == "line" else str(word)


def _line_total(price: Money | None, quantity: int, discount: Money | None) -> Money | None:
    if price is None:
        return None
    if quantity == 1 and not discount:
        return price
    total = price.amount_minor * quantity - (discount.amount_minor if discount else 0)
    return Money(total, price.currency) if abs(total) <= LARGEST_AMOUNT_MINOR else None


def carrier_named(name: str, unknown: Counter[UnknownWord]) -> str:
    """Return our slug for a carrier as the file wrote it; a name nobody knows is counted."""
    slug = carrier_of(name) if name else ""
    if name and not slug:
        unknown[UnknownWord(what="carrier", word=name)] += 1
    return slug


def _handed_over(
    order_id: str, values: Values, unknown: Counter[UnknownWord]
) -> tuple[FulfilmentFact | None, TrackingReport | None]:
    """Read an order's own shipment: all a file says that has one row for both."""
    events = scans(values)
    numbers = values.get("tracking_numbers", ())
    if not (events or numbers or "shipped_at" in values):
        return None, None
    carrier_name = values.get("carrier", "")
    carrier = carrier_named(carrier_name, unknown)
    handed_over: ScanTime | None = values.get("handed_over_at")
    fulfilment = FulfilmentFact(
        external_id=order_id,
        order_external_id=order_id,
        carrier=carrier,
        carrier_name=carrier_name,
        service=values.get("service", ""),
        tracking_numbers=numbers,
        tracking_urls=(values["tracking_url"],) if "tracking_url" in values else (),
        shipped_at=values.get("shipped_at") or (handed_over.occurred_at if handed_over else None),
    )
    if not events:
        return fulfilment, None
    report = TrackingReport(
        tracking_number=numbers[0] if len(numbers) == 1 else "",
        carrier=carrier,
        carrier_name=carrier_name,
        fulfilment_external_id=order_id,
        order_external_id=order_id,
        events=events,
    )
    return fulfilment, report


def scans(values: Values) -> tuple[TrackingEventFact, ...]:
    """Read the scans a row tells in columns of their own: handed over, delivered."""
    return tuple(
        TrackingEventFact(time=values[name], code=code, sub_status=sub_status)
        for name, code, sub_status in _SCANS
        if name in values
    )
