"""An order's packing: its slip as a file, and the note of what it was packed in."""

from __future__ import annotations

import re
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from aftermile.capabilities.orders.public import OrderNotFound, order
from aftermile.capabilities.packing.public import (
    BoxesUnusable,
    BoxNotFound,
    forget_packing,
    packing_of,
    record_packing,
    write_slip,
)
from aftermile.capabilities.team.public import Permission
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.how_to_pack import plan_for_slip
from aftermile.doors.console.page import Done, Note, Undo
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id


@console_page(Permission.ORDERS_READ)
def slip(request: HttpRequest, desk: Desk, key: str) -> HttpResponse:  # noqa: ARG001
    """Send an order's packing slip."""
    view = order(_order_id(key))
    pdf = write_slip(
        view,
        plan_for_slip(view),
        shop=desk.merchant,
        page_url=f"{settings.CONFIG.public_url}/t/{view.page_token}",
    )
    name = re.sub(r"[^A-Za-z0-9-]+", "", view.number) or "order"
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="packing-slip-{name}.pdf"'
    return response


@act(Permission.SHIPMENTS_ACT)
def packed(request: HttpRequest, desk: Desk, key: str) -> Done:
    """Note what an order was packed in."""
    order_id = _order_id(key)
    before = packing_of(order_id)
    noted = record_packing(
        order_id=order_id, box_ids=_boxes(request.POST.getlist("box")), by=desk.by, at=desk.at
    )
    count = len(noted.box_ids)
    undo = Undo(action=desk.url("console-order-unpacked", key))
    if before is not None:
        undo = Undo(
            action=desk.url("console-order-packed", key),
            fields=tuple(("box", public_id("box", each)) for each in before.box_ids),
        )
    return Done(
        said=f"Noted: packed in {'one box' if count == 1 else f'{count} boxes'}.",
        back=f"{desk.url('console-order', key)}#how-to-pack",
        notes=(
            Note(
                act="order.packed",
                subject=key,
                summary="Noted what the order was packed in",
                details={"boxes": [public_id("box", each) for each in noted.box_ids]},
            ),
        ),
        undo=undo,
    )


@act(Permission.SHIPMENTS_ACT)
def unpacked(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Take the note of an order's packing back."""
    forget_packing(order_id=_order_id(key))
    return Done(
        said="The note is taken back.",
        back=f"{desk.url('console-order', key)}#how-to-pack",
        notes=(Note(act="order.unpacked", subject=key, summary="Took back what the order was packed in"),),
    )


def _order_id(key: str) -> UUID:
    try:
        return read_public_id("ord", key)
    except BadPublicId:
        raise OrderNotFound from None


def _boxes(keys: list[str]) -> list[UUID]:
    chosen = [each for each in keys if each]
    if not chosen:
        raise BoxesUnusable("Choose the box the order was packed in.")
    try:
        return [read_public_id("box", each) for each in chosen]
    except BadPublicId:
        raise BoxNotFound from None


urls = [
    path("orders/<str:key>/packing-slip.pdf", slip, name="console-packing-slip"),
    path("orders/<str:key>/packed/", packed, name="console-order-packed"),
    path("orders/<str:key>/unpacked/", unpacked, name="console-order-unpacked"),
]
