"""What conditions may ask about: data. Names are those of `facts`; sentences are for whoever builds conditions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aftermile.capabilities.exceptions.public import Kind as ExceptionKind
from aftermile.connectors.contracts.words import Cause, Milestone


class About(StrEnum):
    """Whose property it is. Segments know shoppers only."""

    SHOPPER = "shopper"
    ORDER = "order"
    PARCEL = "parcel"
    EVENT = "event"


class Kind(StrEnum):
    """What a field holds, and so what can be asked of it."""

    NUMBER = "number"
    TEXT = "text"
    LIST = "list"
    FLAG = "flag"
    MOMENT = "moment"
    DATE = "date"
    ANNIVERSARY = "anniversary"  # a day that comes back each year


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`words`: how a sentence about it begins. `choices`: the values there are; none: any. `column`: of a profile."""

    name: str
    kind: Kind
    words: str
    choices: tuple[str, ...] = ()
    column: str = ""

    @property
    def about(self) -> About:
        return About(self.name.split(".", 1)[0])


_MILESTONES = tuple(each.value for each in Milestone)
_CAUSES = tuple(each.value for each in Cause)
_SHOPPER = (
    ("orders_count", Kind.NUMBER, "orders by the shopper"),
    ("cancelled_count", Kind.NUMBER, "canceled orders of the shopper"),
    ("spent", Kind.NUMBER, "money spent by the shopper"),
    ("average_order", Kind.NUMBER, "the shopper's average order"),
    ("first_order_at", Kind.MOMENT, "the shopper's first order"),
    ("last_order_at", Kind.MOMENT, "the shopper's last order"),
    ("last_delivered_at", Kind.MOMENT, "the shopper's last delivery"),
    ("known_since", Kind.MOMENT, "the shopper's first visit here"),
    ("first_order_on", Kind.ANNIVERSARY, "the day of the shopper's first order"),
    ("birthday", Kind.ANNIVERSARY, "the shopper's birthday"),
    ("country", Kind.TEXT, "the shopper's country"),
    ("language", Kind.TEXT, "the shopper's language"),
    ("tags", Kind.LIST, "the shopper's tags"),
    ("products", Kind.LIST, "products the shopper bought"),
    ("marketing_email", Kind.FLAG, "the shopper allows marketing by e-mail"),
    ("marketing_sms", Kind.FLAG, "the shopper allows marketing by SMS"),
)

FIELDS: dict[str, Field] = {
    each.name: each
    for each in (
        *(
            Field(name=f"shopper.{name}", kind=kind, words=words, column=name)
            for name, kind, words in _SHOPPER
        ),
        Field(name="order.total", kind=Kind.NUMBER, words="the order's total"),
        Field(name="order.currency", kind=Kind.TEXT, words="the order's currency"),
        Field(name="order.items_count", kind=Kind.NUMBER, words="items in the order"),
        Field(name="order.parcels_count", kind=Kind.NUMBER, words="parcels of the order"),
        Field(
            name="order.open_parcels_count", kind=Kind.NUMBER, words="parcels of the order still on their way"
        ),
        Field(name="order.rank", kind=Kind.NUMBER, words="which order of the shopper this is"),
        Field(name="order.country", kind=Kind.TEXT, words="the country the order goes to"),
        Field(name="order.shipping_method", kind=Kind.TEXT, words="the order's shipping method"),
        Field(name="order.is_cancelled", kind=Kind.FLAG, words="the order was canceled"),
        Field(name="order.labels", kind=Kind.LIST, words="the order's labels"),
        Field(name="order.tags", kind=Kind.LIST, words="the order's tags in its store"),
        Field(name="order.products", kind=Kind.LIST, words="products in the order"),
        Field(name="order.placed_at", kind=Kind.MOMENT, words="the order"),
        Field(name="order.promised_latest", kind=Kind.DATE, words="the last promised day"),
        Field(name="order.days_late", kind=Kind.NUMBER, words="days the order is late"),
        Field(name="parcel.milestone", kind=Kind.TEXT, words="the parcel's milestone", choices=_MILESTONES),
        Field(name="parcel.cause", kind=Kind.TEXT, words="who caused the parcel's trouble", choices=_CAUSES),
        Field(name="parcel.carrier", kind=Kind.TEXT, words="the parcel's carrier"),
        Field(name="parcel.attempt_count", kind=Kind.NUMBER, words="failed attempts to deliver the parcel"),
        Field(name="parcel.shipped_at", kind=Kind.MOMENT, words="the parcel's hand-over"),
        Field(name="parcel.delivered_at", kind=Kind.MOMENT, words="the parcel's delivery"),
        Field(name="parcel.expected_on", kind=Kind.DATE, words="the parcel's expected day"),
        Field(
            name="parcel.expected_days_late",
            kind=Kind.NUMBER,
            words="days the parcel is expected after the promise",
        ),
        Field(name="parcel.days_late", kind=Kind.NUMBER, words="days the parcel is late"),
        Field(name="event.milestone", kind=Kind.TEXT, words="the milestone reached", choices=_MILESTONES),
        Field(name="event.previous", kind=Kind.TEXT, words="the milestone before", choices=_MILESTONES),
        Field(name="event.first_time", kind=Kind.FLAG, words="it was reached for the first time"),
        Field(
            name="event.kind",
            kind=Kind.TEXT,
            words="the kind of exception",
            choices=tuple(each.value for each in ExceptionKind),
        ),
        Field(name="event.cause", kind=Kind.TEXT, words="who caused it", choices=_CAUSES),
        Field(name="event.by_a_person", kind=Kind.FLAG, words="a person ended it"),
        Field(name="event.changed", kind=Kind.LIST, words="what changed"),
    )
}
