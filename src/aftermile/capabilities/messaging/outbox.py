"""The outbox as staff look through it: what was wanted, newest first, narrowed down."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from aftermile.capabilities.messaging.models import Message
from aftermile.capabilities.messaging.states import Purpose, Status
from aftermile.capabilities.messaging.views import COLUMNS, MessageView, view_of
from aftermile.connectors.contracts.channels import Fate, Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the outbox is narrowed down to; what is empty narrows nothing.

    `withheld_for` is the check that failed (`policy.CheckName`). `order_id` finds also what was written about several
    orders of its shopper at once, where `order_owner_id` names that shopper.
    """

    statuses: tuple[Status, ...] = ()
    touchpoint: str = ""
    medium: Medium | None = None
    purpose: Purpose | None = None
    withheld_for: str = ""
    fates: tuple[Fate, ...] = ()
    shopper_id: UUID | None = None
    order_id: UUID | None = None
    order_owner_id: UUID | None = None


def find_messages(wish: Wish, *, after: UUID | None = None, limit: int = 50) -> list[MessageView]:
    """List messages, the newest first, beginning behind the id `after`: one statement."""
    rows = Message.rows()
    if wish.statuses:
        rows = rows.filter(status__in=wish.statuses)
    if wish.touchpoint:
        rows = rows.filter(touchpoint=wish.touchpoint)
    if wish.medium is not None:
        rows = rows.filter(medium=wish.medium)
    if wish.purpose is not None:
        rows = rows.filter(purpose=wish.purpose)
    if wish.withheld_for:
        rows = rows.filter(status=Status.WITHHELD, withheld_for=wish.withheld_for)
    if wish.fates:
        rows = rows.filter(fate__in=wish.fates)
    if wish.shopper_id is not None:
        rows = rows.filter(shopper_id=wish.shopper_id)
    if wish.order_id is not None:
        rows = rows.filter(_about(wish.order_id, wish.order_owner_id))
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [view_of(row) for row in rows.order_by("-id").values(*COLUMNS)[:limit]]


def _about(order_id: UUID, owner_id: UUID | None) -> Q:
    it_alone = Q(order_id=order_id)
    if owner_id is None:
        return it_alone
    return it_alone | Q(shopper_id=owner_id, about__order_ids__contains=[str(order_id)])
