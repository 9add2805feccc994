"""Orders and refunds as the API takes and gives them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from aftermile.capabilities.orders.public import OrderLineView, OrderView, RefundView
from aftermile.capabilities.promises.public import EstimateView, last_expected
from aftermile.connectors.contracts.facts import (
    Address,
    OrderFact,
    OrderLineFact,
    OrderState,
    PromisedWindow,
    RefundFact,
    RefundLineFact,
)
from aftermile.doors.api.batches import MOST_ITEMS, BatchResult
from aftermile.doors.api.fields import Address as Url
from aftermile.doors.api.fields import (
    Attributes,
    CountryCode,
    Day,
    ExternalId,
    Given,
    Line,
    Moment,
    MoneyTaken,
    OrderId,
    OrderLineId,
    OrOdd,
    Paragraph,
    Quantity,
    RefundId,
    ShopperId,
    Taken,
    Word,
    example,
    money,
)
from aftermile.doors.api.shapes.estimates import ExpectedGiven, expected_given
from aftermile.doors.api.shapes.shoppers import Language, ShopperItem, shopper_fact


class AddressTaken(Taken):
    """A postal address; every part may be left out."""

    name: Line = ""
    company: Line = ""
    line1: Line = ""
    line2: Line = ""
    city: Line = ""
    state: Word = ""
    postal_code: Word = ""
    country: CountryCode = ""
    phone: Word = ""

    @property
    def fact(self) -> Address:
        return Address(**dict(self))


class AddressGiven(Given):
    name: str
    company: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    country: str
    phone: str


class OrderLineTaken(Taken):
    """One thing bought."""

    external_id: ExternalId
    title: Line
    quantity: Quantity
    sku: Line = ""
    product_external_id: Line = ""
    variant_external_id: Line = ""
    variant_title: Line = ""
    unit_price: MoneyTaken | None = None
    total: MoneyTaken | None = Field(None, description="After discounts.")
    image_url: Url = ""
    cancelled_quantity: Quantity = 0
    requires_shipping: bool = True
    attributes: Attributes = {}


class RefundLineTaken(Taken):
    line_external_id: ExternalId
    quantity: Quantity
    amount: MoneyTaken | None = None


class RefundTaken(Taken):
    """Money given back."""

    model_config = example(
        external_id="r-1",
        amount={"amount_minor": 1990, "currency": "EUR"},
        reason="One came torn.",
        lines=[{"line_external_id": "1", "quantity": 1}],
    )

    external_id: ExternalId
    amount: MoneyTaken | None = None
    reason: Paragraph = ""
    refunded_at: Moment | None = None
    lines: list[RefundLineTaken] = Field([], max_length=1000)


class PromisedTaken(Taken):
    """The delivery window shown at checkout: days at the destination, both inclusive. Written once."""

    earliest_date: Day | None = None
    latest_date: Day | None = None


class OrderTaken(Taken):
    """An order as your shop knows it now. What is left out or empty leaves what is known alone.

    Except `lines`: with `lines_complete`, a line no longer named was removed.
    """

    model_config = example(
        number="#1001",
        placed_at="2026-03-01T09:30:00+01:00",
        updated_at="2026-03-01T09:31:00+01:00",
        currency="EUR",
        shopper={"external_id": "7311", "name": "Ada Blom", "email": "ada@example.com", "language": "sv"},
        lines=[
            {
                "external_id": "1",
                "title": "Ronia, the Robber's Daughter",
                "quantity": 2,
                "sku": "RON-1",
                "unit_price": {"amount_minor": 1990, "currency": "EUR"},
            }
        ],
        total={"amount_minor": 4480, "currency": "EUR"},
        shipping_address={"name": "Ada Blom", "line1": "Storgatan 1", "city": "Umeå", "country": "SE"},
        promised={"earliest_date": "2026-03-04", "latest_date": "2026-03-06"},
    )

    number: Word = Field("", examples=["#1001"])
    placed_at: Moment | None = None
    updated_at: Moment | None = Field(
        None, description="Your version: an older one never overwrites a newer."
    )
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = Field("", examples=["EUR"])
    shopper: ShopperItem | None = None
    lines: list[OrderLineTaken] = Field([], max_length=1000)
    lines_complete: bool = True
    subtotal: MoneyTaken | None = None
    shipping_price: MoneyTaken | None = None
    tax: MoneyTaken | None = None
    discount: MoneyTaken | None = None
    total: MoneyTaken | None = None
    state: Literal["open", "completed", "cancelled"] | None = None
    status: Word = Field("", description="Your own word for its state; kept.")
    financial_status: Word = ""
    fulfilment_status: Word = ""
    cancelled_at: Moment | None = None
    cancel_reason: Line = ""
    shipping_address: AddressTaken | None = None
    billing_address: AddressTaken | None = None
    shipping_method: Line = ""
    promised: PromisedTaken | None = None
    language: Language = ""
    tags: list[Word] = Field([], max_length=100)
    note: Paragraph = ""
    refunds: list[RefundTaken] = Field([], max_length=200)
    attributes: Attributes = {}


class OrderItem(OrderTaken):
    """One order of a batch."""

    external_id: ExternalId


class LabelsTaken(Taken):
    """All labels an order is to have, at most 20 of up to 40 characters; none takes them all off."""

    model_config = example(labels=["VIP", "on hold"])

    labels: list[Word] = Field(max_length=100)


class OrdersTaken(Taken):
    """Up to 500 orders."""

    orders: list[Annotated[OrderItem, OrOdd]] = Field(min_length=1, max_length=MOST_ITEMS)


class OrderResult(BatchResult):
    """What became of one order."""

    id: OrderId | None = Field(None, description="Null when it was refused.")


class OrderResults(Given):
    """One result for each order, in their order."""

    data: list[OrderResult]


class OrderRecorded(Given):
    """Where an order went."""

    id: OrderId
    created: bool = Field(description="Whether it was heard of for the first time.")
    changed: bool = Field(description="Whether anything that can be seen changed.")
    tracking_page_url: str = Field(description="Nobody can guess it: who has it may see the order.")


class OrderLineGiven(Given):
    """One thing bought; amounts in the minor unit of `currency`."""

    id: OrderLineId
    external_id: str
    title: str
    variant_title: str
    sku: str
    product_external_id: str
    variant_external_id: str
    quantity: int
    cancelled_quantity: int
    unit_price_minor: int | None
    total_minor: int | None
    currency: str
    image_url: str
    requires_shipping: bool
    attributes: dict[str, Any]
    removed: bool = Field(description="The shop no longer names it.")


class RefundLineGiven(Given):
    line_external_id: str
    quantity: int
    amount_minor: int | None
    currency: str


class RefundGiven(Given):
    """Money given back; the amount in the minor unit of `currency`."""

    id: RefundId
    external_id: str
    amount_minor: int | None
    currency: str
    reason: str
    refunded_at: datetime | None
    lines: list[RefundLineGiven]


class OrderShopperGiven(Given):
    """Who bought; personal fields are empty once erased."""

    id: ShopperId
    name: str
    email: str
    phone: str
    language: str
    country: str
    erased: bool


class OrderGiven(Given):
    """An order; amounts in the minor unit of `currency`."""

    id: OrderId
    source: str = Field(description="Whose id `external_id` is: `shop`, or a connection.")
    external_id: str
    number: str
    state: str = Field(
        description="`announced`, `open`, `completed`, `cancelled` or `deleted`; more may come."
    )
    shopper: OrderShopperGiven | None
    placed_at: datetime | None
    currency: str
    subtotal_minor: int | None
    shipping_minor: int | None
    tax_minor: int | None
    discount_minor: int | None
    total_minor: int | None
    refunded_minor: int
    status: str
    financial_status: str
    fulfilment_status: str
    cancelled_at: datetime | None
    cancel_reason: str
    shipping_address: AddressGiven | None
    billing_address: AddressGiven | None
    shipping_method: str
    promised_earliest_date: date | None
    promised_latest_date: date | None
    estimate: ExpectedGiven | None = Field(
        description="When the last of it comes, by whom the shop trusts first; null while nobody has said, and once all came."
    )
    language: str
    tags: list[str] = Field(description="The storefront's own words.")
    labels: list[str] = Field(description="What the shop's staff call it; no storefront changes them.")
    note: str
    attributes: dict[str, Any]
    tracking_page_url: str = Field(description="Nobody can guess it: who has it may see the order.")
    lines: list[OrderLineGiven]
    refunds: list[RefundGiven]
    created_at: datetime
    updated_at: datetime


def order_fact(taken: OrderTaken, external_id: str) -> OrderFact:
    """Turn a taken order into a fact."""
    return OrderFact(
        external_id=external_id,
        number=taken.number,
        placed_at=taken.placed_at,
        updated_at=taken.updated_at,
        currency=taken.currency,
        shopper=shopper_fact(taken.shopper, taken.shopper.external_id) if taken.shopper else None,
        lines=tuple(_line_fact(line) for line in taken.lines),
        lines_complete=taken.lines_complete,
        subtotal=money(taken.subtotal),
        shipping_price=money(taken.shipping_price),
        tax=money(taken.tax),
        discount=money(taken.discount),
        total=money(taken.total),
        state=OrderState(taken.state) if taken.state else None,
        source_status=taken.status,
        financial_status=taken.financial_status,
        fulfilment_status=taken.fulfilment_status,
        cancelled_at=taken.cancelled_at,
        cancel_reason=taken.cancel_reason,
        shipping_address=taken.shipping_address.fact if taken.shipping_address else None,
        billing_address=taken.billing_address.fact if taken.billing_address else None,
        shipping_method=taken.shipping_method,
        promised=PromisedWindow(
            earliest_date=taken.promised.earliest_date, latest_date=taken.promised.latest_date
        )
        if taken.promised
        else None,
        language=taken.language,
        tags=tuple(taken.tags),
        note=taken.note,
        refunds=tuple(refund_fact(refund, external_id) for refund in taken.refunds),
        attributes=taken.attributes,
    )


def refund_fact(taken: RefundTaken, order_external_id: str) -> RefundFact:
    """Turn a taken refund into a fact."""
    return RefundFact(
        external_id=taken.external_id,
        order_external_id=order_external_id,
        amount=money(taken.amount),
        reason=taken.reason,
        refunded_at=taken.refunded_at,
        lines=tuple(
            RefundLineFact(
                line_external_id=line.line_external_id, quantity=line.quantity, amount=money(line.amount)
            )
            for line in taken.lines
        ),
    )


def order_given(view: OrderView, *, page_url: str, estimates: Iterable[EstimateView]) -> OrderGiven:
    """Write an order.

    :param page_url: where the shopper sees it.
    :param estimates: of the order and its parcels.
    """
    shopper = view.shopper
    return OrderGiven(
        id=view.id,
        source=view.source,
        external_id=view.external_id,
        number=view.number,
        state=view.state,
        shopper=OrderShopperGiven(
            id=shopper.id,
            name=shopper.name,
            email=shopper.email,
            phone=shopper.phone,
            language=shopper.language,
            country=shopper.country,
            erased=shopper.erased,
        )
        if shopper
        else None,
        placed_at=view.placed_at,
        currency=view.currency,
        subtotal_minor=view.subtotal_minor,
        shipping_minor=view.shipping_minor,
        tax_minor=view.tax_minor,
        discount_minor=view.discount_minor,
        total_minor=view.total_minor,
        refunded_minor=view.refunded_minor,
        status=view.source_status,
        financial_status=view.financial_status,
        fulfilment_status=view.fulfilment_status,
        cancelled_at=view.cancelled_at,
        cancel_reason=view.cancel_reason,
        shipping_address=_address(view.shipping_address),
        billing_address=_address(view.billing_address),
        shipping_method=view.shipping_method,
        promised_earliest_date=view.promised_earliest_date,
        promised_latest_date=view.promised_latest_date,
        estimate=expected_given(last_expected(estimates)),
        language=view.language,
        tags=list(view.tags),
        labels=list(view.labels),
        note=view.note,
        attributes=dict(view.attributes),
        tracking_page_url=page_url,
        lines=[_line_given(line) for line in view.lines],
        refunds=[_refund_given(refund) for refund in view.refunds],
        created_at=view.created_at,
        updated_at=view.changed_at,
    )


def _line_fact(line: OrderLineTaken) -> OrderLineFact:
    return OrderLineFact(
        external_id=line.external_id,
        title=line.title,
        quantity=line.quantity,
        sku=line.sku,
        product_external_id=line.product_external_id,
        variant_external_id=line.variant_external_id,
        variant_title=line.variant_title,
        unit_price=money(line.unit_price),
        total=money(line.total),
        image_url=line.image_url,
        cancelled_quantity=line.cancelled_quantity,
        requires_shipping=line.requires_shipping,
        attributes=line.attributes,
    )


def _address(address: Address | None) -> AddressGiven | None:
    if address is None:
        return None
    return AddressGiven(
        name=address.name,
        company=address.company,
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        state=address.state,
        postal_code=address.postal_code,
        country=address.country,
        phone=address.phone,
    )


def _line_given(line: OrderLineView) -> OrderLineGiven:
    return OrderLineGiven(
        id=line.id,
        external_id=line.external_id,
        title=line.title,
        variant_title=line.variant_title,
        sku=line.sku,
        product_external_id=line.product_external_id,
        variant_external_id=line.variant_external_id,
        quantity=line.quantity,
        cancelled_quantity=line.cancelled_quantity,
        unit_price_minor=line.unit_price_minor,
        total_minor=line.total_minor,
        currency=line.currency,
        image_url=line.image_url,
        requires_shipping=line.requires_shipping,
        attributes=dict(line.attributes),
        removed=line.removed,
    )


def _refund_given(refund: RefundView) -> RefundGiven:
    return RefundGiven(
        id=refund.id,
        external_id=refund.external_id,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        reason=refund.reason,
        refunded_at=refund.refunded_at,
        lines=[
            RefundLineGiven(
                line_external_id=line.line_external_id,
                quantity=line.quantity,
                amount_minor=line.amount_minor,
                currency=line.currency,
            )
            for line in refund.lines
        ],
    )
