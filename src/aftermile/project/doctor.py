"""`aftermile doctor`: what is configured, what can be reached, what is walled off."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from aftermile.capabilities.promises.public import newest_is_damaged
from aftermile.intake.public import RecordStatus, count_records
from aftermile.kernel.events import failing_reactions
from aftermile.kernel.http import AddressRefused, OutboundFailure, outbound_client
from aftermile.kernel.jobs import queue_state
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.secrets import SecretKeyUnusable, box
from aftermile.kernel.tenancy import merchant_scope

if TYPE_CHECKING:
    from aftermile.project.config import Config

OLDEST_SUPPORTED = 150000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `advice` says what to do when it is not well."""

    what: str
    is_well: bool
    says: str
    advice: str = ""


def examine(config: Config) -> list[Finding]:
    """Look at everything; a part that cannot be looked at is a finding, too."""
    return [finding for look in _LOOKS for finding in look(config)]


def show(findings: list[Finding]) -> None:
    """Print the findings, each told by a word and not by color alone."""
    from rich.console import Console
    from rich.table import Table

    table = Table("", "what", "finding", box=None)
    for finding in findings:
        mark = "[green]ok[/]" if finding.is_well else "[red]look[/]"
        table.add_row(mark, finding.what, f"{finding.says} {finding.advice}".strip())
    Console().print(table)


def _settings(config: Config) -> Iterator[Finding]:
    kind = "embedded" if config.is_embedded else "outside (AFTERMILE_DATABASE_URL)"
    yield Finding(
        "settings", True, f"data in {config.data_dir}; database {kind}; public address {config.public_url}"
    )
    try:
        box().open(box().seal({"probe": "x"}))
    except SecretKeyUnusable as problem:
        yield Finding("encryption keys", False, str(problem))
    else:
        yield Finding("encryption keys", True, f"{len(config.encryption_keys)} in use")


def _database(config: Config) -> Iterator[Finding]:  # noqa: ARG001
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, current_setting('server_version')"
            )
            number, written = cursor.fetchone()
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            (is_mighty,) = cursor.fetchone()
            cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
            (size,) = cursor.fetchone()
    except DatabaseError as error:
        yield Finding("database", False, f"does not answer: {type(error).__name__}.", "Is it running?")
        return
    yield Finding(
        "database",
        number >= OLDEST_SUPPORTED,
        f"PostgreSQL {written}, {size}",
        "" if number >= OLDEST_SUPPORTED else "15 or newer is needed.",
    )
    yield Finding(
        "application's role",
        not is_mighty,
        "can pass row-level security" if is_mighty else "is bound by row-level security",
        "Give the application a role of its own, without SUPERUSER and BYPASSRLS." if is_mighty else "",
    )
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield Finding(
        "tables",
        not waiting,
        f"{len(waiting)} migrations to run" if waiting else "up to date",
        "Run `aftermile migrate`." if waiting else "",
    )


def _walls(config: Config) -> Iterator[Finding]:  # noqa: ARG001
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'merchant_id'"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1"
        )
        open_tables = [row[0] for row in cursor.fetchall()]
    says = f"open: {', '.join(open_tables)}" if open_tables else "every merchant's table has its wall"
    yield Finding("walls between merchants", not open_tables, says)


def _queue(config: Config) -> Iterator[Finding]:  # noqa: ARG001
    state = queue_state()
    is_well = state.oldest_due_seconds < 60
    age = f", the oldest for {state.oldest_due_seconds:.0f} s" if state.due else ""
    yield Finding("queue", is_well, f"{state.due} jobs due{age}", "" if is_well else "Does a worker run?")
    yield Finding(
        "failed jobs",
        not state.failed,
        str(state.failed),
        "Their last words stand in pgqueuer_log." if state.failed else "",
    )


def _shops(config: Config) -> Iterator[Finding]:  # noqa: ARG001
    quarantined, failing, damaged = 0, set[str](), list[str]()
    shops = list_merchants()
    for shop in shops:
        with merchant_scope(shop.id):
            quarantined += count_records(RecordStatus.QUARANTINED)
            failing |= failing_reactions()
            damaged += [shop.name] if newest_is_damaged() else []
    yield Finding("shops", True, str(len(shops)))
    yield Finding(
        "quarantine",
        not quarantined,
        f"{quarantined} records wait",
        "Look at their reasons; `aftermile replay --quarantined` after a fix." if quarantined else "",
    )
    yield Finding(
        "delivery models",
        not damaged,
        f"damaged: {', '.join(damaged)}; rules answer" if damaged else "none damaged",
        "Train a new one under Settings, Estimates." if damaged else "",
    )
    yield Finding(
        "reactions", not failing, f"failing: {', '.join(sorted(failing))}" if failing else "none failing"
    )


def _outbound(config: Config) -> Iterator[Finding]:  # noqa: ARG001
    """Private addresses must be refused; whether the internet can be reached is only told."""
    listener = socket.create_server(("127.0.0.1", 0))
    try:
        outbound_client("doctor").send(
            "GET", f"http://127.0.0.1:{listener.getsockname()[1]}/", deadline_seconds=3
        )
    except AddressRefused:
        yield Finding("private addresses", True, "cannot be reached from here")
    except OutboundFailure as failure:
        yield Finding("private addresses", False, f"were tried: {type(failure).__name__}")
    else:
        yield Finding("private addresses", False, "can be reached by the outbound client")
    finally:
        listener.close()


_LOOKS: tuple[Callable[[Config], Iterator[Finding]], ...] = (
    _settings,
    _database,
    _walls,
    _queue,
    _shops,
    _outbound,
)
