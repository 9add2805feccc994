"""Look for people to let in: on the day's round, on a date, by hand, and among what happened before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.journeys.models import Journey
from aftermile.capabilities.journeys.operations.edit import JourneyBusy, locked, next_round
from aftermile.capabilities.journeys.operations.hear_events import make_stage
from aftermile.capabilities.journeys.operations.keep_stage import keep_stage
from aftermile.capabilities.journeys.rules import at_work, published_plan, read_runs, rules_of, runs_where
from aftermile.capabilities.journeys.stage import Heard
from aftermile.capabilities.journeys.states import State
from aftermile.capabilities.segments.public import Condition, Subject, members
from aftermile.kernel.rowsets import id_array, run

PORTION = 1000


def due_rounds(*, at: datetime) -> list[UUID]:
    """Take up the rounds whose moment has come, and set when the next ones are; return whose they are.

    For the caller to queue in the same transaction.
    """
    due = Journey.rows().select_for_update(skip_locked=True)
    rows = list(due.filter(state=State.LIVE, next_round_at__lte=at).order_by("id"))
    rules = rules_of([_rule(row) for row in rows])
    for row in rows:
        row.next_round_at = next_round(rules[row.id].plan, after=at) if row.id in rules else None
        row.save(update_fields=["next_round_at"])
    return list(rules)


def let_in(
    *, journey_id: UUID, condition: Condition | None = None, after: UUID | None, at: datetime
) -> UUID | None:
    """Let in the next portion of those for whom a condition holds, in the order of their ids.

    Return behind whom to go on, None at the end. Twice: whoever is in, is in once.

    :param condition: None: the journey's own.
    :raises JourneyNotFound: no such journey.
    :raises JourneyBusy: it is not switched on.
    :raises DefinitionUnreadable: what was published can no longer be read.
    """
    row = locked(journey_id)
    if row.state != State.LIVE:
        raise JourneyBusy(f"This journey is {row.state}; switch it on first.")
    plan = published_plan(row.id, row.version)
    ids = members(condition or plan.entry, at=at, after=after, limit=PORTION)
    enter_subjects(journey_id=journey_id, subjects=[Subject(shopper_id=each) for each in ids], at=at)
    return ids[-1] if len(ids) == PORTION else None


def enter_subjects(*, journey_id: UUID, subjects: Sequence[Subject], at: datetime) -> int:
    """Let these in, as far as the journey's conditions hold for them; return how many are."""
    return _enter(journey_id, [(each, None) for each in subjects], at)


def enter_heard(*, journey_id: UUID, heard: Sequence[Heard], at: datetime) -> int:
    """Let in by what happened, however long ago; return how many are."""
    return _enter(journey_id, [(each.subject, each) for each in heard], at)


def _enter(journey_id: UUID, wanted: Sequence[tuple[Subject, Heard | None]], at: datetime) -> int:
    (rows,) = run(at_work())
    rules = {key: rule for key, rule in rules_of(rows).items() if key == journey_id}
    if not rules or not wanted:
        return 0
    rule = rules[journey_id]
    runs = read_runs(
        runs_where(
            "shopper_id = ANY(%s::uuid[]) AND journey_id = %s",
            [id_array(sorted({subject.shopper_id for subject, _ in wanted})), journey_id],
        )
    )
    stage = make_stage(rules, runs, {subject for subject, _ in wanted}, at=at)
    hearing = rule.plan.trigger.hearing
    for subject, heard in wanted:
        if heard is None or (hearing and hearing.is_met_by(heard.type, heard.fields)):
            stage.enter(rule, subject, heard=heard)
    if stage.entered:
        keep_stage(stage)
    return len(stage.entered)


def _rule(row: Journey) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("id", "name", "state", "version", "live_since")}
