"""The event log and reactions.

`publish` hands events to the open merchant's scope; when the scope closes they are written to the log, and
one job per interested reaction is queued for the whole batch, all in the act's own transaction. A reaction
runs in a transaction of its own that also writes its receipt: it takes effect once, however often its
job runs. One that fails stops only itself: it is retried with back-off, event by event, and its rows in
`kernel_reaction_run` say why.

A reaction that `gathers` may hear a little later what many transactions published, all at once: for projections,
whose cost is in the number of their runs. It remembers how far it has heard, and one job per merchant and moment
runs all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from pydantic import TypeAdapter

from aftermile.kernel import jobs, metrics
from aftermile.kernel.clock import now
from aftermile.kernel.ids import uuid7, uuid7_many
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.models import EventClock, EventRecord, ReactionCursor, ReactionRun
from aftermile.kernel.retention import count_oldest
from aftermile.kernel.rowsets import (
    Statement,
    as_json,
    insert,
    run,
    run_later,
    select,
    text_array,
    texts_in,
)
from aftermile.kernel.tenancy import current_merchant_id, current_scope, merchant_scope, went_away

E = TypeVar("E")

#: Reactions that gather hear what is published within this time at once, and at most three times as late.
GATHERED_FOR = timedelta(milliseconds=250)
#: The same for those on which a person waits.
GATHERED_SOON = timedelta(milliseconds=40)
_GATHERED_AT_ONCE = 1000

_types: dict[str, type[Any]] = {}
_names: dict[type[Any], str] = {}
_outside: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Published:
    """An event with its envelope, as reactions and the feed see it."""

    id: UUID
    position: int
    type: str
    event: Any
    by: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Reaction:
    name: str
    types: frozenset[str]
    run: Callable[[Sequence[Published]], None]
    only_if: Callable[[Collection[str]], Statement] | None = None
    gathers: bool = False
    soon: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    type: str
    event: Any
    by: str
    at: datetime


_reactions: dict[str, Reaction] = {}


def event(name: str, *, outside: str = "") -> Callable[[type[E]], type[E]]:
    """Register a frozen dataclass as an event, named `thing.happened`.

    :param outside: a sentence for the documentation of the public feed and webhooks; without one the event
        is for reactions only.
    """

    def register(cls: type[E]) -> type[E]:
        if not is_dataclass(cls) or name in _types:
            raise ValueError(f"{name!r} must be one dataclass")
        _types[name] = cls
        _names[cls] = name
        if outside:
            _outside[name] = outside
        return cls

    return register


def reacts_to(
    *events: type[Any],
    name: str = "",
    only_if: Callable[[Collection[str]], Statement] | None = None,
    gathers: bool = False,
    soon: bool = False,
) -> Callable[[Callable[[Sequence[Published]], None]], Callable[[Sequence[Published]], None]]:
    """Register a reaction: called with the events of one published batch, in order, inside the merchant's
    scope.

    :param name: stored in receipts and must never change; defaults to the function's own.
    :param only_if: a question to the database, given the types that were published and asked in the publishing
        transaction: no row, no job. One that gathers hears of it later all the same, with what concerns it.
    :param gathers: called a moment later (`GATHERED_FOR`) with the events of all batches of that time, in the order
        of the log and never two at once.
    :param soon: gather for a shorter moment (`GATHERED_SOON`).
    """

    def register(run: Callable[[Sequence[Published]], None]) -> Callable[[Sequence[Published]], None]:
        room = run.__module__.removeprefix("aftermile.").removesuffix(".reactions")
        full = name or f"{room}.{run.__name__}"
        if full in _reactions:
            raise ValueError(f"two reactions are called {full!r}")
        types = frozenset(_names[cls] for cls in events)
        _reactions[full] = Reaction(full, types, run, only_if, gathers or soon, soon)
        return run

    return register


def event_types() -> Mapping[str, type[Any]]:
    return _types


def outside_events() -> Mapping[str, str]:
    """Return the events of the public feed with a sentence on each."""
    return _outside


def reactions() -> Mapping[str, Reaction]:
    return _reactions


def publish(*events: object, by: str, at: datetime) -> None:
    """Hand events to the open scope; they are logged when it closes, or never happened.

    :param by: who acted, as `kind:id` ("staff:...", "api_key:...", "connection:...", "system").
    :raises NoMerchantScope: no merchant's scope is open.
    """
    if not events:
        return
    scope = current_scope()
    if not scope.published:
        scope.closing.append(_write)
    scope.published.extend(Pending(_names[type(one)], one, by, at) for one in events)


def _write() -> None:
    """Write what the scope published, and queue what follows, with the trip that commits it.

    The clock is locked last in the transaction, so nobody waits for another lock with it in hand, and whoever
    publishes next waits for no answer of ours.
    """
    scope = current_scope()
    batch, scope.published = scope.published, []
    merchant_id = current_merchant_id()
    rows = [
        {
            "id": event_id,
            "type": pending.type,
            "payload": _adapter(pending.type).dump_python(pending.event, mode="json"),
            "by": pending.by,
            "occurred_at": pending.at,
        }
        for event_id, pending in zip(uuid7_many(len(batch)), batch, strict=True)
    ]
    clock = Statement(
        "WITH clock AS (INSERT INTO kernel_event_clock AS c (merchant_id, id, position) VALUES (%s, %s, %s)"
        " ON CONFLICT (merchant_id, id) DO UPDATE SET position = c.position + excluded.position RETURNING position)"
        " INSERT INTO kernel_event (merchant_id, id, position, type, payload, by, occurred_at)"
        " SELECT %s, e.id, clock.position - %s + e.place, e.type, e.payload, e.by, e.occurred_at"
        " FROM clock, ROWS FROM (json_to_recordset(%s) AS (id uuid, type text, payload jsonb, by text,"
        " occurred_at timestamptz)) WITH ORDINALITY AS e(id, type, payload, by, occurred_at, place)",
        (merchant_id, merchant_id, len(batch), merchant_id, len(batch), as_json(rows)),
        list,
    )
    run_later(clock, _queue(merchant_id, frozenset(pending.type for pending in batch), count=len(batch)))


def _queue(merchant_id: UUID, published: frozenset[str], *, count: int) -> Statement | None:
    """Queue a job for each reaction that is interested in the last `count` events, and one for those that gather.

    Whether one is interested is asked by the statement that queues it.
    """
    at = now()
    rows: list[dict[str, object]] = []
    questions: list[Statement] = []
    gathered: set[bool] = set()
    for reaction in sorted(_reactions.values(), key=lambda each: each.gathers):  # those that wait come last
        types = reaction.types & published
        if not types or (reaction.gathers and reaction.soon in gathered):
            continue
        if reaction.only_if is not None:
            questions.append(reaction.only_if(types))
        elif reaction.gathers:
            gathered.add(reaction.soon)
        deferred = (
            _gathering(merchant_id, soon=reaction.soon, at=at)
            if reaction.gathers
            else jobs.Deferred(
                name="kernel.react", merchant_id=merchant_id, payload={"reaction": reaction.name}
            )
        )
        asked = len(questions) if reaction.only_if is not None else None
        rows.append({**jobs.as_row(deferred, at=at), "question": asked})
    if not rows:
        return None
    conditions = [
        "j.question IS NULL",
        *(f"(j.question = {place} AND EXISTS ({each.sql}))" for place, each in enumerate(questions, 1)),
    ]
    positions = "jsonb_build_object('first', clock.position - %s + 1, 'last', clock.position)"
    return Statement(
        f"SELECT {jobs.queueing('j', f'(j.payload::jsonb || {positions})::text')}"
        f" FROM json_to_recordset(%s) AS j({jobs.JOB_COLUMNS}, question int), kernel_event_clock AS clock"
        f" WHERE clock.merchant_id = %s AND ({' OR '.join(conditions)})",
        (count, as_json(rows), merchant_id, *(value for each in questions for value in each.parameters)),
        list,
    )


def _gathering(merchant_id: UUID, *, soon: bool, at: datetime) -> jobs.Deferred:
    """Return the job that gathers what is published now: one for all who publish within the same moment."""
    span = GATHERED_SOON if soon else GATHERED_FOR
    moment = int(at.timestamp() / span.total_seconds())
    return jobs.Deferred(
        name="kernel.gather",
        merchant_id=merchant_id,
        payload={"soon": soon},
        # Twice: whoever leaves the job to another, published at the end of the moment, has committed by then.
        run_at=at + 2 * span,
        only_one=f"gather{' soon' if soon else ''} {merchant_id} {moment}",
    )


@jobs.job("kernel.gather", attempts=25)
def gather(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Run every reaction that gathers over what it has not heard yet."""
    for reaction in _with_news(merchant_id, soon=bool(payload.get("soon"))):
        while _gather(merchant_id, reaction):
            pass


def _with_news(merchant_id: UUID, *, soon: bool) -> list[Reaction]:
    """Find the gathering reactions that something unheard concerns; the others have heard of it with this.

    Two trips however many reactions there are, three where one is to be asked: most of what happens concerns few.
    """
    gathering = [reaction for reaction in _reactions.values() if reaction.gathers and reaction.soon is soon]
    names = text_array(reaction.name for reaction in gathering)
    among = texts_in("reaction")
    # A range with two ends, each a bare subquery: within the walls nothing else would be looked for by the index.
    first = (
        "SELECT CASE WHEN count(*) = %s THEN min(position) ELSE 0 END FROM kernel_reaction_cursor"
        f" WHERE merchant_id = %s AND {among}"
    )
    last = "SELECT position FROM kernel_event_clock WHERE merchant_id = %s"
    with merchant_scope(merchant_id):
        clock, cursors, found = run(
            select(EventClock, ["position"], "true"),
            select(ReactionCursor, ["reaction", "position"], among, [names]),
            select(
                EventRecord, ["type", "max(position)"], f"position > ({first}) AND position <= ({last})",
                [len(gathering), merchant_id, names, merchant_id], then="GROUP BY type",
            ),
        )  # fmt: skip
        latest = clock[0]["position"] if clock else 0
        heard = {row["reaction"]: row["position"] for row in cursors}
        newest = {row["type"]: row["max(position)"] for row in found}
        behind = [reaction for reaction in gathering if heard.get(reaction.name, 0) < latest]
        concerned = [
            reaction
            for reaction in behind
            if any(newest.get(each, 0) > heard.get(reaction.name, 0) for each in reaction.types)
        ]
        questions = [each.only_if(each.types & newest.keys()) if each.only_if else None for each in concerned]
        answers = run(*questions) if any(questions) else [[] for _ in questions]
        concerned = [
            reaction
            for reaction, question, answer in zip(concerned, questions, answers, strict=True)
            if question is None or answer
        ]
        rows = [
            {"id": uuid7(), "reaction": reaction.name, "position": latest}
            for reaction in behind
            if reaction not in concerned
        ]
        run_later(
            insert(
                ReactionCursor, ["id", "reaction", "position"], rows,
                on_conflict="ON CONFLICT (merchant_id, reaction) DO UPDATE"
                " SET position = greatest(stored.position, excluded.position)",
            )
        )  # fmt: skip
    return concerned


@jobs.periodic("kernel.catch_up", cron="* * * * *")
def catch_up() -> None:
    """Queue, each minute, what a gathering reaction has not heard although its moment is over."""
    gathering = [reaction for reaction in _reactions.values() if reaction.gathers]
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            heard = dict(ReactionCursor.rows().values_list("reaction", "position"))
            latest = latest_position()
            behind = {reaction.soon for reaction in gathering if heard.get(reaction.name, 0) < latest}
            at = now()
            jobs.defer_many(_gathering(merchant.id, soon=soon, at=at) for soon in behind)


def _gather(merchant_id: UUID, reaction: Reaction) -> bool:
    """Run one reaction over the next part of the log; return whether there may be more.

    Whoever else gathers waits for the cursor. A part that fails is handed on event by event.
    """
    first = last = 0
    try:
        with merchant_scope(merchant_id):
            first, last, rows = _next_part(reaction)
            if last < first:
                return False
            if rows:
                run_later(_receipt(reaction.name, first, last))
                reaction.run([_published(*row) for row in rows])
            run_later(_moved(reaction.name, last))
    except Exception as failure:
        if went_away(failure) or last < first or not last:
            raise
        metrics.REACTIONS.add(reaction=reaction.name, outcome="failed")
        with merchant_scope(merchant_id):
            if lock_cursor(reaction.name) < last:
                _note_failure(reaction.name, first, last, failure)
                if first == last:
                    jobs.defer_many([_alone(reaction.name, first)])
                run_later(_moved(reaction.name, last))
    else:
        metrics.REACTIONS.add(reaction=reaction.name, outcome="done")
    return last - first + 1 == _GATHERED_AT_ONCE


def lock_cursor(name: str) -> int:
    """Return how far a reaction that gathers has heard, and keep it from hearing more until the scope closes."""
    return int(run(_held(name))[0][0][0])


def _next_part(reaction: Reaction) -> tuple[int, int, list[tuple[Any, ...]]]:
    """Lock the cursor of a reaction that gathers; return the next part of the log as two positions, and the events in
    it that concern the reaction: one trip."""
    heard = "(SELECT position FROM kernel_reaction_cursor WHERE merchant_id = %s AND reaction = %s)"
    mine = (current_merchant_id(), reaction.name)
    ((held,),), clock, found = run(
        _held(reaction.name),
        select(EventClock, ["position"], "true"),
        _events(
            f"position > {heard} AND position <= {heard} + %s AND {texts_in('type')}",
            (*mine, *mine, _GATHERED_AT_ONCE, text_array(sorted(reaction.types))),
        ),
    )
    last = min(clock[0]["position"] if clock else 0, held + _GATHERED_AT_ONCE)
    # What was published since the clock was read is in the next part.
    return held + 1, last, [row for row in found if row[1] <= last]


def _held(name: str) -> Statement:
    return Statement(
        "INSERT INTO kernel_reaction_cursor AS held (merchant_id, id, reaction, position) VALUES (%s, %s, %s, 0)"
        " ON CONFLICT (merchant_id, reaction) DO UPDATE SET position = held.position RETURNING position",
        (current_merchant_id(), uuid7(), name),
        list,
    )


def _moved(name: str, position: int) -> Statement:
    return Statement(
        "UPDATE kernel_reaction_cursor SET position = %s WHERE merchant_id = %s AND reaction = %s",
        (position, current_merchant_id(), name),
        list,
    )


@jobs.job("kernel.react", attempts=25)
def react(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Run one reaction over one published batch, once.

    A batch that fails is split into its events, so that one of them cannot hold up the rest; a single
    event that fails raises, and the queue tries it again later. A database that went away is nobody's
    failure: the whole batch is tried again.
    """
    name, first, last = str(payload["reaction"]), int(str(payload["first"])), int(str(payload["last"]))
    try:
        with merchant_scope(merchant_id):
            types = text_array(sorted(_reactions[name].types))
            is_mine, found = run(
                # Two workers with one job meet here: the second waits for the first's commit.
                _receipt(name, first, last),
                _events(f"position >= %s AND position <= %s AND {texts_in('type')}", (first, last, types)),
            )
            if is_mine and found:
                _reactions[name].run([_published(*row) for row in found])
    except Exception as failure:
        if went_away(failure):
            raise
        metrics.REACTIONS.add(reaction=name, outcome="failed")
        with merchant_scope(merchant_id):
            _note_failure(name, first, last, failure)
        if first == last:
            raise
    else:
        metrics.REACTIONS.add(reaction=name, outcome="done")


def read(
    *, after: int, up_to: int | None = None, types: Iterable[str] | None = None, limit: int | None = None
) -> list[Published]:
    """Read the open merchant's log in order, beginning behind a position.

    Positions are given out in the order of commits and have no gaps, so a reader who remembers the last
    one misses nothing. An event whose type is no longer known comes as its plain payload.
    """
    where = "position > %s"
    parameters: list[object] = [after]
    if up_to is not None:
        where += " AND position <= %s"
        parameters.append(up_to)
    if types is not None:
        where += f" AND {texts_in('type')}"
        parameters.append(text_array(sorted(types)))
    (found,) = run(_events(where, parameters, limit=limit))
    return [_published(*row) for row in found]


def _events(where: str, parameters: Sequence[Any], *, limit: int | None = None) -> Statement:
    """Read events in order, for `_published`."""
    return Statement(
        "SELECT id, position, type, payload, by, occurred_at FROM kernel_event"
        f" WHERE merchant_id = %s AND {where} ORDER BY position{'' if limit is None else ' LIMIT %s'}",
        (current_merchant_id(), *parameters, *(() if limit is None else (limit,))),
        list,
    )


def _published(
    id_: UUID, position: int, name: str, payload: str, by: str, occurred_at: datetime
) -> Published:
    told = _adapter(name).validate_json(payload) if name in _types else json.loads(payload)
    return Published(id_, position, name, told, by, occurred_at)


def latest_position() -> int:
    """Return the position of the open merchant's newest event, 0 when there is none."""
    return EventClock.rows().values_list("position", flat=True).first() or 0


def position_before(moment: datetime) -> int:
    """Return the position behind which lies what has happened since a moment.

    The log is in the order in which things were told, which is nearly that in which they happened: halved until
    found, some twenty single rows by index.
    """
    rows = EventRecord.rows()
    low = (rows.order_by("position").values_list("position", flat=True).first() or 1) - 1
    high = latest_position()
    while low < high:
        middle = (low + high + 1) // 2
        told = (
            rows.filter(position__gte=middle)
            .order_by("position")
            .values_list("occurred_at", flat=True)
            .first()
        )
        if told is not None and told < moment:
            low = middle
        else:
            high = middle - 1
    return low


def failing_reactions() -> set[str]:
    """Return the names of the open merchant's reactions that are failing now."""
    return set(
        ReactionRun.rows().filter(status=ReactionRun.Status.FAILING).values_list("reaction", flat=True)
    )


def _receipt(name: str, first: int, last: int) -> Statement:
    """Write the receipt; gives no row when this batch already took effect."""
    return Statement(
        "INSERT INTO kernel_reaction_run AS run (merchant_id, id, reaction, first_position,"
        " last_position, status, attempts, error, updated_at) VALUES (%s, %s, %s, %s, %s, 'done', 1, '', %s)"
        " ON CONFLICT (merchant_id, reaction, first_position, last_position)"
        " DO UPDATE SET status = 'done', error = '', updated_at = excluded.updated_at"
        " WHERE run.status = 'failing' RETURNING 1",
        (current_merchant_id(), uuid7(), name, first, last, now()),
        list,
    )


def _note_failure(name: str, first: int, last: int, failure: Exception) -> None:
    split = first < last
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_reaction_run AS run (merchant_id, id, reaction, first_position,"
            " last_position, status, attempts, error, updated_at) VALUES (%s, %s, %s, %s, %s, %s, 1, %s, %s)"
            " ON CONFLICT (merchant_id, reaction, first_position, last_position)"
            " DO UPDATE SET attempts = run.attempts + 1, error = excluded.error, updated_at = excluded.updated_at"
            " WHERE run.status = 'failing' RETURNING 1",
            [
                current_merchant_id(),
                uuid7(),
                name,
                first,
                last,
                ReactionRun.Status.SPLIT if split else ReactionRun.Status.FAILING,
                f"{type(failure).__name__}: {failure}"[:2000],
                now(),
            ],
        )
        noted = cursor.fetchone() is not None
    if split and noted:
        jobs.defer_many(_alone(name, position) for position in range(first, last + 1))


def _alone(name: str, position: int) -> jobs.Deferred:
    """Return the job that runs a reaction for one event."""
    return jobs.Deferred(
        name="kernel.react",
        merchant_id=current_merchant_id(),
        payload={"reaction": name, "first": position, "last": position},
    )


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_types[name])


def count_old(*, before: datetime) -> int:
    """Count the open merchant's events that pruning would remove, as far as `retention.count_oldest` counts."""
    return count_oldest("kernel_event", "occurred_at", before=before)


def prune(*, before: datetime, limit: int = 5000) -> int:
    """Delete the open merchant's oldest events and receipts, at most `limit` of each; return how many.

    Small deletes that lock nothing others wait for: call again until it returns 0.
    """
    removed = 0
    with connection.cursor() as cursor:
        for table, old in (
            ("kernel_event", "occurred_at < %s"),
            ("kernel_reaction_run", "updated_at < %s AND status <> 'failing'"),
        ):
            # Materialized: PostgreSQL may run a LIMIT in a plain subquery more than once, and delete more.
            cursor.execute(
                f"WITH old AS MATERIALIZED (SELECT id FROM {table} WHERE merchant_id = %s AND {old}"
                " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)"
                f" DELETE FROM {table} t USING old WHERE t.merchant_id = %s AND t.id = old.id",
                [current_merchant_id(), before, limit, current_merchant_id()],
            )
            removed += cursor.rowcount
    return removed
