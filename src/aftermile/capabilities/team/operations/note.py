"""The audit log: who did what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from aftermile.capabilities.team.models import AuditEntry
from aftermile.capabilities.team.queries import first_id_at
from aftermile.kernel.ids import uuid7
from aftermile.kernel.retention import count_oldest
from aftermile.kernel.tenancy import current_merchant_id


def note(
    *,
    act: str,
    summary: str,
    by: str,
    at: datetime,
    subject: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    """Write one act into the audit log of the open shop, in the transaction of the act itself.

    Entries outlive an erased shopper: name things by number or public id, never a shopper by name or address.

    :param act: a noun and a verb, such as `exception.snooze`.
    :param subject: the public id of what was acted on, if it is one thing.
    :param by: the actor as acts name it, such as `staff:usr_...`.
    """
    AuditEntry(
        id=uuid7(at),
        actor=by,
        act=act,
        subject=subject,
        summary=summary[:500],
        details=dict(details or {}),
        at=at,
    ).save(force_insert=True)


def prune_audit(*, before: datetime) -> int:
    """Remove what the open shop's audit log has from before a moment; returns how many entries went."""
    with connection.cursor() as cursor:
        # The trigger lets nothing be removed unless this transaction says that it prunes.
        cursor.execute("SET LOCAL app.pruning_audit = 'on'")
        cursor.execute(
            "DELETE FROM team_audit_entry WHERE merchant_id = %s AND id < %s",
            [current_merchant_id(), first_id_at(before)],
        )
        removed = int(cursor.rowcount)
        cursor.execute("SET LOCAL app.pruning_audit = 'off'")
    return removed


def count_old_audit(*, before: datetime) -> int:
    """Count what `prune_audit` would remove, as far as `retention.count_oldest` counts."""
    return count_oldest("team_audit_entry", "at", before=before)
