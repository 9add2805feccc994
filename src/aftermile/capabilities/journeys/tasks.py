"""The jobs that wake, look for people on their day, and remove what is old."""

from __future__ import annotations

from uuid import UUID

from aftermile.capabilities.journeys.definition import DefinitionUnreadable
from aftermile.capabilities.journeys.operations.backfill import enter_what_happened
from aftermile.capabilities.journeys.operations.edit import JourneyBusy
from aftermile.capabilities.journeys.operations.make_rounds import due_rounds, let_in
from aftermile.capabilities.journeys.operations.prune import prune_runs
from aftermile.capabilities.journeys.operations.wake import PORTION, has_due, wake_due
from aftermile.capabilities.journeys.queries import JourneyNotFound
from aftermile.capabilities.segments.public import SegmentNotFound, condition_of, segment
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id, read_public_id
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.retention import Kept, kept_since
from aftermile.kernel.tenancy import merchant_scope

WAKE, ROUND, BACKFILL = "journeys.wake", "journeys.round", "journeys.backfill"


@jobs.periodic("journeys.look", cron="* * * * *")
def look() -> None:
    """Find, each minute, whose moment has come, and which journeys go on their round."""
    at = now()
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            wanted = [
                jobs.Deferred(
                    name=ROUND, merchant_id=merchant.id, payload={"journey": public_id("jny", each)}
                )
                for each in due_rounds(at=at)
            ]
            if has_due(at=at):
                wanted.append(
                    jobs.Deferred(
                        name=WAKE, merchant_id=merchant.id, payload={}, only_one=f"{WAKE} {merchant.id}"
                    )
                )
            jobs.defer_many(wanted)


@jobs.job(WAKE)
def wake(merchant_id: UUID, _: jobs.Payload) -> None:
    """Take on everybody who is due, a portion a transaction."""
    count = PORTION
    while count:
        with merchant_scope(merchant_id):
            count = wake_due(at=now())


@jobs.job(ROUND)
def go_round(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Let in a portion of those a journey is for, and go on behind them. One that was switched off meanwhile ends."""
    journey_id = read_public_id("jny", str(payload["journey"]))
    after = read_public_id("shp", str(payload["after"])) if payload.get("after") else None
    with merchant_scope(merchant_id):
        try:
            named = payload.get("segment")
            condition = condition_of(segment(read_public_id("seg", str(named)))) if named else None
            behind = let_in(journey_id=journey_id, condition=condition, after=after, at=now())
        except (JourneyBusy, JourneyNotFound, SegmentNotFound, DefinitionUnreadable):
            return
        if behind is not None:
            onward = {**payload, "after": public_id("shp", behind)}
            jobs.defer_many([jobs.Deferred(name=ROUND, merchant_id=merchant_id, payload=onward)])


@jobs.job(BACKFILL)
def backfill(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Let in, a portion a transaction, whom a journey would have let in before it was switched on."""
    journey_id = read_public_id("jny", str(payload["journey"]))
    with merchant_scope(merchant_id):
        try:
            behind = enter_what_happened(
                journey_id=journey_id,
                after=int(str(payload["after"])),
                up_to=int(str(payload["up_to"])),
                at=now(),
            )
        except (JourneyBusy, JourneyNotFound, DefinitionUnreadable):
            return
        if behind is not None:
            onward = {**payload, "after": behind}
            jobs.defer_many([jobs.Deferred(name=BACKFILL, merchant_id=merchant_id, payload=onward)])


@jobs.periodic("journeys.prune", cron="37 * * * *")
def prune() -> None:
    """Remove, each hour and few at a time, runs that ended long ago, with their story."""
    at = now()
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            before = kept_since(Kept.EVENTS, at=at)
        removed = -1
        while removed:
            with merchant_scope(merchant.id):
                removed = prune_runs(before=before)
