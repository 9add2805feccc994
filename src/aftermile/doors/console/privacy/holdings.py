"""What is held on a shopper, room by room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from aftermile.capabilities.exceptions.public import ExceptionView, exceptions_of
from aftermile.capabilities.orders.public import OrderView, list_orders
from aftermile.capabilities.shipments.public import ShipmentView, shipments_of_orders
from aftermile.capabilities.shoppers.public import ShopperView, shopper

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Holdings:
    """All of it, as views of the rooms."""

    shopper: ShopperView
    orders: tuple[OrderView, ...]
    shipments: tuple[ShipmentView, ...]
    exceptions: tuple[ExceptionView, ...]

    @property
    def parcel_count(self) -> int:
        return len({parcel.id for shipment in self.shipments for parcel in shipment.parcels})

    @property
    def scan_count(self) -> int:
        return sum(parcel.event_count for shipment in self.shipments for parcel in shipment.parcels)

    @property
    def note_count(self) -> int:
        return sum(bool(each.note) for each in self.exceptions)

    def counts(self) -> dict[str, int]:
        """Return how much there is, by what it is; no word of it tells who."""
        return {
            "contact_points": len(self.shopper.contact_points),
            "consents": len(self.shopper.consents),
            "orders": len(self.orders),
            "parcels": self.parcel_count,
            "scans": self.scan_count,
            "notes": self.note_count,
        }


def holdings(shopper_id: UUID, *, with_scans: bool = False) -> Holdings:
    """Gather what is held on a shopper; an id that was merged away gives who it is now.

    :raises ShopperNotFound: no such shopper.
    """
    view = shopper(shopper_id)
    theirs = tuple(_orders_of(view.id))
    ids = [order.id for order in theirs]
    shipments = shipments_of_orders(ids, with_events=with_scans)
    return Holdings(
        view,
        theirs,
        tuple(shipment for order_id in ids for shipment in shipments[order_id]),
        tuple(exceptions_of(order_ids=ids)) if ids else (),
    )


def _orders_of(shopper_id: UUID) -> Iterator[OrderView]:
    after = None
    while page := list_orders(shopper_id=shopper_id, after=after, limit=_AT_ONCE):
        yield from page
        after = page[-1].id
