"""What happens at the gate."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from aftermile.kernel.events import event


@event("connection.made", outside="A storefront or carrier was connected.")
@dataclass(frozen=True, slots=True)
class ConnectionMade:
    connection_id: UUID
    connector: str


@event("connection.disabled", outside="A connection was switched off.")
@dataclass(frozen=True, slots=True)
class ConnectionDisabled:
    connection_id: UUID


@event("connection.enabled", outside="A connection that was off was switched on again.")
@dataclass(frozen=True, slots=True)
class ConnectionEnabled:
    connection_id: UUID


@event(
    "connection.changed",
    outside="A connection's name, credentials or address was changed; `what` says which.",
)
@dataclass(frozen=True, slots=True)
class ConnectionChanged:
    connection_id: UUID
    what: str


@event(
    "inbound_record.quarantined",
    outside="Something came in that could not be read; it waits with its reason.",
)
@dataclass(frozen=True, slots=True)
class RecordQuarantined:
    record_id: UUID
    connection_id: UUID
    reason: str


@event("privacy.requested", outside="A storefront passed on a person's request to see or erase their data.")
@dataclass(frozen=True, slots=True)
class PrivacyRequested:
    connection_id: UUID
    kind: str
    shopper_ids: tuple[UUID, ...]
