"""Incidents as pages and the API show them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.exceptions.models import Incident, IncidentParcel
from aftermile.kernel.errors import NotFound


class IncidentNotFound(NotFound):
    """There is no such incident, or it is another merchant's."""

    code = "incident_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """A parcel that an incident concerns. `left_at`: when it moved on, or the incident was over."""

    parcel_id: UUID
    last_scan_at: datetime
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """Many parcels that stand still at once. `standing` still do of the `concerned`."""

    id: UUID
    scope: str  # `carrier`, `lane` or `hub`
    carrier: str
    service: str
    origin_country: str
    destination_country: str
    place: str
    since_at: datetime
    opened_at: datetime
    ended_at: datetime | None
    standing: int
    concerned: int
    watched: int
    parcels: tuple[Concerned, ...] = ()


def incidents(*, with_ended_since: datetime | None = None, limit: int = 50) -> list[IncidentView]:
    """List the incidents that are not over, the newest first; with those that ended since a moment, if one is given."""
    rows = Incident.rows().filter(ended_at=None)
    if with_ended_since is not None:
        rows = rows | Incident.rows().filter(ended_at__gte=with_ended_since)
    return [_view(row) for row in rows.order_by("-opened_at", "-id")[:limit]]


def incident(incident_id: UUID, *, limit: int = 500) -> IncidentView:
    """Return one incident with the parcels it concerns, those that still stand first.

    :raises IncidentNotFound: there is none.
    """
    row = Incident.rows().filter(id=incident_id).first()
    if row is None:
        raise IncidentNotFound
    joined = IncidentParcel.rows().filter(incident_id=incident_id)
    held = list(joined.filter(left_at=None).order_by("parcel_id")[:limit])
    held += list(joined.exclude(left_at=None).order_by("parcel_id")[: limit - len(held)])
    return _view(
        row,
        tuple(
            Concerned(
                parcel_id=each.parcel_id,
                last_scan_at=each.last_scan_at,
                joined_at=each.joined_at,
                left_at=each.left_at,
            )
            for each in held
        ),
    )


def incidents_of(parcel_ids: Collection[UUID]) -> dict[UUID, IncidentView]:
    """Return the incidents that are not over by the parcels among these that they concern: one statement."""
    rows = (
        IncidentParcel.rows().filter(parcel_id__in=set(parcel_ids), left_at=None).select_related("incident")
    )
    return {row.parcel_id: _view(row.incident) for row in rows} if parcel_ids else {}


def _view(row: Incident, parcels: tuple[Concerned, ...] = ()) -> IncidentView:
    return IncidentView(
        id=row.id,
        scope=row.scope,
        carrier=row.carrier,
        service=row.service,
        origin_country=row.origin_country,
        destination_country=row.destination_country,
        place=row.place,
        since_at=row.since_at,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        standing=row.standing,
        concerned=row.concerned,
        watched=row.watched,
        parcels=parcels,
    )
