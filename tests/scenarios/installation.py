"""A real installation: `aftermile serve` on a data folder and a port of its own, and ways to hurt it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import urllib3

from aftermile.project.database import EmbeddedDatabase
from aftermile.project.processes import read_status
from tests.made_once import copy, made_once

REPOSITORY = Path(__file__).resolve().parents[2]
SHOP_DOMAIN = "lindgren-books.myshopify.com"
SECRETS = {"shopify": "shopify-signs-with-this", "aftership": "aftership-signs-with-this"}
_CONNECTIONS = {
    "shopify": {"shop_domain": SHOP_DOMAIN, "secret": SECRETS["shopify"]},
    "aftership": {"webhook_secret": SECRETS["aftership"]},
}
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Shop:
    """A merchant of an installation: its id, an API key that may do all, its connections' addresses."""

    id: str
    key: str
    addresses: dict[str, str]


class Installation:
    """`aftermile serve`, or another `command` that goes on, and all it starts.

    `settings` are those of the configuration, in small letters.
    """

    def __init__(self, data_dir: Path, *, command: Sequence[str] = ("serve",), **settings: object) -> None:
        self.data_dir = data_dir
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = command
        self._settings = settings
        self._serve: subprocess.Popen[bytes] | None = None
        self._log = data_dir.with_name(data_dir.name + ".log")

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its commands: none of the settings of the tests' own Django."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("AFTERMILE_")}
        ours.pop("DJANGO_SETTINGS_MODULE", None)
        wanted = {"data_dir": self.data_dir, "port": self.port, "log_level": "warning", **self._settings}
        return ours | {f"AFTERMILE_{name.upper()}": str(value) for name, value in wanted.items()}

    @property
    def said(self) -> str:
        """What its processes wrote, for the message of a failing test."""
        return self._log.read_text(errors="replace")

    def start(self) -> None:
        """Start it and wait until it is ready."""
        with self._log.open("ab") as log:
            self._serve = subprocess.Popen(
                [sys.executable, "-P", "-m", "aftermile", *self._command],
                cwd=REPOSITORY,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        eventually(lambda: self.is_ready() or self._serve is None or self._serve.poll() is not None)
        assert self.is_ready(), self.said
        # The worker is started last, and nobody waits for it.
        eventually(lambda: self._runs("worker"))

    def stop(self) -> int:
        """Stop it in an orderly way; return its exit code."""
        assert self._serve is not None
        self._serve.terminate()
        return self._serve.wait(timeout=_PATIENCE_SECONDS)

    def is_ready(self) -> bool:
        with suppress(urllib3.exceptions.HTTPError):
            return urllib3.request("GET", f"{self.url}/readyz", timeout=5, retries=False).status == 200
        return False

    def command(self, *arguments: str) -> str:
        """Run a command of `aftermile` on this installation; return what it printed."""
        return self._run([sys.executable, "-P", "-m", "aftermile", *arguments])

    def open_shop(self, name: str = "Lindgren Books") -> Shop:
        """Make a merchant that is connected to Shopify and AfterShip."""
        program = [sys.executable, "-m", "tests.scenarios.opening", name, json.dumps(_CONNECTIONS)]
        return Shop(**json.loads(self._run(program)))

    def sql(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask its database, as the one who sees all merchants' rows and may do all."""
        target = EmbeddedDatabase(self.data_dir).urls.superuser
        assert target is not None
        with psycopg.connect(target.url, autocommit=True) as connection:
            answered = connection.execute(statement.encode(), parameters or None)
            return answered.fetchall() if answered.description else []

    def one(self, statement: str, *parameters: object) -> Any:
        """Return the one value a statement asks for."""
        ((value,),) = self.sql(statement, *parameters)
        return value

    def pid_of(self, name: str) -> int:
        """Return the process of one program of the tree: "database", "web", "worker"."""
        status = read_status(self.data_dir)
        assert status is not None, self.said
        return int(status["children"][name]["pid"])

    def kill_program(self, name: str) -> None:
        """`kill -9` one program of the tree, and wait until the supervisor has started it again."""
        former = self.pid_of(name)
        os.kill(former, signal.SIGKILL)
        eventually(lambda: self._runs(name) and self.pid_of(name) != former, else_say=lambda: self.said)

    def kill_web_process(self) -> None:
        """`kill -9` a process that answers requests; the web server starts another."""
        former = psutil.Process(self.pid_of("web")).children()
        max(former, key=lambda each: each.memory_info().rss).kill()
        eventually(lambda: set(psutil.Process(self.pid_of("web")).children()) - set(former))

    def kill_backend(self) -> None:
        """`kill -9` one of PostgreSQL's own processes in the middle of its work; it recovers by itself."""
        pid = self.one(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'aftermile_app'"
            " ORDER BY state = 'active' DESC, query_start DESC LIMIT 1"
        )
        os.kill(pid, signal.SIGKILL)

    def kill_supervisor(self) -> None:
        """`kill -9` the whole tree's first process, as the kernel does when memory is short."""
        assert self._serve is not None
        self._serve.kill()
        self._serve.wait()

    @contextmanager
    def paused(self, name: str) -> Iterator[None]:
        """Stop the clock of one program of the tree, wherever it is just now."""
        pid = self.pid_of(name)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def wait_until_drained(self, *, seconds: float = 90.0) -> None:
        """Wait until every record is read and no job of ours waits or runs."""
        eventually(
            lambda: (
                self.one("SELECT NOT EXISTS (SELECT 1 FROM intake_record WHERE status = 'pending')")
                and self.one(
                    "SELECT NOT EXISTS (SELECT 1 FROM pgqueuer"
                    " WHERE entrypoint IN ('intake.digest', 'kernel.react', 'kernel.gather'))"
                )
            ),
            seconds=seconds,
            else_say=lambda: (
                f"{self.sql('SELECT entrypoint, status, attempts, count(*) FROM pgqueuer GROUP BY 1, 2, 3')}\n"
                f"{self.said[-5000:]}"
            ),
        )

    def processes(self) -> list[psutil.Process]:
        """Find every living process that belongs to it, wherever it hangs by now."""
        found = []
        for each in psutil.process_iter():
            with suppress(psutil.Error):
                if each.status() != psutil.STATUS_ZOMBIE and (
                    each.environ().get("AFTERMILE_DATA_DIR") == str(self.data_dir)
                    or Path(each.cwd()).is_relative_to(self.data_dir)
                ):
                    found.append(each)
        return found

    def clear_away(self) -> None:
        """End whatever a failed test left."""
        if self._serve is not None and self._serve.poll() is None:
            self._serve.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._serve.wait(timeout=30)
        for each in self.processes():
            with suppress(psutil.Error):
                each.kill()
        if self._serve is not None:
            self._serve.wait()

    def _runs(self, name: str) -> bool:
        status = read_status(self.data_dir)
        return status is not None and status["children"].get(name, {}).get("state") == "running"

    def _run(self, program: Sequence[str]) -> str:
        done = subprocess.run(
            program, cwd=REPOSITORY, env=self.environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextmanager
def installation(
    *, command: Sequence[str] = ("serve",), copy_of: Path | None = None, **settings: object
) -> Iterator[Installation]:
    """Run an installation on a fresh data folder, or on a copy of one; afterwards nothing of it is left."""
    with open_folder() as folder:
        if copy_of is not None:
            copy(copy_of, folder / "data")
        made = Installation(folder / "data", command=command, **settings)
        try:
            made.start()
            yield made
        finally:
            made.clear_away()


def migrated() -> Path:
    """Return a data folder as `serve` makes it of an empty one in its first seconds, for those who care for what follows."""

    def migrate(folder: Path) -> None:
        Installation(folder).command("migrate", "--quiet")
        # Tests kill processes, not machines: what fsync protects against cannot happen here.
        (folder / "postgres" / "tuning.conf").write_text("fsync = off\n")

    return made_once("migrated", migrate)


@contextmanager
def open_folder() -> Iterator[Path]:
    """Make a folder that the database's own user may enter when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="aftermile-scenario-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def eventually(
    is_so: Callable[[], object], *, seconds: float = _PATIENCE_SECONDS, else_say: Callable[[], str] = str
) -> None:
    """Wait until something is so; fail when it does not come."""
    give_up_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up_at, else_say()
        time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
