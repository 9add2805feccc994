"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.shipping.areas import COUNTRY, REGION, Area, Place
from aftermile.capabilities.shipping.operations.change_table import (
    ShippingTableChanged,
    change_table,
    restore_table,
)
from aftermile.capabilities.shipping.plan import (
    CarrierWeek,
    Kind,
    Method,
    Origin,
    Peak,
    Rate,
    ReturnTerms,
    ShippingPlan,
    Table,
    Transit,
    Zone,
)
from aftermile.capabilities.shipping.queries import (
    Shipping,
    TableView,
    reading_shipping,
    shipping,
    table_view,
    table_views,
)
from aftermile.capabilities.shipping.rates import Cart, Offer, Price, price_of
from aftermile.capabilities.shipping.tables import ShippingTableUnreadable, check_table, read_plan
from aftermile.capabilities.shipping.windows import (
    Reason,
    Route,
    Verdict,
    Why,
    Window,
    calendar_at,
    days_after_hand_over,
    delivery_day,
    route_of,
    skipped,
    window_by_rule,
)

__all__ = [
    "COUNTRY",
    "REGION",
    "Area",
    "CarrierWeek",
    "Cart",
    "Kind",
    "Method",
    "Offer",
    "Origin",
    "Peak",
    "Place",
    "Price",
    "Rate",
    "Reason",
    "ReturnTerms",
    "Route",
    "Shipping",
    "ShippingPlan",
    "ShippingTableChanged",
    "ShippingTableUnreadable",
    "Table",
    "TableView",
    "Transit",
    "Verdict",
    "Why",
    "Window",
    "Zone",
    "calendar_at",
    "change_table",
    "check_table",
    "days_after_hand_over",
    "delivery_day",
    "price_of",
    "read_plan",
    "reading_shipping",
    "restore_table",
    "route_of",
    "shipping",
    "skipped",
    "table_view",
    "table_views",
    "window_by_rule",
]
