"""Reads of journeys: what they are, who is on them, what they changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from aftermile.capabilities.journeys.lift import Lift, lift_of
from aftermile.capabilities.journeys.models import Journey, Passage, Run, StaffTask, Version
from aftermile.capabilities.journeys.states import RunState, State
from aftermile.kernel.errors import NotFound


class JourneyNotFound(NotFound):
    """There is no journey with this id here."""

    code = "journey_not_found"
    message = "There is no such journey here; check the id."


class RunNotFound(NotFound):
    """There is no run of a journey with this id here."""

    code = "journey_run_not_found"
    message = "There is no such run of a journey here; check the id."


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyView:
    """A journey. `draft` is None where there is none; `definition` is the published one, {} before the first."""

    id: UUID
    name: str
    description: str
    standard: str
    state: State
    version: int
    definition: Mapping[str, Any]
    draft: Mapping[str, Any] | None
    live_since: datetime | None
    next_round_at: datetime | None
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    number: int
    definition: Mapping[str, Any]
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One shopper's way through a journey."""

    id: UUID
    journey_id: UUID
    version: int
    shopper_id: UUID
    order_id: UUID | None
    parcel_id: UUID | None
    state: RunState
    step: str
    wake_at: datetime | None
    cause: Mapping[str, Any]
    entered_at: datetime
    ended_at: datetime | None
    ended_for: str
    goal_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageView:
    step: str
    what: str
    detail: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How a journey does. `at_step`: who waits where right now."""

    entered: int
    waiting: int
    done: int
    left: int
    held_out: int
    at_step: Mapping[str, int]
    lift: Lift | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """Something a journey asks staff to do."""

    id: UUID
    title: str
    journey_id: UUID
    run_id: UUID
    shopper_id: UUID
    order_id: UUID | None
    created_at: datetime
    done_at: datetime | None
    done_by: str


def journey(journey_id: UUID) -> JourneyView:
    """Read one journey.

    :raises JourneyNotFound: no such journey.
    """
    found = _views(list(Journey.rows().filter(id=journey_id)))
    if not found:
        raise JourneyNotFound
    return found[0]


def list_journeys(*, archived: bool = False) -> list[JourneyView]:
    """List a shop's journeys, the newest first: two statements."""
    rows = Journey.rows().order_by("-id")
    return _views(list(rows.filter(state=State.ARCHIVED) if archived else rows.exclude(state=State.ARCHIVED)))


def versions(journey_id: UUID) -> list[VersionView]:
    """List a journey's published versions, the newest first: one statement."""
    rows = Version.rows().filter(journey_id=journey_id, number__gt=0).order_by("-number")
    return [
        VersionView(number=row.number, definition=row.definition, note=row.note, by=row.by, at=row.at)
        for row in rows
    ]


def figures(journey_ids: Collection[UUID]) -> dict[UUID, Figures]:
    """Count who is where on journeys, and what they changed: two statements however many."""
    waiting: dict[UUID, dict[str, int]] = {}
    counted = Run.rows().filter(journey_id__in=journey_ids)
    at_steps = counted.filter(state=RunState.WAITING).values("journey_id", "step").annotate(n=Count("id"))
    for at_step in at_steps:
        waiting.setdefault(at_step["journey_id"], {})[at_step["step"]] = at_step["n"]
    totals: dict[UUID, dict[str, tuple[int, int]]] = {}
    reached = Count("id", filter=Q(goal_at__isnull=False))
    for row in counted.values("journey_id", "state").annotate(n=Count("id"), reached=reached):
        totals.setdefault(row["journey_id"], {})[row["state"]] = (row["n"], row["reached"])
    return {each: _figures(totals.get(each, {}), waiting.get(each, {})) for each in journey_ids}


def list_runs(
    *,
    journey_id: UUID | None = None,
    shopper_id: UUID | None = None,
    state: RunState | None = None,
    step: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[RunView]:
    """List runs, the newest first, beginning behind the id `after`: one statement."""
    rows = Run.rows().order_by("-id")
    if journey_id is not None:
        rows = rows.filter(journey_id=journey_id)
    if shopper_id is not None:
        rows = rows.filter(shopper_id=shopper_id)
    if state is not None:
        rows = rows.filter(state=state)
    if step is not None:
        rows = rows.filter(step=step)
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [_run_view(row) for row in rows[:limit]]


def run_of(run_id: UUID) -> RunView:
    """Read one run.

    :raises RunNotFound: no such run.
    """
    row = Run.rows().filter(id=run_id).first()
    if row is None:
        raise RunNotFound
    return _run_view(row)


def story_of(run_id: UUID) -> list[PassageView]:
    """Read the steps a run took, in their order: one statement."""
    rows = Passage.rows().filter(run_id=run_id).order_by("at", "id")
    return [PassageView(step=row.step, what=row.what, detail=row.detail, at=row.at) for row in rows]


def open_tasks(*, after: UUID | None = None, limit: int = 50) -> list[TaskView]:
    """List what journeys ask staff to do, the oldest first: one statement."""
    rows = StaffTask.rows().filter(done_at=None).select_related("run").order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    return [task_view(row) for row in rows[:limit]]


def count_open_tasks() -> int:
    """Count what journeys ask staff to do: one statement, by the index of open ones."""
    return StaffTask.rows().filter(done_at=None).count()


def task_view(row: StaffTask) -> TaskView:
    return TaskView(
        id=row.id,
        title=row.title,
        journey_id=row.run.journey_id,
        run_id=row.run_id,
        shopper_id=row.shopper_id,
        order_id=row.order_id,
        created_at=row.created_at,
        done_at=row.done_at,
        done_by=row.done_by,
    )


def export_runs(*, shopper_id: UUID) -> list[dict[str, Any]]:
    """Collect a shopper's ways through journeys as plain values: two statements."""
    rows = list(Run.rows().filter(shopper_id=shopper_id).select_related("journey").order_by("id"))
    story: dict[UUID, list[dict[str, str]]] = {}
    for passage in Passage.rows().filter(run_id__in=[row.id for row in rows]).order_by("at", "id"):
        story.setdefault(passage.run_id, []).append(
            {"step": passage.step, "what": passage.what, "at": passage.at.isoformat()}
        )
    return [
        {
            "journey": row.journey.name,
            "entered_at": row.entered_at.isoformat(),
            "because": row.cause.get("because", ""),
            "state": row.state,
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
            "story": story.get(row.id, []),
        }
        for row in rows
    ]


def _figures(totals: Mapping[str, tuple[int, int]], at_step: Mapping[str, int]) -> Figures:
    count = {state: totals.get(state.value, (0, 0)) for state in RunState}
    treated = [count[each] for each in (RunState.WAITING, RunState.DONE, RunState.LEFT)]
    held_out, held_out_reached = count[RunState.HELD_OUT]
    told = sum(each for each, _ in treated)
    return Figures(
        entered=told + held_out,
        waiting=count[RunState.WAITING][0],
        done=count[RunState.DONE][0],
        left=count[RunState.LEFT][0],
        held_out=held_out,
        at_step=at_step,
        lift=lift_of(sum(each for _, each in treated), told, held_out_reached, held_out)
        if told and held_out
        else None,
    )


def _views(rows: list[Journey]) -> list[JourneyView]:
    wanted = Q()
    for row in rows:
        wanted |= Q(journey_id=row.id, number__in=(0, row.version))
    found: dict[tuple[UUID, int], Mapping[str, Any]] = {}
    if rows:
        for version in Version.rows().filter(wanted):
            found[version.journey_id, version.number] = version.definition
    return [
        JourneyView(
            id=row.id,
            name=row.name,
            description=row.description,
            standard=row.standard,
            state=State(row.state),
            version=row.version,
            definition=found.get((row.id, row.version), {}) if row.version else {},
            draft=found.get((row.id, 0)),
            live_since=row.live_since,
            next_round_at=row.next_round_at,
            changed_by=row.changed_by,
            changed_at=row.changed_at,
        )
        for row in rows
    ]


def _run_view(row: Run) -> RunView:
    return RunView(
        id=row.id,
        journey_id=row.journey_id,
        version=row.version,
        shopper_id=row.shopper_id,
        order_id=row.order_id,
        parcel_id=row.parcel_id,
        state=RunState(row.state),
        step=row.step,
        wake_at=row.wake_at,
        cause=row.cause,
        entered_at=row.entered_at,
        ended_at=row.ended_at,
        ended_for=row.ended_for,
        goal_at=row.goal_at,
    )
