"""Labels: what staff call a kind of order, and which of them a shop uses."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from aftermile.capabilities.orders.models import Label, Order
from aftermile.kernel.errors import Invalid

LONGEST_LABEL = 40
MOST_LABELS = 20


class LabelUnusable(Invalid):
    """A label is empty, longer than 40 characters, or has a comma; lists are narrowed to labels with commas between."""

    code = "label_unusable"
    message = "A label is 1 to 40 characters long and has no comma."


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelView:
    """A label in use, as it is spelled in this shop."""

    name: str
    order_count: int


def read_labels(names: Iterable[str]) -> dict[str, str]:
    """Read labels as they were typed: by what they are compared by, as they are spelled.

    :raises LabelUnusable: one of them is none.
    """
    found: dict[str, str] = {}
    for typed in names:
        name = " ".join(typed.split())
        if not 0 < len(name) <= LONGEST_LABEL or "," in name or not name.isprintable():
            raise LabelUnusable(details={"label": typed[:200]})
        found.setdefault(folded(name), name)
    return found


def folded(name: str) -> str:
    """Write a label as it is compared: "VIP" and "vip" are one."""
    return name.casefold()


def labels_in_use() -> list[LabelView]:
    """List the labels of this shop's orders by the alphabet. One statement."""
    return [LabelView(name=row.name, order_count=row.order_count) for row in Label.rows().order_by("folded")]


def labels_of_orders(ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Read the labels of orders as they are this moment, which lists learn a little later. One statement."""
    rows = Order.rows().filter(id__in=set(ids)).values_list("id", "labels")
    return {order_id: tuple(labels) for order_id, labels in rows}
