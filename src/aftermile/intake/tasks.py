"""The gate's jobs."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from aftermile.intake.operations.ask import poll, schedule_polls
from aftermile.intake.operations.backfill import fetch_page, register
from aftermile.intake.operations.digest_waiting import digest_waiting, help_digesting
from aftermile.intake.operations.imports import import_in_background
from aftermile.intake.operations.prune import erase_sealed, prune_imports, prune_records, prune_traces
from aftermile.intake.operations.replay_runs import continue_replay
from aftermile.intake.queries import count_records
from aftermile.intake.states import RecordStatus
from aftermile.kernel import events, idempotency, jobs, metrics
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.retention import Kept, kept_days, note_pruning
from aftermile.kernel.tenancy import merchant_scope, run_in_scope

KEEP_IDEMPOTENCY_KEYS = timedelta(days=7)


@jobs.job("intake.digest")
def digest_records(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Digest until nothing waits."""
    (help_digesting if payload.get("helps") else digest_waiting)(merchant_id)


@jobs.job("intake.poll")
def poll_carrier(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Ask one carrier about the parcels that are due."""
    poll(merchant_id, UUID(str(payload["connection"])))


@jobs.job("intake.backfill")
def backfill_page(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Fetch one page of a storefront's history."""
    since = datetime.fromisoformat(str(payload["since"]))
    fetch_page(merchant_id, UUID(str(payload["connection"])), cursor=str(payload["cursor"]), since=since)


@jobs.job("intake.replay")
def replay_records(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Read some of the records of a replay again."""
    continue_replay(merchant_id, UUID(str(payload["run"])))


@jobs.job("intake.import")
def import_files(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Read the files of an import to their end."""
    import_in_background(merchant_id, UUID(str(payload["run"])), attempt=int(str(payload["attempt"])))


@jobs.job("intake.register")
def register_webhooks(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Register our webhooks at a storefront."""
    register(merchant_id, UUID(str(payload["connection"])))


@jobs.job("intake.erase_bodies")
def erase_bodies(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Empty the raw records that name an erased shopper."""
    run_in_scope(merchant_id, lambda: erase_sealed(str(payload["words"])))


@jobs.periodic("intake.schedule_polls", cron="* * * * *")
def schedule_all_polls() -> None:
    """Queue, each minute, what is to be asked of carriers."""
    for merchant in list_merchants():
        schedule_polls(merchant.id, at=now())


@jobs.periodic("intake.measure", cron="* * * * *")
def measure() -> None:
    """Measure, each minute, what waits: for the metrics page."""
    state = jobs.queue_state()
    metrics.JOBS_WAITING.set(state.due)
    metrics.OLDEST_JOB_SECONDS.set(state.oldest_due_seconds)
    waiting = dict.fromkeys((RecordStatus.PENDING, RecordStatus.QUARANTINED), 0)
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            for status in waiting:
                waiting[status] += count_records(status)
    metrics.RECORDS_WAITING.set(waiting[RecordStatus.PENDING])
    metrics.RECORDS_IN_QUARANTINE.set(waiting[RecordStatus.QUARANTINED])


@jobs.periodic("intake.prune", cron="17 * * * *")
def prune_everything() -> None:
    """Remove, each hour and few rows at a time, what each shop no longer keeps."""
    at = now()
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            days = kept_days()
        raw, log = (at - timedelta(days=days[kept]) for kept in (Kept.RAW, Kept.EVENTS))
        gone: Counter[Kept | None] = Counter()
        for prune, before, kept in (
            (prune_records, raw, Kept.RAW),
            (prune_traces, raw, None),
            (prune_imports, raw, Kept.RAW),
            (events.prune, log, Kept.EVENTS),
            (idempotency.prune, at - KEEP_IDEMPOTENCY_KEYS, None),
        ):
            removed = -1
            while removed:
                with merchant_scope(merchant.id):
                    removed = prune(before=before)
                gone[kept] += removed
        with merchant_scope(merchant.id):
            for kept in (Kept.RAW, Kept.EVENTS):
                note_pruning(kept, removed=gone[kept], at=at)
