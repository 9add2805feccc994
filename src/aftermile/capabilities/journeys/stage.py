"""A batch of runs in memory: events are heard in their order, runs move, and what is to be written comes out at once.

It asks the database for nothing and writes nothing, so the same lines serve the live shop (`operations/`) and a
journey played over days gone by (`travel`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from aftermile.capabilities.journeys.engine import (
    Journal,
    Running,
    advance,
    concerns,
    entry_key,
    hear,
    is_held_out,
    written,
)
from aftermile.capabilities.journeys.states import MOVING, RunState, State
from aftermile.capabilities.journeys.steps import Plan, Say, TriggerKind
from aftermile.capabilities.journeys.triggers import TRIGGERS
from aftermile.capabilities.segments.public import (
    Judgement,
    Known,
    Material,
    Subject,
    judge,
    known_of,
)
from aftermile.kernel.calendars import Calendar
from aftermile.kernel.ids import uuid7

#: What happened longer ago is history, also when it is only heard of now: an imported order is not thanked for.
NEWS_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An event with whom and what it is about. `at`: when it happened, else when it was told."""

    id: UUID
    type: str
    subject: Subject
    fields: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A journey as it stands. `plan` is the published one, by which people enter."""

    id: UUID
    name: str
    state: State
    version: int
    plan: Plan
    live_since: datetime


@dataclass(slots=True, kw_only=True)
class Stage:
    """Who is under way, what is known of them, and what came of it."""

    at: datetime
    rules: Mapping[UUID, Rule]
    plans: Mapping[tuple[UUID, int], Plan]
    material: Material
    calendar: Calendar
    gathers: bool
    milestones: dict[UUID, str] = field(default_factory=dict)
    runs: dict[UUID, list[Running]] = field(default_factory=dict)  # by shopper
    entered: list[Running] = field(default_factory=list)
    moved: dict[UUID, Running] = field(default_factory=dict)
    reached: list[Running] = field(default_factory=list)  # their goal
    taken: set[tuple[UUID, str]] = field(default_factory=set)
    journal: Journal = field(default_factory=Journal)

    def add(self, runs: Sequence[Running]) -> None:
        """Bring runs there are already."""
        for run in runs:
            self.runs.setdefault(run.subject.shopper_id, []).append(run)
            self.taken.add((run.journey_id, run.entry_key))

    def known(self, run: Running) -> Known:
        """Tell what is known of a run's subject now, with what let it in."""
        return known_of(
            self.material,
            run.subject,
            at=self.at,
            event=run.cause.get("fields"),
            milestones=self.milestones,
        )

    def hear(self, heard: Heard) -> None:
        """Let everybody hear of an event: first those under way, then those whom it lets in."""
        is_of_shopper = TRIGGERS[heard.type].is_of_shopper
        for run in self.runs.get(heard.subject.shopper_id, ()):
            plan = self.plans.get((run.journey_id, run.version))
            if plan is None or not concerns(run, heard.subject, is_of_shopper=is_of_shopper):
                continue
            had_goal = run.goal_at is not None
            if hear(plan, run, heard.type, heard.fields, at=max(heard.at, run.entered_at)):
                self.moved[run.id] = run
                self.reached += [run] if run.goal_at is not None and not had_goal else []
                self._advance(plan, run)
        for rule in self.rules.values():
            trigger = rule.plan.trigger
            is_met = trigger.hearing is not None and trigger.hearing.is_met_by(heard.type, heard.fields)
            if is_met and rule.state is State.LIVE and heard.at >= max(rule.live_since, self.at - NEWS_FOR):
                self.enter(rule, heard.subject, heard=heard)

    def enter(self, rule: Rule, subject: Subject, *, heard: Heard | None = None) -> Running | None:
        """Let somebody in, if the conditions hold and they are not in already; return their run."""
        plan = rule.plan
        day = self.at.astimezone(self.material.shop_zone).date()
        key = entry_key(plan, subject, event_id=heard.id if heard else None, day=day)
        if plan.again_after is not None:
            again = self._again(rule, key, plan.again_after, subject)
            if again is None:
                return None
            key = again
        if (rule.id, key) in self.taken:
            return None
        fields = dict(heard.fields) if heard else {}
        known = known_of(self.material, subject, at=self.at, event=fields, milestones=self.milestones)
        judged = judge(plan.entry, known)
        if not judged.holds:
            return None
        run = Running(
            id=uuid7(),
            journey_id=rule.id,
            version=rule.version,
            entry_key=key,
            subject=subject,
            cause=_cause(rule, heard, judged, fields, self.at),
            entered_at=self.at,
            step=plan.first,
        )
        self.add([run])
        self.entered.append(run)
        if is_held_out(plan, rule.id, subject.shopper_id):
            run.state, run.ended_at = RunState.HELD_OUT, self.at
        else:
            self._advance(plan, run)
        return run

    def wake(self, runs: Sequence[Running]) -> None:
        """Take on runs whose moment has come, with those who wait to share their message."""
        for run in runs:
            plan = self.plans.get((run.journey_id, run.version))
            if run.state is not RunState.WAITING:
                continue
            if plan is None:  # or it would be due for ever
                self.moved[run.id] = run
                run.state, run.ended_at, run.ended_for, run.wake_at = (
                    RunState.LEFT,
                    self.at,
                    "unreadable",
                    None,
                )
                continue
            step = plan.steps.get(run.step)
            together = [run]
            if isinstance(step, Say) and step.gather:
                together += [
                    each
                    for each in self.runs.get(run.subject.shopper_id, ())
                    if each is not run
                    and each.state is RunState.WAITING
                    and (each.journey_id, each.step) == (run.journey_id, run.step)
                ]
            for each in together:
                if each is not run:
                    each.wake_at = self.at
                self.moved[each.id] = each
                self._advance(self.plans.get((each.journey_id, each.version), plan), each)

    def _advance(self, plan: Plan, run: Running) -> None:
        rule = self.rules.get(run.journey_id)
        if rule is not None and rule.state in MOVING:
            advance(plan, run, self, self.journal, at=self.at)

    def _again(self, rule: Rule, key: str, after: timedelta, subject: Subject) -> str | None:
        before = [
            run
            for run in self.runs.get(subject.shopper_id, ())
            if run.journey_id == rule.id and run.entry_key.partition("#")[0] == key
        ]
        if not before:
            return key
        last = max(before, key=lambda run: run.entered_at)
        if last.state is RunState.WAITING or self.at - last.entered_at < after:
            return None
        return f"{key}#{len(before)}"


def _cause(
    rule: Rule, heard: Heard | None, judged: Judgement, fields: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    kind = rule.plan.trigger.kind
    because = {
        TriggerKind.DAILY: "the shopper was found on the day's round",
        TriggerKind.DATE: "the day had come",
        TriggerKind.HAND: "a staff member let them in",
    }
    return {
        "event": heard.type if heard else "",
        "event_id": str(heard.id) if heard else "",
        "because": TRIGGERS[heard.type].words if heard else because.get(kind, "a staff member let them in"),
        "happened_at": (heard.at if heard else at).isoformat(),
        "fields": fields,
        "conditions": [written(each) for each in judged.answers],
    }
