"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.search.filters import Filters, Listing, read_filters, write_query
from aftermile.capabilities.search.operations.exports import count_old_exports, drop_export, order_export
from aftermile.capabilities.search.operations.views import ViewUnusable, drop_view, keep_view
from aftermile.capabilities.search.policy import folded
from aftermile.capabilities.search.queries import (
    COUNTED_AT_MOST,
    CursorUnreadable,
    ExportNotFound,
    ExportView,
    Found,
    OrderEntryView,
    ParcelEntryView,
    SavedViewView,
    carriers_and_countries,
    count,
    count_by_standing,
    export,
    export_part,
    exports_of,
    find_orders,
    find_parcels,
    order_entries,
    orders_of_shopper,
    parcel_entries,
    saved_views,
)

__all__ = [
    "COUNTED_AT_MOST",
    "CursorUnreadable",
    "ExportNotFound",
    "ExportView",
    "Filters",
    "Found",
    "Listing",
    "OrderEntryView",
    "ParcelEntryView",
    "SavedViewView",
    "ViewUnusable",
    "carriers_and_countries",
    "count",
    "count_by_standing",
    "count_old_exports",
    "drop_export",
    "drop_view",
    "export",
    "export_part",
    "exports_of",
    "find_orders",
    "find_parcels",
    "folded",
    "keep_view",
    "order_entries",
    "order_export",
    "orders_of_shopper",
    "parcel_entries",
    "read_filters",
    "saved_views",
    "write_query",
]
