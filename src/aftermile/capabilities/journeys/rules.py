"""Journeys as those who move people read them: published plans are read once and kept in memory."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from threading import Lock
from uuid import UUID

from aftermile.capabilities.journeys.definition import DefinitionUnreadable, read_definition
from aftermile.capabilities.journeys.engine import Running
from aftermile.capabilities.journeys.models import Journey, Run, Version
from aftermile.capabilities.journeys.stage import Rule
from aftermile.capabilities.journeys.states import RunState, State
from aftermile.capabilities.journeys.steps import Plan
from aftermile.capabilities.segments.public import Subject
from aftermile.kernel.rowsets import Row, Statement, run, select, text_array, texts_in

log = logging.getLogger(__name__)

_RULE = ("id", "name", "state", "version", "live_since", "listens_to")
RUN = (
    *("id", "journey_id", "version", "entry_key", "shopper_id", "order_id", "parcel_id", "state", "step"),
    *("wake_at", "wait_from", "heard", "cause", "entered_at", "ended_at", "ended_for", "goal_at"),
)
_MOST_KEPT = 2000
# A published version never changes, so that it may be kept for as long as the process lives.
_kept: OrderedDict[tuple[UUID, int], Plan] = OrderedDict()
_lock = Lock()

AT_WORK = (State.LIVE, State.DRAINING, State.PAUSED)


def at_work() -> Statement:
    """Ask for the journeys that are to hear of events."""
    return select(Journey, _RULE, texts_in("state"), [text_array(AT_WORK)])


def rules_of(rows: Iterable[Row]) -> dict[UUID, Rule]:
    """Read journeys with their published plans: one statement for plans this process has not met yet.

    One whose plan can no longer be read rests, and the others go on.
    """
    found = [row for row in rows if row["version"]]
    plans = plans_of({(row["id"], row["version"]) for row in found})
    return {
        row["id"]: Rule(
            id=row["id"],
            name=row["name"],
            state=State(row["state"]),
            version=row["version"],
            plan=plans[row["id"], row["version"]],
            live_since=row["live_since"],
        )
        for row in found
        if (row["id"], row["version"]) in plans
    }


def plans_of(wanted: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], Plan]:
    """Read plans of published versions; those there are none of are left out."""
    with _lock:
        held = {key: _kept[key] for key in wanted if key in _kept}
    missing = set(wanted) - held.keys()
    if missing:
        rows = Version.rows().filter(journey_id__in={journey for journey, _ in missing}, number__gt=0)
        found = {(row.journey_id, row.number): plan for row in rows if (plan := _plan(row)) is not None}
        with _lock:
            _kept.update(found)
            while len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)
        held |= {key: found[key] for key in missing if key in found}
    return held


def _plan(row: Version) -> Plan | None:
    try:
        return read_definition(row.definition)
    except DefinitionUnreadable as problem:  # a message of the shop's own was put away since
        log.warning("version %s of journey %s rests: %s", row.number, row.journey_id, problem)
        return None


def published_plan(journey_id: UUID, version: int) -> Plan:
    """Read the plan of one published version.

    :raises DefinitionUnreadable: it can no longer be read; the message says why.
    """
    found = plans_of({(journey_id, version)}).get((journey_id, version))
    if found is None:
        row = Version.rows().get(journey_id=journey_id, number=version)
        return read_definition(row.definition)
    return found


def read_runs(*statements: Statement | None) -> list[Running]:
    """Run statements that select `RUN` columns, each run once."""
    found: Mapping[UUID, Row] = {row["id"]: row for rows in run(*statements) for row in rows}
    return [running(found[key]) for key in sorted(found)]


def runs_where(condition: str, parameters: Collection[object], *, then: str = "") -> Statement:
    """Ask for runs."""
    return select(Run, RUN, condition, list(parameters), then=then)


def running(row: Row) -> Running:
    return Running(
        id=row["id"],
        journey_id=row["journey_id"],
        version=row["version"],
        entry_key=row["entry_key"],
        subject=Subject(shopper_id=row["shopper_id"], order_id=row["order_id"], parcel_id=row["parcel_id"]),
        state=RunState(row["state"]),
        step=row["step"],
        wake_at=row["wake_at"],
        wait_from=row["wait_from"],
        heard=row["heard"],
        cause=row["cause"],
        entered_at=row["entered_at"],
        ended_at=row["ended_at"],
        ended_for=row["ended_for"],
        goal_at=row["goal_at"],
    )


def row_of(one: Running) -> Row:
    return {
        "id": one.id,
        "journey_id": one.journey_id,
        "version": one.version,
        "entry_key": one.entry_key,
        "shopper_id": one.subject.shopper_id,
        "order_id": one.subject.order_id,
        "parcel_id": one.subject.parcel_id,
        "state": one.state.value,
        "step": one.step,
        "wake_at": one.wake_at,
        "wait_from": one.wait_from,
        "heard": one.heard,
        "cause": dict(one.cause),
        "entered_at": one.entered_at,
        "ended_at": one.ended_at,
        "ended_for": one.ended_for,
        "goal_at": one.goal_at,
    }
