"""What staff and programs do with single parcels: note, complete by hand, stop tracking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.shipments.events import ParcelWithdrawn
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
    parcel = _taken(parcel_id)
    if parcel.withdrawn_at is None:
        Parcel.rows().filter(id=parcel_id).update(withdrawn_at=at, updated_at=at)
        publish(ParcelWithdrawn(parcel_id), by=by, at=at)


def resume_parcel(*, parcel_id: UUID, at: datetime) -> None:
    """Track a withdrawn parcel again.

    :raises ParcelNotFound: no such parcel.
    """
    if _taken(parcel_id).withdrawn_at is not None:
        Parcel.rows().filter(id=parcel_id).update(withdrawn_at=None, updated_at=at)


def _taken(parcel_id: UUID) -> Parcel:
    parcel = Parcel.rows().select_for_update().filter(id=parcel_id).first()
    if parcel is None:
        raise ParcelNotFound("There is no such parcel.")
    return parcel
