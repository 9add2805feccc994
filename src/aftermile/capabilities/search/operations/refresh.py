"""Write entries anew from what the rooms know now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from aftermile.capabilities.orders.public import OrderView, orders
from aftermile.capabilities.search.models import OrderEntry, ParcelEntry
from aftermile.capabilities.search.policy import folded, standing
from aftermile.capabilities.shipments.public import ParcelView, ShipmentView, parcels, shipments_of_orders
from aftermile.connectors.contracts.facts import Direction
from aftermile.kernel.rowsets import Statement, insert, run_later
from aftermile.kernel.tenancy import current_merchant_id

_ORDER = (
    "id", "number", "source", "state", "standing", "placed_at", "shopper_id", "name", "email", "country", "currency",
    "total_minor", "carrier", "parcel_count", "promised_latest_date", "label_lines",
    "words",
)  # fmt: skip
_PARCEL = (
    "id", "tracking_number", "order_id", "order_number", "name", "direction", "milestone", "sub_status", "cause",
    "carrier", "service", "country", "shipped_at", "reached_at", "words",
)  # fmt: skip


def refresh_orders(*, order_ids: Collection[UUID]) -> int:
    """Write the entries of orders and of all their parcels; return how many orders there were.

    Run again it writes the same. Orders and parcels unknown to their rooms are left out. A constant number of
    statements.
    """
    _one_at_a_time()
    found = orders(order_ids)
    shipments = shipments_of_orders(list(found), with_events=False)
    rows = [_order_row(view, shipments[view.id]) for view in sorted(found.values(), key=lambda each: each.id)]
    run_later(insert(OrderEntry, _ORDER, rows, on_conflict=_replacing(_ORDER)))
    boxes = {box.id: box for each in shipments.values() for shipment in each for box in shipment.parcels}
    _write_parcels(boxes.values(), found)
    return len(found)


def refresh_parcels(*, parcel_ids: Collection[UUID]) -> None:
    """Write the entries of parcels, and of the orders they belong to: an order's standing is its parcels'."""
    _one_at_a_time()
    found = parcels(parcel_ids, with_events=False)
    if order_ids := {order_id for view in found.values() for order_id in view.order_ids}:
        refresh_orders(order_ids=order_ids)
    _write_parcels([view for view in found.values() if not view.order_ids], {})


def _one_at_a_time() -> None:
    """Let no other transaction of this merchant refresh: one that had read before would overwrite what is newer.

    Goes before the next read, in the same trip.
    """
    name = f"search {current_merchant_id()}"
    run_later(Statement("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (name,), list))


def _write_parcels(found: Collection[ParcelView], known: dict[UUID, OrderView]) -> None:
    rows = [_parcel_row(view, known) for view in sorted(found, key=lambda each: each.id)]
    run_later(insert(ParcelEntry, _PARCEL, rows, on_conflict=_replacing(_PARCEL)))


def _order_row(view: OrderView, shipments: Sequence[ShipmentView]) -> dict[str, Any]:
    outbound = {
        box.id: box
        for shipment in shipments
        for box in shipment.parcels
        if box.withdrawn_at is None
        and Direction.RETURN not in (shipment.direction, box.direction)
        and not (shipment.cancelled and not box.event_count)
    }
    address = view.shipping_address or view.billing_address
    shopper = view.shopper
    return {
        "id": view.id,
        "number": view.number,
        "source": view.source,
        "state": view.state,
        "standing": standing([box.milestone for box in outbound.values()]),
        "placed_at": view.placed_at or view.created_at,
        "shopper_id": shopper.id if shopper else None,
        "name": (shopper.name if shopper else "") or (address.name if address else ""),
        "email": shopper.email if shopper else "",
        "country": address.country if address else "",
        "currency": view.currency,
        "total_minor": view.total_minor,
        "carrier": next((box.carrier for box in outbound.values() if box.carrier), ""),
        "parcel_count": len(outbound),
        "promised_latest_date": view.promised_latest_date,
        "label_lines": "\n".join(["", *view.labels, ""]) if view.labels else "",
        "words": _words(
            view.number.removeprefix("#"),
            view.external_id,
            *((shopper.name, shopper.email, shopper.phone) if shopper else ()),
            *((address.name, address.city, address.postal_code) if address else ()),
            *(box.tracking_number for shipment in shipments for box in shipment.parcels),
        ),
    }


def _parcel_row(view: ParcelView, known: dict[UUID, OrderView]) -> dict[str, Any]:
    order = next((known[order_id] for order_id in view.order_ids if order_id in known), None)
    shopper = order.shopper if order else None
    address = order.shipping_address if order else None
    name = (shopper.name if shopper else "") or (address.name if address else "")
    return {
        "id": view.id,
        "tracking_number": view.tracking_number,
        "order_id": order.id if order else None,
        "order_number": order.number if order else "",
        "name": name,
        "direction": view.direction,
        "milestone": view.milestone,
        "sub_status": view.sub_status,
        "cause": view.cause,
        "carrier": view.carrier,
        "service": view.service,
        "country": str(view.destination.get("country") or (address.country if address else "")),
        "shipped_at": view.shipped_at or view.first_event_at or view.created_at,
        "reached_at": view.reached_at,
        "words": _words(
            view.tracking_number,
            order.number.removeprefix("#") if order else "",
            name,
            shopper.email if shopper else "",
            view.title,
        ),
    }


def _words(*texts: str) -> str:
    return folded(" ".join(dict.fromkeys(text for text in texts if text)))


def _replacing(columns: Sequence[str]) -> str:
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns if column != "id")
    return f"ON CONFLICT (merchant_id, id) DO UPDATE SET {changes}"
