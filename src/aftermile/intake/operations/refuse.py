"""Count requests that were turned away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import current_merchant_id


def count_refusal(*, connection_id: UUID, why: str, at: datetime) -> None:
    """Count one refused request for its connection and day, so that staff see a wrong secret."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_refusal AS held (merchant_id, id, connection_id, day, count, why, last_at)"
            " VALUES (%s, %s, %s, %s, 1, %s, %s) ON CONFLICT (merchant_id, connection_id, day)"
            " DO UPDATE SET count = held.count + 1, why = excluded.why, last_at = excluded.last_at",
            [current_merchant_id(), uuid7(), connection_id, at.date(), why[:300], at],
        )
