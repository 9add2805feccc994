"""The plan of how to pack something: which boxes, where each thing lies, and what nobody knows the size of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from aftermile.capabilities.catalog.public import variants_by_external
from aftermile.capabilities.orders.public import OrderLineView, OrderView
from aftermile.capabilities.packing.drawing import draw
from aftermile.capabilities.packing.fitting.choosing import Reason, choose
from aftermile.capabilities.packing.fitting.words import Box, Item, Packed
from aftermile.capabilities.packing.measures import LONGEST_MM
from aftermile.capabilities.packing.queries import BoxView, SizeView, sizes
from aftermile.capabilities.packing.steps import Layer, layers
from aftermile.kernel.errors import Conflict, Invalid

#: More pieces than these are no parcel; a plan of them could take longer than a request may.
MOST_PIECES = 5_000


class NoBoxes(Conflict):
    """There are no boxes to choose from."""

    code = "no_packing_boxes"
    message = "There are no boxes to choose from: send `boxes`, or add those of the shop in the settings."


class TooManyPieces(Invalid):
    """More pieces are to be packed than one plan holds."""

    code = "too_many_pieces"
    message = f"A plan holds at most {MOST_PIECES} pieces; divide them and ask for each part."


class SizesUnknown(Invalid):
    """The size of some things is not known, and none is guessed; `details.skus` names them."""

    code = "item_sizes_unknown"
    message = (
        "Nobody knows how large some of these are; `details.skus` names them. Send their sizes, or keep them."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something to be packed; no `size` where nobody knows it."""

    sku: str
    title: str
    quantity: int
    size: tuple[int, int, int] | None = None
    weight_grams: int | None = None
    this_way_up: bool = False
    fragile: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedBox:
    """A box to choose from; one of the shop's has its id."""

    fitted: Box
    name: str
    empty_grams: int = 0
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBox:
    """A box with what lies in it, and so many alike.

    `grams` with the box itself; None where a weight is unknown. `picture` is SVG; empty when too much is in it.
    """

    box: OfferedBox
    times: int
    packed: Packed
    layers: tuple[Layer, ...]
    grams: int | None
    picture: str

    @property
    def share_used(self) -> float:
        """The share of the box that is full."""
        return self.packed.filled / self.packed.box.volume


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPacked:
    """A thing that fits into no box, with why."""

    thing: int
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to pack things. `unknown` and `unweighed`: places of things whose size, or weight, nobody knows."""

    things: tuple[Thing, ...]
    boxes: tuple[PlannedBox, ...] = ()
    not_packed: tuple[NotPacked, ...] = ()
    unknown: tuple[int, ...] = ()
    unweighed: tuple[int, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether everything is in a box."""
        return bool(self.boxes) and not self.not_packed and not self.unknown

    @property
    def box_count(self) -> int:
        return sum(each.times for each in self.boxes)

    @property
    def boxes_mm3(self) -> int:
        return sum(each.times * each.packed.box.volume for each in self.boxes)

    @property
    def items_mm3(self) -> int:
        return sum(each.times * each.packed.filled for each in self.boxes)


def offered(boxes: Sequence[BoxView]) -> list[OfferedBox]:
    """Offer the shop's boxes."""
    return [
        OfferedBox(fitted=each.fitted, name=each.name, empty_grams=each.empty_grams, id=each.id)
        for each in boxes
    ]


def plan(things: Sequence[Thing], boxes: Sequence[OfferedBox], *, drawn: bool = True) -> Plan:
    """Choose boxes for things: the smallest one that takes all, or several.

    What nobody knows the size of is left out and named; nothing is guessed.

    :raises NoBoxes: there is none to choose from.
    :raises TooManyPieces: more than a plan holds.
    """
    if not boxes:
        raise NoBoxes
    if sum(thing.quantity for thing in things) > MOST_PIECES:
        raise TooManyPieces
    items = [_item(thing) for thing in things]
    choice = choose(items, [each.fitted for each in boxes])
    by_key = {each.fitted.key: each for each in boxes}
    planned = []
    for _, alike in groupby(choice.packed, key=id):
        same = list(alike)
        packed, box = same[0], by_key[same[0].box.key]
        grams = packed.grams(items)
        label = f"{box.name} with {len(packed.placed)} thing{'' if len(packed.placed) == 1 else 's'} in it"
        planned.append(
            PlannedBox(
                box=box,
                times=len(same),
                packed=packed,
                layers=layers(packed, items),
                grams=None if grams is None else grams + box.empty_grams,
                picture=draw(packed, label=label) if drawn else "",
            )
        )
    return Plan(
        things=tuple(things),
        boxes=tuple(planned),
        not_packed=tuple(NotPacked(thing=each.item, reason=each.reason) for each in choice.left_out),
        unknown=tuple(n for n, thing in enumerate(things) if thing.size is None and thing.quantity),
        unweighed=tuple(
            n
            for n, thing in enumerate(things)
            if thing.weight_grams is None and thing.size and thing.quantity
        ),
    )


def lines_to_pack(order: OrderView) -> list[OrderLineView]:
    """List the lines of an order of which something goes into a box."""
    return [
        line
        for line in order.lines
        if line.requires_shipping and not line.removed and line.quantity > line.cancelled_quantity
    ]


def things_of(order: OrderView) -> list[Thing]:
    """List what of an order is to be packed, as large as the shop measured it, or as its storefront says."""
    lines = lines_to_pack(order)
    measured = sizes([line.sku for line in lines if line.sku])
    variants = variants_by_external(
        order.source, {line.variant_external_id for line in lines if line.variant_external_id}
    )
    found = []
    for line in lines:
        own, variant = measured.get(line.sku), variants.get(line.variant_external_id)
        sides = (variant.length_mm, variant.width_mm, variant.height_mm) if variant else ()
        told = [side for side in sides if side is not None and 0 < side <= LONGEST_MM]
        weight = own.weight_grams if own else None
        if weight is None and variant is not None:
            weight = variant.weight_grams or None  # a storefront writes 0 where nobody weighed it
        found.append(
            Thing(
                sku=line.sku,
                title=line.title or line.sku or "Item",
                quantity=line.quantity - line.cancelled_quantity,
                size=_sides(own) if own else (told[0], told[1], told[2]) if len(told) == 3 else None,
                weight_grams=weight,
                this_way_up=own.this_way_up if own else False,
                fragile=own.fragile if own else False,
            )
        )
    return found


def _sides(view: SizeView) -> tuple[int, int, int]:
    return view.length_mm, view.width_mm, view.height_mm


def _item(thing: Thing) -> Item:
    length, width, height = thing.size or (1, 1, 1)
    return Item(
        key=thing.sku,
        length=length,
        width=width,
        height=height,
        quantity=thing.quantity if thing.size else 0,
        stands_on=(False, False, True) if thing.this_way_up else (True, True, True),
        weight_grams=thing.weight_grams,
        fragile=thing.fragile,
    )
