"""What the demo's shop ships by: methods, zones, rates and transit times, so that every table has something to show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aftermile.capabilities.shipping.public import Table, change_table

_STANDARD, _EXPRESS = "dhl-parcel-de", "dhl-express"
_EUROPE = (
    "AT, BE, BG, CY, CZ, DK, EE, ES, FI, FR, GR, HR, HU, IE, IT, LT, LU, LV, MT, NL, PL, PT, RO, SE, SI, SK"
)


def set_up_shipping(*, start: datetime, by: str, at: datetime) -> None:
    """Fill the open shop's tables; its peak season is that of the year of `start`."""
    for table, rows in _tables(start.year).items():
        change_table(table=table, rows=rows, by=by, at=at)


def _tables(year: int) -> Mapping[Table, list[dict[str, Any]]]:
    return {
        Table.METHODS: [
            {
                "key": "standard",
                "name": "Standard",
                "carrier": _STANDARD,
                "names": {"de": "Standardversand", "fr": "Livraison standard"},
            },
            {"key": "express", "name": "Express", "carrier": _EXPRESS},
            {
                "key": "pick-up",
                "name": "Pick-up in Berlin",
                "kind": "pickup",
                "names": {"de": "Abholung in Berlin", "fr": "Retrait à Berlin"},
            },
        ],
        Table.ZONES: [
            {"key": "germany", "name": "Germany", "areas": "DE"},
            {"key": "berlin", "name": "Berlin", "areas": "DE 10, DE 12, DE 13, DE 140, DE 141"},
            {
                "key": "islands",
                "name": "German islands",
                "areas": "DE 18565, DE 2584, DE 25859, DE 25980, DE 2654, DE 27498",
            },
            {"key": "europe", "name": "European Union", "areas": _EUROPE},
            {
                "key": "behind-customs",
                "name": "Switzerland, Norway, United Kingdom",
                "areas": "CH, LI, NO, GB",
            },
            {"key": "world", "name": "Rest of the world", "areas": "*"},
        ],
        Table.RATES: [
            _rate("pick-up", "berlin", 0),
            _rate("standard", "islands", 990),
            _rate("standard", "germany", 490, free_from_minor=7500, weight_to_grams=10_000),
            _rate("standard", "berlin", 490, free_from_minor=7500, weight_to_grams=10_000),
            _rate("standard", "germany", 990, weight_to_grams=31_500),
            _rate("standard", "berlin", 990, weight_to_grams=31_500),
            _rate("standard", "europe", 990, free_from_minor=15_000, weight_to_grams=31_500),
            _rate("standard", "behind-customs", 1490, weight_to_grams=31_500),
            _rate("standard", "world", 2490, weight_to_grams=20_000),
            _rate("express", "islands", None),
            _rate("express", "germany", 1290, weight_to_grams=31_500),
            _rate("express", "berlin", 1290, weight_to_grams=31_500),
            _rate("express", "europe", 2490, weight_to_grams=20_000),
            _rate("express", "behind-customs", 2990, weight_to_grams=20_000),
            _rate("express", "world", 4990, weight_to_grams=20_000),
        ],
        Table.TRANSIT: [
            _transit(_STANDARD, "germany", 1, 2, 3),
            _transit(_STANDARD, "berlin", 1, 1, 2),
            _transit(_STANDARD, "islands", 2, 3, 5),
            _transit(_STANDARD, "europe", 2, 4, 6),
            {"carrier": _STANDARD, "to": "AT, NL, BE, LU", "least": 2, "likely": 3, "most": 4},
            _transit(_STANDARD, "behind-customs", 4, 5, 8),
            _transit(_STANDARD, "world", 7, 10, 15),
            _transit(_EXPRESS, "germany", 1, 1, 1),
            _transit(_EXPRESS, "berlin", 1, 1, 1),
            _transit(_EXPRESS, "europe", 1, 2, 3),
            _transit(_EXPRESS, "behind-customs", 2, 3, 4),
            _transit(_EXPRESS, "world", 3, 4, 6),
        ],
        Table.CARRIERS: [
            {
                "carrier": _STANDARD,
                "weekmask": "1111110",
                "closed": [[f"{year}-12-24", f"{year}-12-24", "Christmas Eve"]],
            },
            {"carrier": _EXPRESS, "weekmask": "1111100"},
        ],
        Table.PEAKS: [
            {
                "first": f"{year}-11-27",
                "last": f"{year}-12-23",
                "extra_days": 1,
                "carrier": _STANDARD,
                "note": "Before Christmas",
            }
        ],
        Table.RETURNS: [
            {
                "days": 60,
                "is_free": True,
                "texts": {
                    "en": "60 days to try it outdoors. Sending it back is free.",
                    "de": "60 Tage zum Ausprobieren draußen. Die Rücksendung kostet nichts.",
                },
            }
        ],
    }


def _rate(method: str, zone: str, price: int | None, **more: int) -> dict[str, Any]:
    return {"method": method, "zone": zone, "price_minor": price, **more}


def _transit(carrier: str, zone: str, least: int, likely: int, most: int) -> dict[str, Any]:
    return {"carrier": carrier, "to_zone": zone, "least": least, "likely": likely, "most": most}
