"""An order's whole story on one timeline: placed, promised, packed, each scan, each problem, each act of staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.exceptions.public import Ending, ExceptionView
from aftermile.capabilities.orders.public import OrderView, State
from aftermile.capabilities.shipments.public import ParcelView, ShipmentView, TrackingEventView
from aftermile.capabilities.team.public import AuditView
from aftermile.connectors.contracts.facts import Direction
from aftermile.connectors.contracts.words import Milestone
from aftermile.doors.console import words

#: Of a longer story these are shown at first, from its beginning and up to now.
_FIRST_SHOWN, _LAST_SHOWN = 12, 40
#: Milestones that stand out on the timeline; other scans are small.
_BIG = {
    Milestone.DELIVERED: "check",
    Milestone.EXCEPTION: "bolt",
    Milestone.ATTEMPT_FAILED: "bolt",
    Milestone.AVAILABLE_FOR_PICKUP: "inbox",
    Milestone.RETURNING: "back",
    Milestone.RETURNED: "back",
    Milestone.EXPIRED: "bolt",
}
ENDINGS = {
    Ending.CONTACTED: "the shopper was told",
    Ending.MARKED_LOST: "marked as lost",
    Ending.DISMISSED: "put aside",
    Ending.DELIVERED: "the parcel was delivered",
    Ending.MOVED: "the parcel moved",
    Ending.SHIPPED: "it was shipped",
    Ending.CANCELLED: "the order was cancelled",
    Ending.WITHDRAWN: "the parcel is no longer tracked",
    Ending.BECAME: "another problem took its place",
    Ending.GATHERED: "many stand still with it; their incident tells of it",
    Ending.NO_LONGER: "it is none any more",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the story. `icon` "" is a scan; `part` is the tab it stands under."""

    at: datetime
    title: str
    part: str
    icon: str = ""
    tone: str = ""  # marks.py; "" without a mark
    where: str = ""
    text: str = ""
    quote: str = ""
    why: str = ""
    is_day: bool = False  # only the day is known
    url: str = ""

    @property
    def is_big(self) -> bool:
        return bool(self.icon)


@dataclass(frozen=True, slots=True)
class Day:
    """The events of one day in the shop's time zone; `note` says what the day was promised to be."""

    date: date
    note: str
    events: tuple[Event, ...]
    left_out: int = 0  # events before these that are not shown


def story(
    order: OrderView,
    shipments: Sequence[ShipmentView],
    exceptions: Sequence[ExceptionView],
    audit: Sequence[AuditView],
    people: Mapping[str, str],
    *,
    messages: Sequence[Event] = (),
    arrived_at: datetime | None,
    now: datetime,
    zone: ZoneInfo,
    part: str = "",
) -> list[Day]:
    """Tell what happened to an order, day by day, the oldest first.

    :param people: names of actors by what stands in `by`.
    :param arrived_at: when the last parcel was delivered, if all were.
    :param messages: what was said to the shopper (`messages_told.events_of`).
    :param part: "parcels", "messages", "problems", "money" or "desk" alone; "" all of it.
    """
    numbers = parcel_numbers(shipments)
    events = [
        *_of_order(order),
        *_broken_promise(order, arrived_at, now=now, zone=zone),
        *_of_shipments(shipments, numbers),
        *_of_exceptions(exceptions, numbers, people),
        *messages,
        *(
            Event(each.at, each.summary, "desk", icon="person", where=people.get(each.actor, each.actor))
            for each in audit
        ),
    ]
    wanted = sorted((each for each in events if part in {"", each.part}), key=lambda each: each.at)
    return [
        Day(day, _note(order, day), tuple(of_day))
        for day, of_day in groupby(wanted, key=lambda each: each.at.astimezone(zone).date())
    ]


def shortened(days: Sequence[Day]) -> list[Day]:
    """Leave out the middle of a long story: how it began and what is newest is what people look for."""
    total = sum(len(day.events) for day in days)
    if total <= _FIRST_SHOWN + _LAST_SHOWN:
        return list(days)
    head, tail, seen = [], [], 0
    for day in days:
        begins = day.events[: max(0, _FIRST_SHOWN - seen)]
        ends = day.events[max(0, total - _LAST_SHOWN - seen) :]
        seen += len(day.events)
        if begins:
            head.append(replace(day, events=begins))
        if ends:
            tail.append(replace(day, events=ends))
    tail[0] = replace(tail[0], left_out=total - _FIRST_SHOWN - _LAST_SHOWN)
    return head + tail


def story_of_shipment(shipment: ShipmentView, *, zone: ZoneInfo) -> list[Day]:
    """Tell what happened to the parcels of one shipment that belongs to no order known here."""
    events = sorted(_of_shipments([shipment], parcel_numbers([shipment])), key=lambda each: each.at)
    return [
        Day(day, "", tuple(of_day))
        for day, of_day in groupby(events, key=lambda each: each.at.astimezone(zone).date())
    ]


def parcel_numbers(shipments: Sequence[ShipmentView]) -> dict[UUID, int]:
    """Number an order's parcels from 1, in the order in which they were handed over."""
    found: dict[UUID, int] = {}
    for shipment in shipments:
        for parcel in shipment.parcels:
            found.setdefault(parcel.id, len(found) + 1)
    return found


def _of_order(order: OrderView) -> Iterable[Event]:
    units = sum(line.quantity for line in order.lines if not line.removed)
    items = f"{units} item{'' if units == 1 else 's'}"
    placed_at = order.placed_at or order.created_at
    if order.state is State.ANNOUNCED:
        yield Event(
            order.created_at, "Order announced", "", icon="orders",
            text="A parcel named it before the storefront did. Its details are still to come.",
        )  # fmt: skip
    else:
        price = f", {_money(order.total_minor, order.currency)}" if order.total_minor is not None else ""
        yield Event(placed_at, "Order placed", "", icon="orders", text=f"{items}{price}")
    if order.promised_latest_date is not None:
        span = _span(order.promised_earliest_date, order.promised_latest_date)
        yield Event(
            placed_at, f"Promised: {span}", "", icon="calendar",
            text="Shown when it was ordered, and never changed.",
        )  # fmt: skip
    for refund in order.refunds:
        yield Event(
            refund.refunded_at or order.changed_at,
            f"Refunded {_money(refund.amount_minor, refund.currency)}",
            "money",
            icon="back",
            text=refund.reason,
        )
    if order.cancelled_at is not None:
        reason = f"Reason given: {order.cancel_reason}" if order.cancel_reason else ""
        yield Event(order.cancelled_at, "Order cancelled", "", icon="x", tone="watch", text=reason)
    if order.erased_at is not None:
        yield Event(order.erased_at, "Personal data erased", "", icon="trash")


def _of_shipments(shipments: Sequence[ShipmentView], numbers: Mapping[UUID, int]) -> Iterable[Event]:
    told: set[UUID] = set()
    for shipment in shipments:
        fresh = [parcel for parcel in shipment.parcels if parcel.id not in told]
        told |= {parcel.id for parcel in fresh}
        if fresh or not shipment.parcels:
            is_return = shipment.direction == Direction.RETURN
            count = f" in {len(fresh)} parcels" if len(fresh) > 1 else ""
            yield Event(
                shipment.shipped_at or shipment.created_at,
                f"{'Sent back' if is_return else 'Packed'}{count}",
                "parcels",
                icon="box",
                where=words.service(
                    words.carrier(shipment.carrier) or shipment.carrier_name, shipment.service
                ),
                text="Called off." if shipment.cancelled else "",
            )
        for parcel in fresh:
            yield from _scans(parcel, f"parcel {numbers[parcel.id]}" if len(numbers) > 1 else "")


def _scans(parcel: ParcelView, which: str) -> Iterable[Event]:
    for scan in parcel.events:
        tone, word = words.milestone(scan.milestone) if scan.milestone else ("", "")
        title = words.sub_status(scan.sub_status) if scan.sub_status else scan.description or scan.code
        icon = _BIG.get(Milestone(scan.milestone), "") if scan.milestone in set(Milestone) else ""
        yield Event(
            scan.occurred_at,
            title or word or "Scanned",
            "parcels",
            icon=icon,
            tone=tone if icon else "",
            where=" · ".join(filter(None, (_place(scan), which))),
            quote=scan.description if scan.description and scan.description != title else "",
            text="" if scan.sub_status else "The code is not known, so it moves nothing.",
            is_day=scan.time_precision != "moment",
        )


def _of_exceptions(
    exceptions: Sequence[ExceptionView], numbers: Mapping[UUID, int], people: Mapping[str, str]
) -> Iterable[Event]:
    for each in exceptions:
        kind = words.spelled(each.kind)
        number = numbers.get(each.parcel_id) if each.parcel_id and len(numbers) > 1 else None
        which = f"parcel {number}" if number else ""
        yield Event(
            each.opened_at, f"Needs a person: {kind.lower()}", "problems", icon="bell", tone="late", where=which,
            why=words.spelled(each.reason),
        )  # fmt: skip
        if each.ended_at is not None and each.ending is not None:
            who = people.get(each.ended_by, each.ended_by)
            yield Event(
                each.ended_at, f"Settled: {ENDINGS[each.ending]}", "problems", icon="check", tone="ok",
                where=" · ".join(filter(None, (which, who))), quote=each.note,
            )  # fmt: skip


def _broken_promise(
    order: OrderView, arrived_at: datetime | None, *, now: datetime, zone: ZoneInfo
) -> Iterable[Event]:
    """Set down the moment at which the promise was broken, if it was: the end of its last day."""
    latest = order.promised_latest_date
    if latest is None or order.state is State.CANCELLED:
        return
    ended = datetime.combine(latest + timedelta(days=1), time(), zone)
    if (arrived_at or now) < ended:
        return
    days = ((arrived_at or now).astimezone(zone).date() - latest).days
    late = f"{days} day{'' if days == 1 else 's'}"
    yield Event(
        ended - timedelta(minutes=1), "Promise broken", "parcels", icon="calendar", tone="late",
        text=f"It came {late} late." if arrived_at else f"It is {late} past its promise by now.",
    )  # fmt: skip


def _note(order: OrderView, day: date) -> str:
    if day == order.promised_latest_date:
        return "last promised day"
    if day == order.promised_earliest_date:
        return "the promised window opens"
    return ""


def _place(scan: TrackingEventView) -> str:
    city = scan.city or scan.place_name
    # Carriers write "Kiel, DE" as a city; what it holds already is not said again.
    return ", ".join(
        dict.fromkeys(part for part in (*(each.strip() for each in city.split(",")), scan.country) if part)
    )


def _span(earliest: date | None, latest: date) -> str:
    if earliest is None or earliest == latest:
        return f"{latest:%A, %B} {latest.day}"
    return f"{earliest:%A, %B} {earliest.day} to {latest:%A, %B} {latest.day}"


def _money(minor: int | None, currency: str) -> str:
    return words.money(minor, currency) if minor is not None and currency else "an unknown amount"
