"""Tasks that journeys ask of staff."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.journeys.models import StaffTask
from aftermile.capabilities.journeys.queries import TaskView, task_view
from aftermile.kernel.errors import NotFound


class TaskNotFound(NotFound):
    """There is no task with this id here."""

    code = "task_not_found"
    message = "There is no such task here; check the id."


def finish_task(*, task_id: UUID, by: str, at: datetime) -> TaskView:
    """Say that a task is done. Again: nothing changes.

    :raises TaskNotFound: no such task.
    """
    row = _locked(task_id)
    if row.done_at is None:
        row.done_at, row.done_by = at, by
        row.save(update_fields=["done_at", "done_by"])
    return task_view(row)


def reopen_task(*, task_id: UUID) -> TaskView:
    """Take back that a task is done. Again: nothing changes.

    :raises TaskNotFound: no such task.
    """
    row = _locked(task_id)
    row.done_at, row.done_by = None, ""
    row.save(update_fields=["done_at", "done_by"])
    return task_view(row)


def _locked(task_id: UUID) -> StaffTask:
    row = StaffTask.rows().select_for_update(of=("self",)).select_related("run").filter(id=task_id).first()
    if row is None:
        raise TaskNotFound
    return row
