"""A shop's orders and what becomes of them: pure, and the same for the same seed.

`World` is what the demonstration lives in: a cast of orders that each show one story at the moment of the
start, a history of some weeks, and a day that goes on without end. For loads of test data make one without
a cast: `World(seed=1, start=moment, count=100_000, days=365, cast=()).history()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random

from aftermile.connectors.contracts.words import SubStatus
from aftermile.project.demo.goods import PRODUCTS, Product
from aftermile.project.demo.lanes import Lane
from aftermile.project.demo.people import Shopper, shopper
from aftermile.project.demo.routes import Scan, Story, route

#: A new order comes in this often once the demonstration runs.
LIVE_EVERY = timedelta(minutes=15)
SHIPPING_MINOR = 490
_SERIALS_PER_ORDER = 2
# Shares of a hundred orders; every story comes up in every hundred.
_SHARES = {
    Story.ON_TIME: 66, Story.LATE: 7, Story.SPLIT: 8, Story.NEIGHBOR: 4, Story.PICKUP_POINT: 4, Story.MISSED: 3,
    Story.CUSTOMS: 2, Story.CANCELLED: 2, Story.REFUSED: 1, Story.RETURNED: 2, Story.LOST: 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """An order of the cast: placed so long before the start that its page shows its story then."""

    title: str
    story: Story
    placed_before: timedelta
    #: Which of ten shoppers in a row (`people.HOMES`): where it goes.
    home: int = 0
    #: The last scan comes so long after the start, for those who want to see a page change.
    ends_after: timedelta | None = None


CAST = (
    Role("On time", Story.ON_TIME, timedelta(hours=48), home=7),
    Role("Out for delivery", Story.ON_TIME, timedelta(hours=80), ends_after=timedelta(minutes=4)),
    Role("Late", Story.LATE, timedelta(days=4)),
    Role("Lost", Story.LOST, timedelta(days=16)),
    Role("Split into two parcels", Story.SPLIT, timedelta(hours=114)),
    Role("Refused", Story.REFUSED, timedelta(days=6)),
    Role("Returned to sender", Story.RETURNED, timedelta(days=14)),
    Role("Delivered to a neighbor", Story.NEIGHBOR, timedelta(days=6)),
    Role("Held at customs", Story.CUSTOMS, timedelta(days=8), home=9),
    Role("Waiting at a pick-up point", Story.PICKUP_POINT, timedelta(days=5)),
    Role("Cancelled", Story.CANCELLED, timedelta(days=6)),
    Role("Just ordered", Story.ON_TIME, timedelta(minutes=40)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    number: int  # the shop's id
    product: Product
    variant: str
    quantity: int

    @property
    def total_minor(self) -> int:
        return self.quantity * self.product.price_minor


@dataclass(frozen=True, slots=True)
class Parcel:
    """One box. `packed_at` is when the shop hands its number out; `fulfilment` counts within the order."""

    tracking_number: str
    lane: Lane
    fulfilment: int
    lines: tuple[Line, ...]
    packed_at: datetime
    scans: tuple[Scan, ...]

    @property
    def outcome(self) -> SubStatus:
        """Where it ends, in our words."""
        last = self.scans[-1]
        assert last.sub_status is not None
        return SubStatus.RETURNED if last.is_back_at_sender else last.sub_status


@dataclass(frozen=True, slots=True)
class Disorder:
    """How an order's webhooks go wrong."""

    doubled: bool = False
    out_of_order: bool = False
    odd_code: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    index: int
    number: int  # the shop's id; the shopper sees `name`
    story: Story
    shopper: Shopper
    placed_at: datetime
    lines: tuple[Line, ...]
    parcels: tuple[Parcel, ...]
    cancelled_at: datetime | None
    disorder: Disorder

    @property
    def name(self) -> str:
        return f"#{1001 + self.index}"

    @property
    def goods_minor(self) -> int:
        return sum(line.total_minor for line in self.lines)

    @property
    def total_minor(self) -> int:
        return self.goods_minor + SHIPPING_MINOR


@dataclass(frozen=True, slots=True)
class World:
    """All orders of one seed, by their index: the cast, then the history, then what comes after the start."""

    seed: int
    start: datetime
    count: int = 120
    days: int = 30
    cast: tuple[Role, ...] = CAST

    def history(self) -> Iterator[Order]:
        """Make the cast and the history, `count` orders, as they were placed."""
        before = (self.order(index) for index in range(self.count))
        yield from sorted(before, key=lambda order: order.placed_at) if self.cast else before

    def orders(self) -> Iterator[Order]:
        """Make all orders as they are placed: the history, and after it the shop goes on without end."""
        yield from self.history()
        index = self.count
        while True:
            yield self.order(index)
            index += 1

    def order(self, index: int) -> Order:
        """Make one order, from the seed and its index alone."""
        dice = Random(f"{self.seed}/order/{index}")  # noqa: S311
        role = self.cast[index] if index < len(self.cast) else None
        story = role.story if role else _story(self.seed, index)
        placed_at = self._placed_at(index, dice)
        buyer = self._buyer(index, story, dice)
        number = 5_400_000_000 + index
        lines = _lines(number, story, dice)
        disorder = Disorder(doubled=index % 6 == 1, out_of_order=index % 7 == 3, odd_code=index % 11 == 5)
        parcels = (
            ()
            if story is Story.CANCELLED
            else _parcels(index, story, buyer, lines, placed_at, disorder, dice)
        )
        if role and role.ends_after is not None:
            parcels = (_hurried(parcels[0], self.start + role.ends_after), *parcels[1:])
        return Order(
            index=index,
            number=number,
            story=story,
            shopper=buyer,
            placed_at=placed_at,
            lines=lines,
            parcels=parcels,
            cancelled_at=placed_at + timedelta(hours=5) if story is Story.CANCELLED else None,
            disorder=disorder,
        )

    def _placed_at(self, index: int, dice: Random) -> datetime:
        if index < len(self.cast):
            return _seconds(self.start - self.cast[index].placed_before)
        if index < self.count:
            share = (index - len(self.cast) + dice.random()) / (self.count - len(self.cast))
            # Nothing of the history lies within the last hour, which the cast has to itself.
            return _seconds(self.start - timedelta(hours=1) - timedelta(days=self.days) * (1 - share))
        return _seconds(
            self.start + (index - self.count + 1) * LIVE_EVERY - timedelta(minutes=5 * dice.random())
        )

    def _buyer(self, index: int, story: Story, dice: Random) -> Shopper:
        # Three of ten come back: fewer shoppers than orders.
        tens = dice.randrange(max(1, self.count * 7 // 100))
        home = self.cast[index].home if index < len(self.cast) else dice.randrange(10)
        return shopper(self.seed, 10 * tens + (9 if story is Story.CUSTOMS else home))


@lru_cache(maxsize=64)
def _hundred(seed: int, hundred: int) -> tuple[Story, ...]:
    stories = [story for story, share in _SHARES.items() for _ in range(share)]
    Random(f"{seed}/stories/{hundred}").shuffle(stories)  # noqa: S311
    return tuple(stories)


def _story(seed: int, index: int) -> Story:
    return _hundred(seed, index // 100)[index % 100]


def _lines(number: int, story: Story, dice: Random) -> tuple[Line, ...]:
    count = 2 if story is Story.SPLIT else dice.choices((1, 2, 3), (55, 30, 15))[0]
    return tuple(
        Line(10 * number + place, product, dice.choice(product.variants), dice.choices((1, 2), (85, 15))[0])
        for place, product in enumerate(dice.sample(PRODUCTS, count))
    )


def _parcels(
    index: int,
    story: Story,
    buyer: Shopper,
    lines: tuple[Line, ...],
    placed_at: datetime,
    disorder: Disorder,
    dice: Random,
) -> tuple[Parcel, ...]:
    lane = dice.choice(buyer.lanes)
    packed_at = _seconds(placed_at + timedelta(hours=dice.uniform(3, 12)))

    def parcel(
        place: int, fulfilment: int, inside: tuple[Line, ...], way: Lane, packed_at: datetime
    ) -> Parcel:
        scans = route(
            story, way, buyer.home, packed_at=packed_at, odd_code=disorder.odd_code and place == 0, dice=dice
        )
        number = lane.carrier.number(index * _SERIALS_PER_ORDER + place)
        return Parcel(number, way, fulfilment, inside, packed_at, scans)

    if story is not Story.SPLIT:
        return (parcel(0, 0, lines, lane, packed_at),)
    first, second = lines[:1], lines[1:]
    slower = replace(lane, days=lane.days + 3)
    if index % 2:
        # One fulfilment, two numbers.
        return (parcel(0, 0, first, lane, packed_at), parcel(1, 0, second, slower, packed_at))
    later = packed_at + timedelta(days=1)
    return (parcel(0, 0, first, lane, packed_at), parcel(1, 1, second, slower, later))


def _hurried(parcel: Parcel, ends_at: datetime) -> Parcel:
    """Move the last scans of a parcel so that it ends at a moment."""
    zone = parcel.scans[-1].at.tzinfo
    hours_before = (20, 9, 3, 0)
    moved = tuple(
        replace(
            scan,
            at=(ends_at - timedelta(hours=hours)).astimezone(zone),
            estimate=ends_at.astimezone(zone).date(),
        )
        for scan, hours in zip(parcel.scans[-4:], hours_before, strict=True)
    )
    return replace(parcel, scans=(*parcel.scans[:-4], *moved))


def _seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
