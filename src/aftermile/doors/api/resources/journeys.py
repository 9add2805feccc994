"""Journeys: write, publish, switch, and see who is on them and what they would have done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Literal

from ninja import Router
from pydantic import StringConstraints

from aftermile.capabilities.journeys.public import (
    STANDARD,
    DefinitionUnreadable,
    JourneyBusy,
    JourneyNotFound,
    JourneyUnusable,
    JourneyView,
    RunNotFound,
    RunState,
    StandardNotFound,
    State,
    TaskNotFound,
    create_journey,
    figures,
    finish_task,
    journey,
    list_journeys,
    list_runs,
    move_journey,
    open_tasks,
    play,
    publish_draft,
    reopen_task,
    run_of,
    save_draft,
    start_backfill,
    start_for_segment,
    story_of,
    switch_on_standard,
    versions,
)
from aftermile.capabilities.segments.public import SegmentNotFound
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import JourneyId, JourneyRunId, Limit, TaskId
from aftermile.doors.api.paging import DEFAULT_LIMIT, Page, cut
from aftermile.doors.api.shapes.journeys import (
    BackfillBegun,
    BackfillTaken,
    DraftTaken,
    JourneyGiven,
    JourneyListed,
    JourneyPublicationTaken,
    JourneyTaken,
    JourneyVersions,
    PlayGiven,
    PlayTaken,
    RunGiven,
    RunListed,
    StandardJourneys,
    StandardSwitchedOn,
    StandardTaken,
    StartTaken,
    TaskGiven,
    journey_given,
    journey_listed,
    play_given,
    run_given,
    run_listed,
    standard_given,
    task_given,
    versions_given,
)
from aftermile.kernel.access import Caller
from aftermile.kernel.clock import now

router = Router(tags=["Journeys"])

_READ, _WRITE = "journeys:read", "journeys:write"
_Step = Annotated[str, StringConstraints(max_length=40)]


class NothingToPlay(JourneyBusy):
    """There is no such version of the journey to play: no draft, or nothing published."""

    code = "nothing_to_play"
    message = "There is nothing to play: the journey has no draft, or nothing of it is published."


@endpoint(
    router,
    "POST",
    "/journeys",
    scope=_WRITE,
    returns=JourneyGiven,
    refusals=[JourneyUnusable, DefinitionUnreadable],
)
def write_journey(caller: Caller, journey: JourneyTaken) -> JourneyGiven:
    """Make a journey.

    It is a draft: publish it and switch it on.
    """
    made = create_journey(
        name=journey.name,
        description=journey.description,
        definition=journey.definition,
        by=caller.name,
        at=now(),
    )
    return _given(made)


@endpoint(router, "GET", "/journeys", scope=_READ, returns=Page[JourneyListed])
def list_all_journeys(
    archived: bool = False, cursor: JourneyId | None = None, limit: Limit = DEFAULT_LIMIT
) -> Page[JourneyListed]:
    """List journeys, newest first."""
    found = [view for view in list_journeys(archived=archived) if cursor is None or view.id < cursor]
    page, next_cursor = cut(found, limit, "jny")
    return Page[JourneyListed](data=[journey_listed(view) for view in page], next_cursor=next_cursor)


@endpoint(
    router,
    "GET",
    "/journeys/{journey_id}",
    scope=_READ,
    returns=JourneyGiven,
    refusals=[JourneyNotFound],
)
def read_journey(journey_id: JourneyId) -> JourneyGiven:
    """Read a journey: what it does, who is where, what it changed."""
    return _given(journey(journey_id))


@endpoint(
    router,
    "PUT",
    "/journeys/{journey_id}/draft",
    scope=_WRITE,
    returns=JourneyGiven,
    refusals=[JourneyNotFound, JourneyUnusable, DefinitionUnreadable],
)
def put_journey_draft(caller: Caller, journey_id: JourneyId, draft: DraftTaken) -> JourneyGiven:
    """Write a journey's draft.

    What is published goes on as it is until the draft is published.
    """
    journey(journey_id)
    kept = save_draft(
        journey_id=journey_id,
        definition=draft.definition,
        name=draft.name,
        description=draft.description,
        by=caller.name,
        at=now(),
    )
    return _given(kept)


@endpoint(
    router,
    "POST",
    "/journeys/{journey_id}/publication",
    scope=_WRITE,
    returns=JourneyGiven,
    refusals=[JourneyNotFound, DefinitionUnreadable],
)
def publish_a_journey(
    caller: Caller, journey_id: JourneyId, publication: JourneyPublicationTaken
) -> JourneyGiven:
    """Publish a journey's draft.

    People enter by it from now on. Those under way finish on the version they began with, unless they are
    moved. Without a draft: nothing changes.
    """
    made = publish_draft(
        journey_id=journey_id,
        note=publication.note,
        move_under_way=publication.move_under_way,
        by=caller.name,
        at=now(),
    )
    return _given(made)


@endpoint(
    router,
    "GET",
    "/journeys/{journey_id}/versions",
    scope=_READ,
    returns=JourneyVersions,
    refusals=[JourneyNotFound],
)
def list_journey_versions(journey_id: JourneyId) -> JourneyVersions:
    """List a journey's published versions, newest first."""
    return versions_given(versions(journey(journey_id).id))


def _move(name: str, path: str, to: State, about: str) -> Callable[..., JourneyGiven]:
    """Make the operation that moves a journey to a state."""

    def move(caller: Caller, journey_id: JourneyId) -> JourneyGiven:
        return _given(move_journey(journey_id=journey_id, to=to, by=caller.name, at=now()))

    move.__name__, move.__doc__ = name, about
    return endpoint(
        router,
        "POST",
        f"/journeys/{{journey_id}}/{path}",
        scope=_WRITE,
        returns=JourneyGiven,
        refusals=[JourneyNotFound, JourneyBusy],
    )(move)


switch_journey_on = _move(
    "switch_journey_on",
    "switching-on",
    State.LIVE,
    "Switch a journey on.\n\nWhat happened before lets nobody in. Again: nothing changes.",
)
pause_journey = _move(
    "pause_journey",
    "pausing",
    State.PAUSED,
    "Pause a journey.\n\nNobody enters and nobody moves on; those under way wait.",
)
drain_journey = _move(
    "drain_journey",
    "draining",
    State.DRAINING,
    "Let a journey run out.\n\nNobody enters; those under way come to the end.",
)
stop_journey = _move(
    "stop_journey",
    "stopping",
    State.STOPPED,
    "Stop a journey at once.\n\nEverybody under way is taken out.",
)
archive_journey = _move(
    "archive_journey",
    "archiving",
    State.ARCHIVED,
    "Archive a journey.\n\nOnly one that is a draft or was stopped.",
)
bring_journey_back = _move(
    "bring_journey_back",
    "restoring",
    State.DRAFT,
    "Bring an archived journey back, switched off.",
)


@endpoint(
    router,
    "POST",
    "/journeys/{journey_id}/backfills",
    scope=_WRITE,
    returns=BackfillBegun,
    refusals=[JourneyNotFound, JourneyBusy],
)
def backfill_journey(journey_id: JourneyId, backfill: BackfillTaken) -> BackfillBegun:
    """Let in whom a journey would have let in since a moment.

    The answer says how many events are being looked at, in the background. Who is in it is let in once.
    """
    return BackfillBegun(events=start_backfill(journey_id=journey_id, since=backfill.since))


@endpoint(
    router,
    "POST",
    "/journeys/{journey_id}/starts",
    scope=_WRITE,
    returns=JourneyGiven,
    refusals=[JourneyNotFound, JourneyBusy, SegmentNotFound],
)
def start_journey(journey_id: JourneyId, start: StartTaken) -> JourneyGiven:
    """Start a journey now, for a segment or for whom its own conditions find, in the background.

    One that begins with an event cannot be started so.
    """
    start_for_segment(journey_id=journey_id, segment_id=start.segment_id)
    return _given(journey(journey_id))


@endpoint(
    router,
    "POST",
    "/journeys/{journey_id}/plays",
    scope=_READ,
    returns=PlayGiven,
    refusals=[JourneyNotFound, NothingToPlay, DefinitionUnreadable],
)
def play_journey(journey_id: JourneyId, play_of: PlayTaken) -> PlayGiven:
    """Play a journey over days that have passed, without sending.

    Who would have entered, and who would have got what, when, or why not. Nothing is written down.
    """
    view = journey(journey_id)
    definition = view.draft if play_of.of == "draft" else view.definition
    if not definition:
        raise NothingToPlay
    at = now()
    return play_given(
        play(definition=definition, since=at - timedelta(days=play_of.days), until=at, journey_id=view.id)
    )


@endpoint(
    router,
    "GET",
    "/journeys/{journey_id}/runs",
    scope=_READ,
    returns=Page[RunListed],
    refusals=[JourneyNotFound],
)
def list_journey_runs(
    journey_id: JourneyId,
    state: Literal["waiting", "done", "left", "held_out"] | None = None,
    step: _Step | None = None,
    cursor: JourneyRunId | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[RunListed]:
    """List who is or was on a journey, newest first."""
    found = list_runs(
        journey_id=journey(journey_id).id,
        state=RunState(state) if state else None,
        step=step,
        after=cursor,
        limit=limit + 1,
    )
    page, next_cursor = cut(found, limit, "jrn")
    return Page[RunListed](data=[run_listed(view) for view in page], next_cursor=next_cursor)


@endpoint(router, "GET", "/journey-runs/{run_id}", scope=_READ, returns=RunGiven, refusals=[RunNotFound])
def read_journey_run(run_id: JourneyRunId) -> RunGiven:
    """Read one shopper's way through a journey, with its story."""
    return run_given(run_of(run_id), story_of(run_id))


@endpoint(router, "GET", "/standard-journeys", scope=_READ, returns=StandardJourneys)
def list_standard_journeys() -> StandardJourneys:
    """List the ready-made journeys."""
    return StandardJourneys(data=[standard_given(each) for each in STANDARD.values()])


@endpoint(
    router,
    "POST",
    "/standard-journeys",
    scope=_WRITE,
    returns=StandardSwitchedOn,
    refusals=[StandardNotFound],
)
def switch_standard_journeys_on(caller: Caller, standard: StandardTaken) -> StandardSwitchedOn:
    """Switch ready-made journeys on: those named, else the recommended ones.

    One the shop has already stays as the shop has it.
    """
    made = switch_on_standard(slugs=standard.slugs, by=caller.name, at=now())
    return StandardSwitchedOn(data=[journey_listed(view) for view in made])


@endpoint(router, "GET", "/tasks", scope=_READ, returns=Page[TaskGiven])
def list_open_tasks(cursor: TaskId | None = None, limit: Limit = DEFAULT_LIMIT) -> Page[TaskGiven]:
    """List what journeys ask staff to do, oldest first."""
    page, next_cursor = cut(open_tasks(after=cursor, limit=limit + 1), limit, "tsk")
    return Page[TaskGiven](data=[task_given(view) for view in page], next_cursor=next_cursor)


@endpoint(
    router,
    "POST",
    "/tasks/{task_id}/completion",
    scope=_WRITE,
    returns=TaskGiven,
    refusals=[TaskNotFound],
)
def complete_task(caller: Caller, task_id: TaskId) -> TaskGiven:
    """Say that a task is done. Again: nothing changes."""
    return task_given(finish_task(task_id=task_id, by=caller.name, at=now()))


@endpoint(
    router,
    "POST",
    "/tasks/{task_id}/reopening",
    scope=_WRITE,
    returns=TaskGiven,
    refusals=[TaskNotFound],
)
def reopen_a_task(task_id: TaskId) -> TaskGiven:
    """Take back that a task is done. Again: nothing changes."""
    return task_given(reopen_task(task_id=task_id))


def _given(view: JourneyView) -> JourneyGiven:
    return journey_given(view, figures([view.id])[view.id])
