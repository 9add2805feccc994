"""Look whether many parcels stand still at once, and keep what is usual so that it can be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from aftermile.capabilities.exceptions.events import IncidentEnded, IncidentOpened
from aftermile.capabilities.exceptions.incidents import (
    Found,
    OnItsWay,
    OpenIncident,
    Scope,
    Steps,
    find,
    next_steps,
)
from aftermile.capabilities.exceptions.lanes import LaneKey, LaneNormal, WorkedTime, normals_of
from aftermile.capabilities.exceptions.models import Incident, IncidentParcel, Watch
from aftermile.capabilities.exceptions.models import LaneNormal as LaneNormalRow
from aftermile.capabilities.exceptions.operations.facts import take_watch, today_of
from aftermile.capabilities.exceptions.operations.settle import BY_ITSELF
from aftermile.capabilities.orders.public import OrderPromise, promises
from aftermile.capabilities.shipments.public import Moving, Scanned, moving, scanned
from aftermile.connectors.contracts.words import Milestone
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.rowsets import insert, run
from aftermile.kernel.tenancy import current_merchant_id

#: What is usual is what arrived of late; more of it tells nothing more.
_OF_LATE, _MOST = timedelta(days=120), 20_000
#: What stands still for so many worked hours longer than is usual does not do so "at once" with others.
_AT_ONCE_HOURS = 96.0
_ON_ITS_WAY = frozenset({Milestone.IN_TRANSIT, Milestone.OUT_FOR_DELIVERY})


def measure_lanes(*, at: datetime) -> bool:
    """Measure, once a day, what silence is usual on each lane; return whether this was the time."""
    take_watch()
    merchant = current_merchant()
    today = today_of(merchant, at)
    if Watch.rows().filter(id=current_merchant_id(), normals_on=today.day).exists():
        return False
    found = scanned(since=at - _OF_LATE, limit=_MOST)
    promised = promises({order_id for one in found for order_id in one.order_ids})
    normals = normals_of(
        ((_lane(one, promised, merchant.country), one.moments) for one in found), WorkedTime(today.calendar)
    )
    LaneNormalRow.rows().all().delete()
    rows = [
        {
            "id": row_id, **key._asdict(), "parcels": normal.parcels, "longest_hours": list(normal.longest_hours),
            "still_after_hours": normal.still_after_hours, "still_share": normal.still_share,
        }
        for row_id, (key, normal) in zip(uuid7_many(len(normals)), sorted(normals.items()), strict=True)
    ]  # fmt: skip
    run(insert(LaneNormalRow, tuple(rows[0]) if rows else (), rows))
    Watch.rows().filter(id=current_merchant_id()).update(normals_on=today.day)
    return True


def look_for_incidents(*, at: datetime) -> None:
    """Open, carry on and end incidents by how parcels stand now. Looking again at once changes nothing.

    Those concerned are judged anew by whoever watches: their silence is the incident's, and no exception of their own.
    """
    thresholds = take_watch()
    held = _open_incidents()
    parcels = _on_their_way(at)
    # What stood still long before the others is a trouble of its own.
    at_once = (one for one in parcels.values() if not one.stands_long)
    steps = next_steps(find(at_once, fewest=thresholds.incident_parcels), held, parcels)
    _write(steps, held, parcels, at=at)


def _on_their_way(at: datetime) -> dict[UUID, OnItsWay]:
    merchant = current_merchant()
    worked = WorkedTime(today_of(merchant, at).calendar)
    normals = _normals()
    found = moving(_ON_ITS_WAY)
    promised = promises({order_id for one in found for order_id in one.order_ids})
    parcels = {}
    for one in found:
        lane = _lane(one, promised, merchant.country)
        normal = next((normals[key] for key in lane.wider() if key in normals), None)
        if normal is None:
            continue
        silent = worked.hours(one.last_scan_at, at)
        parcels[one.parcel_id] = OnItsWay(
            parcel_id=one.parcel_id,
            lane=lane,
            stands_still=silent > normal.still_after_hours,
            chance=normal.still_share,
            since_at=one.last_scan_at,
            place=one.place,
            stands_long=silent > normal.still_after_hours + _AT_ONCE_HOURS,
        )
    return parcels


def _normals() -> dict[LaneKey, LaneNormal]:
    return {
        LaneKey(row.carrier, row.service, row.origin_country, row.destination_country): LaneNormal(
            row.parcels, tuple(row.longest_hours), row.still_after_hours, row.still_share
        )
        for row in LaneNormalRow.rows()
    }


def _lane(one: Scanned | Moving, promised: Mapping[UUID, OrderPromise], home: str) -> LaneKey:
    there = one.destination_country or next(
        (promised[order_id].country for order_id in one.order_ids if order_id in promised), ""
    )
    return LaneKey(one.carrier, one.service, one.origin_country or home, there)


def _open_incidents() -> list[OpenIncident]:
    rows = list(Incident.rows().filter(ended_at=None).order_by("id"))
    members: dict[UUID, dict[UUID, datetime]] = defaultdict(dict)
    joined = IncidentParcel.rows().filter(incident_id__in=[row.id for row in rows])
    for incident_id, parcel_id, last_scan_at in joined.values_list(
        "incident_id", "parcel_id", "last_scan_at"
    ):
        members[incident_id][parcel_id] = last_scan_at
    return [
        OpenIncident(
            id=row.id,
            scope=Scope(row.scope),
            lane=LaneKey(row.carrier, row.service, row.origin_country, row.destination_country),
            place=row.place,
            members=members[row.id],
        )
        for row in rows
    ]


def _write(
    steps: Steps, held: Sequence[OpenIncident], moving_now: Mapping[UUID, OnItsWay], *, at: datetime
) -> None:
    by_id = {incident.id: incident for incident in held}
    for incident_id in steps.over:
        incident = by_id[incident_id]
        standing = sum(
            parcel_id in moving_now and moving_now[parcel_id].since_at <= since_at
            for parcel_id, since_at in incident.members.items()
        )
        IncidentParcel.rows().filter(incident_id=incident_id, left_at=None).update(left_at=at)
        Incident.rows().filter(id=incident_id).update(ended_at=at, standing=standing)
        publish(
            IncidentEnded(
                incident_id=incident_id,
                scope=incident.scope.value,
                **incident.lane._asdict(),
                place=incident.place,
                concerned=len(incident.members),
                still_standing=standing,
            ),
            by=BY_ITSELF,
            at=at,
        )
    for incident_id, parcels in steps.going_on.items():
        mine = IncidentParcel.rows().filter(incident_id=incident_id)
        mine.filter(left_at=None).exclude(parcel_id__in=parcels).update(left_at=at)
        _join(incident_id, parcels - by_id[incident_id].members.keys(), moving_now, at=at)
        Incident.rows().filter(id=incident_id).update(standing=len(parcels), concerned=mine.count())
    for incident_id, found in zip(uuid7_many(len(steps.opened)), steps.opened, strict=True):
        _open(incident_id, found, at=at)
        _join(incident_id, found.parcels, moving_now, at=at)


def _open(incident_id: UUID, found: Found, *, at: datetime) -> None:
    Incident(
        id=incident_id,
        merchant_id=current_merchant_id(),
        scope=found.scope.value,
        **found.lane._asdict(),
        place=found.place,
        since_at=found.since_at,
        opened_at=at,
        standing=len(found.parcels),
        concerned=len(found.parcels),
        watched=found.watched,
    ).save(force_insert=True)
    publish(
        IncidentOpened(
            incident_id=incident_id,
            scope=found.scope.value,
            **found.lane._asdict(),
            place=found.place,
            parcels=len(found.parcels),
            watched=found.watched,
            since_at=found.since_at,
        ),
        by=BY_ITSELF,
        at=at,
    )


def _join(
    incident_id: UUID, parcels: Iterable[UUID], moving_now: Mapping[UUID, OnItsWay], *, at: datetime
) -> None:
    joining = sorted(parcels)
    rows = [
        {
            "id": row_id, "incident_id": incident_id, "parcel_id": parcel_id,
            "last_scan_at": moving_now[parcel_id].since_at, "joined_at": at,
        }
        for row_id, parcel_id in zip(uuid7_many(len(joining)), joining, strict=True)
    ]  # fmt: skip
    columns = ("id", "incident_id", "parcel_id", "last_scan_at", "joined_at")
    run(insert(IncidentParcel, columns, rows, on_conflict="ON CONFLICT DO NOTHING"))
