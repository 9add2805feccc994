"""Events a journey can begin with, wait for, or end by: in words, with what can be asked of them. One table.

Every event of the public feed that is about a shopper, an order or a parcel is here (a test walks the feed).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.exceptions.public import ExceptionOpened, ExceptionResolved
from aftermile.capabilities.messaging.public import (
    MessageFailed,
    MessageFateChanged,
    MessageReplied,
    MessageSent,
    MessageWithheld,
    ShopperUnsubscribed,
)
from aftermile.capabilities.orders.public import (
    OrderCancelled,
    OrderChanged,
    OrderDeleted,
    OrderPlaced,
    OrderRefunded,
)
from aftermile.capabilities.packing.public import OrderPacked
from aftermile.capabilities.promises.public import (
    DelayPredicted,
    DelayTakenBack,
    DeliveryMeasured,
    EstimateRevised,
    PromiseBroken,
    PromiseKept,
)
from aftermile.capabilities.shipments.public import (
    MilestoneReached,
    ParcelResumed,
    ParcelTracked,
    ParcelWithdrawn,
    ShipmentRecorded,
)
from aftermile.capabilities.shoppers.public import ShopperChanged, ShopperRecorded


@dataclass(frozen=True, slots=True)
class Named:
    """The ids an event names. What it does not name is looked up: a parcel's orders, an order's shopper."""

    shopper_id: UUID | None = None
    order_id: UUID | None = None
    parcel_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerEvent:
    """`words`: "when ..."; `fields`: what `having` may ask; `is_of_shopper`: concerns all of a shopper's journeys, not
    only those about the same order."""

    event: type[Any]
    words: str
    names: Callable[[Any], Named]
    fields: tuple[str, ...] = ()
    is_of_shopper: bool = False
    happened: Callable[[Any], datetime | None] = lambda _: None  # as told; None: just now


def _order(event: Any) -> Named:
    return Named(order_id=event.order_id)


def _parcel(event: Any) -> Named:
    return Named(parcel_id=event.parcel_id)


def _shopper(event: Any) -> Named:
    return Named(shopper_id=event.shopper_id)


def _either(event: Any) -> Named:
    return Named(order_id=event.order_id, parcel_id=event.parcel_id)


TRIGGERS: dict[str, TriggerEvent] = {
    "order.placed": TriggerEvent(
        event=OrderPlaced,
        words="an order is placed",
        names=lambda event: Named(shopper_id=event.shopper_id, order_id=event.order_id),
        fields=("source", "currency"),
        happened=lambda event: event.placed_at,
        is_of_shopper=True,
    ),
    "order.changed": TriggerEvent(event=OrderChanged, words="something about an order changes", names=_order),
    "order.cancelled": TriggerEvent(
        event=OrderCancelled,
        words="an order is canceled",
        names=_order,
        happened=lambda event: event.cancelled_at,
    ),
    "order.refunded": TriggerEvent(
        event=OrderRefunded,
        words="money is given back for an order",
        names=_order,
        fields=("currency",),
        happened=lambda event: event.refunded_at,
    ),
    "order.deleted": TriggerEvent(event=OrderDeleted, words="the store deletes an order", names=_order),
    "order.packed": TriggerEvent(event=OrderPacked, words="an order is packed", names=_order),
    "shipment.recorded": TriggerEvent(
        event=ShipmentRecorded,
        words="a shipment is made or changes",
        names=_order,
        fields=("created", "cancelled"),
    ),
    "parcel.milestone_reached": TriggerEvent(
        event=MilestoneReached,
        words="a parcel reaches a milestone",
        names=_parcel,
        fields=("milestone", "sub_status", "previous", "cause", "first_time"),
        happened=lambda event: event.occurred_at,
    ),
    "parcel.tracked": TriggerEvent(
        event=ParcelTracked,
        words="the carrier reports something new",
        names=_parcel,
        fields=("milestone", "sub_status"),
    ),
    "parcel.withdrawn": TriggerEvent(
        event=ParcelWithdrawn, words="a parcel is no longer tracked", names=_parcel
    ),
    "parcel.resumed": TriggerEvent(event=ParcelResumed, words="a parcel is tracked again", names=_parcel),
    "estimate.revised": TriggerEvent(
        event=EstimateRevised,
        words="the expected day of arrival changes",
        names=_either,
        fields=("stage", "reason", "source", "confidence"),
    ),
    "delay.predicted": TriggerEvent(
        event=DelayPredicted,
        words="a delay is predicted before the promised day is over",
        names=_either,
        fields=("carrier", "service", "destination_country", "stage", "basis", "again"),
    ),
    "delay.taken_back": TriggerEvent(
        event=DelayTakenBack, words="a predicted delay is not expected any more", names=_either
    ),
    "promise.kept": TriggerEvent(
        event=PromiseKept,
        words="something comes by the promised day",
        names=_either,
        fields=("carrier", "service", "destination_country"),
        happened=lambda event: event.came_at,
    ),
    "promise.broken": TriggerEvent(
        event=PromiseBroken,
        words="the promised day is over, or something comes after it",
        names=_either,
        fields=("carrier", "service", "destination_country"),
        happened=lambda event: event.came_at,
    ),
    "delivery.measured": TriggerEvent(
        event=DeliveryMeasured,
        words="a parcel comes, promised or not",
        names=_either,
        fields=("carrier", "service", "destination_country", "kept"),
        happened=lambda event: event.came_at,
    ),
    "exception.opened": TriggerEvent(
        event=ExceptionOpened,
        words="something goes wrong with an order or parcel",
        names=_either,
        fields=("kind", "reason", "cause"),
    ),
    "exception.resolved": TriggerEvent(
        event=ExceptionResolved,
        words="what went wrong is over",
        names=_either,
        fields=("kind", "ending", "by_a_person"),
    ),
    "shopper.recorded": TriggerEvent(
        event=ShopperRecorded,
        words="a shopper is heard of for the first time",
        names=_shopper,
        is_of_shopper=True,
    ),
    "shopper.changed": TriggerEvent(
        event=ShopperChanged, words="something about a shopper changes", names=_shopper, is_of_shopper=True
    ),
    "shopper.unsubscribed": TriggerEvent(
        event=ShopperUnsubscribed,
        words="a shopper unsubscribes",
        names=_shopper,
        fields=("medium",),
        is_of_shopper=True,
    ),
    "message.sent": TriggerEvent(
        event=MessageSent,
        words="a message goes out",
        names=_shopper,
        fields=("touchpoint",),
        is_of_shopper=True,
    ),
    "message.withheld": TriggerEvent(
        event=MessageWithheld,
        words="a message is withheld",
        names=_shopper,
        fields=("touchpoint", "reason"),
        is_of_shopper=True,
    ),
    "message.failed": TriggerEvent(
        event=MessageFailed,
        words="a message fails",
        names=_shopper,
        fields=("touchpoint",),
        is_of_shopper=True,
    ),
    "message.fate_changed": TriggerEvent(
        event=MessageFateChanged,
        words="a message is opened, clicked, bounced or complained about",
        names=_shopper,
        fields=("touchpoint", "fate"),
        is_of_shopper=True,
    ),
    "message.replied": TriggerEvent(
        event=MessageReplied, words="a shopper answers a message", names=_shopper, is_of_shopper=True
    ),
}
