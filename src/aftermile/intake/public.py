"""The door of the gate."""

from __future__ import annotations

from aftermile.intake.operations.accept import Arrival, Kept, gate, keep_all
from aftermile.intake.operations.apply import Origin, apply
from aftermile.intake.operations.backfill import NoHistory, start_backfill, start_registration
from aftermile.intake.operations.connections import (
    ConnectionNotFound,
    ConnectionView,
    ConnectorUnknown,
    CredentialsUnusable,
    OpenConnection,
    connect,
    connection,
    connection_at,
    disable,
    list_connections,
    remembered_connection,
)
from aftermile.intake.operations.digest import digest
from aftermile.intake.operations.import_files import (
    OWN_IDS,
    GivenFile,
    Imported,
    ImportNotFound,
    keep_files,
    run_import,
)
from aftermile.intake.operations.prune import erase_bodies, prune_records
from aftermile.intake.operations.refuse import count_refusal
from aftermile.intake.operations.replay import RecordNotFound, replay, replay_many
from aftermile.intake.queries import (
    ConnectionHealth,
    RecordView,
    UnknownView,
    count_records,
    health,
    list_records,
    record,
    unknown_words,
)
from aftermile.intake.states import RecordStatus

__all__ = [
    "OWN_IDS",
    "Arrival",
    "ConnectionHealth",
    "ConnectionNotFound",
    "ConnectionView",
    "ConnectorUnknown",
    "CredentialsUnusable",
    "GivenFile",
    "ImportNotFound",
    "Imported",
    "Kept",
    "NoHistory",
    "OpenConnection",
    "Origin",
    "RecordNotFound",
    "RecordStatus",
    "RecordView",
    "UnknownView",
    "apply",
    "connect",
    "connection",
    "connection_at",
    "count_records",
    "count_refusal",
    "digest",
    "disable",
    "erase_bodies",
    "gate",
    "health",
    "keep_all",
    "keep_files",
    "list_connections",
    "list_records",
    "prune_records",
    "record",
    "remembered_connection",
    "replay",
    "replay_many",
    "run_import",
    "start_backfill",
    "start_registration",
    "unknown_words",
]
