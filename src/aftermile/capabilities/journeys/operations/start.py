"""Begin long work on a journey: it is done by jobs, a portion a transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.journeys.operations.edit import JourneyBusy, locked
from aftermile.capabilities.journeys.rules import published_plan
from aftermile.capabilities.journeys.states import State
from aftermile.capabilities.journeys.steps import TriggerKind
from aftermile.capabilities.segments.public import segment
from aftermile.kernel import jobs
from aftermile.kernel.events import latest_position, position_before
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import current_merchant_id


def start_for_segment(*, journey_id: UUID, segment_id: UUID | None = None) -> None:
    """Let in, now, everybody in a segment, or whom the journey's own conditions find. Who is in stays in once.

    :raises JourneyNotFound: no such journey.
    :raises SegmentNotFound: no such segment.
    :raises JourneyBusy: it is not switched on, or begins with an event.
    """
    row = locked(journey_id)
    if row.state != State.LIVE:
        raise JourneyBusy(f"This journey is {row.state}; switch it on first.")
    if published_plan(row.id, row.version).trigger.kind is TriggerKind.EVENT:
        raise JourneyBusy("This journey begins with an event; it cannot be started for a segment.")
    payload = {"journey": public_id("jny", row.id)}
    if segment_id is not None:
        payload["segment"] = public_id("seg", segment(segment_id).id)
    _defer("journeys.round", payload)


def start_backfill(*, journey_id: UUID, since: datetime) -> int:
    """Let in whom the journey would have let in since a moment, as far as the log goes back; return of how many events.

    :raises JourneyNotFound: no such journey.
    :raises JourneyBusy: it is not switched on, or does not begin with an event.
    """
    row = locked(journey_id)
    if row.state != State.LIVE:
        raise JourneyBusy(f"This journey is {row.state}; switch it on first.")
    if published_plan(row.id, row.version).trigger.kind is not TriggerKind.EVENT:
        raise JourneyBusy("This journey looks for people by itself; there is nothing to go back to.")
    first, last = position_before(since), latest_position()
    if last > first:
        _defer("journeys.backfill", {"journey": public_id("jny", row.id), "after": first, "up_to": last})
    return last - first


def _defer(name: str, payload: jobs.Payload) -> None:
    jobs.defer_many([jobs.Deferred(name=name, merchant_id=current_merchant_id(), payload=payload)])
