"""Idempotency keys: the first answer is stored in the transaction of its effect, and given again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from aftermile.kernel.clock import now
from aftermile.kernel.errors import Conflict, Invalid
from aftermile.kernel.ids import uuid7
from aftermile.kernel.models import IdempotencyRecord
from aftermile.kernel.tenancy import current_merchant_id
from aftermile.kernel.trips import travel, travel_later

MAX_KEY_LENGTH = 255


class KeyReused(Conflict):
    """An idempotency key came back with another request."""

    code = "idempotency_key_reused"


class KeyUnreadable(Invalid):
    """An idempotency key that is empty or too long."""

    code = "idempotency_key_unreadable"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    replayed: bool = False


def once(*, operation: str, key: str, request: bytes, act: Callable[[], Answer]) -> Answer:
    """Run `act` for the first request with this key; give later ones the same answer.

    Must be called inside the merchant's scope, which is the transaction of the effect: a request that
    fails by raising leaves no trace and may be tried again with its key. Of two at the same time the
    second waits for the first.

    :param operation: the caller, method and path the key belongs to.
    :raises KeyReused: the key was used for a different request.
    :raises KeyUnreadable: the key is empty or longer than `MAX_KEY_LENGTH`.
    """
    if not 0 < len(key) <= MAX_KEY_LENGTH or "\x00" in key:
        raise KeyUnreadable(f"Idempotency-Key must have 1 to {MAX_KEY_LENGTH} characters.")
    merchant_id, digest = current_merchant_id(), hashlib.sha256(request).digest()
    record_id = uuid7()
    (taken,) = travel([(_TAKE, [merchant_id, record_id, operation, key, digest, now()])])
    if not taken:
        first = IdempotencyRecord.rows().get(operation=operation, key=key)
        if bytes(first.request_digest) != digest:
            raise KeyReused("This Idempotency-Key was used for a different request; use a new one.")
        return Answer(first.status, bytes(first.body), replayed=True)
    answer = act()
    travel_later([(_KEEP, [answer.status, answer.body, merchant_id, record_id])])
    return answer


_TAKE = (
    "INSERT INTO kernel_idempotency (merchant_id, id, operation, key, request_digest, status, body, created_at)"
    " VALUES (%s, %s, %s, %s, %s, 0, '', %s) ON CONFLICT (merchant_id, operation, key) DO NOTHING RETURNING id"
)
_KEEP = "UPDATE kernel_idempotency SET status = %s, body = %s WHERE merchant_id = %s AND id = %s"


def prune(*, before: datetime, limit: int = 5000) -> int:
    """Forget the open merchant's oldest keys, at most `limit`; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH old AS MATERIALIZED (SELECT id FROM kernel_idempotency WHERE merchant_id = %s AND created_at < %s"
            " ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED)"
            " DELETE FROM kernel_idempotency k USING old WHERE k.merchant_id = %s AND k.id = old.id",
            [current_merchant_id(), before, limit, current_merchant_id()],
        )
        return int(cursor.rowcount)
