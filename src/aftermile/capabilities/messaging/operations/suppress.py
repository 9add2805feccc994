"""Keep what must not be written to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.messaging.addresses import address_digest
from aftermile.capabilities.messaging.events import MessagingChanged
from aftermile.capabilities.messaging.models import Suppression
from aftermile.capabilities.messaging.states import SCOPES, SuppressedFor
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import insert, run
from aftermile.kernel.tenancy import current_merchant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """An address nothing more should go to, and why. `message_id`: the message that showed it."""

    medium: Medium
    address: str = field(repr=False)
    reason: SuppressedFor
    message_id: UUID | None = None
    detail: str = ""


def suppress_addresses(*, dead: Sequence[Dead], by: str, at: datetime) -> int:
    """Put addresses on the suppression list; return how many are new to it. Again: nothing changes."""
    merchant_id = current_merchant_id()
    rows = {
        (each.medium, digest, each.reason): {
            "id": row_id,
            "medium": each.medium.value,
            "digest": digest,
            "reason": each.reason.value,
            "scope": SCOPES[each.reason].value,
            "message_id": each.message_id,
            "detail": each.detail,
            "by": by,
            "created_at": at,
        }
        for row_id, each in zip(uuid7_many(len(dead)), dead, strict=True)
        if each.address and (digest := address_digest(merchant_id, each.medium, each.address))
    }
    (written,) = run(
        insert(
            Suppression,
            ("id", "medium", "digest", "reason", "scope", "message_id", "detail", "by", "created_at"),
            [rows[key] for key in sorted(rows)],
            on_conflict="ON CONFLICT (merchant_id, medium, digest, reason) DO NOTHING",
            returning=["id"],
        )
    )
    if written:
        publish(MessagingChanged(what="suppressions"), by=by, at=at)
    return len(written)


def unsuppress_address(
    *,
    medium: Medium,
    address: str,
    reasons: Collection[SuppressedFor] = tuple(SuppressedFor),
    by: str,
    at: datetime,
) -> bool:
    """Take an address off the suppression list; return whether it was on it."""
    digest = address_digest(current_merchant_id(), medium, address)
    count, _ = Suppression.rows().filter(medium=medium, digest=digest, reason__in=reasons).delete()
    if count:
        publish(MessagingChanged(what="suppressions"), by=by, at=at)
    return bool(count)
