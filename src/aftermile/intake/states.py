"""What may become of a raw record, and of an import."""

from __future__ import annotations

from enum import StrEnum


class RecordStatus(StrEnum):
    PENDING = "pending"  # kept, not read yet
    DIGESTED = "digested"  # read, and its facts taken in
    QUARANTINED = "quarantined"  # not readable: waits with its reason for a fix and a replay
    ERASED = "erased"  # its body was removed because a person asked for it


class ImportStatus(StrEnum):
    DRAFT = "draft"  # kept, and how it is read may still be changed
    PENDING = "pending"  # waits for its turn
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"  # by somebody, half way: what was read stays
    FAILED = "failed"  # could not be read to its end; `failure` says why


#: Nothing about an import changes while it is one of these.
UNDER_WAY = (ImportStatus.PENDING, ImportStatus.RUNNING)


#: From each status, where a record may go. Anything kept may be read again.
MOVES: dict[RecordStatus, frozenset[RecordStatus]] = {
    RecordStatus.PENDING: frozenset({RecordStatus.DIGESTED, RecordStatus.QUARANTINED, RecordStatus.ERASED}),
    RecordStatus.DIGESTED: frozenset({RecordStatus.PENDING, RecordStatus.ERASED}),
    RecordStatus.QUARANTINED: frozenset({RecordStatus.PENDING, RecordStatus.ERASED}),
    RecordStatus.ERASED: frozenset(),
}
