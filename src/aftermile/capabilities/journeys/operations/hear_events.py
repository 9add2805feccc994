"""Let journeys hear of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.journeys.engine import Running
from aftermile.capabilities.journeys.operations.keep_stage import keep_stage
from aftermile.capabilities.journeys.rules import at_work, plans_of, read_runs, rules_of, runs_where
from aftermile.capabilities.journeys.stage import Heard, Rule, Stage
from aftermile.capabilities.journeys.states import RunState
from aftermile.capabilities.journeys.triggers import TRIGGERS, Named
from aftermile.capabilities.messaging.public import SplitOrders, messaging_settings
from aftermile.capabilities.orders.public import owners_of_orders
from aftermile.capabilities.segments.public import Subject, read_material
from aftermile.capabilities.shipments.public import orders_of_parcels
from aftermile.kernel.events import Published
from aftermile.kernel.rowsets import id_array, plain, run
from aftermile.kernel.working_calendar import working_calendar


def hear_events(*, events: Sequence[Published], at: datetime) -> int:
    """Let everybody under way and every journey hear of these events, in their order; return how many concerned any.

    A constant number of statements. For events of one shop in the order of the log, by one at a time: who is let in by
    one event hears of all that follow it.
    """
    (rows,) = run(at_work())
    rules = rules_of(rows)
    listened = {name for row in rows for name in row["listens_to"]}
    heard = heard_of([each for each in events if each.type in listened])
    if not heard:
        return 0
    shoppers = {each.subject.shopper_id for each in heard}
    runs = read_runs(
        runs_where(
            "shopper_id = ANY(%s::uuid[]) AND (state = %s OR journey_id = ANY(%s::uuid[]))",
            [id_array(sorted(shoppers)), RunState.WAITING.value, id_array(sorted(_remembered(rules)))],
            then="ORDER BY id FOR NO KEY UPDATE",
        )
    )
    stage = make_stage(rules, runs, {each.subject for each in heard}, at=at)
    for each in heard:
        stage.hear(each)
    if stage.entered or stage.moved:
        keep_stage(stage)
    return len(heard)


def make_stage(
    rules: dict[UUID, Rule], runs: Sequence[Running], subjects: set[Subject], *, at: datetime
) -> Stage:
    """Read what a batch needs and put its runs on a stage."""
    waiting = {each.subject for each in runs if each.state is RunState.WAITING}
    stage = Stage(
        at=at,
        rules=rules,
        plans={(rule.id, rule.version): rule.plan for rule in rules.values()}
        | plans_of({(each.journey_id, each.version) for each in runs}),
        material=read_material(subjects | waiting),
        calendar=working_calendar().calendar,
        gathers=messaging_settings().split_orders is SplitOrders.DIGEST,
    )
    stage.add(runs)
    return stage


def heard_of(events: Sequence[Published]) -> list[Heard]:
    """Find whom and what events are about: three statements. What concerns no shopper is left out."""
    if not events:
        return []
    named = [(each, each.type, TRIGGERS[each.type].names(each.event)) for each in events]
    orders = orders_of_parcels({who.parcel_id for _, _, who in named if who.parcel_id and not who.order_id})
    wanted = {order_id for _, _, who in named for order_id in _orders(who, orders)}
    owners = owners_of_orders(wanted) if wanted else {}
    heard = []
    for published, name, who in named:
        order_ids = _orders(who, orders)
        order_id = order_ids[0] if order_ids else None
        shopper_id = who.shopper_id or (owners.get(order_id) if order_id else None)
        if shopper_id is None:
            continue
        moment = TRIGGERS[name].happened(published.event)
        fields = plain(asdict(published.event))
        heard.append(
            Heard(
                id=published.id,
                type=name,
                subject=Subject(shopper_id=shopper_id, order_id=order_id, parcel_id=who.parcel_id),
                fields={key: fields[key] for key in {*TRIGGERS[name].fields, *_ASKED} & fields.keys()},
                at=moment or published.occurred_at,
            )
        )
    return heard


#: What conditions may ask of an event beside what `having` may (`segments.fields`).
_ASKED = ("milestone", "previous", "first_time", "kind", "cause", "by_a_person", "changed")


def _orders(who: Named, found: dict[UUID, tuple[UUID, ...]]) -> tuple[UUID, ...]:
    if who.order_id:
        return (who.order_id,)
    return found.get(who.parcel_id, ()) if who.parcel_id else ()


def _remembered(rules: dict[UUID, Rule]) -> set[UUID]:
    """Return the journeys of which also those are looked at who are through: for goals, and for entering again."""
    return {rule.id for rule in rules.values() if rule.plan.goal or rule.plan.again_after is not None}
