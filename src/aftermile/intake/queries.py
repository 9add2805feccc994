"""Reads at the gate: records, their reasons, what was never understood, and each connection's health."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count

from aftermile.intake.finding import RecordFilter
from aftermile.intake.models import Connection, InboundRecord, ProblemSeen, Refusal, UnknownSeen
from aftermile.intake.operations.connections import ConnectionNotFound
from aftermile.intake.operations.replay import RecordNotFound
from aftermile.intake.states import RecordStatus
from aftermile.kernel.tenancy import current_merchant_id

#: Counting what waits in quarantine stops here.
MOST_QUARANTINED = 1000


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemView:
    """What a carrier answered instead of scans, and how often. Without a number it concerns the whole connection."""

    tracking_number: str
    kind: str
    code: str
    message: str
    count: int
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressView:
    """How far a connection's background work is. Moments are None where it was not asked for, or goes on."""

    history_since: datetime | None
    history_began_at: datetime | None
    history_done_at: datetime | None
    history_pages: int
    history_records: int
    history_problem: str
    asked_to_register_at: datetime | None
    registered_at: datetime | None
    webhooks_made: int
    webhooks_refused: int
    refusal_status: int


@dataclass(frozen=True, slots=True)
class QuarantineView:
    """What waits in quarantine of one connection. Of all connections the newest `MOST_QUARANTINED` are counted."""

    connection_id: UUID
    connector: str
    connection_name: str
    count: int
    oldest_at: datetime
    newest_reason: str


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


def find_records(wanted: RecordFilter, *, after: UUID | None = None, limit: int) -> list[RecordView]:
    """List the records a filter finds without their bodies, newest first, from behind `after`: one query."""
    rows = wanted.rows().defer("body").order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [_view(row, with_body=False) for row in rows[:limit]]


def count_found(wanted: RecordFilter, *, at_most: int) -> int:
    """Count the records a filter finds, no further than `at_most`."""
    return wanted.rows().order_by()[:at_most].count()


def quarantines() -> list[QuarantineView]:
    """List the connections of which records wait in quarantine, those with most of them first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.connector, c.name, count(*), min(q.received_at), (array_agg(q.reason ORDER BY q.id DESC))[1]"
            " FROM (SELECT connection_id, id, received_at, reason FROM intake_record"
            " WHERE merchant_id = %s AND status = 'quarantined' ORDER BY id DESC LIMIT %s) q"
            " JOIN intake_connection c ON c.merchant_id = %s AND c.id = q.connection_id"
            " GROUP BY c.id, c.connector, c.name ORDER BY count(*) DESC, c.id",
            [current_merchant_id(), MOST_QUARANTINED, current_merchant_id()],
        )
        return [QuarantineView(*row) for row in cursor.fetchall()]


def first_record(connection_id: UUID) -> RecordView | None:
    """Return the first record that came over a connection, without its body."""
    # Later than the connection itself, by the clock that makes ids: a demonstration's may show another time.
    rows = InboundRecord.rows().filter(connection_id=connection_id, id__gt=connection_id)
    row = rows.defer("body").order_by("id").first()
    return _view(row, with_body=False) if row else None


def carrier_problems(connection_id: UUID, *, limit: int = 10) -> list[ProblemView]:
    """List what a carrier answered instead of scans, the newest first."""
    rows = ProblemSeen.rows().filter(connection_id=connection_id).order_by("-last_seen_at", "-id")[:limit]
    return [
        ProblemView(
            tracking_number=row.tracking_number,
            kind=row.kind,
            code=row.code,
            message=row.message,
            count=row.count,
            last_seen_at=row.last_seen_at,
        )
        for row in rows
    ]


def progress_of(connection_id: UUID) -> ProgressView:
    """Return how far the fetching of history and the registering of webhooks are.

    :raises ConnectionNotFound: no such connection.
    """
    row = Connection.rows().filter(id=connection_id).only("history", "registration").first()
    if row is None:
        raise ConnectionNotFound("There is no such connection.")
    past, webhooks = row.history, row.registration
    return ProgressView(
        history_since=_moment(past.get("since")),
        history_began_at=_moment(past.get("began_at")),
        history_done_at=_moment(past.get("done_at")),
        history_pages=past.get("pages", 0),
        history_records=past.get("records", 0),
        history_problem=past.get("problem", ""),
        asked_to_register_at=_moment(webhooks.get("asked_at")),
        registered_at=_moment(webhooks.get("done_at")),
        webhooks_made=webhooks.get("made", 0),
        webhooks_refused=webhooks.get("refused", 0),
        refusal_status=webhooks.get("status", 0),
    )


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


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


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
