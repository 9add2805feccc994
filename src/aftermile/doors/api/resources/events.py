"""The event feed: everything that happened, in order, from where the reader left off."""

from __future__ import annotations

from typing import Annotated

from ninja import Query, Router
from pydantic import AfterValidator, Field, WithJsonSchema

from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.event_payloads import event_data
from aftermile.doors.api.fields import Limit
from aftermile.doors.api.paging import DEFAULT_LIMIT
from aftermile.doors.api.shapes.events import EventGiven, EventPage
from aftermile.kernel.events import outside_events, read

router = Router(tags=["Events"])


def _known(name: str) -> str:
    if name not in outside_events():
        raise ValueError(f"there is no such event; there are {', '.join(sorted(outside_events()))}")
    return name


EventType = Annotated[
    str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": sorted(outside_events())})
]


@endpoint(router, "GET", "/events", scope="events:read", returns=EventPage)
def read_events(
    after: Annotated[
        int, Field(ge=0, le=2**62, description="The `next_cursor` of the page before; 0 begins.")
    ] = 0,
    types: Annotated[list[EventType] | None, Query(None, max_length=100, description="Only these.")] = None,
    limit: Limit = DEFAULT_LIMIT,
) -> EventPage:
    """Read what happened, oldest first.

    Positions have no gaps and are given out in the order of commits: who remembers `next_cursor` misses
    nothing. Events older than the retention setting are pruned.
    """
    found = read(after=after, types=types or list(outside_events()), limit=limit)
    return EventPage(
        data=[
            EventGiven(
                id=each.id,
                position=each.position,
                type=each.type,
                occurred_at=each.occurred_at,
                by=each.by,
                data=event_data(each),
            )
            for each in found
        ],
        next_cursor=str(found[-1].position if found else after),
    )
