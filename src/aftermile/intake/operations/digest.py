"""Read kept records and take their facts in, many at a time."""

from __future__ import annotations

import json
import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from aftermile.connectors.contracts.facts import CarrierProblem, Fact, ProblemKind, Translation
from aftermile.connectors.contracts.sockets import ConnectorKind, RawRecord, Unreadable
from aftermile.connectors.registry import connectors
from aftermile.intake.events import RecordQuarantined
from aftermile.intake.mentions import mention_id, mentioned
from aftermile.intake.models import Connection
from aftermile.intake.operations.apply import Origin, apply
from aftermile.intake.operations.connections import OpenConnection, open_connection
from aftermile.intake.operations.count_unknown import count_unknown
from aftermile.intake.operations.tally import Arrived, tally
from aftermile.kernel import metrics
from aftermile.kernel.clock import now
from aftermile.kernel.events import publish
from aftermile.kernel.ids import public_id, uuid7
from aftermile.kernel.rowsets import id_array, ids_in, plan_anew
from aftermile.kernel.tenancy import current_merchant_id, run_in_scope
from aftermile.kernel.trips import travel_later

log = logging.getLogger(__name__)

#: Records read in one transaction: large enough to spread its cost, small enough to be quick to repeat.
BATCH = 500


class _Record(NamedTuple):
    """A record as it lies in the table."""

    id: UUID
    connection_id: UUID
    kind: str
    headers: str
    body: bytes
    received_at: datetime
    is_new: bool  # read for the first time


def digest(merchant_id: UUID, *, limit: int = BATCH) -> int:
    """Digest up to `limit` waiting records of a merchant; return how many were read or put aside.

    All of a batch is taken in by one transaction together with its marks and events, or none of it. When a
    batch fails, its records are tried one by one, so that a bad one costs only itself.
    """
    try:
        return run_in_scope(merchant_id, lambda: _digest(limit))
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the records
    except Exception:
        log.exception("a batch of records could not be taken in; they are tried one by one")
    return _one_by_one(merchant_id, limit)


def _one_by_one(merchant_id: UUID, limit: int) -> int:
    waiting = run_in_scope(merchant_id, lambda: [record.id for record in _claim(limit)])
    read = 0
    for record_id in waiting:
        try:
            read += run_in_scope(merchant_id, lambda chosen=record_id: _digest(1, only=chosen))  # type: ignore[misc]
        except (OperationalError, InterfaceError):
            raise
        except Exception as failure:
            log.exception("a record could not be taken in and waits in quarantine")
            reason = f"Taking it in failed: {type(failure).__name__}. It can be replayed after a fix."
            run_in_scope(merchant_id, lambda chosen=record_id, why=reason: _quarantine_one(chosen, why))  # type: ignore[misc]
            read += 1
    return read


def _digest(limit: int, *, only: UUID | None = None) -> int:
    records = _claim(limit, only=only)
    if not records:
        return 0
    plan_anew()
    at = now()
    plugged = {row.id: row for row in Connection.rows()}
    carriers = _connected_carriers(plugged.values())
    connections = {id_: open_connection(plugged[id_]) for id_ in {record.connection_id for record in records}}
    facts: dict[UUID, list[Fact]] = defaultdict(list)
    said: dict[UUID, list[Translation]] = defaultdict(list)
    aside: list[tuple[_Record, str]] = []
    told: list[tuple[UUID, set[int]]] = []
    for record in records:
        read = _translate(connections[record.connection_id], record)
        if isinstance(read, str):
            aside.append((record, read))
        else:
            facts[record.connection_id] += read.facts
            said[record.connection_id].append(read)
            told.append((record.id, mentioned(read.facts, source=connections[record.connection_id].source)))
    for connection_id in sorted(facts):
        open_ = connections[connection_id]
        origin = Origin(source=open_.source, by=f"connection:{open_.source}", connection_id=connection_id)
        apply(facts[connection_id], origin=origin, at=at, connected=carriers)
    for connection_id, translations in sorted(said.items()):
        words = Counter(word for each in translations for word in each.unknown)
        count_unknown(words, connection_id=connection_id, at=at)
        _note_problems(connection_id, [problem for each in translations for problem in each.problems], at)
    put_aside = {record.id for record, _ in aside}
    _mark_digested([record.id for record in records if record.id not in put_aside], at)
    for record, reason in aside:
        _quarantine(record, reason, at, connector=connections[record.connection_id].connector.slug)
    _remember(told)
    tally([Arrived(r.connection_id, r.received_at, r.id in put_aside) for r in records if r.is_new])
    for connection_id, translations in said.items():
        metrics.INBOUND_RECORDS.add(
            len(translations), connector=connections[connection_id].connector.slug, outcome="digested"
        )
    return len(records)


def _translate(open_: OpenConnection, record: _Record) -> Translation | str:
    """Read one record, or return the reason why it cannot be."""
    raw = RawRecord(
        kind=record.kind,
        body=record.body,
        headers=json.loads(record.headers),
        received_at=record.received_at,
        settings=open_.settings,
    )
    try:
        return open_.connector.translate(raw)
    except Unreadable as unreadable:
        return f"It cannot be read: {unreadable}."
    except Exception as bug:
        # A connector may be somebody else's: what it trips over must cost no more than this record.
        log.exception("connector %s failed on a record", open_.connector.slug)
        return f"The connector {open_.connector.slug} failed on it ({type(bug).__name__}). It can be replayed after a fix."


def _claim(limit: int, *, only: UUID | None = None) -> list[_Record]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, connection_id, kind, headers, body, received_at, digested_at IS NULL FROM intake_record"
            " WHERE merchant_id = %s"
            f" AND status = 'pending' {'AND id = %s' if only else ''} ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
            [current_merchant_id(), *([only] if only else []), limit],
        )
        return [_Record(*row) for row in cursor.fetchall()]


def _connected_carriers(plugged: Iterable[Connection]) -> tuple[str, ...]:
    slugs = {row.connector for row in plugged if row.disabled_at is None}
    known = connectors()
    return tuple(
        sorted(slug for slug in slugs if slug in known and known[slug].kind is ConnectorKind.CARRIER)
    )


def _mark_digested(record_ids: Collection[UUID], at: datetime) -> None:
    if not record_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_record SET status = 'digested', reason = '', digested_at = %s"
            f" WHERE merchant_id = %s AND {ids_in('id')}",
            [at, current_merchant_id(), id_array(record_ids)],
        )


def _remember(told: Sequence[tuple[UUID, set[int]]]) -> None:
    """Write down what each record told of."""
    # Numbers and hexadecimal text: to compare and write out UUIDs would cost as much again.
    rows = sorted((mention_id(key, record_id), record_id.hex) for record_id, keys in told for key in keys)
    if not rows:
        return
    statement = (
        "INSERT INTO intake_mention (merchant_id, id, record_id) SELECT %s, * FROM unnest(%s::uuid[], %s::uuid[])"
        " ON CONFLICT (merchant_id, id) DO NOTHING"
    )
    ids, records = ",".join(f"{row[0]:032x}" for row in rows), ",".join(row[1] for row in rows)
    travel_later([(statement, (current_merchant_id(), f"{{{ids}}}", f"{{{records}}}"))])


def _quarantine(record: _Record, reason: str, at: datetime, *, connector: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_record SET status = 'quarantined', reason = %s, digested_at = %s WHERE merchant_id = %s AND id = %s",
            [reason[:2000], at, current_merchant_id(), record.id],
        )
    metrics.INBOUND_RECORDS.add(connector=connector, outcome="quarantined")
    by = f"connection:{public_id('con', record.connection_id)}"
    publish(RecordQuarantined(record.id, record.connection_id, reason[:300]), by=by, at=at)


def _quarantine_one(record_id: UUID, reason: str) -> None:
    for record in _claim(1, only=record_id):
        connector = Connection.rows().get(id=record.connection_id).connector
        _quarantine(record, reason, now(), connector=connector)
        if record.is_new:
            tally([Arrived(record.connection_id, record.received_at, True)])


def _note_problems(connection_id: UUID, problems: Sequence[CarrierProblem], at: datetime) -> None:
    # A refused key concerns the whole connection, whichever parcel was asked about.
    newest = {
        ("" if problem.kind is ProblemKind.UNAUTHORIZED else problem.tracking_number, problem.kind): problem
        for problem in problems
    }
    if not newest:
        return
    numbers = [number for number, _ in sorted(newest)]
    rows = [newest[key] for key in sorted(newest)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_problem AS held (merchant_id, connection_id, last_seen_at, id, tracking_number, kind, code,"
            " message, count) SELECT %s, %s, %s, p.*, 1"
            " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[]) AS p"
            " ON CONFLICT (merchant_id, connection_id, tracking_number, kind) DO UPDATE SET count = held.count + 1,"
            " code = excluded.code, message = excluded.message, last_seen_at = excluded.last_seen_at",
            [
                current_merchant_id(),
                connection_id,
                at,
                [uuid7() for _ in rows],
                numbers,
                [row.kind for row in rows],
                [row.code for row in rows],
                [row.message[:1000] for row in rows],
            ],
        )
