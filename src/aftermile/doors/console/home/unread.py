"""Records that could not be read, one line a connection. They leave by themselves once they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from aftermile.capabilities.team.public import Permission
from aftermile.doors.console import sources
from aftermile.doors.console.desk import Desk
from aftermile.intake.public import MOST_QUARANTINED, RecordStatus, quarantines
from aftermile.kernel.ids import public_id


@dataclass(frozen=True, slots=True)
class Unread:
    """What waits in quarantine of one connection."""

    count: str
    is_one: bool
    connection: str
    since: datetime
    why: str  # of the newest
    step: str
    query: str  # of the list of records
    url: str


def unread(desk: Desk) -> list[Unread]:
    """List what could not be read, for those who may see records. One query."""
    if not desk.may(Permission.CONNECTIONS_READ):
        return []
    found = []
    for each in quarantines():
        advice = sources.reason_in_words(each.newest_reason, sources.connector_name(each.connector))
        query = urlencode(
            {"connection": public_id("con", each.connection_id), "status": RecordStatus.QUARANTINED.value}
        )
        found.append(
            Unread(
                count=f"{each.count:,}{'+' if each.count >= MOST_QUARANTINED else ''}",
                is_one=each.count == 1,
                connection=each.connection_name,
                since=each.oldest_at,
                why=advice.says,
                step=advice.step,
                query=query,
                url=f"{desk.url('console-records')}?{query}",
            )
        )
    return found
