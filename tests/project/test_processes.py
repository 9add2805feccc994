"""The tree of processes: order, restarts, and that nothing of it is ever left over."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from aftermile.project import lifeline
from aftermile.project.database import EmbeddedDatabase, Target
from aftermile.project.processes import Command, Plan, PortTaken, assert_port_is_free, read_status

#: Writes a line when it starts and when it is asked to stop.
WELL_BEHAVED = """
import os, signal, sys, time
note = lambda word: open(sys.argv[1], "a").write(f"{sys.argv[2]} {word}\\n")
def end(*_):
    note("ends")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
note("starts")
time.sleep(600)
"""
STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w").write("is stubborn")
time.sleep(600)
"""
#: A first process that starts another, as a web server does.
WITH_CHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(600)
"""


def python(name: str, code: str, *arguments: object, **options: Any) -> Command:
    return Command(name, (sys.executable, "-c", code, *(str(each) for each in arguments)), **options)


def eventually(is_so: Callable[[], bool], *, seconds: float = 30.0) -> bool:
    give_up_at = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.05)
    return True


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def children_of(data_dir: Path) -> dict[str, Any]:
    status = read_status(data_dir)
    return dict(status["children"]) if status else {}


def pid_of(data_dir: Path, name: str) -> int:
    return int(children_of(data_dir)[name]["pid"])


def runs(data_dir: Path, name: str, *, restarts: int = 0) -> bool:
    found = children_of(data_dir).get(name, {})
    return (found.get("state"), found.get("restarts")) == ("running", restarts)


@pytest.fixture(autouse=True, scope="module")
def hanging_up_is_not_ignored() -> Iterator[None]:
    """Under `nohup` the supervisors started here would inherit that it is, and rightly keep to it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def supervisor_of(plan: Plan, *, prefix: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    # A file, not a pipe: programs that outlive it would keep a pipe open.
    with Path(f"{plan.data_dir}.said").open("wb") as said:
        return subprocess.Popen(
            [*prefix, sys.executable, "-P", "-m", "aftermile.project.processes", plan.to_json()], stderr=said
        )


def ended(plan: Plan, supervisor: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Wait for the end of a supervisor; return its exit code and what it said."""
    code = supervisor.wait(timeout=60)
    return code, said_by(plan)


def said_by(plan: Plan) -> str:
    return Path(f"{plan.data_dir}.said").read_text()


def killed(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


@contextmanager
def served(plan: Plan, *, prefix: Sequence[str] = ()) -> Iterator[subprocess.Popen[bytes]]:
    """Run a plan until its last command runs; afterwards everything is ended, whatever happened."""
    supervisor = supervisor_of(plan, prefix=prefix)
    last = plan.commands[-1].name
    try:
        assert eventually(lambda: runs(Path(plan.data_dir), last) or supervisor.poll() is not None)
        yield supervisor
    finally:
        killed(supervisor)


def outside(data_dir: Path, *commands: Command, **options: Any) -> Plan:
    """A plan without a database of its own."""
    return Plan(data_dir=str(data_dir), commands=commands, is_embedded=False, **options)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_programs_start_in_order_and_stop_in_reverse(tmp_path: Path, number: signal.Signals) -> None:
    notes = tmp_path / "notes"
    step = python("migrate", f"open({str(notes)!r}, 'a').write('migrate runs\\n')", is_step=True)
    worker, web = (python(name, WELL_BEHAVED, notes, name) for name in ("worker", "web"))
    with served(outside(tmp_path, step, worker, web)) as supervisor:
        assert eventually(lambda: notes.read_text().count("starts") == 2)
        supervisor.send_signal(number)
        assert supervisor.wait(timeout=60) == 0
    lines = notes.read_text().splitlines()
    assert (lines[0], sorted(lines[1:3])) == ("migrate runs", ["web starts", "worker starts"])
    assert lines[3:] == ["web ends", "worker ends"]
    assert read_status(tmp_path) is None


def test_a_step_that_fails_ends_everything(tmp_path: Path) -> None:
    plan = outside(
        tmp_path,
        python("migrate", "raise SystemExit(3)", is_step=True),
        python("web", STUBBORN, tmp_path / "notes"),
    )
    code, said = ended(plan, supervisor_of(plan))
    assert code == 1
    assert "migrate could not start: ended with exit code 3" in said
    assert "web is running" not in said


def test_a_program_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    plan = outside(tmp_path, python("web", STUBBORN, notes, stop_timeout_seconds=0.3))
    with served(plan) as supervisor:
        web = pid_of(tmp_path, "web")
        assert eventually(notes.exists)
        supervisor.terminate()
        code, said = ended(plan, supervisor)
    assert code == 1
    assert "web does not stop; insisting" in said
    assert not is_alive(web)


def test_a_second_signal_is_for_those_in_a_hurry(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    plan = outside(tmp_path, python("web", STUBBORN, notes, stop_timeout_seconds=500.0))
    with served(plan) as supervisor:
        assert eventually(notes.exists)
        supervisor.send_signal(signal.SIGINT)
        assert eventually(lambda: "stopping" in said_by(plan))
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(timeout=60) == 1


def test_a_log_for_programs_is_json(tmp_path: Path) -> None:
    plan = outside(tmp_path, python("web", "import time; time.sleep(60)"), log_format="json")
    with served(plan) as supervisor:
        supervisor.terminate()
        _, said = ended(plan, supervisor)
    events = [json.loads(line)["event"] for line in said.splitlines()]
    assert events == ["web is running", "stopping", "stopped"]


def test_two_serves_of_one_data_folder_clash(tmp_path: Path) -> None:
    plan = outside(tmp_path, python("web", "import time; time.sleep(60)"))
    with served(plan) as first:
        code, said = ended(plan, supervisor_of(plan))
        assert code == 1
        assert f"runs on {tmp_path} already (process {first.pid})" in said
        assert runs(tmp_path, "web")


def test_a_port_in_use_is_refused() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            PortTaken, match=f"Port {port} of 127.0.0.1 cannot be used: Address already in use"
        ):
            assert_port_is_free("127.0.0.1", port)
    assert_port_is_free("127.0.0.1", port)


def test_a_plan_survives_the_command_line() -> None:
    plan = Plan(
        data_dir="data",
        commands=(Command("web", ("granian", "--port", "8000"), environment={"A": "b"}),),
        listens_on=("127.0.0.1", 8000),
    )
    assert Plan.from_json(plan.to_json()) == plan


def test_the_supervisor_stays_small(tmp_path: Path) -> None:
    with served(outside(tmp_path, python("web", "import time; time.sleep(60)"))) as supervisor:
        assert psutil.Process(supervisor.pid).memory_info().rss < 30_000_000


def test_it_starts_with_no_way_out(data_dir: Path) -> None:
    without_network = ["unshare", "--map-root-user", "--net"] if os.geteuid() else ["unshare", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*without_network, "true"], check=False).returncode:
        pytest.skip("a process without a network cannot be made here")
    asks = "import socket; socket.create_connection(('192.0.2.1', 80))"
    refused = subprocess.run([*without_network, sys.executable, "-c", asks], capture_output=True, check=False)
    assert b"Network is unreachable" in refused.stderr
    plan = Plan(data_dir=str(data_dir), commands=(python("web", "import time; time.sleep(600)"),))
    with served(plan, prefix=without_network) as supervisor:
        assert runs(data_dir, "database")
        supervisor.terminate()
        assert supervisor.wait(timeout=60) == 0


@pytest.mark.kill
def test_a_killed_program_is_started_again_and_its_children_are_gone(tmp_path: Path) -> None:
    note = tmp_path / "child"
    with served(outside(tmp_path, python("web", WITH_CHILD, note))):
        assert eventually(lambda: note.exists() and note.read_text() != "")
        child = int(note.read_text())
        os.kill(pid_of(tmp_path, "web"), signal.SIGKILL)
        assert eventually(lambda: runs(tmp_path, "web", restarts=1))
        assert not is_alive(child)


@pytest.mark.kill
def test_programs_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    with served(outside(tmp_path, python("worker", "import time; time.sleep(600)"))) as supervisor:
        worker = pid_of(tmp_path, "worker")
        killed(supervisor)
        assert eventually(lambda: not is_alive(worker))


@pytest.mark.kill
def test_what_a_killed_supervisor_left_is_ended_by_the_next(tmp_path: Path) -> None:
    note = tmp_path / "child"
    plan = outside(tmp_path, python("web", WITH_CHILD, note))
    with served(plan) as supervisor:
        assert eventually(lambda: note.exists() and note.read_text() != "")
        child = int(note.read_text())
        killed(supervisor)
    # Its lifeline ended the first process; nobody told the child.
    assert is_alive(child)
    with served(plan):
        assert not is_alive(child)


@pytest.mark.kill
def test_the_whole_tree_with_its_database_survives_every_kill(data_dir: Path) -> None:
    plan = Plan(data_dir=str(data_dir), commands=(python("web", "import time; time.sleep(600)"),))
    urls = EmbeddedDatabase(data_dir).urls

    def tell(target: Target, sql: str) -> None:
        with psycopg.connect(target.url, autocommit=True) as connection:
            connection.execute(sql.encode())

    def answers() -> bool:
        try:
            tell(urls.app, "SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    with served(plan) as supervisor:
        tell(urls.owner, "CREATE TABLE parcel (id int)")
        tell(urls.app, "INSERT INTO parcel VALUES (1)")

        os.kill(pid_of(data_dir, "database"), signal.SIGKILL)
        assert eventually(lambda: runs(data_dir, "database", restarts=1))
        tell(urls.app, "INSERT INTO parcel VALUES (2)")

        former = pid_of(data_dir, "database")
        killed(supervisor)

    with served(plan) as supervisor:
        assert not is_alive(former)
        with psycopg.connect(urls.app.url) as connection:
            assert connection.execute("SELECT id FROM parcel ORDER BY 1").fetchall() == [(1,), (2,)]
        database = pid_of(data_dir, "database")
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(timeout=60) == 0
        assert not is_alive(database)
        assert not answers()


@pytest.mark.kill
def test_a_lifeline_that_watches_does_without_the_kernel(tmp_path: Path) -> None:
    note = tmp_path / "notes"
    command = [sys.executable, "-c", WELL_BEHAVED, str(note), "worker"]
    parent = f"""
import signal, subprocess, time
from aftermile.project import lifeline
subprocess.Popen(lifeline.command_line({command!r}, death_signal=signal.SIGTERM, watch=True))
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", parent]) as running:
        assert eventually(lambda: note.exists() and note.read_text() == "worker starts\n")
        running.kill()
    assert eventually(lambda: note.read_text() == "worker starts\nworker ends\n")


def test_a_lifeline_that_watches_passes_signals_and_the_exit_code_on(tmp_path: Path) -> None:
    code = """
import signal, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit(7))
print("ready", flush=True)
time.sleep(600)
"""
    line = lifeline.command_line([sys.executable, "-c", code], death_signal=signal.SIGTERM, watch=True)
    with subprocess.Popen(line, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=30) == 7
