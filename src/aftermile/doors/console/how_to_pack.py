"""How to pack an order, as its page shows it: boxes with picture and steps, and what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.safestring import SafeString, mark_safe

from aftermile.capabilities.orders.public import OrderView
from aftermile.capabilities.packing.public import (
    NoBoxes,
    Plan,
    PlannedBox,
    Reason,
    TooManyPieces,
    Way,
    box,
    boxes,
    offered,
    packing_of,
    plan,
    things_of,
)
from aftermile.capabilities.team.public import Permission
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.pages.boxes import grams_in_words
from aftermile.kernel.ids import public_id

#: More pieces are planned when somebody asks: the page of an order is not to wait for it.
_AT_ONCE = 40
_WAYS = {Way.UPRIGHT: "", Way.ON_SIDE: "on its side", Way.ON_END: "on end"}
_REASONS = {Reason.TOO_LARGE: "larger than any box", Reason.TOO_HEAVY: "too heavy for any box it fits into"}


@dataclass(frozen=True, slots=True)
class Step:
    """A layer: from where upwards, and what is put there."""

    where: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoxCard:
    """A box to take. `picture` is our own drawing."""

    name: str
    size: str
    full: str
    weight: str
    picture: SafeString
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HowToPack:
    """The section of an order's page. `asks`: nothing was planned yet, and this is where to ask for it."""

    cards: tuple[BoxCard, ...] = ()
    not_packed: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()  # what, and where to measure it ("" where they may not)
    unweighed: str = ""
    asks: str = ""
    too_many: bool = False
    setup_url: str = ""  # where boxes are added: there are none
    slip_url: str = ""
    packed_in: str = ""
    choices: tuple[tuple[str, str, bool], ...] = ()  # boxes to note: id, name, is it the one planned
    planned_ids: tuple[str, ...] = ()


def how_to_pack(view: OrderView, desk: Desk, key: str, *, asked: bool) -> HowToPack | None:
    """Plan an order's packing for its page; None where there is nothing to say."""
    own = boxes()
    may_set_up = desk.may(Permission.SETTINGS_MANAGE)
    may_note = desk.may(Permission.SHIPMENTS_ACT)
    if not own:
        return HowToPack(setup_url=desk.url("console-boxes")) if may_set_up else None
    things = things_of(view)
    if not things:
        return None
    slip_url, packed_in = desk.url("console-packing-slip", key), _packed_in(view)
    if sum(thing.quantity for thing in things) > _AT_ONCE and not asked:
        return HowToPack(asks="?pack=1#how-to-pack", slip_url=slip_url, packed_in=packed_in)
    try:
        made = plan(things, offered(own))
    except TooManyPieces:
        return HowToPack(too_many=True, slip_url=slip_url, packed_in=packed_in)
    planned = [each.box.id for each in made.boxes for _ in range(each.times) if each.box.id]
    return HowToPack(
        cards=tuple(_card(each, made) for each in made.boxes),
        not_packed=tuple(
            f"{made.things[each.thing].title}: {_REASONS[each.reason]}" for each in made.not_packed
        ),
        unknown=tuple(
            (
                made.things[each].title,
                f"{desk.url('console-size')}?{urlencode({'sku': made.things[each].sku})}"
                if may_set_up and made.things[each].sku
                else "",
            )
            for each in made.unknown
        ),
        unweighed=", ".join(made.things[each].title for each in made.unweighed),
        slip_url=slip_url,
        packed_in=packed_in,
        choices=tuple((public_id("box", each.id), each.name, planned == [each.id]) for each in own)
        if may_note
        else (),
        planned_ids=tuple(public_id("box", each) for each in planned) if may_note else (),
    )


def plan_for_slip(view: OrderView) -> Plan | None:
    """Plan an order's packing for its slip; None where there are no boxes, or too much to pack."""
    try:
        return plan(things_of(view), offered(boxes()))
    except (NoBoxes, TooManyPieces):
        return None


def _card(planned: PlannedBox, made: Plan) -> BoxCard:
    inside = planned.packed.box
    return BoxCard(
        name=f"{planned.times} × {planned.box.name}" if planned.times > 1 else planned.box.name,
        size=f"{inside.length} × {inside.width} × {inside.height} mm",
        full=f"{planned.share_used:.0%} full",
        weight=grams_in_words(planned.grams),
        picture=mark_safe(planned.picture),  # noqa: S308 - drawn by us of numbers; its label is escaped
        steps=tuple(
            Step(
                f"From {layer.height_mm} mm up" if layer.height_mm else "On the floor",
                tuple(
                    " ".join(
                        filter(
                            None,
                            (
                                f"{put.count} × {made.things[put.item].title}"
                                if put.count > 1
                                else made.things[put.item].title,
                                f"({put.item + 1})" + ("," if _WAYS[put.way] else ""),
                                _WAYS[put.way],
                            ),
                        )
                    )
                    for put in layer.puts
                ),
            )
            for layer in planned.layers
        ),
    )


def _packed_in(view: OrderView) -> str:
    """Name the boxes an order was packed in."""
    noted = packing_of(view.id)
    if noted is None:
        return ""
    names = [box(each).name for each in sorted(set(noted.box_ids))]
    counts = [noted.box_ids.count(each) for each in sorted(set(noted.box_ids))]
    return ", ".join(
        f"{count} × {name}" if count > 1 else name for name, count in zip(names, counts, strict=True)
    )
