"""Note that the shopper was told or asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from aftermile.capabilities.exceptions.events import ExceptionResolved, ExceptionSnoozed
from aftermile.capabilities.exceptions.kinds import Kind
from aftermile.capabilities.exceptions.operations.acting import Acted, act_on, ended
from aftermile.capabilities.exceptions.states import Act, Ending, State
from aftermile.kernel.events import publish
from aftermile.kernel.rowsets import Row


class How(StrEnum):
    """How the shopper was reached."""

    EMAIL = "email"
    PHONE = "phone"
    OTHER = "other"


def mark_contacted(
    *,
    ids: Collection[UUID],
    how: How,
    note: str = "",
    seen: Mapping[UUID, int] | None = None,
    by: str,
    at: datetime,
) -> Acted:
    """Note that the shoppers know. Where there is nothing more to do the exception is done.

    Where an answer is waited for (`Kind.waits_after_contact_days`) it is put off for so many days. Refused
    one by one: what is done, and what changed since it was seen.

    :raises NoteTooLong: more than 2,000 characters.
    """

    def told(row: Row) -> Row:
        waits = Kind(row["kind"]).waits_after_contact_days
        contacted: Row = {"contacted_at": at, "contacted_how": how.value}
        if waits is None:
            return contacted | ended(Ending.CONTACTED.value, by=by, at=at)
        return contacted | {
            "state": State.SNOOZED.value,
            "snoozed_until": at + timedelta(days=waits),
            "snooze_reason": "",
        }

    done = act_on(Act.CONTACT, ids, seen=seen, by=by, at=at, note=note, change=told)
    publish(
        *(
            ExceptionSnoozed(exception_id=row["id"], until=row["snoozed_until"])
            if row["state"] == State.SNOOZED
            else ExceptionResolved(
                exception_id=row["id"], kind=row["kind"], ending=row["ending"], by_a_person=True,
                parcel_id=row["parcel_id"], order_id=row["order_id"],
            )
            for row in done.after.values()
        ),
        by=by,
        at=at,
    )  # fmt: skip
    return done.acted()
