"""Who is on a journey, one shopper's way through it, and what journeys ask the team to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.journeys.public import (
    PassageView,
    RunNotFound,
    RunState,
    TaskNotFound,
    count_open_tasks,
    finish_task,
    journey,
    list_journeys,
    list_runs,
    open_tasks,
    reopen_task,
    run_of,
    say_passage,
    story_of,
    versions,
)
from aftermile.capabilities.messaging.public import MessageView, messages
from aftermile.capabilities.orders.public import orders
from aftermile.capabilities.shoppers.public import shopper_summaries
from aftermile.capabilities.team.public import Permission
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.journeys.run_rows import run_rows
from aftermile.doors.console.journeys.standing import RUNS, left_for
from aftermile.doors.console.journeys.story_map import KINDS, sentence, tell, walk
from aftermile.doors.console.messages_told import MessageRow, message_rows
from aftermile.doors.console.navigation import count_in_navigation
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.pages.journeys import read
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_READ = Permission.SHOPPERS_READ
_WORK = Permission.EXCEPTIONS_ACT
_ENDS = frozenset({"done", "left"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line of a run's story. `message`: what was asked for there."""

    at: datetime
    kind: str
    icon: str
    step: str
    said: str
    message: MessageRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """Something to be done, as it is listed."""

    key: str
    title: str
    journey: str
    journey_url: str
    run_url: str
    name: str
    order: str
    order_url: str
    at: datetime


@console_page(_READ)
def people(request: HttpRequest, desk: Desk, key: str) -> Page:
    """List who is or was on a journey, also at one of its steps alone."""
    view = read(key)
    given = {name: request.GET.get(name, "") for name in ("state", "step")}
    state = next((each for each in RunState if each.value == given["state"]), None)
    found = list_runs(
        journey_id=view.id,
        state=state,
        step=given["step"][:40] or None,
        after=_maybe("jrn", request.GET.get("after", "")),
        limit=SIZE + 1,
    )
    shown = found[:SIZE]
    story = tell(view.definition or view.draft or {})
    here = desk.url("console-journey-runs", key)
    step = next((line.words for line in story.lines if line.step and line.step == given["step"]), "")
    return Page(
        template="console/journeys/runs.html",
        title="Who is on it",
        place="journeys",
        crumbs=(
            Crumb("Journeys", desk.url("console-journeys")),
            Crumb(view.name, desk.url("console-journey", key)),
            Crumb("Who is on it"),
        ),
        values={
            "here": here,
            "name": view.name,
            "rows": run_rows(shown, desk, {view.id: view.name}),
            "steps": {line.step: line.words for line in story.lines if line.step and not line.is_arm},
            "step": step or given["step"],
            "tabs": [
                (label, f"{here}?state={value}" if value else here, given["state"] == value)
                for value, label in (("", "All"), *((each.value, RUNS[each][1]) for each in RunState))
            ],
            "paging": paging(
                request,
                next_cursor=public_id("jrn", shown[-1].id) if len(found) > SIZE else "",
                told=f"{len(shown)} shown",
            ),
        },
        parts={"list": "console/journeys/_runs.html"},
    )


@console_page(_READ)
def one(request: HttpRequest, desk: Desk, key: str) -> Page:  # noqa: ARG001
    """Tell one shopper's way through a journey, with the messages it asked for."""
    run = run_of(_read_run(key))
    view = journey(run.journey_id)
    kept = next((each for each in versions(view.id) if each.number == run.version), None)
    definition = kept.definition if kept else view.definition
    row = run_rows([run], desk, {view.id: view.name})[0]
    passed = story_of(run.id)
    asked = _messages(passed)
    lines = {row.key: row for row in message_rows(list(asked.values()), desk)}
    story = tell(definition)
    steps = {str(step.get("id")): step for step in walk(definition.get("steps"))}
    words = {line.step: line.words for line in story.lines if line.step and not line.is_arm}
    # Steps of one moment in the order in which they stand: a run only ever goes on.
    places = {step: n for n, step in enumerate(words)}
    passed.sort(key=lambda each: (each.at, each.what in _ENDS, places.get(each.step, 0)))
    told = [_told(each, steps, words, asked, lines) for each in passed]
    journey_url = desk.url("console-journey", public_id("jny", view.id))
    tone, word = RUNS[run.state]
    return Page(
        template="console/journeys/run.html",
        title=f"{row.name or 'A shopper'} on “{view.name}”",
        place="journeys",
        crumbs=(
            Crumb("Journeys", desk.url("console-journeys")),
            Crumb(view.name, journey_url),
            Crumb("Who is on it", desk.url("console-journey-runs", public_id("jny", view.id))),
            Crumb(row.name or "A shopper"),
        ),
        values={
            "run": run,
            "row": row,
            "tone": tone,
            "word": word,
            "journey": view.name,
            "journey_url": journey_url,
            "shopper_url": desk.url("console-shopper", public_id("shp", run.shopper_id)) if row.name else "",
            "because": str(run.cause.get("because", "")),
            "conditions": [each for each in run.cause.get("conditions") or () if isinstance(each, Mapping)],
            "told": told,
            "waits_at": words.get(run.step, "") if run.state is RunState.WAITING else "",
            "left_for": left_for(run.ended_for) if run.ended_for else "",
        },
    )


@console_page(_WORK)
def tasks(request: HttpRequest, desk: Desk) -> Page:
    """List what journeys ask the team to do, the oldest first."""
    found = open_tasks(after=_maybe("tsk", request.GET.get("after", "")), limit=SIZE + 1)
    shown = found[:SIZE]
    names = (
        {view.id: view.name for view in (*list_journeys(), *list_journeys(archived=True))} if shown else {}
    )
    may_name = desk.may(_READ)
    whose = shopper_summaries({each.shopper_id for each in shown}) if shown and may_name else {}
    about = orders({each.order_id for each in shown if each.order_id})
    rows = []
    for each in shown:
        person, order = whose.get(each.shopper_id), about.get(each.order_id) if each.order_id else None
        rows.append(
            TaskRow(
                key=public_id("tsk", each.id),
                title=each.title,
                journey=names.get(each.journey_id, ""),
                journey_url=desk.url("console-journey", public_id("jny", each.journey_id)),
                run_url=desk.url("console-journey-run", public_id("jrn", each.run_id)) if may_name else "",
                name=person.name if person else "",
                order=(order.number or "without a number") if order else "",
                order_url=desk.url("console-order", public_id("ord", order.id)) if order else "",
                at=each.created_at,
            )
        )
    return Page(
        template="console/journeys/tasks.html",
        title="Tasks",
        place="tasks",
        values={
            "rows": rows,
            "paging": paging(
                request,
                next_cursor=rows[-1].key if len(found) > SIZE else "",
                told=f"{len(rows)} task{'' if len(rows) == 1 else 's'} shown",
            ),
        },
        parts={"list": "console/journeys/_tasks.html"},
    )


@act(_WORK)
def done(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Say that a task is done."""
    made = finish_task(task_id=_read_task(key), by=desk.by, at=desk.at)
    return Done(
        said=f"Done: {made.title}",
        back=desk.url("console-tasks"),
        notes=(
            Note(
                act="task.finish",
                subject=public_id("ord", made.order_id) if made.order_id else key,
                summary=f"Task done: {made.title}",
            ),
        ),
        undo=Undo(action=desk.url("console-task-reopen", key)),
    )


@act(_WORK)
def reopen(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Take back that a task is done."""
    made = reopen_task(task_id=_read_task(key))
    return Done(
        said=f"Open again: {made.title}",
        back=desk.url("console-tasks"),
        notes=(
            Note(
                act="task.reopen",
                subject=public_id("ord", made.order_id) if made.order_id else key,
                summary=f"Task open again: {made.title}",
            ),
        ),
    )


def _messages(passed: list[PassageView]) -> dict[UUID, MessageView]:
    ids = set()
    for each in passed:
        try:
            ids.add(UUID(str(each.detail.get("message_id", ""))))
        except ValueError:
            continue
    return dict(messages(ids)) if ids else {}


def _told(
    each: PassageView,
    steps: Mapping[str, Mapping[str, Any]],
    words: Mapping[str, str],
    asked: Mapping[UUID, MessageView],
    lines: Mapping[str, MessageRow],
) -> Told:
    kind, icon = KINDS.get(str(steps.get(each.step, {}).get("do")), ("Step", "right"))
    if each.what in _ENDS:
        kind, icon = "End", "end"
    given = str(each.detail.get("message_id", ""))
    found = next((view for view in asked.values() if str(view.id) == given), None) if given else None
    return Told(
        at=each.at,
        kind=kind,
        icon=icon,
        step=words.get(each.step, ""),
        said=sentence(say_passage(each)),
        message=lines.get(public_id("mes", found.id)) if found else None,
    )


def _read_run(key: str) -> UUID:
    found = _maybe("jrn", key)
    if found is None:
        raise RunNotFound
    return found


def _read_task(key: str) -> UUID:
    found = _maybe("tsk", key)
    if found is None:
        raise TaskNotFound
    return found


def _maybe(prefix: str, key: str) -> UUID | None:
    try:
        return read_public_id(prefix, key) if key else None
    except BadPublicId:
        return None


count_in_navigation("tasks", count_open_tasks)

urls = [
    path("journey-runs/<str:key>/", one, name="console-journey-run"),
    path("journeys/<str:key>/runs/", people, name="console-journey-runs"),
    path("tasks/", tasks, name="console-tasks"),
    path("tasks/<str:key>/done/", done, name="console-task-done"),
    path("tasks/<str:key>/reopening/", reopen, name="console-task-reopen"),
]
