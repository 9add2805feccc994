"""Give exceptions to a staff member."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.exceptions.events import ExceptionAssigned
from aftermile.capabilities.exceptions.operations.acting import Acted, act_on
from aftermile.capabilities.exceptions.states import Act
from aftermile.kernel.events import publish


def assign(
    *, ids: Collection[UUID], to: UUID | None, seen: Mapping[UUID, int] | None = None, by: str, at: datetime
) -> Acted:
    """Give exceptions to a staff member; None: to nobody. Refused one by one: what is done or changed since.

    Whether the staff member works for this merchant is for the caller to know.
    """
    done = act_on(Act.ASSIGN, ids, seen=seen, by=by, at=at, change=lambda _: {"assigned_to": to})
    publish(
        *(ExceptionAssigned(exception_id=row_id, staff_member_id=to) for row_id in done.after), by=by, at=at
    )
    return done.acted()
