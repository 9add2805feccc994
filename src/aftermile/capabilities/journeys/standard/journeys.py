"""The ready-made journeys: what the field does by default, for everything that needs no room that is not built yet.

`recommended` ones are what "switch on the standard set" switches on; together, with the cap, quiet hours and silence
of `messaging`, they do the right thing untouched. The others need something only the merchant has: a date, a review
page, a question.

Sources of the spans: field practice as collected in the guide's field rules (a first review request 14 days after
the purchase, check-in a week after delivery, win-back at half a year without an order).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PLACED = {"event": "order.placed"}
_CANCELED = [{"event": "order.cancelled"}]
_TEN = "10:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A journey to begin from. `needs`: what the merchant has to add first; "" where it works untouched."""

    slug: str
    name: str
    description: str
    definition: Mapping[str, Any]
    recommended: bool = True
    needs: str = ""


def _reaches(milestone: str) -> dict[str, Any]:
    return {"event": "parcel.milestone_reached", "having": {"milestone": milestone}}


def _message(touchpoint: str, **more: Any) -> dict[str, Any]:
    return {"id": "tell", "do": "message", "touchpoint": touchpoint, **more}


def _at_once(
    trigger: Mapping[str, Any], touchpoint: str, *, per: str = "parcel", **more: Any
) -> dict[str, Any]:
    return {"trigger": trigger, "per": per, "steps": [_message(touchpoint, expires_hours=48)], **more}


def _is(field: str, operator: str, value: Any = None) -> dict[str, Any]:
    asked = {"field": field, "is": operator}
    return asked if value is None else asked | {"value": value}


def _wrong(*kinds: str) -> dict[str, Any]:
    """Return the condition that an exception is of one of these kinds and nobody put it right meanwhile."""
    return _is("event.kind", "one_of", list(kinds))


_ARRIVED = _reaches("delivered")
_ALL_HERE = _is("order.open_parcels_count", "equals", 0)

_JOURNEYS = (
    Standard(
        slug="confirmation",
        name="Confirmation with thanks",
        description="Thanks for each order and says what happens next.",
        definition=_at_once(_PLACED, "confirmation", per="order"),
    ),
    Standard(
        slug="founders_note",
        name="A note from the founder",
        description="The morning after somebody's first order, a few personal words.",
        definition={
            "trigger": _PLACED,
            "entry": _is("order.rank", "equals", 1),
            "per": "shopper",
            "steps": [
                {"id": "morning", "do": "wait", "hours": 12, "until_time": _TEN},
                _message("founders_note", expires_days=3),
            ],
            "exits": _CANCELED,
        },
    ),
    Standard(
        slug="dispatched",
        name="It has left us",
        description="Once the carrier has a parcel; several at once in one message, if the shop chose so.",
        definition={
            "trigger": _reaches("in_transit"),
            "per": "parcel",
            "steps": [_message("dispatched", gather_minutes=15, expires_hours=48)],
        },
    ),
    Standard(
        slug="arriving_soon",
        name="Arriving soon",
        description="The day before a parcel is expected, if it has been on its way for more than three days.",
        definition={
            "trigger": _reaches("in_transit"),
            "per": "parcel",
            "steps": [
                {
                    "id": "day_before",
                    "do": "wait_until",
                    "day": "parcel.expected_on",
                    "offset_days": -1,
                    "at": _TEN,
                    "at_most_days": 40,
                    "otherwise": [{"id": "no_day", "do": "exit", "reason": "no_day_named"}],
                },
                {
                    "id": "long_enough",
                    "do": "branch",
                    "if": _is("parcel.shipped_at", "days_ago", 3),
                    "then": [_message("arriving_soon", expires_hours=20)],
                },
            ],
            "leave_if": _is(
                "parcel.milestone", "one_of", ["delivered", "out_for_delivery", "returning", "returned"]
            ),
        },
    ),
    Standard(
        slug="out_for_delivery",
        name="Arriving today",
        description="When a parcel is on the van.",
        definition={
            "trigger": _reaches("out_for_delivery"),
            "per": "parcel",
            "steps": [_message("out_for_delivery", expires_hours=8)],
        },
    ),
    Standard(
        slug="delivered",
        name="Delivered",
        description="When a parcel has arrived, with what to do if it is not there.",
        definition=_at_once(_ARRIVED, "delivered"),
    ),
    Standard(
        slug="available_for_pickup",
        name="Ready to collect",
        description="When a parcel waits at a pick-up point.",
        definition=_at_once(_reaches("available_for_pickup"), "available_for_pickup"),
    ),
    Standard(
        slug="attempt_failed",
        name="Could not be handed over",
        description="When the carrier came in vain, with what happens next; again after another attempt.",
        definition=_at_once(_reaches("attempt_failed"), "attempt_failed", again_after_days=1),
    ),
    Standard(
        slug="delayed",
        name="Late, with an apology",
        description="As soon as a promise cannot be kept or a day beyond it is expected, with the new day and a way out.",
        definition=_at_once(
            {"event": "exception.opened"},
            "delayed",
            entry={
                "any": [
                    _wrong("late", "stalled"),
                    # Only where the days we tell lie beyond the promise: not because a delay is likely and no more.
                    {"all": [_wrong("delay_predicted"), _is("parcel.expected_days_late", "at_least", 1)]},
                ]
            },
            again_after_days=7,
        ),
    ),
    Standard(
        slug="problem",
        name="A problem, with a way out",
        description="When a parcel is damaged, lost or held, with what is done about it.",
        definition=_at_once(
            {"event": "exception.opened"},
            "problem",
            entry=_wrong(
                *(
                    "damaged",
                    "lost",
                    "probably_lost",
                    "reported_problem",
                    "address_problem",
                    "held_at_customs",
                ),
                *("payment_due", "refused"),
            ),
            again_after_days=3,
        ),
    ),
    Standard(
        slug="returning",
        name="Coming back to us",
        description="When the carrier gives up and sends a parcel back.",
        definition=_at_once(_reaches("returning"), "returning"),
    ),
    Standard(
        slug="set_up_guide",
        name="Set-up guide",
        description="The morning after everything has arrived, how to begin; only where there is a guide for it.",
        definition={
            "trigger": _ARRIVED,
            "entry": _ALL_HERE,
            "per": "order",
            "steps": [
                {"id": "morning", "do": "wait", "hours": 4, "until_time": _TEN},
                _message("set_up_guide", expires_days=3),
            ],
        },
    ),
    Standard(
        slug="care_tips",
        name="Care tips",
        description="Some days after everything has arrived, how to make it last; only where there are tips for it.",
        definition={
            "trigger": _ARRIVED,
            "entry": _ALL_HERE,
            "per": "order",
            "steps": [
                {"id": "days", "do": "wait", "days": 4, "until_time": _TEN},
                _message("care_tips", expires_days=7),
            ],
        },
    ),
    Standard(
        slug="check_in",
        name="Is everything as it should be?",
        description="Ten days after everything has arrived, a question that sells nothing.",
        definition={
            "trigger": _ARRIVED,
            "entry": _ALL_HERE,
            "per": "order",
            "steps": [
                {"id": "days", "do": "wait", "days": 10, "until_time": _TEN},
                _message("check_in", expires_days=7),
            ],
            "exits": [{"event": "order.refunded"}, {"event": "message.replied"}],
        },
    ),
    Standard(
        slug="birthday",
        name="Birthday",
        description="On a shopper's birthday, where the store knows it and marketing is allowed.",
        definition={
            "trigger": {"daily_at": _TEN},
            "entry": _is("shopper.birthday", "is_today"),
            "per": "year",
            "steps": [_message("birthday", expires_hours=12)],
        },
    ),
    Standard(
        slug="anniversary",
        name="A year together",
        description="On the day of somebody's first order, each year.",
        definition={
            "trigger": {"daily_at": _TEN},
            "entry": {
                "all": [
                    _is("shopper.first_order_on", "is_today"),
                    _is("shopper.first_order_at", "days_ago", 300),
                    _is("shopper.last_order_at", "within_days", 730),
                ]
            },
            "per": "year",
            "steps": [_message("anniversary", expires_hours=12)],
        },
    ),
    Standard(
        slug="win_back",
        name="It has been a while",
        description="Half a year after the last order, once a year at most; a tenth is told nothing, for comparison.",
        definition={
            "trigger": {"daily_at": _TEN},
            "entry": {
                "all": [
                    _is("shopper.last_order_at", "days_ago", 180),
                    _is("shopper.last_order_at", "within_days", 400),
                    _is("shopper.marketing_email", "yes"),
                ]
            },
            "per": "shopper",
            "again_after_days": 365,
            "steps": [_message("win_back", expires_days=3)],
            "exits": [_PLACED],
            "goal": {**_PLACED, "within_days": 30},
            "hold_out_percent": 10,
        },
    ),
    Standard(
        slug="review_request",
        name="Review request",
        description="Two weeks after everything has arrived, unless something went wrong.",
        recommended=False,
        needs="the address of your review page (`review_address`)",
        definition={
            "trigger": _ARRIVED,
            "entry": _ALL_HERE,
            "per": "order",
            "steps": [
                {"id": "days", "do": "wait", "days": 14, "until_time": _TEN},
                _message("review_request", expires_days=7),
            ],
            "exits": [{"event": "order.refunded"}],
        },
    ),
    Standard(
        slug="survey",
        name="One question",
        description="Three days after everything has arrived, a question answered by one click.",
        recommended=False,
        needs="a question with its answers (`survey`)",
        definition={
            "trigger": _ARRIVED,
            "entry": _ALL_HERE,
            "per": "order",
            "steps": [
                {"id": "days", "do": "wait", "days": 3, "until_time": _TEN},
                _message("survey", expires_days=4),
            ],
        },
    ),
    Standard(
        slug="replenishment",
        name="Running low?",
        description="Two months after everything has arrived, unless there was another order meanwhile.",
        recommended=False,
        needs="the products it is for, and how long they last",
        definition={
            "trigger": _ARRIVED,
            "entry": _ALL_HERE,
            "per": "shopper",
            "again_after_days": 60,
            "steps": [
                {"id": "days", "do": "wait", "days": 60, "until_time": _TEN},
                _message("replenishment", expires_days=7),
            ],
            "exits": [_PLACED],
            "goal": {**_PLACED, "within_days": 90},
            "hold_out_percent": 10,
        },
    ),
    Standard(
        slug="seasonal",
        name="New for the season",
        description="On a day you name, for those who ordered within a year and allow marketing.",
        recommended=False,
        needs="the day (`trigger.on`)",
        definition={
            "trigger": {"by_hand": True},
            "entry": {
                "all": [
                    _is("shopper.last_order_at", "within_days", 365),
                    _is("shopper.marketing_email", "yes"),
                ]
            },
            "per": "year",
            "again_after_days": 60,
            "steps": [_message("seasonal", expires_days=2)],
            "goal": {**_PLACED, "within_days": 14},
            "hold_out_percent": 10,
        },
    ),
    Standard(
        slug="early_access",
        name="See it first",
        description="Started by hand, for those who ordered at least three times.",
        recommended=False,
        needs="somebody who starts it",
        definition={
            "trigger": {"by_hand": True},
            "entry": {
                "all": [
                    _is("shopper.orders_count", "at_least", 3),
                    _is("shopper.marketing_email", "yes"),
                ]
            },
            "per": "shopper",
            "again_after_days": 30,
            "steps": [_message("early_access", expires_days=2)],
            "goal": {**_PLACED, "within_days": 14},
        },
    ),
)

STANDARD: Mapping[str, Standard] = {each.slug: each for each in _JOURNEYS}
