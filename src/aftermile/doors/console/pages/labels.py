"""Labels on orders: put on and taken off, for one order or for all that were chosen in a list."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.orders.public import label_orders
from aftermile.capabilities.team.public import Permission
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Done, Note, Undo
from aftermile.doors.console.staff_only import act, back_to
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_MOST_CHOSEN = 500


@act(Permission.ORDERS_ACT)
def put_on(request: HttpRequest, desk: Desk) -> Done:
    """Put a label on orders."""
    done = label_orders(order_ids=_chosen(request), add=[_label(request)], by=desk.by, at=desk.at)
    (name,) = done.names
    return _done(
        request, desk, done.order_ids, name,
        act="orders.label",
        said=f"Put “{name}” on {_orders(done.order_ids)}.",
        nothing=f"Nothing to do: “{name}” is there already.",
        way_back="console-orders-unlabel",
    )  # fmt: skip


@act(Permission.ORDERS_ACT)
def take_off(request: HttpRequest, desk: Desk) -> Done:
    """Take a label off orders."""
    done = label_orders(order_ids=_chosen(request), remove=[_label(request)], by=desk.by, at=desk.at)
    (name,) = done.names
    return _done(
        request, desk, done.order_ids, name,
        act="orders.unlabel",
        said=f"Took “{name}” off {_orders(done.order_ids)}.",
        nothing=f"Nothing to do: none of them has “{name}”.",
        way_back="console-orders-label",
    )  # fmt: skip


def _done(
    request: HttpRequest,
    desk: Desk,
    changed: Sequence[UUID],
    name: str,
    *,
    act: str,
    said: str,
    nothing: str,
    way_back: str,
) -> Done:
    back = back_to(request, desk)
    if not changed:
        return Done(said=nothing, back=back, notes=(), tone="calm")
    keys = [public_id("ord", each) for each in changed]
    subject, details = (keys[0], {}) if len(keys) == 1 else ("", {"orders": keys})
    return Done(
        said=said,
        back=back,
        notes=(Note(act=act, summary=said, subject=subject, details=details),),
        # Of those that changed alone: what had the label before keeps it.
        undo=Undo(
            action=desk.url(way_back),
            fields=(*(("chosen", key) for key in keys), ("label", name), ("back", back)),
        ),
    )


def _chosen(request: HttpRequest) -> list[UUID]:
    ids = []
    for key in request.POST.getlist("chosen")[:_MOST_CHOSEN]:
        try:
            ids.append(read_public_id("ord", key))
        except BadPublicId:
            continue
    return ids


def _label(request: HttpRequest) -> str:
    return request.POST.get("label", "")


def _orders(ids: Sequence[UUID]) -> str:
    return f"{len(ids)} order{'' if len(ids) == 1 else 's'}"


urls = [
    path("orders/label/", put_on, name="console-orders-label"),
    path("orders/unlabel/", take_off, name="console-orders-unlabel"),
]
