"""The jobs that send, look for what was left behind, and remove what is old."""

from __future__ import annotations

import atexit
import threading
from datetime import timedelta
from functools import cache, partial
from uuid import UUID

from django.conf import settings

from aftermile.capabilities.messaging.fetching import fetch_mail
from aftermile.capabilities.messaging.operations.digest_receipts import (
    BATCH,
    CONFIRM,
    DIGEST,
    confirmation_asked,
    digest_receipts,
)
from aftermile.capabilities.messaging.operations.mailbox import FETCH, ask_for_look
from aftermile.capabilities.messaging.operations.prune import prune_contents, prune_messages
from aftermile.capabilities.messaging.operations.record_receipts import adopt_receipts
from aftermile.capabilities.messaging.operations.trials import TRY, prune_trials
from aftermile.capabilities.messaging.queries import has_due
from aftermile.capabilities.messaging.sending import Lines, run_turn
from aftermile.capabilities.messaging.trying import run_trial
from aftermile.capabilities.messaging.waking import SEND, wake
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.crew import Crew
from aftermile.kernel.http import outbound_client
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.outbound_addresses import AddressPolicy
from aftermile.kernel.retention import Kept, kept_since
from aftermile.kernel.smtp import Patience, SmtpPools
from aftermile.kernel.tenancy import merchant_scope, run_in_scope

#: Merchants whose messages are sent at once by one process; each has one turn, so that none takes the others' place.
TURNS = 8
#: A call is waited for so long when the process ends.
_SECONDS_TO_STOP = 20.0
#: What names a message that never came is waited for so long.
_ORPHANS_FOR = timedelta(days=1)
#: What staff sent to themselves is remembered so long.
_TRIALS_FOR = timedelta(days=2)


class ConfirmationRefused(Exception):
    """A channel did not take the confirmation it asked for."""


crew = Crew("messages", TURNS)
#: Mailboxes are looked into by few at a time: a slow one must not take the place of letters.
fetchers = Crew("mailboxes", 4)
_asked: dict[UUID, int] = {}
_lock = threading.Lock()


@jobs.job(SEND)
def send_due(merchant_id: UUID, _payload: jobs.Payload) -> None:
    """Have a merchant's due messages sent by the crew, and wait for nobody.

    One turn a merchant: who asks while it runs is served by it, or by one more look when it ends.
    """
    with _lock:
        _asked[merchant_id] = _asked.get(merchant_id, 0) + 1
        if _asked[merchant_id] > 1:
            return
    crew.take_on(partial(_take_turns, merchant_id))


@jobs.job(TRY)
def try_out(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Have a test message handed over by the crew, and wait for nobody."""
    crew.take_on(partial(run_trial, merchant_id, UUID(str(payload["trial"])), lines=_lines(), clock=now))


def _take_turns(merchant_id: UUID) -> None:
    served = 0
    try:
        while True:
            with _lock:
                if _asked[merchant_id] == served or crew.is_stopping:
                    del _asked[merchant_id]
                    return
                served = _asked[merchant_id]
            run_turn(merchant_id, lines=_lines(), clock=now, should_stop=lambda: crew.is_stopping)
    except BaseException:
        # What it held is taken up again when its lease is over, or with the next minute.
        with _lock:
            _asked.pop(merchant_id, None)
        raise


@jobs.job(DIGEST)
def read_receipts(merchant_id: UUID, _payload: jobs.Payload) -> None:
    """Read what channels have told since."""
    while digest_receipts(merchant_id, at=now()) == BATCH:
        pass


@jobs.job(CONFIRM)
def confirm_receipts(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Make the call that a channel asks for before it tells more; again when it does not succeed."""
    record_id = UUID(str(payload["record"]))
    asked = run_in_scope(merchant_id, lambda: confirmation_asked(record_id))
    if asked is not None:
        answer = _lines().client.send_request(asked)
        if not 200 <= answer.status <= 299:
            raise ConfirmationRefused(answer.status)


@jobs.job(FETCH)
def fetch(merchant_id: UUID, _payload: jobs.Payload) -> None:
    """Have a merchant's mailbox looked into, and wait for nobody."""
    policy = AddressPolicy(
        settings.OUTBOUND_ALLOW_PRIVATE, only_this_machine=settings.OUTBOUND_ONLY_THIS_MACHINE
    )
    fetchers.take_on(partial(fetch_mail, merchant_id, policy=policy, clock=now))


@jobs.periodic("messaging.fetch", cron="*/5 * * * *")
def fetch_all() -> None:
    """Find whose mailbox is to be looked into."""
    at = now()
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            ask_for_look(at=at)


@jobs.periodic("messaging.look", cron="* * * * *")
def look() -> None:
    """Find, each minute, whose moment has come, what a dead sender held, and receipts that came before their message."""
    at = now()
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            adopt_receipts(at=at, since=at - _ORPHANS_FOR)
            if has_due(at=at):
                wake()


@jobs.periodic("messaging.prune", cron="52 * * * *")
def prune() -> None:
    """Remove, each hour and few at a time, what messages said and, much later, the messages themselves."""
    at = now()
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            said, whole = kept_since(Kept.RAW, at=at), kept_since(Kept.EVENTS, at=at)
            prune_trials(before=at - _TRIALS_FOR)
        for remove, before in ((prune_contents, said), (prune_messages, whole)):
            removed = -1
            while removed:
                with merchant_scope(merchant.id):
                    removed = remove(before=before)


@cache
def _lines() -> Lines:
    pools = SmtpPools(
        allow_private=settings.OUTBOUND_ALLOW_PRIVATE,
        only_this_machine=settings.OUTBOUND_ONLY_THIS_MACHINE,
        patience=Patience(reply=20.0, send=30.0, taken=60.0),
    )
    return Lines(outbound_client("channels"), pools)


def stop_sending() -> None:
    """End the turns at the next good moment: what is being handed over is waited for, the rest is left for later."""
    fetchers.stop()
    crew.stop()
    crew.wait_until_quiet(seconds=_SECONDS_TO_STOP)


atexit.register(stop_sending)
