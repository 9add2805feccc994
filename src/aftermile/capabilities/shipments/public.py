"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.shipments.deliveries import Delivery, deliveries
from aftermile.capabilities.shipments.events import (
    MilestoneReached,
    ParcelRecorded,
    ParcelResumed,
    ParcelTracked,
    ParcelWithdrawn,
    ShipmentRecorded,
)
from aftermile.capabilities.shipments.operations.complete_parcels import (
    COMPLETED_BY_HAND,
    complete_parcels,
    take_back_completion,
)
from aftermile.capabilities.shipments.operations.keep_parcel import (
    ParcelNotFound,
    annotate_parcel,
    complete_parcel,
    resume_parcel,
    resume_parcels,
    withdraw_parcel,
    withdraw_parcels,
)
from aftermile.capabilities.shipments.operations.record_fulfilments import (
    RecordedShipment,
    record_fulfilments,
)
from aftermile.capabilities.shipments.operations.record_tracking import Tracked, record_tracking
from aftermile.capabilities.shipments.page_reads import reading_shipments, watching_shipments
from aftermile.capabilities.shipments.passages import (
    Passage,
    delivered_passages,
    open_passages,
    reading_passages,
)
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
from aftermile.capabilities.shipments.silences import Moving, Scanned, moving, scanned
from aftermile.capabilities.shipments.travels import Travel, orders_of_parcels, travels
from aftermile.capabilities.shipments.watching import (
    OPEN_MILESTONES,
    WatchedParcel,
    last_scans,
    open_parcels,
    reading_shipped_among,
    shipped_among,
    watched_parcels,
)

__all__ = [
    "COMPLETED_BY_HAND",
    "OPEN_MILESTONES",
    "Delivery",
    "MilestoneReached",
    "Moving",
    "ParcelNotFound",
    "ParcelRecorded",
    "ParcelResumed",
    "ParcelTracked",
    "ParcelView",
    "ParcelWithdrawn",
    "Passage",
    "Reading",
    "RecordedShipment",
    "Scan",
    "Scanned",
    "ShipmentRecorded",
    "ShipmentView",
    "Summary",
    "Tracked",
    "TrackingEventView",
    "Travel",
    "WatchedParcel",
    "annotate_parcel",
    "complete_parcel",
    "complete_parcels",
    "count_parcels",
    "delivered_passages",
    "deliveries",
    "fold",
    "last_scans",
    "list_parcels",
    "list_shipments",
    "moving",
    "number_key",
    "open_numbers",
    "open_parcels",
    "open_passages",
    "orders_of_parcels",
    "parcel",
    "parcels",
    "parcels_by_number",
    "reading_passages",
    "reading_shipments",
    "reading_shipped_among",
    "record_fulfilments",
    "record_tracking",
    "resume_parcel",
    "resume_parcels",
    "scanned",
    "shipment",
    "shipment_by_external",
    "shipments",
    "shipments_of_orders",
    "shipped_among",
    "take_back_completion",
    "travels",
    "watched_parcels",
    "watching_shipments",
    "withdraw_parcel",
    "withdraw_parcels",
]
