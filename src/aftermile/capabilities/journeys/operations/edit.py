"""Make journeys, write their drafts, publish them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, F, Func, Q, Value

from aftermile.capabilities.journeys.definition import read_definition
from aftermile.capabilities.journeys.engine import EXIT
from aftermile.capabilities.journeys.events import JourneyChanged
from aftermile.capabilities.journeys.models import Journey, Run, Version
from aftermile.capabilities.journeys.queries import JourneyNotFound, JourneyView, journey
from aftermile.capabilities.journeys.rules import plans_of, published_plan
from aftermile.capabilities.journeys.states import MOVES, MOVING, RunState, State
from aftermile.capabilities.journeys.steps import Plan, TriggerKind
from aftermile.capabilities.messaging.public import cancel_caused
from aftermile.kernel.errors import Conflict, Invalid
from aftermile.kernel.events import publish
from aftermile.kernel.ids import public_id
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.rowsets import plain

LONGEST_NAME, LONGEST_DESCRIPTION, LONGEST_NOTE = 100, 1000, 500
DRAFT = 0


class JourneyUnusable(Invalid):
    """A journey has no name, or too long a one."""

    code = "journey_unusable"
    message = f"Give the journey a name of 1 to {LONGEST_NAME} characters."


class JourneyBusy(Conflict):
    """A journey is not in a state in which this can be done; the message says in which it is."""

    code = "journey_busy"


def create_journey(
    *,
    name: str,
    definition: Mapping[str, Any],
    description: str = "",
    standard: str = "",
    by: str,
    at: datetime,
) -> JourneyView:
    """Make a journey with a draft; it does nothing until it is published and switched on.

    :raises JourneyUnusable: no name.
    :raises DefinitionUnreadable: the place in the definition and what to do.
    """
    read_definition(definition)
    row = Journey(
        name=_name(name),
        description=description.strip()[:LONGEST_DESCRIPTION],
        standard=standard,
        created_at=at,
        changed_by=by,
        changed_at=at,
    )
    row.save(force_insert=True)
    Version(journey=row, number=DRAFT, definition=plain(definition), by=by, at=at).save(force_insert=True)
    return journey(row.id)


def save_draft(
    *,
    journey_id: UUID,
    definition: Mapping[str, Any],
    name: str | None = None,
    description: str | None = None,
    by: str,
    at: datetime,
) -> JourneyView:
    """Keep a draft; what is published goes on as it is until the draft is published.

    :raises JourneyNotFound: no such journey.
    :raises JourneyUnusable: no name.
    :raises DefinitionUnreadable: the place in the definition and what to do.
    """
    read_definition(definition)
    row = locked(journey_id)
    if name is not None:
        row.name = _name(name)
    if description is not None:
        row.description = description.strip()[:LONGEST_DESCRIPTION]
    row.changed_by, row.changed_at = by, at
    row.save(update_fields=["name", "description", "changed_by", "changed_at"])
    Version.rows().update_or_create(
        journey_id=row.id, number=DRAFT, defaults={"definition": plain(definition), "by": by, "at": at}
    )
    return journey(row.id)


def publish_draft(
    *, journey_id: UUID, note: str = "", move_under_way: bool = False, by: str, at: datetime
) -> JourneyView:
    """Make the draft the version by which people enter from now on. As published: nothing changes.

    :param move_under_way: those under way go on by it, too, where the step they wait at is still there; the others
        finish on theirs.
    :raises JourneyNotFound: no such journey.
    :raises DefinitionUnreadable: what it says can no longer be read (a template was taken away).
    """
    row = locked(journey_id)
    draft = Version.rows().filter(journey_id=row.id, number=DRAFT).first()
    if draft is None:
        return journey(row.id)
    newest = Version.rows().filter(journey_id=row.id, number=row.version, number__gt=DRAFT).first()
    if newest is None or newest.definition != draft.definition:
        plan = read_definition(draft.definition)
        row.version += 1
        Version(
            journey_id=row.id,
            number=row.version,
            definition=draft.definition,
            note=note.strip()[:LONGEST_NOTE],
            by=by,
            at=at,
        ).save(force_insert=True)
        if move_under_way:
            waiting = Run.rows().filter(journey_id=row.id, state=RunState.WAITING, step__in=list(plan.steps))
            waiting.update(version=row.version)
        row.listens_to = _listens_to(row, plan)
        row.next_round_at = next_round(plan, after=at) if row.state in (State.LIVE, State.PAUSED) else None
    row.changed_by, row.changed_at = by, at
    row.save()
    draft.delete()
    publish(JourneyChanged(journey_id=row.id, state=row.state, version=row.version), by=by, at=at)
    return journey(row.id)


def move_journey(*, journey_id: UUID, to: State, by: str, at: datetime) -> JourneyView:
    """Switch a journey on, pause, drain, stop or archive it. To where it is: nothing changes.

    What happened before it is switched on lets nobody in. Stopping takes everybody out at once, and takes back what was
    to be said to them and has not gone out yet.

    :raises JourneyNotFound: no such journey.
    :raises JourneyBusy: it cannot go there from where it is, or nothing of it was published.
    :raises DefinitionUnreadable: it is to be switched on, and what was published can no longer be read.
    """
    row = locked(journey_id)
    if row.state == to:
        return journey(row.id)
    if to not in MOVES[State(row.state)]:
        raise JourneyBusy(f"This journey is {row.state} and cannot be {to.value} from there.")
    if to is State.LIVE:
        if not row.version:
            raise JourneyBusy("Publish this journey first: nothing of it is published yet.")
        if row.state in (State.DRAFT, State.STOPPED):
            row.live_since = at
        plan = published_plan(row.id, row.version)
        row.listens_to, row.next_round_at = _listens_to(row, plan), next_round(plan, after=at)
    elif to is not State.PAUSED:
        row.next_round_at = None
    if row.state == State.PAUSED and to in MOVING:
        _wake_who_heard(row, at)
    if to is State.STOPPED:
        waiting = Run.rows().filter(journey_id=row.id, state=RunState.WAITING)
        waiting.update(state=RunState.LEFT, ended_at=at, ended_for="stopped", wake_at=None)
        cancel_caused(named="journey_id", values=[public_id("jny", row.id)])
    row.state, row.changed_by, row.changed_at = to.value, by, at
    row.save()
    publish(JourneyChanged(journey_id=row.id, state=row.state, version=row.version), by=by, at=at)
    return journey(row.id)


def next_round(plan: Plan, *, after: datetime) -> datetime | None:
    """Compute when people are next looked for, by the shop's clock; None for a journey that hears of events."""
    trigger = plan.trigger
    if trigger.kind not in (TriggerKind.DAILY, TriggerKind.DATE):
        return None
    zone = ZoneInfo(current_merchant().time_zone)
    if trigger.kind is TriggerKind.DATE:
        moment = datetime.combine(trigger.on, trigger.at, zone).astimezone(UTC) if trigger.on else None
        return moment if moment and moment > after else None
    today = after.astimezone(zone).date()
    moments = (datetime.combine(today + timedelta(days=n), trigger.at, zone).astimezone(UTC) for n in (0, 1))
    return next(moment for moment in moments if moment > after)


def locked(journey_id: UUID) -> Journey:
    """Lock a journey's row.

    :raises JourneyNotFound: no such journey.
    """
    row = Journey.rows().select_for_update().filter(id=journey_id).first()
    if row is None:
        raise JourneyNotFound
    return row


def _wake_who_heard(row: Journey, at: datetime) -> None:
    """Let those go on at once for whom, during a pause, happened what they wait for or leave by."""
    happened = Func(F("heard"), F("step"), function="jsonb_exists", output_field=BooleanField())
    left = Func(F("heard"), Value(EXIT), function="jsonb_exists", output_field=BooleanField())
    waiting = Run.rows().filter(journey_id=row.id, state=RunState.WAITING)
    waiting.filter(Q(happened) | Q(left)).update(wake_at=at)


def _listens_to(row: Journey, plan: Plan) -> list[str]:
    """Gather what the published version listens for, and all versions somebody is still on."""
    under_way = Run.rows().filter(journey_id=row.id, state=RunState.WAITING).values_list("version", flat=True)
    plans = [plan, *plans_of({(row.id, number) for number in under_way.distinct()}).values()]
    return sorted({name for each in plans for name in each.listens_to()})


def _name(given: str) -> str:
    name = " ".join(given.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise JourneyUnusable
    return name
