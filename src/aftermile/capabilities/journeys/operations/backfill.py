"""Let in, if asked, whom a journey would have let in before it was switched on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.journeys.operations.edit import JourneyBusy, locked
from aftermile.capabilities.journeys.operations.hear_events import heard_of
from aftermile.capabilities.journeys.operations.make_rounds import enter_heard
from aftermile.capabilities.journeys.rules import published_plan
from aftermile.capabilities.journeys.states import State
from aftermile.kernel.events import read

PORTION = 500


def enter_what_happened(*, journey_id: UUID, after: int, up_to: int, at: datetime) -> int | None:
    """Let in by the next portion of events of the log, from behind a position up to another one.

    The steps begin now; what else happened since then is not heard of. Return behind which position to go on, None at
    the end. Twice: whoever is in, is in once.

    :raises JourneyNotFound: no such journey.
    :raises JourneyBusy: it is not switched on.
    """
    row = locked(journey_id)
    if row.state != State.LIVE:
        raise JourneyBusy(f"This journey is {row.state}; switch it on first.")
    hearing = published_plan(row.id, row.version).trigger.hearing
    if hearing is None:
        return None
    events = read(after=after, up_to=up_to, types=[hearing.type], limit=PORTION)
    enter_heard(journey_id=journey_id, heard=heard_of(events), at=at)
    return events[-1].position if len(events) == PORTION else None
