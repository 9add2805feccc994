"""The database as a limit: `pgbench` writing the same rows on the same server."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from aftermile.project.database.binaries import find_binaries
from aftermile.project.database.cluster import clean_environment
from aftermile.project.database.targets import Target
from bench.machine import Meter
from bench.tree import Tree

_MOST_SECONDS = 16.0


@dataclass(frozen=True, slots=True)
class Inserted:
    """What `pgbench` did: transactions a second, and the database's CPU seconds for each."""

    per_second: float
    database_cpu_seconds: float


def pgbench(
    tree: Tree, script: str, *, clients: int, seconds: float, role: Target, protocol: str = "simple"
) -> Inserted:
    """Run a script with as many clients for some seconds.

    :param protocol: "simple" sends the text each time, "prepared" plans it once per client.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        meter = Meter.start(tree.roots)
        done = subprocess.run(
            [
                find_binaries().path("pgbench"), "-n", "-M", protocol, "-f", file.name, "-c", str(clients),
                "-j", str(min(clients, os.cpu_count() or 1)), "-T", str(max(1, round(seconds))),
            ],
            env={**clean_environment(), **role.environment()}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        meter.stop()
    rate = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    count = re.search(r"transactions actually processed: (\d+)", done.stdout)
    if not done.returncode and count and not int(count[1]) and seconds < _MOST_SECONDS:
        # On a busy machine the time was over before all clients were connected.
        longer = max(1.0, seconds) * 4
        return pgbench(tree, script, clients=clients, seconds=longer, role=role, protocol=protocol)
    if done.returncode or not rate or not count or not int(count[1]):
        raise RuntimeError(f"pgbench failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return Inserted(float(rate[1]), meter.cpu_seconds / int(count[1]))


def literal(value: object) -> str:
    """Write a value as SQL that `pgbench` leaves alone (it takes a colon for the start of a variable)."""
    if isinstance(value, (bytes, memoryview)):
        return f"'\\x{bytes(value).hex()}'"
    text = str(value).replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a")
    return f"E'{text}'"


def insert_statement(table: str, columns: Mapping[str, str]) -> str:
    """Write an INSERT of one row; values are SQL."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(columns.values())});\n"


def scoped(merchant_id: UUID, statement: str) -> str:
    """Wrap a statement as every transaction of the application is."""
    return f"BEGIN;\nSET LOCAL app.merchant_id = '{merchant_id}';\n{statement}COMMIT;\n"


def empty(tree: Tree, *tables: str) -> None:
    """Empty tables between rounds, so that each begins with the same ones."""
    with tree.superuser() as connection:
        connection.execute(f"TRUNCATE {', '.join(tables)}")
        connection.execute("CHECKPOINT")


def disk_bytes(tree: Tree) -> int:
    """Return the size of the database's files."""
    home = Path(tree.environ["AFTERMILE_DATA_DIR"]) / "postgres" / "cluster" / "base"
    return sum(each.stat().st_size for each in home.rglob("*") if each.is_file())
