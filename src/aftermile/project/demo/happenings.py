"""What the shop and the carriers send of an order, in the order in which it arrives here."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from aftermile.project.demo.world import Order

#: How many of an order's first happenings arrive backwards when its webhooks come out of order.
REVERSED = 7
_PAID_AFTER = timedelta(seconds=20)
_CLOSED_AFTER = timedelta(days=1)


class What(StrEnum):
    PLACED = "placed"
    PAID = "paid"
    SHIPPED = "shipped"  # the fulfilment
    ORDER_SHIPPED = "order_shipped"  # the order with all its fulfilments so far
    SCANNED = "scanned"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something a webhook tells.

    `at` is when it happened, `arrives_at` when its webhook arrives. `which` is the fulfilment, the parcel or
    the refund it is about, `scans` how many of that parcel's scans are known, `copy` counts repeats of the same thing.
    """

    what: What
    order: Order
    at: datetime
    arrives_at: datetime
    which: int = 0
    scans: int = 0
    copy: int = 0


def happenings_of(order: Order) -> list[Happening]:
    """List what is sent of one order, first to arrive first, with its disorder."""
    found = sorted(_plain(order), key=lambda each: (each.at, list(What).index(each.what)))
    if order.disorder.out_of_order:
        found = _reversed_beginning(found)
    else:
        found = [replace(each, arrives_at=each.at + _latency(each)) for each in found]
        found.sort(key=lambda each: each.arrives_at)
    if order.disorder.doubled:
        found = [copy for each in found for copy in (each, replace(each, copy=1))]
    return found


def happenings(orders: Iterable[Order]) -> Iterator[Happening]:
    """Merge what is sent of many orders by arrival. `orders` come as they were placed, and may be endless."""
    waiting: list[tuple[datetime, int, int, Happening]] = []
    for order in orders:
        while waiting and waiting[0][0] < order.placed_at:
            yield heapq.heappop(waiting)[-1]
        for place, each in enumerate(happenings_of(order)):
            heapq.heappush(waiting, (each.arrives_at, order.index, place, each))
    while waiting:
        yield heapq.heappop(waiting)[-1]


def _plain(order: Order) -> Iterator[Happening]:
    def told(what: What, at: datetime, *, which: int = 0, scans: int = 0) -> Happening:
        return Happening(what, order, at, at, which, scans)

    yield told(What.PLACED, order.placed_at)
    yield told(What.PAID, order.placed_at + _PAID_AFTER)
    if order.cancelled_at is not None:
        yield told(What.CANCELLED, order.cancelled_at)
        return
    for fulfilment in sorted({parcel.fulfilment for parcel in order.parcels}):
        packed_at = min(parcel.packed_at for parcel in order.parcels if parcel.fulfilment == fulfilment)
        yield told(What.SHIPPED, packed_at, which=fulfilment)
        yield told(What.ORDER_SHIPPED, packed_at + timedelta(seconds=1), which=fulfilment)
    for which, parcel in enumerate(order.parcels):
        for scans, scan in enumerate(parcel.scans, start=1):
            yield told(What.SCANNED, scan.at, which=which, scans=scans)
    for which, refund in enumerate(order.refunds):
        yield told(What.REFUNDED, refund.at, which=which)
    if all(parcel.scans for parcel in order.parcels):
        ended = [parcel.scans[-1].at for parcel in order.parcels] + [refund.at for refund in order.refunds]
        yield told(What.CLOSED, max(ended) + _CLOSED_AFTER)


def _latency(each: Happening) -> timedelta:
    """Storefronts send at once; carriers' scans take a minute or so."""
    dice = Random(f"{each.order.number}/{each.what}/{each.which}/{each.scans}")  # noqa: S311
    return timedelta(seconds=round(dice.uniform(20, 90) if each.what is What.SCANNED else dice.uniform(1, 8)))


def _reversed_beginning(found: list[Happening]) -> list[Happening]:
    """Let the first happenings arrive together and backwards: the scan before the parcel, the order last."""
    early, rest = found[:REVERSED], found[REVERSED:]
    together = early[-1].at
    backwards = [
        replace(each, arrives_at=together + timedelta(seconds=place))
        for place, each in enumerate(reversed(early), 1)
    ]
    return [*backwards, *(replace(each, arrives_at=each.at + timedelta(seconds=30)) for each in rest)]
