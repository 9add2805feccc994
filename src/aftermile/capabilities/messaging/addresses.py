"""Where a shopper is reached on a medium, and how an address is remembered without being known."""

from __future__ import annotations

from uuid import UUID

from aftermile.capabilities.shoppers.public import Reach, contact_digest, normalize_email, normalize_phone
from aftermile.connectors.contracts.channels import Medium

_PHONES = frozenset({Medium.SMS, Medium.WHATSAPP})


def address_of(medium: Medium, reach: Reach | None) -> str:
    """Return where a shopper is reached; "" where nothing usable is known. A push goes to browsers, not to an address."""
    if reach is None:
        return ""
    if medium is Medium.EMAIL:
        return normalize_email(reach.email)
    if medium in _PHONES:
        return normalize_phone(reach.phone, reach.country)
    return ""


def address_digest(merchant_id: UUID, medium: Medium, address: str) -> str:
    """Digest an address as the suppression list keeps it; however it is written, it has one digest."""
    if medium is Medium.EMAIL:
        return contact_digest(merchant_id, "email", normalize_email(address) or address)
    if medium in _PHONES:
        return contact_digest(merchant_id, "phone", normalize_phone(address) or address)
    return contact_digest(merchant_id, medium.value, address)
