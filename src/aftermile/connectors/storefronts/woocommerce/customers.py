"""Customers: those with an account, and guests as their order names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aftermile.connectors.contracts.facts import Deletion, ShopperFact, Translation
from aftermile.connectors.contracts.reading import section, text
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.storefronts.fields import country_code, full_name, language_tag
from aftermile.connectors.storefronts.woocommerce.values import address, meta, plain_id, utc_moment


def read_customer(payload: Mapping[str, Any], record: RawRecord) -> Translation:
    """Read a customer as `customer.created` and `customer.updated` send it."""
    customer_id = plain_id(payload.get("id"))
    if not customer_id:
        raise Unreadable("a customer without an id")
    billing = section(payload, "billing")
    shopper = ShopperFact(
        external_id=customer_id,
        name=full_name(payload) or full_name(billing),
        email=text(payload.get("email")) or text(billing.get("email")),
        phone=text(billing.get("phone")),
        language=language_tag(meta(payload, "locale")),
        country=country_code(billing.get("country"))
        or country_code(section(payload, "shipping").get("country")),
        updated_at=utc_moment(payload, "date_modified", record),
    )
    return Translation(facts=(shopper,))


def read_customer_deletion(payload: Mapping[str, Any], record: RawRecord) -> Translation:
    """Read a removed customer: nothing but the id."""
    customer_id = plain_id(payload.get("id"))
    if not customer_id:
        raise Unreadable("a deleted customer without an id")
    return Translation(
        facts=(Deletion(what="shopper", external_id=customer_id, deleted_at=record.received_at),)
    )


def shopper_of_order(payload: Mapping[str, Any]) -> ShopperFact | None:
    """Read who bought; a guest (`customer_id` 0) is known by the contact points of the bill."""
    billing, shipping = section(payload, "billing"), address(payload.get("shipping"))
    found = ShopperFact(
        external_id=plain_id(payload.get("customer_id")),
        name=full_name(billing) or (shipping.name if shipping else ""),
        email=text(billing.get("email")),
        phone=text(billing.get("phone")) or (shipping.phone if shipping else ""),
        language=order_language(payload),
        country=country_code(billing.get("country")) or (shipping.country if shipping else ""),
    )
    return found if found != ShopperFact() else None


def order_language(payload: Mapping[str, Any]) -> str:
    """Return the language the order was placed in, where a translation plugin (WPML, TranslatePress) says."""
    return language_tag(meta(payload, "wpml_language", "trp_language"))
