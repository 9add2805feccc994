"""Make the embedded database: its files, its settings, its roles. Each step may be cut off and repeated."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from aftermile.project.database.account import Account
from aftermile.project.database.binaries import Binaries
from aftermile.project.database.places import OPEN_PLACE, Places, make_folder
from aftermile.project.database.problems import DatabaseProblem
from aftermile.project.database.targets import APP, DATABASE, OWNER, SUPERUSER, Target, embedded_urls

#: Bounds the pools of all processes together: `aftermile.project.config` checks their sum against it.
CONNECTION_LIMIT = 60
EXTENSIONS = ("pg_trgm", "unaccent")
#: Lets the lists' search use its indexes. Behind row-level security PostgreSQL uses an index only for functions that
#: are declared to tell nothing of the rows they see; these tell nothing (their errors are about the pattern alone),
#: and only a superuser may say so.
LEAKPROOF = (
    "ALTER FUNCTION textlike(text, text) LEAKPROOF;\n"
    "ALTER FUNCTION word_similarity_commutator_op(text, text) LEAKPROOF;\n"
)

# Small on purpose (everything that `serve` starts stays under 300 MB), durable without exception, and a log
# that holds neither statements nor values: those are personal data.
_SETTINGS = f"""\
# Written anew at every start. Your own settings belong in tuning.conf, one folder up.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = {CONNECTION_LIMIT}
password_encryption = 'scram-sha-256'
fsync = on
synchronous_commit = on
full_page_writes = on
wal_level = replica
max_wal_senders = 0
max_wal_size = '1GB'
checkpoint_timeout = '10min'
shared_buffers = '32MB'
work_mem = '8MB'
maintenance_work_mem = '64MB'
effective_cache_size = '512MB'
random_page_cost = 1.1
jit = off
io_method = sync
max_logical_replication_workers = 0
max_worker_processes = 4
max_parallel_workers_per_gather = 1
idle_in_transaction_session_timeout = '10min'
timezone = 'UTC'
lc_messages = 'C'
logging_collector = on
log_directory = '../log'
log_filename = 'postgres-%a.log'
log_truncate_on_rotation = on
log_rotation_age = '1d'
log_rotation_size = 0
log_file_mode = 0600
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u '
log_error_verbosity = terse
log_min_error_statement = panic
log_checkpoints = off
include_if_exists = '../tuning.conf'
"""

_WHO_MAY_COME = "local all all scram-sha-256\n"


def clean_environment() -> dict[str, str]:
    """Return an environment without the caller's locale and PG* variables, which PostgreSQL would obey."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def prepare_places(places: Places, account: Account) -> None:
    """Make the folders. As root, a data folder closed to the database's user gets a link to an open place.

    :raises DatabaseProblem: a folder cannot be made or is not safe to use.
    """
    make_folder(places.data_dir, 0o711 if account.is_other else 0o700)
    home = places.home
    make_folder(home)
    if home.stat().st_uid != account.uid:
        account.take(home, 0o700)
        if not account.may_enter(home.resolve()):
            home.rmdir()
            make_folder(OPEN_PLACE, 0o755)
            # A new one each time: whoever removed the data folder meant to begin anew.
            elsewhere = Path(tempfile.mkdtemp(prefix=f"{places.fingerprint}-", dir=OPEN_PLACE))
            account.take(elsewhere, 0o700)
            home.symlink_to(elsewhere)
    if not account.may_enter(home.resolve()):
        raise DatabaseProblem(
            f"The system user {account.name} cannot enter {home.resolve()}: open the folders above it with"
            " `chmod o+x`, or choose another data folder with AFTERMILE_DATA_DIR."
        )
    for folder in (places.log, places.socket_dir):
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            account.take(folder, 0o700)
    found = places.socket_dir.lstat()
    if places.socket_dir.is_symlink() or found.st_uid != account.uid or found.st_mode & 0o077:
        raise DatabaseProblem(
            f"{places.socket_dir} is not a folder of {account.name} alone (mode 0700): somebody else made it."
            " Remove it, or choose a data folder with a shorter path."
        )


def make_cluster(places: Places, binaries: Binaries, account: Account) -> None:
    """Run initdb once, and write the settings.

    :raises DatabaseProblem: initdb failed, or the files are of another major version.
    """
    if not places.cluster.is_dir():
        _initdb(places, binaries, account)
    if not (password_file := places.password_file("superuser")).exists():
        raise DatabaseProblem(
            f"{password_file} is missing, and only it opens the database in {places.home}: put it back from"
            " your own copy of the data folder."
        )
    _check_version(places, binaries)
    for name, text in {"aftermile.conf": _SETTINGS, "pg_hba.conf": _WHO_MAY_COME}.items():
        path = places.cluster / name
        path.write_text(text)
        account.take(path, 0o600)


def _initdb(places: Places, binaries: Binaries, account: Account) -> None:
    # Resolved: the database's user may not be able to pass through the data folder.
    home = places.home.resolve()
    unfinished = home / "cluster.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    password = _password(places, "superuser", SUPERUSER)
    password_file = home / "initial-password"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    account.take(password_file, 0o600)
    try:
        made = subprocess.run(  # noqa: S603
            [
                binaries.path("initdb"),
                *("-D", str(unfinished), "-U", SUPERUSER, "-A", "scram-sha-256"),
                *(f"--pwfile={password_file}", "--encoding=UTF8", "--locale=C"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
            ],
            cwd="/",
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
            umask=0o077,
            **account.run_as(),
        )
    finally:
        password_file.unlink()
    if made.returncode != 0:
        raise DatabaseProblem(f"The database in {places.home} could not be made: {made.stderr.strip()}")
    with (unfinished / "postgresql.conf").open("a") as settings:
        settings.write("\ninclude 'aftermile.conf'\n")
    # Its name appears when it is whole: a start that was cut off begins anew.
    unfinished.rename(places.cluster)


def _check_version(places: Places, binaries: Binaries) -> None:
    version = (places.cluster / "PG_VERSION").read_text().strip()
    if version != str(binaries.major):
        raise DatabaseProblem(
            f"The database in {places.cluster} was made by PostgreSQL {version}, and these programs are"
            f" {binaries.major} ({binaries.source}). Carry it over: with the Aftermile that made it (or with"
            f" AFTERMILE_POSTGRES_BIN_DIR at a PostgreSQL {version}) run `aftermile backup before.dump`; move"
            f" {places.home} aside; with this Aftermile run `aftermile restore before.dump`."
        )


def provision(places: Places, binaries: Binaries) -> None:
    """Make roles, database and extensions in the running server; once is enough.

    :raises DatabaseProblem: a statement failed.
    """
    files = {"owner": OWNER, "app": APP}
    if places.provisioned.exists() and all(places.password_file(file).exists() for file in files):
        return
    owner, app = (_password(places, file, role) for file, role in files.items())
    # Not the application's: it may not make tables, nor see past row-level security.
    powers = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION NOCREATEDB"
    run_sql(
        binaries,
        _as_superuser(places).to("postgres"),
        # Names and passwords are our own, of letters and digits.
        f"SELECT 'CREATE ROLE {OWNER}' WHERE to_regrole('{OWNER}') IS NULL \\gexec\n"
        f"SELECT 'CREATE ROLE {APP}' WHERE to_regrole('{APP}') IS NULL \\gexec\n"
        f"ALTER ROLE {OWNER} {powers} PASSWORD '{owner}';\n"
        f"ALTER ROLE {APP} {powers} PASSWORD '{app}';\n"
        f"REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;\n",
    )
    create_database(places, binaries, DATABASE)
    places.provisioned.touch()


def create_database(places: Places, binaries: Binaries, name: str, *, empty: bool = False) -> None:
    """Make a database with our owner, extensions and the application's rights, where there is none yet.

    :param empty: leave extensions and rights to a dump that will be read into it.
    :raises DatabaseProblem: a statement failed.
    """
    superuser = _as_superuser(places)
    run_sql(
        binaries,
        superuser.to("postgres"),
        f"SELECT 'CREATE DATABASE {name} OWNER {OWNER}'"
        f" WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec\n"
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;\n"
        f"GRANT CONNECT ON DATABASE {name} TO {APP};\n",
    )
    if not empty:
        extensions = "".join(f"CREATE EXTENSION IF NOT EXISTS {each};\n" for each in EXTENSIONS)
        run_sql(binaries, superuser.to(name), extensions + LEAKPROOF + rights_of(app=APP, owner=OWNER))


def rights_of(*, app: str, owner: str) -> str:
    """Return the SQL that lets `app` read and write rows, no more, of tables `owner` makes from now on."""
    future = f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
    return (
        f"GRANT USAGE ON SCHEMA public TO {app};\n"
        f"{future} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};\n"
        f"{future} GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {app};\n"
    )


def run_sql(binaries: Binaries, target: Target, sql: str) -> None:
    """Run statements through psql, stopping at the first that fails.

    psql, so that the supervisor needs no driver in memory.

    :raises DatabaseProblem: a statement failed.
    """
    ran = subprocess.run(  # noqa: S603
        [binaries.path("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"],
        input=sql,
        env={**clean_environment(), **target.environment(), "PGOPTIONS": "-c client_min_messages=warning"},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise DatabaseProblem(f"The database could not be set up: {ran.stderr.strip()}")


def _as_superuser(places: Places) -> Target:
    superuser = embedded_urls(places.data_dir).superuser
    assert superuser is not None
    return superuser


def _password(places: Places, file: str, role: str) -> str:
    """Return a role's password, making it the first time."""
    path = places.password_file(file)
    if path.exists():
        return path.read_text().strip().rpartition(":")[2]
    make_folder(path.parent)
    password = secrets.token_hex(32)
    _write_secret(path, f"*:*:*:{role}:{password}\n")
    return password


def _write_secret(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
