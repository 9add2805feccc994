"""Make, change, put away and bring back boxes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.packing.events import PackingBoxChanged
from aftermile.capabilities.packing.measures import BoxGiven, BoxUnusable, read_box
from aftermile.capabilities.packing.models import PackingBox
from aftermile.capabilities.packing.queries import BoxNotFound, BoxView, box_view
from aftermile.kernel.errors import Conflict
from aftermile.kernel.events import publish

MOST_BOXES = 100


class TooManyBoxes(Conflict):
    """The shop has as many boxes as it can have."""

    code = "too_many_packing_boxes"
    message = f"A shop has at most {MOST_BOXES} boxes; put one away first."


def keep_box(*, given: BoxGiven, box_id: UUID | None = None, by: str, at: datetime) -> BoxView:
    """Make a box, or change the one with this id; one that was put away is in use again. As it was: nothing changes.

    One box is the usual one: another that was is so no longer.

    :raises BoxNotFound: no such box.
    :raises BoxUnusable: something about it cannot be, or another box has its name.
    :raises TooManyBoxes: there are as many as can be.
    """
    wanted = read_box(given)
    row = _locked(box_id) if box_id else PackingBox(created_at=at, archived_at=at)
    in_use = PackingBox.rows().filter(archived_at=None).exclude(id=row.id)
    if in_use.filter(name__iexact=wanted.name).exists():
        raise BoxUnusable(
            f"There is a box called {wanted.name} already.", details={"name": "one that no other box has"}
        )
    if row.archived_at is not None and in_use.count() >= MOST_BOXES:
        raise TooManyBoxes
    values = asdict(wanted)
    if row.archived_at is None and all(getattr(row, name) == value for name, value in values.items()):
        return box_view(row)
    if wanted.usual:
        in_use.filter(usual=True).update(usual=False)
    for name, value in values.items():
        setattr(row, name, value)
    row.archived_at, row.changed_by, row.changed_at = None, by, at
    row.save()
    publish(PackingBoxChanged(packing_box_id=row.id, archived=False), by=by, at=at)
    return box_view(row)


def archive_box(*, box_id: UUID, by: str, at: datetime) -> BoxView:
    """Put a box away: nothing is packed in it any more. Again: nothing changes.

    :raises BoxNotFound: no such box.
    """
    row = _locked(box_id)
    if row.archived_at is None:
        row.archived_at, row.changed_by, row.changed_at = at, by, at
        row.save(update_fields=["archived_at", "changed_by", "changed_at"])
        publish(PackingBoxChanged(packing_box_id=row.id, archived=True), by=by, at=at)
    return box_view(row)


def _locked(box_id: UUID) -> PackingBox:
    row = PackingBox.rows().select_for_update().filter(id=box_id).first()
    if row is None:
        raise BoxNotFound
    return row
