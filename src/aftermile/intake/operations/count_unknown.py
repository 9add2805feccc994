"""Count words that nobody has given a meaning yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from aftermile.connectors.contracts.facts import UnknownWord
from aftermile.intake.models import UnknownSeen
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import insert_rows


def count_unknown(words: Mapping[UnknownWord, int], *, connection_id: UUID | None, at: datetime) -> None:
    """Add to how often each word came, so that staff see what to give a meaning.

    :param connection_id: where they came in; None for files.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for word, count in words.items():
        counts[word.what[:100], word.word[:300]] += count
    insert_rows(
        UnknownSeen,
        ("id", "connection_id", "what", "word", "count", "first_seen_at", "last_seen_at"),
        [
            {
                "id": row_id,
                "connection_id": connection_id,
                "what": what,
                "word": word,
                "count": counts[what, word],
                "first_seen_at": at,
                "last_seen_at": at,
            }
            for row_id, (what, word) in zip(uuid7_many(len(counts)), sorted(counts), strict=True)
        ],
        on_conflict="ON CONFLICT (merchant_id, connection_id, what, word) DO UPDATE"
        " SET count = stored.count + excluded.count, last_seen_at = excluded.last_seen_at",
    )
