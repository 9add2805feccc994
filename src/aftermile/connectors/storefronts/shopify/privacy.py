"""The three privacy topics every Shopify app must answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aftermile.connectors.contracts.facts import PrivacyKind, PrivacyRequest, Translation
from aftermile.connectors.contracts.reading import section, text
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.storefronts.shopify.values import plain_id


def read_data_request(payload: Mapping[str, Any], _: RawRecord) -> Translation:
    """Read `customers/data_request`: a shopper wants to know what is kept."""
    return _of_customer(payload, PrivacyKind.EXPORT, "orders_requested")


def read_customer_redaction(payload: Mapping[str, Any], _: RawRecord) -> Translation:
    """Read `customers/redact`: a shopper wants to be forgotten."""
    return _of_customer(payload, PrivacyKind.ERASE_SHOPPER, "orders_to_redact")


def read_shop_redaction(_: Mapping[str, Any], record: RawRecord) -> Translation:
    """Read `shop/redact`, sent 48 hours after the shop removed the app. The connection tells which shop."""
    webhook_id = record.headers.get("x-shopify-webhook-id", "")
    return Translation(facts=(PrivacyRequest(kind=PrivacyKind.ERASE_SHOP, external_id=webhook_id),))


def _of_customer(payload: Mapping[str, Any], kind: PrivacyKind, orders_field: str) -> Translation:
    customer = section(payload, "customer")
    listed = payload.get(orders_field)
    request = PrivacyRequest(
        kind=kind,
        external_id=plain_id(section(payload, "data_request").get("id")),
        shopper_external_id=plain_id(customer.get("id")),
        email=text(customer.get("email")),
        phone=text(customer.get("phone")),
        order_external_ids=tuple(
            found for entry in (listed if isinstance(listed, list) else []) if (found := plain_id(entry))
        ),
    )
    if not (request.shopper_external_id or request.email or request.phone or request.order_external_ids):
        raise Unreadable("a privacy request that names nobody")
    return Translation(facts=(request,))
