"""Time travel: a journey over days gone by, without a trace; what it says is what would have been."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.journeys.models import Run
from aftermile.capabilities.journeys.public import STANDARD, play
from aftermile.capabilities.messaging.public import Decision
from aftermile.capabilities.segments.public import refresh_profiles
from aftermile.capabilities.shoppers.public import list_shoppers
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.journeys.stories import NOON, Shop, message, placed, reaches

pytestmark = pytest.mark.django_db

JOURNEY = placed(
    {
        "id": "arrival",
        "do": "wait_until",
        **reaches("delivered"),
        "at_most_days": 5,
        "otherwise": [message("delayed", "sorry"), {"id": "out", "do": "exit", "reason": "late"}],
    },
    {"id": "days", "do": "wait", "days": 2, "until_time": "10:00"},
    message("check_in"),
)


def live_ten_days(shop: Shop) -> None:
    for number in range(6):
        shop.order(str(number), shopper=f"shopper{number % 3}")
        shop.ship(str(number), f"1Z{number}")
        shop.later(days=1)
        if number % 2 == 0:
            shop.scan(f"1Z{number}", SubStatus.DELIVERED)
            shop.hear()
    shop.later(days=4)
    for _ in range(3):
        shop.later(days=3)


def test_it_says_what_really_happens(shop: Shop) -> None:
    """The same days, once lived with the journey and once played afterwards."""
    shop.journey(JOURNEY)
    live_ten_days(shop)
    lived = [(each.shopper_id, each.touchpoint) for each in shop.messages()]
    with merchant_scope(shop.merchant.id):
        played = play(definition=JOURNEY, since=NOON - timedelta(days=1), until=shop.at)
    told = [(each.shopper_id, each.touchpoint) for each in played.messages]
    assert sorted(told) == sorted(lived)
    assert len(told) == 6
    assert played.ended == {"done": 3, "late": 3}
    assert (len(played.entered), played.waiting, played.held_out, played.cut_off) == (6, 0, 0, False)


def test_it_leaves_no_trace(shop: Shop) -> None:
    live_ten_days(shop)
    with (
        merchant_scope(shop.merchant.id),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        played = play(definition=JOURNEY, since=NOON - timedelta(days=1), until=shop.at)
        assert len(played.messages) == 6
        assert not Run.rows().exists()
    assert shop.messages() == []
    writes = [
        each["sql"]
        for each in asked
        if each["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert writes == []


def test_things_are_as_they_were_then(shop: Shop) -> None:
    """The second order of somebody is not known when the first is placed."""
    first = placed(
        message("founders_note"), entry={"field": "shopper.orders_count", "is": "equals", "value": 1}
    )
    live_ten_days(shop)
    with merchant_scope(shop.merchant.id):
        played = play(definition=first, since=NOON - timedelta(days=1), until=shop.at)
    assert len(played.entered) == 3
    assert {moment for _, _, moment in played.entered} == {NOON + timedelta(days=each) for each in range(3)}


def test_what_was_wrong_then_silences_cheer(shop: Shop) -> None:
    journey = placed({"id": "days", "do": "wait", "days": 4}, message("founders_note"))
    shop.order("late", promised=date(2026, 3, 3), shopper="omar")
    shop.ship("late", "1Zlate")
    shop.scan("1Zlate")
    shop.order("fine", promised=date(2026, 4, 30), shopper="pia")
    shop.later(days=3)
    shop.scan("1Zlate", SubStatus.DELAYED)
    shop.later(days=2)
    shop.scan("1Zlate", SubStatus.DELIVERED)
    shop.later(days=1)
    with merchant_scope(shop.merchant.id):
        played = play(definition=journey, since=NOON - timedelta(days=1), until=shop.at)
    verdicts = [(each.verdict.decision, each.verdict.reason) for each in played.messages]
    assert sorted(verdicts, key=str) == [(Decision.SEND, None), (Decision.WITHHOLD, "silence")]


def test_daily_rounds_are_played_day_by_day(shop: Shop) -> None:
    shop.order()
    shop.later(days=85)
    definition = {
        "trigger": {"daily_at": "10:00"},
        "entry": {"field": "shopper.last_order_at", "is": "days_ago", "value": 60},
        "per": "shopper",
        "again_after_days": 20,
        "steps": [message("founders_note")],
    }
    with merchant_scope(shop.merchant.id):
        refresh_profiles(shopper_ids=[each.id for each in list_shoppers()], at=shop.at)
        played = play(definition=definition, since=NOON, until=shop.at)
    # One in the afternoon in winter time; ten in the morning is eight in UTC once summer time has begun.
    assert [moment.strftime("%m-%d %H") for _, _, moment in played.entered] == ["05-02 08", "05-22 08"]


def test_the_cap_counts_what_was_played(shop: Shop) -> None:
    for number in range(6):
        shop.order(str(number))
        shop.at += timedelta(hours=1)
    shop.hear()
    journey = placed(message("founders_note"), per="event")
    with merchant_scope(shop.merchant.id):
        played = play(definition=journey, since=NOON - timedelta(days=1), until=shop.at)
    reasons = [each.verdict.reason for each in played.messages]
    assert reasons == [None, None, None, "cap", "cap", "cap"]


@pytest.mark.parametrize("slug", list(STANDARD))
def test_every_ready_made_journey_can_be_played(shop: Shop, slug: str) -> None:
    live_ten_days(shop)
    with merchant_scope(shop.merchant.id):
        played = play(definition=STANDARD[slug].definition, since=NOON - timedelta(days=1), until=shop.at)
    assert len(played.entered) == played.held_out + played.waiting + sum(played.ended.values())
