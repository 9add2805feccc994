"""What a page reads of an order's shipments: all of it in one step."""

from __future__ import annotations

from uuid import UUID

from aftermile.capabilities.shipments.models import Parcel, Shipment, ShipmentParcel, TrackingEvent
from aftermile.capabilities.shipments.queries import ShipmentView, parcel_views, shipment_views
from aftermile.kernel.reads import Read, Watched, as_rows, rows_where, watched
from aftermile.kernel.rowsets import Statement
from aftermile.kernel.tenancy import current_merchant_id

_SHIPMENTS = "SELECT id FROM shipments_shipment WHERE merchant_id = %s AND order_id = %s"
_PARCELS = f"SELECT parcel_id FROM shipments_shipment_parcel WHERE merchant_id = %s AND shipment_id IN ({_SHIPMENTS})"


def watching_shipments(order_id: UUID) -> tuple[Watched, ...]:
    """Watch an order's shipments, with their parcels and scans."""
    merchant_id = current_merchant_id()
    of_shipments, of_parcels = [merchant_id, order_id], [merchant_id, merchant_id, order_id]
    return (
        watched(Shipment, "order_id = %s", [order_id]),
        watched(ShipmentParcel, f"shipment_id IN ({_SHIPMENTS})", of_shipments),
        watched(Parcel, f"id IN ({_PARCELS})", of_parcels),
        watched(TrackingEvent, f"parcel_id IN ({_PARCELS})", of_parcels),
    )


def reading_shipments(order_id: UUID) -> Read[list[ShipmentView]]:
    """Read an order's shipments, oldest first, with their parcels and scans."""
    merchant_id = current_merchant_id()
    of_shipments, of_parcels = [merchant_id, order_id], [merchant_id, merchant_id, order_id]
    shipments, links, parcels, scans, belongs = yield [
        rows_where(Shipment, "order_id = %s", [order_id], then="ORDER BY id"),
        rows_where(
            ShipmentParcel,
            f"shipment_id IN ({_SHIPMENTS})",
            of_shipments,
            then="ORDER BY position, parcel_id",
        ),
        rows_where(Parcel, f"id IN ({_PARCELS})", of_parcels),
        rows_where(
            TrackingEvent, f"parcel_id IN ({_PARCELS})", of_parcels, then="ORDER BY occurred_at DESC, id DESC"
        ),
        Statement(
            "SELECT l.parcel_id, l.shipment_id, s.order_id FROM shipments_shipment_parcel l"
            " JOIN shipments_shipment s ON s.merchant_id = l.merchant_id AND s.id = l.shipment_id"
            f" WHERE l.merchant_id = %s AND l.parcel_id IN ({_PARCELS}) ORDER BY l.shipment_id",
            (merchant_id, *of_parcels),
            list,
        ),
    ]
    boxes = parcel_views(as_rows(Parcel, parcels), as_rows(TrackingEvent, scans), belongs)
    return shipment_views(
        as_rows(Shipment, shipments), as_rows(ShipmentParcel, links), {box.id: box for box in boxes}
    )
