"""Inbound records: everything that came in, as it came, and reading it again."""

from __future__ import annotations

from typing import Literal

from ninja import Router

from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import ConnectionId, Limit, RecordId
from aftermile.doors.api.paging import DEFAULT_LIMIT, Page, cut
from aftermile.doors.api.shapes.connections import (
    RecordGiven,
    RecordSummary,
    Replayed,
    ReplaysTaken,
    record_given,
    record_summary,
)
from aftermile.intake.public import RecordNotFound, RecordStatus, list_records, record, replay, replay_many

router = Router(tags=["Inbound records"])


@endpoint(router, "GET", "/inbound-records", scope="connections:read", returns=Page[RecordSummary])
def list_inbound_records(
    status: Literal["pending", "digested", "quarantined", "erased"] | None = None,
    connection_id: ConnectionId | None = None,
    cursor: RecordId | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[RecordSummary]:
    """List what came in, newest first, without its content."""
    found = list_records(
        after=cursor,
        limit=limit + 1,
        status=RecordStatus(status) if status else None,
        connection_id=connection_id,
    )
    page, next_cursor = cut(found, limit, "rec")
    return Page[RecordSummary](data=[record_summary(view) for view in page], next_cursor=next_cursor)


@endpoint(router, "POST", "/inbound-records/replays", scope="connections:write", returns=Replayed)
def replay_inbound_records(replays: ReplaysTaken) -> Replayed:
    """Read many records again, the oldest first, such as all in quarantine after a fix."""
    count = replay_many(
        status=RecordStatus(replays.status), connection_id=replays.connection_id, limit=replays.limit
    )
    return Replayed(count=count)


@endpoint(
    router,
    "GET",
    "/inbound-records/{record_id}",
    scope="connections:read",
    returns=RecordGiven,
    refusals=[RecordNotFound],
)
def read_inbound_record(record_id: RecordId) -> RecordGiven:
    """Read one record with its headers and body, exactly as it came."""
    return record_given(record(record_id))


@endpoint(
    router,
    "POST",
    "/inbound-records/{record_id}/replay",
    scope="connections:write",
    returns=Replayed,
    refusals=[RecordNotFound],
)
def replay_inbound_record(record_id: RecordId) -> Replayed:
    """Read one record again.

    The worker does it soon after. What it told before changes nothing the second time.
    """
    return Replayed(count=replay(record_ids=[record_id]))
