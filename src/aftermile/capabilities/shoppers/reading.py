"""What one fact says about a shopper, in the terms of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aftermile.capabilities.shoppers.contact_points import normalize_email, normalize_phone
from aftermile.capabilities.shoppers.policy import Key, KeyKind
from aftermile.connectors.contracts.facts import ConsentFact, ShopperFact
from aftermile.kernel.bounds import LONGEST_ID, check_id
from aftermile.kernel.errors import Invalid
from aftermile.kernel.versions import version_key

#: The fields that are folded; the columns of the same names.
FIELDS = ("name", "email", "phone", "language", "country", "tags", "attributes")


class ShopperUnidentified(Invalid):
    """A shopper without an id of the source, a usable e-mail address or a usable phone number."""

    code = "shopper_unidentified"
    message = "Give the shopper an external id, an e-mail address or a phone number (with its country)."


@dataclass(frozen=True, slots=True)
class ContactSeen:
    """A contact point as one fact gives it. `key` None: it identifies nobody."""

    kind: str
    value: str
    as_given: str
    key: Key | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One fact, read. `keys` are in the order of their strength and may be empty."""

    keys: tuple[Key, ...]
    contacts: tuple[ContactSeen, ...]
    said: dict[str, Any]
    version: str
    updated_at: datetime | None
    consents: tuple[ConsentFact, ...]


def read_shopper(
    fact: ShopperFact, *, source: str, country: str, at: datetime, index: int = 0, place: int = 0
) -> Reading:
    """Read one fact.

    :param country: where a phone number is dialed when neither it nor the fact says so.
    :raises FactOutOfBounds: an endless id.
    """
    keys: list[Key] = []
    contacts: list[ContactSeen] = []
    said: dict[str, Any] = {}
    check_shopper(fact, index=index)
    if fact.external_id:
        keys.append(Key(KeyKind.ACCOUNT, source, fact.external_id))
    email, phone = fact.email.strip(), fact.phone.strip()
    if email:
        mailbox = normalize_email(email)
        said["email"] = mailbox or email
        _see(KeyKind.EMAIL, mailbox, email, keys, contacts)
    if phone:
        number = normalize_phone(phone, fact.country or country)
        said["phone"] = number or phone
        _see(KeyKind.PHONE, number, phone, keys, contacts)
    if fact.name:
        said["name"] = fact.name
    if fact.language:
        said["language"] = fact.language
    if fact.country:
        said["country"] = fact.country
    if fact.tags:
        said["tags"] = list(fact.tags)
    if fact.attributes:
        said["attributes"] = dict(fact.attributes)
    return Reading(
        keys=tuple(keys),
        contacts=tuple(contacts),
        said=said,
        version=version_key(fact.updated_at, at=at, place=place),
        updated_at=fact.updated_at,
        consents=tuple(consent for consent in fact.consents if consent.granted is not None),
    )


def _see(kind: KeyKind, normalized: str, as_given: str, keys: list[Key], contacts: list[ContactSeen]) -> None:
    key = Key(kind, "", normalized) if normalized else None
    if key:
        keys.append(key)
    if len(as_given) <= LONGEST_ID:
        contacts.append(ContactSeen(kind, normalized or as_given, as_given, key))


def check_shopper(fact: ShopperFact, *, index: int) -> None:
    """Check that a fact's ids fit.

    :raises FactOutOfBounds: an id no column can hold; `details.index` is the given one.
    """
    if fact.external_id:
        check_id(fact.external_id, what="A shopper's external_id", index=index)
    for consent in fact.consents:
        check_id(consent.channel, what="A consent's channel", index=index)
        check_id(consent.purpose, what="A consent's purpose", index=index)


def is_identified(fact: ShopperFact, *, country: str = "") -> bool:
    """Tell whether a fact has something to tell the person apart (`record_shoppers` refuses it otherwise)."""
    return bool(
        fact.external_id
        or normalize_email(fact.email)
        or normalize_phone(fact.phone, fact.country or country)
    )
