"""Run everything `aftermile serve` consists of in one tree: database, web, worker and what else is named.

A child that dies is started again; a stop goes through the tree in reverse order; nothing outlives the
supervisor, not even after `kill -9` (`aftermile.project.lifeline`). It runs as a program of its own
(`python -m aftermile.project.processes`), which holds neither Django nor pydantic and stays small in memory.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, Protocol, TextIO

from aftermile.project import lifeline
from aftermile.project.database.places import make_folder
from aftermile.project.database.problems import DatabaseInUse, DatabaseProblem
from aftermile.project.database.server import EmbeddedDatabase

BACK_OFF_SECONDS = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
#: A child that ran this long was well: the next crash counts as the first.
HEALTHY_AFTER_SECONDS = 60.0
#: What is left of every time-out after a second signal.
HURRIED_SECONDS = 1.0
LOOK_EVERY_SECONDS = 1.0
#: While something is about to be ready.
LOOK_SOON_SECONDS = 0.05
#: How long `serve` waits for a command that uses the database.
IN_USE_PATIENCE_SECONDS = 30.0
#: How long the programs of a killed supervisor may take to end. Not long: their database is gone, too.
REMAINS_PATIENCE_SECONDS = 5.0
STATUS_FILE = "processes.json"
LOCK_FILE = "serve.lock"
_SIGNALS_TO_STOP = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class AlreadyServing(Exception):
    """Another `aftermile serve` runs on the data folder; the message says what to do."""


class PortTaken(Exception):
    """Another program listens on the port; the message says what to do."""


@dataclass(frozen=True)
class Command:
    """One program of the tree."""

    name: str
    argv: tuple[str, ...]
    #: Time to end by itself after SIGTERM; then it is killed with all it started.
    stop_timeout_seconds: float = 10.0
    #: Runs to its end before the next one starts, such as `migrate`. A failure ends everything.
    is_step: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What to run, in the order of starting. Holds no secret: it stands on the command line."""

    data_dir: str
    commands: tuple[Command, ...]
    #: Host and port the web server will listen on; must be free.
    listens_on: tuple[str, int] | None = None
    is_embedded: bool = True
    postgres_bin_dir: str | None = None
    log_format: str = "console"

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        read = json.loads(text)
        commands = tuple(Command(**{**each, "argv": tuple(each["argv"])}) for each in read.pop("commands"))
        listens_on = tuple(address) if (address := read.pop("listens_on")) else None
        return cls(commands=commands, listens_on=listens_on, **read)


def become_supervisor(plan: Plan) -> NoReturn:
    """Replace this process by the supervisor. Never returns; nothing after it runs."""
    sys.stdout.flush()
    sys.stderr.flush()
    # -P: the current folder may hold a package of the same name.
    command = [sys.executable, "-P", "-m", "aftermile.project.processes", plan.to_json()]
    os.execv(command[0], command)  # noqa: S606


def assert_port_is_free(host: str, port: int) -> None:
    """Refuse a port on which another program listens.

    The web server shares a port without a word (SO_REUSEPORT), so a forgotten second one would take half of
    the requests.

    :raises PortTaken: the port is taken, or may not be used.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        # As the server does: a connection that is just closing does not keep it from starting.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise PortTaken(
                f"Port {port} of {host} cannot be used: {error.strerror}. Stop the other program, or choose"
                " another port with AFTERMILE_PORT (`make demo PORT=8001`)."
            ) from error


class Child(Protocol):
    """Something the supervisor starts, watches and stops. No step of it waits."""

    @property
    def name(self) -> str: ...

    @property
    def stop_timeout_seconds(self) -> float: ...

    @property
    def pid(self) -> int | None: ...

    def launch(self) -> None:
        """Start; returns at once."""

    def is_ready(self) -> bool:
        """Say whether the next child may start."""

    def exit_code(self) -> int | None:
        """Return None as long as it runs."""

    def ask_to_stop(self) -> None:
        """Ask for an orderly end."""

    def insist(self) -> None:
        """Ask for a quick one."""

    def kill(self) -> None:
        """End it now."""

    def clean_up(self) -> None:
        """Clear away what it left behind when it died."""


class Program:
    """A command as a child, in a session of its own: the terminal's Ctrl-C reaches the supervisor alone."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.name = command.name
        self.stop_timeout_seconds = command.stop_timeout_seconds
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def launch(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            lifeline.command_line(self.command.argv, death_signal=signal.SIGTERM),
            stdin=subprocess.DEVNULL,
            env={**os.environ, **self.command.environment},
            start_new_session=True,
        )

    def is_ready(self) -> bool:
        return self.exit_code() == 0 if self.command.is_step else True

    def exit_code(self) -> int | None:
        return self._process.poll() if self._process else None

    def ask_to_stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGTERM)

    def insist(self) -> None:
        self.kill()

    def kill(self) -> None:
        self._kill_group()
        if self._process:
            self._process.wait()

    def clean_up(self) -> None:
        # The workers of a web server whose first process was killed would go on answering.
        self._kill_group()

    def _kill_group(self) -> None:
        if self._process:
            # PermissionError is what macOS says of a group of which only the dead are left.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


@dataclass
class _Watched:
    child: Child
    is_step: bool = False
    state: str = "waiting"
    launched_at: float = 0.0
    crashes: int = 0
    restarts: int = 0
    launch_again_at: float | None = None
    give_up_at: float | None = None
    #: Of a program that runs, by the clock of the system: see `end_remains`.
    started_at: float | None = None


class Log:
    """Writes what happens to the processes, one line each, for people or as JSON."""

    def __init__(self, *, as_json: bool, stream: TextIO | None = None) -> None:
        self._as_json = as_json
        self._stream = stream or sys.stderr

    def __call__(self, level: str, event: str, **details: object) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if self._as_json:
            line = json.dumps(
                {"timestamp": at, "level": level, "logger": "supervisor", "event": event, **details}
            )
        else:
            rest = "".join(f" {name}={value}" for name, value in details.items())
            line = f"{at} [{level:<7}] {event}{rest}"
        # A closed terminal must not end the shop.
        with suppress(OSError, ValueError):
            self._stream.write(line + "\n")
            self._stream.flush()


class Supervisor:
    """Starts children one after another, keeps them running, and stops them in reverse order."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        log: Callable[..., None],
        status_file: Path | None = None,
        back_off_seconds: Sequence[float] = BACK_OFF_SECONDS,
    ) -> None:
        """Take the children in the order of starting.

        :param status_file: kept up to date with what runs, for `aftermile doctor`.
        :param back_off_seconds: how long to wait before the first, second, ... restart; the last one repeats.
        """
        self._watched = [
            _Watched(each, is_step=isinstance(each, Program) and each.command.is_step) for each in children
        ]
        self._log = log
        self._status_file = status_file
        self._back_off_seconds = back_off_seconds
        self._signals = 0
        self._failed = False
        self._bell, self._ringer = socket.socketpair()

    def run(self) -> int:
        """Run until a signal asks to stop; call it from the main thread.

        A second signal is for those in a hurry. SIGTERM, SIGINT and SIGHUP mean the same.

        :return: the exit code: 0 after an orderly stop, 1 if something had to be killed or could not start.
        """
        self._listen()
        try:
            while not self._signals and not self._failed:
                self._look()
                self._wait(LOOK_SOON_SECONDS if self._is_starting() else LOOK_EVERY_SECONDS)
        finally:
            was_orderly = self._stop_all()
        return 0 if was_orderly and not self._failed else 1

    def _listen(self) -> None:
        for each in (self._bell, self._ringer):
            each.setblocking(False)
        signal.set_wakeup_fd(self._ringer.fileno(), warn_on_full_buffer=False)
        for number in _SIGNALS_TO_STOP:
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # Under nohup.
            signal.signal(number, self._heard)
        # Only so that the death of a child rings the bell.
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _heard(self, _number: int, _frame: object) -> None:
        self._signals += 1

    def _wait(self, seconds: float) -> None:
        select.select([self._bell], [], [], seconds)
        with suppress(BlockingIOError):
            self._bell.recv(4096)

    def _is_starting(self) -> bool:
        return any(each.state in {"waiting", "starting"} for each in self._watched)

    def _look(self) -> None:
        self._reap_strangers()
        for each in self._watched:
            self._look_at(each)
            if each.state in {"waiting", "starting", "failed"}:
                break  # The ones after it wait for it.

    def _look_at(self, each: _Watched) -> None:
        now = time.monotonic()
        if each.state == "waiting":
            self._launch(each)
        elif each.state == "crashed" and now >= (each.launch_again_at or 0):
            each.restarts += 1
            self._launch(each)
        if each.state == "starting":
            self._look_at_starting(each)
        elif each.state == "running":
            if (code := each.child.exit_code()) is not None:
                self._crashed(each, f"ended with exit code {code}")
            elif now - each.launched_at > HEALTHY_AFTER_SECONDS:
                each.crashes = 0

    def _launch(self, each: _Watched) -> None:
        each.launched_at = time.monotonic()
        try:
            each.child.launch()
            each.state = "starting"
        except DatabaseInUse as error:
            self._wait_for_command(each, error)
        except (DatabaseProblem, OSError) as error:
            self._could_not_start(each, str(error))

    def _wait_for_command(self, each: _Watched, error: DatabaseInUse) -> None:
        """A command such as `migrate` may have the database for a moment; another `serve` has not."""
        now = time.monotonic()
        if each.give_up_at is None:
            each.give_up_at = now + IN_USE_PATIENCE_SECONDS
            self._log("warning", f"waiting for the database: {error}")
        if now > each.give_up_at:
            self._could_not_start(each, str(error))

    def _look_at_starting(self, each: _Watched) -> None:
        code = each.child.exit_code()
        if each.is_step and code not in (None, 0):
            self._could_not_start(each, f"ended with exit code {code}")
            return
        try:
            is_ready = each.child.is_ready()
        except DatabaseProblem as error:
            self._could_not_start(each, str(error))
            return
        if is_ready:
            each.state = "done" if each.is_step else "running"
            if isinstance(each.child, Program):
                each.started_at = _started_at(each.child.pid)
            self._log("info", f"{each.child.name} is {each.state}", pid=each.child.pid)
            self._write_status()

    def _could_not_start(self, each: _Watched, why: str) -> None:
        if each.restarts == 0:
            # The first time it is a mistake in the set-up, which waiting does not mend.
            self._log("error", f"{each.child.name} could not start: {why}")
            each.state = "failed"
            self._failed = True
        else:
            self._crashed(each, why)

    def _crashed(self, each: _Watched, why: str) -> None:
        with suppress(DatabaseProblem):  # The next launch says so again.
            each.child.clean_up()
        delay = self._back_off_seconds[min(each.crashes, len(self._back_off_seconds) - 1)]
        each.crashes += 1
        each.state = "crashed"
        each.launch_again_at = time.monotonic() + delay
        self._log("error", f"{each.child.name} {why}; it is started again", in_seconds=delay)
        self._write_status()

    def _stop_all(self) -> bool:
        self._log("info", "stopping")
        was_orderly = True
        for each in reversed(self._watched):
            if each.child.pid is not None and each.child.exit_code() is None:
                was_orderly &= self._stop(each)
            if each.child.pid is not None:
                with suppress(DatabaseProblem):
                    each.child.clean_up()
            each.state = "stopped"
        if self._status_file is not None:
            self._status_file.unlink(missing_ok=True)
        self._log("info", "stopped")
        return was_orderly

    def _stop(self, each: _Watched) -> bool:
        each.child.ask_to_stop()
        if self._has_ended(each, each.child.stop_timeout_seconds):
            return True
        self._log("warning", f"{each.child.name} does not stop; insisting")
        each.child.insist()
        # Immediate, but not torn off: a database has its children to see out.
        if not self._has_ended(each, 10 * HURRIED_SECONDS):
            self._log("error", f"{each.child.name} had to be killed")
            each.child.kill()
        return False

    def _has_ended(self, each: _Watched, seconds: float) -> bool:
        begun_at = time.monotonic()
        while each.child.exit_code() is None:
            self._reap_strangers()
            patience_seconds = min(seconds, HURRIED_SECONDS) if self._signals > 1 else seconds
            left_seconds = begun_at + patience_seconds - time.monotonic()
            if left_seconds <= 0:
                return False
            self._wait(min(left_seconds, LOOK_EVERY_SECONDS))
        return True

    def _reap_strangers(self) -> None:
        """As the first process of a container, see out orphans that nobody else waits for."""
        if os.getpid() != 1 or not hasattr(os, "waitid"):
            return
        ours = {each.child.pid for each in self._watched}
        with suppress(ChildProcessError):
            while (found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is not None:
                if found.si_pid in ours:
                    return
                os.waitpid(found.si_pid, 0)

    def _write_status(self) -> None:
        if self._status_file is None:
            return
        status: dict[str, Any] = {
            "supervisor": os.getpid(),
            "children": {
                each.child.name: {
                    "pid": each.child.pid,
                    "state": each.state,
                    "restarts": each.restarts,
                    "started_at": each.started_at,
                }
                for each in self._watched
            },
        }
        unfinished = self._status_file.with_name(self._status_file.name + ".unfinished")
        with suppress(OSError):
            unfinished.write_text(json.dumps(status))
            unfinished.replace(self._status_file)


def read_status(data_dir: Path) -> Mapping[str, Any] | None:
    """Read what the supervisor of a data folder last wrote; None where none runs."""
    status = _last_status(data_dir)
    return status if status and _started_at(status["supervisor"]) is not None else None


def _last_status(data_dir: Path) -> Mapping[str, Any] | None:
    try:
        status: dict[str, Any] = json.loads((data_dir / STATUS_FILE).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return status


def _started_at(pid: int | None) -> float | None:
    """Return the moment a living process began, which together with its number names it for good."""
    # Late: not every program that asks for a plan needs it.
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return None


def end_remains(data_dir: Path) -> None:
    """End what a killed supervisor left running: the programs of its last status, and their children.

    The lifeline has told them to end; some may need long for it, or have children that were not told.
    Hold the lock of the data folder. The database clears up after itself.
    """
    status = _last_status(data_dir)
    if status is None:
        return
    programs = {each["pid"]: each["started_at"] for each in status["children"].values() if each["started_at"]}
    asked_at = time.monotonic()
    while left := [number for number in _of_sessions(programs) if number != os.getpid()]:
        patience_is_over = time.monotonic() - asked_at > REMAINS_PATIENCE_SECONDS
        for number in left:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL if patience_is_over else signal.SIGTERM)
        time.sleep(0.2)
    (data_dir / STATUS_FILE).unlink(missing_ok=True)


def _of_sessions(programs: Mapping[int, float]) -> list[int]:
    """List living processes of the sessions these programs led, given as number and beginning of each."""
    import psutil

    found = []
    for each in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            session = os.getsid(each.pid)
            if session not in programs or each.status() == psutil.STATUS_ZOMBIE:
                continue
            leader = _started_at(session)
            # A number may have been given to somebody else since; a child of ours runs our interpreter.
            is_ours = leader == programs[session] if leader is not None else _runs_our_python(each.cmdline())
            if is_ours:
                found.append(each.pid)
    return found


def _runs_our_python(command: Sequence[str]) -> bool:
    return bool(command) and command[0].startswith(sys.prefix + os.sep)


def _lock(data_dir: Path) -> TextIO:
    """Take the data folder for this `serve`, until the process ends.

    :raises AlreadyServing: another one has it.
    """
    lock = (data_dir / LOCK_FILE).open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise AlreadyServing(
            f"`aftermile serve` runs on {data_dir} already (process {holder}). Stop that one, or choose"
            " another data folder with AFTERMILE_DATA_DIR."
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def run(plan: Plan) -> int:
    """Run a plan in this process until a signal asks to stop, and return the exit code."""
    log = Log(as_json=plan.log_format == "json")
    data_dir = Path(plan.data_dir)
    try:
        make_folder(data_dir, 0o711 if os.geteuid() == 0 else 0o700)
        lock = _lock(data_dir)
        end_remains(data_dir)
        if plan.listens_on is not None:
            assert_port_is_free(*plan.listens_on)
    except (AlreadyServing, PortTaken, DatabaseProblem, OSError) as error:
        log("error", str(error))
        return 1
    children: list[Child] = []
    if plan.is_embedded:
        bin_dir = Path(plan.postgres_bin_dir) if plan.postgres_bin_dir else None
        children.append(EmbeddedDatabase(data_dir, bin_dir))
    children += [Program(each) for each in plan.commands]
    with lock:
        return Supervisor(children, log=log, status_file=data_dir / STATUS_FILE).run()


if __name__ == "__main__":
    sys.exit(run(Plan.from_json(sys.argv[1])))
