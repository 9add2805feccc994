"""End exceptions by a person's word: lost, or none at all; and open them again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.exceptions.events import ExceptionReopened, ExceptionResolved
from aftermile.capabilities.exceptions.models import ShippingException
from aftermile.capabilities.exceptions.operations.acting import OPENED, Acted, Done, Why, act_on, ended
from aftermile.capabilities.exceptions.states import BY_A_PERSON, Act, Ending, State
from aftermile.capabilities.shipments.public import complete_parcels, take_back_completion
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.errors import Invalid
from aftermile.kernel.events import publish
from aftermile.kernel.rowsets import Row


class ReasonMissing(Invalid):
    """An exception was dismissed without a word why."""

    code = "reason_missing"
    message = "Say why, so that others know."


def mark_lost(
    *,
    ids: Collection[UUID],
    note: str = "",
    seen: Mapping[UUID, int] | None = None,
    by: str,
    at: datetime,
) -> Acted:
    """Give parcels up: their pages say so, and their exceptions are done.

    The word stands among the parcel's scans; one that turns up after all moves on from there. Refused one by
    one: what is done or changed since, and orders without a parcel.

    :raises NoteTooLong: more than 2,000 characters.
    """
    done = act_on(
        Act.MARK_LOST, ids, seen=seen, by=by, at=at, note=note,
        change=lambda _: ended(Ending.MARKED_LOST.value, by=by, at=at),
        forbids=lambda row: None if row["parcel_id"] else Why.NO_PARCEL,
    )  # fmt: skip
    complete_parcels(
        parcel_ids={row["parcel_id"] for row in done.after.values()},
        outcome=SubStatus.LOST,
        occurred_at=at,
        by=by,
        at=at,
    )
    _publish_ended(done, by=by, at=at)
    return done.acted()


def dismiss(
    *,
    ids: Collection[UUID],
    reason: str,
    seen: Mapping[UUID, int] | None = None,
    by: str,
    at: datetime,
) -> Acted:
    """End exceptions that need nobody. The same occurrence does not open again; a new one does.

    Refused one by one: what is done, and what changed since it was seen.

    :raises ReasonMissing: no reason.
    :raises NoteTooLong: more than 2,000 characters.
    """
    if not reason.strip():
        raise ReasonMissing
    done = act_on(
        Act.DISMISS, ids, seen=seen, by=by, at=at, note=reason.strip(),
        change=lambda _: ended(Ending.DISMISSED.value, by=by, at=at),
    )  # fmt: skip
    _publish_ended(done, by=by, at=at)
    return done.acted()


def reopen(*, ids: Collection[UUID], seen: Mapping[UUID, int] | None = None, by: str, at: datetime) -> Acted:
    """Take up again what a person ended; a parcel given up is then looked for again.

    Refused one by one: what is not done, what ended by itself, and what has been replaced by a newer one.
    """
    replaced = replaced_among(ids)

    def forbids(row: Row) -> Why | None:
        if row["ending"] not in BY_A_PERSON:
            return Why.BY_ITSELF
        return Why.REPLACED if row["subject_id"] in replaced else None

    done = act_on(Act.REOPEN, ids, seen=seen, by=by, at=at, change=lambda _: OPENED, forbids=forbids)
    take_back_losses(done.before.values(), by=by, at=at)
    publish(*(ExceptionReopened(exception_id=row_id) for row_id in done.after), by=by, at=at)
    return done.acted()


def replaced_among(ids: Collection[UUID]) -> set[UUID]:
    """Return the subjects of these exceptions that have another one which is not done: one statement."""
    subjects = ShippingException.rows().filter(id__in=ids).values("subject_id")
    rows = ShippingException.rows().filter(subject_id__in=subjects).exclude(state=State.DONE)
    return set(rows.exclude(id__in=ids).values_list("subject_id", flat=True))


def take_back_losses(rows: Iterable[Row], *, by: str, at: datetime) -> None:
    """Take back that parcels were given up, where that is how their exceptions ended."""
    lost: dict[datetime, set[UUID]] = defaultdict(set)
    for row in rows:
        if row["ending"] == Ending.MARKED_LOST:
            lost[row["ended_at"]].add(row["parcel_id"])
    for occurred_at, parcel_ids in lost.items():
        take_back_completion(parcel_ids=parcel_ids, occurred_at=occurred_at, by=by, at=at)


def _publish_ended(done: Done, *, by: str, at: datetime) -> None:
    publish(
        *(
            ExceptionResolved(
                exception_id=row["id"], kind=row["kind"], ending=row["ending"], by_a_person=True,
                parcel_id=row["parcel_id"], order_id=row["order_id"],
            )
            for row in done.after.values()
        ),
        by=by,
        at=at,
    )  # fmt: skip
