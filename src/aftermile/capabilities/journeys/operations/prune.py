"""Remove what is old."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from aftermile.kernel.tenancy import current_merchant_id


def prune_runs(*, before: datetime, limit: int = 2000) -> int:
    """Remove runs that ended long ago, at most `limit`, with their story and tasks; return how many.

    Who entered once may then enter again.
    """
    merchant_id = current_merchant_id()
    with connection.cursor() as cursor:
        # Materialized: PostgreSQL may run a LIMIT in a plain subquery more than once, and delete more.
        cursor.execute(
            "WITH old AS MATERIALIZED (SELECT id FROM journeys_run WHERE merchant_id = %s AND ended_at < %s"
            " AND state <> 'waiting' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)"
            " DELETE FROM journeys_run t USING old WHERE t.merchant_id = %s AND t.id = old.id",
            [merchant_id, before, limit, merchant_id],
        )
        return int(cursor.rowcount)
