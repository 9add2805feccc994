"""Where everything of the embedded database lies.

data folder/
  secrets/owner.pgpass, app.pgpass, superuser.pgpass    passwords, mode 0600, in libpq's own format
  postgres/                  everything PostgreSQL touches; a link where the data folder is closed to it
    cluster/                 its data
    run/                     its Unix socket
    log/                     its log, a file per weekday
    tuning.conf              the operator's own settings, if any
    lock                     held by the process that runs the server
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from aftermile.project.database.problems import DatabaseProblem

#: The address of a Unix socket ends after this many bytes: 107 on Linux, 103 on macOS.
LONGEST_SOCKET_PATH = 103
PORT = 5432
#: For root: where the database lies if the data folder cannot be entered by the database's user.
OPEN_PLACE = Path("/var/lib/aftermile")


@dataclass(frozen=True)
class Places:
    """The paths of one data folder. Makes nothing."""

    data_dir: Path

    @classmethod
    def of(cls, data_dir: Path) -> Places:
        return cls(data_dir=data_dir.expanduser().resolve())

    @property
    def fingerprint(self) -> str:
        """Twelve letters that stand for this data folder in places shared with others."""
        return hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]

    @property
    def home(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def start_log(self) -> Path:
        return self.log / "start.log"

    @property
    def lock(self) -> Path:
        return self.home / "lock"

    @property
    def postmaster_pid(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def provisioned(self) -> Path:
        """Exists once roles, database and extensions are there."""
        return self.cluster / "aftermile.provisioned"

    @property
    def socket_dir(self) -> Path:
        """The folder of the Unix socket: beside the data, or under /tmp where that path would be too long."""
        beside = self.home / "run"
        if len(os.fsencode(beside / f".s.PGSQL.{PORT}.lock")) <= LONGEST_SOCKET_PATH:
            return beside
        # Not TMPDIR: it differs between sessions and is long on macOS. Ownership and mode are checked on use.
        return Path("/tmp") / f"aftermile-{self.fingerprint}"  # noqa: S108

    def password_file(self, role: str) -> Path:
        """Return the path of a role's password file, in the format libpq reads as `passfile`."""
        return self.data_dir / "secrets" / f"{role}.pgpass"


def make_folder(path: Path, mode: int = 0o700) -> None:
    """Make a folder with those above it.

    :raises DatabaseProblem: it cannot be made.
    """
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseProblem(
            f"The folder {path} cannot be made: {error.strerror}. Choose another with AFTERMILE_DATA_DIR."
        ) from error
