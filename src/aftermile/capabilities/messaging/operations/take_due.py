"""Take what is due: the first half of sending. What is taken is held by a lease and committed before any call.

A sender that dies leaves its messages `sending` until the lease is over. Then what belongs to a purchase is sent
again, under the same Message-ID; marketing is not: it may have arrived, so it becomes `unknown` and is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from aftermile.capabilities.messaging.events import MessageFailed, MessageWithheld
from aftermile.capabilities.messaging.models import Message
from aftermile.capabilities.messaging.operations.surroundings import Judged, read_surroundings
from aftermile.capabilities.messaging.policy import Decision, written
from aftermile.capabilities.messaging.states import (
    CAPPED,
    REACHED,
    Mood,
    Problem,
    Purpose,
    Status,
)
from aftermile.capabilities.messaging.views import COLUMNS
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.events import publish
from aftermile.kernel.rowsets import Row, Statement, run, select, update
from aftermile.kernel.tenancy import current_merchant_id

#: Renewed while its sender lives (`renew_lease`).
LEASE = timedelta(seconds=60)
#: Messages taken in one transaction.
PORTION = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message to send now. Never logged or stored."""

    id: UUID
    shopper_id: UUID
    shopper_name: str = field(repr=False)
    touchpoint: str
    purpose: Purpose
    mood: Mood
    medium: Medium
    address: str = field(repr=False)
    push_keys: tuple[str, str] = field(repr=False)  # of a browser
    languages: tuple[str, ...]
    country: str
    time_zone: str
    created_at: datetime
    order_id: UUID | None
    parcel_id: UUID | None
    about: Mapping[str, Any] = field(repr=False)
    values: Mapping[str, Any] = field(repr=False)
    content: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Messages held by one lease. May be empty although something was due: all of it was withheld or postponed."""

    lease: UUID
    leased_until: datetime
    shop_name: str
    messages: tuple[Taken, ...]


def take_due(*, at: datetime, limit: int = PORTION) -> Portion | None:
    """Take due messages under a lease; None when nothing is due.

    Each is judged again: what was allowed when it was planned may be refused, or in bad taste, by now. Senders that
    take at once get different messages. A constant number of statements.
    """
    rows = _lock(at, limit)
    if not rows:
        return None
    lost = [row for row in rows if row["status"] == Status.SENDING and row["purpose"] == Purpose.MARKETING]
    going = [row for row in rows if row not in lost]
    if any(row["purpose"] in CAPPED for row in going):
        _one_counts_at_a_time()
    judged = [
        Judged(
            shopper_id=row["shopper_id"],
            purpose=Purpose(row["purpose"]),
            mood=Mood(row["mood"]),
            medium=Medium(row["wanted_medium"]) if row["wanted_medium"] else None,
            at=at,
            expires_at=row["expires_at"],
        )
        for row in going
    ]
    around = read_surroundings(judged, counting=REACHED, but={row["id"] for row in rows})
    lease, leased_until = uuid4(), at + LEASE
    taken: list[Taken] = []
    for row, one in zip(going, judged, strict=True):
        judgement = around.judge(one)
        verdict = judgement.verdict
        row |= {
            "checks": written(verdict.checks),
            "checked_at": at,
            "lease": None,
            "leased_until": None,
            "due_at": verdict.at,
            "counts_at": verdict.at,
            "medium": judgement.medium.value if judgement.medium else "",
        }
        if verdict.decision is Decision.WITHHOLD:
            row |= {"status": Status.WITHHELD.value, "withheld_for": verdict.reason, "due_at": at}
        elif verdict.decision is Decision.POSTPONE:
            row["status"] = Status.PLANNED.value
        else:
            assert judgement.medium is not None
            sender = around.senders.get(judgement.medium)
            row |= {
                "status": Status.SENDING.value,
                "lease": lease,
                "leased_until": leased_until,
                "tries": row["tries"] + 1,
                "address": judgement.address,
                "channel": sender["channel"] if sender else OUTBOX,
            }
            known = around.reached[row["shopper_id"]]
            taken.append(
                Taken(
                    id=row["id"],
                    shopper_id=row["shopper_id"],
                    shopper_name=known.name,
                    touchpoint=row["touchpoint"],
                    purpose=one.purpose,
                    mood=one.mood,
                    medium=judgement.medium,
                    address=judgement.address,
                    push_keys=around.push_keys_for(row["shopper_id"])
                    if judgement.medium is Medium.PUSH
                    else ("", ""),
                    languages=around.languages_for(row["shopper_id"]),
                    country=known.country,
                    time_zone=around.zone_key_for(row["shopper_id"]),
                    created_at=row["created_at"],
                    order_id=row["order_id"],
                    parcel_id=row["parcel_id"],
                    about=row["about"],
                    values=row["values"],
                    content=row["content"],
                )
            )
    for row in lost:
        row |= {
            "status": Status.UNKNOWN.value,
            "problem": Problem.SENDER_DIED.value,
            "lease": None,
            "leased_until": None,
        }
    run(update(Message, _CHANGED, rows))
    publish(*_news(rows), by="system", at=at)
    return Portion(
        lease=lease, leased_until=leased_until, shop_name=around.merchant.name, messages=tuple(taken)
    )


def renew_lease(*, lease: UUID, at: datetime) -> datetime:
    """Hold what a lease still holds for longer; return until when."""
    run(
        Statement(
            "UPDATE messaging_message SET leased_until = %s"
            " WHERE merchant_id = %s AND status = 'sending' AND lease = %s",
            (at + LEASE, current_merchant_id(), lease),
            list,
        )
    )
    return at + LEASE


#: The channel of a shop that has chosen none.
OUTBOX = "outbox"

_CHANGED = (
    *("status", "withheld_for", "checks", "checked_at", "due_at", "counts_at", "medium", "lease"),
    *("leased_until", "tries", "address", "channel", "problem"),
)


def _lock(at: datetime, limit: int) -> list[Row]:
    """Lock what has waited longest, before it those whose sender has died."""
    order = "LIMIT %s FOR NO KEY UPDATE SKIP LOCKED"
    left, due = run(
        select(
            Message, COLUMNS, "status = 'sending' AND leased_until <= %s", [at, limit],
            then=f"ORDER BY leased_until, id {order}",
        ),
        select(
            Message, COLUMNS, "status = 'planned' AND due_at <= %s", [at, limit],
            then=f"ORDER BY due_at, id {order}",
        ),
    )  # fmt: skip
    return [*left, *due]


def _one_counts_at_a_time() -> None:
    """Wait for whoever else counts what this shop's shoppers got: two who count at once would both find room."""
    run(
        Statement(
            "SELECT pg_advisory_xact_lock(hashtextextended('messaging ' || %s::text, 0))",
            (current_merchant_id(),),
            list,
        )
    )


def _news(rows: Sequence[Row]) -> list[object]:
    told: list[object] = []
    for row in rows:
        if row["status"] == Status.WITHHELD:
            told.append(
                MessageWithheld(
                    message_id=row["id"],
                    shopper_id=row["shopper_id"],
                    touchpoint=row["touchpoint"],
                    reason=row["withheld_for"],
                )
            )
        elif row["status"] == Status.UNKNOWN:
            told.append(
                MessageFailed(
                    message_id=row["id"],
                    shopper_id=row["shopper_id"],
                    touchpoint=row["touchpoint"],
                    medium=row["medium"],
                    status=row["status"],
                    problem=row["problem"],
                )
            )
    return told
