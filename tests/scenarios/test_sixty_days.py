"""Sixty days of the demo shop with the standard set switched on, untouched: the right letters, and not one too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from aftermile.capabilities.exceptions.public import ExceptionOpened, ExceptionResolved
from aftermile.capabilities.journeys.models import Run
from aftermile.capabilities.journeys.public import RunState, switch_on_standard
from aftermile.capabilities.messaging.models import Message
from aftermile.capabilities.messaging.public import (
    MessagingSettings,
    Mood,
    Purpose,
    Status,
    zones_of,
)
from aftermile.capabilities.orders.public import orders, owners_of_orders
from aftermile.capabilities.shipments.public import MilestoneReached, orders_of_parcels
from aftermile.capabilities.shoppers.public import shoppers
from aftermile.kernel.events import Published, read
from aftermile.kernel.tenancy import merchant_scope
from tests.scenarios.sixty_days import STRIDE, Life

# All seeds are lived before the first test, which takes a busy machine minutes.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
SEEDS = range(200)
#: Which letter a parcel's milestone brings, once.
OF_MILESTONE = {
    "in_transit": "dispatched",
    "out_for_delivery": "out_for_delivery",
    "delivered": "delivered",
    "available_for_pickup": "available_for_pickup",
    "returning": "returning",
}


@pytest.fixture(scope="module")
def lived(django_db_setup: Any, django_db_blocker: Any) -> Any:
    """All seeds, lived once for all tests of this file."""
    from django.db import transaction

    from aftermile.kernel.models import Merchant
    from aftermile.kernel.tenancy import operator_scope

    with django_db_blocker.unblock(), transaction.atomic():
        with operator_scope():
            merchant = Merchant.objects.create(
                name="Sixty Days", time_zone="Europe/Berlin", currency="EUR", created_at=START
            )
        life = Life(merchant, SEEDS, START)
        with merchant_scope(merchant.id):
            switch_on_standard(by="staff:usr_nadia", at=life.at)
        life.live()
        with merchant_scope(merchant.id):
            yield Lived(life)
        transaction.set_rollback(True)


class Lived:
    """What there is when all is over."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.messages = list(Message.rows().order_by("created_at", "id"))
        self.sent = [each for each in self.messages if each.status == Status.TAKEN]
        self.log = _log()
        known = shoppers(set(life.shoppers.values()))
        self.zones = zones_of({view.id: view.country for view in known.values()})
        self.trouble = _trouble(self.log)

    def first_order_at(self, shopper_id: UUID) -> datetime:
        return min(each.created_at for each in self.messages if each.shopper_id == shopper_id)

    def of(self, shopper_id: UUID, purposes: Iterable[Purpose]) -> list[Message]:
        wanted = {each.value for each in purposes}
        return [each for each in self.sent if each.shopper_id == shopper_id and each.purpose in wanted]


def test_there_was_something_to_look_at(lived: Lived) -> None:
    said = Counter(each.touchpoint for each in lived.sent)
    assert len(lived.life.shoppers) == 2 * len(SEEDS)
    assert len(lived.sent) > 3_000
    for touchpoint in (
        *(
            "confirmation",
            "founders_note",
            "dispatched",
            "out_for_delivery",
            "delivered",
            "available_for_pickup",
        ),
        *("attempt_failed", "delayed", "problem", "returning", "check_in", "birthday"),
    ):
        assert said[touchpoint] > 0, touchpoint
    withheld = Counter(each.withheld_for for each in lived.messages if each.status == Status.WITHHELD)
    assert {"silence", "consent"} <= withheld.keys()


def test_every_order_and_milestone_has_its_letter_once(lived: Lived) -> None:
    """Counted anew from the log, beside the journeys."""
    expected: Counter[tuple[str, UUID | None, UUID | None]] = Counter()
    placed = [each.event.order_id for each in lived.log if each.type == "order.placed"]
    expected.update(("confirmation", order_id, None) for order_id in placed)
    reached = {
        (each.event.parcel_id, each.event.milestone)
        for each in lived.log
        if isinstance(each.event, MilestoneReached) and each.event.milestone in OF_MILESTONE
    }
    order_of = orders_of_parcels({parcel_id for parcel_id, _ in reached})
    expected.update((OF_MILESTONE[name], order_of[parcel][0], parcel) for parcel, name in reached)
    got = Counter(
        (each.touchpoint, each.order_id, each.parcel_id)
        for each in lived.messages
        if each.touchpoint in {"confirmation", *OF_MILESTONE.values()}
    )
    assert got == expected
    assert set(got.values()) == {1}


def test_a_shoppers_letters_come_in_the_right_order(lived: Lived) -> None:
    """What is said of one parcel, and what follows it, is said in the order in which it happens."""
    place = {
        name: number
        for number, name in enumerate(
            ("confirmation", "dispatched", "out_for_delivery", "delivered", "care_tips", "check_in")
        )
    }
    of_orders: dict[UUID, list[Message]] = {}
    for each in sorted(lived.sent, key=lambda sent: (sent.taken_at or START, sent.id)):
        if each.order_id and each.touchpoint in place:
            of_orders.setdefault(each.order_id, []).append(each)
    found = orders(of_orders.keys())
    looked_at = 0
    for order_id, letters in of_orders.items():
        parcels = {each.parcel_id for each in letters if each.parcel_id}
        assert letters[0].touchpoint == "confirmation"
        for parcel in parcels:
            places = [place[each.touchpoint] for each in letters if each.parcel_id == parcel]
            assert places == sorted(places), found[order_id].number
            looked_at += 1
        last = [place[each.touchpoint] for each in letters if not each.parcel_id]
        assert last == sorted(last)
    assert looked_at > 500


def test_none_is_said_twice(lived: Lived) -> None:
    assert max(Counter(each.once_key for each in lived.messages).values()) == 1
    for touchpoint, per in (
        ("founders_note", "shopper_id"),
        ("check_in", "order_id"),
        ("birthday", "shopper_id"),
    ):
        said = Counter(getattr(each, per) for each in lived.sent if each.touchpoint == touchpoint)
        assert set(said.values()) == {1}, touchpoint


def test_a_delay_is_told_once_a_week_at_most(lived: Lived) -> None:
    told: dict[UUID, list[datetime]] = {}
    for each in lived.messages:
        if each.touchpoint == "delayed" and each.parcel_id:
            told.setdefault(each.parcel_id, []).append(each.created_at)
    for moments in told.values():
        assert all(later - one >= timedelta(days=7) for one, later in pairwise(sorted(moments)))
    assert len(told) > 100


def test_none_in_quiet_hours_that_can_wait(lived: Lived) -> None:
    waited = 0
    for each in lived.sent:
        if each.purpose == Purpose.TRANSACTIONAL or each.mood == Mood.BAD_NEWS:
            continue
        local = each.taken_at.astimezone(lived.zones[each.shopper_id]).time()
        assert time(8) <= local < time(21), (each.touchpoint, local)
        waited += each.due_at > each.created_at
    assert waited >= 0
    zones = {lived.zones[each.shopper_id].key for each in lived.sent if each.purpose != Purpose.TRANSACTIONAL}
    assert len(zones) > 5


def test_none_over_the_cap(lived: Lived) -> None:
    days = timedelta(days=MessagingSettings().cap_days)
    for shopper_id in lived.life.shoppers.values():
        moments = sorted(
            each.taken_at
            for each in lived.of(shopper_id, (Purpose.SERVICE, Purpose.MARKETING))
            if each.taken_at
        )
        for number, moment in enumerate(moments):
            within = [each for each in moments[number:] if each < moment + days]
            assert len(within) <= MessagingSettings().cap_count


def test_none_cheerful_in_trouble(lived: Lived) -> None:
    looked_at = 0
    for each in lived.sent:
        if each.mood == Mood.CHEERFUL or each.purpose == Purpose.MARKETING:
            assert not lived.trouble.at(each.shopper_id, each.taken_at), each.touchpoint
            looked_at += 1
    assert looked_at > 100
    assert any(each.withheld_for == "silence" for each in lived.messages)


def test_none_that_was_refused_or_never_allowed(lived: Lived) -> None:
    life = lived.life
    for external_id, shopper_id in life.shoppers.items():
        person = life.person(*map(int, external_id.split("-")))
        if not person.allows_marketing:
            assert lived.of(shopper_id, [Purpose.MARKETING]) == []
        if person.refuses_at:
            late = [
                each
                for each in lived.of(shopper_id, (Purpose.SERVICE, Purpose.MARKETING))
                if each.taken_at > max(person.refuses_at, lived.first_order_at(shopper_id)) + STRIDE
            ]
            assert late == []


def test_nothing_stays_behind(lived: Lived) -> None:
    """Whatever still waits, waits for a moment to come; everything else has an end and a reason."""
    end = lived.life.at
    for each in lived.messages:
        assert each.status in (Status.TAKEN, Status.WITHHELD) or each.due_at > end, each.touchpoint
        assert bool(each.withheld_for) is (each.status == Status.WITHHELD)
        assert each.checks
        assert each.cause["because"]
    for run in Run.rows().exclude(state__in=[RunState.DONE, RunState.LEFT, RunState.HELD_OUT]):
        assert run.wake_at is not None
        assert run.wake_at > end


class Trouble:
    """When something was wrong for whom."""

    def __init__(self, spans: Mapping[UUID, Sequence[tuple[datetime, datetime | None]]]) -> None:
        self.spans = spans

    def at(self, shopper_id: UUID, moment: datetime) -> bool:
        # Opened in the same stride, after the letter was judged: it could not be known.
        return any(
            first < moment and (last is None or moment < last)
            for first, last in self.spans.get(shopper_id, ())
        )


def _log() -> list[Published]:
    found: list[Published] = []
    while portion := read(after=found[-1].position if found else 0, limit=5_000):
        found += portion
    return found


def _trouble(log: Sequence[Published]) -> Trouble:
    opened = {
        each.event.exception_id: (each.event.order_id, each.event.parcel_id, each.occurred_at)
        for each in log
        if isinstance(each.event, ExceptionOpened)
    }
    closed = {
        each.event.exception_id: each.occurred_at for each in log if isinstance(each.event, ExceptionResolved)
    }
    of_parcels = orders_of_parcels({parcel for _, parcel, _ in opened.values() if parcel})
    order_of = {
        key: order or (of_parcels[parcel][0] if parcel and of_parcels[parcel] else None)
        for key, (order, parcel, _) in opened.items()
    }
    owners = owners_of_orders({each for each in order_of.values() if each})
    spans: dict[UUID, list[tuple[datetime, datetime | None]]] = {}
    for key, (_, _, at) in opened.items():
        order_id = order_of[key]
        if order_id in owners:
            spans.setdefault(owners[order_id], []).append((at, closed.get(key)))
    return Trouble(spans)
