"""Make, change and archive segments."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.segments.conditions import read_condition, write_condition
from aftermile.capabilities.segments.counting import in_sql
from aftermile.capabilities.segments.events import SegmentChanged
from aftermile.capabilities.segments.fields import About
from aftermile.capabilities.segments.models import Segment
from aftermile.capabilities.segments.queries import SegmentNotFound, SegmentView, view_of
from aftermile.kernel.errors import Invalid
from aftermile.kernel.events import publish

LONGEST_NAME = 80


class SegmentUnusable(Invalid):
    """A segment has no name, or one that another has."""

    code = "segment_unusable"
    message = "Give the segment a name that no other has."


def keep_segment(
    *, name: str, condition: object, segment_id: UUID | None = None, by: str, at: datetime
) -> SegmentView:
    """Make a segment, or change the one with this id. As it was: nothing changes.

    :raises SegmentNotFound: no such segment.
    :raises SegmentUnusable: no name, too long a name, or that of another segment.
    :raises ConditionUnreadable: no condition about shoppers.
    """
    title = " ".join(name.split())
    if not 0 < len(title) <= LONGEST_NAME:
        raise SegmentUnusable(f"Give the segment a name of 1 to {LONGEST_NAME} characters.")
    read = read_condition(condition, about=[About.SHOPPER])
    in_sql(read, today=at.date())
    row = _locked(segment_id) if segment_id else Segment(created_at=at)
    if Segment.rows().filter(name__iexact=title, archived_at=None).exclude(id=row.id).exists():
        raise SegmentUnusable(f"There is a segment called {title} already.")
    written = write_condition(read)
    if segment_id and (row.name, row.condition, row.archived_at) == (title, written, None):
        return view_of(row)
    row.name, row.condition, row.archived_at = title, written, None
    row.changed_by, row.changed_at = by, at
    row.save()
    publish(SegmentChanged(segment_id=row.id, archived=False), by=by, at=at)
    return view_of(row)


def archive_segment(*, segment_id: UUID, by: str, at: datetime) -> SegmentView:
    """Take a segment out of use; `keep_segment` brings it back. Again: nothing changes.

    :raises SegmentNotFound: no such segment.
    """
    row = _locked(segment_id)
    if row.archived_at is None:
        row.archived_at, row.changed_by, row.changed_at = at, by, at
        row.save(update_fields=["archived_at", "changed_by", "changed_at"])
        publish(SegmentChanged(segment_id=row.id, archived=True), by=by, at=at)
    return view_of(row)


def _locked(segment_id: UUID) -> Segment:
    row = Segment.rows().select_for_update().filter(id=segment_id).first()
    if row is None:
        raise SegmentNotFound
    return row
