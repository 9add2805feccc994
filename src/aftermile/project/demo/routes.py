"""What carriers scan on a parcel's way, story by story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from aftermile.connectors.contracts.words import SubStatus
from aftermile.project.demo.lanes import ORIGIN_HUB, WAREHOUSE, Lane, Place

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
    lane: Lane
    destination: Place
    begins: date  # the day of the hand-over
    dice: Random

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
        midnight = datetime.combine(self.begins + timedelta(days=day), time(), place.zone)
        return Scan(
            at=midnight + timedelta(minutes=minutes),
            sub_status=sub_status,
            message=message,
            place=place,
            estimate=None if due is None else self.begins + timedelta(days=due),
            spot=spot,
            is_back_at_sender=is_back_at_sender,
        )


def route(
    story: Story, lane: Lane, destination: Place, *, packed_at: datetime, odd_code: bool, dice: Random
) -> tuple[Scan, ...]:
    """Write all scans of a parcel, oldest first, from the label to the end of its story.

    :param odd_code: put one scan in between whose code no table knows.
    """
    local = packed_at.astimezone(WAREHOUSE.zone)
    # What is packed after the carrier's van has come waits for the next day.
    begins = local.date() + timedelta(days=1 if local.hour >= 16 else 0)
    way = _Way(lane, destination, begins, dice)
    scans = [
        Scan(local, S.LABEL_CREATED, "The shipment was announced electronically", WAREHOUSE, None),
        *_to_the_hub(way, odd_code=odd_code),
        *_ENDINGS.get(story, _delivered)(way),
    ]
    return tuple(replace(scan, at=_whole_minute(scan.at)) for scan in scans)


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _to_the_hub(way: _Way, *, odd_code: bool) -> Iterator[Scan]:
    days = way.lane.days
    yield way.scan(0, (17, 18), S.ACCEPTED, "Picked up from the sender", WAREHOUSE, due=days)
    yield way.scan(0, (20, 22.5), S.DEPARTED_FACILITY, "Left the sorting center", ORIGIN_HUB, due=days)
    if odd_code:
        yield way.scan(1, (0.5, 2), None, "Label applied anew", ORIGIN_HUB, due=days)
    if way.lane.has_customs:
        yield way.scan(days - 3, (9, 11), S.CUSTOMS_STARTED, "Presented to customs", way.lane.hub, due=days)


def _sorted_and_on_the_van(way: _Way, day: int) -> Iterator[Scan]:
    """The last two days of an undisturbed way, up to the van."""
    hub = way.lane.hub
    if way.lane.has_customs:
        yield way.scan(day - 2, (13, 16), S.CUSTOMS_CLEARED, "Released by customs", hub, due=day)
    yield way.scan(day - 1, (4, 7), S.ARRIVED_AT_FACILITY, "Arrived at the sorting center", hub, due=day)
    yield way.scan(day - 1, (21, 23.5), S.DEPARTED_FACILITY, "On the way to the delivery depot", hub, due=day)
    yield _on_the_van(way, day)


def _on_the_van(way: _Way, day: int) -> Scan:
    message = "Loaded onto the delivery vehicle"
    return way.scan(day, (7, 8.5), S.OUT_FOR_DELIVERY, message, way.destination, due=day)


def _delivered(way: _Way) -> Iterator[Scan]:
    day = way.lane.days
    yield from _sorted_and_on_the_van(way, day)
    yield way.scan(day, (9.5, 17), S.DELIVERED, "Delivered", way.destination, due=day)


def _neighbor(way: _Way) -> Iterator[Scan]:
    day = way.lane.days
    yield from _sorted_and_on_the_van(way, day)
    message = "Delivered to a neighbor"
    yield way.scan(day, (9.5, 17), S.LEFT_WITH_NEIGHBOR, message, way.destination, due=day)


def _missed(way: _Way) -> Iterator[Scan]:
    day = way.lane.days
    yield from _sorted_and_on_the_van(way, day)
    message = "Nobody was at home; another attempt follows on the next day"
    yield way.scan(day, (10, 17), S.ADDRESSEE_UNAVAILABLE, message, way.destination, due=day + 1)
    yield _on_the_van(way, day + 1)
    yield way.scan(day + 1, (9.5, 17), S.DELIVERED, "Delivered", way.destination, due=day + 1)


def _late(way: _Way) -> Iterator[Scan]:
    day, hub = way.lane.days, way.lane.hub
    yield way.scan(day - 1, (4, 7), S.ARRIVED_AT_FACILITY, "Arrived at the sorting center", hub, due=day)
    message = "Delayed by a strike at the sorting center"
    yield way.scan(day - 1, (18, 20), S.DELAYED, message, hub, due=day + 4)
    yield way.scan(day + 3, (5, 8), S.PROBLEM_RESOLVED, "Sorted; the journey goes on", hub, due=day + 4)
    yield _on_the_van(way, day + 4)
    yield way.scan(day + 4, (9.5, 17), S.DELIVERED, "Delivered", way.destination, due=day + 4)


def _lost(way: _Way) -> Iterator[Scan]:
    day, hub = way.lane.days, way.lane.hub
    yield way.scan(day - 1, (4, 7), S.ARRIVED_AT_FACILITY, "Arrived at the sorting center", hub, due=day)
    message = "The parcel could not be found; the search is closed"
    yield way.scan(day + 8, (10, 15), S.LOST, message, hub, due=None)


def _refused(way: _Way) -> Iterator[Scan]:
    day = way.lane.days
    yield from _sorted_and_on_the_van(way, day)
    yield way.scan(day, (9.5, 17), S.REFUSED, "The addressee refused the parcel", way.destination, due=None)
    yield way.scan(day + 4, (9, 11), S.RETURNING, "On its way back to the sender", way.lane.hub, due=None)
    # Many carriers write the end of the way back as a plain delivery.
    yield way.scan(day + 7, (9, 11), S.DELIVERED, "Delivered", WAREHOUSE, due=None, is_back_at_sender=True)


def _returned(way: _Way) -> Iterator[Scan]:
    day = way.lane.days
    yield from _sorted_and_on_the_van(way, day)
    message = "The address is not complete"
    yield way.scan(day, (9.5, 17), S.ADDRESS_ISSUE, message, way.destination, due=None)
    yield way.scan(day + 1, (9, 11), S.RETURNING, "Returned to the sender", way.lane.hub, due=None)
    yield way.scan(
        day + 4, (9, 11), S.RETURNED, "Handed back to the sender", WAREHOUSE, due=None, is_back_at_sender=True
    )


def _customs(way: _Way) -> Iterator[Scan]:
    day, hub = way.lane.days, way.lane.hub
    message = "Held by customs: an invoice is needed"
    yield way.scan(day - 2, (9, 12), S.CUSTOMS_DELAY, message, hub, due=None)
    yield way.scan(day + 4, (13, 16), S.CUSTOMS_CLEARED, "Released by customs", hub, due=day + 6)
    yield way.scan(day + 5, (4, 7), S.DEPARTED_FACILITY, "Left the sorting center", hub, due=day + 6)
    yield _on_the_van(way, day + 6)
    yield way.scan(day + 6, (9.5, 17), S.DELIVERED, "Delivered", way.destination, due=day + 6)


def _pickup_point(way: _Way) -> Iterator[Scan]:
    day, hub, there = way.lane.days, way.lane.hub, way.destination
    shop = "Parcel shop Kiosk am Eck" if there.country == "DE" else "Parcel shop, Main Square 2"
    yield way.scan(day - 1, (4, 7), S.ARRIVED_AT_FACILITY, "Arrived at the sorting center", hub, due=day)
    message = "Ready for collection for seven days"
    yield way.scan(day, (9, 12), S.AVAILABLE_FOR_PICKUP, message, there, due=day, spot=shop)
    yield way.scan(
        day + 4, (10, 18), S.PICKED_UP_BY_SHOPPER, "Collected by the addressee", there, due=None, spot=shop
    )


_ENDINGS: dict[Story, Callable[[_Way], Iterator[Scan]]] = {
    Story.NEIGHBOR: _neighbor,
    Story.MISSED: _missed,
    Story.LATE: _late,
    Story.LOST: _lost,
    Story.REFUSED: _refused,
    Story.RETURNED: _returned,
    Story.CUSTOMS: _customs,
    Story.PICKUP_POINT: _pickup_point,
}
