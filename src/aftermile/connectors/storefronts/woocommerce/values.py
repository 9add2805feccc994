"""Values that occur all over WooCommerce's payloads: ids, moments, addresses, meta data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aftermile.connectors.contracts.facts import Address
from aftermile.connectors.contracts.reading import MomentUnreadable, items, moment, scan_time, section, text
from aftermile.connectors.contracts.sockets import RawRecord
from aftermile.connectors.storefronts.fields import amount, country_code, full_name, number
from aftermile.kernel.money import Money


def plain_id(value: object) -> str:
    """Return an id as text; 0 means "none" in WooCommerce and becomes ""."""
    written = text(value)
    return "" if written == "0" else written


def utc_moment(holder: Mapping[str, Any], name: str, record: RawRecord) -> datetime | None:
    """Read `<name>_gmt`, which is UTC; else `<name>`, which is the shop's local time.

    Local time is only read where the connection tells the shop's time zone.
    """
    found = moment(holder.get(f"{name}_gmt"))
    zone = record.settings.get("time_zone", "")
    if found or not zone:
        return found
    try:
        return scan_time(holder.get(name), home_zone=ZoneInfo(zone).key).occurred_at
    except (MomentUnreadable, ZoneInfoNotFoundError, ValueError):
        return None


def added_up(holder: Mapping[str, Any], names: tuple[str, ...], currency: str) -> Money | None:
    """Add amounts of one object before rounding (`total` and `total_tax`); None without the first."""
    parts = [number(holder.get(name)) for name in names]
    if parts[0] is None:
        return None
    return amount(sum((part for part in parts if part), Decimal(0)), currency)


def address(value: object) -> Address | None:
    """Read a billing or shipping address; None when every part of it is empty."""
    written = section(value)
    found = Address(
        name=full_name(written),
        company=text(written.get("company")),
        line1=text(written.get("address_1")),
        line2=text(written.get("address_2")),
        city=text(written.get("city")),
        state=text(written.get("state")),
        postal_code=text(written.get("postcode")),
        country=country_code(written.get("country")),
        phone=text(written.get("phone")),
    )
    return found if found != Address() else None


def meta(holder: Mapping[str, Any], *keys: str) -> object:
    """Return the value of the first of these meta data keys that is there, else None."""
    stored = {text(entry.get("key")): entry.get("value") for entry in items(holder.get("meta_data"))}
    return next((stored[key] for key in keys if key in stored), None)
