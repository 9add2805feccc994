"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.shipments.events import (
    MilestoneReached,
    ParcelRecorded,
    ParcelTracked,
    ParcelWithdrawn,
    ShipmentRecorded,
)
from aftermile.capabilities.shipments.operations.keep_parcel import (
    COMPLETED_BY_HAND,
    ParcelNotFound,
    annotate_parcel,
    complete_parcel,
    resume_parcel,
    withdraw_parcel,
)
from aftermile.capabilities.shipments.operations.record_fulfilments import (
    RecordedShipment,
    record_fulfilments,
)
from aftermile.capabilities.shipments.operations.record_tracking import Tracked, record_tracking
from aftermile.capabilities.shipments.policy import number_key
from aftermile.capabilities.shipments.progress import Reading, Scan, Summary, fold
from aftermile.capabilities.shipments.queries import (
    ParcelView,
    ShipmentView,
    TrackingEventView,
    count_parcels,
    list_parcels,
    list_shipments,
    open_numbers,
    parcel,
    parcels,
    parcels_by_number,
    shipment,
    shipment_by_external,
    shipments,
    shipments_of_orders,
)

__all__ = [
    "COMPLETED_BY_HAND",
    "MilestoneReached",
    "ParcelNotFound",
    "ParcelRecorded",
    "ParcelTracked",
    "ParcelView",
    "ParcelWithdrawn",
    "Reading",
    "RecordedShipment",
    "Scan",
    "ShipmentRecorded",
    "ShipmentView",
    "Summary",
    "Tracked",
    "TrackingEventView",
    "annotate_parcel",
    "complete_parcel",
    "count_parcels",
    "fold",
    "list_parcels",
    "list_shipments",
    "number_key",
    "open_numbers",
    "parcel",
    "parcels",
    "parcels_by_number",
    "record_fulfilments",
    "record_tracking",
    "resume_parcel",
    "shipment",
    "shipment_by_external",
    "shipments",
    "shipments_of_orders",
    "withdraw_parcel",
]
