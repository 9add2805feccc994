"""Read parcels anew from their scans and tell what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

from aftermile.capabilities.shipments.events import MilestoneReached, ParcelTracked
from aftermile.capabilities.shipments.progress import Reading, Scan, Summary, fold
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.events import publish
from aftermile.kernel.tenancy import current_merchant_id


def refold(parcels: Collection[UUID], *, new_events: Mapping[UUID, int], by: str, at: datetime) -> None:
    """Fold the scans of locked parcels into their rows, many at a time; publish what moved.

    :param new_events: how many scans each parcel got that it did not have.
    """
    if not parcels:
        return
    merchant_id, ids = current_merchant_id(), sorted(parcels)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT parcel_id, occurred_at, sub_status, identity FROM shipments_tracking_event"
            " WHERE merchant_id = %s AND parcel_id = ANY(%s)",
            [merchant_id, ids],
        )
        scans: dict[UUID, list[Scan]] = defaultdict(list)
        for parcel_id, occurred_at, sub_status, identity in cursor.fetchall():
            scans[parcel_id].append(Scan(occurred_at, _word(sub_status), bytes(identity)))
        cursor.execute(
            "SELECT id, milestone, sub_status, summary, summary_at FROM shipments_parcel"
            " WHERE merchant_id = %s AND id = ANY(%s)",
            [merchant_id, ids],
        )
        before = {row[0]: row[1:] for row in cursor.fetchall()}
        readings = {
            parcel_id: fold(scans[parcel_id], _summary(before[parcel_id][2], before[parcel_id][3])) for parcel_id in ids
        }
        _store(cursor, readings, at)
    for parcel_id in ids:
        reading, (milestone, sub_status, *_) = readings[parcel_id], before[parcel_id]
        new = new_events.get(parcel_id, 0)
        if new or reading.sub_status != sub_status:
            publish(ParcelTracked(parcel_id, new, reading.milestone, reading.sub_status), by=by, at=at)
        if reading.milestone != milestone:
            publish(
                MilestoneReached(
                    parcel_id, reading.milestone, reading.sub_status, milestone, reading.cause or "",
                    reading.reached_at or at, _first_time(reading, scans[parcel_id]),
                ),
                by=by,
                at=at,
            )


def _store(cursor: object, readings: Mapping[UUID, Reading], at: datetime) -> None:
    rows = list(readings.items())
    cursor.execute(  # type: ignore[attr-defined]
        "UPDATE shipments_parcel p SET milestone = r.milestone, sub_status = r.sub_status, cause = r.cause,"
        " reached_at = r.reached_at, event_count = r.event_count, first_event_at = r.first_event_at,"
        " last_event_at = r.last_event_at, shipped_at = r.shipped_at, delivered_at = r.delivered_at,"
        " first_attempted_at = r.first_attempted_at, attempt_count = r.attempt_count, updated_at = %s"
        " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::int[], %s::timestamptz[],"
        " %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::int[])"
        " AS r(id, milestone, sub_status, cause, reached_at, event_count, first_event_at, last_event_at, shipped_at,"
        " delivered_at, first_attempted_at, attempt_count)"
        " WHERE p.merchant_id = %s AND p.id = r.id",
        [
            at,
            [parcel_id for parcel_id, _ in rows],
            [reading.milestone for _, reading in rows],
            [reading.sub_status for _, reading in rows],
            [reading.cause or "" for _, reading in rows],
            [reading.reached_at for _, reading in rows],
            [reading.event_count for _, reading in rows],
            [reading.first_event_at for _, reading in rows],
            [reading.last_event_at for _, reading in rows],
            [reading.shipped_at for _, reading in rows],
            [reading.delivered_at for _, reading in rows],
            [reading.first_attempted_at for _, reading in rows],
            [reading.attempt_count for _, reading in rows],
            current_merchant_id(),
        ],
    )


def _first_time(reading: Reading, scans: Collection[Scan]) -> bool:
    moments = {scan.occurred_at for scan in scans if scan.sub_status and scan.sub_status.milestone is reading.milestone}
    return reading.reached_at is None or not any(moment < reading.reached_at for moment in moments)


def _summary(word: str, at: datetime | None) -> Summary | None:
    sub_status = _word(word)
    return Summary(sub_status, at) if sub_status is not None and at is not None else None


def _word(stored: str) -> SubStatus | None:
    """Read a stored sub-status; a word a newer version wrote counts as unknown here."""
    return _WORDS.get(stored)


_WORDS = {word.value: word for word in SubStatus}
