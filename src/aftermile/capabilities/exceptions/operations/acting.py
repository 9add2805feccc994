"""What all acts of people share: who comes first acts, who comes second is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from aftermile.capabilities.exceptions.models import ExceptionStep, ShippingException
from aftermile.capabilities.exceptions.states import MOVES, Act, State
from aftermile.kernel.errors import Invalid
from aftermile.kernel.ids import uuid7, uuid7_many
from aftermile.kernel.rowsets import Row, id_array, ids_in, insert, run, select, update

LONGEST_NOTE = 2000


class NoteTooLong(Invalid):
    """A reason or note of more than 2,000 characters."""

    code = "note_too_long"
    message = f"A note has at most {LONGEST_NOTE} characters."


class Why(StrEnum):
    """Why an act was not done to one exception."""

    MISSING = "missing"  # there is no such exception here
    DONE = "done"  # it ended before
    NOT_DONE = "not_done"  # only what is done can be opened again, and only what sleeps be woken
    CHANGED = "changed"  # somebody else did something about it since it was looked at
    BY_ITSELF = "by_itself"  # it ended by itself, and would again
    NO_PARCEL = "no_parcel"  # an order without a parcel cannot be lost
    REPLACED = "replaced"  # another exception of the same subject is open


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One exception an act was not done to, who was faster, and what they made of it."""

    exception_id: UUID
    why: Why
    state: str = ""
    ending: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What an act did. `action_id` undoes it."""

    action_id: UUID
    changed: tuple[UUID, ...]
    refused: tuple[Refused, ...]


@dataclass(slots=True)
class Done:
    """An act that was written: the rows before and after, by id."""

    before: dict[UUID, Row] = field(default_factory=dict)
    after: dict[UUID, Row] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    action_id: UUID = field(default_factory=uuid7)

    def acted(self) -> Acted:
        return Acted(action_id=self.action_id, changed=tuple(self.after), refused=tuple(self.refused))


#: What acts change, and what undoing puts back.
ACTED_ON = (
    "state", "assigned_to", "snoozed_until", "snooze_reason", "contacted_at", "contacted_how", "ended_at", "ending",
    "ended_by", "note", "handled_days",
)  # fmt: skip
#: What a step says of itself; words of people stand in its note alone.
_TOLD = tuple(name for name in ACTED_ON if name not in ("note", "snooze_reason"))
_WRITTEN = (*ACTED_ON, "revision", "acted_by", "acted_at")
_READ = ("id", "subject_id", "parcel_id", "order_id", "kind", "days", *_WRITTEN)


def take(ids: Collection[UUID]) -> dict[UUID, Row]:
    """Lock exceptions in the order of their ids."""
    rows = run(
        select(
            ShippingException,
            _READ,
            ids_in("id"),
            [id_array(sorted(set(ids)))],
            then="ORDER BY id FOR UPDATE",
        )
    )[0]
    return {row["id"]: row for row in rows}


def act_on(
    act: Act,
    ids: Collection[UUID],
    *,
    seen: Mapping[UUID, int] | None,
    by: str,
    at: datetime,
    change: Callable[[Row], Row],
    note: str = "",
    forbids: Callable[[Row], Why | None] = lambda _: None,
) -> Done:
    """Do one act to each exception it may be done to, in four statements however many.

    :param seen: the revision of each as the person saw it; one that has another by now is refused. Those not
        named are taken as they are.
    :param change: what becomes of a row, as the columns that change.
    :raises NoteTooLong: more than 2,000 characters.
    """
    if len(note) > LONGEST_NOTE:
        raise NoteTooLong
    done, rows = Done(), take(ids)
    for exception_id in sorted(set(ids)):
        row = rows.get(exception_id)
        why = _why_not(act, row, (seen or {}).get(exception_id)) or (forbids(row) if row else None)
        if row is None or why is not None:
            done.refused.append(refusal(exception_id, row, why or Why.MISSING))
            continue
        done.before[exception_id] = row
        changed = change(row)
        handled = {"note": note} if note else {}
        done.after[exception_id] = {**row, "handled_days": row["days"], **handled, **changed}
    write(act, done, by=by, at=at, note=note)
    return done


def write(act: Act, done: Done, *, by: str, at: datetime, note: str = "") -> None:
    """Write the rows of an act and its steps."""
    for row in done.after.values():
        row |= {"revision": row["revision"] + 1, "acted_by": by, "acted_at": at}
    steps = [
        {
            "id": step_id, "exception_id": row["id"], "action_id": done.action_id, "act": act.value, "by": by, "at": at,
            "note": note, "detail": {name: row[name] for name in _TOLD if row[name] != done.before[row["id"]][name]},
            "before": {name: done.before[row["id"]][name] for name in ACTED_ON}, "revision": row["revision"],
        }
        for row, step_id in zip(done.after.values(), uuid7_many(len(done.after)), strict=True)
    ]  # fmt: skip
    run(
        update(
            ShippingException,
            _WRITTEN,
            [{name: row[name] for name in ("id", *_WRITTEN)} for row in done.after.values()],
        ),
        insert(
            ExceptionStep,
            ("id", "exception_id", "action_id", "act", "by", "at", "note", "detail", "before", "revision"),
            steps,
        ),
    )


def refusal(exception_id: UUID, row: Row | None, why: Why) -> Refused:
    """Say why one exception was left alone."""
    if row is None:
        return Refused(exception_id=exception_id, why=Why.MISSING)
    return Refused(
        exception_id=exception_id,
        why=why,
        state=row["state"],
        ending=row["ending"],
        by=row["acted_by"],
        at=row["ended_at"] or row["acted_at"],
    )


def ended(ending: str, *, by: str, at: datetime) -> Row:
    """Return what changes in an exception that a person ends."""
    return {
        "state": State.DONE.value,
        "snoozed_until": None,
        "ended_at": at,
        "ending": ending,
        "ended_by": by,
    }


#: What changes in an exception that is open again.
OPENED: Row = {
    "state": State.OPEN.value,
    "snoozed_until": None,
    "ended_at": None,
    "ending": "",
    "ended_by": "",
}


def _why_not(act: Act, row: Row | None, seen: int | None) -> Why | None:
    if row is None:
        return Why.MISSING
    state = State(row["state"])
    if state not in MOVES[act]:
        return Why.DONE if state is State.DONE else Why.NOT_DONE
    return Why.CHANGED if seen is not None and seen != row["revision"] else None
