"""Time zones to choose from: one place for each way of keeping time that many people live by."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from aftermile.kernel.languages import Tongue

_PLACES = tuple(
    f"America/{place}"
    for place in (
        *("Anchorage", "Los_Angeles", "Phoenix", "Denver", "Chicago", "Mexico_City", "Bogota", "New_York"),
        *("Toronto", "Halifax", "Santiago", "St_Johns", "Sao_Paulo", "Argentina/Buenos_Aires"),
    )
) + tuple(
    f"{region}/{place}"
    for region, places in (
        ("Pacific", ("Honolulu", "Auckland")),
        ("Atlantic", ("Azores", "Reykjavik")),
        ("Europe", ("London", "Lisbon", "Paris", "Madrid", "Berlin", "Rome", "Stockholm", "Warsaw")),
        ("Europe", ("Athens", "Helsinki", "Kyiv", "Istanbul", "Moscow")),
        ("Africa", ("Casablanca", "Lagos", "Cairo", "Johannesburg", "Nairobi")),
        ("Asia", ("Jerusalem", "Riyadh", "Dubai", "Tehran", "Karachi", "Kolkata", "Kathmandu", "Dhaka")),
        ("Asia", ("Bangkok", "Jakarta", "Singapore", "Hong_Kong", "Shanghai", "Manila", "Seoul", "Tokyo")),
        ("Australia", ("Perth", "Adelaide", "Brisbane", "Sydney")),
    )
    for place in places
)


def zone_choices(tongue: Tongue, *, at: datetime, chosen: str) -> list[tuple[str, str]]:
    """List zones, from west to east, by their names and what time it is there; a chosen one is always among them."""
    zones = dict.fromkeys((*_PLACES, *([chosen] if chosen else [])))
    moments = sorted(
        (at.astimezone(ZoneInfo(zone)).utcoffset(), tongue.city_of(ZoneInfo(zone)), zone) for zone in zones
    )
    return [(zone, f"{city}, {tongue.time(at.astimezone(ZoneInfo(zone)))}") for _, city, zone in moments]
