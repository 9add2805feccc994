"""Boxes, sizes and plans of packing as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from aftermile.capabilities.packing.public import (
    HEAVIEST_GRAMS,
    LARGEST_COST_MINOR,
    LONGEST_MM,
    LONGEST_NAME,
    LONGEST_SKU,
    MOST_PIECES,
    Box,
    BoxGiven,
    BoxView,
    OfferedBox,
    Packing,
    Plan,
    PlannedBox,
    Saving,
    SizeGiven,
    SizeView,
    Thing,
)
from aftermile.doors.api.batches import MOST_ITEMS
from aftermile.doors.api.fields import WHOLE, Given, PackingBoxId, Taken, example

Side = Annotated[int, Field(ge=1, le=LONGEST_MM), WHOLE]
Grams = Annotated[int, Field(ge=0, le=HEAVIEST_GRAMS), WHOLE]
MostGrams = Annotated[int, Field(ge=1, le=HEAVIEST_GRAMS), WHOLE]
Cost = Annotated[int, Field(ge=0, le=LARGEST_COST_MINOR), WHOLE]
Pieces = Annotated[int, Field(ge=1, le=MOST_PIECES), WHOLE]
Sku = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SKU)]
BoxName = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]


class BoxTaken(Taken):
    """A box, measured inside."""

    model_config = example(
        name="Medium", length_mm=400, width_mm=300, height_mm=200, most_grams=15000, empty_grams=240
    )

    name: BoxName
    length_mm: Side
    width_mm: Side
    height_mm: Side
    most_grams: MostGrams | None = Field(None, description="What may be put into it; null for no limit.")
    empty_grams: Grams = 0
    cost_minor: Cost | None = Field(None, description="In the shop's currency: of equal boxes the cheaper.")
    usual: bool = Field(
        default=False, description="Taken where nobody chooses; what is saved is counted against it."
    )

    @property
    def given(self) -> BoxGiven:
        return BoxGiven(**self.model_dump())


class BoxOffered(Taken):
    """A box to choose from in one plan, measured inside."""

    name: BoxName
    length_mm: Side
    width_mm: Side
    height_mm: Side
    most_grams: MostGrams | None = None
    empty_grams: Grams = 0
    cost_minor: Cost = 0


class BoxShown(Given):
    """A box of the shop, measured inside."""

    id: PackingBoxId
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


class BoxesShown(Given):
    """All boxes of the shop, the smallest first."""

    data: list[BoxShown]


class SizeTaken(Taken):
    """How large one of something is."""

    model_config = example(
        sku="MUG-1", length_mm=120, width_mm=90, height_mm=95, weight_grams=350, fragile=True
    )

    sku: Sku
    length_mm: Side
    width_mm: Side
    height_mm: Side
    weight_grams: Grams | None = Field(None, description="Null: the product's weight counts.")
    this_way_up: bool = Field(default=False, description="Its height stays upright.")
    fragile: bool = Field(default=False, description="Nothing is put on it.")


class SizesTaken(Taken):
    """Up to 500 sizes; all are kept, or none."""

    sizes: list[SizeTaken] = Field(min_length=1, max_length=MOST_ITEMS)

    @property
    def given(self) -> list[SizeGiven]:
        return [SizeGiven(**each.model_dump()) for each in self.sizes]


class SizesKept(Given):
    """How many sizes are new, or others than before."""

    changed: int


class SizeShown(Given):
    """How large one of something is."""

    sku: str
    length_mm: int
    width_mm: int
    height_mm: int
    weight_grams: int | None
    this_way_up: bool
    fragile: bool
    changed_by: str
    changed_at: datetime


class SizesShown(Given):
    """Sizes by SKU."""

    data: list[SizeShown]
    next_cursor: str | None = Field(
        description="Send it as `cursor` for the next page; null on the last one."
    )


class PackedItemTaken(Taken):
    """Something to pack: its size, or the SKU of something whose size is kept."""

    sku: Annotated[str, StringConstraints(max_length=LONGEST_SKU)] = ""
    quantity: Pieces = 1
    length_mm: Side | None = Field(None, description="All three sides, or none: then the kept size counts.")
    width_mm: Side | None = None
    height_mm: Side | None = None
    weight_grams: Grams | None = None
    this_way_up: bool = False
    fragile: bool = False


class PlanTaken(Taken):
    """Things to pack and, unless the shop's own are meant, the boxes to choose from."""

    model_config = example(
        items=[
            {
                "sku": "MUG-1",
                "quantity": 2,
                "length_mm": 120,
                "width_mm": 90,
                "height_mm": 95,
                "fragile": True,
            }
        ],
        boxes=[
            {"name": "Small", "length_mm": 200, "width_mm": 150, "height_mm": 100},
            {"name": "Medium", "length_mm": 400, "width_mm": 300, "height_mm": 200},
        ],
    )

    items: list[PackedItemTaken] = Field(min_length=1, max_length=MOST_ITEMS)
    boxes: list[BoxOffered] | None = Field(
        None, min_length=1, max_length=100, description="Null: the shop's own."
    )
    pictures: bool = Field(default=False, description="Draw each box, as SVG.")


class PackedPlacementGiven(Given):
    """Where one thing lies: the corner nearest to the box's left back floor corner, and its extent as it lies.

    Length runs along x, width along y, height upwards along z.
    """

    item: int = Field(description="Its place in the list of items, from 0.")
    x_mm: int
    y_mm: int
    z_mm: int
    length_mm: int
    width_mm: int
    height_mm: int


class PutGiven(Given):
    """So many of an item, lying in one way."""

    item: int
    count: int
    way: str = Field(description="`upright`, `on_side` or `on_end`.")


class LayerGiven(Given):
    """What begins at one height above the floor of the box."""

    height_mm: int
    puts: list[PutGiven]


class PlannedBoxGiven(Given):
    """A box with what lies in it, and so many alike."""

    box_id: PackingBoxId | None = Field(description="Null for a box that came with the request.")
    name: str
    times: int
    length_mm: int
    width_mm: int
    height_mm: int
    share_used: float = Field(description="The share of its volume that is full.")
    grams: int | None = Field(description="With the box itself; null where a weight is not known.")
    placements: list[PackedPlacementGiven]
    layers: list[LayerGiven]
    picture_svg: str | None


class NotPackedGiven(Given):
    """An item that fits into none of the boxes, even alone."""

    item: int
    sku: str
    reason: str = Field(description="`too_large` or `too_heavy`.")


class PlanGiven(Given):
    """How to pack: the smallest box that takes all, or several."""

    is_whole: bool = Field(description="Everything is in a box.")
    boxes: list[PlannedBoxGiven]
    not_packed: list[NotPackedGiven]
    unknown_skus: list[str] = Field(
        description="Whose size nobody knows: they are in no box, and nothing was guessed."
    )
    unweighed_skus: list[str] = Field(
        description="Whose weight nobody knows: they count as weightless against a box's limit."
    )


class PackingTaken(Taken):
    """The boxes an order was packed in, each as often as it was used."""

    box_ids: list[PackingBoxId] = Field(min_length=1, max_length=MOST_PIECES)


class PackingGiven(Given):
    """What an order was packed in."""

    box_ids: list[PackingBoxId]
    packed_by: str
    packed_at: datetime


class SlipGiven(Given):
    """A packing slip: a PDF in base64."""

    file_name: str
    content_type: Literal["application/pdf"]
    content_base64: str


class SavingGiven(Given):
    """What choosing boxes saved. Volumes in liters, of the orders whose things were all measured."""

    days: int
    orders: int = Field(description="How many were packed.")
    compared: int = Field(description="Of how many all sizes were known.")
    boxes_liters: float
    items_liters: float
    air_liters: float = Field(description="In the boxes, beside the things.")
    usual_boxes_liters: float = Field(description="What the usual box would have taken.")
    spared_liters: float = Field(description="That, less what the boxes took.")
    missed_liters: float = Field(description="What the boxes took more than those chosen here.")


def box_shown(view: BoxView) -> BoxShown:
    """Write a box."""
    names = (name for name in BoxShown.model_fields)
    return BoxShown(**{name: getattr(view, name) for name in names})


def size_shown(view: SizeView) -> SizeShown:
    """Write a size."""
    return SizeShown(**{name: getattr(view, name) for name in SizeShown.model_fields})


def boxes_offered(taken: list[BoxOffered]) -> list[OfferedBox]:
    """Read the boxes of a request; each is known by its place."""
    return [
        OfferedBox(
            fitted=Box(
                key=f"{place:03}",
                length=each.length_mm,
                width=each.width_mm,
                height=each.height_mm,
                most_grams=each.most_grams,
                cost=each.cost_minor,
            ),
            name=each.name,
            empty_grams=each.empty_grams,
        )
        for place, each in enumerate(taken)
    ]


def thing(taken: PackedItemTaken, kept: SizeView | None) -> Thing:
    """Read an item: the sides it came with, else those that are kept."""
    sides = (taken.length_mm, taken.width_mm, taken.height_mm)
    told = [side for side in sides if side is not None]
    size = (told[0], told[1], told[2]) if len(told) == 3 else None
    if size is None and kept is not None:
        size = kept.length_mm, kept.width_mm, kept.height_mm
    weight = taken.weight_grams
    return Thing(
        sku=taken.sku,
        title=taken.sku,
        quantity=taken.quantity,
        size=size,
        weight_grams=kept.weight_grams if weight is None and kept else weight,
        this_way_up=taken.this_way_up or bool(kept and kept.this_way_up),
        fragile=taken.fragile or bool(kept and kept.fragile),
    )


def plan_given(plan: Plan) -> PlanGiven:
    """Write a plan."""
    return PlanGiven(
        is_whole=plan.is_whole,
        boxes=[_planned(each) for each in plan.boxes],
        not_packed=[
            NotPackedGiven(item=each.thing, sku=plan.things[each.thing].sku, reason=each.reason.value)
            for each in plan.not_packed
        ],
        unknown_skus=[plan.things[each].sku for each in plan.unknown],
        unweighed_skus=[plan.things[each].sku for each in plan.unweighed],
    )


def packing_given(packing: Packing) -> PackingGiven:
    """Write what an order was packed in."""
    return PackingGiven(box_ids=list(packing.box_ids), packed_by=packing.by, packed_at=packing.at)


def saving_given(saving: Saving, days: int) -> SavingGiven:
    """Write what was saved."""
    return SavingGiven(
        days=days,
        orders=saving.orders,
        compared=saving.compared,
        boxes_liters=_liters(saving.used_mm3),
        items_liters=_liters(saving.items_mm3),
        air_liters=_liters(saving.air_mm3),
        usual_boxes_liters=_liters(saving.usual_mm3),
        spared_liters=_liters(saving.spared_mm3),
        missed_liters=_liters(saving.missed_mm3),
    )


def _planned(planned: PlannedBox) -> PlannedBoxGiven:
    box = planned.packed.box
    box_id: UUID | None = planned.box.id
    return PlannedBoxGiven(
        box_id=box_id,
        name=planned.box.name,
        times=planned.times,
        length_mm=box.length,
        width_mm=box.width,
        height_mm=box.height,
        share_used=round(planned.share_used, 4),
        grams=planned.grams,
        placements=[
            PackedPlacementGiven(
                item=each.item,
                x_mm=each.x,
                y_mm=each.y,
                z_mm=each.z,
                length_mm=each.length,
                width_mm=each.width,
                height_mm=each.height,
            )
            for each in planned.packed.placed
        ],
        layers=[
            LayerGiven(
                height_mm=layer.height_mm,
                puts=[PutGiven(item=put.item, count=put.count, way=put.way.value) for put in layer.puts],
            )
            for layer in planned.layers
        ],
        picture_svg=planned.picture or None,
    )


def _liters(mm3: int) -> float:
    return round(mm3 / 1_000_000, 2)
