"""What staff and programs do with single parcels: note, complete by hand, stop tracking."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from aftermile.capabilities.shipments.events import ParcelResumed, ParcelWithdrawn
from aftermile.capabilities.shipments.models import Parcel
from aftermile.capabilities.shipments.operations.complete_parcels import complete_parcels
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.errors import NotFound
from aftermile.kernel.events import publish


class ParcelNotFound(NotFound):
    """No parcel of this merchant has the id."""

    code = "parcel_not_found"


def annotate_parcel(
    *,
    parcel_id: UUID,
    title: str | None = None,
    note: str | None = None,
    attributes: Mapping[str, object] | None = None,
    at: datetime,
) -> None:
    """Set a parcel's title and note, and merge attributes; what is None is left alone.

    :raises ParcelNotFound: no such parcel.
    """
    parcel = _taken(parcel_id)
    if title is not None:
        parcel.title = title
    if note is not None:
        parcel.note = note
    parcel.attributes = {**parcel.attributes, **(attributes or {})}
    parcel.updated_at = at
    parcel.save(update_fields=["title", "note", "attributes", "updated_at"])


def complete_parcel(
    *, parcel_id: UUID, outcome: SubStatus, occurred_at: datetime, by: str, at: datetime
) -> None:
    """Record that a parcel was delivered, lost or returned, on the word of a person or program.

    Stands among the scans like any other, so that it can be told apart and explained; repeating it with
    the same moment changes nothing.

    :raises ParcelNotFound: no such parcel.
    :raises ValueError: another outcome than delivered, lost or returned.
    """
    if not complete_parcels(parcel_ids=[parcel_id], outcome=outcome, occurred_at=occurred_at, by=by, at=at):
        raise ParcelNotFound("There is no such parcel.")


def withdraw_parcel(*, parcel_id: UUID, by: str, at: datetime) -> None:
    """Stop tracking a parcel. Its scans are kept; a second call changes nothing.

    :raises ParcelNotFound: no such parcel.
    """
    _taken(parcel_id)
    withdraw_parcels(parcel_ids=[parcel_id], by=by, at=at)


def resume_parcel(*, parcel_id: UUID, by: str, at: datetime) -> None:
    """Track a withdrawn parcel again.

    :raises ParcelNotFound: no such parcel.
    """
    _taken(parcel_id)
    resume_parcels(parcel_ids=[parcel_id], by=by, at=at)


def withdraw_parcels(*, parcel_ids: Collection[UUID], by: str, at: datetime) -> int:
    """Stop tracking parcels; return how many were tracked until now. Unknown ids are left out."""
    rows = _lock(parcel_ids).filter(withdrawn_at=None)
    ids = list(rows.values_list("id", flat=True))
    Parcel.rows().filter(id__in=ids).update(withdrawn_at=at, updated_at=at)
    publish(*(ParcelWithdrawn(parcel_id) for parcel_id in ids), by=by, at=at)
    return len(ids)


def resume_parcels(*, parcel_ids: Collection[UUID], by: str, at: datetime) -> int:
    """Track withdrawn parcels again; return how many there were. Unknown ids are left out."""
    rows = _lock(parcel_ids).exclude(withdrawn_at=None)
    ids = list(rows.values_list("id", flat=True))
    Parcel.rows().filter(id__in=ids).update(withdrawn_at=None, updated_at=at)
    publish(*(ParcelResumed(parcel_id) for parcel_id in ids), by=by, at=at)
    return len(ids)


def _lock(parcel_ids: Collection[UUID]) -> QuerySet[Parcel]:
    # In the order of their numbers, as everywhere in this room.
    return Parcel.rows().select_for_update().filter(id__in=parcel_ids).order_by("number_key")


def _taken(parcel_id: UUID) -> Parcel:
    parcel = Parcel.rows().select_for_update().filter(id=parcel_id).first()
    if parcel is None:
        raise ParcelNotFound("There is no such parcel.")
    return parcel
