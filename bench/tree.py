"""Run what `aftermile serve` runs, on a data folder of its own, and stop it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from pgqueuer.adapters.persistence.qb import QueryQueueBuilder

from aftermile.kernel import jobs
from aftermile.project.cli import serve_commands
from aftermile.project.config import PREFIX, load
from aftermile.project.database.targets import DatabaseUrls, embedded_urls
from aftermile.project.processes import Plan
from bench.machine import tree

ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 120.0
_STOP_SECONDS = 60.0
#: The product's own settings but for the connections, so that `pgbench` finds room beside the application.
_TUNING = "max_connections = 120\n"
#: A data folder that was migrated, to begin with a copy of it. Every tree makes its own when there is none.
begins_with: Path | None = None


class TreeFailed(RuntimeError):
    """The tree did not start, or a part of it ended."""


@dataclass(slots=True)
class Shop:
    """A merchant in a running tree, with what a program needs to talk to it."""

    merchant_id: UUID
    api_key: str
    #: Paths by connector, such as `/in/...`.
    addresses: Mapping[str, str]
    connection_ids: Mapping[str, UUID]


@dataclass(slots=True)
class Tree:
    """Running processes on one data folder."""

    home: Path
    port: int
    environ: dict[str, str]
    urls: DatabaseUrls
    _programs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def roots(self) -> list[int]:
        """The processes from which all others descend, for `bench.machine`."""
        return [program.pid for program in self._programs]

    def superuser(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect as PostgreSQL's superuser, whom no wall holds."""
        assert self.urls.superuser is not None
        return psycopg.connect(self.urls.superuser.url, autocommit=True)

    def inside(self, task: str, **given: Any) -> Any:
        """Run a task of `bench.inside` with the application's own code, and return its answer."""
        done = subprocess.run(
            [sys.executable, "-m", "bench.inside", task],
            input=json.dumps(given), env=self.environ, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise TreeFailed(f"{task} failed:\n{done.stderr[-4000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def open_shop(self, *connectors: str) -> Shop:
        """Make a merchant with an API key and these connections (see `bench.payloads.CREDENTIALS`)."""
        made = self.inside("open_shop", connectors=connectors)
        return Shop(
            merchant_id=UUID(made["merchant_id"]),
            api_key=made["api_key"],
            addresses=made["addresses"],
            connection_ids={name: UUID(value) for name, value in made["connection_ids"].items()},
        )

    def start_worker(self) -> None:
        """Start a worker beside a tree that has none."""
        self._programs.append(self._popen("-m", "aftermile", "worker"))

    def defer(self, name: str, merchant_id: UUID, *, times: int = 1) -> None:
        """Queue jobs without arguments, as the application does."""
        with self.superuser() as connection:
            psycopg.RawCursor(connection).execute(
                QueryQueueBuilder().build_enqueue_query("skip"),
                [
                    [0] * times, [name] * times, [jobs.encode(merchant_id, {})] * times,
                    [timedelta()] * times, [None] * times, ["null"] * times,
                ],
            )  # fmt: skip

    def wait_for_queue(self, *, seconds: float = 120.0) -> None:
        """Wait until no job is queued or runs.

        :raises TreeFailed: one is after this many seconds.
        """
        give_up_at = time.monotonic() + seconds
        with self.superuser() as connection:
            while connection.execute("SELECT EXISTS (SELECT FROM pgqueuer)").fetchone() != (False,):
                if time.monotonic() > give_up_at:
                    raise TreeFailed("the queue is not empty")
                time.sleep(0.05)

    def run(self, *arguments: str) -> str:
        """Run the command `aftermile` to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", "aftermile", *arguments],
            env=self.environ, cwd=self.home, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise TreeFailed(f"aftermile {arguments[0]} failed:\n{(done.stdout + done.stderr)[-4000:]}")
        return done.stdout

    def launch(self, wanted: Sequence[str]) -> None:
        config = load(self.environ)
        commands = [each for each in serve_commands(config) if getattr(each, "name", "") in wanted]
        plan = Plan(
            data_dir=str(config.data_dir),
            commands=tuple(commands),
            listens_on=(config.host, config.port),
        )
        self._programs.append(self._popen("-m", "aftermile.project.processes", plan.to_json()))
        self._wait_until_ready(wanted)

    def stop(self) -> None:
        # Children of a supervisor that had to be killed would go on.
        processes = list(tree(self.roots))
        for program in reversed(self._programs):
            program.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                program.wait(_STOP_SECONDS)
        for process in processes:
            with suppress(Exception):
                process.kill()
        for program in self._programs:
            program.wait()
        self._programs.clear()

    def last_words(self) -> str:
        """Return the end of what the programs said, for whoever looks into a failure."""
        said = (self.home / "output.log").read_text(errors="replace")
        for log in sorted((self.home / "data" / "postgres" / "log").glob("postgres-*.log")):
            said += log.read_text(errors="replace")[-2000:]
        return said[-6000:]

    def _popen(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.home / "output.log").open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-P", *arguments],
                env=self.environ, cwd=self.home, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip

    def _wait_until_ready(self, wanted: Sequence[str]) -> None:
        give_up_at = time.monotonic() + _START_SECONDS
        while not self._is_ready(wanted):
            if time.monotonic() > give_up_at or any(each.poll() is not None for each in self._programs):
                raise TreeFailed("it did not start")
            time.sleep(0.05)

    def _is_ready(self, wanted: Sequence[str]) -> bool:
        with suppress(OSError, ValueError):
            status = json.loads((Path(self.environ[PREFIX + "DATA_DIR"]) / "processes.json").read_text())
            states = {name: child["state"] for name, child in status["children"].items()}
            if all(states.get(name) in ("running", "done") for name in wanted):
                return "web" not in wanted or self._answers()
        return False

    def _answers(self) -> bool:
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection(*self.address, timeout=5)) as asked,
        ):
            asked.request("GET", "/readyz", headers={"Host": "localhost"})
            return asked.getresponse().status == 200
        return False


@contextmanager
def serving(*programs: str, **settings: object) -> Iterator[Tree]:
    """Run the database and these programs of `aftermile serve` (all by default) until the block ends.

    :param settings: of Aftermile, such as `web_processes=2`.
    """
    home = Path(tempfile.mkdtemp(prefix="aftermile-bench-"))
    home.chmod(0o755)  # run by root, the database has a user of its own
    data_dir = home / "data"
    if begins_with is not None:
        # As they are: files of the database are its own user's.
        subprocess.run(["cp", "-a", str(begins_with), str(data_dir)], check=True)
    (data_dir / "postgres").mkdir(parents=True, exist_ok=True)
    with (data_dir / "postgres" / "tuning.conf").open("a") as tuning:
        tuning.write(_TUNING)
    port = _free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environ |= {
        f"{PREFIX}DATA_DIR": str(data_dir),
        f"{PREFIX}PORT": str(port),
        f"{PREFIX}LOG_LEVEL": "warning",
        **{PREFIX + name.upper(): str(value) for name, value in settings.items()},
    }
    running = Tree(home, port, environ, embedded_urls(data_dir))
    try:
        running.launch([*(["migrate"] if begins_with is None else []), *(programs or ("web", "worker"))])
        yield running
    except BaseException as problem:
        problem.add_note(running.last_words())
        raise
    finally:
        running.stop()
        shutil.rmtree(home, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
