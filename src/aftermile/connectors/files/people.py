"""Shoppers and addresses, from the values of a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aftermile.connectors.contracts.facts import Address, ConsentFact, ShopperFact
from aftermile.connectors.files.mapping import ColumnMapping
from aftermile.connectors.files.rows import Values

_PARTS = (
    "name", "first_name", "last_name", "company", "line1", "line2", "city", "state", "postal_code", "country",
    "phone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AddressReader:
    """Reads one side's address out of the fields the mapping has for it."""

    fields: tuple[tuple[str, str], ...]  # part of the address, field
    country: str  # where the row names none

    @classmethod
    def of(cls, mapping: ColumnMapping, side: str, country: str) -> AddressReader:
        known = {*mapping.columns, *mapping.constants}
        fields = tuple((part, name) for part in _PARTS if (name := f"{side}_{part}") in known)
        return cls(fields, country)

    def read(self, values: Values) -> Address | None:
        """Return the address; None when no field of it is filled."""
        parts = {part: values[name] for part, name in self.fields if name in values}
        if not parts:
            return None
        first, last = parts.pop("first_name", ""), parts.pop("last_name", "")
        if first or last:
            parts.setdefault("name", f"{first} {last}".strip())
        if not parts.get("country"):
            parts["country"] = self.country
        return Address(**parts)


def shopper_of_row(values: Values, external_id: str, *, country: str = "", source: str = "") -> ShopperFact:
    """Read the shopper a row of a file of shoppers describes."""
    return ShopperFact(
        external_id=external_id,
        name=values.get("name") or f"{values.get('first_name', '')} {values.get('last_name', '')}".strip(),
        email=values.get("email", ""),
        phone=values.get("phone", ""),
        language=values.get("language", ""),
        country=values.get("country") or values.get("shipping_country") or country,
        consents=tuple(_consents(values, source)),
        tags=values.get("tags", ()),
        updated_at=values.get("updated_at"),
    )


def shopper_of_order(
    values: Values, addresses: tuple[Address | None, ...], known: ShopperFact | None
) -> ShopperFact | None:
    """Read who bought, from the order's row, its addresses, and the shopper its key leads to."""
    own = values.keys() & _OWN_WORDS
    if known and not own:
        return known
    name = (
        values.get("shopper_name") or f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
    )
    known = known or ShopperFact(external_id=values.get("shopper_key", ""))
    consents = known.consents
    if values.get("accepts_marketing") and not consents:
        consents = (
            ConsentFact(channel="email", purpose="marketing", granted=True, proof="ticked at checkout"),
        )
    found = ShopperFact(
        external_id=known.external_id,
        name=known.name or name or _first(addresses, "name"),
        email=known.email or values.get("email", ""),
        phone=known.phone or values.get("phone", ""),
        language=known.language or values.get("language", ""),
        country=known.country or _first(addresses, "country"),
        consents=consents,
        tags=known.tags,
        updated_at=known.updated_at,
    )
    return found if found.external_id or found.email or found.phone or found.name else None


def _first(addresses: tuple[Address | None, ...], part: str) -> str:
    found = (getattr(address, part) for address in addresses if address)
    return next((value for value in found if value), "")


_OWN_WORDS = {"shopper_name", "first_name", "last_name", "email", "phone", "language", "accepts_marketing"}


def _consents(values: Values, source: str) -> Iterator[ConsentFact]:
    for name, channel in (("accepts_marketing", "email"), ("accepts_sms", "sms")):
        if name in values:
            yield ConsentFact(channel=channel, purpose="marketing", granted=values[name], proof=source)
