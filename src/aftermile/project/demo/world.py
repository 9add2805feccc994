"""A shop's orders and what becomes of them: pure, and the same for the same seed.

`World` is what the demonstration lives in: a cast of orders that each show one story at the moment of the
start, a history of some weeks, and a day that goes on without end. For loads of test data make one without
a cast: `World(seed=1, start=moment, count=100_000, days=365, cast=()).history()`.

The cast keeps to no calendar: its stories show whenever the demonstration is started, at night and on
holidays too. Everything else is packed on working days, delivered on delivery days, and meets the weather.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate
from random import Random

from aftermile.connectors.contracts.facts import PromisedWindow
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.calendars import CutOff, ready_on
from aftermile.project.demo.carriers import GLS
from aftermile.project.demo.disturbances import UNDISTURBED, Disturbances, disturbances
from aftermile.project.demo.goods import PRODUCTS, Product
from aftermile.project.demo.lanes import LANES_TO, Lane
from aftermile.project.demo.people import FIRST_BEHIND_CUSTOMS, FIRST_OF_CAST, FIRST_OF_SALE, Shopper, shopper
from aftermile.project.demo.places import WAREHOUSE, calendar
from aftermile.project.demo.routes import Scan, Story, route

#: A new order comes in this often once the demonstration runs.
LIVE_EVERY = timedelta(minutes=90)
SHIPPING_MINOR = 490
_SERIALS_PER_ORDER = 2
# Shares of a hundred orders; every story comes up in every hundred.
_SHARES = {
    Story.ON_TIME: 70, Story.LATE: 4, Story.SPLIT: 6, Story.NEIGHBOR: 4, Story.PICKUP_POINT: 3, Story.MISSED: 3,
    Story.CUSTOMS: 2, Story.CANCELLED: 2, Story.REFUSED: 1, Story.RETURNED: 2, Story.LOST: 1, Story.DAMAGED: 1,
    Story.SILENT: 1,
}  # fmt: skip
#: Of a hundred orders that came as they should, so many are given back in part.
_PARTLY_RETURNED = 6
#: Behind the cast come so many orders of a sale in Germany. All leave with the carrier's last van before the strike that
#: goes on at the start: many parcels that stand still at once.
_SALE = 24
# What the shop has packed by then, the carriers take along on the same day.
_CUT_OFF = CutOff(wall_time=time(14), time_zone="Europe/Berlin")
_WORKDAYS = replace(calendar("DE"), subdivision="SH", time_zone="Europe/Berlin")
# How many orders come in by the hour of the day, from midnight: few at night, most in the evening.
_BY_HOUR = (2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 11, 11, 12, 12, 11, 11, 12, 13, 14, 16, 17, 14, 9, 5)


@dataclass(frozen=True, slots=True)
class Role:
    """An order of the cast: placed so long before the start that its page shows its story then."""

    title: str
    story: Story
    placed_before: timedelta
    country: str = "DE"
    #: The last scan comes so long after the start, for those who want to see a page change.
    ends_after: timedelta | None = None


CAST = (
    Role("On time", Story.ON_TIME, timedelta(hours=48), country="NL"),
    Role("Out for delivery", Story.ON_TIME, timedelta(hours=80), ends_after=timedelta(minutes=4)),
    Role("Late", Story.LATE, timedelta(days=4)),
    Role("Lost", Story.LOST, timedelta(days=16)),
    Role("Split into two parcels", Story.SPLIT, timedelta(hours=114)),
    Role("Refused", Story.REFUSED, timedelta(days=5, hours=4)),
    Role("Returned to sender", Story.RETURNED, timedelta(days=14)),
    Role("Delivered to a neighbor", Story.NEIGHBOR, timedelta(days=6)),
    Role("Held at customs", Story.CUSTOMS, timedelta(days=7), country="GB"),
    Role("Waiting at a pick-up point", Story.PICKUP_POINT, timedelta(days=5)),
    Role("Cancelled", Story.CANCELLED, timedelta(days=6)),
    Role("Just ordered", Story.ON_TIME, timedelta(minutes=40), country="US"),
    Role("Held up by a storm", Story.WEATHER, timedelta(days=4)),
    Role("Damaged on the way", Story.DAMAGED, timedelta(days=4, hours=2)),
    Role("Packed, and never scanned", Story.SILENT, timedelta(days=3)),
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
    def outcome(self) -> SubStatus | None:
        """Where it ends, in our words; None when it was never scanned."""
        if not self.scans:
            return None
        last = self.scans[-1]
        assert last.sub_status is not None
        return SubStatus.RETURNED if last.is_back_at_sender else last.sub_status


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back at `at`. `came_back` tells whether the goods did, too."""

    number: int
    at: datetime
    lines: tuple[Line, ...]
    note: str
    came_back: bool

    @property
    def total_minor(self) -> int:
        return sum(line.total_minor for line in self.lines)


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
    refunds: tuple[Refund, ...]
    promised: PromisedWindow
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


@dataclass(frozen=True)
class World:
    """All orders of one seed, by their index: the cast, then the history, then what comes after the start."""

    seed: int
    start: datetime
    count: int = 500
    days: int = 60
    cast: tuple[Role, ...] = CAST
    disturbances: Disturbances = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "disturbances", disturbances(self.start))

    @cached_property
    def begins_at(self) -> datetime:
        """The moment before which nothing happens."""
        return self.start - timedelta(days=self.days, hours=1)

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
        on_sale = self._is_of_the_sale(index)
        if on_sale:
            story, buyer = Story.ON_TIME, shopper(self.seed, FIRST_OF_SALE + index, country="DE")
        else:
            buyer = self._buyer(index, story, role, dice)
        number = 5_400_000_000 + index
        lines = _lines(number, story, dice, first=PRODUCTS[7 * index % len(PRODUCTS)] if role else None)
        disorder = Disorder(doubled=index % 6 == 1, out_of_order=index % 7 == 3, odd_code=index % 11 == 5)
        lane = dice.choice([each for each in LANES_TO[buyer.country] if not role or each.carrier != GLS])
        if on_sale:
            lane = next(each for each in LANES_TO[buyer.country] if each.carrier == GLS)
        plan = _cast_plan(lane, placed_at, story, dice) if role else _plan(lane, placed_at, dice)
        parcels: tuple[Parcel, ...] = ()
        if story is not Story.CANCELLED:
            # The sale left just ahead of the storm.
            strike_alone = replace(self.disturbances, weather=())
            disturbed_by = UNDISTURBED if role else strike_alone if on_sale else self.disturbances
            parcels = _parcels(index, story, buyer, lines, plan, disorder, disturbed_by, dice)
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
            refunds=_refunds(number, story, lines, parcels, dice),
            promised=plan.promised,
            disorder=disorder,
        )

    def _placed_at(self, index: int, dice: Random) -> datetime:
        if index < len(self.cast):
            return _seconds(self.start - self.cast[index].placed_before)
        if self._is_of_the_sale(index):
            strike = self.disturbances.strikes[-1]
            leaves = _WORKDAYS.add_business_days(strike.begins.date(), -1)
            return _seconds(
                datetime.combine(leaves, time(7), WAREHOUSE.zone).astimezone(self.start.tzinfo)
                + timedelta(hours=6 * dice.random())
            )
        if index < self.count:
            share = (index - len(self.cast) + dice.random()) / (self.count - len(self.cast))
            # Nothing of the history lies within the last hour, which the cast has to itself.
            even = self.start - timedelta(hours=1) - timedelta(days=self.days) * (1 - share)
            return _seconds(min(_by_daylight(even), max(even, self.start - timedelta(hours=2))))
        return _seconds(
            self.start + (index - self.count + 1) * LIVE_EVERY - timedelta(minutes=5 * dice.random())
        )

    def _is_of_the_sale(self, index: int) -> bool:
        return bool(self.cast) and 0 <= index - len(self.cast) < _SALE

    def _buyer(self, index: int, story: Story, role: Role | None, dice: Random) -> Shopper:
        if role:
            return shopper(self.seed, FIRST_OF_CAST + index, country=role.country)
        # Three of ten come back: fewer shoppers than orders.
        known = dice.randrange(max(1, self.count * 7 // 10))
        return shopper(self.seed, known + (FIRST_BEHIND_CUSTOMS if story is Story.CUSTOMS else 0))


_HOURS_SO_FAR = tuple(accumulate(_BY_HOUR, initial=0))


def _by_daylight(even: datetime) -> datetime:
    """Move a moment within its day so that evenly spread ones come as people order; their order stays."""
    local = even.astimezone(WAREHOUSE.zone)
    midnight = datetime.combine(local.date(), time(), WAREHOUSE.zone)
    wanted = (local - midnight) / timedelta(days=1) * _HOURS_SO_FAR[-1]
    hour = next(hour for hour in range(24) if wanted <= _HOURS_SO_FAR[hour + 1] or hour == 23)
    within = min((wanted - _HOURS_SO_FAR[hour]) / _BY_HOUR[hour], 1)
    return (midnight + timedelta(hours=hour + within)).astimezone(even.tzinfo)


@lru_cache(maxsize=64)
def _hundred(seed: int, hundred: int) -> tuple[Story, ...]:
    stories = [story for story, share in _SHARES.items() for _ in range(share)]
    Random(f"{seed}/stories/{hundred}").shuffle(stories)  # noqa: S311
    return tuple(stories)


def _story(seed: int, index: int) -> Story:
    return _hundred(seed, index // 100)[index % 100]


def _lines(number: int, story: Story, dice: Random, *, first: Product | None) -> tuple[Line, ...]:
    count = 2 if story is Story.SPLIT else dice.choices((1, 2, 3), (55, 30, 15))[0]
    chosen = dice.sample(PRODUCTS, count)
    if first is not None:
        # No two of the cast begin with the same product: they are told apart by their pictures.
        chosen = [first, *(product for product in chosen if product is not first)][:count]
    return tuple(
        Line(10 * number + place, product, dice.choice(product.variants), dice.choices((1, 2), (85, 15))[0])
        for place, product in enumerate(chosen)
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """How an order is sent: when it is packed, when the van takes it, how long it takes."""

    lane: Lane
    packed_at: datetime
    begins: date
    days: int
    keeps_calendar: bool
    #: By how much the second of two parcels is slower.
    second_after: int = 1

    def day(self, count: int) -> date:
        if not self.keeps_calendar:
            return self.begins + timedelta(days=count)
        return calendar(self.lane.country, saturdays=self.lane.saturdays).add_business_days(
            self.begins, count
        )

    @property
    def promised(self) -> PromisedWindow:
        earliest, latest = self.lane.promised_days
        latest += self.second_after - 1
        return PromisedWindow(earliest_date=self.day(earliest), latest_date=self.day(latest))


def _plan(lane: Lane, placed_at: datetime, dice: Random) -> _Plan:
    begins = ready_on(placed_at, calendar=_WORKDAYS, cut_off=_CUT_OFF)
    opens = datetime.combine(begins, time(8), WAREHOUSE.zone)
    earliest = max(opens, placed_at + timedelta(minutes=45)).astimezone(WAREHOUSE.zone)
    closes = datetime.combine(begins, time(16), WAREHOUSE.zone)
    packed_at = earliest + (closes - earliest) * dice.random()
    return _Plan(lane, _seconds(packed_at), begins, lane.days_taken(dice), keeps_calendar=True)


def _cast_plan(lane: Lane, placed_at: datetime, story: Story, dice: Random) -> _Plan:
    second_after = 3 if story is Story.SPLIT else 1
    packed_at = _seconds(placed_at + timedelta(hours=dice.uniform(3, 12)))
    local = packed_at.astimezone(WAREHOUSE.zone)
    # What is packed after the carrier's van has come waits for the next day.
    begins = local.date() + timedelta(days=1 if local.hour >= 16 else 0)
    return _Plan(lane, packed_at, begins, lane.days, keeps_calendar=False, second_after=second_after)


def _parcels(
    index: int,
    story: Story,
    buyer: Shopper,
    lines: tuple[Line, ...],
    plan: _Plan,
    disorder: Disorder,
    disturbed_by: Disturbances,
    dice: Random,
) -> tuple[Parcel, ...]:
    lane = plan.lane

    def parcel(place: int, fulfilment: int, inside: tuple[Line, ...], plan: _Plan) -> Parcel:
        scans = route(
            story,
            lane,
            buyer.home,
            begins=plan.begins,
            packed_at=plan.packed_at,
            days=plan.days,
            calendar=calendar(lane.country, saturdays=lane.saturdays) if plan.keeps_calendar else None,
            odd_code=disorder.odd_code and place == 0,
            dice=dice,
        )
        number = lane.carrier.number(index * _SERIALS_PER_ORDER + place)
        scans = disturbed_by.meet(scans, lane.carrier, dice)
        return Parcel(number, lane, fulfilment, inside, plan.packed_at, scans)

    if story is not Story.SPLIT:
        return (parcel(0, 0, lines, plan),)
    first, second = lines[:1], lines[1:]
    slower = replace(plan, days=plan.days + plan.second_after)
    if index % 2:
        # One fulfilment, two numbers.
        return (parcel(0, 0, first, plan), parcel(1, 0, second, slower))
    a_day = timedelta(days=1)
    slower = replace(slower, packed_at=plan.packed_at + a_day, begins=plan.begins + a_day)
    return (parcel(0, 0, first, plan), parcel(1, 1, second, slower))


def _refunds(
    number: int, story: Story, lines: tuple[Line, ...], parcels: tuple[Parcel, ...], dice: Random
) -> tuple[Refund, ...]:
    """Give money back where goods did not come, or came back."""
    if not parcels or not parcels[-1].scans:
        return ()
    ended_at = max(parcel.scans[-1].at for parcel in parcels)
    hours, note, came_back = _GIVEN_BACK.get(story, (0, "", False))
    if hours:
        return (Refund(10 * number + 9, _seconds(ended_at + timedelta(hours=hours)), lines, note, came_back),)
    if story is Story.ON_TIME and dice.randrange(100) < _PARTLY_RETURNED:
        later = timedelta(days=dice.randrange(6, 15), hours=dice.randrange(8))
        return (
            Refund(10 * number + 9, _seconds(ended_at + later), lines[:1], "Returned by the shopper", True),
        )
    return ()


# After how many hours, why, and whether the goods came back.
_GIVEN_BACK = {
    Story.LOST: (26, "Lost on the way", False),
    Story.DAMAGED: (20, "Damaged on the way", False),
    Story.REFUSED: (30, "Refused at the door", True),
    Story.RETURNED: (30, "Returned by the carrier", True),
}


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
