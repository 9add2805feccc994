"""E-mail addresses and phone numbers in one spelling each, so that equal ones are equal."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from uuid import UUID

# RFC 5321, section 4.5.3.1: 64 + 1 + 255 octets.
_LONGEST_EMAIL = 320
_LONGEST_PHONE = 64
# The shortest numbers there are, with "+" (Niue: +683 and four digits). Short codes belong to nobody.
_SHORTEST_E164 = 8


def normalize_email(text: str) -> str:
    """Write an address as it identifies a mailbox: trimmed, lower case, the domain in its ASCII form.

    "" for what cannot be an address; it is kept as given elsewhere and identifies nobody.
    """
    address = text.strip().lower()
    name, at, domain = address.rpartition("@")
    domain = domain.rstrip(".")
    if not (at and name and "." in domain) or len(address) > _LONGEST_EMAIL or any(map(str.isspace, address)):
        return ""
    if not domain.isascii():
        domain = _ascii_domain(domain)
    return f"{name}@{domain}" if domain else ""


def normalize_phone(text: str, country: str = "") -> str:
    """Write a number as E.164 ("+4915123456789"); `country` is where numbers without a prefix are dialed.

    "" for what cannot be dialed (no country known, too short, letters).
    """
    number = text.strip()
    if not number or len(number) > _LONGEST_PHONE or (not country and not number.startswith(("+", "00"))):
        return ""
    return _e164(number, country.upper())


def contact_digest(merchant_id: UUID, kind: str, value: str) -> str:
    """Digest a normalized contact point, so that an erased one is recognized and cannot be read back."""
    return hashlib.sha256(f"{merchant_id}:{kind}:{value}".encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=1024)
def _ascii_domain(domain: str) -> str:
    import idna

    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return ""


def _e164(number: str, country: str) -> str:
    import phonenumbers

    if not country and number.startswith("00"):
        number = "+" + number[2:]
    try:
        parsed = phonenumbers.parse(number, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed) or parsed.extension:
        return ""
    written = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return written if len(written) >= _SHORTEST_E164 else ""
