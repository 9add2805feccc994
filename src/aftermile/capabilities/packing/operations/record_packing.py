"""Note which boxes an order was packed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.orders.public import order
from aftermile.capabilities.packing.events import OrderPacked
from aftermile.capabilities.packing.models import PackedOrder, PackingBox
from aftermile.capabilities.packing.planning import (
    MOST_PIECES,
    NoBoxes,
    OfferedBox,
    Plan,
    Thing,
    TooManyPieces,
    offered,
    plan,
    things_of,
)
from aftermile.capabilities.packing.queries import BoxNotFound, BoxView, Packing, box_view, boxes
from aftermile.kernel.errors import Invalid
from aftermile.kernel.events import publish


class BoxesUnusable(Invalid):
    """No box was named that an order was packed in, or far too many."""

    code = "packed_boxes_unusable"
    message = f"Name the boxes the order was packed in, each as often as it was used; at most {MOST_PIECES}."


def record_packing(*, order_id: UUID, box_ids: Sequence[UUID], by: str, at: datetime) -> Packing:
    """Note what an order was packed in, with what was chosen for it and what the usual boxes would have taken.

    Again with the same boxes: nothing changes. With others: they are what counts, and it stays in the day it was in.

    :raises OrderNotFound: no such order.
    :raises BoxNotFound: one of the boxes is none of this shop.
    :raises BoxesUnusable: none is named, or too many.
    """
    view = order(order_id)
    named = sorted(box_ids)
    if not 0 < len(named) <= MOST_PIECES:
        raise BoxesUnusable
    known = {row.id: box_view(row) for row in PackingBox.rows().filter(id__in=set(named))}
    if len(known) < len(set(named)):
        raise BoxNotFound
    row = PackedOrder.rows().select_for_update().filter(order_id=view.id).first()
    if row is not None and row.box_ids == named:
        return Packing(box_ids=tuple(named), by=row.packed_by, at=row.packed_at)
    row = row or PackedOrder(order_id=view.id, packed_at=at)
    things = things_of(view)
    chosen, usual = _planned(things, boxes())
    row.box_ids, row.packed_by = named, by
    row.used_mm3 = sum(_volume(known[each]) for each in named)
    row.items_mm3 = chosen.items_mm3 if chosen else None
    row.chosen_mm3 = chosen.boxes_mm3 if chosen else None
    row.usual_mm3 = usual.boxes_mm3 if usual else None
    row.save()
    publish(OrderPacked(order_id=view.id, packing_box_ids=tuple(named)), by=by, at=at)
    return Packing(box_ids=tuple(named), by=by, at=row.packed_at)


def forget_packing(*, order_id: UUID) -> None:
    """Take back what was noted of an order's packing. Nothing noted: nothing changes."""
    PackedOrder.rows().filter(order_id=order_id).delete()


def _planned(things: Sequence[Thing], own: Sequence[BoxView]) -> tuple[Plan | None, Plan | None]:
    """Plan with all boxes, and with the usual one alone: the marked, else the largest."""
    chosen = _whole(things, offered(own))
    marked = [each for each in own if each.usual] or list(own)[-1:]
    usual = _whole(things, offered(marked)) if chosen else None
    return chosen, usual


def _whole(things: Sequence[Thing], given: Sequence[OfferedBox]) -> Plan | None:
    try:
        made = plan(things, given, drawn=False)
    except (NoBoxes, TooManyPieces):
        return None  # what it was packed in is worth noting all the same; it is not compared
    return made if made.is_whole else None


def _volume(view: BoxView) -> int:
    return view.length_mm * view.width_mm * view.height_mm
