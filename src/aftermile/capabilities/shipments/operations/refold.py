"""Read parcels anew from their scans and tell what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.shipments.events import MilestoneReached, ParcelTracked
from aftermile.capabilities.shipments.models import Parcel, TrackingEvent
from aftermile.capabilities.shipments.progress import Reading, Scan, Summary, fold
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.events import publish
from aftermile.kernel.rowsets import Row, Statement, id_array, ids_in, run, run_later, select, update


@dataclass(frozen=True, slots=True)
class Heard:
    """The scans of locked parcels by parcel and identity, with their ids, and the parcels' rows as they stand."""

    scans: dict[UUID, dict[bytes, Scan]] = field(default_factory=lambda: defaultdict(dict))
    ids: dict[tuple[UUID, bytes], UUID] = field(default_factory=dict)
    rows: dict[UUID, Row] = field(default_factory=dict)

    def note(self, scans: Iterable[tuple[Any, ...]], parcels: Iterable[Row]) -> None:
        """Take in what statements like those of `hear` gave."""
        for scan_id, parcel_id, occurred_at, sub_status, identity in scans:
            self.ids[parcel_id, identity] = scan_id
            self.scans[parcel_id][identity] = Scan(occurred_at, _WORDS.get(sub_status), identity)
        self.rows.update((row["id"], row) for row in parcels)


#: What is read of a parcel's row.
PARCEL_COLUMNS = ("id", "milestone", "sub_status", "summary", "summary_at")


def hear(parcels: Collection[UUID], heard: Heard | None = None) -> Heard:
    """Read the scans of locked parcels, and their rows; add them to what was heard."""
    ids = [id_array(sorted(parcels))]
    heard = Heard() if heard is None else heard
    heard.note(*run(scans_of(ids_in("parcel_id"), ids), select(Parcel, PARCEL_COLUMNS, ids_in("id"), ids)))
    return heard


def scans_of(where: str, parameters: Sequence[Any]) -> Statement:
    """Return the statement that reads scans, for `Heard.note`: as tuples, for of a batch there are hundreds."""
    columns = ("id", "parcel_id", "occurred_at", "sub_status", "identity")
    return replace(select(TrackingEvent, columns, where, parameters), read=list)


def refold(
    parcels: Collection[UUID], all_heard: Heard, *, new_events: Mapping[UUID, int], by: str, at: datetime
) -> None:
    """Fold the scans of locked parcels into their rows, many at a time; publish what moved.

    :param new_events: how many scans each parcel got that it did not have.
    """
    if not parcels:
        return
    ids, before = sorted(parcels), all_heard.rows
    scans = {parcel_id: all_heard.scans[parcel_id].values() for parcel_id in ids}
    readings = {
        parcel_id: fold(
            scans[parcel_id], _summary(before[parcel_id]["summary"], before[parcel_id]["summary_at"])
        )
        for parcel_id in ids
    }
    run_later(
        update(Parcel, _READ, [_row(parcel_id, reading, at) for parcel_id, reading in readings.items()])
    )
    for parcel_id in ids:
        reading, held = readings[parcel_id], before[parcel_id]
        new = new_events.get(parcel_id, 0)
        if new or reading.sub_status != held["sub_status"]:
            publish(ParcelTracked(parcel_id, new, reading.milestone, reading.sub_status), by=by, at=at)
        if reading.milestone != held["milestone"]:
            publish(
                MilestoneReached(
                    parcel_id,
                    reading.milestone,
                    reading.sub_status,
                    held["milestone"],
                    reading.cause or "",
                    reading.reached_at or at,
                    _first_time(reading, scans[parcel_id]),
                ),
                by=by,
                at=at,
            )


_READ = (
    "milestone", "sub_status", "cause", "reached_at", "event_count", "first_event_at", "last_event_at", "shipped_at",
    "delivered_at", "first_attempted_at", "attempt_count", "updated_at",
)  # fmt: skip


def _row(parcel_id: UUID, reading: Reading, at: datetime) -> dict[str, object]:
    return {
        "id": parcel_id,
        "milestone": reading.milestone,
        "sub_status": reading.sub_status,
        "cause": reading.cause or "",
        "reached_at": reading.reached_at,
        "event_count": reading.event_count,
        "first_event_at": reading.first_event_at,
        "last_event_at": reading.last_event_at,
        "shipped_at": reading.shipped_at,
        "delivered_at": reading.delivered_at,
        "first_attempted_at": reading.first_attempted_at,
        "attempt_count": reading.attempt_count,
        "updated_at": at,
    }


def _first_time(reading: Reading, scans: Collection[Scan]) -> bool:
    moments = {
        scan.occurred_at
        for scan in scans
        if scan.sub_status and scan.sub_status.milestone is reading.milestone
    }
    return reading.reached_at is None or not any(moment < reading.reached_at for moment in moments)


def _summary(word: str, at: datetime | None) -> Summary | None:
    sub_status = _WORDS.get(word)
    return Summary(sub_status, at) if sub_status is not None and at is not None else None


# A word a newer version wrote is not among these and counts as unknown here.
_WORDS = {word.value: word for word in SubStatus}
