"""What an order is, judged from what its source said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from aftermile.capabilities.orders.states import State
from aftermile.connectors.contracts.facts import OrderFact, OrderState

_STATE_RANKS = {
    OrderState.OPEN: 1,
    OrderState.COMPLETED: 2,
    OrderState.CANCELLED: 3,
    OrderState.DELETED: 4,
}
# Shopify, Admin API, REST resource Order: financial_status and fulfillment_status. Sources that put their
# time to the second tell of "pending" and "paid" in one second; the further one is the later one.
_FINANCIAL_RANKS = {
    word: rank
    for rank, word in enumerate(
        ("pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided"),
        start=1,
    )
}
_FULFILMENT_RANKS = {
    word: rank for rank, word in enumerate(("unfulfilled", "partial", "fulfilled", "restocked"), start=1)
}
#: A deletion outranks whatever was said in the same moment.
DELETION_RANK = 100 * _STATE_RANKS[OrderState.DELETED]


def rank(fact: OrderFact) -> int:
    """Tell how far along an order is in a fact, 0 to 999: decides between two facts of one moment."""
    return (
        100 * _STATE_RANKS.get(said_state(fact) or OrderState.OPEN, 0)
        + 10 * _FINANCIAL_RANKS.get(fact.financial_status.lower(), 0)
        + 2 * _FULFILMENT_RANKS.get(fact.fulfilment_status.lower(), 0)
        + (fact.shopper is not None and bool(fact.shopper.external_id))  # a guest's order given to an account
    )


def said_state(fact: OrderFact) -> OrderState | None:
    """Read what a fact says of the order's state; None when it says nothing."""
    if fact.cancelled_at is not None and fact.state in (None, OrderState.OPEN):
        return OrderState.CANCELLED
    return fact.state


def presume_open(order: dict[str, Any]) -> None:
    """Take an order for open until a fact says otherwise, however old that fact is."""
    if order["state"] == State.ANNOUNCED:
        order["state"] = State.OPEN.value
        order["older"] = {**order["older"], "state": ""}


def refunded_minor(refunds: Iterable[Mapping[str, Any]], currency: str) -> int:
    """Add up refunds in the order's currency; one that names no currency is taken to be in it."""
    return sum(
        refund["amount_minor"] or 0
        for refund in refunds
        if not refund["currency"] or not currency or refund["currency"] == currency
    )


#: What may name or describe a person, and is left out of the rows of an erased shopper.
PERSONAL = frozenset({"note", "cancel_reason", "attributes"})
PERSONAL_OF_LINE = frozenset({"attributes"})
PERSONAL_OF_REFUND = frozenset({"reason"})


def without_person(said: dict[str, Any], personal: frozenset[str]) -> dict[str, Any]:
    """Leave out what may be personal; of an address the country stays, for counting."""
    kept = {name: value for name, value in said.items() if name not in personal}
    for name in ("shipping_address", "billing_address"):
        if name in kept:
            country = kept[name].get("country")
            kept[name] = {"country": country} if country else {}
    return {name: value for name, value in kept.items() if value != {}}
