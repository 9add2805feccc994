"""Whose records somebody asks for: a public id, a number or an id of a source, resolved to keys."""

from __future__ import annotations

from collections.abc import Iterable

from aftermile.capabilities.orders.public import OrderNotFound, order
from aftermile.capabilities.shipments.public import number_key, parcel, shipments_of_orders
from aftermile.intake import mentions
from aftermile.intake.models import Connection
from aftermile.kernel.bounds import LONGEST_ID
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id


def keys_about(text: str) -> frozenset[int]:
    """Return the keys of what a text names: an order (`ord_...`), a parcel (`par_...`), an order's number, a
    tracking number, or an order's id at its source. Empty when a public id names nothing.

    An order's own id finds all that told of it: its records at its source, and those of its tracking numbers.
    """
    said = text.strip()[:LONGEST_ID]
    if not said:
        return frozenset()
    prefix = said.partition("_")[0]
    try:
        if prefix == "ord":
            return _of_order(said)
        if prefix == "par":
            found = parcel(read_public_id("par", said))
            return frozenset(_of_numbers([found.tracking_number] if found else []))
    except OrderNotFound:
        return frozenset()
    except BadPublicId:
        pass  # a shop may number its orders so
    sources = [public_id("con", id_) for id_ in Connection.rows().values_list("id", flat=True)]
    return frozenset(
        {
            mentions.of_order_number(said),
            *_of_numbers([said]),
            *(mentions.of_order(source, said) for source in sources),
        }
    )


def _of_order(key: str) -> frozenset[int]:
    view = order(read_public_id("ord", key))
    shipments = shipments_of_orders([view.id], with_events=False)[view.id]
    return frozenset(
        {
            mentions.of_order(view.source, view.external_id),
            *(
                mentions.of_fulfilment(each.source, each.external_id)
                for each in shipments
                if each.external_id
            ),
            *_of_numbers(parcel.tracking_number for each in shipments for parcel in each.parcels),
        }
    )


def _of_numbers(numbers: Iterable[str]) -> set[int]:
    return {mentions.of_tracking_number(number) for number in numbers if number_key(number)}
