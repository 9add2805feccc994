"""What happens to exceptions, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.kernel.events import event


@event("exception.opened", outside="Something about a parcel or an order needs a person.")
@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionOpened:
    exception_id: UUID
    kind: str
    reason: str
    cause: str
    parcel_id: UUID | None
    order_id: UUID | None


@event("exception.resolved", outside="An exception ended: by itself, or by a person, as `ending` says.")
@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionResolved:
    exception_id: UUID
    kind: str
    ending: str
    by_a_person: bool
    parcel_id: UUID | None
    order_id: UUID | None


@event("exception.snoozed", outside="An exception was put off until a moment.")
@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionSnoozed:
    exception_id: UUID
    until: datetime


@event("exception.reopened", outside="An exception that was put off or done needs a person again.")
@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionReopened:
    exception_id: UUID


@event("exception.assigned", outside="An exception was given to a staff member, or to nobody.")
@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionAssigned:
    exception_id: UUID
    staff_member_id: UUID | None


@event("incident.opened", outside="Many parcels of a carrier, a lane or a hub stand still at once.")
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened:
    """`scope`: `carrier`, `lane` or `hub`. `parcels`: how many stand still of the `watched` on their way there."""

    incident_id: UUID
    scope: str
    carrier: str
    service: str
    origin_country: str
    destination_country: str
    place: str
    parcels: int
    watched: int
    since_at: datetime


@event("incident.ended", outside="What stood still moves again: at least half of the parcels concerned.")
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEnded:
    incident_id: UUID
    scope: str
    carrier: str
    service: str
    origin_country: str
    destination_country: str
    place: str
    concerned: int
    still_standing: int
