"""Reads of packing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from aftermile.capabilities.packing.fitting.words import Box
from aftermile.capabilities.packing.models import ItemSize, PackedOrder, PackingBox
from aftermile.kernel.errors import NotFound


class BoxNotFound(NotFound):
    """There is no box with this id here."""

    code = "packing_box_not_found"
    message = "There is no such box here; check the id."


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxView:
    """A box of the shop, measured inside; `cost_minor` in the shop's currency."""

    id: UUID
    name: str
    length_mm: int
    width_mm: int
    height_mm: int
    most_grams: int | None
    empty_grams: int
    cost_minor: int | None
    usual: bool
    archived: bool
    changed_by: str
    changed_at: datetime

    @property
    def fitted(self) -> Box:
        """The box in the words of fitting; its key is its id."""
        return Box(
            key=str(self.id), length=self.length_mm, width=self.width_mm, height=self.height_mm,
            most_grams=self.most_grams, cost=self.cost_minor or 0,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeView:
    """How large one of something is, as the shop measured it."""

    id: UUID
    sku: str
    length_mm: int
    width_mm: int
    height_mm: int
    weight_grams: int | None
    this_way_up: bool
    fragile: bool
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """What an order was packed in."""

    box_ids: tuple[UUID, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What choosing boxes saved. Volumes in cubic millimeters.

    `compared`: the orders whose things were all measured; the volumes are theirs alone. `spared_mm3` is what the
    usual boxes would have taken more than those used; below 0, it was less.
    """

    orders: int
    compared: int
    used_mm3: int
    items_mm3: int
    usual_mm3: int
    chosen_mm3: int

    @property
    def spared_mm3(self) -> int:
        return self.usual_mm3 - self.used_mm3

    @property
    def air_mm3(self) -> int:
        """The part of the boxes used that nothing was in."""
        return self.used_mm3 - self.items_mm3

    @property
    def missed_mm3(self) -> int:
        """How much smaller the boxes chosen here were than those that were used."""
        return self.used_mm3 - self.chosen_mm3


def boxes(*, archived: bool = False) -> list[BoxView]:
    """List the shop's boxes, the smallest first."""
    rows = PackingBox.rows().filter(archived_at__isnull=not archived)
    volume = F("length_mm") * F("width_mm") * F("height_mm") * 1.0  # sides of meters overflow an integer
    return [box_view(row) for row in rows.order_by(volume, "name", "id")]


def box(box_id: UUID) -> BoxView:
    """Read one box, in use or put away.

    :raises BoxNotFound: no such box.
    """
    row = PackingBox.rows().filter(id=box_id).first()
    if row is None:
        raise BoxNotFound
    return box_view(row)


def sizes(skus: Collection[str]) -> dict[str, SizeView]:
    """Read sizes by SKU; unknown ones are left out."""
    if not skus:
        return {}
    return {row.sku: size_view(row) for row in ItemSize.rows().filter(sku__in=set(skus))}


def list_sizes(*, words: str = "", after: str = "", limit: int = 50) -> list[SizeView]:
    """List sizes by SKU, those that contain the words, beginning behind the SKU `after`."""
    rows = ItemSize.rows().filter(sku__gt=after) if after else ItemSize.rows()
    if words:
        rows = rows.filter(sku__icontains=words)
    return [size_view(row) for row in rows.order_by("sku")[:limit]]


def count_sizes() -> int:
    """Count the things that are measured."""
    return ItemSize.rows().count()


def packing_of(order_id: UUID) -> Packing | None:
    """Return what an order was packed in; None until that is noted."""
    row = PackedOrder.rows().filter(order_id=order_id).first()
    return Packing(box_ids=tuple(row.box_ids), by=row.packed_by, at=row.packed_at) if row else None


def saving(*, since: datetime) -> Saving:
    """Add up what was packed since a moment."""
    measured = Q(items_mm3__isnull=False, usual_mm3__isnull=False, chosen_mm3__isnull=False)
    found = (
        PackedOrder.rows()
        .filter(packed_at__gte=since)
        .aggregate(
            packed=Count("id"),
            compared=Count("id", filter=measured),
            used=Sum("used_mm3", filter=measured),
            items=Sum("items_mm3", filter=measured),
            usual=Sum("usual_mm3", filter=measured),
            chosen=Sum("chosen_mm3", filter=measured),
        )
    )
    counted = {name: int(value or 0) for name, value in found.items()}
    return Saving(
        orders=counted["packed"],
        compared=counted["compared"],
        used_mm3=counted["used"],
        items_mm3=counted["items"],
        usual_mm3=counted["usual"],
        chosen_mm3=counted["chosen"],
    )


def box_view(row: PackingBox) -> BoxView:
    return BoxView(
        id=row.id, name=row.name, length_mm=row.length_mm, width_mm=row.width_mm, height_mm=row.height_mm,
        most_grams=row.most_grams, empty_grams=row.empty_grams, cost_minor=row.cost_minor, usual=row.usual,
        archived=row.archived_at is not None, changed_by=row.changed_by, changed_at=row.changed_at,
    )  # fmt: skip


def size_view(row: ItemSize) -> SizeView:
    return SizeView(
        id=row.id, sku=row.sku, length_mm=row.length_mm, width_mm=row.width_mm, height_mm=row.height_mm,
        weight_grams=row.weight_grams, this_way_up=row.this_way_up, fragile=row.fragile,
        changed_by=row.changed_by, changed_at=row.changed_at,
    )  # fmt: skip
