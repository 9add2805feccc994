"""The event feed as the API gives it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from aftermile.doors.api.fields import EventId, Given


class EventGiven(Given):
    """One thing that happened."""

    id: EventId
    position: int = Field(description="Its place in the log: no gaps, in the order in which things happened.")
    type: str = Field(examples=["parcel.milestone_reached"])
    occurred_at: datetime
    by: str = Field(description="Who acted.", examples=["api_key:key_01jh8x7v1mf3qav9c2tnyw5zke"])
    data: dict[str, Any]


class EventPage(Given):
    """Some of the log, oldest first."""

    data: list[EventGiven]
    next_cursor: str = Field(description="Send it as `after` to go on, also when this page is empty.")
