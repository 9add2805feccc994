"""Have all of a merchant's parcels judged soon."""

from __future__ import annotations

from uuid import UUID

from aftermile.kernel import jobs

WATCH = "exceptions.watch"


def queue_watch(merchant_id: UUID) -> None:
    """Queue the watch of one merchant; one that still waits or runs is not queued again."""
    jobs.defer_many(
        [jobs.Deferred(name=WATCH, merchant_id=merchant_id, payload={}, only_one=f"{WATCH}:{merchant_id}")]
    )
