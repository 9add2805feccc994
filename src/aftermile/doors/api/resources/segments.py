"""Segments: conditions about shoppers, counted when they are asked for."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import Field

from aftermile.capabilities.segments.public import (
    ConditionUnreadable,
    SegmentNotFound,
    SegmentUnusable,
    archive_segment,
    condition_of,
    count_members,
    keep_segment,
    list_segments,
    members,
    segment,
)
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import Limit, SegmentId, ShopperId
from aftermile.doors.api.paging import DEFAULT_LIMIT, Page, cut
from aftermile.doors.api.shapes.segments import (
    MembersGiven,
    SegmentCounted,
    SegmentGiven,
    SegmentTaken,
    segment_given,
)
from aftermile.kernel.access import Caller
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id

router = Router(tags=["Segments"])

_READ, _WRITE = "segments:read", "segments:write"
_ManyMembers = Annotated[int, Field(ge=1, le=1000, description="How many at most.")]


@endpoint(
    router,
    "POST",
    "/segments",
    scope=_WRITE,
    returns=SegmentGiven,
    refusals=[SegmentUnusable, ConditionUnreadable],
)
def make_segment(caller: Caller, segment: SegmentTaken) -> SegmentGiven:
    """Make a segment."""
    made = keep_segment(name=segment.name, condition=segment.condition, by=caller.name, at=now())
    return segment_given(made)


@endpoint(router, "GET", "/segments", scope=_READ, returns=Page[SegmentGiven])
def list_all_segments(
    archived: bool = False, cursor: SegmentId | None = None, limit: Limit = DEFAULT_LIMIT
) -> Page[SegmentGiven]:
    """List segments, newest first."""
    page, next_cursor = cut(list_segments(archived=archived, after=cursor, limit=limit + 1), limit, "seg")
    return Page[SegmentGiven](data=[segment_given(view) for view in page], next_cursor=next_cursor)


@endpoint(
    router,
    "GET",
    "/segments/{segment_id}",
    scope=_READ,
    returns=SegmentGiven,
    refusals=[SegmentNotFound],
)
def read_segment(segment_id: SegmentId) -> SegmentGiven:
    """Read a segment."""
    return segment_given(segment(segment_id))


@endpoint(
    router,
    "PUT",
    "/segments/{segment_id}",
    scope=_WRITE,
    returns=SegmentGiven,
    refusals=[SegmentNotFound, SegmentUnusable, ConditionUnreadable],
)
def put_segment(caller: Caller, segment_id: SegmentId, changed: SegmentTaken) -> SegmentGiven:
    """Change a segment; one that is archived is in use again."""
    kept = keep_segment(
        segment_id=segment(segment_id).id,
        name=changed.name,
        condition=changed.condition,
        by=caller.name,
        at=now(),
    )
    return segment_given(kept)


@endpoint(
    router,
    "POST",
    "/segments/{segment_id}/archiving",
    scope=_WRITE,
    returns=SegmentGiven,
    refusals=[SegmentNotFound],
)
def archive_a_segment(caller: Caller, segment_id: SegmentId) -> SegmentGiven:
    """Take a segment out of use. Again: nothing changes."""
    return segment_given(archive_segment(segment_id=segment_id, by=caller.name, at=now()))


@endpoint(
    router,
    "GET",
    "/segments/{segment_id}/count",
    scope=_READ,
    returns=SegmentCounted,
    refusals=[SegmentNotFound],
)
def count_segment(segment_id: SegmentId) -> SegmentCounted:
    """Count who is in a segment now."""
    matched, everybody = count_members(condition_of(segment(segment_id)), at=now())
    return SegmentCounted(count=matched, everybody=everybody)


@endpoint(
    router,
    "GET",
    "/segments/{segment_id}/members",
    scope=_READ,
    returns=MembersGiven,
    refusals=[SegmentNotFound],
)
def list_segment_members(
    segment_id: SegmentId, cursor: ShopperId | None = None, limit: _ManyMembers = 200
) -> MembersGiven:
    """List who is in a segment now, by id."""
    found = members(condition_of(segment(segment_id)), at=now(), after=cursor, limit=limit + 1)
    return MembersGiven(
        data=found[:limit],
        next_cursor=public_id("shp", found[limit - 1]) if len(found) > limit else None,
    )
