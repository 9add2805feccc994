"""Train a model of a merchant's deliveries, in a process of its own, and let it answer if it is the better one."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain
from typing import IO, Any
from uuid import UUID

from aftermile.capabilities.orders.public import promises
from aftermile.capabilities.promises.learning.forecasting import Delivery
from aftermile.capabilities.promises.models import ModelVersion, Renewal
from aftermile.capabilities.promises.operations.model_life import keep_model
from aftermile.capabilities.promises.operations.queue_renewal import queue_renewal
from aftermile.capabilities.promises.operations.renew import take_renewal
from aftermile.capabilities.promises.states import ModelState
from aftermile.capabilities.promises.subjects import parcel_subject, promised_by
from aftermile.capabilities.promises.training_process import FEWEST_DELIVERIES, write_deliveries
from aftermile.capabilities.shipments.public import (
    OPEN_MILESTONES,
    Passage,
    delivered_passages,
    open_passages,
)
from aftermile.kernel import jobs
from aftermile.kernel.calendars import zone_of
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.tenancy import current_merchant_id, run_in_scope

TRAIN = "promises.train"
#: Learned from: two years, and no more than this many deliveries, the newest.
LEARNED_FROM = timedelta(days=730)
MOST_DELIVERIES = 100_000
#: What was ordered longer ago and never came tells nothing of how long it takes.
YOUNG = timedelta(days=60)
_AT_ONCE = 2000
#: Longer than any training takes by two orders of magnitude.
_TIMEOUT_SECONDS = 1800


def queue_training(merchant_id: UUID) -> None:
    """Queue the training of one merchant's model; one that still waits or runs is not queued again."""
    jobs.defer_many(
        [jobs.Deferred(name=TRAIN, merchant_id=merchant_id, payload={}, only_one=f"{TRAIN}:{merchant_id}")]
    )


def train(merchant_id: UUID, *, at: datetime) -> None:
    """Train a model and keep it; where it beats the one that answers it goes live, and all estimates are looked at.

    With fewer than 50 deliveries nothing is trained: rules say as much. A training that fails is noted, and what
    answers goes on answering.
    """
    run_in_scope(merchant_id, partial(_note, training_since=at, training_failed=""))
    with tempfile.TemporaryFile() as told:
        count, window = run_in_scope(merchant_id, partial(_tell, told, at=at))
        if count < FEWEST_DELIVERIES:
            why = f"{count} deliveries are too few to learn from; {FEWEST_DELIVERIES} are enough for a first model."
            run_in_scope(merchant_id, partial(_note, training_since=None, training_failed=why))
            return
        told.seek(0)
        done = subprocess.run(
            [sys.executable, "-m", "aftermile.capabilities.promises.training_process"],
            stdin=told, capture_output=True, timeout=_TIMEOUT_SECONDS, check=False,
            env={"PATH": "", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ":".join(sys.path)},
        )  # fmt: skip
    if done.returncode:
        last = (done.stderr.decode(errors="replace").strip().splitlines() or ["no word"])[-1]
        run_in_scope(merchant_id, partial(_note, training_since=None, training_failed=last[:500]))
        return
    run_in_scope(merchant_id, partial(_keep, json.loads(done.stdout), count, window, at=at))


def training_deliveries(*, at: datetime) -> Iterator[Delivery]:
    """Read what the open shop's deliveries were like, the oldest first, and then what is young and still on its way:
    without it the quick alone would speak for the last days. Two statements each 2,000.
    """
    merchant = current_merchant()
    zone = zone_of(merchant.time_zone)
    for page in chain(_delivered(at), _on_their_way()):
        promised = promises({order_id for passage in page for order_id in passage.order_ids})
        for passage in page:
            subject = parcel_subject(passage, promised, home=merchant.country)
            ordered_at, came_at = subject.ordered_at, subject.came_at
            if came_at is None and (subject.is_over or ordered_at < at - YOUNG):
                continue
            last = at if came_at is None else came_at
            if last < ordered_at:
                continue
            yield Delivery(
                lane=subject.lane,
                goods=subject.goods,
                ordered_at=ordered_at,
                handed_over_at=_within(passage.handed_over_at, ordered_at, last),
                in_transit_at=_within(passage.in_transit_at, ordered_at, last),
                out_for_delivery_at=_within(passage.out_for_delivery_at, ordered_at, last),
                delivered_at=came_at,
                promised_by=promised_by(subject.promised_latest, zone),
            )


def _delivered(at: datetime) -> Iterator[list[Passage]]:
    after: tuple[datetime, UUID] | None = None
    while page := delivered_passages(since=at - LEARNED_FROM, until=at, after=after, limit=_AT_ONCE):
        yield page
        after = _place(page)


def _on_their_way() -> Iterator[list[Passage]]:
    for milestone in OPEN_MILESTONES:
        after: UUID | None = None
        while page := open_passages(milestone=milestone, after=after, limit=_AT_ONCE):
            yield page
            after = page[-1].parcel_id


def _place(page: Sequence[Passage]) -> tuple[datetime, UUID]:
    last = page[-1]
    if last.delivered_at is None:
        raise AssertionError("what is listed by its delivery was delivered")
    return last.delivered_at, last.parcel_id


def _within(moment: datetime | None, first: datetime, last: datetime) -> datetime | None:
    """Leave out a moment that cannot be: scans of some carriers carry wrong clocks."""
    return moment if moment is not None and first <= moment <= last else None


def _tell(told: IO[bytes], *, at: datetime) -> tuple[int, tuple[date, date] | None]:
    deliveries = list(training_deliveries(at=at))[-MOST_DELIVERIES:]
    old = ModelVersion.rows().filter(state=ModelState.LIVE).values_list("content", flat=True).first()
    head = {"as_of": at.isoformat(), "old": base64.b64encode(bytes(old)).decode() if old else None}
    told.write(json.dumps(head).encode() + b"\n")
    told.writelines(write_deliveries(deliveries))
    days = [delivery.ordered_at.date() for delivery in deliveries]
    arrived = sum(delivery.delivered_at is not None for delivery in deliveries)
    return arrived, (min(days), max(days)) if days else None


def _keep(answer: dict[str, Any], count: int, window: tuple[date, date] | None, *, at: datetime) -> None:
    take_renewal()
    keep_model(
        content=base64.b64decode(answer["model"]),
        card=answer["card"],
        deliveries=count,
        window=window,
        goes_live=answer["goes_live"],
        verdict=answer["verdict"],
        at=at,
    )
    _note(training_since=None, training_failed="", trained_at=at)
    if answer["goes_live"]:
        queue_renewal(current_merchant_id(), everything=True)


def _note(**said: object) -> None:
    take_renewal()
    Renewal.rows().filter(id=current_merchant_id()).update(**said)
