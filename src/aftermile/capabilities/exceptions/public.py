"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.exceptions.events import (
    ExceptionAssigned,
    ExceptionOpened,
    ExceptionReopened,
    ExceptionResolved,
    ExceptionSnoozed,
    IncidentEnded,
    IncidentOpened,
)
from aftermile.capabilities.exceptions.figures import DayCounts, Figures, Measure
from aftermile.capabilities.exceptions.incident_queries import (
    Concerned,
    IncidentNotFound,
    IncidentView,
    incident,
    incidents,
    incidents_of,
)
from aftermile.capabilities.exceptions.kinds import Group, Kind, Severity, kinds_of
from aftermile.capabilities.exceptions.operations.acting import LONGEST_NOTE, Acted, NoteTooLong, Refused, Why
from aftermile.capabilities.exceptions.operations.assign import assign
from aftermile.capabilities.exceptions.operations.change_thresholds import change_thresholds
from aftermile.capabilities.exceptions.operations.contact import How, mark_contacted
from aftermile.capabilities.exceptions.operations.end import ReasonMissing, dismiss, mark_lost, reopen
from aftermile.capabilities.exceptions.operations.judge import judge_orders, judge_parcels
from aftermile.capabilities.exceptions.operations.snooze import SnoozeUnreadable, snooze, wake
from aftermile.capabilities.exceptions.operations.undo import NothingToUndo, undo
from aftermile.capabilities.exceptions.policy import Reason
from aftermile.capabilities.exceptions.preview import Preview, preview
from aftermile.capabilities.exceptions.queries import (
    Among,
    BehindView,
    Counts,
    ExceptionNotFound,
    ExceptionRow,
    ExceptionView,
    GroupView,
    StepView,
    Tab,
    behind,
    carriers_of_open,
    count_open,
    counts,
    exception,
    exceptions,
    exceptions_of,
    figures,
    first_of_each_group,
    page,
    shoppers_in_trouble,
    steps_of,
    thresholds,
)
from aftermile.capabilities.exceptions.states import Act, Ending, State
from aftermile.capabilities.exceptions.tasks import watch
from aftermile.capabilities.exceptions.thresholds import (
    LEAST,
    MOST,
    NAMES,
    Thresholds,
    ThresholdsUnreadable,
    read_thresholds,
)

__all__ = [
    "LEAST",
    "LONGEST_NOTE",
    "MOST",
    "NAMES",
    "Act",
    "Acted",
    "Among",
    "BehindView",
    "Concerned",
    "Counts",
    "DayCounts",
    "Ending",
    "ExceptionAssigned",
    "ExceptionNotFound",
    "ExceptionOpened",
    "ExceptionReopened",
    "ExceptionResolved",
    "ExceptionRow",
    "ExceptionSnoozed",
    "ExceptionView",
    "Figures",
    "Group",
    "GroupView",
    "How",
    "IncidentEnded",
    "IncidentNotFound",
    "IncidentOpened",
    "IncidentView",
    "Kind",
    "Measure",
    "NoteTooLong",
    "NothingToUndo",
    "Preview",
    "Reason",
    "ReasonMissing",
    "Refused",
    "Severity",
    "SnoozeUnreadable",
    "State",
    "StepView",
    "Tab",
    "Thresholds",
    "ThresholdsUnreadable",
    "Why",
    "assign",
    "behind",
    "carriers_of_open",
    "change_thresholds",
    "count_open",
    "counts",
    "dismiss",
    "exception",
    "exceptions",
    "exceptions_of",
    "figures",
    "first_of_each_group",
    "incident",
    "incidents",
    "incidents_of",
    "judge_orders",
    "judge_parcels",
    "kinds_of",
    "mark_contacted",
    "mark_lost",
    "page",
    "preview",
    "read_thresholds",
    "reopen",
    "shoppers_in_trouble",
    "snooze",
    "steps_of",
    "thresholds",
    "undo",
    "wake",
    "watch",
]
