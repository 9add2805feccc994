"""Values that occur all over Shopify's payloads: ids, money in the shop's currency, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aftermile.connectors.contracts.facts import Address, Place
from aftermile.connectors.contracts.reading import section, text
from aftermile.connectors.storefronts.fields import amount, country_code, full_name
from aftermile.kernel.money import Money


def plain_id(value: object) -> str:
    """Return an id as text; of a global id (`gid://shopify/Order/12`) only the number, as in REST."""
    written = text(value)
    return written.rsplit("/", 1)[-1].split("?")[0] if written.startswith("gid://") else written


def shop_amount(holder: Mapping[str, Any], name: str, currency: str) -> Money | None:
    """Return an amount in the shop's currency, never in the one the shopper saw.

    Reads `<name>_set.shop_money`, else the plain field, which Shopify writes in the shop's currency.
    """
    stated = section(holder, f"{name}_set", "shop_money")
    found = amount(stated.get("amount"), text(stated.get("currency_code")) or currency)
    return found or amount(holder.get(name), currency)


def address(value: object) -> Address | None:
    """Read a postal address; None when there is none."""
    written = section(value)
    if not written:
        return None
    return Address(
        name=text(written.get("name")) or full_name(written),
        company=text(written.get("company")),
        line1=text(written.get("address1")),
        line2=text(written.get("address2")),
        city=text(written.get("city")),
        state=text(written.get("province_code")) or text(written.get("province")),
        postal_code=text(written.get("zip")),
        country=country_code(written.get("country_code")) or country_code(written.get("country")),
        phone=text(written.get("phone")),
    )


def place(value: object) -> Place | None:
    """Read where a parcel starts or ends; None when the address names no place."""
    written = section(value)
    found = Place(
        city=text(written.get("city")),
        state=text(written.get("province_code")) or text(written.get("province")),
        postal_code=text(written.get("zip")),
        country=country_code(written.get("country_code")) or country_code(written.get("country")),
    )
    return found if found != Place() else None


def tags(value: object) -> tuple[str, ...]:
    """Split Shopify's comma-separated tags; a list of them is taken as well."""
    parts = value if isinstance(value, list) else text(value).split(",")
    return tuple(tag for part in parts if (tag := text(part)))
