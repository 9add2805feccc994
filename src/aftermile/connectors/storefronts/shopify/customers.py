"""Customers and what they allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aftermile.connectors.contracts.facts import Address, ConsentFact, Deletion, ShopperFact, Translation
from aftermile.connectors.contracts.reading import moment, section, text
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.storefronts.fields import country_code, full_name, language_tag
from aftermile.connectors.storefronts.shopify.values import plain_id, tags

# Source: CustomerEmailMarketingState and CustomerSmsMarketingState of the Admin API. What is pending,
# invalid or redacted is neither a yes nor a no.
_GRANTED = {"subscribed": True, "not_subscribed": False, "unsubscribed": False}


def read_customer(payload: Mapping[str, Any], _: RawRecord) -> Translation:
    """Read a customer as `customers/create` and `customers/update` send it."""
    if not plain_id(payload.get("id")):
        raise Unreadable("a customer without an id")
    return Translation(facts=(shopper(payload),))


def read_customer_deletion(payload: Mapping[str, Any], record: RawRecord) -> Translation:
    """Read a removed customer."""
    customer_id = plain_id(payload.get("id"))
    if not customer_id:
        raise Unreadable("a deleted customer without an id")
    return Translation(
        facts=(Deletion(what="shopper", external_id=customer_id, deleted_at=record.received_at),)
    )


def read_consent(payload: Mapping[str, Any], _: RawRecord) -> Translation:
    """Read `customers_marketing_consent/update` (SMS) or `customers_email_marketing_consent/update`."""
    customer_id = plain_id(payload.get("customer_id")) or plain_id(payload.get("id"))
    if not customer_id:
        raise Unreadable("a consent without a customer_id")
    return Translation(
        facts=(
            ShopperFact(
                external_id=customer_id,
                email=text(payload.get("email_address")),
                phone=text(payload.get("phone")),
                consents=tuple(_consents(payload)),
            ),
        )
    )


def shopper(
    customer: Mapping[str, Any], *, delivered_to: Address | None = None, contact: ShopperFact | None = None
) -> ShopperFact:
    """Read a customer object; what it leaves open is taken from the order's address and `contact`."""
    home = section(customer, "default_address")
    contact = contact or ShopperFact()
    return ShopperFact(
        external_id=plain_id(customer.get("id")),
        name=full_name(customer) or (delivered_to.name if delivered_to else "") or text(home.get("name")),
        email=text(customer.get("email")) or contact.email,
        phone=text(customer.get("phone")) or contact.phone,
        language=language_tag(customer.get("locale")) or contact.language,
        country=country_code(home.get("country_code")) or (delivered_to.country if delivered_to else ""),
        consents=tuple(_consents(customer)) or contact.consents,
        tags=tags(customer.get("tags")),
        updated_at=moment(customer.get("updated_at")),
    )


def _consents(customer: Mapping[str, Any]) -> Iterator[ConsentFact]:
    for channel in ("email", "sms"):
        stated = section(customer, f"{channel}_marketing_consent")
        state = text(stated.get("state")).lower()
        if state:
            proof = (state, text(stated.get("opt_in_level")), text(stated.get("consent_collected_from")))
            yield ConsentFact(
                channel=channel,
                purpose="marketing",
                granted=_GRANTED.get(state),
                recorded_at=moment(stated.get("consent_updated_at")),
                proof=" ".join(part.lower() for part in proof if part),
            )
