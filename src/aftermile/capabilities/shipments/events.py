"""What happens to shipments and parcels, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.kernel.events import event


@event("shipment.recorded", outside="A shipment was heard of, or what is known of it changed.")
@dataclass(frozen=True, slots=True)
class ShipmentRecorded:
    shipment_id: UUID
    order_id: UUID | None
    created: bool
    cancelled: bool


@event("parcel.recorded", outside="A parcel was heard of for the first time.")
@dataclass(frozen=True, slots=True)
class ParcelRecorded:
    parcel_id: UUID
    tracking_number: str
    carrier: str


@event("parcel.tracked", outside="A carrier reported something new about a parcel.")
@dataclass(frozen=True, slots=True)
class ParcelTracked:
    parcel_id: UUID
    new_events: int
    milestone: str
    sub_status: str


@event("parcel.milestone_reached", outside="A parcel reached another milestone.")
@dataclass(frozen=True, slots=True)
class MilestoneReached:
    parcel_id: UUID
    milestone: str
    sub_status: str
    previous: str
    cause: str
    occurred_at: datetime
    first_time: bool  # whether this parcel had never been at this milestone before


@event("parcel.withdrawn", outside="A parcel is no longer tracked because somebody removed it.")
@dataclass(frozen=True, slots=True)
class ParcelWithdrawn:
    parcel_id: UUID


@event("parcel.resumed", outside="A parcel that was no longer tracked is tracked again.")
@dataclass(frozen=True, slots=True)
class ParcelResumed:
    parcel_id: UUID
