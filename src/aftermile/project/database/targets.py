"""What to connect to, and as whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from aftermile.project.database.places import PORT, Places

if TYPE_CHECKING:
    from aftermile.project.config import Config

DATABASE = "aftermile"
SUPERUSER = "postgres"
OWNER = "aftermile_owner"
APP = "aftermile_app"

#: libpq's environment variable for each parameter of a connection that a program may need.
_ENVIRONMENT = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "application_name": "PGAPPNAME",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslnegotiation": "PGSSLNEGOTIATION",
    "channel_binding": "PGCHANNELBINDING",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "gssencmode": "PGGSSENCMODE",
}


@dataclass(frozen=True)
class Target:
    """One database seen by one role, as the parameters libpq and psycopg know."""

    #: Hidden from `repr`: may hold a password.
    parameters: Mapping[str, str] = field(repr=False)

    @property
    def role(self) -> str:
        return self.parameters.get("user", "")

    @property
    def url(self) -> str:
        """The address as a URL. Secret where it holds a password (the embedded one's never does)."""
        rest = dict(self.parameters)
        user, password, dbname = rest.pop("user", ""), rest.pop("password", ""), rest.pop("dbname", "")
        account = quote(user, safe="") + (":" + quote(password, safe="") if password else "")
        address = f"postgresql://{account + '@' if account else ''}/{quote(dbname, safe='')}"
        return f"{address}?{urlencode(rest, quote_via=quote)}" if rest else address

    def to(self, dbname: str) -> Target:
        """The same server and role, another database."""
        return Target({**self.parameters, "dbname": dbname})

    def environment(self) -> dict[str, str]:
        """Return the environment in which PostgreSQL's programs find this target.

        The environment, because a command line can be read by every user of the machine.
        """
        return {_ENVIRONMENT[key]: value for key, value in self.parameters.items() if key in _ENVIRONMENT}

    def django(self) -> dict[str, Any]:
        """Return an entry for Django's `DATABASES`."""
        rest = dict(self.parameters)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": rest.pop("dbname", ""),
            "USER": rest.pop("user", ""),
            "PASSWORD": rest.pop("password", ""),
            "HOST": rest.pop("host", ""),
            "PORT": rest.pop("port", ""),
            "OPTIONS": rest,
        }


@dataclass(frozen=True)
class DatabaseUrls:
    """The same database as its three roles see it.

    `app` may read and write rows and is bound by row-level security. `owner` owns the tables and runs
    migrations. `superuser` is there only where the database is ours.
    """

    app: Target
    owner: Target
    superuser: Target | None = None


def embedded_urls(data_dir: Path) -> DatabaseUrls:
    """Return the addresses of a data folder's own database, running or not.

    They hold no password but the path of the file with it, so they may be made before the first start.
    """
    places = Places.of(data_dir)

    def seen_by(user: str, file: str, dbname: str = DATABASE) -> Target:
        return Target(
            {
                "host": str(places.socket_dir),
                "port": str(PORT),
                "dbname": dbname,
                "user": user,
                "passfile": str(places.password_file(file)),
            }
        )

    return DatabaseUrls(
        app=seen_by(APP, "app"), owner=seen_by(OWNER, "owner"), superuser=seen_by(SUPERUSER, "superuser")
    )


def database_urls(config: Config) -> DatabaseUrls:
    """Return the addresses of the configured database, embedded or outside. Starts and reaches nothing."""
    if config.database_url is None:
        return embedded_urls(config.data_dir)
    app = target_of(config.database_url.get_secret_value())
    owner = target_of((config.database_admin_url or config.database_url).get_secret_value())
    return DatabaseUrls(app=app, owner=owner)


def target_of(url: str) -> Target:
    """Read a libpq URL."""
    from psycopg.conninfo import conninfo_to_dict

    return Target({key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None})


def django_database(config: Config, *, as_owner: bool = False) -> dict[str, Any]:
    """Return the entry for Django's `DATABASES`: the application's role, or the owner for migrations."""
    urls = database_urls(config)
    return (urls.owner if as_owner else urls.app).django()
