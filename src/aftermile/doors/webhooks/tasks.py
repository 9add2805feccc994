"""The job that sends, and the turns it starts."""

from __future__ import annotations

import atexit
import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import connection

from aftermile.doors.webhooks.calling import call
from aftermile.doors.webhooks.operations.erase_messages import ERASE, erase_messages
from aftermile.doors.webhooks.operations.prune import prune_messages
from aftermile.doors.webhooks.operations.send import Sent, Turn, proceed, take_turn
from aftermile.doors.webhooks.operations.send_all_again import RESEND, continue_resending
from aftermile.doors.webhooks.operations.wake import SEND
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.crew import Crew
from aftermile.kernel.http import OutboundClient, outbound_client
from aftermile.kernel.ids import read_public_id
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.retention import Kept, kept_since
from aftermile.kernel.tenancy import merchant_scope, run_in_scope

#: Calls in flight at once, to endpoints whose last attempt went well ...
PROVEN_THREADS = 12
#: ... and to the others: where somebody does not answer, they take their 15 seconds from each other only.
UNPROVEN_THREADS = 4
#: Outcomes are written at least so often. What was sent since is what a `kill -9` makes us send twice.
_WRITE_AFTER_SECONDS = 0.25
#: One call may take 15 seconds.
_SECONDS_TO_STOP = 16.0

proven = Crew("webhooks", PROVEN_THREADS)
unproven = Crew("webhooks-unproven", UNPROVEN_THREADS)


@jobs.job(SEND)
def send_due(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Start a turn for an endpoint that has something due, and leave it to the crew.

    Nothing hangs on the job from then on: the turn has a lease, and a job planned for its end.
    """
    endpoint_id = read_public_id("whe", str(payload["endpoint"]))
    planned = datetime.fromisoformat(str(payload["planned"])) if payload["planned"] else None
    turn = run_in_scope(merchant_id, lambda: take_turn(endpoint_id=endpoint_id, planned=planned, at=now()))
    if turn is not None:
        crew = proven if turn.is_proven else unproven
        crew.take_on(
            lambda: run_turn(turn, client=outbound_client("webhooks"), should_stop=lambda: crew.is_stopping)
        )


def run_turn(
    turn: Turn,
    *,
    client: OutboundClient,
    clock: Callable[[], datetime] = now,
    should_stop: Callable[[], bool] = lambda: False,
) -> None:
    """Send what is due to an endpoint, one message after the other, until nothing is.

    Ends early when the endpoint has to rest, or when told to stop. Holds no database connection during a call.
    """
    sent: list[Sent] = []
    while True:
        try:
            portion = run_in_scope(
                turn.merchant_id,
                lambda: proceed(turn, sent, at=clock(), more=not should_stop()),  # noqa: B023
            )
        finally:
            _give_connection_back()
        if portion is None:
            return
        sent = []
        write_by = time.monotonic() + _WRITE_AFTER_SECONDS
        for message in portion.messages:
            outcome = call(client, portion, message, at=clock())
            sent.append(Sent(message, outcome))
            if not outcome.is_success or time.monotonic() >= write_by or should_stop():
                break


@jobs.job(RESEND)
def resend_failed(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Put failed messages back in line, to the last."""
    resending_id = UUID(str(payload["resending"]))
    while run_in_scope(merchant_id, lambda: continue_resending(resending_id=resending_id, at=now())):
        pass


@jobs.job(ERASE)
def erase_late_messages(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Blank what was still being written about a shopper while they were erased."""
    shopper_id = read_public_id("shp", str(payload["shopper"]))
    run_in_scope(merchant_id, lambda: erase_messages(shopper_ids=[shopper_id]))


@jobs.periodic("webhooks.prune", cron="37 * * * *")
def prune_all_messages() -> None:
    """Remove, each hour and few at a time, messages older than the shop keeps raw records."""
    at = now()
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            before = kept_since(Kept.RAW, at=at)
        removed = -1
        while removed:
            with merchant_scope(merchant.id):
                removed = prune_messages(before=before)


def stop_sending() -> None:
    """End the turns at the next good moment: what is being called is waited for, the rest stays in line."""
    for crew in (proven, unproven):
        crew.stop()
    for crew in (proven, unproven):
        crew.wait_until_quiet(seconds=_SECONDS_TO_STOP)


atexit.register(stop_sending)


def _give_connection_back() -> None:
    if not connection.in_atomic_block:  # which it is in tests only
        connection.close()
