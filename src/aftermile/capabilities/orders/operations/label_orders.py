"""Put labels on orders and take them off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from aftermile.capabilities.orders.events import OrderChanged
from aftermile.capabilities.orders.labels import MOST_LABELS, folded, read_labels
from aftermile.capabilities.orders.models import Label, Order
from aftermile.capabilities.orders.queries import OrderNotFound
from aftermile.kernel.errors import Invalid
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7
from aftermile.kernel.rowsets import insert_rows, update_rows
from aftermile.kernel.tenancy import current_merchant_id

_Labels = Mapping[str, str]  # by what they are compared by, as they are spelled


class TooManyLabels(Invalid):
    """An order would have more than 20 labels; nothing was changed."""

    code = "too_many_labels"
    message = "An order has at most 20 labels; take some off first. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Relabeled:
    """What became of labels: the orders that changed, and how what was given is spelled in this shop."""

    order_ids: tuple[UUID, ...]
    names: tuple[str, ...]


def label_orders(
    *,
    order_ids: Collection[UUID],
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    by: str,
    at: datetime,
) -> Relabeled:
    """Put labels on orders and take others off, for many orders at a time.

    Again it changes nothing. A label is spelled as it is on the orders that have it already, whatever its case
    here. Orders there are none of are left out. A constant number of statements.

    :raises LabelUnusable: one of them is no label.
    :raises TooManyLabels: for one of the orders; none is changed.
    """
    added, removed = read_labels(add), read_labels(remove)

    def change(held: _Labels, spelled: _Labels) -> _Labels:
        kept = {key: name for key, name in held.items() if key not in removed}
        return kept | {key: spelled[key] for key in added if key not in kept}

    return _relabel(order_ids, removed | added, change, by=by, at=at)


def set_labels(*, order_id: UUID, labels: Iterable[str], by: str, at: datetime) -> None:
    """Give one order exactly these labels. Again it changes nothing.

    :raises OrderNotFound: no such order.
    :raises LabelUnusable: one of them is no label.
    :raises TooManyLabels: there are more than 20.
    """
    wanted = read_labels(labels)
    if not Order.rows().filter(id=order_id).exists():
        raise OrderNotFound
    _relabel([order_id], wanted, lambda _, spelled: {key: spelled[key] for key in wanted}, by=by, at=at)


def _relabel(
    order_ids: Collection[UUID],
    given: _Labels,
    change: Callable[[_Labels, _Labels], _Labels],
    *,
    by: str,
    at: datetime,
) -> Relabeled:
    _one_at_a_time()
    spelled = dict(given) | dict(Label.rows().filter(folded__in=list(given)).values_list("folded", "name"))
    rows: list[dict[str, Any]] = []
    moved = Counter[str]()
    locked = Order.rows().select_for_update(no_key=True).filter(id__in=set(order_ids)).order_by("id")
    for order_id, labels in locked.values_list("id", "labels"):
        held = {folded(name): name for name in labels}
        after = change(held, spelled)
        if after.keys() == held.keys():
            continue
        if len(after) > MOST_LABELS:
            raise TooManyLabels
        moved.update(after.keys() - held.keys())
        moved.subtract(held.keys() - after.keys())
        spelled |= held
        rows.append({"id": order_id, "labels": [after[key] for key in sorted(after)], "changed_at": at})
    update_rows(Order, ("labels", "changed_at"), rows)
    _count({spelled[key]: number for key, number in moved.items()})
    publish(*(OrderChanged(order_id=row["id"], changed=("labels",)) for row in rows), by=by, at=at)
    return Relabeled(tuple(row["id"] for row in rows), tuple(spelled[key] for key in given))


def _one_at_a_time() -> None:
    """Let nobody else of this merchant label: two who name a new label at once would spell it in two ways."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"labels {current_merchant_id()}"]
        )


def _count(moved: Mapping[str, int]) -> None:
    """Count on how many orders each label is now; one that is on none is forgotten."""
    insert_rows(
        Label,
        ("id", "name", "folded", "order_count"),
        [
            {"id": uuid7(), "name": name, "folded": folded(name), "order_count": number}
            for name, number in moved.items()
            if number
        ],
        on_conflict="ON CONFLICT (merchant_id, folded)"
        " DO UPDATE SET order_count = stored.order_count + excluded.order_count",
    )
    Label.rows().filter(order_count__lte=0).delete()
