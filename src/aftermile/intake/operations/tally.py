"""Count what each connection brings, by the day."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from aftermile.intake.models import Tally
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import insert, run_later

#: A row is locked from its count to the commit: threads that read at the same time each count in their own.
SLOTS = 4


class Arrived(NamedTuple):
    """One record that was read for the first time."""

    connection_id: UUID
    at: datetime
    quarantined: bool


def tally(arrived: Sequence[Arrived]) -> None:
    """Add records to their connections' days. Days are those of UTC, as a refusal's are."""
    days: dict[tuple[UUID, date], tuple[int, int, datetime]] = {}
    for record in arrived:
        key = (record.connection_id, record.at.astimezone(UTC).date())
        kept, aside, last = days.get(key, (0, 0, record.at))
        days[key] = (kept + 1, aside + record.quarantined, max(last, record.at))
    slot = (os.getpid() + threading.get_ident() // 4096) % SLOTS
    # In one order everywhere, so that two that share a slot cannot wait for each other.
    rows = [
        {
            "id": row_id, "connection_id": connection_id, "day": day, "slot": slot,
            "kept": kept, "quarantined": aside, "last_at": last,
        }
        for row_id, ((connection_id, day), (kept, aside, last)) in zip(
            uuid7_many(len(days)), sorted(days.items()), strict=True
        )
    ]  # fmt: skip
    run_later(
        insert(
            Tally,
            ("id", "connection_id", "day", "slot", "kept", "quarantined", "last_at"),
            rows,
            on_conflict="ON CONFLICT (merchant_id, connection_id, day, slot) DO UPDATE SET"
            " kept = stored.kept + excluded.kept, quarantined = stored.quarantined + excluded.quarantined,"
            " last_at = greatest(stored.last_at, excluded.last_at)",
        )
    )
