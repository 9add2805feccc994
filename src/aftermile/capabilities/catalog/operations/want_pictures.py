"""Note that pictures are wanted, and keep what came of fetching them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from aftermile.capabilities.catalog.models import Picture
from aftermile.capabilities.catalog.pictures import (
    FORGIVEN_AFTER,
    PAUSES,
    Fetched,
    Wanted,
    digest_of,
    usable_urls,
)
from aftermile.capabilities.catalog.states import PictureState
from aftermile.kernel import jobs
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import insert_rows, update_rows
from aftermile.kernel.tenancy import current_merchant_id

FETCH = "catalog.fetch_pictures"
#: Longer than fetching a portion takes; a worker that dies in it leaves its pictures to the next.
LEASE = timedelta(minutes=3)
PORTION = 24
# The moment of being wanted is kept to the week, so that a best-seller is not written with each order.
_REFRESH_AFTER = timedelta(days=7)


def want_pictures(*, urls: Iterable[str], at: datetime) -> int:
    """Have pictures copied that are not yet; return how many were heard of for the first time, or are tried anew.

    One statement however many, and nothing is fetched twice. What is no address of a picture is passed over.
    """
    wanted = usable_urls(urls)
    rows = [
        {
            "id": row_id,
            "url_digest": digest_of(url),
            "url": url,
            "state": PictureState.WAITING.value,
            "reason": "",
            "tries": 0,
            "next_try_at": at,
            "digest": "",
            "content_type": "",
            "width": 0,
            "height": 0,
            "wanted_at": at,
            "created_at": at,
        }
        for row_id, url in zip(uuid7_many(len(wanted)), wanted, strict=True)
    ]
    if not rows:
        return 0
    forgiven = f"stored.state = 'failed' AND stored.wanted_at < excluded.wanted_at - interval '{FORGIVEN_AFTER.days} days'"
    written = insert_rows(
        Picture,
        list(rows[0]),
        rows,
        on_conflict="ON CONFLICT (merchant_id, url_digest) DO UPDATE SET wanted_at = excluded.wanted_at,"
        f" state = CASE WHEN {forgiven} THEN excluded.state ELSE stored.state END,"
        f" tries = CASE WHEN {forgiven} THEN 0 ELSE stored.tries END,"
        f" next_try_at = CASE WHEN {forgiven} THEN excluded.next_try_at ELSE stored.next_try_at END"
        f" WHERE stored.wanted_at < excluded.wanted_at - interval '{_REFRESH_AFTER.days} days'",
        returning=("state",),
    )
    fresh = [state for (state,) in written].count(PictureState.WAITING)
    if fresh:
        plan_fetching()
    return fresh


def plan_fetching(*, turn: int = 0) -> None:
    """Have what is due fetched, by one job a shop at a time; `turn` tells a job that goes on from the one before."""
    merchant_id = current_merchant_id()
    jobs.defer_many(
        [
            jobs.Deferred(
                name=FETCH,
                merchant_id=merchant_id,
                payload={"turn": turn},
                only_one=f"{FETCH}:{merchant_id}:{turn % 2}",
            )
        ]
    )


def take_wanted(*, at: datetime) -> list[Wanted]:
    """Take the pictures that are due, at most `PORTION`; nobody else is given them before their lease ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH due AS MATERIALIZED (SELECT id FROM catalog_picture WHERE merchant_id = %s"
            " AND state = 'waiting' AND next_try_at <= %s ORDER BY next_try_at LIMIT %s FOR UPDATE SKIP LOCKED)"
            " UPDATE catalog_picture p SET next_try_at = %s FROM due WHERE p.merchant_id = %s AND p.id = due.id"
            " RETURNING p.id, p.url, p.tries",
            [current_merchant_id(), at, PORTION, at + LEASE, current_merchant_id()],
        )
        return [Wanted(*found) for found in cursor.fetchall()]


def keep_pictures(*, fetched: Sequence[Fetched], at: datetime) -> None:
    """Keep what came of fetching a portion, in one trip for the copies and one for the rest."""
    failures, copies = [], []
    for each in fetched:
        if each.problem:
            failures.append(_failure(each, at))
        else:
            copies.append(each)
    update_rows(Picture, ("state", "reason", "tries", "next_try_at"), failures)
    _keep_copies(copies)


def prune_pictures(*, before: datetime, limit: int = 500) -> int:
    """Delete pictures no order or product has named since, at most `limit`; return how many."""
    with connection.cursor() as cursor:
        # Materialized: PostgreSQL may run a LIMIT in a plain subquery more than once, and delete more.
        cursor.execute(
            "WITH old AS MATERIALIZED (SELECT id FROM catalog_picture WHERE merchant_id = %s AND wanted_at < %s"
            " ORDER BY wanted_at LIMIT %s FOR UPDATE SKIP LOCKED)"
            " DELETE FROM catalog_picture p USING old WHERE p.merchant_id = %s AND p.id = old.id",
            [current_merchant_id(), before, limit, current_merchant_id()],
        )
        removed: int = cursor.rowcount
    return removed


def _failure(each: Fetched, at: datetime) -> dict[str, Any]:
    tries = each.picture.tries + each.was_asked
    is_over = each.was_asked and (not each.again or tries > len(PAUSES))
    pause = PAUSES[min(max(tries, 1), len(PAUSES)) - 1]
    return {
        "id": each.picture.id,
        "state": (PictureState.FAILED if is_over else PictureState.WAITING).value,
        "reason": each.problem[:300],
        "tries": tries,
        "next_try_at": None if is_over else at + pause,
    }


def _keep_copies(copies: Sequence[Fetched]) -> None:
    if not copies:
        return
    # Bytes do not travel as JSON; a portion of them is small.
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE catalog_picture SET state = 'kept', reason = '', next_try_at = NULL, content = %s, digest = %s,"
            " content_type = %s, width = %s, height = %s WHERE merchant_id = %s AND id = %s",
            [
                (
                    each.content,
                    hashlib.blake2b(each.content, digest_size=16).hexdigest(),
                    each.content_type,
                    each.width,
                    each.height,
                    current_merchant_id(),
                    each.picture.id,
                )
                for each in copies
            ],
        )
