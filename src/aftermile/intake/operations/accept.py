"""Keep what arrives, durably, before anybody is answered.

Requests that arrive at the same time are committed together: while one commit is on its way the next ones
gather, so that a burst costs a few commits and not one each, while a single request waits for nobody.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from uuid import UUID

from django.db import connection

from aftermile.intake.models import InboundRecord
from aftermile.kernel import jobs
from aftermile.kernel.bounds import LONGEST_ID
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import as_json, id_array, ids_in, run, select, text_array, texts_in
from aftermile.kernel.tenancy import merchant_scope, travel_and_commit

MOST_TOGETHER = 200
MOST_BYTES_TOGETHER = 8_000_000
# What a request carries that would open doors: never stored.
_NEVER_KEPT = frozenset({"authorization", "cookie", "proxy-authorization", "as-api-key"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A verified request, or an answer we asked for, on its way to be kept."""

    merchant_id: UUID
    connection_id: UUID
    origin: str
    kind: str
    external_id: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime

    @property
    def repeat_key(self) -> str:
        """The sender's own id, or else the content itself: the same again is kept once.

        An id that could not be stored as it is (too long, with control characters) counts as none.
        """
        if self.external_id.isprintable() and 0 < len(self.external_id) <= LONGEST_ID:
            return f"id:{self.external_id}"
        return "sha256:" + hashlib.sha256(self.kind.encode() + b"\x00" + self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    record_id: UUID
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    kept: asyncio.Future[Kept]


class Gate:
    """Commits together what arrives together; one per process.

    One thread commits, so that a burst needs one connection to the database and not one for each request.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[_Waiting] = []
        self._commits = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="gate")

    async def keep(self, arrival: Arrival) -> Kept:
        """Store one arrival; returns when it is on disk.

        A repeat of a kept one is not stored again. Whatever the database raises is raised here, and then
        nothing was kept.
        """
        mine = _Waiting(arrival, asyncio.get_running_loop().create_future())
        with self._lock:
            self._waiting.append(mine)
            begins, self._commits = not self._commits, True
        if begins:
            self._thread.submit(self._commit_all)
        return await mine.kept

    def _commit_all(self) -> None:
        try:
            while together := self._next():
                self._commit(together)
        finally:
            connection.close()  # back to the pool

    def _next(self) -> list[_Waiting]:
        with self._lock:
            count, size = 0, 0
            while count < min(len(self._waiting), MOST_TOGETHER) and size < MOST_BYTES_TOGETHER:
                size += len(self._waiting[count].arrival.body)
                count += 1
            together, self._waiting = self._waiting[:count], self._waiting[count:]
            self._commits = count > 0
        return together

    def _commit(self, together: Sequence[_Waiting]) -> None:
        by_merchant: dict[UUID, list[_Waiting]] = defaultdict(list)
        for each in together:
            by_merchant[each.arrival.merchant_id].append(each)
        for merchant_id, group in by_merchant.items():
            outcomes: Sequence[Kept | BaseException]
            try:
                outcomes = keep_all(merchant_id, [each.arrival for each in group])
            except BaseException as failure:
                outcomes = [failure] * len(group)
            # Once for all of them: to wake the event loop costs more than to answer.
            group[0].kept.get_loop().call_soon_threadsafe(_tell, group, outcomes)


def _tell(group: Sequence[_Waiting], outcomes: Sequence[Kept | BaseException]) -> None:
    for each, outcome in zip(group, outcomes, strict=True):
        if each.kept.done():  # nobody waits for it any more
            continue
        if isinstance(outcome, BaseException):
            each.kept.set_exception(outcome)
        else:
            each.kept.set_result(outcome)


gate = Gate()


def keep_all(merchant_id: UUID, arrivals: Sequence[Arrival]) -> list[Kept]:
    """Store arrivals of one merchant in one transaction, and queue their digestion."""
    keys = [(arrival.connection_id, arrival.repeat_key) for arrival in arrivals]
    first: dict[tuple[UUID, str], int] = {}
    for index, key in enumerate(keys):
        first.setdefault(key, index)
    # One order everywhere, so that two processes keeping the same arrivals cannot deadlock.
    chosen = [(key, arrivals[first[key]]) for key in sorted(first)]
    with merchant_scope(merchant_id):
        # A job for nothing but repeats does no harm.
        jobs.defer("intake.digest", merchant_id=merchant_id)
        bodies = b"".join(arrival.body for _, arrival in chosen)
        (written,) = travel_and_commit([(_INSERT, [merchant_id, bodies, _rows(chosen), merchant_id])])
    new = {(connection_id, key): record_id for connection_id, key, record_id in written}
    known: dict[tuple[UUID, str], UUID] = {}
    if repeated := [key for key in first if key not in new]:
        # Those of others are committed: the insert has waited for them.
        known = _find(merchant_id, repeated)
    return [
        Kept(new[key], first[key] == index) if key in new else Kept(known[key], False)
        for index, key in enumerate(keys)
    ]


def _find(merchant_id: UUID, keys: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], UUID]:
    with merchant_scope(merchant_id):
        (found,) = run(
            select(
                InboundRecord,
                ["connection_id", "repeat_key", "id"],
                f"{ids_in('connection_id')} AND {texts_in('repeat_key')}",
                [id_array({key[0] for key in keys}), text_array({key[1] for key in keys})],
            )
        )
    return {(row["connection_id"], row["repeat_key"]): row["id"] for row in found}


# The bodies travel as one value and are cut apart in the database: escaped or in an array each of them would
# cost more than all the rest. A repeat is left out before it is tried: the conflict alone would wait for whoever
# is just writing what became of the first.
_INSERT = (
    "INSERT INTO intake_record (merchant_id, id, connection_id, origin, kind, repeat_key, headers, body, received_at,"
    " status, reason) SELECT %s, r.id, r.connection_id, r.origin, r.kind, r.repeat_key, r.headers,"
    " substring(%b::bytea FROM r.first FOR r.size), r.received_at, 'pending', ''"
    " FROM json_to_recordset(%s) AS r(id uuid, connection_id uuid, origin text, kind text, repeat_key text, headers jsonb,"
    " first int, size int, received_at timestamptz) WHERE NOT EXISTS (SELECT FROM intake_record AS kept WHERE"
    " kept.merchant_id = %s AND kept.connection_id = r.connection_id AND kept.repeat_key = r.repeat_key)"
    " ON CONFLICT (merchant_id, connection_id, repeat_key) DO NOTHING"
    " RETURNING connection_id, repeat_key, id"
)


def _rows(chosen: Sequence[tuple[tuple[UUID, str], Arrival]]) -> str:
    rows = []
    first = 1  # as PostgreSQL counts
    for record_id, ((connection_id, repeat_key), arrival) in zip(
        uuid7_many(len(chosen)), chosen, strict=True
    ):
        rows.append(
            {
                "id": record_id,
                "connection_id": connection_id,
                "origin": arrival.origin,
                "kind": arrival.kind,
                "repeat_key": repeat_key,
                "headers": {
                    name: value for name, value in arrival.headers.items() if name not in _NEVER_KEPT
                },
                "first": first,
                "size": len(arrival.body),
                "received_at": arrival.received_at,
            }
        )
        first += len(arrival.body)
    return as_json(rows)
