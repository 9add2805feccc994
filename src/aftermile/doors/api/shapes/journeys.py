"""Journeys as the API takes and gives them: what they say, who is on them, what they would have done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from aftermile.capabilities.journeys.public import (
    Figures,
    JourneyView,
    PassageView,
    Played,
    RunView,
    Standard,
    TaskView,
    VersionView,
    say_passage,
)
from aftermile.capabilities.messaging.public import Decision, say_check
from aftermile.doors.api.fields import (
    WHOLE,
    Given,
    JourneyId,
    JourneyRunId,
    Moment,
    OrderId,
    ParcelId,
    SegmentId,
    ShopperId,
    Taken,
    TaskId,
    example,
)

#: Messages given with a play, the newest.
MOST_MESSAGES = 500

Definition = Annotated[
    dict[str, Any],
    Field(
        description="What the journey does: `trigger`, `entry`, `per`, `steps`, `exits`, `leave_if`, `goal`,"
        " `hold_out_percent`. An error says at which place it cannot be read.",
        examples=[
            {
                "trigger": {"event": "order.placed"},
                "per": "order",
                "steps": [{"id": "thanks", "do": "message", "touchpoint": "confirmation"}],
            }
        ],
    ),
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Description = Annotated[str, StringConstraints(max_length=1000)]


class JourneyTaken(Taken):
    """A journey to make. It does nothing until it is published and switched on."""

    model_config = example(
        name="Thanks",
        definition={
            "trigger": {"event": "order.placed"},
            "steps": [{"id": "thanks", "do": "message", "touchpoint": "confirmation"}],
        },
    )

    name: Name
    description: Description = ""
    definition: Definition


class DraftTaken(Taken):
    """A draft. A name or description left out stays as it is."""

    definition: Definition
    name: Name | None = None
    description: Description | None = None


class JourneyPublicationTaken(Taken):
    """How the draft is published."""

    note: Annotated[str, StringConstraints(max_length=500)] = ""
    move_under_way: bool = Field(
        default=False,
        description="Those under way go on by the new version where the step they wait at is still there.",
    )


class BackfillTaken(Taken):
    """From when on what happened lets people in."""

    since: Moment


class BackfillBegun(Given):
    """How much is being looked at."""

    events: int


class StartTaken(Taken):
    """For whom a journey is started; without a segment for whom its own conditions find."""

    segment_id: SegmentId | None = None


class StandardTaken(Taken):
    """Ready-made journeys to switch on; none named: the recommended ones."""

    slugs: (
        Annotated[list[Annotated[str, StringConstraints(max_length=100)]], Field(max_length=100)] | None
    ) = None


class PlayTaken(Taken):
    """What is played, and over how many days that have passed."""

    days: Annotated[int, Field(ge=1, le=90), WHOLE] = 7
    of: Literal["published", "draft"] = "published"


class FiguresGiven(Given):
    """Who is where; `at_step` counts those who wait now, by step."""

    entered: int
    waiting: int
    done: int
    left: int
    held_out: int
    at_step: dict[str, int]
    lift: LiftGiven | None = Field(description="Null where nobody was held out.")


class LiftGiven(Given):
    """What the journey changed: shares of 0 to 1, and the interval that holds the true difference 95 times in 100."""

    told_rate: float
    held_out_rate: float
    difference: float
    lowest: float
    highest: float


class JourneyListed(Given):
    """A journey in a list."""

    id: JourneyId
    name: str
    description: str
    standard: str = Field(description="Of which ready-made journey it was made; empty for one's own.")
    state: str = Field(description="`draft`, `live`, `paused`, `draining`, `stopped` or `archived`.")
    version: int = Field(description="The published one; 0 for none.")
    has_draft: bool
    live_since: datetime | None
    changed_by: str
    changed_at: datetime


class JourneyGiven(JourneyListed):
    """A journey with what it does and how it does."""

    definition: dict[str, Any] = Field(description="What is published; empty before the first version.")
    draft: dict[str, Any] | None
    figures: FiguresGiven


class JourneyVersionGiven(Given):
    """A published version."""

    number: int
    definition: dict[str, Any]
    note: str
    by: str
    at: datetime


class JourneyVersions(Given):
    """A journey's versions, newest first."""

    data: list[JourneyVersionGiven]


class RunListed(Given):
    """One shopper's way through a journey."""

    id: JourneyRunId
    journey_id: JourneyId
    version: int
    shopper_id: ShopperId
    order_id: OrderId | None
    parcel_id: ParcelId | None
    state: str = Field(description="`waiting`, `done`, `left` or `held_out`.")
    step: str = Field(description="At which it waits.")
    wake_at: datetime | None
    entered_at: datetime
    ended_at: datetime | None
    ended_for: str
    goal_at: datetime | None


class PassageGiven(Given):
    """A step that was taken."""

    step: str
    what: str
    said: str = Field(description="The same in words.")
    at: datetime


class RunGiven(RunListed):
    """One shopper's way with its story, and why it began."""

    because: str
    story: list[PassageGiven]


class PlayedMessageGiven(Given):
    """Who would have got what, when; or why not."""

    shopper_id: ShopperId
    order_ids: list[OrderId]
    step: str
    touchpoint: str
    decision: str = Field(description="`send`, `postpone` or `withhold`.")
    at: datetime
    why_not: str


class PlayGiven(Given):
    """What a journey would have done."""

    since: datetime
    until: datetime
    events: int
    entered: int
    held_out: int
    waiting: int
    ended: dict[str, int] = Field(description="How many, by reason.")
    message_count: int
    messages: list[PlayedMessageGiven] = Field(description=f"The newest {MOST_MESSAGES} at most.")
    cut_off: bool = Field(description="There was more than was looked at: the figures are too small.")


class StandardGiven(Given):
    """A ready-made journey."""

    slug: str
    name: str
    description: str
    recommended: bool
    needs: str = Field(description="What has to be added first; empty where it works untouched.")
    definition: dict[str, Any]


class StandardJourneys(Given):
    """All there are."""

    data: list[StandardGiven]


class StandardSwitchedOn(Given):
    """Those that were switched on now; what the shop had already stayed as it was."""

    data: list[JourneyListed]


class TaskGiven(Given):
    """Something a journey asks staff to do."""

    id: TaskId
    title: str
    journey_id: JourneyId
    run_id: JourneyRunId
    shopper_id: ShopperId
    order_id: OrderId | None
    created_at: datetime
    done_at: datetime | None
    done_by: str


def journey_listed(view: JourneyView) -> JourneyListed:
    """Write a journey for a list."""
    return JourneyListed(**_summary(view))


def journey_given(view: JourneyView, figures: Figures) -> JourneyGiven:
    """Write a journey in full."""
    lift = figures.lift
    return JourneyGiven(
        **_summary(view),
        definition=dict(view.definition),
        draft=None if view.draft is None else dict(view.draft),
        figures=FiguresGiven(
            entered=figures.entered,
            waiting=figures.waiting,
            done=figures.done,
            left=figures.left,
            held_out=figures.held_out,
            at_step=dict(figures.at_step),
            lift=LiftGiven(
                told_rate=lift.told_rate,
                held_out_rate=lift.held_out_rate,
                difference=lift.difference,
                lowest=lift.lowest,
                highest=lift.highest,
            )
            if lift
            else None,
        ),
    )


def versions_given(views: Sequence[VersionView]) -> JourneyVersions:
    """Write a journey's versions."""
    return JourneyVersions(
        data=[
            JourneyVersionGiven(
                number=view.number,
                definition=dict(view.definition),
                note=view.note,
                by=view.by,
                at=view.at,
            )
            for view in views
        ]
    )


def run_listed(view: RunView) -> RunListed:
    """Write a run for a list."""
    return RunListed(**_run(view))


def run_given(view: RunView, story: Sequence[PassageView]) -> RunGiven:
    """Write a run with its story."""
    return RunGiven(
        **_run(view),
        because=str(view.cause.get("because", "")),
        story=[
            PassageGiven(step=each.step, what=each.what, said=say_passage(each), at=each.at) for each in story
        ],
    )


def play_given(played: Played) -> PlayGiven:
    """Write what a journey would have done."""
    newest = sorted(played.messages, key=lambda each: each.asked_at, reverse=True)
    messages = []
    for each in newest[:MOST_MESSAGES]:
        verdict = each.verdict
        failed = next((check for check in verdict.checks if check.name == verdict.reason), None)
        messages.append(
            PlayedMessageGiven(
                shopper_id=each.shopper_id,
                order_ids=list(each.order_ids),
                step=each.step,
                touchpoint=each.touchpoint,
                decision=verdict.decision.value,
                at=each.asked_at if verdict.decision is Decision.WITHHOLD else verdict.at,
                why_not=say_check(failed) if failed else "",
            )
        )
    return PlayGiven(
        since=played.since,
        until=played.until,
        events=played.events,
        entered=len(played.entered),
        held_out=played.held_out,
        waiting=played.waiting,
        ended=dict(played.ended),
        message_count=len(newest),
        messages=messages,
        cut_off=played.cut_off,
    )


def standard_given(standard: Standard) -> StandardGiven:
    """Write a ready-made journey."""
    return StandardGiven(
        slug=standard.slug,
        name=standard.name,
        description=standard.description,
        recommended=standard.recommended,
        needs=standard.needs,
        definition=dict(standard.definition),
    )


def task_given(view: TaskView) -> TaskGiven:
    """Write a task."""
    return TaskGiven(
        id=view.id,
        title=view.title,
        journey_id=view.journey_id,
        run_id=view.run_id,
        shopper_id=view.shopper_id,
        order_id=view.order_id,
        created_at=view.created_at,
        done_at=view.done_at,
        done_by=view.done_by,
    )


def _summary(view: JourneyView) -> dict[str, Any]:
    return {
        "id": view.id,
        "name": view.name,
        "description": view.description,
        "standard": view.standard,
        "state": view.state.value,
        "version": view.version,
        "has_draft": view.draft is not None,
        "live_since": view.live_since,
        "changed_by": view.changed_by,
        "changed_at": view.changed_at,
    }


def _run(view: RunView) -> dict[str, Any]:
    return {
        "id": view.id,
        "journey_id": view.journey_id,
        "version": view.version,
        "shopper_id": view.shopper_id,
        "order_id": view.order_id,
        "parcel_id": view.parcel_id,
        "state": view.state.value,
        "step": view.step,
        "wake_at": view.wake_at,
        "entered_at": view.entered_at,
        "ended_at": view.ended_at,
        "ended_for": view.ended_for,
        "goal_at": view.goal_at,
    }
