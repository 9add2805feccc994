"""Remove what retention no longer keeps, and what a person asked to have removed."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Collection
from datetime import datetime

from django.db import connection

from aftermile.intake.finding import first_id_of
from aftermile.intake.models import ImportFile, ImportProblem
from aftermile.intake.states import UNDER_WAY
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


def prune_imports(*, before: datetime, limit: int = 20) -> int:
    """Delete the oldest imports with their files and reports, at most `limit`; return how many.

    None that is being read. Call again until it returns 0.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH old AS MATERIALIZED (SELECT id FROM intake_import WHERE merchant_id = %s AND created_at < %s"
            " AND status <> ALL(%s) ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)"
            " DELETE FROM intake_import i USING old WHERE i.merchant_id = %s AND i.id = old.id",
            [current_merchant_id(), before, list(UNDER_WAY), limit, current_merchant_id()],
        )
        return int(cursor.rowcount)


def erase_bodies(*, words: Collection[str]) -> int:
    """Empty every kept record, and delete every kept file, that contains one of a person's words (e-mail, phone, ids).

    Looks through all kept bodies: a rare act, bounded by retention. A record's row stays, so that the same
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
        emptied = int(cursor.rowcount)
    return emptied + _erase_files(telling)


def _erase_files(words: Collection[str]) -> int:
    """Delete every kept file that contains one of a person's words, with what was said of its rows."""
    wanted = {word.lower().encode(code) for word in words for code in ("utf-8", "utf-16-le", "utf-16-be")}
    removed = 0
    for file_id in ImportFile.rows().values_list("id", flat=True):
        file = ImportFile.rows().get(id=file_id)
        body = zlib.decompress(bytes(file.body)).lower()
        if any(word in body for word in wanted):
            ImportProblem.rows().filter(run_id=file.run_id, file_name=file.name).delete()
            file.delete()
            removed += 1
    return removed


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
