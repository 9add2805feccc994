"""Make, disable and find connections."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from uuid import UUID

from aftermile.connectors.contracts.sockets import Connector, told_to_another_host
from aftermile.connectors.registry import UnknownConnector
from aftermile.connectors.registry import connector as connector_of
from aftermile.intake.events import ConnectionChanged, ConnectionDisabled, ConnectionEnabled, ConnectionMade
from aftermile.intake.models import Connection
from aftermile.kernel.errors import Invalid, NotFound
from aftermile.kernel.events import publish
from aftermile.kernel.ids import public_id, uuid7
from aftermile.kernel.secrets import box
from aftermile.kernel.tenancy import current_merchant_id, merchant_scope
from aftermile.kernel.tokens import mint_token, read_token


class ConnectorUnknown(Invalid):
    """No connector is called so."""

    code = "connector_unknown"


class CredentialsUnusable(Invalid):
    """A credential is missing, empty or not one the connector knows."""

    code = "credentials_unusable"


class ConnectionNotFound(NotFound):
    """No connection of this merchant has the id or address."""

    code = "connection_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionView:
    """A connection as staff see it; secrets are only named."""

    id: UUID
    connector: str
    name: str
    address: str
    settings: Mapping[str, str]
    secret_names: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSummary:
    """A connection without anything sealed: cheap to list."""

    id: UUID
    connector: str
    name: str
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenConnection:
    """A connection with its secrets, for verifying and asking. Never logged or stored."""

    id: UUID
    merchant_id: UUID
    connector: Connector
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    disabled: bool

    @property
    def source(self) -> str:
        """The namespace of this connection's external ids, and who acts in its name."""
        return public_id("con", self.id)

    @property
    def credentials(self) -> Mapping[str, str]:
        return {**self.settings, **self.secrets}


def connect(
    *, connector: str, name: str, credentials: Mapping[str, str], by: str, at: datetime
) -> ConnectionView:
    """Make a connection and its address.

    :raises ConnectorUnknown: no such connector.
    :raises CredentialsUnusable: a required credential is missing, or one is not known.
    """
    try:
        plug = connector_of(connector)
    except UnknownConnector:
        raise ConnectorUnknown(f"There is no connector called {connector!r}.") from None
    secrets, settings = _sorted_out(plug, credentials)
    token = mint_token("in", current_merchant_id())
    row = Connection(
        id=uuid7(),
        connector=plug.slug,
        name=name or plug.name,
        address_digest=token.digest,
        sealed_address=box().seal({"address": token.text}),
        sealed_secrets=box().seal(secrets),
        settings=settings,
        created_at=at,
    )
    row.save(force_insert=True)
    publish(ConnectionMade(row.id, plug.slug), by=by, at=at)
    return view_of(row)


def disable(*, connection_id: UUID, by: str, at: datetime) -> ConnectionView:
    """Switch a connection off: its address answers 404. A second call changes nothing.

    :raises ConnectionNotFound: no such connection.
    """
    row = _held(connection_id)
    if row.disabled_at is None:
        row.disabled_at = at
        row.save(update_fields=["disabled_at"])
        publish(ConnectionDisabled(row.id), by=by, at=at)
    return view_of(row)


def enable(*, connection_id: UUID, by: str, at: datetime) -> ConnectionView:
    """Switch a connection on again, at the address it had. A second call changes nothing.

    :raises ConnectionNotFound: no such connection.
    """
    row = _held(connection_id)
    if row.disabled_at is not None:
        row.disabled_at = None
        row.save(update_fields=["disabled_at"])
        publish(ConnectionEnabled(row.id), by=by, at=at)
    return view_of(row)


def rename(*, connection_id: UUID, name: str, by: str, at: datetime) -> str:
    """Give a connection another name; return the one it had. An empty one makes it the connector's.

    :raises ConnectionNotFound: no such connection.
    """
    row = _held(connection_id)
    before = row.name
    row.name = name.strip()[:LONGEST_NAME] or connector_of(row.connector).name
    if row.name != before:
        row.save(update_fields=["name"])
        publish(ConnectionChanged(row.id, "name"), by=by, at=at)
    return before


def replace_credentials(
    *, connection_id: UUID, credentials: Mapping[str, str], by: str, at: datetime
) -> ConnectionView:
    """Put new credentials in the place of the old; a secret that is not given stays as it is.

    What is not secret is replaced as a whole: it was shown, so what is missing was taken away.

    :raises ConnectionNotFound: no such connection.
    :raises CredentialsUnusable: a required credential would be missing, one is not known, or one that is kept would
        be told to another host.
    """
    row = _held(connection_id)
    plug = connector_of(row.connector)
    held = box().open(bytes(row.sealed_secrets))
    given = {name: value for name, value in credentials.items() if value.strip()}
    secrets, settings = _sorted_out(plug, {**held, **given})
    if again := sorted(told_to_another_host(plug.credentials, row.settings, given) & set(held) - set(given)):
        raise CredentialsUnusable(
            f"What is kept was given for another address; with a new one, give {', '.join(again)} again."
        )
    row.sealed_secrets, row.settings = box().seal(secrets), settings
    row.save(update_fields=["sealed_secrets", "settings"])
    publish(ConnectionChanged(row.id, "credentials"), by=by, at=at)
    forget_remembered()
    return view_of(row)


def rotate_address(*, connection_id: UUID, by: str, at: datetime) -> ConnectionView:
    """Give a connection a new address; the old one answers 404 at once, in other processes a few seconds later.

    :raises ConnectionNotFound: no such connection.
    """
    row = _held(connection_id)
    token = mint_token("in", current_merchant_id())
    row.address_digest, row.sealed_address = token.digest, box().seal({"address": token.text})
    row.save(update_fields=["address_digest", "sealed_address"])
    publish(ConnectionChanged(row.id, "address"), by=by, at=at)
    forget_remembered()
    return view_of(row)


def list_connections() -> list[ConnectionView]:
    """List the merchant's connections, newest first."""
    return [view_of(row) for row in Connection.rows().order_by("-id")]


def summaries() -> list[ConnectionSummary]:
    """List the merchant's connections, newest first, without opening what is sealed: one query."""
    columns = ("id", "connector", "name", "created_at", "disabled_at")
    return [
        ConnectionSummary(id=id_, connector=slug, name=name, created_at=made, disabled_at=off)
        for id_, slug, name, made, off in Connection.rows().order_by("-id").values_list(*columns)
    ]


def connection(connection_id: UUID) -> ConnectionView:
    """Return one connection.

    :raises ConnectionNotFound: no such connection.
    """
    row = Connection.rows().filter(id=connection_id).first()
    if row is None:
        raise ConnectionNotFound("There is no such connection.")
    return view_of(row)


def _held(connection_id: UUID) -> Connection:
    row = Connection.rows().select_for_update().filter(id=connection_id).first()
    if row is None:
        raise ConnectionNotFound("There is no such connection.")
    return row


def _sorted_out(plug: Connector, credentials: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the secrets among a connector's credentials, and the rest."""
    known = {field.name: field for field in plug.credentials}
    strange = sorted(set(credentials) - set(known))
    missing = sorted(n for n, f in known.items() if f.required and not credentials.get(n, "").strip())
    if strange:
        raise CredentialsUnusable(
            f"{plug.name} knows no credential {strange[0]!r}; it takes {', '.join(known) or 'none'}."
        )
    if missing:
        raise CredentialsUnusable(f"{plug.name} needs {', '.join(missing)}.")
    return (
        {name: value for name, value in credentials.items() if known[name].secret},
        {name: value for name, value in credentials.items() if not known[name].secret},
    )


def view_of(row: Connection) -> ConnectionView:
    return ConnectionView(
        id=row.id,
        connector=row.connector,
        name=row.name,
        address=box().open(bytes(row.sealed_address))["address"],
        settings=row.settings,
        secret_names=tuple(sorted(box().open(bytes(row.sealed_secrets)))),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )


def open_connection(row: Connection) -> OpenConnection:
    return OpenConnection(
        row.id,
        row.merchant_id,
        connector_of(row.connector),
        row.settings,
        box().open(bytes(row.sealed_secrets)),
        row.disabled_at is not None,
    )


LONGEST_NAME = 80
#: A disabled connection may still be answered for this long by another process.
REMEMBERED_SECONDS = 5.0
_remembered: dict[str, tuple[float, OpenConnection]] = {}
_lock = Lock()


def connection_at(address: str) -> OpenConnection:
    """Return the connection with this address, remembered for a few seconds so that a stream of webhooks
    does not ask the database for it each time.

    :raises BadToken: no address of ours.
    :raises ConnectionNotFound: no connection has it, or it is disabled.
    """
    return remembered_connection(address) or _ask_for_connection(address)


def remembered_connection(address: str) -> OpenConnection | None:
    """Return the connection with this address if it is remembered; never asks the database.

    :raises ConnectionNotFound: it is disabled.
    """
    until, held = _remembered.get(address, (0.0, None))
    return _enabled(held) if held is not None and until >= time.monotonic() else None


def forget_remembered() -> None:
    """Forget, in this process, what was remembered of connections: an address or a secret has changed."""
    with _lock:
        _remembered.clear()


def _ask_for_connection(address: str) -> OpenConnection:
    until = time.monotonic() + REMEMBERED_SECONDS
    named = read_token("in", address)
    with merchant_scope(named.merchant_id):
        row = Connection.rows().filter(address_digest=named.digest).first()
    if row is None:
        raise ConnectionNotFound("There is no such connection.")
    held = open_connection(row)
    with _lock:
        if len(_remembered) > 10_000:
            _remembered.clear()
        _remembered[address] = (until, held)
    return _enabled(held)


def _enabled(held: OpenConnection) -> OpenConnection:
    if held.disabled:
        raise ConnectionNotFound("There is no such connection.")
    return held
