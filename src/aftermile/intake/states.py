"""What may become of a raw record."""

from __future__ import annotations

from enum import StrEnum


class RecordStatus(StrEnum):
    PENDING = "pending"  # kept, not read yet
    DIGESTED = "digested"  # read, and its facts taken in
    QUARANTINED = "quarantined"  # not readable: waits with its reason for a fix and a replay
    ERASED = "erased"  # its body was removed because a person asked for it


#: From each status, where a record may go. Anything kept may be read again.
MOVES: dict[RecordStatus, frozenset[RecordStatus]] = {
    RecordStatus.PENDING: frozenset({RecordStatus.DIGESTED, RecordStatus.QUARANTINED, RecordStatus.ERASED}),
    RecordStatus.DIGESTED: frozenset({RecordStatus.PENDING, RecordStatus.ERASED}),
    RecordStatus.QUARANTINED: frozenset({RecordStatus.PENDING, RecordStatus.ERASED}),
    RecordStatus.ERASED: frozenset(),
}
