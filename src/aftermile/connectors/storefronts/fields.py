"""Fields as storefronts write them. What cannot be read says nothing and costs only itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from aftermile.connectors.contracts.facts import UnknownWord
from aftermile.connectors.contracts.reading import text
from aftermile.kernel.money import Money, MoneyUnreadable

#: A count above this is a typing error, and a sum of such counts still fits an integer column.
LARGEST_COUNT = 1_000_000
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_.@].*)?")


def amount(value: object, currency: str) -> Money | None:
    """Return an amount in major units as money; None when absent, unreadable or without a currency."""
    written = text(value)
    if not written:
        return None
    try:
        return Money.read(written, currency)
    except MoneyUnreadable:
        return None


def number(value: object) -> Decimal | None:
    """Return a plain number; None when it is none, not finite or beyond a quadrillion."""
    try:
        found = Decimal(text(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and (not found or found.adjusted() <= 15) else None


def money_of(amount_minor: int, currency: str) -> Money | None:
    """Return an amount in minor units as money; None when it is beyond belief or without a currency."""
    try:
        return Money(amount_minor, currency)
    except MoneyUnreadable:
        return None


def total_of(parts: Iterable[Money | None], currency: str) -> Money | None:
    """Add amounts of one currency, skipping the absent; None when the sum is beyond belief."""
    return money_of(sum(part.amount_minor for part in parts if part and part.currency == currency), currency)


def count(value: object) -> int | None:
    """Return a whole number of things; None when it is none, negative or absurdly large."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return int(number) if 0 <= number <= LARGEST_COUNT and number.is_integer() else None


def currency_code(value: object) -> str:
    """Return an ISO 4217 code in capitals, or ""."""
    code = text(value).upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""


def country_code(value: object) -> str:
    """Return an ISO 3166 alpha-2 code in capitals, or ""."""
    code = text(value).upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def language_tag(value: object) -> str:
    """Return a locale (`pt_BR`, `de_DE_formal`) as a BCP 47 tag (`pt-BR`, `de-DE`), or ""."""
    found = _LANGUAGE.fullmatch(text(value))
    if not found:
        return ""
    language, script, region = found.groups()
    return "-".join(
        part
        for part in (language.lower(), script.title() if script else "", region.upper() if region else "")
        if part
    )


def full_name(holder: Mapping[str, Any]) -> str:
    """Join `first_name` and `last_name`."""
    return " ".join(part for part in (text(holder.get("first_name")), text(holder.get("last_name"))) if part)


def distinct(values: Iterable[object]) -> tuple[str, ...]:
    """Return the non-empty texts in their order, each once."""
    return tuple(dict.fromkeys(written for written in map(text, values) if written))


def carrier_slug(name: str, unknown: list[UnknownWord]) -> str:
    """Return our slug for a carrier a storefront named; a name nobody knows is noted in `unknown`."""
    # The registry imports every connector, this one too: it can only be asked once all are loaded.
    from aftermile.connectors.registry import carrier_of

    slug = carrier_of(name)
    if name and not slug:
        unknown.append(UnknownWord(what="carrier", word=name))
    return slug
