"""Follow shoppers who are erased, or turn out to be one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.journeys.models import Passage, Run, StaffTask
from aftermile.capabilities.journeys.states import RunState


def end_runs_of(*, shopper_ids: Collection[UUID], at: datetime) -> int:
    """Take erased shoppers out of all journeys and forget why they were in; return how many runs ended.

    What is counted (when they entered, whether they reached the goal) stays. Again: nothing changes.
    """
    runs = Run.rows().filter(shopper_id__in=shopper_ids)
    Passage.rows().filter(run_id__in=runs.values("id")).update(detail={})
    StaffTask.rows().filter(shopper_id__in=shopper_ids, done_at=None).update(done_at=at, done_by="system")
    ended = runs.filter(state=RunState.WAITING).update(
        state=RunState.LEFT, ended_at=at, ended_for="erased", wake_at=None
    )
    runs.update(cause={})
    return ended


def follow_merged_shopper(*, shopper_id: UUID, merged_id: UUID) -> None:
    """Give the runs of a shopper who was merged away to who it is now."""
    Run.rows().filter(shopper_id=merged_id).update(shopper_id=shopper_id)
    StaffTask.rows().filter(shopper_id=merged_id).update(shopper_id=shopper_id)
