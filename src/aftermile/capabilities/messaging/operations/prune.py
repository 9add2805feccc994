"""Remove what is old."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from aftermile.kernel.tenancy import current_merchant_id

_OLD = (
    ("messaging_content", "created_at < %s"),
    ("messaging_receipt", "heard_at < %s"),
    ("messaging_receipt_record", "received_at < %s"),
)


def prune_contents(*, before: datetime, limit: int = 2000) -> int:
    """Remove what old messages said and what was told of them in detail, at most `limit` of each; return how many.

    The messages stay, with their fates.
    """
    return sum(_prune(table, old, before, limit) for table, old in _OLD)


def prune_messages(*, before: datetime, limit: int = 2000) -> int:
    """Remove old messages, at most `limit`; return how many. Their `once_key` may be used again afterwards."""
    return _prune(
        "messaging_message", "created_at < %s AND status NOT IN ('planned', 'sending')", before, limit
    )


def _prune(table: str, old: str, before: datetime, limit: int) -> int:
    with connection.cursor() as cursor:
        # Materialized: PostgreSQL may run a LIMIT in a plain subquery more than once, and delete more.
        cursor.execute(
            f"WITH old AS MATERIALIZED (SELECT id FROM {table} WHERE merchant_id = %s AND {old}"
            " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)"
            f" DELETE FROM {table} t USING old WHERE t.merchant_id = %s AND t.id = old.id",
            [current_merchant_id(), before, limit, current_merchant_id()],
        )
        return int(cursor.rowcount)
