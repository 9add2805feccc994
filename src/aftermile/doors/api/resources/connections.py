"""Connections: what is plugged in, and where it delivers."""

from __future__ import annotations

from ninja import Router

from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import ConnectionId, Limit
from aftermile.doors.api.paging import DEFAULT_LIMIT, Page, cut
from aftermile.doors.api.shapes.connections import ConnectionGiven, ConnectionTaken, connection_given
from aftermile.intake.public import (
    ConnectionNotFound,
    ConnectorUnknown,
    CredentialsUnusable,
    connect,
    connection,
    disable,
    list_connections,
)
from aftermile.kernel.access import Caller
from aftermile.kernel.clock import now

router = Router(tags=["Connections"])


def _without_address(made: ConnectionGiven) -> ConnectionGiven:
    return made.model_copy(update={"address": None})


@endpoint(
    router,
    "POST",
    "/connections",
    scope="connections:write",
    returns=ConnectionGiven,
    refusals=[ConnectorUnknown, CredentialsUnusable],
    stored=_without_address,
)
def make_connection(caller: Caller, connection: ConnectionTaken) -> ConnectionGiven:
    """Connect a storefront, carrier or aggregator.

    The answer holds the end of the address to enter there for webhooks. Secrets are kept encrypted and
    are not shown again.
    """
    made = connect(
        connector=connection.connector,
        name=connection.name,
        credentials=connection.credentials,
        by=caller.name,
        at=now(),
    )
    return connection_given(made)


@endpoint(router, "GET", "/connections", scope="connections:read", returns=Page[ConnectionGiven])
def list_all_connections(
    cursor: ConnectionId | None = None, limit: Limit = DEFAULT_LIMIT
) -> Page[ConnectionGiven]:
    """List connections, newest first."""
    found = [view for view in list_connections() if cursor is None or view.id < cursor]
    page, next_cursor = cut(found, limit, "con")
    return Page[ConnectionGiven](data=[connection_given(view) for view in page], next_cursor=next_cursor)


@endpoint(
    router,
    "GET",
    "/connections/{connection_id}",
    scope="connections:read",
    returns=ConnectionGiven,
    refusals=[ConnectionNotFound],
)
def read_connection(connection_id: ConnectionId) -> ConnectionGiven:
    """Read a connection."""
    return connection_given(connection(connection_id))


@endpoint(
    router,
    "POST",
    "/connections/{connection_id}/disabling",
    scope="connections:write",
    returns=ConnectionGiven,
    refusals=[ConnectionNotFound],
    stored=_without_address,
)
def disable_connection(caller: Caller, connection_id: ConnectionId) -> ConnectionGiven:
    """Disable a connection.

    Its address answers 404 from then on, in other processes up to five seconds later. What came in
    before is kept. Again: nothing changes.
    """
    return connection_given(disable(connection_id=connection_id, by=caller.name, at=now()))
