"""How many requests a key may send: counted in this process, told in every answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

#: Ten times what AfterShip allows by default: a shop that switches never meets it.
REQUESTS_PER_SECOND = 100
_MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a key in the present second."""

    remaining: int
    reset: int  # the Unix time at which the next second begins

    @property
    def exceeded(self) -> bool:
        return self.remaining < 0


_counts: dict[UUID, tuple[int, int]] = {}
_lock = Lock()


def count_request(key_id: UUID) -> Allowance:
    """Count one request of a key."""
    second = int(time.time())
    with _lock:
        if len(_counts) >= _MOST_KEYS:
            _counts.clear()
        counted_in, count = _counts.get(key_id, (second, 0))
        count = count + 1 if counted_in == second else 1
        _counts[key_id] = (second, count)
    return Allowance(REQUESTS_PER_SECOND - count, second + 1)
