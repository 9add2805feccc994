"""The system user that runs the database. PostgreSQL refuses to run as root, so root picks somebody else."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aftermile.project.database.problems import DatabaseProblem

OUR_USER = "aftermile"
#: Taken where a user of our own cannot be made: PostgreSQL's usual ones on Linux and macOS.
_OTHERS = ("postgres", "_postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A system user, and whether we have to change to it."""

    name: str
    uid: int
    gid: int
    is_other: bool

    def run_as(self) -> dict[str, Any]:
        """Return the arguments that make `subprocess` run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}

    def may_enter(self, path: Path) -> bool:
        """Say whether the user reaches this folder, or may run this program.

        Tried rather than computed: modes, access lists and file systems all have a say.
        """
        try:
            return (
                subprocess.run(  # noqa: S603
                    ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)], cwd="/", check=False, **self.run_as()
                ).returncode
                == 0
            )
        except PermissionError:
            return False

    def take(self, path: Path, mode: int) -> None:
        """Give a file or folder to this user."""
        path.chmod(mode)
        if self.is_other:
            os.chown(path, self.uid, self.gid)


def choose_account(home: Path) -> Account:
    """Choose the user: ourselves, or as root the owner of the database there is, or a user made for it.

    :param home: the folder of the database, there or not.
    :raises DatabaseProblem: the database belongs to somebody else and we are not root, or there is no user.
    """
    owner = home.stat().st_uid if home.is_dir() else None
    if os.geteuid() != 0:
        return _ourselves(home, owner)
    if owner:
        return _of(pwd.getpwuid(owner))
    if (made := _named(OUR_USER) or _make(OUR_USER)) is not None:
        return made
    for name in _OTHERS:
        if (found := _named(name)) is not None:
            return found
    raise DatabaseProblem(
        "PostgreSQL does not run as root and no other system user was found. Make one (`useradd --system"
        f" {OUR_USER}`), or run this command as an ordinary user."
    )


def _ourselves(home: Path, owner: int | None) -> Account:
    us = os.geteuid()
    if owner is not None and owner != us:
        raise DatabaseProblem(
            f"The database in {home} belongs to the system user {_name_of(owner)}, and this command runs as"
            f" {_name_of(us)}: it was started as root before. Run it as root again,"
            " or choose another data folder."
        )
    return Account(name=_name_of(us), uid=us, gid=os.getegid(), is_other=False)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"  # Containers often run as a number without a name.


def _of(entry: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, is_other=True)


def _named(name: str) -> Account | None:
    try:
        return _of(pwd.getpwnam(name))
    except KeyError:
        return None


def _make(name: str) -> Account | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    subprocess.run(  # noqa: S603
        [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", name],
        check=False,
        capture_output=True,
    )
    return _named(name)  # Also when another process was quicker.
