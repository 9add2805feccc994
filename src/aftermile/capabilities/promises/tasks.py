"""What time alone changes: estimates that are due without a scan, and models that are due for training."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from aftermile.capabilities.promises.operations.measure import measure_accuracy
from aftermile.capabilities.promises.operations.prune import prune_estimates
from aftermile.capabilities.promises.operations.queue_renewal import RENEW, queue_renewal
from aftermile.capabilities.promises.operations.renew import FIRST, Place, renew_due, sweep
from aftermile.capabilities.promises.operations.sweeping import begin_sweep
from aftermile.capabilities.promises.operations.train import TRAIN, queue_training, train
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.tenancy import merchant_scope, run_in_scope

#: Estimates looked at in one transaction.
AT_ONCE = 2000


@jobs.periodic("promises.renew_all", cron="7 * * * *")
def renew_all() -> None:
    """Queue the renewal of each merchant, every hour; one that still runs is not queued again."""
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            queue_renewal(merchant.id)


@jobs.job(RENEW)
def renew_merchant(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Look at the estimates that are due; once a day, and when it was asked for, at all that is open."""
    renew(merchant_id, at=now(), everything=bool(payload.get("everything")))


def renew(merchant_id: UUID, *, at: datetime, everything: bool = False, at_once: int = AT_ONCE) -> None:
    """Look at a merchant's estimates as they are due at a moment, in transactions of `at_once` each."""
    if run_in_scope(merchant_id, partial(begin_sweep, at=at)) or everything:
        place: Place | None = FIRST
        while place is not None:
            place = run_in_scope(merchant_id, partial(sweep, place=place, at=at, limit=at_once))
        run_in_scope(merchant_id, partial(measure_accuracy, at=at))
        while run_in_scope(merchant_id, partial(prune_estimates, at=at)):
            pass
    while run_in_scope(merchant_id, partial(renew_due, at=at, limit=at_once)) == at_once:
        pass


@jobs.periodic("promises.train_all", cron="23 2 * * 1")
def train_all() -> None:
    """Queue a training for each merchant, once a week."""
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            queue_training(merchant.id)


@jobs.job(TRAIN, attempts=3)
def train_merchant(merchant_id: UUID, _payload: jobs.Payload) -> None:
    """Train a model of what a merchant's deliveries were like, in a process of its own."""
    train(merchant_id, at=now())
