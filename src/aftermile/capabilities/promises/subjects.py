"""What estimates are made of: parcels, and orders nothing of which was handed over. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.orders.public import OrderPromise, State
from aftermile.capabilities.promises.learning.forecasting import Goods, Lane, Place, Question, Stage
from aftermile.capabilities.shipments.public import Passage
from aftermile.connectors.contracts.words import Milestone

#: Nothing is expected of a parcel any more.
_OVER = frozenset(
    {
        Milestone.DELIVERED,
        Milestone.AVAILABLE_FOR_PICKUP,
        Milestone.RETURNING,
        Milestone.RETURNED,
        Milestone.CANCELLED,
        Milestone.EXPIRED,
    }
)
_AT_THE_DOOR = frozenset({Milestone.OUT_FOR_DELIVERY, Milestone.ATTEMPT_FAILED})


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Something that is waited for, as far as its estimate depends on it.

    `came_at`: when the carrier was first at the door, or the parcel could be fetched. `is_over`: nothing is expected
    any more, because it came, or never will.
    """

    id: UUID
    parcel_id: UUID | None
    order_id: UUID | None
    lane: Lane
    goods: Goods
    stage: Stage
    stage_at: datetime
    ordered_at: datetime
    handed_over_at: datetime | None = None
    came_at: datetime | None = None
    delivered_at: datetime | None = None
    is_over: bool = False
    seen: str = ""
    carrier_earliest: str = ""
    carrier_latest: str = ""
    promised_earliest: date | None = None
    promised_latest: date | None = None
    shipping_method: str = ""

    @cached_property
    def carrier_word(self) -> str:
        return f"{self.carrier_earliest}/{self.carrier_latest}".strip("/")

    def question(self, *, at: datetime, zone: ZoneInfo) -> Question:
        """Ask a model when this comes."""
        return Question(
            lane=self.lane,
            goods=self.goods,
            stage=self.stage,
            ordered_at=min(self.ordered_at, self.stage_at),
            stage_at=self.stage_at,
            asked_at=max(at, self.stage_at),
            promised_by=promised_by(self.promised_latest, zone),
        )


def promised_by(latest: date | None, zone: ZoneInfo) -> datetime | None:
    """Return the end of the last promised day."""
    return datetime.combine(latest + timedelta(days=1), time(), zone) if latest is not None else None


def parcel_subject(passage: Passage, orders: Mapping[UUID, OrderPromise], *, home: str) -> Subject:
    """Make the subject of a parcel. Of several orders in one box, the one that is due first counts.

    :param home: the shop's country, from which parcels come that name no other.
    """
    mine = [orders[order_id] for order_id in passage.order_ids if order_id in orders]
    order = min(mine, key=lambda one: (one.latest_date or date.max, one.order_id), default=None)
    stage, stage_at = _stage(passage)
    placed = [one.placed_at for one in mine if one.placed_at is not None]
    came = [
        moment
        for moment in (passage.delivered_at, passage.attempted_at, passage.available_at)
        if moment is not None
    ]
    gone = passage.withdrawn or passage.cancelled
    gone = gone or (order is not None and order.state in (State.CANCELLED, State.DELETED))
    return Subject(
        id=passage.parcel_id,
        parcel_id=passage.parcel_id,
        order_id=order.order_id if order else (passage.order_ids[0] if passage.order_ids else None),
        lane=lane_of(passage, order, home=home),
        goods=Goods(weight_grams=passage.weight_grams),
        stage=stage,
        stage_at=stage_at,
        ordered_at=min(placed, default=passage.announced_at),
        handed_over_at=passage.handed_over_at,
        came_at=min(came, default=None),
        delivered_at=passage.delivered_at,
        is_over=gone or passage.milestone in _OVER,
        seen=f"{passage.scans} {passage.last_scan_at.isoformat() if passage.last_scan_at else ''}",
        carrier_earliest=passage.estimate_earliest,
        carrier_latest=passage.estimate_latest,
        promised_earliest=order.earliest_date if order else None,
        promised_latest=order.latest_date if order else None,
        shipping_method=order.shipping_method if order else "",
    )


def order_subject(order: OrderPromise, *, home: str, waits: bool, at: datetime) -> Subject:
    """Make the subject of an order nothing of which was handed over."""
    placed = min(order.placed_at or at, at)
    return Subject(
        id=order.order_id,
        parcel_id=None,
        order_id=order.order_id,
        lane=Lane(origin=Place(country=home), destination=_destination(order)),
        goods=Goods(),
        stage=Stage.ORDERED,
        stage_at=placed,
        ordered_at=placed,
        is_over=not waits,
        promised_earliest=order.earliest_date,
        promised_latest=order.latest_date,
        shipping_method=order.shipping_method,
    )


def lane_of(passage: Passage, order: OrderPromise | None, *, home: str) -> Lane:
    """Return by whom and from where to where a parcel travels; the carrier's word of a place goes first."""
    origin, there = passage.origin, passage.destination
    at_home = Place(
        country=origin.get("country") or home,
        region=origin.get("state") or "",
        postal_code=origin.get("postal_code") or "",
    )
    if there.get("country"):
        to = Place(
            country=there["country"],
            region=there.get("state") or "",
            postal_code=there.get("postal_code") or "",
        )
        if order is not None and order.country == to.country and not to.region:
            to = _destination(order)
    else:
        to = _destination(order) if order is not None else Place()
    return Lane(carrier=passage.carrier, service=passage.service, origin=at_home, destination=to)


def _destination(order: OrderPromise) -> Place:
    return Place(country=order.country, region=order.region, postal_code=order.postal_code)


def _stage(passage: Passage) -> tuple[Stage, datetime]:
    if passage.milestone in _AT_THE_DOOR and passage.out_for_delivery_at is not None:
        return Stage.OUT_FOR_DELIVERY, passage.out_for_delivery_at
    if passage.in_transit_at is not None:
        return Stage.IN_TRANSIT, passage.in_transit_at
    if passage.handed_over_at is not None:
        return Stage.HANDED_OVER, passage.handed_over_at
    return Stage.ORDERED, passage.announced_at
