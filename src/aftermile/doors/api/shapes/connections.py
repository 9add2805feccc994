"""Connections and inbound records as the API takes and gives them."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from aftermile.doors.api.fields import WHOLE, ConnectionId, Given, RecordId, Taken, Word
from aftermile.intake.public import ConnectionView, RecordView


class ConnectionTaken(Taken):
    """A storefront, carrier or aggregator to connect."""

    connector: Word = Field(description="The slug of the connector.", examples=["shopify"])
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    credentials: dict[Word, Annotated[str, StringConstraints(max_length=10_000)]] = Field(
        {},
        max_length=50,
        description="What the connector needs, by name; its page in the documentation says.",
    )


class ConnectionGiven(Given):
    """A connection; of its secrets only the names."""

    id: ConnectionId
    connector: str
    name: str
    address: str | None = Field(
        description="The unguessable end of the address its webhooks go to. Null in the answer to a repeat."
    )
    settings: dict[str, str]
    secret_names: list[str]
    created_at: datetime
    disabled_at: datetime | None


class RecordSummary(Given):
    """Something that came in, without its content."""

    id: RecordId
    connection_id: ConnectionId
    origin: str = Field(description="`webhook`, `poll` or `backfill`.")
    kind: str = Field(description="The sender's own word for what it is.")
    status: str = Field(description="`pending`, `digested`, `quarantined` or `erased`.")
    reason: str = Field(description="Why it is in quarantine.")
    received_at: datetime
    digested_at: datetime | None


class RecordGiven(RecordSummary):
    """Something that came in, exactly as it came."""

    headers: dict[str, str]
    body: str
    body_encoding: Literal["text", "base64"] = Field(description="`base64` where the body is not UTF-8.")


class ReplaysTaken(Taken):
    """Which records to read again."""

    status: Literal["quarantined", "digested"] = "quarantined"
    connection_id: ConnectionId | None = None
    limit: Annotated[int, Field(ge=1, le=100_000), WHOLE] = 10_000


class Replayed(Given):
    """How many records wait to be read again."""

    count: int


def connection_given(view: ConnectionView) -> ConnectionGiven:
    """Write a connection."""
    return ConnectionGiven(
        id=view.id,
        connector=view.connector,
        name=view.name,
        address=view.address,
        settings=dict(view.settings),
        secret_names=list(view.secret_names),
        created_at=view.created_at,
        disabled_at=view.disabled_at,
    )


def record_summary(view: RecordView) -> RecordSummary:
    """Write a record without its content."""
    return RecordSummary(
        id=view.id,
        connection_id=view.connection_id,
        origin=view.origin,
        kind=view.kind,
        status=view.status,
        reason=view.reason,
        received_at=view.received_at,
        digested_at=view.digested_at,
    )


def record_given(view: RecordView) -> RecordGiven:
    """Write a record with its content."""
    summary, headers, body = dict(record_summary(view)), dict(view.headers), view.body or b""
    try:
        return RecordGiven(**summary, headers=headers, body=body.decode(), body_encoding="text")
    except UnicodeDecodeError:
        return RecordGiven(**summary, headers=headers, body=b64encode(body).decode(), body_encoding="base64")
