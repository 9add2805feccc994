"""Take on those whose moment has come."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.journeys.engine import Running
from aftermile.capabilities.journeys.operations.hear_events import make_stage
from aftermile.capabilities.journeys.operations.keep_stage import keep_stage
from aftermile.capabilities.journeys.rules import at_work, plans_of, read_runs, rules_of, runs_where
from aftermile.capabilities.journeys.states import MOVING, RunState
from aftermile.capabilities.journeys.steps import Say
from aftermile.kernel.rowsets import id_array, run

PORTION = 1000


def wake_due(*, at: datetime, limit: int = PORTION) -> int:
    """Take on up to `limit` runs that are due; return how many. Call again until it returns fewer.

    Others who do the same take other runs. One statement looks per journey, by index: a million asleep cost nothing.
    """
    (rows,) = run(at_work())
    rules = rules_of(rows)
    moving = [rule.id for rule in rules.values() if rule.state in MOVING]
    if not moving:
        return 0
    share = max(1, limit // len(moving))
    due = read_runs(
        *(
            runs_where(
                "journey_id = %s AND state = %s AND wake_at <= %s",
                [journey_id, RunState.WAITING.value, at],
                then=f"ORDER BY wake_at, id LIMIT {share} FOR NO KEY UPDATE SKIP LOCKED",
            )
            for journey_id in moving
        )
    )
    if not due:
        return 0
    peers = _who_share(due)
    stage = make_stage(rules, [*due, *peers], set(), at=at)
    stage.wake(due)
    keep_stage(stage)
    return len(due)


def has_due(*, at: datetime) -> bool:
    """Tell whether anybody's moment has come: one statement by index."""
    (rows,) = run(at_work())
    moving = [row["id"] for row in rows if row["state"] in MOVING]
    if not moving:
        return False
    found = run(
        *(
            runs_where(
                "journey_id = %s AND state = %s AND wake_at <= %s",
                [journey_id, RunState.WAITING.value, at],
                then="ORDER BY wake_at, id LIMIT 1",
            )
            for journey_id in moving
        )
    )
    return any(found)


def _who_share(due: list[Running]) -> list[Running]:
    """Find those who wait at the same step for a message they share with one who is due."""
    plans = plans_of({(one.journey_id, one.version) for one in due})
    gathered: set[UUID] = set()
    for one in due:
        plan = plans.get((one.journey_id, one.version))
        step = plan.steps.get(one.step) if plan else None
        if isinstance(step, Say) and step.gather:
            gathered.add(one.subject.shopper_id)
    if not gathered:
        return []
    known = {one.id for one in due}
    steps = {(one.journey_id, one.step) for one in due}
    beside = read_runs(
        runs_where(
            "shopper_id = ANY(%s::uuid[]) AND state = %s",
            [id_array(sorted(gathered)), RunState.WAITING.value],
            then="ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
        )
    )
    return [one for one in beside if one.id not in known and (one.journey_id, one.step) in steps]
