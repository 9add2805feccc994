"""Shipments, parcels and tracking events as the API takes and gives them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from aftermile.capabilities.promises.public import EstimateView
from aftermile.capabilities.shipments.public import ParcelView, ShipmentView, TrackingEventView
from aftermile.connectors.contracts.facts import Place
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.doors.api.fields import (
    Address,
    Attributes,
    CountryCode,
    ExternalId,
    Given,
    Line,
    Moment,
    Odd,
    OrderId,
    OrOdd,
    Paragraph,
    ParcelId,
    Quantity,
    ShipmentId,
    Taken,
    TrackingEventId,
    Word,
    example,
)
from aftermile.doors.api.problems import ItemError
from aftermile.doors.api.shapes.estimates import ExpectedGiven, expected_given

TrackingNumber = Annotated[
    str,
    StringConstraints(max_length=100, pattern=r"[A-Za-z0-9]"),
    Field(description="As printed; spaces, dashes and case do not matter.", examples=["1Z999AA10123456784"]),
]
Carrier = Annotated[
    str,
    StringConstraints(max_length=100),
    Field(description="Our slug or any name the carrier goes by.", examples=["dhl-express"]),
]


#: What is expected, by parcel.
Estimates = Mapping[UUID, EstimateView]


def _one_of(words: type[StrEnum]) -> BeforeValidator:
    known = {str(word): word for word in words}

    def read(value: object) -> object:
        if not isinstance(value, str) or value not in known:
            raise ValueError(f"{str(value)[:50]!r} is none of {', '.join(known)}")
        return known[value]

    return BeforeValidator(read)


MilestoneTaken = Annotated[Milestone, _one_of(Milestone)]
SubStatusTaken = Annotated[SubStatus, _one_of(SubStatus)]
MilestoneWord = Annotated[
    str,
    Field(description="One of: " + ", ".join(f"`{word}`" for word in Milestone) + "; more may come."),
]
SubStatusWord = Annotated[
    str,
    Field(description="One of: " + ", ".join(f"`{word}`" for word in SubStatus) + "; more may come."),
]


class PlaceTaken(Taken):
    """Where a scan happened or a parcel goes; every part may be left out."""

    city: Line = ""
    state: Word = ""
    postal_code: Word = ""
    country: CountryCode = ""
    name: Line = Field("", description="The carrier's own wording.", examples=["BERLIN - DE"])
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)

    @property
    def fact(self) -> Place:
        return Place(
            city=self.city,
            state=self.state,
            postal_code=self.postal_code,
            country=self.country,
            name=self.name,
            latitude=self.latitude,
            longitude=self.longitude,
        )


class PlaceGiven(Given):
    """A place; parts that are not known are empty."""

    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = Field("", description="ISO 3166-1 alpha-2.")
    name: str = Field("", description="The carrier's own wording.")
    latitude: float | None = None
    longitude: float | None = None


class ScanTaken(Taken):
    """One scan of a parcel that the address names."""

    occurred_at: Moment | None = Field(None, description="When, with an offset. Either this or `local_time`.")
    local_time: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = Field(
        None,
        description="When, as the clock at the place showed it; read in the zone of the place's country and"
        " state, else of the carrier.",
        examples=["2026-03-29 09:30"],
    )
    code: Line = Field("", description="The carrier's own code.")
    description: Paragraph = Field("", description="The carrier's own words.")
    milestone: MilestoneTaken | None = Field(None, description="What it means.")
    sub_status: SubStatusTaken | None = Field(None, description="What it means, more exactly.")
    location: PlaceTaken | None = None
    external_id: Line = ""
    signed_by: Line = ""

    @model_validator(mode="after")
    def _is_one_moment_and_one_meaning(self) -> ScanTaken:
        if (self.occurred_at is None) == (self.local_time is None):
            raise ValueError("give either occurred_at or local_time")
        if self.sub_status and self.milestone and self.sub_status.milestone is not self.milestone:
            raise ValueError(f"sub_status {self.sub_status} does not belong to milestone {self.milestone}")
        return self


class TrackingEventTaken(ScanTaken):
    """One scan of the parcel with this tracking number."""

    tracking_number: TrackingNumber
    carrier: Carrier = ""


class ScansTaken(Taken):
    """Up to 1,000 scans of one parcel."""

    events: list[Annotated[ScanTaken, OrOdd]] = Field(min_length=1, max_length=1000)


class TrackingEventsTaken(Taken):
    """Up to 1,000 scans of any parcels, known or new."""

    model_config = example(
        events=[
            {
                "tracking_number": "1Z999AA10123456784",
                "carrier": "ups",
                "occurred_at": "2026-03-02T14:05:00+01:00",
                "code": "OT",
                "description": "Out for Delivery Today",
                "sub_status": "out_for_delivery",
                "location": {"city": "Umeå", "country": "SE"},
            },
            {
                "tracking_number": "00340434161094042557",
                "local_time": "2026-03-02 09:30",
                "description": "Die Sendung wurde zugestellt.",
                "milestone": "delivered",
                "location": {"country": "DE"},
            },
        ]
    )

    events: list[Annotated[TrackingEventTaken, OrOdd]] = Field(min_length=1, max_length=1000)


class TrackingEventResult(Given):
    """What became of one scan."""

    status: Literal["recorded", "known", "refused"]
    id: TrackingEventId | None = None
    parcel_id: ParcelId | None = None
    error: ItemError | None = None


class TrackingEventResults(Given):
    """One result for each scan, in their order."""

    data: list[TrackingEventResult]


class TrackingEventGiven(Given):
    """One scan as reported, with its true moment and what it means (empty: not known, moves nothing)."""

    id: TrackingEventId
    occurred_at: datetime
    reported_time: str
    time_basis: str = Field(
        description="`stated`, `place`, `carrier` or `assumed`: what the moment rests on."
    )
    time_precision: str = Field(description="`moment` or `day`.")
    code: str
    description: str
    milestone: MilestoneWord
    sub_status: SubStatusWord
    location: PlaceGiven
    external_id: str
    source: str
    recorded_at: datetime


class ProofGiven(Given):
    kind: str
    url: str


class ParcelSummary(Given):
    """A parcel without its tracking events."""

    id: ParcelId
    tracking_number: str
    carrier: str = Field(description="Our slug; empty while no carrier of that name is known.")
    carrier_name: str
    service: str
    direction: str
    milestone: MilestoneWord
    sub_status: SubStatusWord
    cause: str = Field(description="Who or what caused an exception; empty when there is none.")
    reached_at: datetime | None
    event_count: int
    first_event_at: datetime | None
    last_event_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    attempt_count: int
    estimate_earliest: str = Field(description="A day or a moment, as the carrier gave it; empty: none.")
    estimate_latest: str
    estimate: ExpectedGiven | None = Field(
        description="When it comes, by whom the shop trusts first; null while nobody has said, and once it came."
    )
    signed_by: str
    proofs: list[ProofGiven]
    weight_grams: int | None
    origin: PlaceGiven
    destination: PlaceGiven
    title: str
    note: str
    attributes: dict[str, Any]
    withdrawn_at: datetime | None
    created_at: datetime
    updated_at: datetime
    shipment_ids: list[ShipmentId]
    order_ids: list[OrderId]


class ParcelGiven(ParcelSummary):
    """A parcel with its tracking events, newest first."""

    tracking_events: list[TrackingEventGiven]


class ParcelTaken(Taken):
    """A number to track."""

    model_config = example(tracking_number="1Z999AA10123456784", title="Order #1001")

    tracking_number: TrackingNumber
    carrier: Carrier = Field("", description="Left out: recognized from the number where it is distinctive.")
    service: Word = ""
    direction: Literal["outbound", "return"] = "outbound"
    destination: PlaceTaken | None = None
    title: Line | None = None
    note: Paragraph | None = None
    attributes: Attributes | None = None


class CompletionTaken(Taken):
    """What became of a parcel, on your word."""

    model_config = example(outcome="delivered", occurred_at="2026-03-02T16:20:00+01:00")

    outcome: Literal["delivered", "lost", "returned"]
    occurred_at: Moment | None = Field(None, description="When; left out: now.")


class ShipmentLineTaken(Taken):
    line_external_id: ExternalId
    quantity: Quantity


class ShipmentRecorded(Given):
    """Where a shipment went."""

    id: ShipmentId
    order_id: OrderId | None
    created: bool = Field(description="Whether it was heard of for the first time.")
    changed: bool = Field(description="Whether anything changed.")


class ShipmentLineGiven(Given):
    line_external_id: str
    quantity: int


class ShipmentTaken(Taken):
    """One hand-over to a carrier."""

    model_config = example(
        order_external_id="1001",
        carrier="ups",
        tracking_numbers=["1Z999AA10123456784"],
        lines=[{"line_external_id": "1", "quantity": 2}],
        shipped_at="2026-03-01T16:00:00+01:00",
    )

    order_external_id: Line = Field("", description="The order's id in your own system; it may come later.")
    carrier: Carrier = ""
    service: Word = ""
    tracking_numbers: list[TrackingNumber] = Field([], max_length=100)
    tracking_urls: list[Address] = Field([], max_length=100)
    lines: list[ShipmentLineTaken] = Field([], max_length=1000)
    direction: Literal["outbound", "return"] = "outbound"
    status: Word = Field("", description="Your own word for its state; kept.")
    cancelled: bool = False
    shipped_at: Moment | None = None
    updated_at: Moment | None = Field(
        None, description="Your version: an older one never overwrites a newer."
    )
    origin: PlaceTaken | None = None
    destination: PlaceTaken | None = None
    attributes: Attributes = {}


class ShipmentSummary(Given):
    """A shipment with its parcels, without their tracking events."""

    id: ShipmentId
    source: str = Field(description="Whose id `external_id` is: `shop`, or a connection.")
    external_id: str
    order_id: OrderId | None
    direction: str
    carrier: str
    carrier_name: str
    service: str
    status: str
    cancelled: bool
    shipped_at: datetime | None
    lines: list[ShipmentLineGiven]
    origin: PlaceGiven
    destination: PlaceGiven
    attributes: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    parcels: list[ParcelSummary]


class ShipmentGiven(ShipmentSummary):
    """A shipment with its parcels and their tracking events."""

    parcels: list[ParcelGiven]  # type: ignore[assignment]


def parcel_given(view: ParcelView, estimates: Estimates) -> ParcelGiven:
    """Write a parcel with its scans."""
    return ParcelGiven(
        **_parcel_fields(view, estimates),
        tracking_events=[tracking_event_given(event) for event in view.events],
    )


def parcel_summary(view: ParcelView, estimates: Estimates) -> ParcelSummary:
    """Write a parcel without its scans."""
    return ParcelSummary(**_parcel_fields(view, estimates))


def shipment_given(view: ShipmentView, estimates: Estimates) -> ShipmentGiven:
    """Write a shipment with the scans of its parcels."""
    return ShipmentGiven(
        **_shipment_fields(view), parcels=[parcel_given(parcel, estimates) for parcel in view.parcels]
    )


def shipment_summary(view: ShipmentView, estimates: Estimates) -> ShipmentSummary:
    """Write a shipment without the scans of its parcels."""
    return ShipmentSummary(
        **_shipment_fields(view), parcels=[parcel_summary(parcel, estimates) for parcel in view.parcels]
    )


def tracking_event_given(view: TrackingEventView) -> TrackingEventGiven:
    """Write one scan."""
    return TrackingEventGiven(
        id=view.id,
        occurred_at=view.occurred_at,
        reported_time=view.reported_time,
        time_basis=view.time_basis,
        time_precision=view.time_precision,
        code=view.code,
        description=view.description,
        milestone=view.milestone,
        sub_status=view.sub_status,
        location=PlaceGiven(
            city=view.city,
            state=view.state,
            postal_code=view.postal_code,
            country=view.country,
            name=view.place_name,
            latitude=view.latitude,
            longitude=view.longitude,
        ),
        external_id=view.external_id,
        source=view.source,
        recorded_at=view.recorded_at,
    )


def taken_apart(items: list[Any]) -> tuple[dict[int, Any], dict[int, Odd]]:
    """Split the items of a batch into those that can be taken and the odd ones, by their place."""
    good = {place: item for place, item in enumerate(items) if not isinstance(item, Odd)}
    odd = {place: item for place, item in enumerate(items) if isinstance(item, Odd)}
    return good, odd


def _parcel_fields(view: ParcelView, estimates: Estimates) -> dict[str, Any]:
    return {
        "id": view.id,
        "tracking_number": view.tracking_number,
        "carrier": view.carrier,
        "carrier_name": view.carrier_name,
        "service": view.service,
        "direction": view.direction,
        "milestone": view.milestone,
        "sub_status": view.sub_status,
        "cause": view.cause,
        "reached_at": view.reached_at,
        "event_count": view.event_count,
        "first_event_at": view.first_event_at,
        "last_event_at": view.last_event_at,
        "shipped_at": view.shipped_at,
        "delivered_at": view.delivered_at,
        "attempt_count": view.attempt_count,
        "estimate_earliest": view.estimate_earliest,
        "estimate_latest": view.estimate_latest,
        "estimate": expected_given(estimates.get(view.id)),
        "signed_by": view.signed_by,
        "proofs": [ProofGiven(kind=proof["kind"], url=proof["url"]) for proof in view.proofs],
        "weight_grams": view.weight_grams,
        "origin": PlaceGiven(**view.origin),
        "destination": PlaceGiven(**view.destination),
        "title": view.title,
        "note": view.note,
        "attributes": dict(view.attributes),
        "withdrawn_at": view.withdrawn_at,
        "created_at": view.created_at,
        "updated_at": view.updated_at,
        "shipment_ids": list(view.shipment_ids),
        "order_ids": list(view.order_ids),
    }


def _shipment_fields(view: ShipmentView) -> dict[str, Any]:
    return {
        "id": view.id,
        "source": view.source,
        "external_id": view.external_id,
        "order_id": view.order_id,
        "direction": view.direction,
        "carrier": view.carrier,
        "carrier_name": view.carrier_name,
        "service": view.service,
        "status": view.source_status,
        "cancelled": view.cancelled,
        "shipped_at": view.shipped_at,
        "lines": [
            ShipmentLineGiven(line_external_id=line["line"], quantity=line["quantity"]) for line in view.lines
        ],
        "origin": PlaceGiven(**view.origin),
        "destination": PlaceGiven(**view.destination),
        "attributes": dict(view.attributes),
        "created_at": view.created_at,
        "updated_at": view.updated_at,
    }
