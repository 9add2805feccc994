"""How a shopper moves through a journey. Pure: a plan, a run and what is known in; where it stands and what is to be
done out. The same lines move real runs and those of a journey that is played over days gone by.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from aftermile.capabilities.journeys.states import RunState
from aftermile.capabilities.journeys.steps import (
    Branch,
    Call,
    Exit,
    Per,
    Plan,
    Say,
    Split,
    Step,
    Tag,
    Task,
    Wait,
    WaitUntil,
)
from aftermile.capabilities.segments.public import Answer, Known, Subject, judge
from aftermile.kernel.calendars import Calendar

EXIT, GOAL = "exit", "goal"


@dataclass(slots=True, kw_only=True)
class Running:
    """One shopper's way through a journey. `heard`: what the plan listens for, by step id, `exit` or `goal`."""

    id: UUID
    journey_id: UUID
    version: int
    entry_key: str
    subject: Subject
    cause: Mapping[str, Any]
    entered_at: datetime
    step: str
    state: RunState = RunState.WAITING
    wake_at: datetime | None = None
    wait_from: datetime | None = None
    heard: dict[str, str] = field(default_factory=dict)
    ended_at: datetime | None = None
    ended_for: str = ""
    goal_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A step whose effect is to be brought about: a message, a label, a task, a call."""

    run: Running
    step: Say | Tag | Task | Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A step taken, for the story."""

    run_id: UUID
    step: str
    what: str
    detail: Mapping[str, Any]


class Around(Protocol):
    """What a run asks of the world."""

    calendar: Calendar
    gathers: bool

    def known(self, run: Running) -> Known:
        """Tell what is known of the run's subject now."""


@dataclass(slots=True)
class Journal:
    """What came of moving runs: effects and the story, in their order."""

    entries: list[Due | Passed] = field(default_factory=list)

    @property
    def due(self) -> list[Due]:
        return [each for each in self.entries if isinstance(each, Due)]


def is_held_out(plan: Plan, journey_id: UUID, shopper_id: UUID) -> bool:
    """Tell whether a shopper belongs to those who are told nothing; always the same answer."""
    return share_of(journey_id, "hold-out", shopper_id) < plan.hold_out_percent


def share_of(journey_id: UUID, what: str, shopper_id: UUID) -> int:
    """Draw a number of 0 to 99 for a shopper: even over shoppers, and always the same for one."""
    drawn = hashlib.blake2b(journey_id.bytes + what.encode() + shopper_id.bytes, digest_size=8).digest()
    return int.from_bytes(drawn) % 100


def entry_key(plan: Plan, subject: Subject, *, event_id: UUID | None, day: date) -> str:
    """Write what is entered once. What an event does not name counts by the next wider thing it does."""
    shopper = str(subject.shopper_id)
    order = f"o:{subject.order_id}" if subject.order_id else shopper
    match plan.per:
        case Per.EVENT:
            return f"e:{event_id}:{shopper}"
        case Per.PARCEL:
            return f"p:{subject.parcel_id}" if subject.parcel_id else order
        case Per.ORDER:
            return order
        case Per.YEAR:
            return f"{shopper}:{day.year}"
        case Per.DAY:
            return f"{shopper}:{day.isoformat()}"
        case _:
            return shopper


def concerns(run: Running, subject: Subject, *, is_of_shopper: bool) -> bool:
    """Tell whether something about a subject concerns a run: the same shopper, and no other order or parcel."""
    mine = run.subject
    if mine.shopper_id != subject.shopper_id:
        return False
    if is_of_shopper:
        return True
    if mine.order_id and subject.order_id and mine.order_id != subject.order_id:
        return False
    return not (mine.parcel_id and subject.parcel_id and mine.parcel_id != subject.parcel_id)


def hear(plan: Plan, run: Running, type_: str, fields: Mapping[str, Any], *, at: datetime) -> bool:
    """Let a run hear of an event; return whether it listens for it. Twice: nothing changes."""
    news = {}
    if run.state is RunState.WAITING:
        news = {
            step.id: at
            for step in plan.steps.values()
            if isinstance(step, WaitUntil) and step.hearing and step.hearing.is_met_by(type_, fields)
        }
        if any(each.is_met_by(type_, fields) for each in plan.exits):
            news[EXIT] = at
    goal = plan.goal
    if goal and goal.hearing.is_met_by(type_, fields) and at <= run.entered_at + goal.within:
        news[GOAL] = at
        run.goal_at = run.goal_at or at
    fresh = {name: each.isoformat() for name, each in news.items() if name not in run.heard}
    run.heard |= fresh
    return bool(fresh)


def advance(plan: Plan, run: Running, around: Around, journal: Journal, *, at: datetime) -> None:
    """Take a run on from where it stands, as far as it goes now."""
    while run.state is RunState.WAITING:
        if EXIT in run.heard:
            _end(run, RunState.LEFT, "exit_event", journal, at)
            return
        step = plan.steps.get(run.step)
        if step is None:
            _end(run, RunState.DONE, "", journal, at)
            return
        if run.wait_from is None and plan.leave_if is not None:
            judged = judge(plan.leave_if, around.known(run))
            if judged.holds:
                _end(run, RunState.LEFT, "leave_if", journal, at)
                return
        after = _take(step, run, around, journal, at)
        if after is None:
            return
        run.step, run.wake_at, run.wait_from = after, None, None


def _take(step: Step, run: Running, around: Around, journal: Journal, at: datetime) -> str | None:
    """Take one step; return the next one, or None to stay."""
    match step:
        case Say(gather=gather) if gather and around.gathers and run.wait_from is None:
            run.wake_at, run.wait_from = at + gather, at
            return None
        case Say() if run.wake_at is not None and at < run.wake_at:
            return None
        case Say() | Tag() | Task() | Call():
            journal.entries.append(Due(run=run, step=step))
            return step.next
        case Wait():
            if run.wake_at is None:
                wake_at = _over(step, around.calendar, around.known(run), at)
                if wake_at > at:
                    _note(run, journal, "waits", {"until": wake_at.isoformat()})
                    run.wake_at, run.wait_from = wake_at, at
                    return None
            elif at < run.wake_at:
                return None
            return step.next
        case WaitUntil():
            return _until(step, run, around, journal, at)
        case Branch():
            judged = judge(step.condition, around.known(run))
            detail = {"answers": [written(each) for each in judged.answers]}
            _note(run, journal, "holds" if judged.holds else "does_not_hold", detail)
            return step.then if judged.holds else step.next
        case Split():
            drawn = share_of(run.journey_id, step.id, run.subject.shopper_id)
            for name, share, first in step.arms:
                drawn -= share
                if drawn < 0:
                    _note(run, journal, "arm", {"arm": name})
                    return first
            raise AssertionError("shares add up to 100")
        case Exit():
            _end(run, RunState.LEFT, step.reason, journal, at)
            return None
        case _:
            raise AssertionError(f"no such step: {step}")


def _until(step: WaitUntil, run: Running, around: Around, journal: Journal, at: datetime) -> str | None:
    begun = run.wait_from or at
    gives_up = begun + step.at_most
    if step.hearing is not None:
        if step.id in run.heard:
            _note(run, journal, "happened", {})
            return step.next
        if at >= gives_up:
            _note(run, journal, "did_not_happen", {})
            return step.otherwise
        if run.wait_from is None:
            _note(run, journal, "waits", {"until": gives_up.isoformat()})
        run.wake_at, run.wait_from = gives_up, begun
        return None
    # The day may have moved since: it is looked up anew each time.
    known = around.known(run)
    number = known.values.get(step.day_field)
    day = date.fromordinal(number) + timedelta(days=step.offset_days) if number else None
    moment = datetime.combine(day, step.at, known.zone).astimezone(UTC) if day else None
    if moment is None or moment < at - timedelta(days=1) or (at >= gives_up > begun and moment > at):
        _note(run, journal, "no_such_day", {"day": day.isoformat() if day else ""})
        return step.otherwise
    if moment <= at:
        return step.next
    if run.wake_at != moment:
        _note(run, journal, "waits", {"until": min(moment, gives_up).isoformat()})
    run.wake_at, run.wait_from = min(moment, gives_up), begun
    return None


def _over(step: Wait, calendar: Calendar, known: Known, at: datetime) -> datetime:
    """Compute when a wait is over. Business days are the shop's, the time of day is the shopper's."""
    moment = at + step.span
    if step.business_days:
        local = moment.astimezone(known.zone)
        day = calendar.add_business_days(calendar.day_of(moment), step.business_days)
        moment = datetime.combine(day, local.timetz().replace(tzinfo=None), known.zone).astimezone(UTC)
    if step.until_time is not None:
        local = moment.astimezone(known.zone)
        day = (
            local.date()
            if local.timetz().replace(tzinfo=None) <= step.until_time
            else local.date() + timedelta(days=1)
        )
        moment = datetime.combine(day, step.until_time, known.zone).astimezone(UTC)
    return moment


def _end(run: Running, state: RunState, reason: str, journal: Journal, at: datetime) -> None:
    run.state, run.ended_at, run.ended_for, run.wake_at = state, at, reason, None
    _note(run, journal, "done" if state is RunState.DONE else "left", {"reason": reason} if reason else {})


def _note(run: Running, journal: Journal, what: str, detail: Mapping[str, Any]) -> None:
    journal.entries.append(Passed(run_id=run.id, step=run.step, what=what, detail=detail))


def written(answer: Answer) -> dict[str, Any]:
    """Write an answer as it is kept."""
    return {"words": answer.words, "found": answer.found, "passed": answer.passed}
