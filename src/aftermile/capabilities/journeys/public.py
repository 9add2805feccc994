"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.journeys.definition import DefinitionUnreadable, read_definition
from aftermile.capabilities.journeys.events import (
    JourneyChanged,
    JourneyEnded,
    JourneyEntered,
    JourneyGoalReached,
)
from aftermile.capabilities.journeys.lift import Lift
from aftermile.capabilities.journeys.operations.edit import (
    JourneyBusy,
    JourneyUnusable,
    create_journey,
    move_journey,
    publish_draft,
    save_draft,
)
from aftermile.capabilities.journeys.operations.finish_task import TaskNotFound, finish_task, reopen_task
from aftermile.capabilities.journeys.operations.hear_events import hear_events
from aftermile.capabilities.journeys.operations.make_rounds import enter_subjects
from aftermile.capabilities.journeys.operations.start import start_backfill, start_for_segment
from aftermile.capabilities.journeys.operations.switch_on_standard import (
    StandardNotFound,
    switch_on_standard,
)
from aftermile.capabilities.journeys.operations.wake import wake_due
from aftermile.capabilities.journeys.queries import (
    Figures,
    JourneyNotFound,
    JourneyView,
    PassageView,
    RunNotFound,
    RunView,
    TaskView,
    VersionView,
    count_open_tasks,
    export_runs,
    figures,
    journey,
    list_journeys,
    list_runs,
    open_tasks,
    run_of,
    story_of,
    versions,
)
from aftermile.capabilities.journeys.standard.journeys import STANDARD, Standard
from aftermile.capabilities.journeys.states import MOVES, RunState, State
from aftermile.capabilities.journeys.telling import say_journey, say_passage
from aftermile.capabilities.journeys.travel import Played, PlayedMessage, play
from aftermile.capabilities.journeys.triggers import TRIGGERS, TriggerEvent

__all__ = [
    "MOVES",
    "STANDARD",
    "TRIGGERS",
    "DefinitionUnreadable",
    "Figures",
    "JourneyBusy",
    "JourneyChanged",
    "JourneyEnded",
    "JourneyEntered",
    "JourneyGoalReached",
    "JourneyNotFound",
    "JourneyUnusable",
    "JourneyView",
    "Lift",
    "PassageView",
    "Played",
    "PlayedMessage",
    "RunNotFound",
    "RunState",
    "RunView",
    "Standard",
    "StandardNotFound",
    "State",
    "TaskNotFound",
    "TaskView",
    "TriggerEvent",
    "VersionView",
    "count_open_tasks",
    "create_journey",
    "enter_subjects",
    "export_runs",
    "figures",
    "finish_task",
    "hear_events",
    "journey",
    "list_journeys",
    "list_runs",
    "move_journey",
    "open_tasks",
    "play",
    "publish_draft",
    "read_definition",
    "reopen_task",
    "run_of",
    "save_draft",
    "say_journey",
    "say_passage",
    "start_backfill",
    "start_for_segment",
    "story_of",
    "switch_on_standard",
    "versions",
    "wake_due",
]
