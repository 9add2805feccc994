"""Definitions: what is read, what is refused with a sentence, and what it is in words."""

from __future__ import annotations

import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aftermile.capabilities.journeys.models import Journey
from aftermile.capabilities.journeys.public import (
    STANDARD,
    TRIGGERS,
    DefinitionUnreadable,
    list_journeys,
    read_definition,
    say_journey,
    switch_on_standard,
)
from aftermile.capabilities.messaging.public import touchpoints
from aftermile.capabilities.segments.public import Known, judge
from aftermile.kernel.events import outside_events
from tests.capabilities.journeys.stories import BY, NOON, message, placed, reaches

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_a_shop(in_scope: Any) -> None:
    """Touchpoints may be the shop's own."""


WAIT = {"id": "wait", "do": "wait", "days": 1}


@pytest.mark.parametrize(
    ("definition", "where"),
    [
        (None, "journey"),
        ({"trigger": {}}, "trigger"),
        ({"trigger": {"event": "moon.risen"}}, "trigger.event"),
        ({"trigger": {"event": "order.placed", "having": {"total": 1}}}, "trigger.having"),
        (placed(per="month"), "per"),
        ({"trigger": {"daily_at": "25:00"}}, "trigger.daily_at"),
        ({"trigger": {"daily_at": "10:00"}, "per": "order"}, "per"),
        ({"trigger": {"daily_at": "10:00"}, "entry": {"expression": "shopper.spent > 1"}}, "entry"),
        ({"trigger": {"daily_at": "10:00"}, "entry": {"field": "order.total", "is": "known"}}, "entry"),
        ({"trigger": {"on": "tomorrow"}}, "trigger.on"),
        ({"trigger": {"event": "message.sent"}, "per": "event"}, "per"),
        (placed(entry={"field": "order.total", "is": "known"}, surprise=1), "journey"),
        (placed(hold_out_percent=51), "hold_out_percent"),
        (placed(goal={"event": "order.placed", "within_days": 0}), "goal.within_days"),
        (placed({"do": "wait", "days": 1}), "steps[0]"),
        (placed(WAIT, WAIT), "steps[1]"),
        (placed({"id": "x", "do": "eval"}), "steps[0]"),
        (placed({"id": "x", "do": "wait"}), "steps[0]"),
        (placed({"id": "x", "do": "wait", "days": -1}), "steps[0].days"),
        (placed({"id": "x", "do": "wait", "days": 10**9}), "steps[0].days"),
        (placed({"id": "x", "do": "wait", "until_time": "10 o'clock"}), "steps[0].until_time"),
        (placed({"id": "x", "do": "wait_until"}), "steps[0]"),
        (placed({"id": "x", "do": "wait_until", "day": "order.total"}), "steps[0].day"),
        (placed(message("no_such")), "steps[0].touchpoint"),
        (placed(message("win_back", purpose="transactional")), "steps[0].purpose"),
        (placed(message("confirmation", medium="pigeon")), "steps[0].medium"),
        ({"trigger": {"by_hand": True}, "steps": [message("confirmation")]}, "steps[0].touchpoint"),
        ({"trigger": {"by_hand": True}, "steps": [{"id": "x", "do": "tag", "label": "x"}]}, "steps[0]"),
        (placed({"id": "x", "do": "split", "arms": [{"name": "a", "share": 99}]}), "steps[0].arms"),
        (placed({"id": "x", "do": "branch", "if": {"field": "x"}}), "steps[0].if"),
        (placed({"id": "x", "do": "branch"}), "steps[0].if"),
        (placed(leave_if={"all": []}), "leave_if"),
        (placed(*({"id": f"s{n}", "do": "wait", "days": 1} for n in range(101))), "steps"),
        (placed(message("confirmation", values={"x": "y" * 60_000})), "journey"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(definition: Any, where: str) -> None:
    with pytest.raises(DefinitionUnreadable) as refused:
        read_definition(definition)
    assert refused.value.details["where"] == where


def test_steps_that_nest_without_end_are_refused() -> None:
    step: dict[str, Any] = {"id": "s0", "do": "wait", "days": 1}
    for depth in range(200):
        step = {
            "id": f"b{depth}",
            "do": "branch",
            "if": {"field": "order.total", "is": "known"},
            "then": [step],
        }
    began = time.process_time()
    with pytest.raises(DefinitionUnreadable, match="part at most"):
        read_definition(placed(step))
    assert time.process_time() - began < 1


def test_every_event_of_the_feed_about_shoppers_orders_and_parcels_can_begin_a_journey() -> None:
    nobody = (  # not about anybody, or only about staff's own work
        *("product.", "inbound_record.", "webhook_endpoint.", "exception.snoozed", "exception.assigned"),
        *("exception.reopened", "shopper.merged", "shopper.erased", "privacy.", "parcel.recorded"),
        *("journey.", "segment.", "messaging.", "content.", "template.", "brand.", "connection."),
        "packing_box.",
        *("incident.",),  # about many at once: those it concerns are told one by one only when it is over
    )
    missing = [name for name in outside_events() if name not in TRIGGERS and not name.startswith(nobody)]
    assert missing == []
    assert set(TRIGGERS) <= set(outside_events())


@pytest.mark.parametrize("slug", list(STANDARD))
def test_ready_made_journeys_can_be_read_and_told(slug: str) -> None:
    plan = read_definition(STANDARD[slug].definition)
    assert plan.first
    lines = [line.words for line in say_journey(plan)]
    assert all(lines)
    assert not any("{" in line or "_" in line for line in lines), lines


def test_ready_made_journeys_say_everything_there_is_to_say() -> None:
    said = {
        step["touchpoint"]
        for each in STANDARD.values()
        for step in _steps(each.definition["steps"])
        if step["do"] == "message"
    }
    # One is said where several share a message, the other beside "it has left us" only where a shop wants both.
    assert set(touchpoints()) - said == {"split_digest", "in_transit"}


@pytest.mark.parametrize(
    ("kind", "expected_days_late", "enters"),
    [
        ("late", 0, True),
        ("stalled", None, True),
        ("delay_predicted", 2, True),
        # Likely late, but the day we tell lies within the promise: a letter would contradict the tracking page.
        ("delay_predicted", 0, False),
        ("delay_predicted", None, False),
        ("damaged", 2, False),
    ],
)
def test_a_delay_is_told_where_the_day_we_tell_lies_beyond_the_promise(
    kind: str, expected_days_late: int | None, enters: bool
) -> None:
    entry = read_definition(STANDARD["delayed"].definition).entry
    values = {"event.kind": kind, "parcel.expected_days_late": expected_days_late}
    assert judge(entry, Known(at=NOON, zone=ZoneInfo("Europe/Berlin"), values=values)).holds is enters


def test_a_journey_reads_like_a_story() -> None:
    plan = read_definition(
        {
            "trigger": reaches("delivered"),
            "entry": {"field": "shopper.orders_count", "is": "at_least", "value": 2},
            "per": "order",
            "steps": [
                {"id": "a", "do": "wait", "days": 2, "until_time": "10:00"},
                {
                    "id": "b",
                    "do": "branch",
                    "if": {"field": "order.days_late", "is": "more_than", "value": 2},
                    "then": [message("check_in", "c")],
                    "else": [{"id": "d", "do": "exit"}],
                },
                {
                    "id": "e",
                    "do": "split",
                    "arms": [
                        {"name": "early", "share": 50, "steps": [message("survey", "f")]},
                        {
                            "name": "late",
                            "share": 50,
                            "steps": [{"id": "g", "do": "wait", "business_days": 1}],
                        },
                    ],
                },
                {"id": "h", "do": "task", "title": "Call them"},
            ],
            "exits": [{"event": "order.refunded"}],
        }
    )
    assert [(line.depth, line.words) for line in say_journey(plan)] == [
        (0, "When a parcel reaches a milestone (delivered),"),
        (0, "if orders by the shopper: at least 2"),
        (0, "once per order:"),
        (0, "wait 2 days, then until 10:00"),
        (0, "if days the order is late: more than 2"),
        (1, "say \u201cIs everything as it should be?\u201d"),
        (0, "otherwise"),
        (1, "leave"),
        (0, "part by chance: 50 in 100 early, 50 in 100 late"),
        (0, "early:"),
        (1, "say \u201cOne question for you\u201d"),
        (0, "late:"),
        (1, "wait 1 business day"),
        (0, "ask the team: Call them"),
        (0, "It ends for somebody when money is given back for an order."),
    ]


def test_the_standard_set_is_switched_on_once(in_scope: Any) -> None:
    made = switch_on_standard(by=BY, at=NOON)
    recommended = [each.slug for each in STANDARD.values() if each.recommended]
    assert [each.standard for each in made] == recommended
    assert {each.state for each in list_journeys()} == {"live"}
    assert switch_on_standard(by=BY, at=NOON) == []
    assert Journey.rows().count() == len(recommended)


def _steps(steps: Any) -> Any:
    for step in steps:
        yield step
        for name in ("then", "else", "otherwise"):
            yield from _steps(step.get(name, []))
        for arm in step.get("arms", []):
            yield from _steps(arm["steps"])
