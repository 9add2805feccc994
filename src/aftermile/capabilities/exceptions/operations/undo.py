"""Undo one act as a whole."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.exceptions.events import (
    ExceptionAssigned,
    ExceptionReopened,
    ExceptionResolved,
    ExceptionSnoozed,
)
from aftermile.capabilities.exceptions.models import ExceptionStep
from aftermile.capabilities.exceptions.operations.acting import Acted, Done, Why, refusal, take, write
from aftermile.capabilities.exceptions.operations.end import replaced_among, take_back_losses
from aftermile.capabilities.exceptions.states import Act, Ending, State
from aftermile.capabilities.shipments.public import complete_parcels
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.errors import NotFound
from aftermile.kernel.events import publish
from aftermile.kernel.rowsets import Row


class NothingToUndo(NotFound):
    """There was no such act here, or it was undone before."""

    code = "nothing_to_undo"
    message = "There is nothing left to undo here."


def undo(*, action_id: UUID, by: str, at: datetime) -> Acted:
    """Put exceptions back as they were before an act, and what the act told of their parcels.

    Refused one by one: those that somebody, or a scan, changed since. What undoes can itself be undone.

    :raises NothingToUndo: no such act, or it was undone before.
    """
    steps = {step.exception_id: step for step in ExceptionStep.rows().filter(action_id=action_id)}
    rows = take(steps)
    # Locked by their exceptions: who undoes the same act at the same moment waits there, and then finds nothing.
    open_steps = set(
        ExceptionStep.rows()
        .filter(action_id=action_id, undone_at=None)
        .values_list("exception_id", flat=True)
    )
    if not open_steps:
        raise NothingToUndo
    replaced, done = replaced_among(list(steps)), Done()
    for exception_id in sorted(open_steps):
        row, step = rows.get(exception_id), steps[exception_id]
        comes_back = row is not None and row["state"] == State.DONE and step.before["state"] != State.DONE
        if row is None or row["revision"] != step.revision:
            done.refused.append(refusal(exception_id, row, Why.CHANGED))
        elif comes_back and row["subject_id"] in replaced:
            done.refused.append(refusal(exception_id, row, Why.REPLACED))
        else:
            done.before[exception_id] = row
            done.after[exception_id] = {**row, **_read(step.before)}
    write(Act.UNDO, done, by=by, at=at)
    ExceptionStep.rows().filter(action_id=action_id, exception_id__in=list(done.after)).update(undone_at=at)
    take_back_losses(done.before.values(), by=by, at=at)
    _lose_again(done, by=by, at=at)
    publish(*(_what_happened(done.before[row_id], row) for row_id, row in done.after.items()), by=by, at=at)
    return done.acted()


_MOMENTS = ("snoozed_until", "contacted_at", "ended_at")


def _read(before: Row) -> Row:
    moments = {name: datetime.fromisoformat(before[name]) for name in _MOMENTS if before[name]}
    holder = {"assigned_to": UUID(before["assigned_to"]) if before["assigned_to"] else None}
    return {**before, **moments, **holder}


def _lose_again(done: Done, *, by: str, at: datetime) -> None:
    """Give parcels up again whose giving up was undone, and that undone now."""
    for row in done.after.values():
        if row["ending"] == Ending.MARKED_LOST and done.before[row["id"]]["state"] != State.DONE:
            complete_parcels(
                parcel_ids=[row["parcel_id"]],
                outcome=SubStatus.LOST,
                occurred_at=row["ended_at"],
                by=by,
                at=at,
            )


def _what_happened(before: Row, after: Row) -> object:
    if after["state"] == State.DONE and before["state"] != State.DONE:
        return ExceptionResolved(
            exception_id=after["id"], kind=after["kind"], ending=after["ending"], by_a_person=True,
            parcel_id=after["parcel_id"], order_id=after["order_id"],
        )  # fmt: skip
    if after["state"] == State.SNOOZED and before["state"] != State.SNOOZED:
        return ExceptionSnoozed(exception_id=after["id"], until=after["snoozed_until"])
    if after["state"] == before["state"]:
        return ExceptionAssigned(exception_id=after["id"], staff_member_id=after["assigned_to"])
    return ExceptionReopened(exception_id=after["id"])
