"""Run the embedded server as a child of this process, and take part in one that another process runs."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from aftermile.project import lifeline
from aftermile.project.database import cluster, remains
from aftermile.project.database.account import Account, choose_account
from aftermile.project.database.binaries import Binaries, copied, find_binaries
from aftermile.project.database.places import OPEN_PLACE, Places
from aftermile.project.database.problems import DatabaseInUse, DatabaseProblem
from aftermile.project.database.targets import DatabaseUrls, database_urls, embedded_urls

if TYPE_CHECKING:
    from aftermile.project.config import Config

#: A server that crashed reads its log again before it is ready: minutes after a very busy hour.
START_PATIENCE_SECONDS = 600.0
STOP_PATIENCE_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.02


class EmbeddedDatabase:
    """The PostgreSQL of one data folder.

    Start it from a thread that lives as long as the process: on Linux the server stops with that thread.
    The steps (`launch`, `is_ready`, `exit_code`, `ask_to_stop`, ...) are for the supervisor, which must never
    wait; `running` and `embedded_database` are for everyone else.
    """

    name = "database"
    stop_timeout_seconds = STOP_PATIENCE_SECONDS

    def __init__(
        self, data_dir: Path, bin_dir: Path | None = None, *, settings: Mapping[str, str] | None = None
    ) -> None:
        """Name the data folder; nothing is made yet.

        :param bin_dir: programs other than the installed wheel's.
        :param settings: PostgreSQL settings for this run only, such as `{"fsync": "off"}` for tests.
        """
        self.places = Places.of(data_dir)
        self.urls: DatabaseUrls = embedded_urls(data_dir)
        #: Processes of a former server that had to be stopped at the last `launch`.
        self.cleared: tuple[int, ...] = ()
        self._bin_dir = bin_dir
        self._settings = dict(settings or {})
        self._binaries: Binaries | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process, or that of the lifeline that watches it."""
        return self._server.pid if self._server else None

    @property
    def binaries(self) -> Binaries:
        """The programs in use.

        :raises DatabaseProblem: there are none.
        """
        if self._binaries is None:
            self._binaries = find_binaries(self._bin_dir)
        return self._binaries

    def claim(self) -> bool:
        """Become the process that runs this data folder's server; False while another one is.

        Kept until `release`, or until this process ends, however it ends.

        :raises DatabaseProblem: the folder cannot be used.
        """
        if self._lock is not None:
            return True
        account = choose_account(self.places.home)
        cluster.prepare_places(self.places, account)
        try:
            lock = self.places.lock.open("a+")
        except PermissionError as error:
            raise DatabaseProblem(f"{self.places.lock} belongs to another system user.") from error
        account.take(self.places.lock, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock
        return True

    def release(self) -> None:
        """Let another process run this data folder's server."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def launch(self) -> None:
        """Start the server, making the database the first time. Returns before it is ready.

        :raises DatabaseInUse: another process runs it.
        :raises DatabaseProblem: it cannot be made or started.
        """
        if not self.claim():
            raise DatabaseInUse(
                f"The database in {self.places.data_dir} is in use by process {self._holder()}: another"
                " `aftermile serve`, or a command, on the same data folder. Stop that one, or choose another"
                " folder with AFTERMILE_DATA_DIR."
            )
        account = choose_account(self.places.home)
        binaries = self._binaries = self._reachable(self.binaries, account)
        self.cleared = tuple(remains.clear_remains(self.places))
        cluster.make_cluster(self.places, binaries, account)
        overrides = {
            "unix_socket_directories": str(self.places.socket_dir.resolve()),
            "unix_socket_permissions": "0700",
            **self._settings,
        }
        command = lifeline.command_line(
            [
                binaries.path("postgres"),
                *("-D", str(self.places.cluster.resolve())),
                *(each for name, value in overrides.items() for each in ("-c", f"{name}={value}")),
            ],
            death_signal=signal.SIGINT,
            uid=account.uid if account.is_other else None,
            gid=account.gid if account.is_other else None,
        )
        with self.places.start_log.open("wb") as log:
            self._server = subprocess.Popen(  # noqa: S603
                command,
                cwd="/",
                env=cluster.clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                umask=0o077,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        """Say whether the server answers; the first time, roles and database are made.

        :raises DatabaseProblem: it ended instead, or could not be set up.
        """
        if self.exit_code() is not None:
            raise DatabaseProblem(f"PostgreSQL did not start. {self._last_words()}")
        found = remains.read_postmaster_file(self.places)
        if found is None or not found.is_ready:
            return False
        cluster.provision(self.places, self.binaries)
        return True

    def exit_code(self) -> int | None:
        """Return the server's exit code; None while it runs, and before it is launched."""
        return self._server.poll() if self._server else None

    def ask_to_stop(self) -> None:
        """Ask for a fast stop: open transactions are rolled back, everything committed is kept."""
        self._send(signal.SIGINT)

    def insist(self) -> None:
        """Ask for an immediate stop; the next start reads the log again. Nothing committed is lost."""
        self._send(signal.SIGQUIT)

    def kill(self) -> None:
        """End the server at once, children and all."""
        self._send(signal.SIGKILL)
        self.clean_up()

    def clean_up(self) -> None:
        """Clear away what a dead server left behind."""
        if self._server is not None and self._server.poll() is None:
            self._server.wait()
        self.cleared = tuple(remains.clear_remains(self.places))

    def start(self) -> DatabaseUrls:
        """Launch the server and wait until it answers.

        :raises DatabaseProblem: it does not.
        """
        try:
            self.launch()
            give_up_at = time.monotonic() + START_PATIENCE_SECONDS
            while not self.is_ready():
                if time.monotonic() > give_up_at:
                    raise DatabaseProblem(
                        f"PostgreSQL was not ready in {START_PATIENCE_SECONDS:.0f} seconds."
                        f" {self._last_words()}"
                    )
                time.sleep(LOOK_EVERY_SECONDS)
        except BaseException:
            self.stop()
            raise
        return self.urls

    def stop(self) -> None:
        """Stop the server as gently as it lets us, and give up the data folder."""
        try:
            for act in (self.ask_to_stop, self.insist, self.kill):
                if self._server is None or self._server.poll() is not None:
                    break
                act()
                try:
                    self._server.wait(self.stop_timeout_seconds)
                except subprocess.TimeoutExpired:
                    continue
        finally:
            self._server = None
            self.release()

    @contextmanager
    def running(self) -> Iterator[DatabaseUrls]:
        """Run the server for the length of a `with` block.

        :raises DatabaseInUse: another process runs it.
        :raises DatabaseProblem: it does not start.
        """
        urls = self.start()
        try:
            yield urls
        finally:
            self.stop()

    def create_database(self, name: str) -> DatabaseUrls:
        """Make one more database in the running server, with the same owner, rights and extensions.

        :return: its addresses.
        """
        cluster.create_database(self.places, self.binaries, name)
        superuser = self.urls.superuser
        return DatabaseUrls(
            app=self.urls.app.to(name),
            owner=self.urls.owner.to(name),
            superuser=superuser.to(name) if superuser else None,
        )

    def is_running_elsewhere(self) -> bool:
        """Say whether a server of this data folder answers, whoever runs it."""
        found = remains.read_postmaster_file(self.places)
        return found is not None and found.is_ready and _is_alive(found.pid)

    def _reachable(self, binaries: Binaries, account: Account) -> Binaries:
        if account.may_enter(binaries.bin_dir / "postgres"):
            return binaries
        version = "-".join(("postgresql", str(binaries.major), _stamp_of(binaries)))
        OPEN_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
        return copied(binaries, OPEN_PLACE / version)

    def _send(self, number: signal.Signals) -> None:
        if self._server is not None:
            self._server.send_signal(number)

    def _holder(self) -> str:
        try:
            return self.places.lock.read_text() or "unknown"
        except OSError:
            return "unknown"

    def _last_words(self) -> str:
        """What PostgreSQL said before its own log was open, or where that log is."""
        try:
            said = self.places.start_log.read_text(errors="replace").strip().splitlines()[-8:]
        except OSError:
            said = []
        return "\n".join([f"Its log is in {self.places.log}.", *said])


@contextmanager
def embedded_database(config: Config, *, may_attach: bool = True) -> Iterator[DatabaseUrls]:
    """Have a database for the length of a `with` block.

    With an outside database configured, nothing is started. Otherwise the server that another process runs
    (`aftermile serve`) is used, or one is started and stopped again.

    :param may_attach: False insists on running the server alone.
    :raises DatabaseInUse: `may_attach` is False and another process runs the server.
    :raises DatabaseProblem: it cannot be started.
    """
    if config.database_url is not None:
        yield database_urls(config)
        return
    database = EmbeddedDatabase(config.data_dir, config.postgres_bin_dir)
    if may_attach and _wait_for_another(database):
        yield database.urls
        return
    with database.running() as urls:
        yield urls


def _wait_for_another(database: EmbeddedDatabase) -> bool:
    """Wait until the server another process runs answers; False (and the lock ours) if there is none."""
    give_up_at = time.monotonic() + START_PATIENCE_SECONDS
    while not database.claim():
        if database.is_running_elsewhere():
            return True
        if time.monotonic() > give_up_at:
            raise DatabaseInUse(
                f"Another process holds the database in {database.places.data_dir}, and it does not answer."
            )
        time.sleep(LOOK_EVERY_SECONDS)
    return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _stamp_of(binaries: Binaries) -> str:
    """Tell two builds of one major version apart."""
    found = Path(binaries.path("postgres")).stat()
    return f"{found.st_size:x}{sys.platform}"
