"""Digest what waits, one job per merchant at a time.

Every arrival queues a job. Under steady arrivals most of these would find one record or none, and cost as
much as one that finds a hundred; so in each process one job reads for all, and the others leave word.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from time import sleep
from uuid import UUID

from aftermile.intake.operations.digest import BATCH, digest
from aftermile.kernel import jobs

#: What arrives within this time of the last look is read together. A record that arrives alone is read at once.
GATHERED_SECONDS = 0.05
#: Then the job makes room for those of other merchants.
MOST_LOOKS = 20


@dataclass(slots=True)
class _Turn:
    """A job that reads; `wanted` when another one came meanwhile."""

    wanted: bool = False


_turns: dict[UUID, _Turn] = {}
_lock = Lock()


def digest_waiting(merchant_id: UUID) -> None:
    """Digest until nothing waits, or leave it to the job of this process that is at it.

    That one looks again after word was left, and if it dies or fails it is run anew: nothing is left behind.
    """
    with _lock:
        held = _turns.get(merchant_id)
        if held is not None:
            held.wanted = True
            return
        turn = _turns[merchant_id] = _Turn()
    try:
        _digest_until_unwanted(merchant_id, turn)
    finally:
        with _lock:
            if _turns.get(merchant_id) is turn:
                del _turns[merchant_id]
    if turn.wanted:
        jobs.defer("intake.digest", merchant_id=merchant_id)


def help_digesting(merchant_id: UUID) -> None:
    """Digest beside the job whose turn it is until nothing waits; the two never take the same record."""
    while digest(merchant_id) == BATCH:
        pass


def _digest_until_unwanted(merchant_id: UUID, turn: _Turn) -> None:
    has_help = False
    for look in range(MOST_LOOKS):
        if look:
            sleep(GATHERED_SECONDS)
        while digest(merchant_id) == BATCH:
            if not has_help:
                # While one computes, the other's statements run.
                jobs.defer("intake.digest", merchant_id=merchant_id, helps=True)
                has_help = True
        with _lock:
            if not turn.wanted:
                # Here and not later: who comes from now on does not find us and reads for himself.
                del _turns[merchant_id]
                return
            turn.wanted = False
    turn.wanted = True
