"""The people of the demo's shop at work, so that its past looks like one: most of what went wrong was seen to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from aftermile.capabilities.exceptions.public import (
    ExceptionRow,
    How,
    Kind,
    Tab,
    assign,
    dismiss,
    mark_contacted,
    page,
    snooze,
)
from aftermile.capabilities.journeys.public import switch_on_standard
from aftermile.capabilities.orders.public import label_orders, list_order_ids
from aftermile.capabilities.team.public import Role, actor_of, person_by_email
from aftermile.connectors.files.cells import Conventions
from aftermile.intake.public import given_file, keep_files
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.demo.memory import Memory
from aftermile.project.demo.shop import BY

_MOST = 500
#: How long something waits before somebody comes to it.
_SEEN_TO_AFTER = timedelta(days=3)


#: As another shop system exports them. One row has a date that is none.
_OLD_ORDERS = """Order number,Created at,Currency,Total,Product,Quantity,Price,Gift note
OLD-871,2026-02-03 09:12,EUR,129.00,Ridge 28 backpack,1,129.00,
OLD-872,2026-02-03 17:40,EUR,58.00,Enamel mug,2,29.00,For Ida
OLD-873,yesterday,EUR,29.00,Enamel mug,1,29.00,
OLD-874,2026-02-05 11:05,EUR,349.00,Larch tent for two,1,349.00,
"""

_told = partial(mark_contacted, how=How.EMAIL)
#: Who sees to what, and how.
_WORK: dict[Kind, tuple[Role, Callable[..., Any]]] = {
    Kind.LATE: (Role.CARE, _told),
    Kind.DELAY_PREDICTED: (Role.CARE, _told),
    Kind.ADDRESS_PROBLEM: (Role.CARE, _told),
    Kind.PICKUP_WAITING: (Role.CARE, _told),
    Kind.LOST: (Role.CARE, partial(dismiss, reason="Paid back; the claim is with the carrier.")),
    Kind.DAMAGED: (Role.CARE, partial(dismiss, reason="Paid back; photos asked of the carrier.")),
    Kind.REFUSED: (Role.CARE, partial(dismiss, reason="Paid back once it was here.")),
    Kind.RETURNING: (Role.CARE, partial(dismiss, reason="Back on the shelf, paid back.")),
    Kind.NEVER_HANDED_OVER: (
        Role.WAREHOUSE,
        partial(dismiss, reason="Found on the shelf; sent again by hand."),
    ),
}


class Desk:
    """Works through what is old, and leaves the cast alone: its stories are for visitors."""

    def __init__(self, memory: Memory, cast: Collection[str]) -> None:
        """Take the shop, and the order numbers of its cast."""
        self._merchant, self._cast = memory.merchant, frozenset(cast)
        self._people = {
            Role(each["role"]): person.id
            for each in memory.staff
            if (person := person_by_email(each["email"])) is not None
        }

    def see_to_what_is_old(self, at: datetime) -> None:
        """End what has waited long enough for somebody to come to it."""
        by_kind: dict[Kind, list[UUID]] = defaultdict(list)
        with merchant_scope(self._merchant):
            for row in self._open(at):
                if row.exception.opened_at <= at - _SEEN_TO_AFTER:
                    by_kind[row.exception.kind].append(row.exception.id)
            for kind, ids in by_kind.items():
                if kind in _WORK:
                    role, act = _WORK[kind]
                    act(ids=ids, by=self._by(role), at=at)

    def begin_to_write(self, at: datetime) -> None:
        """Let the standard journeys write to shoppers; what they write is kept in the outbox and goes nowhere."""
        with merchant_scope(self._merchant):
            switch_on_standard(by=BY, at=at)

    def share_out(self, at: datetime) -> None:
        """Give some of what is open to somebody, and put one off, as on any morning."""
        with merchant_scope(self._merchant):
            fresh = [row.exception.id for row in self._open(at)]
            assign(ids=fresh[::4], to=self._people[Role.CARE], by=self._by(Role.OWNER), at=at)
            assign(ids=fresh[1::6], to=self._people[Role.OPERATIONS], by=self._by(Role.OWNER), at=at)
            snooze(
                ids=fresh[2:3],
                until=at + timedelta(days=1),
                reason="The depot looks for it and calls back tomorrow.",
                by=self._by(Role.OPERATIONS),
                at=at,
            )

    def label_some(self, at: datetime) -> None:
        """Label some of the newest orders, as the desk does while it packs."""
        with merchant_scope(self._merchant):
            ids = list_order_ids(after=None, limit=120)
            for labels, chosen in (
                (["VIP"], ids[::11]),
                (["gift wrap"], ids[3::7]),
                (["call first"], ids[5:6]),
            ):
                label_orders(order_ids=chosen, add=labels, by=self._by(Role.CARE), at=at)

    def leave_a_file(self, at: datetime) -> None:
        """Leave a file of an old shop on the desk, uploaded and not imported yet."""
        file = given_file("orders-of-the-old-shop.csv", _OLD_ORDERS.encode())
        with merchant_scope(self._merchant):
            shop = current_merchant()
            conventions = Conventions(currency=shop.currency, country=shop.country, time_zone=shop.time_zone)
            keep_files(
                name=file.name,
                files=[file],
                by=self._by(Role.OPERATIONS),
                at=at,
                conventions=conventions,
                is_draft=True,
            )

    def _open(self, at: datetime) -> list[ExceptionRow]:
        rows = page(tab=Tab.EVERYTHING, since=at, limit=_MOST)
        return [row for row in rows if row.order is None or row.order.number not in self._cast]

    def _by(self, role: Role) -> str:
        return actor_of(self._people[role])
