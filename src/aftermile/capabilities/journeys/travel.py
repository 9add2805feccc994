"""Time travel: a journey played over days gone by, without sending. The engine is the one that moves real runs.

What happened is read from the log in its order; waits pass in no time. Messages are judged by today's settings and
consents, quiet hours, and the cap, beside what was really sent in those days. Silence for trouble is judged by the
exceptions of the log.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from aftermile.capabilities.exceptions.public import ExceptionOpened, ExceptionResolved
from aftermile.capabilities.journeys.definition import read_definition
from aftermile.capabilities.journeys.engine import Due, Running
from aftermile.capabilities.journeys.operations.edit import next_round
from aftermile.capabilities.journeys.operations.hear_events import heard_of
from aftermile.capabilities.journeys.stage import Heard, Rule, Stage
from aftermile.capabilities.journeys.states import RunState, State
from aftermile.capabilities.journeys.steps import Plan, Say, TriggerKind
from aftermile.capabilities.messaging.public import (
    Judged,
    SplitOrders,
    Verdict,
    judge_messages,
    messaging_settings,
)
from aftermile.capabilities.segments.public import (
    ALWAYS,
    Subject,
    members,
    no_material,
    read_material,
)
from aftermile.kernel.events import Published, latest_position, position_before, read
from aftermile.kernel.working_calendar import working_calendar

LONGEST = timedelta(days=90)
MOST_EVENTS, MOST_ROUND, PORTION = 100_000, 2_000, 2_000
_TROUBLE = {"exception.opened", "exception.resolved"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedMessage:
    """Who would have got what, when; or why not. `asked_at`: when it was wanted, the verdict says when it would go."""

    shopper_id: UUID
    order_ids: tuple[UUID, ...]
    step: str
    touchpoint: str
    asked_at: datetime
    verdict: Verdict


@dataclass(slots=True, kw_only=True)
class Played:
    """What a journey would have done. `cut_off`: there was more than was looked at.

    `entered`: shopper, order and when; `ended`: how many, by reason.
    """

    since: datetime
    until: datetime
    events: int = 0
    entered: list[tuple[UUID, UUID | None, datetime]] = field(default_factory=list)
    held_out: int = 0
    waiting: int = 0
    ended: dict[str, int] = field(default_factory=dict)
    messages: list[PlayedMessage] = field(default_factory=list)
    cut_off: bool = False


def play(
    *, definition: Mapping[str, Any], since: datetime, until: datetime, journey_id: UUID | None = None
) -> Played:
    """Play a journey over a time that has passed, at most 90 days; nothing is written.

    :param journey_id: whose draft it is, so that shares and hold-outs fall as they will.
    :raises DefinitionUnreadable: the place in the definition and what to do.
    """
    plan = read_definition(definition)
    since = max(since, until - LONGEST)
    rule = Rule(id=journey_id or uuid4(), name="", state=State.LIVE, version=1, plan=plan, live_since=since)
    log = _read_log(plan, since, until)
    played = Played(since=since, until=until, events=len(log.heard), cut_off=log.cut_off)
    player = _Player(rule, played)
    if plan.trigger.kind is TriggerKind.EVENT:
        player.know({each.subject for each in log.heard if _lets_in(plan, each)})
        rounds: list[tuple[datetime, Heard | list[Subject]]] = []
    else:
        everybody = members(ALWAYS, at=until, limit=MOST_ROUND)
        played.cut_off |= len(everybody) == MOST_ROUND
        subjects = [Subject(shopper_id=each) for each in everybody]
        player.know(set(subjects))
        rounds = [(moment, subjects) for moment in _rounds(plan, since, until)]
    happened: list[tuple[datetime, Heard | list[Subject]]] = [(each.at, each) for each in log.heard]
    for moment, what in heapq.merge(happened, rounds, key=lambda happening: happening[0]):
        player.wake_up_to(moment)
        player.take(moment, what)
    player.wake_up_to(until)
    player.finish(log)
    return played


@dataclass(slots=True)
class _Log:
    """What happened, in the order in which it did; and when something was wrong for whom."""

    heard: list[Heard]
    troubles: dict[UUID, list[tuple[datetime, datetime | None, str]]]
    cut_off: bool

    def trouble(self, shopper_id: UUID, at: datetime) -> list[str]:
        spans = self.troubles.get(shopper_id, ())
        return sorted({kind for first, last, kind in spans if first <= at and (last is None or at < last)})


class _Player:
    """Moves runs through time: events and alarms in one order."""

    def __init__(self, rule: Rule, played: Played) -> None:
        self.rule, self.played = rule, played
        self.alarms: list[tuple[datetime, int, Running]] = []
        self.order = count()
        self.due: list[tuple[Due, datetime]] = []
        self.stage = Stage(
            at=played.since,
            rules={rule.id: rule},
            plans={(rule.id, rule.version): rule.plan},
            material=no_material(),
            calendar=working_calendar().calendar,
            gathers=messaging_settings().split_orders is SplitOrders.DIGEST,
        )

    def know(self, subjects: set[Subject]) -> None:
        """Read what is to be known of all who may enter, a portion at a time."""
        ordered = sorted(subjects, key=str)
        for first in range(0, len(ordered), PORTION):
            self.stage.material = self.stage.material.joined(read_material(ordered[first : first + PORTION]))

    def take(self, moment: datetime, what: Heard | list[Subject]) -> None:
        self.stage.at = moment
        if isinstance(what, Heard):
            if what.subject.parcel_id and "milestone" in what.fields:
                self.stage.milestones[what.subject.parcel_id] = what.fields["milestone"]
            self.stage.hear(what)
        else:
            for subject in what:
                self.stage.enter(self.rule, subject)
        self._note()

    def wake_up_to(self, moment: datetime) -> None:
        while self.alarms and self.alarms[0][0] <= moment:
            wake_at, _, one = heapq.heappop(self.alarms)
            if one.state is RunState.WAITING and one.wake_at == wake_at:
                self.stage.at = wake_at
                self.stage.wake([one])
                self._note()

    def _note(self) -> None:
        stage, played = self.stage, self.played
        for one in (*stage.entered, *stage.moved.values()):
            if one.state is RunState.WAITING and one.wake_at is not None:
                heapq.heappush(self.alarms, (one.wake_at, next(self.order), one))
        played.entered += [(one.subject.shopper_id, one.subject.order_id, stage.at) for one in stage.entered]
        played.held_out += sum(one.state is RunState.HELD_OUT for one in stage.entered)
        self.due += [(each, stage.at) for each in stage.journal.due]
        stage.entered, stage.moved, stage.reached = [], {}, []
        stage.journal.entries = []

    def finish(self, log: _Log) -> None:
        played = self.played
        for one in (run for runs in self.stage.runs.values() for run in runs):
            if one.state is RunState.WAITING:
                played.waiting += 1
            elif one.state is not RunState.HELD_OUT:
                reason = one.ended_for or one.state.value
                played.ended[reason] = played.ended.get(reason, 0) + 1
        # Those who share a message are told together.
        shared: dict[object, list[tuple[Running, Say, datetime]]] = {}
        for each, at in self.due:
            if isinstance(each.step, Say):
                together = each.step.gather and self.stage.gathers
                key = (
                    (each.step.id, each.run.subject.shopper_id, at)
                    if together
                    else each.run.id.hex + each.step.id
                )
                shared.setdefault(key, []).append((each.run, each.step, at))
        firsts = [group[0] for group in shared.values()]
        verdicts = judge_messages(
            [
                Judged(
                    shopper_id=one.subject.shopper_id,
                    purpose=step.purpose,
                    mood=step.mood,
                    medium=step.medium,
                    at=at,
                    expires_at=at + step.expires_after if step.expires_after else None,
                )
                for one, step, at in firsts
            ],
            trouble=[log.trouble(one.subject.shopper_id, at) for one, _, at in firsts],
        )
        played.messages = [
            PlayedMessage(
                shopper_id=one.subject.shopper_id,
                order_ids=tuple(
                    dict.fromkeys(each.subject.order_id for each, _, _ in group if each.subject.order_id)
                ),
                step=step.id,
                touchpoint=step.touchpoint,
                asked_at=at,
                verdict=verdict,
            )
            for (one, step, at), group, verdict in zip(firsts, shared.values(), verdicts, strict=True)
        ]


def _read_log(plan: Plan, since: datetime, until: datetime) -> _Log:
    """Read what a journey listens for, and what was wrong when, a portion at a time."""
    types = plan.listens_to()
    heard: list[Heard] = []
    troubles: dict[UUID, list[tuple[datetime, datetime | None, str]]] = {}
    opened: dict[UUID, tuple[UUID, datetime, str]] = {}
    behind, last, looked_at = position_before(since), latest_position(), 0
    while behind < last and looked_at < MOST_EVENTS:
        events = read(after=behind, up_to=last, types=types | _TROUBLE, limit=PORTION)
        if not events:
            break
        behind, looked_at = events[-1].position, looked_at + len(events)
        found = heard_of(events)
        whose = {each.id: each.subject.shopper_id for each in found}
        for each in events:
            _note_trouble(each, whose.get(each.id), opened, troubles)
        heard += [each for each in found if each.type in types and since <= each.at <= until]
    for shopper_id, first, kind in opened.values():
        troubles.setdefault(shopper_id, []).append((first, None, kind))
    heard.sort(key=lambda each: each.at)
    return _Log(heard, troubles, looked_at >= MOST_EVENTS)


def _note_trouble(
    published: Published,
    shopper_id: UUID | None,
    opened: dict[UUID, tuple[UUID, datetime, str]],
    troubles: dict[UUID, list[tuple[datetime, datetime | None, str]]],
) -> None:
    match published.event:
        case ExceptionOpened() as begun if shopper_id is not None:
            opened[begun.exception_id] = (shopper_id, published.occurred_at, begun.kind)
        case ExceptionResolved() as over if over.exception_id in opened:
            whose, first, kind = opened.pop(over.exception_id)
            troubles.setdefault(whose, []).append((first, published.occurred_at, kind))


def _rounds(plan: Plan, since: datetime, until: datetime) -> Iterator[datetime]:
    """Give the moments at which people are looked for; one that is started by hand is started at the beginning."""
    if plan.trigger.kind is TriggerKind.HAND:
        yield since
        return
    moment = next_round(plan, after=since)
    while moment is not None and moment <= until:
        yield moment
        moment = next_round(plan, after=moment)


def _lets_in(plan: Plan, heard: Heard) -> bool:
    hearing = plan.trigger.hearing
    return hearing is not None and hearing.is_met_by(heard.type, heard.fields)
