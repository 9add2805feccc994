"""What carriers scan on a parcel's way, story by story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.calendars import Calendar
from aftermile.project.demo.lanes import Lane
from aftermile.project.demo.places import ORIGIN_HUB, WAREHOUSE, Place

S = SubStatus


class Story(StrEnum):
    """What becomes of an order."""

    ON_TIME = "on_time"
    LATE = "late"
    LOST = "lost"
    SPLIT = "split"
    REFUSED = "refused"
    RETURNED = "returned"
    NEIGHBOR = "neighbor"
    CUSTOMS = "customs"
    PICKUP_POINT = "pickup_point"
    MISSED = "missed"
    WEATHER = "weather"
    DAMAGED = "damaged"
    SILENT = "silent"  # sent, says the shop, and no carrier has ever scanned it
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan, at its place's local time. `sub_status` None: a code nobody has heard of yet."""

    at: datetime
    sub_status: SubStatus | None
    message: str
    place: Place
    estimate: date | None  # the carrier's day of delivery, as it says at this scan
    spot: str = ""  # a depot or shop within the place
    is_back_at_sender: bool = False


@dataclass(frozen=True, slots=True)
class _Way:
    """`days` is how long this parcel takes. Without a calendar every day is one of delivery."""

    lane: Lane
    destination: Place
    begins: date  # the day of the hand-over
    days: int
    calendar: Calendar | None
    dice: Random

    @property
    def reckoned_days(self) -> int:
        """What the carrier reckons with before it has seen the parcel: what is usual on the lane."""
        return self.days if self.calendar is None else self.lane.days

    def day(self, count: int) -> date:
        """Tell the date of a day counted from the hand-over."""
        if self.calendar is None or count <= 0:
            return self.begins + timedelta(days=count)
        return self.calendar.add_business_days(self.begins, count)

    def scan(
        self,
        day: int,
        hours: tuple[float, float],
        sub_status: SubStatus | None,
        message: str,
        place: Place,
        *,
        due: int | None,
        spot: str = "",
        is_back_at_sender: bool = False,
    ) -> Scan:
        """Make a scan on a day counted from the hand-over, between two hours of the place's clock."""
        minutes = int(self.dice.uniform(*hours) * 60)
        midnight = datetime.combine(self.day(day), time(), place.zone)
        return Scan(
            at=midnight + timedelta(minutes=minutes),
            sub_status=sub_status,
            message=message,
            place=place,
            estimate=None if due is None else self.day(due),
            spot=spot,
            is_back_at_sender=is_back_at_sender,
        )


def route(
    story: Story,
    lane: Lane,
    destination: Place,
    *,
    begins: date,
    packed_at: datetime,
    days: int,
    calendar: Calendar | None,
    odd_code: bool,
    dice: Random,
) -> tuple[Scan, ...]:
    """Write all scans of a parcel, oldest first, from the label to the end of its story.

    :param begins: the day on which the carrier's van takes it.
    :param days: what its way takes, where its story does not add to it.
    :param calendar: the delivery days of its country; None: every day is one.
    :param odd_code: put one scan in between whose code no table knows.
    """
    if story is Story.SILENT:
        return ()
    way = _Way(lane, destination, begins, days, calendar, dice)
    announced = packed_at.astimezone(WAREHOUSE.zone)
    ending = _ENDINGS.get(story, _collected if lane.is_collected else _delivered)
    scans = [
        Scan(announced, S.LABEL_CREATED, "The shipment was announced electronically", WAREHOUSE, None),
        *_to_the_hub(way, odd_code=odd_code),
        *ending(way),
    ]
    return tuple(replace(scan, at=_whole_minute(scan.at)) for scan in scans)


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _to_the_hub(way: _Way, *, odd_code: bool) -> Iterator[Scan]:
    days, due = way.days, way.reckoned_days
    yield way.scan(0, (17, 18), S.ACCEPTED, "Picked up from the sender", WAREHOUSE, due=due)
    yield way.scan(0, (20, 22.5), S.DEPARTED_FACILITY, "Left the sorting center", ORIGIN_HUB, due=due)
    if odd_code:
        yield way.scan(0, (22.6, 23.9), None, "Label applied anew", ORIGIN_HUB, due=due)
    if way.lane.has_customs:
        yield way.scan(days - 3, (9, 11), S.CUSTOMS_STARTED, "Presented to customs", way.lane.hub, due=due)


def _at_the_hub(way: _Way, day: int) -> Scan:
    hours = (4.0, 7.0) if day > 1 else (1.0, 2.5)
    message = "Arrived at the sorting center"
    return way.scan(max(day - 1, 1), hours, S.ARRIVED_AT_FACILITY, message, way.lane.hub, due=day)


def _sorted_and_on_the_van(way: _Way, day: int) -> Iterator[Scan]:
    """The last two days of an undisturbed way, up to the van."""
    hub = way.lane.hub
    if way.lane.has_customs:
        yield way.scan(day - 2, (13, 16), S.CUSTOMS_CLEARED, "Released by customs", hub, due=day)
    yield _at_the_hub(way, day)
    hours = (21.0, 23.5) if day > 1 else (3.0, 4.5)
    message = "On the way to the delivery depot"
    yield way.scan(max(day - 1, 1), hours, S.DEPARTED_FACILITY, message, hub, due=day)
    yield _on_the_van(way, day)


def _on_the_van(way: _Way, day: int) -> Scan:
    message = "Loaded onto the delivery vehicle"
    return way.scan(day, (7, 8.5), S.OUT_FOR_DELIVERY, message, way.destination, due=day)


def _delivered(way: _Way) -> Iterator[Scan]:
    day = way.days
    yield from _sorted_and_on_the_van(way, day)
    yield way.scan(day, (9.5, 17), S.DELIVERED, "Delivered", way.destination, due=day)


def _neighbor(way: _Way) -> Iterator[Scan]:
    day = way.days
    yield from _sorted_and_on_the_van(way, day)
    message = "Delivered to a neighbor"
    yield way.scan(day, (9.5, 17), S.LEFT_WITH_NEIGHBOR, message, way.destination, due=day)


def _missed(way: _Way) -> Iterator[Scan]:
    day = way.days
    yield from _sorted_and_on_the_van(way, day)
    message = "Nobody was at home; another attempt follows on the next day"
    yield way.scan(day, (10, 17), S.ADDRESSEE_UNAVAILABLE, message, way.destination, due=day + 1)
    yield _on_the_van(way, day + 1)
    yield way.scan(day + 1, (9.5, 17), S.DELIVERED, "Delivered", way.destination, due=day + 1)


def _late(way: _Way) -> Iterator[Scan]:
    day, hub = way.days, way.lane.hub
    yield _at_the_hub(way, day)
    message = "Delayed by a strike at the sorting center"
    yield way.scan(max(day - 1, 1), (18, 20), S.DELAYED, message, hub, due=day + 4)
    yield way.scan(day + 3, (5, 8), S.PROBLEM_RESOLVED, "Sorted; the journey goes on", hub, due=day + 4)
    yield _on_the_van(way, day + 4)
    yield way.scan(day + 4, (9.5, 17), S.DELIVERED, "Delivered", way.destination, due=day + 4)


def _lost(way: _Way) -> Iterator[Scan]:
    day, hub = way.days, way.lane.hub
    yield _at_the_hub(way, day)
    message = "The parcel could not be found; the search is closed"
    yield way.scan(day + 8, (10, 15), S.LOST, message, hub, due=None)


def _refused(way: _Way) -> Iterator[Scan]:
    day = way.days
    yield from _sorted_and_on_the_van(way, day)
    yield way.scan(day, (9.5, 17), S.REFUSED, "The addressee refused the parcel", way.destination, due=None)
    yield way.scan(day + 4, (9, 11), S.RETURNING, "On its way back to the sender", way.lane.hub, due=None)
    # Many carriers write the end of the way back as a plain delivery.
    yield way.scan(day + 7, (9, 11), S.DELIVERED, "Delivered", WAREHOUSE, due=None, is_back_at_sender=True)


def _returned(way: _Way) -> Iterator[Scan]:
    day = way.days
    yield from _sorted_and_on_the_van(way, day)
    message = "The address is not complete"
    yield way.scan(day, (9.5, 17), S.ADDRESS_ISSUE, message, way.destination, due=None)
    yield way.scan(day + 1, (9, 11), S.RETURNING, "Returned to the sender", way.lane.hub, due=None)
    yield way.scan(
        day + 4, (9, 11), S.RETURNED, "Handed back to the sender", WAREHOUSE, due=None, is_back_at_sender=True
    )


def _customs(way: _Way) -> Iterator[Scan]:
    day, hub = way.days, way.lane.hub
    message = "Held by customs: an invoice is needed"
    yield way.scan(day - 2, (9, 12), S.CUSTOMS_DELAY, message, hub, due=None)
    yield way.scan(day + 4, (13, 16), S.CUSTOMS_CLEARED, "Released by customs", hub, due=day + 6)
    yield way.scan(day + 5, (4, 7), S.DEPARTED_FACILITY, "Left the sorting center", hub, due=day + 6)
    yield _on_the_van(way, day + 6)
    yield way.scan(day + 6, (9.5, 17), S.DELIVERED, "Delivered", way.destination, due=day + 6)


def _weather(way: _Way) -> Iterator[Scan]:
    day, hub = way.days, way.lane.hub
    yield _at_the_hub(way, day)
    message = "Delayed by a storm: roads are closed"
    yield way.scan(max(day - 1, 1), (10, 12), S.WEATHER_DELAY, message, hub, due=day + 3)
    yield way.scan(
        day + 2, (20, 22), S.DEPARTED_FACILITY, "Roads are open again; on its way", hub, due=day + 3
    )
    yield _on_the_van(way, day + 3)
    yield way.scan(day + 3, (9.5, 17), S.DELIVERED, "Delivered", way.destination, due=day + 3)


def _damaged(way: _Way) -> Iterator[Scan]:
    day, hub = way.days, way.lane.hub
    yield _at_the_hub(way, day)
    message = "The parcel was damaged and cannot be delivered"
    yield way.scan(max(day - 1, 1), (12, 16), S.DAMAGED, message, hub, due=None)


def _collected(way: _Way) -> Iterator[Scan]:
    """A service that ends in a locker or shop by itself."""
    return _at_the_pickup_point(way, waits=way.dice.choice((0, 0, 1, 1, 2)))


def _pickup_point(way: _Way) -> Iterator[Scan]:
    return _at_the_pickup_point(way, waits=4)


def _at_the_pickup_point(way: _Way, *, waits: int) -> Iterator[Scan]:
    day, there = way.days, way.destination
    spot = _SPOTS.get(there.country, "Parcel shop, Main Square 2")
    yield _at_the_hub(way, day)
    message = "Ready for collection for seven days"
    yield way.scan(day, (9, 12), S.AVAILABLE_FOR_PICKUP, message, there, due=day, spot=spot)
    message = "Collected by the addressee"
    yield way.scan(day + waits, (14, 19), S.PICKED_UP_BY_SHOPPER, message, there, due=None, spot=spot)


_SPOTS = {
    "DE": "Parcel shop Kiosk am Eck",
    "SE": "Pick-up point Livs på Torget",
    "DK": "Parcel box, Banegårdspladsen 1",
    "PL": "Locker, Plac Centralny 4",
}
_ENDINGS: dict[Story, Callable[[_Way], Iterator[Scan]]] = {
    Story.NEIGHBOR: _neighbor,
    Story.MISSED: _missed,
    Story.LATE: _late,
    Story.LOST: _lost,
    Story.REFUSED: _refused,
    Story.RETURNED: _returned,
    Story.CUSTOMS: _customs,
    Story.PICKUP_POINT: _pickup_point,
    Story.WEATHER: _weather,
    Story.DAMAGED: _damaged,
}
