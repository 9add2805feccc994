"""Facts: what a storefront or a carrier told us, in our words and still in its own.

A fact is never refused for being odd: what a connector could not map stays in the source's words, and
the capability that takes the fact in decides. All moments are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from aftermile.connectors.contracts.words import Milestone, SubStatus

if TYPE_CHECKING:
    from aftermile.kernel.money import Money


class TimeBasis(StrEnum):
    """What a scan's moment rests on."""

    STATED = "stated"  # the carrier gave an offset or UTC
    PLACE = "place"  # local time, read in the zone of the scan's place
    CARRIER = "carrier"  # local time without a place, read in the carrier's home zone
    ASSUMED = "assumed"  # local time, nothing to go by: read as UTC


class TimePrecision(StrEnum):
    MOMENT = "moment"
    DAY = "day"  # the carrier gave a date only; the moment is that day's noon at the place


class Direction(StrEnum):
    OUTBOUND = "outbound"
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a scan happened or a parcel goes; every part may be empty. `country` is ISO 3166 alpha-2."""

    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    name: str = ""  # the source's own wording (a depot, "BERLIN - DE")
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanTime:
    """A scan's true moment, with the text it was read from."""

    occurred_at: datetime
    reported: str
    basis: TimeBasis
    precision: TimePrecision = TimePrecision.MOMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingEventFact:
    """One scan as reported. An unknown code has no `sub_status` and moves nothing."""

    time: ScanTime
    code: str = ""
    description: str = ""
    sub_status: SubStatus | None = None
    place: Place = Place()
    external_id: str = ""
    signed_by: str = ""

    @property
    def milestone(self) -> Milestone | None:
        return self.sub_status.milestone if self.sub_status else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryEstimate:
    """The carrier's own guess. Days where it names days (`date`), moments where it names hours."""

    earliest: date | datetime | None = None
    latest: date | datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofOfDelivery:
    kind: str  # "signature", "photo", "document"
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingReport:
    """All a source says of one parcel at one time.

    Names its parcel by `tracking_number`, or, where a storefront reports on a fulfilment, by
    `fulfilment_external_id`. `carrier` is our slug, or "" when the source did not say.
    """

    tracking_number: str = ""
    carrier: str = ""
    carrier_name: str = ""  # as the source wrote it
    fulfilment_external_id: str = ""
    order_external_id: str = ""
    events: tuple[TrackingEventFact, ...] = ()
    summary: SubStatus | None = None  # the source's own overall word, when it gives one beside the scans
    summary_code: str = ""
    summary_at: datetime | None = None  # when that word was true, where the source says; else its newest scan
    estimate: DeliveryEstimate | None = None
    service: str = ""
    signed_by: str = ""
    proofs: tuple[ProofOfDelivery, ...] = ()
    weight_grams: int | None = None
    origin: Place | None = None
    destination: Place | None = None
    direction: Direction = Direction.OUTBOUND
    reference: str = ""
    piece_numbers: tuple[str, ...] = ()  # other parcels of the same consignment


class ProblemKind(StrEnum):
    NOT_FOUND = "not_found"
    INVALID_NUMBER = "invalid_number"
    UNAUTHORIZED = "unauthorized"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierProblem:
    """An error the carrier answered with, told apart from "no scans yet"."""

    kind: ProblemKind
    code: str = ""
    message: str = ""
    tracking_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""  # ISO 3166 alpha-2
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFact:
    """What a shopper allowed, as the source recorded it. `granted` None: the source does not know."""

    channel: str  # "email", "sms", "whatsapp"
    purpose: str  # "marketing", "service"
    granted: bool | None
    recorded_at: datetime | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopperFact:
    """Who bought. Guests have no `external_id`; contact points then tell them apart."""

    external_id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""  # BCP 47, e.g. "de" or "pt-BR"
    country: str = ""
    consents: tuple[ConsentFact, ...] = ()
    tags: tuple[str, ...] = ()
    updated_at: datetime | None = None
    attributes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantFact:
    external_id: str
    title: str = ""
    sku: str = ""
    barcode: str = ""
    price: Money | None = None
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFact:
    external_id: str
    title: str = ""
    url: str = ""
    image_url: str = ""
    category: str = ""
    vendor: str = ""
    tags: tuple[str, ...] = ()
    variants: tuple[VariantFact, ...] = ()
    updated_at: datetime | None = None
    deleted: bool = False
    attributes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineFact:
    external_id: str
    title: str
    quantity: int
    sku: str = ""
    product_external_id: str = ""
    variant_external_id: str = ""
    variant_title: str = ""
    unit_price: Money | None = None
    total: Money | None = None  # after discounts
    image_url: str = ""
    cancelled_quantity: int = 0
    requires_shipping: bool = True
    attributes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLineFact:
    line_external_id: str
    quantity: int
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFact:
    external_id: str
    order_external_id: str
    amount: Money | None = None
    reason: str = ""
    refunded_at: datetime | None = None
    lines: tuple[RefundLineFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedWindow:
    """The delivery window shown at checkout: days at the destination, both inclusive."""

    earliest_date: date | None = None
    latest_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentLineFact:
    line_external_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentFact:
    """One hand-over to a carrier as the storefront tells it; becomes a shipment with its parcels."""

    external_id: str
    order_external_id: str = ""
    carrier: str = ""  # our slug, or ""
    carrier_name: str = ""  # as the source wrote it
    service: str = ""
    tracking_numbers: tuple[str, ...] = ()
    tracking_urls: tuple[str, ...] = ()
    lines: tuple[FulfilmentLineFact, ...] = ()
    direction: Direction = Direction.OUTBOUND
    source_status: str = ""
    cancelled: bool = False
    shipped_at: datetime | None = None
    updated_at: datetime | None = None
    origin: Place | None = None
    destination: Place | None = None
    attributes: Mapping[str, object] = field(default_factory=dict)


class OrderState(StrEnum):
    """What we make of the source's words; those are kept beside it."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFact:
    """An order as its source tells it now. `updated_at` is the source's version: older never wins.

    A field that is None (or "" / empty tuple) says nothing about it and leaves what is known alone,
    except `lines` when `lines_complete`: then a line no longer named was removed.
    """

    external_id: str
    number: str = ""
    placed_at: datetime | None = None
    updated_at: datetime | None = None
    currency: str = ""
    shopper: ShopperFact | None = None
    lines: tuple[OrderLineFact, ...] = ()
    lines_complete: bool = True
    subtotal: Money | None = None
    shipping_price: Money | None = None
    tax: Money | None = None
    discount: Money | None = None
    total: Money | None = None
    state: OrderState | None = None
    source_status: str = ""
    financial_status: str = ""
    fulfilment_status: str = ""
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    shipping_address: Address | None = None
    billing_address: Address | None = None
    shipping_method: str = ""
    promised: PromisedWindow | None = None
    language: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    refunds: tuple[RefundFact, ...] = ()
    fulfilments: tuple[FulfilmentFact, ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict)


class PrivacyKind(StrEnum):
    EXPORT = "export"
    ERASE_SHOPPER = "erase_shopper"
    ERASE_SHOP = "erase_shop"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequest:
    """A storefront passing on a person's (or the shop's) legal request."""

    kind: PrivacyKind
    external_id: str = ""  # the request's own id where it has one
    shopper_external_id: str = ""
    email: str = ""
    phone: str = ""
    order_external_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """The source removed a thing. Nothing is deleted here: it is marked."""

    what: str  # "order", "product", "shopper"
    external_id: str
    deleted_at: datetime | None = None


Fact = (
    OrderFact
    | FulfilmentFact
    | RefundFact
    | ProductFact
    | ShopperFact
    | TrackingReport
    | PrivacyRequest
    | Deletion
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownWord:
    """A kind or code we have no word for: kept, counted, shown, never guessed."""

    what: str  # "topic", "status", "carrier", ...
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What one raw record says. No fact and no problem: it says nothing to us (a topic we ignore)."""

    facts: tuple[Fact, ...] = ()
    problems: tuple[CarrierProblem, ...] = ()
    unknown: tuple[UnknownWord, ...] = ()
