"""Put exceptions off until a moment, and wake them before it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from aftermile.capabilities.exceptions.events import ExceptionReopened, ExceptionSnoozed
from aftermile.capabilities.exceptions.operations.acting import OPENED, Acted, act_on
from aftermile.capabilities.exceptions.states import Act, State
from aftermile.kernel.errors import Invalid
from aftermile.kernel.events import publish

LONGEST_SNOOZE = timedelta(days=90)


class SnoozeUnreadable(Invalid):
    """A moment that is over, or more than 90 days ahead."""

    code = "snooze_unreadable"
    message = "Put it off until a moment to come, at most 90 days ahead."


def snooze(
    *,
    ids: Collection[UUID],
    until: datetime,
    reason: str = "",
    seen: Mapping[UUID, int] | None = None,
    by: str,
    at: datetime,
) -> Acted:
    """Put exceptions off. One that gets worse wakes before, and one whose parcel moves ends.

    Put off already, they are put off until the new moment. Refused one by one: what is done, and what
    changed since it was seen.

    :raises SnoozeUnreadable: a moment that is over, or more than 90 days ahead.
    :raises NoteTooLong: a reason of more than 2,000 characters.
    """
    if not at < until <= at + LONGEST_SNOOZE:
        raise SnoozeUnreadable
    done = act_on(
        Act.SNOOZE, ids, seen=seen, by=by, at=at, note=reason,
        change=lambda _: {"state": State.SNOOZED.value, "snoozed_until": until, "snooze_reason": reason},
    )  # fmt: skip
    publish(*(ExceptionSnoozed(exception_id=row_id, until=until) for row_id in done.after), by=by, at=at)
    return done.acted()


def wake(*, ids: Collection[UUID], seen: Mapping[UUID, int] | None = None, by: str, at: datetime) -> Acted:
    """Take exceptions up again that were put off. Refused one by one: what is open or done."""
    done = act_on(Act.WAKE, ids, seen=seen, by=by, at=at, change=lambda _: OPENED)
    publish(*(ExceptionReopened(exception_id=row_id) for row_id in done.after), by=by, at=at)
    return done.acted()
