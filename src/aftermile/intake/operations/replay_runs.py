"""Read many records again in the background, and count what became of them."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from aftermile.intake.finding import RecordFilter
from aftermile.intake.models import InboundRecord, ReplayRun
from aftermile.intake.operations.digest import digest
from aftermile.intake.operations.replay import RecordNotFound, replay
from aftermile.intake.states import RecordStatus
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.errors import NotFound
from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import current_merchant_id, run_in_scope

#: Records of one run; the rest is one more click away.
MOST = 100_000
#: Put back to be read at a time: what arrives meanwhile waits no longer than that.
STEP = 500
#: How long a step waits for records another worker is reading.
PATIENCE_SECONDS = 30.0


class ReplayNotFound(NotFound):
    """No replay of this merchant has the id."""

    code = "replay_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayView:
    """How far a replay is, and what came of it."""

    id: UUID
    total: int
    read: int
    quarantined: int
    by: str
    created_at: datetime
    finished_at: datetime | None

    @property
    def taken_in(self) -> int:
        return self.read - self.quarantined


def start_replay(wanted: RecordFilter, *, by: str, at: datetime) -> ReplayView:
    """Queue the reading again of all records a filter finds now, oldest first, at most `MOST`.

    :raises RecordNotFound: there are none.
    """
    # Those that wait are read anyway, and what was erased cannot be.
    rows = _replayable(wanted)
    newest = rows.order_by("-id").values_list("id", flat=True).first()
    total = rows.order_by()[:MOST].count()
    return _start({"filter": wanted.as_json()}, total, newest, by=by, at=at)


def start_replay_of(record_ids: Collection[UUID], *, by: str, at: datetime) -> ReplayView:
    """Queue the reading again of chosen records.

    :raises RecordNotFound: none of them can be read again.
    """
    chosen = _ids(InboundRecord.rows().filter(id__in=record_ids).exclude(status=RecordStatus.ERASED))
    return _start({"ids": [str(id_) for id_ in chosen]}, len(chosen), max(chosen, default=None), by=by, at=at)


def replay_run(run_id: UUID) -> ReplayView:
    """Return how far a replay is.

    :raises ReplayNotFound: no such replay.
    """
    row = ReplayRun.rows().filter(id=run_id).first()
    if row is None:
        raise ReplayNotFound("There is no such replay; those of long ago are not kept.")
    return _view(row)


def continue_replay(merchant_id: UUID, run_id: UUID) -> None:
    """Take one step of a replay and queue the next one.

    A step is written down before it is counted, so that one that is interrupted is counted once and whole.
    """
    taken: list[UUID] = run_in_scope(merchant_id, lambda: _take_step(run_id))

    def are_waiting() -> bool:
        return bool(taken) and _are_waiting(taken)

    deadline = time.monotonic() + PATIENCE_SECONDS
    while run_in_scope(merchant_id, are_waiting):
        if digest(merchant_id) == 0:
            if time.monotonic() > deadline:
                break  # somebody else is at them; the next step counts what became of them
            time.sleep(0.05)
    run_in_scope(merchant_id, lambda: _count_step(run_id))


def _start(
    wanted: dict[str, object], total: int, newest: UUID | None, *, by: str, at: datetime
) -> ReplayView:
    if not total:
        raise RecordNotFound("There is no such record to read again.")
    row = ReplayRun(id=uuid7(), wanted=wanted, total=total, until=newest, by=by, created_at=at)
    row.save(force_insert=True)
    jobs.defer("intake.replay", merchant_id=current_merchant_id(), run=str(row.id))
    return _view(row)


def _take_step(run_id: UUID) -> list[UUID]:
    row = ReplayRun.rows().select_for_update().filter(id=run_id, finished_at=None).first()
    if row is None:
        return []
    if row.at_hand:
        return [UUID(each) for each in row.at_hand]
    if "ids" in row.wanted:
        rows = InboundRecord.rows().filter(id__in=[UUID(each) for each in row.wanted["ids"]])
        rows = rows.exclude(status=RecordStatus.ERASED)
    else:
        rows = _replayable(RecordFilter.of_json(row.wanted["filter"]))
    if row.behind is not None:
        rows = rows.filter(id__gt=row.behind)
    chosen = _ids(rows.filter(id__lte=row.until), limit=min(STEP, row.total - row.read))
    if not chosen:
        row.finished_at = now()
        row.save(update_fields=["finished_at"])
        return []
    replay(record_ids=chosen)
    row.at_hand, row.behind = [str(each) for each in chosen], chosen[-1]
    row.save(update_fields=["at_hand", "behind"])
    return chosen


def _count_step(run_id: UUID) -> None:
    row = ReplayRun.rows().select_for_update().filter(id=run_id, finished_at=None).first()
    if row is None:
        return
    at_hand = [UUID(each) for each in row.at_hand]
    if not _are_waiting(at_hand):
        row.read += len(at_hand)
        row.quarantined += (
            InboundRecord.rows().filter(id__in=at_hand, status=RecordStatus.QUARANTINED).count()
        )
        row.at_hand = []
        if row.read >= row.total:
            row.finished_at = now()
        row.save(update_fields=["read", "quarantined", "at_hand", "finished_at"])
    if row.finished_at is None:
        jobs.defer("intake.replay", merchant_id=current_merchant_id(), run=str(row.id))


def _replayable(wanted: RecordFilter) -> QuerySet[InboundRecord]:
    return wanted.rows().filter(status__in=[RecordStatus.QUARANTINED, RecordStatus.DIGESTED])


def _ids(rows: QuerySet[InboundRecord], *, limit: int | None = None) -> list[UUID]:
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def _are_waiting(record_ids: Collection[UUID]) -> bool:
    return InboundRecord.rows().filter(id__in=record_ids, status=RecordStatus.PENDING).exists()


def _view(row: ReplayRun) -> ReplayView:
    return ReplayView(
        id=row.id,
        total=row.total,
        read=row.read,
        quarantined=row.quarantined,
        by=row.by,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
