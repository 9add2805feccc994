"""The worker: runs jobs from the queue, in threads, until told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from pgqueuer import PgQueuer
from pgqueuer.db import PsycopgDriver
from pgqueuer.errors import FailingListenerError, RetryRequested
from pgqueuer.models import Job as QueuedJob
from pgqueuer.models import Schedule
from psycopg.rows import dict_row

from aftermile.kernel import jobs, metrics
from aftermile.project.garbage import look_rarely

log = logging.getLogger(__name__)

#: How many jobs are taken from the queue at once; their effects are grouped by the jobs themselves.
TAKEN_AT_ONCE = 10
_RECONNECT_SECONDS = 1.0
#: Options of Django's connection that libpq does not know.
_DJANGO_ONLY = {"pool", "server_side_binding"}


def run_worker(*, threads: int) -> None:
    """Run jobs until SIGTERM or SIGINT, then finish those begun. Reconnects when the database was away."""
    logging.getLogger("pgqueuer").addFilter(_SaidOnce())
    look_rarely()
    asyncio.run(_Worker(threads).run())


class _SaidOnce(logging.Filter):
    """Drops what the queue says ten times a second while the database is away; the worker says it once."""

    def filter(self, record: logging.LogRecord) -> bool:
        failure = record.exc_info[1] if record.exc_info else None
        return not isinstance(failure, psycopg.OperationalError) and "flush failed" not in record.msg


class _Driver(PsycopgDriver):
    """Listens on one connection and asks on another.

    Who listens holds the connection for a second at a time, and each question on the same one would wait.
    """

    def __init__(self, listening: psycopg.AsyncConnection[Any], asking: psycopg.AsyncConnection[Any]) -> None:
        super().__init__(listening)
        self._asking = asking
        #: Called when the listening connection is lost.
        self.on_loss: Callable[[], None] = lambda: None

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        cursor = psycopg.AsyncRawCursor(self._asking, row_factory=dict_row)
        await cursor.execute(query.encode(), args or None)
        return await cursor.fetchall()

    async def execute(self, query: str, *args: object) -> str:
        cursor = psycopg.AsyncRawCursor(self._asking)
        await cursor.execute(query.encode(), args or None)
        return cursor.statusmessage or ""

    async def watch_notifies(self) -> None:
        """Listen; a lost connection is told at once, not at the next question."""
        try:
            await super().watch_notifies()
        except psycopg.OperationalError:
            self.on_loss()


class _Worker:
    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="job")
        self._threads = threads
        self._stop = asyncio.Event()
        self._queue: PgQueuer | None = None

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ask_to_stop)
        while not self._stop.is_set():
            try:
                await self._serve()
            except (psycopg.OperationalError, OSError, RuntimeError, FailingListenerError) as away:
                if self._stop.is_set():
                    break
                log.warning("the queue is away (%s); trying again", type(away).__name__)
                await asyncio.sleep(_RECONNECT_SECONDS)
        self._pool.shutdown()

    def _ask_to_stop(self) -> None:
        self._stop.set()
        if self._queue is not None:
            self._queue.shutdown.set()

    async def _serve(self) -> None:
        async with await _connect() as listening, await _connect() as asking:
            driver = _Driver(listening, asking)
            queue = self._queue = PgQueuer(driver)
            driver.on_loss = queue.shutdown.set
            if self._stop.is_set():
                return
            # Before the queue tries out whether it hears itself, which must not come first.
            await driver.add_listener(queue.channel, lambda _: None)
            for registered in jobs.registered_jobs().values():
                queue.entrypoint(registered.name, on_failure="hold")(self._runner(registered))
            for each in jobs.registered_periodics().values():
                queue.schedule(each.name, each.cron)(self._periodic(each))
            log.info("the worker takes jobs", extra={"threads": self._threads})
            await queue.run(
                dequeue_timeout=jobs.HEARTBEAT / 2,
                batch_size=TAKEN_AT_ONCE,
                max_concurrent_tasks=2 * TAKEN_AT_ONCE,
                heartbeat_timeout=jobs.HEARTBEAT,
                shutdown_on_listener_failure=True,
            )

    def _periodic(self, periodic: jobs.Periodic) -> Callable[[Schedule], Any]:
        async def run(_: Schedule) -> None:
            try:
                await asyncio.get_running_loop().run_in_executor(self._pool, _periodic_in_thread, periodic)
            except Exception:
                metrics.JOBS.add(job=periodic.name, outcome="failed")
                log.exception("periodic %s failed; it is done again at its next time", periodic.name)
            else:
                metrics.JOBS.add(job=periodic.name, outcome="done")

        return run

    def _runner(self, registered: jobs.Job) -> Callable[[QueuedJob], Any]:
        async def run(queued: QueuedJob) -> None:
            began = time.perf_counter()
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(self._pool, _in_thread, registered.name, queued.payload or b"{}")
            except Exception as failure:
                metrics.JOBS.add(job=registered.name, outcome="failed")
                if isinstance(failure, (OperationalError, InterfaceError)):
                    log.warning("job %s was cut off (%s)", registered.name, type(failure.__cause__).__name__)
                else:
                    log.exception("job %s failed", registered.name)
                if queued.attempts + 1 >= registered.attempts:
                    raise
                raise RetryRequested(
                    delay=jobs.back_off(queued.attempts + 1), reason=type(failure).__name__
                ) from failure
            metrics.JOBS.add(job=registered.name, outcome="done")
            metrics.JOB_SECONDS.observe(time.perf_counter() - began, job=registered.name)

        return run


def _in_thread(name: str, payload: bytes) -> None:
    close_old_connections()
    try:
        jobs.run(name, payload)
    finally:
        connection.close()  # back to the pool


def _periodic_in_thread(periodic: jobs.Periodic) -> None:
    close_old_connections()
    try:
        periodic.run()
    finally:
        connection.close()


async def _connect() -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True)


def _parameters() -> dict[str, Any]:
    given = settings.DATABASES["default"]
    options = {name: value for name, value in given["OPTIONS"].items() if name not in _DJANGO_ONLY}
    named = {
        "dbname": given["NAME"], "user": given["USER"], "password": given["PASSWORD"],
        "host": given["HOST"], "port": given["PORT"],
    }  # fmt: skip
    return {name: value for name, value in {**options, **named}.items() if value}
