"""Have what is due done: soon, and once for all who ask within the same moment."""

from __future__ import annotations

from datetime import timedelta

from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.tenancy import current_merchant_id

SEND = "messaging.send"
#: Whoever asks within this time is served by one job.
TOGETHER = timedelta(milliseconds=100)


def wake() -> None:
    """Have the open merchant's due messages sent when this transaction has committed."""
    ask_once(SEND)


def ask_once(job: str) -> None:
    """Have a job of the open merchant done when this transaction has committed.

    A job that runs already may have looked before us, so each moment has its own; it runs a moment late, for
    those who published at the moment's end to have committed.
    """
    at, merchant_id = now(), current_merchant_id()
    moment = int(at.timestamp() / TOGETHER.total_seconds())
    jobs.defer_many(
        [
            jobs.Deferred(
                name=job,
                merchant_id=merchant_id,
                payload={},
                run_at=at + 2 * TOGETHER,
                only_one=f"{job} {merchant_id} {moment}",
            )
        ]
    )
