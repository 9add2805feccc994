"""Complete parcels on somebody's word, many at a time, and take that word back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from aftermile.capabilities.shipments.models import Parcel
from aftermile.capabilities.shipments.operations.record_tracking import record_placed
from aftermile.capabilities.shipments.operations.refold import hear, refold
from aftermile.connectors.contracts.facts import ScanTime, TimeBasis, TrackingEventFact, TrackingReport
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.rowsets import id_array, ids_in, run, select
from aftermile.kernel.tenancy import current_merchant_id

#: The code of the scan that stands for "a person said so".
COMPLETED_BY_HAND = "completed_by_hand"
_OUTCOMES = frozenset({SubStatus.DELIVERED, SubStatus.LOST, SubStatus.RETURNED})


def complete_parcels(
    *, parcel_ids: Collection[UUID], outcome: SubStatus, occurred_at: datetime, by: str, at: datetime
) -> list[UUID]:
    """Record that parcels were delivered, lost or returned, on the word of a person or program.

    The word stands among the scans like any other, so that it can be told apart and explained; repeating it
    with the same moment changes nothing. Returns the parcels there are; ids of none are left out.

    :raises ValueError: another outcome than delivered, lost or returned.
    """
    if outcome not in _OUTCOMES:
        raise ValueError(f"a parcel cannot be completed as {outcome}")
    ids = _locked(parcel_ids)
    scan = TrackingEventFact(
        time=ScanTime(occurred_at=occurred_at, reported=occurred_at.isoformat(), basis=TimeBasis.STATED),
        code=COMPLETED_BY_HAND,
        description=outcome,
        sub_status=outcome,
    )
    report = TrackingReport(events=(scan,))
    record_placed(placed=ids, reports=[report] * len(ids), source=by, by=by, at=at)
    return ids


def take_back_completion(
    *, parcel_ids: Collection[UUID], occurred_at: datetime, by: str, at: datetime
) -> list[UUID]:
    """Remove what `complete_parcels` recorded for that moment, as if it had never been said.

    Only words of people are ever removed; what carriers said stays. Returns the parcels that had it;
    repeating it changes nothing.
    """
    ids = _locked(parcel_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM shipments_tracking_event WHERE merchant_id = %s AND {ids_in('parcel_id')}"
            " AND code = %s AND occurred_at = %s RETURNING parcel_id",
            [current_merchant_id(), id_array(ids), COMPLETED_BY_HAND, occurred_at],
        )
        had = sorted({row[0] for row in cursor.fetchall()})
    if had:
        refold(had, hear(had), new_events={}, by=by, at=at)
    return had


def _locked(parcel_ids: Collection[UUID]) -> list[UUID]:
    """Lock parcels in the order of their numbers, as everybody does."""
    if not parcel_ids:
        return []
    found = run(
        select(
            Parcel,
            ("id",),
            ids_in("id"),
            [id_array(set(parcel_ids))],
            then="ORDER BY number_key FOR UPDATE",
        )
    )[0]
    return [row["id"] for row in found]
