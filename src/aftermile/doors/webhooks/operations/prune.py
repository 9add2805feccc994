"""Remove messages that retention no longer keeps."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from aftermile.kernel.retention import count_oldest
from aftermile.kernel.tenancy import current_merchant_id


def prune_messages(*, before: datetime, limit: int = 2000) -> int:
    """Delete the oldest messages with their attempts, at most `limit`; return how many.

    Those that still wait go too: after so long nobody expects them. Few rows at a time, none that anybody
    has locked: call again until it returns 0.
    """
    with connection.cursor() as cursor:
        # Materialized: PostgreSQL may run a LIMIT in a plain subquery more than once, and delete more.
        cursor.execute(
            "WITH old AS MATERIALIZED (SELECT id FROM webhooks_message WHERE merchant_id = %s AND created_at < %s"
            " ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED)"
            " DELETE FROM webhooks_message m USING old WHERE m.merchant_id = %s AND m.id = old.id",
            [current_merchant_id(), before, limit, current_merchant_id()],
        )
        removed: int = cursor.rowcount
    return removed


def count_old_messages(*, before: datetime) -> int:
    """Count the messages that would be removed, as far as `retention.count_oldest` counts."""
    return count_oldest("webhooks_message", "created_at", before=before)
