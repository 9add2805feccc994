"""Find an order's page by what only its shopper knows. A wrong guess costs the same work as an unknown number."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from aftermile.capabilities.orders.models import Order
from aftermile.capabilities.orders.states import State
from aftermile.capabilities.shoppers.public import contact_values, normalize_email, normalize_phone

# Storefronts of one merchant may give the same number twice; more often than this it is no number.
_MOST_ORDERS = 4
_LONGEST_NUMBER, _LONGEST_CONTACT = 80, 200


def find_order_page(*, number: str, contact: str, country: str) -> str | None:
    """Return the token of the page of the order with this number and this e-mail address, phone number or postcode.

    None when either is wrong, without a difference between the two: the same three statements, and every known
    contact is compared in constant time.

    :param number: as people write it: with or without "#", in any case.
    :param country: ISO 3166 code of where numbers without a prefix are dialed.
    """
    found = list(
        Order.rows()
        .filter(number__in=_spellings(number))
        .exclude(state=State.DELETED)
        .order_by("-id")
        .values_list("page_token", "shopper_id", "shipping_address", "billing_address")[:_MOST_ORDERS]
    )
    reachable = contact_values({shopper_id for _, shopper_id, _, _ in found if shopper_id})
    typed = _typed(contact, country)
    candidates = [
        (token, (reachable[shopper_id] if shopper_id else frozenset()) | _of_addresses(shipping, billing))
        for token, shopper_id, shipping, billing in found
    ] or [("", frozenset())]
    # All are compared, whichever fits; the newest that does is meant.
    right = [token for token, known in candidates if _is_among(typed, known)]
    return right[0] if right else None


def _spellings(number: str) -> list[str]:
    bare = number.replace("\x00", "").strip()[:_LONGEST_NUMBER].removeprefix("#").strip()
    return [
        f"{sign}{each}" for each in dict.fromkeys((bare, bare.upper(), bare.lower())) for sign in ("", "#")
    ]


def _typed(contact: str, country: str) -> frozenset[str]:
    """Read what was typed in every way it can be meant."""
    text = contact.replace("\x00", "").strip()[:_LONGEST_CONTACT]
    return frozenset(
        meant for meant in (normalize_email(text), normalize_phone(text, country), _postcode(text)) if meant
    )


def _of_addresses(*addresses: dict[str, str]) -> frozenset[str]:
    known: set[str] = set()
    for address in addresses:
        known.add(_postcode(address.get("postal_code", "")))
        known.add(normalize_phone(address.get("phone", ""), address.get("country", "")))
    return frozenset(known - {""})


def _postcode(text: str) -> str:
    """Write a postcode without what people leave out: "sw1a 1aa" and "SW1A1AA" are one, and no phone number."""
    letters = "".join(letter for letter in text.casefold() if letter.isalnum())
    return f"postcode:{letters}" if letters else ""


def _is_among(typed: frozenset[str], known: frozenset[str]) -> bool:
    """Compare everything with everything, however early it fits, and never fewer than a usual order has."""
    secret = secrets.token_bytes(32)

    def digest(text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "replace"), key=secret).digest()

    padded = [digest(each) for each in known] + [secrets.token_bytes(64)] * max(0, 6 - len(known))
    fits = [hmac.compare_digest(digest(each), other) for each in typed for other in padded]
    return any(fits)
