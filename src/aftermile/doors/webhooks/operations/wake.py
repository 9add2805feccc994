"""Plan the jobs that send."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from aftermile.doors.webhooks.models import Endpoint
from aftermile.kernel import jobs
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import current_merchant_id

SEND = "webhooks.send"


def wake(endpoint_ids: Iterable[UUID]) -> None:
    """Have what is due sent as soon as the transaction commits."""
    jobs.defer_many(
        jobs.Deferred(
            name=SEND,
            merchant_id=current_merchant_id(),
            payload={"endpoint": public_id("whe", endpoint_id), "planned": None},
        )
        for endpoint_id in endpoint_ids
    )


def plan(row: Endpoint, moment: datetime, *, at: datetime) -> None:
    """Have a locked endpoint looked at again at a moment, unless it will be before; the caller saves it.

    One job is planned at a time: a job that finds its own moment in `wake_at` clears it. One whose moment has
    passed without it is not counted on.
    """
    if row.wake_at is not None and at <= row.wake_at <= moment:
        return
    row.wake_at = moment
    jobs.defer(
        SEND,
        merchant_id=current_merchant_id(),
        run_at=moment,
        endpoint=public_id("whe", row.id),
        planned=moment.isoformat(),
    )
