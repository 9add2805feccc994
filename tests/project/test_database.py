"""The embedded database: its roles and walls, its life, and its end."""

from __future__ import annotations

import os
import pwd
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from psycopg import errors

from aftermile.project.config import load
from aftermile.project.database import (
    DatabaseProblem,
    EmbeddedDatabase,
    Target,
    backup,
    database_urls,
    embedded_database,
    restore,
)
from aftermile.project.database.binaries import Binaries, copied, find_binaries
from aftermile.project.database.places import Places
from aftermile.project.database.problems import DatabaseInUse

SOURCE = Path(__file__).parents[2] / "src"
IS_ROOT = os.geteuid() == 0


def connect(target: Target) -> psycopg.Connection[Any]:
    return psycopg.connect(target.url, autocommit=True)


def ask(target: Target, sql: str) -> list[Any]:
    with connect(target) as connection:
        return connection.execute(sql.encode()).fetchall()


def tell(target: Target, *statements: str) -> None:
    with connect(target) as connection:
        for each in statements:
            connection.execute(each.encode())


def servers_of(data_dir: Path) -> list[int]:
    """The processes of the database of a data folder, found without our own code."""
    cluster = str((data_dir / "postgres" / "cluster").resolve())
    found = []
    for each in psutil.process_iter():
        try:
            if each.cwd() == cluster and each.status() != psutil.STATUS_ZOMBIE:
                found.append(each.pid)
        except psutil.Error:
            continue
    return found


def eventually(is_so: Callable[[], bool], *, seconds: float = 30.0) -> bool:
    give_up_at = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.05)
    return True


def run_by_another(data_dir: Path, extra: str = "") -> subprocess.Popen[str]:
    """Start the database in another Python process, and return when it answers."""
    code = f"""
        import time
        from pathlib import Path
        from aftermile.project import lifeline
        from aftermile.project.database import EmbeddedDatabase
{textwrap.indent(textwrap.dedent(extra), " " * 8)}
        with EmbeddedDatabase(Path({str(data_dir)!r})).running():
            print("ready", flush=True)
            time.sleep(600)
    """
    other = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "ready\n"
    return other


def killed(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


@pytest.fixture(scope="module")
def running(open_folder: Path) -> Iterator[EmbeddedDatabase]:
    database = EmbeddedDatabase(open_folder / "shared", settings={"fsync": "off"})
    with database.running():
        yield database


def test_the_application_and_the_owner_have_no_more_power_than_they_need(running: EmbeddedDatabase) -> None:
    assert running.urls.superuser is not None
    rows = ask(
        running.urls.superuser,
        "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
        " FROM pg_roles WHERE rolname LIKE 'aftermile%' ORDER BY 1",
    )
    assert rows == [
        ("aftermile_app", True, False, False, False, False, False),
        ("aftermile_owner", True, False, False, False, False, False),
    ]


def test_text_is_compared_the_same_on_every_machine(running: EmbeddedDatabase) -> None:
    assert ask(
        running.urls.app,
        "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale, upper('straße'),"
        " unaccent('Ñandú'), similarity('parcel', 'parcels') > 0.5, current_setting('TimeZone')"
        " FROM pg_database WHERE datname = current_database()",
    ) == [("UTF8", "b", "C.UTF-8", "STRAßE", "Nandu", True, "UTC")]


def test_it_is_reached_through_a_private_socket_alone(running: EmbeddedDatabase) -> None:
    assert ask(running.urls.app, "SHOW listen_addresses") == [("",)]
    socket_dir = Places.of(running.places.data_dir).socket_dir
    assert stat.S_IMODE(socket_dir.stat().st_mode) == 0o700
    without_password = Target({**running.urls.app.parameters, "passfile": "/dev/null"})
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        connect(without_password)


def test_passwords_are_readable_by_their_owner_alone(running: EmbeddedDatabase) -> None:
    files = (running.places.data_dir / "secrets").iterdir()
    assert {each.name: stat.S_IMODE(each.stat().st_mode) for each in files} == {
        "app.pgpass": 0o600,
        "owner.pgpass": 0o600,
        "superuser.pgpass": 0o600,
    }


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION citext",
        "SELECT * FROM pg_authid",
        "SELECT pg_read_file('PG_VERSION')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SET ROLE aftermile_owner",
        "ALTER ROLE aftermile_app BYPASSRLS",
        "DROP TABLE rights_parcel",
        "TRUNCATE rights_parcel",
        "ALTER TABLE rights_parcel DISABLE ROW LEVEL SECURITY",
    ],
)
def test_the_application_may_not(running: EmbeddedDatabase, statement: str) -> None:
    tell(running.urls.owner, "CREATE TABLE IF NOT EXISTS rights_parcel (id int)")
    with pytest.raises(errors.InsufficientPrivilege):
        tell(running.urls.app, statement)


def test_the_application_cannot_see_past_row_level_security(running: EmbeddedDatabase) -> None:
    tell(
        running.urls.owner,
        "CREATE TABLE walled (merchant text, number text)",
        "ALTER TABLE walled ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE walled FORCE ROW LEVEL SECURITY",
        "CREATE POLICY own ON walled USING (merchant = current_setting('app.merchant', true))",
    )
    with connect(running.urls.app) as connection:
        connection.execute("SET app.merchant = 'ada'")
        connection.execute("INSERT INTO walled VALUES ('ada', 'A1')")
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            connection.execute("INSERT INTO walled VALUES ('ben', 'B1')")
        connection.execute("SET app.merchant = 'ben'")
        assert connection.execute("SELECT * FROM walled").fetchall() == []
        assert connection.execute("UPDATE walled SET number = 'X' RETURNING 1").fetchall() == []
        connection.execute("SET row_security = off")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM walled")
        connection.execute("SET row_security = on")
        connection.execute("SET app.merchant = 'ada'")
        assert connection.execute("SELECT * FROM walled").fetchall() == [("ada", "A1")]


def test_a_further_database_has_the_same_rights_and_extensions(running: EmbeddedDatabase) -> None:
    urls = running.create_database("further")
    assert running.create_database("further") == urls
    tell(urls.owner, "CREATE TABLE parcel (id serial, name text)")
    tell(urls.app, "INSERT INTO parcel (name) VALUES ('Ñandú')")
    assert ask(urls.app, "SELECT id, unaccent(name) FROM parcel") == [(1, "Nandu")]


def test_a_command_uses_the_server_that_already_runs(running: EmbeddedDatabase) -> None:
    config = load({"AFTERMILE_DATA_DIR": str(running.places.data_dir)})
    before = servers_of(running.places.data_dir)[0]
    with embedded_database(config) as urls:
        assert ask(urls.app, "SELECT current_user") == [("aftermile_app",)]
    assert servers_of(running.places.data_dir)[0] == before


def test_two_cannot_run_it(running: EmbeddedDatabase) -> None:
    with pytest.raises(DatabaseInUse, match=f"is in use by process {os.getpid()}"):
        EmbeddedDatabase(running.places.data_dir).start()


def test_its_log_holds_neither_statements_nor_values(running: EmbeddedDatabase) -> None:
    tell(running.urls.owner, "CREATE TABLE contact (email text UNIQUE)")
    tell(running.urls.app, "INSERT INTO contact VALUES ('ada@example.com')")
    with pytest.raises(errors.UniqueViolation):
        tell(running.urls.app, "INSERT INTO contact VALUES ('ada@example.com')")

    def logs() -> str:
        return "".join(each.read_text() for each in running.places.log.iterdir())

    # The server's own log writer is a process of its own: the client may have its answer first.
    assert eventually(lambda: "duplicate key value violates unique constraint" in logs())
    assert "ada@example.com" not in logs()


def test_it_stops_and_starts_again_with_everything_in_it(data_dir: Path) -> None:
    with EmbeddedDatabase(data_dir).running() as urls:
        tell(urls.owner, "CREATE TABLE parcel (id int)", "INSERT INTO parcel VALUES (7)")
        assert ask(urls.app, "SHOW fsync") == [("on",)]
        assert ask(urls.app, "SHOW synchronous_commit") == [("on",)]
    assert servers_of(data_dir) == []
    with EmbeddedDatabase(data_dir).running() as urls:
        assert ask(urls.app, "SELECT id FROM parcel") == [(7,)]


def test_a_first_start_that_was_cut_off_begins_anew(data_dir: Path) -> None:
    unfinished = data_dir / "postgres" / "cluster.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    if IS_ROOT:
        data_dir.chmod(0o711)
    with EmbeddedDatabase(data_dir).running() as urls:
        assert ask(urls.app, "SELECT 1") == [(1,)]


def test_a_data_folder_may_lie_deeper_than_a_socket_address_is_long(data_dir: Path) -> None:
    deep = data_dir
    for _ in range(8):
        deep = deep / ("d" * 30)
    deep.mkdir(parents=True)
    for each in (deep, *deep.parents):
        if each.is_relative_to(data_dir):
            each.chmod(0o711)
    with EmbeddedDatabase(deep).running() as urls:
        socket_dir = Path(urls.app.parameters["host"])
        assert not socket_dir.is_relative_to(deep)
        assert stat.S_IMODE(socket_dir.stat().st_mode) == 0o700
        assert ask(urls.app, "SELECT 1") == [(1,)]
    socket_dir.rmdir()


def test_a_socket_folder_made_by_somebody_else_is_refused(data_dir: Path) -> None:
    deep = data_dir / ("d" * 60) / ("d" * 60)
    deep.mkdir(parents=True)
    for each in (deep, deep.parent, data_dir):
        each.chmod(0o711)
    socket_dir = Places.of(deep).socket_dir
    socket_dir.mkdir(mode=0o755)
    try:
        with pytest.raises(DatabaseProblem, match="somebody else made it"):
            EmbeddedDatabase(deep).start()
    finally:
        socket_dir.rmdir()


def test_data_of_another_major_version_is_refused_with_the_way_out(data_dir: Path) -> None:
    with EmbeddedDatabase(data_dir).running():
        pass
    (data_dir / "postgres" / "cluster" / "PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseProblem, match=r"made by PostgreSQL 17.*aftermile backup.*aftermile restore"):
        EmbeddedDatabase(data_dir).start()
    database = EmbeddedDatabase(data_dir)
    assert database.claim()
    database.release()


def test_a_pid_file_whose_number_now_belongs_to_another_program_is_no_obstacle(data_dir: Path) -> None:
    with EmbeddedDatabase(data_dir).running():
        written = Places.of(data_dir).postmaster_pid.read_text()
    stale = [str(os.getpid()), *written.splitlines()[1:]]
    Places.of(data_dir).postmaster_pid.write_text("\n".join(stale) + "\n")
    with EmbeddedDatabase(data_dir).running() as urls:
        assert ask(urls.app, "SELECT 1") == [(1,)]


def test_a_lost_password_file_is_said_so(data_dir: Path) -> None:
    with EmbeddedDatabase(data_dir).running():
        pass
    (data_dir / "secrets" / "superuser.pgpass").unlink()
    with pytest.raises(DatabaseProblem, match=r"superuser\.pgpass is missing"):
        EmbeddedDatabase(data_dir).start()


def test_other_passwords_are_made_anew(data_dir: Path) -> None:
    with EmbeddedDatabase(data_dir).running():
        pass
    (data_dir / "secrets" / "app.pgpass").unlink()
    with EmbeddedDatabase(data_dir).running() as urls:
        assert ask(urls.app, "SELECT current_user") == [("aftermile_app",)]


def test_a_server_that_does_not_start_says_why_and_leaves_nothing_behind(data_dir: Path) -> None:
    with pytest.raises(DatabaseProblem, match=r"did not start.*\n.*unrecognized configuration parameter"):
        EmbeddedDatabase(data_dir, settings={"no_such_setting": "1"}).start()
    assert servers_of(data_dir) == []
    with EmbeddedDatabase(data_dir).running() as urls:
        assert ask(urls.app, "SELECT 1") == [(1,)]


@pytest.mark.kill
def test_no_server_outlives_a_parent_that_was_killed(data_dir: Path) -> None:
    other = run_by_another(data_dir)
    database = EmbeddedDatabase(data_dir)
    tell(database.urls.owner, "CREATE TABLE parcel (id int)", "INSERT INTO parcel VALUES (7)")
    killed(other)
    assert eventually(lambda: servers_of(data_dir) == [])
    with database.running() as urls:
        assert ask(urls.app, "SELECT id FROM parcel") == [(7,)]


@pytest.mark.kill
def test_a_restart_need_not_wait_for_the_former_server_to_be_gone(data_dir: Path) -> None:
    other = run_by_another(data_dir)
    tell(
        EmbeddedDatabase(data_dir).urls.owner, "CREATE TABLE parcel (id int)", "INSERT INTO parcel VALUES (7)"
    )
    killed(other)
    with EmbeddedDatabase(data_dir).running() as urls:
        assert ask(urls.app, "SELECT id FROM parcel") == [(7,)]


@pytest.mark.kill
def test_a_server_orphaned_in_spite_of_all_is_stopped_by_the_next_start(data_dir: Path) -> None:
    # The signal its lifeline sends asks it to read its settings, nothing more.
    no_end = """
        import signal
        def on_sighup(command, *, death_signal, uid=None, gid=None, line=lifeline.command_line):
            return line(command, death_signal=signal.SIGHUP, uid=uid, gid=gid)
        lifeline.command_line = on_sighup
    """
    other = run_by_another(data_dir, extra=no_end)
    postmaster = int(Places.of(data_dir).postmaster_pid.read_text().splitlines()[0])
    killed(other)
    time.sleep(0.3)
    assert postmaster in servers_of(data_dir)
    database = EmbeddedDatabase(data_dir)
    with database.running() as urls:
        assert postmaster in database.cleared
        assert ask(urls.app, "SELECT 1") == [(1,)]
        assert postmaster not in servers_of(data_dir)


@pytest.mark.kill
def test_what_was_committed_survives_the_death_of_the_server(data_dir: Path) -> None:
    database = EmbeddedDatabase(data_dir)
    with database.running() as urls:
        tell(urls.owner, "CREATE TABLE parcel (id int)")
        with connect(urls.app) as kept_open:
            kept_open.execute("INSERT INTO parcel SELECT generate_series(1, 1000)")
            assert database.pid is not None
            os.kill(database.pid, signal.SIGKILL)
            assert eventually(lambda: database.exit_code() is not None)
    with EmbeddedDatabase(data_dir).running() as urls:
        assert ask(urls.app, "SELECT count(*) FROM parcel") == [(1000,)]


def test_a_backup_holds_everything_and_is_read_back_whole(data_dir: Path, tmp_path: Path) -> None:
    config = load({"AFTERMILE_DATA_DIR": str(data_dir)})
    file = tmp_path / "shop.dump"
    with embedded_database(config) as urls:
        tell(
            urls.owner,
            "CREATE TABLE parcel (id int)",
            "INSERT INTO parcel VALUES (7)",
            "ALTER TABLE parcel ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE parcel FORCE ROW LEVEL SECURITY",
            "CREATE POLICY few ON parcel USING (id > 5)",
        )
        steps: list[str] = []
        backup(config, file, on_progress=steps.append)  # While it is in use.
        assert 'dumping contents of table "public.parcel"' in steps
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        tell(urls.owner, "INSERT INTO parcel VALUES (8)")
        with pytest.raises(DatabaseInUse):
            restore(config, file, force=True)
    with pytest.raises(DatabaseProblem, match=r"holds 1 tables already\. Say --force"):
        restore(config, file)
    restore(config, file, force=True)
    with embedded_database(config) as urls:
        assert ask(urls.app, "SELECT id, similarity('a', 'a') FROM parcel") == [(7, 1.0)]
        tell(urls.owner, "CREATE TABLE later (id int)")
        tell(urls.app, "INSERT INTO later VALUES (1)")


def test_a_broken_backup_leaves_the_database_as_it_was(data_dir: Path, tmp_path: Path) -> None:
    config = load({"AFTERMILE_DATA_DIR": str(data_dir)})
    file = tmp_path / "shop.dump"
    with embedded_database(config) as urls:
        tell(urls.owner, "CREATE TABLE parcel AS SELECT generate_series(1, 50000) AS id")
        backup(config, file)
    file.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(DatabaseProblem, match="pg_restore failed"):
        restore(config, file, force=True)
    with embedded_database(config) as urls:
        assert ask(urls.app, "SELECT count(*) FROM parcel") == [(50000,)]


def test_an_outside_database_is_saved_and_read_back(running: EmbeddedDatabase, tmp_path: Path) -> None:
    urls = running.create_database("outside")
    assert urls.superuser is not None
    variables = {
        "AFTERMILE_DATA_DIR": str(tmp_path),
        "AFTERMILE_DATABASE_URL": urls.app.url,
        "AFTERMILE_DATABASE_ADMIN_URL": urls.superuser.url,
        "AFTERMILE_POSTGRES_BIN_DIR": str(running.binaries.bin_dir),
    }
    config = load(variables)
    tell(urls.superuser, "CREATE TABLE parcel (id int)", "INSERT INTO parcel VALUES (7)")
    with embedded_database(config) as named:
        assert named == database_urls(config)
        backup(config, tmp_path / "shop.dump")
    tell(urls.superuser, "DELETE FROM parcel")
    restore(config, tmp_path / "shop.dump", force=True)
    assert ask(urls.app, "SELECT id FROM parcel") == [(7,)]


def test_a_role_that_cannot_see_every_row_makes_no_backup(running: EmbeddedDatabase, tmp_path: Path) -> None:
    urls = running.create_database("half_seen")
    tell(
        urls.owner,
        "CREATE TABLE parcel (id int)",
        "ALTER TABLE parcel ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE parcel FORCE ROW LEVEL SECURITY",
    )
    config = load(
        {
            "AFTERMILE_DATA_DIR": str(tmp_path),
            "AFTERMILE_DATABASE_URL": urls.owner.url,
            "AFTERMILE_POSTGRES_BIN_DIR": str(running.binaries.bin_dir),
        }
    )
    with pytest.raises(DatabaseProblem, match="set AFTERMILE_DATABASE_ADMIN_URL to one with BYPASSRLS"):
        backup(config, tmp_path / "shop.dump")
    assert not (tmp_path / "shop.dump").exists()


def test_an_outside_database_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    variables = {
        "AFTERMILE_DATA_DIR": str(tmp_path),
        "AFTERMILE_DATABASE_URL": "postgresql://shop:hunter2@127.0.0.1:1/shop",
    }
    with pytest.raises(DatabaseProblem, match="cannot be reached") as caught:
        backup(load(variables), tmp_path / "shop.dump")
    assert "hunter2" not in str(caught.value)


def test_programs_may_come_from_another_folder(open_folder: Path) -> None:
    copy = copied(find_binaries(), open_folder / "copy")
    assert copied(find_binaries(), open_folder / "copy") == copy
    named = find_binaries(copy.bin_dir)
    assert (named.source, named.major) == ("the setting postgres_bin_dir", find_binaries().major)
    with EmbeddedDatabase(open_folder / "by-copy", named.bin_dir).running() as urls:
        assert ask(urls.app, "SELECT 1") == [(1,)]


def test_programs_that_are_too_old_are_refused(tmp_path: Path) -> None:
    for name in ("initdb", "postgres", "psql", "pg_dump", "pg_restore"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 16.4 (Debian 16.4-1)'\n")
        (tmp_path / name).chmod(0o755)
    assert Binaries(tmp_path, "here").major == 16
    with pytest.raises(DatabaseProblem, match=r"PostgreSQL 16 in .* is too old to be embedded: 17 or newer"):
        find_binaries(tmp_path)


def test_a_folder_without_programs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseProblem, match="initdb is missing from"):
        find_binaries(tmp_path)


@pytest.mark.skipif(not IS_ROOT, reason="only root has folders that the database's user cannot enter")
def test_root_may_keep_its_data_where_nobody_else_may_go(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    data_dir = closed / "data"
    with EmbeddedDatabase(data_dir).running() as urls:
        assert ask(urls.app, "SELECT 1") == [(1,)]
        lies_in = (data_dir / "postgres").readlink()
        assert lies_in.parent == Path("/var/lib/aftermile")
    with EmbeddedDatabase(data_dir).running() as urls:
        assert ask(urls.app, "SELECT 1") == [(1,)]
    subprocess.run(["rm", "-rf", str(lies_in)], check=True)


@pytest.mark.skipif(not IS_ROOT, reason="the other tests run as an ordinary user already")
def test_an_ordinary_user_runs_it_as_itself(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    folder = open_folder / "nobody"
    folder.mkdir()
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    code = (
        "import os, sys; from pathlib import Path; from aftermile.project.database import EmbeddedDatabase\n"
        "database = EmbeddedDatabase(Path(sys.argv[1]))\n"
        "with database.running(): print(os.stat(f'/proc/{database.pid}').st_uid == os.geteuid() != 0)\n"
    )
    packages = Path(psycopg.__file__).parents[1]
    run_as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}
    for interpreter in (sys.executable, "/usr/bin/python3"):
        try:
            ran = subprocess.run(
                [interpreter, "-c", code, str(folder / "data")],
                env={"PYTHONPATH": f"{SOURCE}{os.pathsep}{packages}", "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                check=False,
                **run_as,
            )
        except PermissionError:
            continue
        assert (ran.stdout, ran.stderr) == ("True\n", "")
        return
    pytest.skip("no interpreter here may be run by the user nobody")
