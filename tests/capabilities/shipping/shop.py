"""A shop in Berlin that ships by two carriers, and lets shoppers come for their goods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from aftermile.capabilities.shipping.public import Place, ShippingPlan, Table, check_table, read_plan
from aftermile.kernel.working_calendar import WorkingCalendar

BERLIN = Place(country="DE", region="BE", postal_code="10115")
MUNICH = Place(country="DE", region="BY", postal_code="80331")
VIENNA = Place(country="AT", region="9", postal_code="1010")
NEW_YORK = Place(country="US", region="NY", postal_code="10001")

CALENDAR = WorkingCalendar(
    country="DE", subdivision="BE", time_zone="Europe/Berlin", weekmask="1111100", cut_offs=(time(15),) * 7
)

TABLES: Mapping[Table, list[dict[str, Any]]] = {
    Table.ZONES: [
        {"key": "de", "name": "Germany", "areas": "DE"},
        {"key": "island", "name": "Islands", "areas": "DE 25849, DE 26465"},
        {"key": "world", "name": "Rest of the world", "areas": "*"},
    ],
    Table.METHODS: [
        {
            "key": "standard",
            "name": "Standard",
            "carrier": "dhl",
            "service": "Paket",
            "names": {"de": "Standardversand", "pt": "Normal"},
        },
        {"key": "express", "name": "Express", "carrier": "ups", "service": "Express"},
        {"key": "pickup", "name": "Pick-up in Berlin", "kind": "pickup"},
        {"key": "old", "name": "By ship", "carrier": "dhl", "is_active": False},
    ],
    Table.RATES: [
        {"method": "standard", "zone": "island", "price_minor": 990},
        {"method": "express", "tag": "bulky"},
        {
            "method": "standard",
            "zone": "de",
            "weight_to_grams": 5000,
            "price_minor": 490,
            "free_from_minor": 5000,
        },
        {"method": "standard", "zone": "de", "weight_to_grams": 31500, "price_minor": 990},
        {"method": "standard", "zone": "world", "price_minor": 1990},
        {"method": "express", "zone": "de", "price_minor": 1290},
        {"method": "pickup", "zone": "de", "price_minor": 0},
    ],
    Table.TRANSIT: [
        {"carrier": "dhl", "to_zone": "de", "least": 1, "likely": 2, "most": 3},
        {"carrier": "dhl", "to": "DE 10", "least": 1, "likely": 1, "most": 2},
        {"carrier": "dhl", "to": "*", "least": 4, "most": 9},
        {"carrier": "ups", "service": "Express", "to": "DE", "least": 1, "most": 1},
    ],
    Table.CARRIERS: [
        {"carrier": "dhl", "weekmask": "1111110", "closed": [["2026-12-24", "2026-12-24", "Christmas Eve"]]},
        {"carrier": "ups", "weekmask": "1111100"},
    ],
    Table.PEAKS: [
        {
            "first": "2026-11-25",
            "last": "2026-12-23",
            "extra_days": 2,
            "note": "Before Christmas",
            "carrier": "dhl",
        }
    ],
    Table.ORIGINS: [
        {"area": "US-NY", "cut_off": "11:00", "processing_days": 1, "time_zone": "America/New_York"},
    ],
    Table.RETURNS: [{"days": 30, "is_free": True, "texts": {"de": "30 Tage Zeit, kostenlos."}}],
}


def plan(**changes: Any) -> ShippingPlan:
    """The shop's tables, some of them others: `plan(peaks=())`."""
    return replace(_PLAN, **changes)


def _plan() -> ShippingPlan:
    kept: dict[Table, list[dict[str, Any]]] = {}
    for table, rows in TABLES.items():
        kept[table] = check_table(table, rows, read_plan(kept))
    return read_plan(kept)


_PLAN = _plan()
