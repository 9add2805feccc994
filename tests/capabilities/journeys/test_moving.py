"""People move through journeys: in, on, out, and never twice."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date, timedelta
from typing import Any

import pytest

from aftermile.capabilities.journeys.models import Version
from aftermile.capabilities.journeys.operations.follow_shoppers import end_runs_of, follow_merged_shopper
from aftermile.capabilities.journeys.public import (
    DefinitionUnreadable,
    JourneyNotFound,
    RunNotFound,
    State,
    export_runs,
    figures,
    hear_events,
    list_journeys,
    list_runs,
    move_journey,
    open_tasks,
    publish_draft,
    run_of,
    save_draft,
    story_of,
)
from aftermile.capabilities.messaging.public import Status
from aftermile.capabilities.orders.public import labels_of_orders
from aftermile.connectors.contracts.facts import OrderState
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.events import latest_position, read
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.journeys.stories import BY, Shop, message, placed, reaches

pytestmark = pytest.mark.django_db


def test_an_order_is_thanked_for_once(shop: Shop) -> None:
    shop.journey(placed(message("confirmation")))
    order_id = shop.order()
    shop.hear()
    (said,) = shop.messages()
    assert (said.touchpoint, said.status, said.order_id) == ("confirmation", Status.PLANNED, order_id)
    assert said.cause["because"] == "an order is placed"
    assert shop.states() == ["done"]


def test_six_times_the_same_event_lets_in_once(shop: Shop) -> None:
    """Row 10 of the failures of others: a journey meant for once was entered five times."""
    shop.journey(placed(message("confirmation")))
    shop.order()
    with merchant_scope(shop.merchant.id):
        happened = read(after=0, up_to=latest_position())
    for _ in range(6):
        with merchant_scope(shop.merchant.id):
            hear_events(events=happened, at=shop.at)
    with merchant_scope(shop.merchant.id):
        hear_events(events=happened * 6, at=shop.at)
    assert shop.said() == ["confirmation"]
    assert shop.states() == ["done"]


def test_history_that_is_only_told_now_is_not_written_about(shop: Shop) -> None:
    shop.journey(placed(message("confirmation")))
    shop.order("old", placed_at=shop.at - timedelta(days=30))
    shop.order("new")
    shop.hear()
    (said,) = shop.messages()
    assert said.cause["conditions"] == []
    assert len(shop.states()) == 1


def test_what_happened_before_it_was_switched_on_lets_nobody_in(shop: Shop) -> None:
    shop.order("before")
    shop.at += timedelta(hours=1)
    shop.journey(placed(message("confirmation")))
    shop.order("after")
    shop.hear()
    assert len(shop.messages()) == 1


@pytest.mark.parametrize(("total_minor", "said"), [(9_900, []), (10_100, ["confirmation"])])
def test_conditions_decide_who_enters(shop: Shop, total_minor: int, said: list[str]) -> None:
    shop.journey(
        placed(message("confirmation"), entry={"field": "order.total", "is": "more_than", "value": 100})
    )
    shop.order(total_minor=total_minor)
    shop.hear()
    assert shop.said() == said


def test_a_wait_is_over_at_the_shoppers_time_of_day(shop: Shop) -> None:
    shop.journey(
        placed({"id": "morning", "do": "wait", "hours": 12, "until_time": "10:00"}, message("confirmation"))
    )
    shop.order()
    shop.hear()
    with merchant_scope(shop.merchant.id):
        (run,) = list_runs()
    # One in the afternoon and twelve hours is one at night; ten in the morning in Berlin is nine in UTC.
    assert run.wake_at == (shop.at + timedelta(days=1)).replace(hour=9)
    shop.later(hours=20)
    assert shop.said() == []
    shop.later(hours=1)
    assert shop.said() == ["confirmation"]


def test_business_days_are_the_shops(shop: Shop) -> None:
    shop.journey(placed({"id": "days", "do": "wait", "business_days": 5}, message("confirmation")))
    shop.order()
    shop.hear()
    with merchant_scope(shop.merchant.id):
        (run,) = list_runs()
    assert run.wake_at == shop.at + timedelta(days=7)


def test_waiting_for_an_event_ends_with_it(shop: Shop) -> None:
    shop.journey(
        placed(
            {
                "id": "arrival",
                "do": "wait_until",
                **reaches("delivered"),
                "at_most_days": 10,
                "otherwise": [{"id": "ask", "do": "task", "title": "Where is it?"}],
            },
            message("delivered"),
        )
    )
    for name in ("1", "2"):
        shop.order(name)
        shop.ship(name, f"1Z{name}")
    shop.hear()
    shop.at += timedelta(days=2)
    shop.scan("1Z1", SubStatus.DELIVERED)
    shop.hear()
    assert len(shop.messages()) == 1
    shop.later(days=8)
    with merchant_scope(shop.merchant.id):
        (task,) = open_tasks()
    assert task.title == "Where is it?"
    assert len(shop.messages()) == 2


def test_what_happened_before_the_step_is_reached_counts(shop: Shop) -> None:
    shop.journey(
        placed(
            {"id": "day", "do": "wait", "days": 3},
            {"id": "arrival", "do": "wait_until", **reaches("delivered"), "at_most_days": 10},
            message("delivered"),
        )
    )
    shop.order()
    shop.ship("1", "1Z1")
    shop.hear()
    shop.at += timedelta(days=1)
    shop.scan("1Z1", SubStatus.DELIVERED)
    shop.hear()
    assert shop.said() == []
    shop.later(days=2)
    assert shop.said() == ["delivered"]


def test_another_order_of_the_same_shopper_is_another_matter(shop: Shop) -> None:
    shop.journey(
        placed(
            {"id": "arrival", "do": "wait_until", **reaches("delivered"), "at_most_days": 10},
            message("delivered"),
        )
    )
    for name in ("1", "2"):
        shop.order(name)
        shop.ship(name, f"1Z{name}")
    shop.hear()
    shop.scan("1Z2", SubStatus.DELIVERED)
    shop.hear()
    assert sorted(shop.states()) == ["done", "waiting"]


def test_an_exit_takes_out_at_once(shop: Shop) -> None:
    shop.journey(
        placed(
            {"id": "days", "do": "wait", "days": 2}, message("check_in"), exits=[{"event": "order.cancelled"}]
        )
    )
    shop.order()
    shop.hear()
    shop.at += timedelta(hours=1)
    shop.order(state=OrderState.CANCELLED)
    shop.hear()
    assert shop.states() == ["left"]
    shop.later(days=3)
    assert shop.said() == []


def test_a_branch_looks_at_things_as_they_are_then(shop: Shop) -> None:
    late = {"field": "order.days_late", "is": "at_least", "value": 2}
    shop.journey(
        placed(
            {"id": "days", "do": "wait", "days": 5},
            {"id": "late", "do": "branch", "if": late, "then": [message("delayed", "sorry")], "else": []},
            {"id": "mark", "do": "tag", "label": "watched"},
        )
    )
    first = shop.order("1", promised=date(2026, 3, 4))
    second = shop.order("2", promised=date(2026, 3, 30))
    shop.hear()
    shop.later(days=5)
    (said,) = shop.messages()
    assert (said.touchpoint, said.order_id) == ("delayed", first)
    with merchant_scope(shop.merchant.id):
        assert labels_of_orders([first, second]) == {first: ("watched",), second: ("watched",)}


def test_a_parcel_journey_is_entered_once_per_parcel(shop: Shop) -> None:
    shop.journey({"trigger": reaches("in_transit"), "per": "parcel", "steps": [message("dispatched")]})
    shop.order()
    shop.ship("1", "1ZA", "1ZB")
    for _ in range(2):
        for number in ("1ZA", "1ZB"):
            shop.scan(number, SubStatus.IN_TRANSIT)
            shop.scan(number, SubStatus.ATTEMPT_FAILED)
        shop.at += timedelta(hours=1)
    shop.hear()
    assert shop.said() == ["dispatched", "dispatched"]


def test_again_after_a_time(shop: Shop) -> None:
    shop.journey(placed(message("founders_note"), per="shopper", again_after_days=30))
    for number, days in enumerate((0, 10, 35)):
        shop.at += timedelta(days=days)
        shop.order(str(number))
        shop.hear()
    assert shop.said() == ["founders_note", "founders_note"]


def test_held_out_shoppers_are_told_nothing_and_their_goal_counts(shop: Shop) -> None:
    journey_id = shop.journey(
        placed(
            message("founders_note"),
            per="shopper",
            hold_out_percent=50,
            goal={"event": "order.placed", "within_days": 30},
        )
    )
    for number in range(40):
        shop.order(str(number), shopper=f"shopper{number}")
    shop.hear()
    shop.at += timedelta(days=1)
    for number in range(40):
        shop.order(f"again{number}", shopper=f"shopper{number}")
    shop.hear()
    with merchant_scope(shop.merchant.id):
        counted = figures([journey_id])[journey_id]
    assert counted.entered == 40
    assert 8 < counted.held_out < 32
    assert len(shop.messages()) == 40 - counted.held_out
    assert counted.lift is not None
    assert (counted.lift.told_rate, counted.lift.held_out_rate) == (1.0, 1.0)
    assert counted.lift.lowest < 0 < counted.lift.highest


def test_a_pause_holds_everybody_and_a_drain_lets_them_finish(shop: Shop) -> None:
    journey_id = shop.journey(placed({"id": "days", "do": "wait", "days": 1}, message("confirmation")))
    shop.order("1")
    shop.hear()
    move(shop, journey_id, State.PAUSED)
    shop.order("2")
    shop.later(days=2)
    assert (shop.said(), shop.states()) == ([], ["waiting"])
    move(shop, journey_id, State.DRAINING)
    shop.order("3")
    shop.later(minutes=1)
    assert (shop.said(), shop.states()) == (["confirmation"], ["done"])


def test_what_happens_during_a_pause_counts_when_it_is_over(shop: Shop) -> None:
    arrival = {"id": "arrival", "do": "wait_until", **reaches("delivered"), "at_most_days": 10}
    journey_id = shop.journey(placed(arrival, message("delivered"), exits=[{"event": "order.cancelled"}]))
    for name in ("1", "2", "3"):
        shop.order(name)
        shop.ship(name, f"1Z{name}")
    shop.hear()
    move(shop, journey_id, State.PAUSED)
    shop.scan("1Z1", SubStatus.DELIVERED)
    shop.at += timedelta(hours=1)
    shop.order("2", state=OrderState.CANCELLED)
    shop.later(days=1)
    assert (shop.said(), shop.states()) == ([], ["waiting"] * 3)
    move(shop, journey_id, State.LIVE)
    shop.later(minutes=1)
    assert (shop.said(), shop.states()) == (["delivered"], ["done", "left", "waiting"])


def test_a_journey_that_can_no_longer_be_read_rests_and_the_others_go_on(
    shop: Shop, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message of the shop's own was put away, and a process that never met the journey reads it."""
    broken = shop.journey(placed({"id": "days", "do": "wait", "days": 1}, message("check_in")), name="Broken")
    shop.journey(placed(message("confirmation")))
    shop.order("1")
    shop.hear()
    with merchant_scope(shop.merchant.id):
        gone = placed({"id": "days", "do": "wait", "days": 1}, message("gone"))
        Version.rows().filter(journey_id=broken).update(definition=gone)
    monkeypatch.setattr("aftermile.capabilities.journeys.rules._kept", OrderedDict())
    shop.order("2")
    shop.hear()
    assert shop.said() == ["confirmation", "confirmation"]
    shop.later(days=2)
    assert sorted(shop.states()) == ["done", "done", "waiting"]
    assert "rests" in caplog.text
    move(shop, broken, State.PAUSED)
    with pytest.raises(DefinitionUnreadable):
        move(shop, broken, State.LIVE)


def test_a_stop_takes_everybody_out(shop: Shop) -> None:
    journey_id = shop.journey(placed({"id": "days", "do": "wait", "days": 1}, message("confirmation")))
    shop.order("1")
    shop.hear()
    move(shop, journey_id, State.STOPPED)
    shop.later(days=2)
    assert (shop.said(), shop.states()) == ([], ["left"])


@pytest.mark.parametrize("stops", [True, False])
def test_what_was_to_go_out_in_the_morning_is_taken_back(shop: Shop, stops: bool) -> None:
    journey_id = shop.journey(
        placed(
            message("founders_note"),
            {"id": "days", "do": "wait", "days": 2},
            exits=[{"event": "order.cancelled"}],
        )
    )
    shop.at = shop.at.replace(hour=22)
    shop.order("1")
    shop.order("2", shopper="omar")
    shop.hear()
    assert [each.status for each in shop.messages()] == [Status.PLANNED] * 2
    if stops:
        move(shop, journey_id, State.STOPPED)
    else:
        shop.at += timedelta(hours=1)
        shop.order("1", state=OrderState.CANCELLED)
        shop.hear()
    statuses = [each.status for each in shop.messages()]
    assert statuses == [Status.CANCELLED, Status.CANCELLED if stops else Status.PLANNED]


@pytest.mark.parametrize(("moves", "said"), [(False, "confirmation"), (True, "check_in")])
def test_those_under_way_finish_on_theirs_or_move(shop: Shop, moves: bool, said: str) -> None:
    wait = {"id": "days", "do": "wait", "days": 1}
    journey_id = shop.journey(placed(wait, message("confirmation")))
    shop.order("1")
    shop.hear()
    with merchant_scope(shop.merchant.id):
        save_draft(journey_id=journey_id, definition=placed(wait, message("check_in")), by=BY, at=shop.at)
        publish_draft(journey_id=journey_id, move_under_way=moves, by=BY, at=shop.at)
    shop.later(days=1)
    assert shop.said() == [said]


def test_a_runs_story_says_what_was_asked_and_found(shop: Shop) -> None:
    shop.journey(
        placed(
            {
                "id": "much",
                "do": "branch",
                "if": {"field": "order.total", "is": "more_than", "value": 20},
                "then": [message("founders_note")],
            }
        )
    )
    shop.order(total_minor=4990)
    shop.hear()
    with merchant_scope(shop.merchant.id):
        (run,) = list_runs()
        story = story_of(run.id)
    assert [(each.step, each.what) for each in story] == [("much", "holds"), ("tell", "asked"), ("", "done")]
    assert story[0].detail["answers"] == [
        {"words": "the order's total: more than 20", "found": 49.9, "passed": True}
    ]


def move(shop: Shop, journey_id: Any, to: State) -> None:
    with merchant_scope(shop.merchant.id):
        move_journey(journey_id=journey_id, to=to, by=BY, at=shop.at)


def test_an_erased_shopper_is_taken_out_and_forgotten(shop: Shop) -> None:
    shop.journey(
        placed(
            {
                "id": "much",
                "do": "branch",
                "if": {"field": "shopper.country", "is": "is", "value": "DE"},
                "then": [{"id": "days", "do": "wait", "days": 2}, message("check_in")],
            },
            entry={"field": "shopper.country", "is": "is", "value": "DE"},
        )
    )
    shop.order()
    shop.hear()
    with merchant_scope(shop.merchant.id):
        (run,) = list_runs()
        (told,) = export_runs(shopper_id=run.shopper_id)
        assert (told["because"], [each["what"] for each in told["story"]]) == (
            "an order is placed",
            ["holds", "waits"],
        )
        assert end_runs_of(shopper_ids=[run.shopper_id], at=shop.at) == 1
        assert end_runs_of(shopper_ids=[run.shopper_id], at=shop.at) == 0
        (run,) = list_runs()
        assert (run.state, run.ended_for, run.cause) == ("left", "erased", {})
        assert [each.detail for each in story_of(run.id)] == [{}, {}]
    shop.later(days=3)
    assert shop.said() == []


def test_a_merged_shoppers_runs_follow(shop: Shop) -> None:
    shop.journey(placed({"id": "days", "do": "wait", "days": 2}, message("check_in")))
    shop.order("1", shopper="nadia")
    shop.order("2", shopper="omar")
    shop.hear()
    with merchant_scope(shop.merchant.id):
        omar, nadia = list_runs()
        follow_merged_shopper(shopper_id=nadia.shopper_id, merged_id=omar.shopper_id)
        assert {each.shopper_id for each in list_runs()} == {nadia.shopper_id}


def test_another_shops_journeys_are_not_seen(shop: Shop, other_merchant: Any) -> None:
    journey_id = shop.journey(placed(message("confirmation")))
    shop.order()
    shop.hear()
    with merchant_scope(shop.merchant.id):
        (run,) = list_runs()
    with merchant_scope(other_merchant.id):
        assert (list_journeys(), list_runs(), open_tasks()) == ([], [], [])
        with pytest.raises(JourneyNotFound):
            move_journey(journey_id=journey_id, to=State.STOPPED, by=BY, at=shop.at)
        with pytest.raises(RunNotFound):
            run_of(run.id)
        assert (story_of(run.id), figures([journey_id])[journey_id].entered) == ([], 0)
