"""The simulator: the same for the same seed, and its cast shows what it should whenever it is started."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile

import pytest

from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.connectors.registry import carrier_of
from aftermile.project.demo.happenings import What, happenings, happenings_of
from aftermile.project.demo.lanes import SERVICES
from aftermile.project.demo.places import COUNTRIES, calendar
from aftermile.project.demo.routes import Story
from aftermile.project.demo.tales import TALES
from aftermile.project.demo.world import CAST, LIVE_EVERY, Order, World

START = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)

OUTCOMES = {
    Story.LATE: SubStatus.DELIVERED,
    Story.MISSED: SubStatus.DELIVERED,
    Story.CUSTOMS: SubStatus.DELIVERED,
    Story.WEATHER: SubStatus.DELIVERED,
    Story.DAMAGED: SubStatus.DAMAGED,
    Story.SILENT: None,
    Story.NEIGHBOR: SubStatus.LEFT_WITH_NEIGHBOR,
    Story.PICKUP_POINT: SubStatus.PICKED_UP_BY_SHOPPER,
    Story.LOST: SubStatus.LOST,
    Story.REFUSED: SubStatus.RETURNED,
    Story.RETURNED: SubStatus.RETURNED,
}


def test_the_same_seed_makes_the_same_world() -> None:
    assert list(World(7, START).history()) == list(World(7, START).history())
    assert World(7, START).order(40) != World(8, START).order(40)


def test_a_later_start_moves_the_cast_by_as_much() -> None:
    """Between two starts of one time zone's summer nothing of it but the moments differs."""
    day = timedelta(days=1)
    before, after = World(7, START).order(4), World(7, START + day).order(4)
    assert after.placed_at - before.placed_at == day
    assert [scan.at - day for scan in after.parcels[0].scans] == [scan.at for scan in before.parcels[0].scans]


def test_five_hundred_orders_in_sixty_days_each_there_once() -> None:
    world = World(7, START)
    orders = list(world.history())
    numbers = [parcel.tracking_number for order in orders for parcel in order.parcels]
    assert len({order.number for order in orders}) == len(orders) == 500
    assert Counter(numbers).most_common(1)[0][1] == 1
    assert {order.story for order in orders} == set(Story)
    assert all(world.begins_at <= order.placed_at < START for order in orders)


def test_people_of_every_country_and_many_who_come_again() -> None:
    orders = list(World(2026, START).history())
    shoppers = Counter(order.shopper.number for order in orders)
    assert {order.shopper.country for order in orders} == set(COUNTRIES)
    assert sum(count > 1 for count in shoppers.values()) >= 100
    assert {order.shopper.language[:2] for order in orders} == {
        "ar", "da", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "sv",
    }  # fmt: skip


def test_twenty_services_of_fifteen_carriers_are_used() -> None:
    parcels = [parcel for order in World(2026, START).history() for parcel in order.parcels]
    assert {parcel.lane.service for parcel in parcels} == set(SERVICES)
    assert len(SERVICES) == 20
    assert len({carrier_of(parcel.lane.carrier.name) for parcel in parcels}) == 15


def test_each_story_ends_as_its_name_says() -> None:
    for order in World(3, START, count=300, cast=()).history():
        usual = {
            SubStatus.PICKED_UP_BY_SHOPPER if parcel.lane.is_collected else SubStatus.DELIVERED
            for parcel in order.parcels
        }
        expected = {OUTCOMES[order.story]} if order.story in OUTCOMES else usual
        assert {parcel.outcome for parcel in order.parcels} == (expected if order.parcels else set())


def test_orders_leave_on_working_days_and_arrive_on_delivery_days() -> None:
    workdays = calendar("DE")
    for order in World(5, START, count=300, cast=()).history():
        for parcel in order.parcels:
            second_of_two = order.story is Story.SPLIT and parcel is not order.parcels[0]
            assert second_of_two or workdays.is_business_day(parcel.packed_at.date())
            for scan in parcel.scans:
                assert scan.sub_status is not SubStatus.OUT_FOR_DELIVERY or scan.at.weekday() != 6


def test_most_promises_are_kept() -> None:
    kept: Counter[bool] = Counter()
    for order in World(2026, START).history():
        latest = order.promised.latest_date
        assert latest is not None
        for parcel in order.parcels:
            if parcel.outcome is SubStatus.DELIVERED:
                kept[parcel.scans[-1].at.date() <= latest] += 1
    assert 0.8 < kept[True] / kept.total() < 0.95


def test_money_is_given_back_where_goods_did_not_come_or_came_back() -> None:
    orders = list(World(2026, START).history())
    refunded = {order.story for order in orders if order.refunds}
    assert refunded == {Story.LOST, Story.DAMAGED, Story.REFUSED, Story.RETURNED, Story.ON_TIME}
    partly = [order for order in orders if order.story is Story.ON_TIME and order.refunds]
    assert 5 < len(partly) < 60
    assert all(order.refunds[0].lines == order.lines[:1] for order in partly)


def test_scans_are_in_the_order_of_their_moments() -> None:
    for order in World(5, START, count=300, cast=()).history():
        for parcel in order.parcels:
            moments = [scan.at for scan in parcel.scans]
            assert moments == sorted(moments)
            assert order.placed_at < parcel.packed_at
            assert not moments or parcel.packed_at <= moments[0] + timedelta(minutes=1)


def test_nobody_in_it_can_be_reached() -> None:
    for order in World(7, START).history():
        assert order.shopper.email.endswith(".example")
        assert order.shopper.email.isascii()
        assert (
            order.shopper.phone.startswith(
                (
                    "+49 30 23125 ",
                    "+33 1 99 00 ",
                    "+44 7700 900",
                    "+46 70 174 06 ",
                    "+1 202 555 01",
                    "+1 613 555 01",
                )
            )
            or not order.shopper.phone
        )


def test_the_shop_goes_on_after_the_start() -> None:
    live = list(islice(World(7, START).orders(), 500, 504))
    gaps = [order.placed_at - START for order in live]
    assert all(
        (place - 1) * LIVE_EVERY < gap <= place * LIVE_EVERY for place, gap in enumerate(gaps, start=1)
    )


def test_what_arrives_arrives_in_order_and_not_before_it_happened() -> None:
    arriving = list(islice(happenings(World(7, START).orders()), 3000))
    moments = [each.arrives_at for each in arriving]
    assert moments == sorted(moments)
    assert all(each.arrives_at > each.at for each in arriving)


def test_disorder_means_backwards_and_twice() -> None:
    orders = {order.index: order for order in World(7, START).history()}
    backwards = [each.what for each in happenings_of(orders[3])[:7]]
    assert backwards[-1] is What.PLACED
    assert backwards.index(What.SCANNED) < backwards.index(What.SHIPPED) < backwards.index(What.PLACED)
    doubled = [each.copy for each in happenings_of(orders[1])]
    assert doubled == [0, 1] * (len(doubled) // 2)


def known(order: Order, moment: datetime) -> list[list[SubStatus | None]]:
    """The sub-statuses of each parcel that have been reported by a moment."""
    return [
        [scan.sub_status for scan in takewhile(lambda scan: scan.at <= moment, parcel.scans)]
        for parcel in order.parcels
    ]


def newest(order: Order, moment: datetime) -> list[Milestone | None]:
    told = [[sub for sub in scans if sub] for scans in known(order, moment)]
    return [scans[-1].milestone if scans else None for scans in told]


SHOWN = {
    "On time": [Milestone.IN_TRANSIT],
    "Out for delivery": [Milestone.OUT_FOR_DELIVERY],
    "Late": [Milestone.EXCEPTION],
    "Lost": [Milestone.EXCEPTION],
    "Split into two parcels": [Milestone.DELIVERED, Milestone.IN_TRANSIT],
    "Refused": [Milestone.EXCEPTION],
    "Returned to sender": [Milestone.RETURNED],
    "Delivered to a neighbor": [Milestone.DELIVERED],
    "Held at customs": [Milestone.EXCEPTION],
    "Waiting at a pick-up point": [Milestone.AVAILABLE_FOR_PICKUP],
    "Cancelled": [],
    "Just ordered": [None],
    "Held up by a storm": [Milestone.EXCEPTION],
    "Damaged on the way": [Milestone.EXCEPTION],
    "Packed, and never scanned": [None],
}


def test_no_two_of_the_cast_begin_with_the_same_product() -> None:
    world = World(2026, START)
    first = [world.order(index).lines[0].product.slug for index in range(len(CAST))]
    assert len(set(first)) == len(CAST)


@pytest.mark.parametrize("hour", range(24))
def test_the_cast_shows_its_stories_at_whatever_hour_it_is_started(hour: int) -> None:
    for seed in (2026, hour):
        start = datetime(2026, 11, 2 + hour % 7, hour, 17, tzinfo=UTC)
        world = World(seed, start)
        shown = {role.title: newest(world.order(index), start) for index, role in enumerate(CAST)}
        # The second of two parcels may still wait for the carrier's van.
        if shown["Split into two parcels"][1] is Milestone.INFO_RECEIVED:
            shown["Split into two parcels"][1] = Milestone.IN_TRANSIT
        assert shown == SHOWN


def test_each_of_the_cast_has_its_sentence() -> None:
    assert set(TALES) == {role.title for role in CAST}
