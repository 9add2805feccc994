"""Packing: the shop's boxes, how large its things are, which box to take, and the slip."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import Annotated

from ninja import Router
from pydantic import Field, StringConstraints

from aftermile.capabilities.orders.public import OrderNotFound, order
from aftermile.capabilities.packing.public import (
    LONGEST_SKU,
    BoxesUnusable,
    BoxNotFound,
    BoxUnusable,
    NoBoxes,
    Plan,
    SizeNotFound,
    SizesUnknown,
    SizeUnusable,
    TooManyBoxes,
    TooManyPieces,
    archive_box,
    box,
    boxes,
    keep_box,
    keep_sizes,
    list_sizes,
    offered,
    plan,
    record_packing,
    remove_size,
    saving,
    sizes,
    things_of,
    write_slip,
)
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import Limit, OrderId, PackingBoxId
from aftermile.doors.api.page_urls import page_url
from aftermile.doors.api.paging import DEFAULT_LIMIT
from aftermile.doors.api.shapes.packing import (
    BoxesShown,
    BoxShown,
    BoxTaken,
    PackingGiven,
    PackingTaken,
    PlanGiven,
    PlanTaken,
    SavingGiven,
    SizeShown,
    SizesKept,
    SizesShown,
    SizesTaken,
    SlipGiven,
    box_shown,
    boxes_offered,
    packing_given,
    plan_given,
    saving_given,
    size_shown,
    thing,
)
from aftermile.kernel.access import Caller
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import current_merchant

router = Router(tags=["Packing"])

_READ, _WRITE = "packing:read", "packing:write"
_Sku = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SKU)]
_Days = Annotated[int, Field(ge=1, le=366, description="How far back.")]


@endpoint(router, "POST", "/packing/plans", scope=_READ, returns=PlanGiven,
          refusals=[NoBoxes, TooManyPieces, SizesUnknown])  # fmt: skip
def plan_packing(items: PlanTaken) -> PlanGiven:
    """Choose boxes for things.

    The smallest box that takes all, or several. Nothing is put on what is fragile, three quarters of each base rest on
    something, and no box is heavier than it may be. The same question has the same answer; nothing is kept.
    """
    kept = sizes({each.sku for each in items.items if each.sku})
    things = [thing(each, kept.get(each.sku)) for each in items.items]
    unknown = [each.sku for each in things if each.size is None]
    if unknown:
        raise SizesUnknown(details={"skus": unknown[:100]})
    given = offered(boxes()) if items.boxes is None else boxes_offered(items.boxes)
    return plan_given(plan(things, given, drawn=items.pictures))


@endpoint(router, "GET", "/orders/{order_id}/packing-plan", scope=_READ, returns=PlanGiven,
          refusals=[OrderNotFound, NoBoxes, TooManyPieces])  # fmt: skip
def read_packing_plan(order_id: OrderId) -> PlanGiven:
    """Choose boxes for an order.

    An item's size is the one kept for its SKU, else its product's. What has none is named and in no box.
    """
    return plan_given(plan(things_of(order(order_id)), offered(boxes())))


@endpoint(router, "GET", "/orders/{order_id}/packing-slip", scope=_READ, returns=SlipGiven,
          refusals=[OrderNotFound])  # fmt: skip
def read_packing_slip(order_id: OrderId) -> SlipGiven:
    """Set an order's packing slip as a PDF, in the shop's look and the shopper's language.

    It shows how the order is packed, where sizes and boxes are known.
    """
    view = order(order_id)
    made: Plan | None
    try:
        made = plan(things_of(view), offered(boxes()))
    except (NoBoxes, TooManyPieces):
        made = None
    pdf = write_slip(view, made, shop=current_merchant(), page_url=page_url(view))
    name = re.sub(r"[^A-Za-z0-9-]+", "", view.number) or "order"
    return SlipGiven(
        file_name=f"packing-slip-{name}.pdf",
        content_type="application/pdf",
        content_base64=base64.b64encode(pdf).decode(),
    )


@endpoint(router, "POST", "/orders/{order_id}/packing", scope=_WRITE, returns=PackingGiven,
          refusals=[OrderNotFound, BoxNotFound, BoxesUnusable])  # fmt: skip
def record_order_packing(caller: Caller, order_id: OrderId, packing: PackingTaken) -> PackingGiven:
    """Note which boxes an order was packed in. What was saved is counted from it.

    The same again changes nothing; other boxes take the place of those noted before.
    """
    noted = record_packing(order_id=order_id, box_ids=packing.box_ids, by=caller.name, at=now())
    return packing_given(noted)


@endpoint(router, "GET", "/packing/savings", scope=_READ, returns=SavingGiven)
def read_packing_savings(days: _Days = 30) -> SavingGiven:
    """Add up what choosing boxes saved, against the usual box."""
    return saving_given(saving(since=now() - timedelta(days=days)), days)


@endpoint(router, "GET", "/packing/boxes", scope=_READ, returns=BoxesShown)
def list_packing_boxes(archived: bool = False) -> BoxesShown:
    """List the shop's boxes, the smallest first."""
    return BoxesShown(data=[box_shown(view) for view in boxes(archived=archived)])


@endpoint(router, "POST", "/packing/boxes", scope=_WRITE, returns=BoxShown,
          refusals=[BoxUnusable, TooManyBoxes])  # fmt: skip
def make_packing_box(caller: Caller, box: BoxTaken) -> BoxShown:
    """Add a box, measured inside."""
    return box_shown(keep_box(given=box.given, by=caller.name, at=now()))


@endpoint(router, "GET", "/packing/boxes/{packing_box_id}", scope=_READ, returns=BoxShown,
          refusals=[BoxNotFound])  # fmt: skip
def read_packing_box(packing_box_id: PackingBoxId) -> BoxShown:
    """Read a box."""
    return box_shown(box(packing_box_id))


@endpoint(router, "PUT", "/packing/boxes/{packing_box_id}", scope=_WRITE, returns=BoxShown,
          refusals=[BoxNotFound, BoxUnusable, TooManyBoxes])  # fmt: skip
def put_packing_box(caller: Caller, packing_box_id: PackingBoxId, changed: BoxTaken) -> BoxShown:
    """Change a box; one that is archived is in use again."""
    return box_shown(keep_box(given=changed.given, box_id=packing_box_id, by=caller.name, at=now()))


@endpoint(router, "POST", "/packing/boxes/{packing_box_id}/archiving", scope=_WRITE, returns=BoxShown,
          refusals=[BoxNotFound])  # fmt: skip
def archive_packing_box(caller: Caller, packing_box_id: PackingBoxId) -> BoxShown:
    """Put a box away: nothing is packed in it any more. Again: nothing changes."""
    return box_shown(archive_box(box_id=packing_box_id, by=caller.name, at=now()))


@endpoint(router, "GET", "/packing/sizes", scope=_READ, returns=SizesShown)
def list_item_sizes(cursor: _Sku | None = None, limit: Limit = DEFAULT_LIMIT) -> SizesShown:
    """List how large things are, by SKU."""
    found = list_sizes(after=cursor or "", limit=limit + 1)
    return SizesShown(
        data=[size_shown(view) for view in found[:limit]],
        next_cursor=found[limit - 1].sku if len(found) > limit else None,
    )


@endpoint(router, "POST", "/packing/sizes", scope=_WRITE, returns=SizesKept, refusals=[SizeUnusable])
def keep_item_sizes(caller: Caller, sizes: SizesTaken) -> SizesKept:
    """Keep how large things are, by SKU: all of them, or none."""
    return SizesKept(changed=keep_sizes(given=sizes.given, by=caller.name, at=now()))


@endpoint(router, "DELETE", "/packing/sizes/{any:sku}", scope=_WRITE, returns=SizeShown,
          refusals=[SizeNotFound])  # fmt: skip
def remove_item_size(sku: _Sku) -> SizeShown:
    """Forget how large something is."""
    return size_shown(remove_size(sku=sku))
