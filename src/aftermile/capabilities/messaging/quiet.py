"""Quiet hours: by whose clock, and when they are over. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.core import get_global

from aftermile.kernel.calendars import zone_of

#: Where most people of a country with several zones live, for those of whom nothing more is known.
#: Source: the largest city of each country (United Nations, World Urbanization Prospects 2018).
_MAIN_ZONES = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PG": "Pacific/Port_Moresby",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day until another, mostly over midnight; equal ones: none."""

    start: time
    end: time


def zone_for(country: str, *, shop_zone: str, chosen: str = "") -> ZoneInfo:
    """Choose by whose clock it is late: the shopper's own choice, that of their country, else the shop's.

    In a country of several zones it is the shop's if that is one of them, else where most people live.
    """
    if chosen:
        return zone_of(chosen)
    zones: Sequence[str] = get_global("territory_zones").get(country.upper(), ()) if country else ()
    if len(zones) == 1:
        return zone_of(zones[0])
    if not zones or shop_zone in zones:
        return zone_of(shop_zone)
    return zone_of(_MAIN_ZONES.get(country.upper(), shop_zone))


def over_at(moment: datetime, hours: QuietHours, zone: ZoneInfo) -> datetime | None:
    """Tell the first minute after the quiet hours a moment lies in, in UTC; None when it lies in none."""
    if hours.start == hours.end:
        return None
    local = moment.astimezone(zone)
    wall = local.time().replace(tzinfo=None)
    if hours.start < hours.end:
        if not hours.start <= wall < hours.end:
            return None
        last_day = local.date()
    elif wall >= hours.start:
        last_day = local.date() + timedelta(days=1)
    elif wall < hours.end:
        last_day = local.date()
    else:
        return None
    # Where clocks go back the end comes twice: the second is meant if the first has passed already.
    first, second = (_moment(last_day, hours.end, zone, fold) for fold in (0, 1))
    return first if first > moment else second


def _moment(day: date, wall: time, zone: ZoneInfo, fold: int) -> datetime:
    """Find a wall clock's moment; a time that is skipped is taken as much later as the clocks jump."""
    return datetime.combine(day, wall.replace(fold=fold), zone).astimezone(UTC)
