"""Remove what retention no longer keeps, and what a person asked to have removed."""

from __future__ import annotations

import base64
from collections.abc import Collection
from datetime import datetime

from django.db import connection

from aftermile.intake.finding import first_id_of
from aftermile.kernel import jobs
from aftermile.kernel.retention import count_oldest
from aftermile.kernel.secrets import box
from aftermile.kernel.tenancy import current_merchant_id

#: Shorter words would be found in bodies that have nothing to do with the person.
SHORTEST_WORD = 5


def prune_records(*, before: datetime, limit: int = 2000) -> int:
    """Delete the oldest digested records, at most `limit`; return how many.

    What waits, or waits in quarantine, is kept however old. Few rows at a time, none that anybody has
    locked: call again until it returns 0.
    """
    with connection.cursor() as cursor:
        # Materialized: PostgreSQL may run a LIMIT in a plain subquery more than once, and delete more.
        cursor.execute(
            "WITH old AS MATERIALIZED (SELECT id FROM intake_record WHERE merchant_id = %s"
            " AND status IN ('digested', 'erased') AND received_at < %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)"
            " DELETE FROM intake_record r USING old WHERE r.merchant_id = %s AND r.id = old.id",
            [current_merchant_id(), before, limit, current_merchant_id()],
        )
        return int(cursor.rowcount)


def count_old_records(*, before: datetime) -> int:
    """Count the records `prune_records` would remove, as far as `retention.count_oldest` counts."""
    return count_oldest(
        "intake_record", "received_at", before=before, condition="status IN ('digested', 'erased')"
    )


def prune_traces(*, before: datetime, limit: int = 2000) -> int:
    """Delete, at most `limit` of each, the oldest notes of what records told, and replays and counts of days past.

    Call again until it returns 0.
    """
    removed = 0
    first_kept = first_id_of(before)
    with connection.cursor() as cursor:
        for table, column in (
            ("intake_mention", "record_id"),
            ("intake_replay", "id"),
            ("intake_tally", "id"),
        ):
            cursor.execute(
                f"WITH old AS MATERIALIZED (SELECT id FROM {table} WHERE merchant_id = %s AND {column} < %s LIMIT %s"
                f" FOR UPDATE SKIP LOCKED) DELETE FROM {table} t USING old WHERE t.merchant_id = %s AND t.id = old.id",
                [current_merchant_id(), first_kept, limit, current_merchant_id()],
            )
            removed += cursor.rowcount
    return removed


def erase_bodies(*, words: Collection[str]) -> int:
    """Empty every kept record whose body contains one of a person's words (e-mail, phone, ids).

    Looks through all kept bodies: a rare act, bounded by retention. The row stays, so that the same
    request sent again is still known and does not bring the person back.
    """
    telling = sorted({word for word in words if len(word) >= SHORTEST_WORD})
    if not telling:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_record SET body = '', headers = '{}', status = 'erased', reason = 'Erased at the person''s request.'"
            " WHERE merchant_id = %s AND status <> 'erased' AND EXISTS (SELECT 1 FROM unnest(%s::bytea[]) AS w(word)"
            " WHERE position(w.word IN body) > 0)",
            [current_merchant_id(), [word.encode() for word in telling]],
        )
        return int(cursor.rowcount)


def erase_bodies_later(*, words: Collection[str]) -> None:
    """Queue `erase_bodies`. The words travel sealed, so that the queue names nobody."""
    sealed = box().seal({str(index): word for index, word in enumerate(words)})
    jobs.defer(
        "intake.erase_bodies",
        merchant_id=current_merchant_id(),
        words=base64.b64encode(sealed).decode(),
    )


def erase_sealed(words: str) -> int:
    """Run `erase_bodies` for what `erase_bodies_later` queued."""
    return erase_bodies(words=list(box().open(base64.b64decode(words)).values()))
