"""Messages as others see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.messaging.policy import Check, read
from aftermile.capabilities.messaging.states import Mood, Problem, Purpose, Status
from aftermile.connectors.contracts.channels import Fate, Medium
from aftermile.kernel.rowsets import Row

COLUMNS = (
    *(
        "id",
        "shopper_id",
        "touchpoint",
        "purpose",
        "mood",
        "medium",
        "wanted_medium",
        "order_id",
        "parcel_id",
    ),
    *("about", "values", "content", "cause", "once_key", "requested_by", "created_at"),
    *("status", "withheld_for", "checks", "checked_at", "due_at", "not_before", "expires_at", "counts_at"),
    *("tries", "lease", "leased_until", "channel", "address", "external_id", "taken_at", "problem", "detail"),
    *("fate", "fates"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message from the wish to its fate. What it said is read by `content`.

    `medium` None: none on which the shopper can be reached. `withheld_for`: the check that failed. `checks`: all of
    them, as they were when last looked at, also for what was sent.
    """

    id: UUID
    shopper_id: UUID
    touchpoint: str
    purpose: Purpose
    mood: Mood
    medium: Medium | None
    order_id: UUID | None
    parcel_id: UUID | None
    about: Mapping[str, Any]
    cause: Mapping[str, Any]
    once_key: str
    requested_by: str
    created_at: datetime
    status: Status
    withheld_for: str
    checks: tuple[Check, ...]
    due_at: datetime
    expires_at: datetime | None
    tries: int
    channel: str
    external_id: str  # the channel's own; of mail mostly the Message-ID
    address: str = field(repr=False)
    taken_at: datetime | None
    problem: Problem | None
    detail: str
    fate: Fate | None
    fates: Mapping[Fate, datetime]


def view_of(row: Row) -> MessageView:
    return MessageView(
        **{name: row[name] for name in _SAME},
        purpose=Purpose(row["purpose"]),
        mood=Mood(row["mood"]),
        medium=Medium(row["medium"]) if row["medium"] else None,
        status=Status(row["status"]),
        checks=read(row["checks"]),
        problem=Problem(row["problem"]) if row["problem"] else None,
        fate=Fate(row["fate"]) if row["fate"] else None,
        fates={Fate(fate): datetime.fromisoformat(at) for fate, at in row["fates"].items()},
    )


_SAME = (
    *(
        "id",
        "shopper_id",
        "touchpoint",
        "order_id",
        "parcel_id",
        "about",
        "cause",
        "once_key",
        "requested_by",
    ),
    *(
        "created_at",
        "withheld_for",
        "due_at",
        "expires_at",
        "tries",
        "channel",
        "external_id",
        "address",
        "taken_at",
        "detail",
    ),
)
