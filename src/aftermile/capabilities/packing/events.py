"""What happens in packing, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from aftermile.kernel.events import event


@event("packing_box.changed", outside="A box of the shop was added, changed, put away or brought back.")
@dataclass(frozen=True, slots=True, kw_only=True)
class PackingBoxChanged:
    packing_box_id: UUID
    archived: bool


@event("order.packed", outside="It was noted which boxes an order was packed in.")
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPacked:
    """`packing_box_ids` names each box as often as it was used."""

    order_id: UUID
    packing_box_ids: tuple[UUID, ...]
