"""Background jobs: a small port over PgQueuer, so that the queue can be swapped.

A job is deferred in the caller's transaction and so exists only if the act does. It may run more than
once (a worker that dies is replaced after `HEARTBEAT`): a job's effect must be safe to repeat.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.db import connection

from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id, read_public_id
from aftermile.kernel.trips import travel_later

#: A worker silent for this long is taken for dead and its jobs run elsewhere.
HEARTBEAT = timedelta(seconds=20)
LONGEST_BACK_OFF = timedelta(hours=1)

Payload = Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Job:
    """A registered kind of job. `run(merchant_id, payload)` is called outside any scope."""

    name: str
    run: Callable[[UUID, Payload], None]
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """One job to be done. `run_at` None: as soon as the transaction commits."""

    name: str
    merchant_id: UUID
    payload: Payload
    run_at: datetime | None = None
    #: While a job with this key waits or runs, another one is not queued.
    only_one: str | None = None


@dataclass(frozen=True, slots=True)
class Periodic:
    """Something done again and again, by one worker at a time. `cron` has the usual five fields, in UTC."""

    name: str
    cron: str
    run: Callable[[], None]


class UnknownJob(LookupError):
    """A job of a kind nobody registered was deferred: a bug."""


_jobs: dict[str, Job] = {}
_periodics: dict[str, Periodic] = {}


def job(
    name: str, *, attempts: int = 25
) -> Callable[[Callable[[UUID, Payload], None]], Callable[[UUID, Payload], None]]:
    """Register a function as a kind of job; it is retried with back-off when it raises."""

    def register(run: Callable[[UUID, Payload], None]) -> Callable[[UUID, Payload], None]:
        if name in _jobs:
            raise ValueError(f"two jobs are called {name!r}")
        _jobs[name] = Job(name, run, attempts)
        return run

    return register


def periodic(name: str, *, cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function to be done again and again; called outside any scope."""

    def register(run: Callable[[], None]) -> Callable[[], None]:
        if name in _periodics:
            raise ValueError(f"two periodics are called {name!r}")
        _periodics[name] = Periodic(name, cron, run)
        return run

    return register


def registered_periodics() -> Mapping[str, Periodic]:
    return _periodics


def registered_jobs() -> Mapping[str, Job]:
    return _jobs


def defer(
    name: str,
    *,
    merchant_id: UUID,
    run_at: datetime | None = None,
    **payload: str | int | float | bool | None,
) -> None:
    """Queue one job in the caller's transaction.

    :raises UnknownJob: nobody registered the name.
    """
    defer_many([Deferred(name=name, merchant_id=merchant_id, payload=payload, run_at=run_at)])


def defer_many(jobs: Iterable[Deferred]) -> None:
    """Queue many jobs in the caller's transaction with one statement.

    :raises UnknownJob: nobody registered one of the names.
    """
    wanted = list(jobs)
    if not wanted:
        return
    for deferred in wanted:
        if deferred.name not in _jobs:
            raise UnknownJob(deferred.name)
    at = now()
    rows = json.dumps([as_row(deferred, at=at) for deferred in wanted])
    travel_later([(f"SELECT {queueing('j')} FROM json_to_recordset(%s) AS j({JOB_COLUMNS})", (rows,))])


#: The columns of `as_row`.
JOB_COLUMNS = "name text, payload text, wait float8, only_one text"


def as_row(deferred: Deferred, *, at: datetime) -> dict[str, object]:
    """Write a job for `queueing`."""
    wait = (deferred.run_at - at).total_seconds() if deferred.run_at is not None else 0.0
    return {
        "name": deferred.name,
        "payload": _written(deferred.merchant_id, deferred.payload),
        "wait": max(wait, 0.0),
        "only_one": deferred.only_one,
    }


def queueing(row: str, payload: str = "") -> str:
    """Write the SQL that queues one job in the caller's transaction: PgQueuer's driver refuses a connection inside one.

    :param row: the name of rows of `JOB_COLUMNS`.
    :param payload: SQL of the payload as text, where it is not the row's own.
    """
    content = f"convert_to({payload or row + '.payload'}, 'UTF8')"
    return f"kernel_queue_job({row}.name, {content}, make_interval(secs => {row}.wait), {row}.only_one)"


def hasten(by: timedelta) -> None:
    """Bring what waits for its moment nearer, after the clock was moved: the queue goes by the database's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pgqueuer SET execute_after = execute_after - make_interval(secs => %s)"
            " WHERE status = 'queued' AND execute_after > now()",
            [by.total_seconds()],
        )


@dataclass(frozen=True, slots=True)
class QueueState:
    """How the queue fares now."""

    due: int
    failed: int
    oldest_due_seconds: float


def queue_state() -> QueueState:
    """Count what is due and what failed for good (and waits to be looked at)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE status = 'queued' AND execute_after <= now()),"
            " count(*) FILTER (WHERE status = 'failed'), greatest(0, coalesce(extract(epoch FROM"
            " now() - min(execute_after) FILTER (WHERE status = 'queued')), 0))::float8 FROM pgqueuer"
        )
        return QueueState(*cursor.fetchone())


def is_quiet() -> bool:
    """Tell whether nothing is due and nothing runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pgqueuer WHERE status = 'picked'"
            " OR (status = 'queued' AND execute_after <= now()))"
        )
        return bool(cursor.fetchone()[0])


def encode(merchant_id: UUID, payload: Payload) -> bytes:
    return _written(merchant_id, payload).encode()


def run(name: str, encoded: bytes) -> None:
    """Run one job as the worker does.

    :raises UnknownJob: nobody registered the name (an older worker meeting a newer queue).
    """
    payload = cast("dict[str, Any]", json.loads(encoded))
    merchant_id = read_public_id("mer", payload.pop("merchant"))
    try:
        registered = _jobs[name]
    except KeyError:
        raise UnknownJob(name) from None
    registered.run(merchant_id, payload)


def back_off(attempts: int) -> timedelta:
    """Return how long to wait after the given number of failures: 2, 4, 8 s ... at most an hour."""
    return min(timedelta(seconds=2 ** min(attempts, 20)), LONGEST_BACK_OFF)


def _written(merchant_id: UUID, payload: Payload) -> str:
    return json.dumps({"merchant": _name(merchant_id), **payload})


@lru_cache
def _name(merchant_id: UUID) -> str:
    return public_id("mer", merchant_id)
