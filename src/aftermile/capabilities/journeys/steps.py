"""What a journey consists of: the plan that was read from its definition. Data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any

from aftermile.capabilities.messaging.public import Mood, Purpose
from aftermile.capabilities.segments.public import Condition
from aftermile.connectors.contracts.channels import Medium


class Per(StrEnum):
    """How often a journey is entered at most: once for each of these."""

    EVENT = "event"
    PARCEL = "parcel"
    ORDER = "order"
    SHOPPER = "shopper"
    YEAR = "year"  # and shopper
    DAY = "day"  # and shopper


class TriggerKind(StrEnum):
    EVENT = "event"
    DAILY = "daily"  # each day, whoever the entry condition is true for
    DATE = "date"  # on one day
    HAND = "hand"  # when staff say so


@dataclass(frozen=True, slots=True)
class Hearing:
    """An event that is listened for. `having`: fields it must have, as plain values."""

    type: str
    having: Mapping[str, Any] = field(default_factory=dict)

    def is_met_by(self, type_: str, fields: Mapping[str, Any]) -> bool:
        return self.type == type_ and all(fields.get(name) == value for name, value in self.having.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What lets shoppers in. `at`: of daily ones and dates, by the shop's clock."""

    kind: TriggerKind
    hearing: Hearing | None = None
    at: time = time(10, 0)
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`next`: the step after it; "" is the end."""

    id: str
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Step):
    """Write to the shopper. `gather`: those who reach it within this time, for one shopper, share one message."""

    touchpoint: str
    purpose: Purpose
    mood: Mood
    medium: Medium | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    expires_after: timedelta | None = None
    gather: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Step):
    """Wait for a span, for business days, then for a time of the shopper's day; what is left out is not waited for."""

    span: timedelta = timedelta()
    business_days: int = 0
    until_time: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitUntil(Step):
    """Wait for an event since the journey began, or for a day; `otherwise` after `at_most`, or without such a day."""

    hearing: Hearing | None = None
    day_field: str = ""
    offset_days: int = 0
    at: time = time(10, 0)
    at_most: timedelta
    otherwise: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Step):
    """Go to `then` if the condition holds, else to `next`; both lead to `after`, unless they leave."""

    condition: Condition
    then: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Step):
    """Go to one of the arms, by shares of 100; a shopper takes the same one each time. All lead to `next`."""

    arms: tuple[tuple[str, int, str], ...]  # name, share, first step


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Step):
    """Put a label on the order."""

    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Step):
    """Ask staff to do something."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Step):
    """Tell the shop's own program: a message on the webhook channel."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit(Step):
    """Leave the journey."""

    reason: str = "exit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a journey is for: an event within a time of entering it."""

    hearing: Hearing
    within: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A definition, read. `steps` by id; `first` is "" for a journey without steps."""

    trigger: Trigger
    entry: Condition
    per: Per
    again_after: timedelta | None
    steps: Mapping[str, Step]
    first: str
    exits: tuple[Hearing, ...]
    leave_if: Condition | None
    goal: Goal | None
    hold_out_percent: int

    def listens_to(self) -> frozenset[str]:
        """Return the types of all events it is to hear of."""
        heard = [*self.exits, self.goal.hearing if self.goal else None, self.trigger.hearing]
        heard += [step.hearing for step in self.steps.values() if isinstance(step, WaitUntil)]
        return frozenset(each.type for each in heard if each)


#: Nobody is under way for longer than this at one step.
LONGEST_WAIT = timedelta(days=730)
