"""Write what came of a batch: runs, their story, and the effects of their steps, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.journeys.engine import Due, Passed, Running
from aftermile.capabilities.journeys.events import JourneyEnded, JourneyEntered, JourneyGoalReached
from aftermile.capabilities.journeys.models import Passage, Run, StaffTask
from aftermile.capabilities.journeys.rules import RUN, row_of
from aftermile.capabilities.journeys.stage import Rule, Stage
from aftermile.capabilities.journeys.states import RunState
from aftermile.capabilities.journeys.steps import Call, Say, Tag, Task
from aftermile.capabilities.messaging.public import (
    MessageView,
    Mood,
    Purpose,
    Rendered,
    Status,
    Wanted,
    cancel_caused,
    request_messages,
)
from aftermile.capabilities.orders.public import label_orders
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.events import publish
from aftermile.kernel.ids import public_id, uuid7_many
from aftermile.kernel.rowsets import insert, run, run_later, update

#: What the shop's own program is told arrives under this name.
CALL = "journey_call"
DIGEST = "split_digest"
_CHANGING = ("version", "state", "step", "wake_at", "wait_from", "heard", "ended_at", "ended_for", "goal_at")
_PASSAGE = ("id", "run_id", "step", "what", "detail", "at")


def keep_stage(stage: Stage) -> None:
    """Write a stage. Whoever was let in by somebody else meanwhile is left to them, with all that came of it here."""
    entered = _enter(stage.entered)
    ours = {one.id for one in entered} | stage.moved.keys()
    moved = [one for one in stage.moved.values() if one.id not in {each.id for each in stage.entered}]
    due = [each for each in stage.journal.due if each.run.id in ours]
    said = _say(stage, [each for each in due if isinstance(each.step, Say | Call)])
    story = [row for each in stage.journal.entries if (row := _passage(each, said))["run_id"] in ours]
    rows = [
        {"id": row_id, "at": stage.at, **row}
        for row_id, row in zip(uuid7_many(len(story)), story, strict=True)
    ]
    run_later(
        update(Run, _CHANGING, [row_of(one) for one in sorted(moved, key=lambda one: one.id)]),
        insert(Passage, _PASSAGE, rows),
        insert(
            StaffTask,
            ("id", "run_id", "step", "title", "shopper_id", "order_id", "created_at", "done_by"),
            _tasks(stage, due),
            on_conflict="ON CONFLICT (merchant_id, run_id, step) DO NOTHING",
        ),
    )
    _label(stage, due)
    # Who left is not told what was still to go out, such as after the night.
    left = [
        public_id("jrn", one.id) for one in moved if one.state is RunState.LEFT and one.ended_at == stage.at
    ]
    cancel_caused(named="run_id", values=left)
    _tell(stage, entered, moved)


def _enter(wanted: Sequence[Running]) -> list[Running]:
    # By key: two batches that let in the same people wait for each other in one order.
    in_order = sorted(wanted, key=lambda one: (one.journey_id, one.entry_key))
    (written,) = run(
        insert(
            Run,
            RUN,
            [row_of(one) for one in in_order],
            on_conflict="ON CONFLICT (merchant_id, journey_id, entry_key) DO NOTHING",
            returning=["id"],
        )
    )
    ours = {row[0] for row in written}
    return [one for one in wanted if one.id in ours]


def _say(stage: Stage, due: Sequence[Due]) -> dict[UUID, MessageView]:
    """Ask for messages; return by run what became of each. Those who share a message stand behind its first."""
    shared: dict[tuple[UUID, str, UUID], list[Due]] = {}
    for each in due:
        gathers = isinstance(each.step, Say) and each.step.gather and stage.gathers
        key = each.run.subject.shopper_id if gathers else each.run.id
        shared.setdefault((each.run.journey_id, each.step.id, key), []).append(each)
    if not shared:
        return {}
    groups = list(shared.values())
    views = request_messages(wanted=[_wanted(stage, group) for group in groups], by="system", at=stage.at)
    return {each.run.id: view for group, view in zip(groups, views, strict=True) for each in group}


def _wanted(stage: Stage, group: Sequence[Due]) -> Wanted:
    first = group[0]
    one, step, rule = first.run, first.step, stage.rules[first.run.journey_id]
    cause = _cause(rule, one, step.id)
    subject = one.subject
    if isinstance(step, Call):
        return Wanted(
            shopper_id=subject.shopper_id,
            touchpoint=CALL,
            purpose=Purpose.TRANSACTIONAL,
            mood=Mood.NEUTRAL,
            medium=Medium.WEBHOOK,
            once_key=f"journey:{one.id}:{step.id}",
            order_id=subject.order_id,
            parcel_id=subject.parcel_id,
            values={"name": step.name, **_ids(one)},
            content=Rendered(subject=step.name, text=step.name),
            cause=cause,
        )
    assert isinstance(step, Say)
    orders = list(
        dict.fromkeys(str(each.run.subject.order_id) for each in group if each.run.subject.order_id)
    )
    parcels = list(
        dict.fromkeys(str(each.run.subject.parcel_id) for each in group if each.run.subject.parcel_id)
    )
    is_digest = max(len(orders), len(parcels)) > 1
    return Wanted(
        shopper_id=subject.shopper_id,
        touchpoint=DIGEST if is_digest else step.touchpoint,
        purpose=step.purpose,
        mood=step.mood,
        medium=step.medium,
        once_key=f"journey:{one.id}:{step.id}",
        order_id=subject.order_id,
        parcel_id=None if is_digest else subject.parcel_id,
        about={"order_ids": orders, "parcel_ids": parcels} if is_digest else {},
        values=step.values,
        cause=cause,
        expires_at=stage.at + step.expires_after if step.expires_after else None,
    )


def _cause(rule: Rule, one: Running, step: str) -> dict[str, Any]:
    return {
        "journey": rule.name,
        "journey_id": public_id("jny", rule.id),
        "run_id": public_id("jrn", one.id),
        "version": one.version,
        "step": step,
        **{name: one.cause.get(name) for name in ("event", "because", "happened_at", "conditions")},
    }


def _ids(one: Running) -> dict[str, str]:
    subject = one.subject
    named = {
        "shopper_id": public_id("shp", subject.shopper_id),
        "order_id": public_id("ord", subject.order_id) if subject.order_id else "",
        "parcel_id": public_id("par", subject.parcel_id) if subject.parcel_id else "",
        "journey_run_id": public_id("jrn", one.id),
    }
    return {name: value for name, value in named.items() if value}


def _passage(each: Due | Passed, said: dict[UUID, MessageView]) -> dict[str, Any]:
    if isinstance(each, Passed):
        return {"run_id": each.run_id, "step": each.step, "what": each.what, "detail": dict(each.detail)}
    return {"run_id": each.run.id, "step": each.step.id, "what": "asked", "detail": _told(each, said)}


def _told(each: Due, said: dict[UUID, MessageView]) -> dict[str, Any]:
    match each.step:
        case Tag(label=label):
            return {"label": label}
        case Task(title=title):
            return {"task": title}
    view = said.get(each.run.id)
    if view is None:  # of somebody whom another let in meanwhile
        return {}
    told = {"message_id": str(view.id), "touchpoint": view.touchpoint}
    return told | ({"withheld_for": view.withheld_for} if view.status is Status.WITHHELD else {})


def _tasks(stage: Stage, due: Iterable[Due]) -> list[dict[str, Any]]:
    asked = [(each.run, each.step) for each in due if isinstance(each.step, Task)]
    return [
        {
            "id": row_id,
            "run_id": one.id,
            "step": step.id,
            "title": step.title,
            "shopper_id": one.subject.shopper_id,
            "order_id": one.subject.order_id,
            "created_at": stage.at,
            "done_by": "",
        }
        for row_id, (one, step) in zip(uuid7_many(len(asked)), asked, strict=True)
    ]


def _label(stage: Stage, due: Iterable[Due]) -> None:
    wanted: dict[str, set[UUID]] = {}
    for each in due:
        if isinstance(each.step, Tag) and each.run.subject.order_id:
            wanted.setdefault(each.step.label, set()).add(each.run.subject.order_id)
    for label, order_ids in wanted.items():
        label_orders(order_ids=order_ids, add=[label], by="system", at=stage.at)


def _tell(stage: Stage, entered: Sequence[Running], moved: Sequence[Running]) -> None:
    ours = {one.id for one in (*entered, *moved)}
    at: datetime = stage.at
    publish(
        *(
            JourneyEntered(
                journey_id=one.journey_id,
                run_id=one.id,
                version=one.version,
                shopper_id=one.subject.shopper_id,
                order_id=one.subject.order_id,
                held_out=one.state is RunState.HELD_OUT,
            )
            for one in entered
        ),
        *(
            JourneyEnded(
                journey_id=one.journey_id,
                run_id=one.id,
                shopper_id=one.subject.shopper_id,
                reason=one.ended_for or one.state.value,
            )
            for one in (*entered, *moved)
            if one.ended_at == at and one.state in (RunState.DONE, RunState.LEFT)
        ),
        *(
            JourneyGoalReached(
                journey_id=one.journey_id,
                run_id=one.id,
                shopper_id=one.subject.shopper_id,
                held_out=one.state is RunState.HELD_OUT,
            )
            for one in stage.reached
            if one.id in ours
        ),
        by="system",
        at=at,
    )
