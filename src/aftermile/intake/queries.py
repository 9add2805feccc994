"""Reads at the gate: records, their reasons, what was never understood, and each connection's health."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count

from aftermile.intake.models import InboundRecord, ProblemSeen, Refusal, UnknownSeen
from aftermile.intake.operations.replay import RecordNotFound
from aftermile.intake.states import RecordStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """One kept record. `body` is None in lists."""

    id: UUID
    connection_id: UUID
    origin: str
    kind: str
    status: str
    reason: str
    received_at: datetime
    digested_at: datetime | None
    headers: Mapping[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownView:
    """A word without a meaning. `connection_id` is None where it stood in a file."""

    connection_id: UUID | None
    what: str
    word: str
    count: int
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionHealth:
    """How a connection fares. `waiting` and `quarantined` are exact; the rest is the newest seen."""

    last_received_at: datetime | None
    waiting: int
    quarantined: int
    refused_today: int
    last_refusal: str
    problems: tuple[str, ...]


def record(record_id: UUID) -> RecordView:
    """Return one record with its body.

    :raises RecordNotFound: no such record.
    """
    row = InboundRecord.rows().filter(id=record_id).first()
    if row is None:
        raise RecordNotFound("There is no such record.")
    return _view(row, with_body=True)


def count_records(status: RecordStatus) -> int:
    """Count the records that wait, or wait in quarantine; both have an index of their own."""
    return InboundRecord.rows().filter(status=status.value).count()


def list_records(
    *,
    after: UUID | None = None,
    limit: int,
    status: RecordStatus | None = None,
    connection_id: UUID | None = None,
) -> list[RecordView]:
    """List records without their bodies, newest first, from behind `after`."""
    rows = InboundRecord.rows().defer("body").order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    if status is not None:
        rows = rows.filter(status=status.value)
    if connection_id is not None:
        rows = rows.filter(connection_id=connection_id)
    return [_view(row, with_body=False) for row in rows[:limit]]


def unknown_words(connection_id: UUID | None = None, *, limit: int = 200) -> list[UnknownView]:
    """List words nobody has given a meaning yet, most frequent first."""
    rows = UnknownSeen.rows().order_by("-count", "what", "word")
    if connection_id is not None:
        rows = rows.filter(connection_id=connection_id)
    return [
        UnknownView(
            connection_id=row.connection_id,
            what=row.what,
            word=row.word,
            count=row.count,
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
        )
        for row in rows[:limit]
    ]


def health(connection_id: UUID, *, today: date) -> ConnectionHealth:
    """Tell how a connection fares, in five queries."""
    records = InboundRecord.rows().filter(connection_id=connection_id)
    counted = dict(
        records.filter(status__in=[RecordStatus.PENDING, RecordStatus.QUARANTINED])
        .values_list("status")
        .annotate(Count("id"))
    )
    refused = Refusal.rows().filter(connection_id=connection_id, day=today).first()
    problems = ProblemSeen.rows().filter(connection_id=connection_id).order_by("-last_seen_at")[:5]
    return ConnectionHealth(
        last_received_at=records.order_by("-id").values_list("received_at", flat=True).first(),
        waiting=counted.get(RecordStatus.PENDING, 0),
        quarantined=counted.get(RecordStatus.QUARANTINED, 0),
        refused_today=refused.count if refused else 0,
        last_refusal=refused.why if refused else "",
        problems=tuple(f"{row.kind}: {row.message or row.code}".strip() for row in problems),
    )


def _view(row: InboundRecord, *, with_body: bool) -> RecordView:
    return RecordView(
        id=row.id,
        connection_id=row.connection_id,
        origin=row.origin,
        kind=row.kind,
        status=row.status,
        reason=row.reason,
        received_at=row.received_at,
        digested_at=row.digested_at,
        headers=row.headers,
        body=bytes(row.body) if with_body else None,
    )
