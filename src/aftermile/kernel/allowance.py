"""Allowances: how often something may be tried in a while, counted for all processes together.

For whatever can be guessed: the look-up of an order, a sign-in. What is counted is named by a bucket
("find", an address); only a keyed digest of it is stored, so the table tells nobody who tried what. It stands
outside the walls between merchants, because some guesses are nobody's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection

from aftermile.kernel import jobs

#: Beyond this nobody needs to know how often; it keeps a count from growing for ever.
_MOST_COUNTED = 1_000_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of an allowance after a try. `retry_after` is in seconds, 0 while there is some left."""

    is_granted: bool
    left: int
    retry_after: int


def spend(*bucket: str, limit: int, per: timedelta) -> Allowance:
    """Count one try against a bucket, and tell whether it was still allowed.

    A bucket holds `limit` tries; it is full again `per` after the first of them. A try beyond the limit is
    counted and prolongs nothing. One statement: of many at once exactly `limit` are granted. May be called in a
    merchant's scope or outside any; what is rolled back was not counted, so count before the work.

    :param bucket: what is counted, coarse to fine: ("find", "address", "203.0.113.7").
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_allowance AS held (bucket, spent, ends_at)"
            " VALUES (%(bucket)s, 1, clock_timestamp() + make_interval(secs => %(per)s))"
            " ON CONFLICT (bucket) DO UPDATE SET"
            " spent = CASE WHEN held.ends_at <= clock_timestamp() THEN 1 ELSE least(held.spent + 1, %(most)s) END,"
            " ends_at = CASE WHEN held.ends_at <= clock_timestamp() THEN excluded.ends_at ELSE held.ends_at END"
            " RETURNING spent, ceil(extract(epoch FROM ends_at - clock_timestamp()))::int",
            {"bucket": _digest(bucket), "per": per.total_seconds(), "most": _MOST_COUNTED},
        )
        spent, seconds = cursor.fetchone()
    is_granted = spent <= limit
    return Allowance(is_granted, max(0, limit - spent), 0 if is_granted else max(1, seconds))


def forgive(*bucket: str) -> None:
    """Forget what was spent of a bucket: somebody proved to be no guesser."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_allowance WHERE bucket = %s", [_digest(bucket)])


def prune_allowances(*, limit: int = 50_000) -> int:
    """Forget buckets that are full again, at most `limit`; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM kernel_allowance WHERE bucket IN (SELECT bucket FROM kernel_allowance"
            " WHERE ends_at <= clock_timestamp() ORDER BY ends_at LIMIT %s FOR UPDATE SKIP LOCKED)",
            [limit],
        )
        return int(cursor.rowcount)


@jobs.periodic("kernel.prune_allowances", cron="47 * * * *")
def _prune() -> None:
    while prune_allowances() == 50_000:
        pass


def _digest(bucket: tuple[str, ...]) -> bytes:
    # Keyed: digests of the few billion addresses there are could be tried out one by one.
    key = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    return hashlib.blake2b("\x1f".join(bucket).encode("utf-8", "replace"), digest_size=16, key=key).digest()
