"""Keep what must not be written to."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.messaging.addresses import address_digest
from aftermile.capabilities.messaging.events import MessagingChanged
from aftermile.capabilities.messaging.models import Suppression
from aftermile.capabilities.messaging.states import SCOPES, SuppressedFor
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.errors import NotFound
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import insert, run
from aftermile.kernel.tenancy import current_merchant_id


class SuppressionNotFound(NotFound):
    """The suppression list has no such line."""

    code = "suppression_not_found"
    message = "This is not on the suppression list any more."


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """What was taken off the list, enough to put it back: the address itself is not known."""

    medium: Medium
    digest: str
    reason: SuppressedFor
    detail: str


def lift_suppression(*, suppression_id: UUID, by: str, at: datetime) -> Lifted:
    """Take one line off the suppression list: what is planned may go there again.

    :raises SuppressionNotFound: no such line, or it was taken off already.
    """
    row = Suppression.rows().filter(id=suppression_id).first()
    if row is None:
        raise SuppressionNotFound
    row.delete()
    publish(MessagingChanged(what="suppressions"), by=by, at=at)
    return Lifted(
        medium=Medium(row.medium), digest=row.digest, reason=SuppressedFor(row.reason), detail=row.detail
    )


def put_suppression_back(*, lifted: Lifted, by: str, at: datetime) -> bool:
    """Put a line back on the suppression list; return whether it was gone.

    :raises SuppressionNotFound: its digest is none.
    """
    if not re.fullmatch(r"[0-9a-zA-Z_=+/-]{16,128}", lifted.digest):
        raise SuppressionNotFound
    _, is_new = Suppression.rows().get_or_create(
        medium=lifted.medium.value,
        digest=lifted.digest,
        reason=lifted.reason.value,
        defaults={
            "scope": SCOPES[lifted.reason].value,
            "detail": lifted.detail,
            "by": by,
            "created_at": at,
        },
    )
    if is_new:
        publish(MessagingChanged(what="suppressions"), by=by, at=at)
    return is_new
