"""Products and their variants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from aftermile.connectors.contracts.facts import Deletion, ProductFact, Translation, VariantFact
from aftermile.connectors.contracts.reading import items, moment, section, text
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.storefronts.fields import amount, count, number
from aftermile.connectors.storefronts.shopify.signature import plain_domain
from aftermile.connectors.storefronts.shopify.values import plain_id, tags

_GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "oz": Decimal("28.349523125"), "lb": Decimal("453.59237")}


def read_product(payload: Mapping[str, Any], record: RawRecord) -> Translation:
    """Read a product as `products/create` and `products/update` send it."""
    product_id = plain_id(payload.get("id"))
    if not product_id:
        raise Unreadable("a product without an id")
    images = [section(payload, "image"), *items(payload.get("images"))]
    attributes = {"handle": text(payload.get("handle")), "status": text(payload.get("status"))}
    product = ProductFact(
        external_id=product_id,
        title=text(payload.get("title")),
        url=_url(payload, record),
        image_url=next((src for image in images if (src := text(image.get("src")))), ""),
        category=text(payload.get("product_type")) or text(section(payload, "category").get("full_name")),
        vendor=text(payload.get("vendor")),
        tags=tags(payload.get("tags")),
        variants=tuple(_variants(payload, record.settings.get("currency", ""))),
        updated_at=moment(payload.get("updated_at")),
        attributes={name: value for name, value in attributes.items() if value},
    )
    return Translation(facts=(product,))


def read_product_deletion(payload: Mapping[str, Any], record: RawRecord) -> Translation:
    """Read a removed product."""
    product_id = plain_id(payload.get("id"))
    if not product_id:
        raise Unreadable("a deleted product without an id")
    return Translation(
        facts=(Deletion(what="product", external_id=product_id, deleted_at=record.received_at),)
    )


def _variants(payload: Mapping[str, Any], currency: str) -> Iterator[VariantFact]:
    for entry in items(payload.get("variants")):
        if variant_id := plain_id(entry.get("id")):
            yield VariantFact(
                external_id=variant_id,
                title=text(entry.get("title")),
                sku=text(entry.get("sku")),
                barcode=text(entry.get("barcode")),
                price=amount(entry.get("price"), currency) if currency else None,
                weight_grams=_weight_grams(entry),
            )


def _weight_grams(entry: Mapping[str, Any]) -> int | None:
    """Return the weight. Shopify writes 0 where none was entered: not known rather than weightless."""
    grams, weight = count(entry.get("grams")), number(entry.get("weight"))
    if grams is None and weight is not None:
        grams = count(round(weight * _GRAMS.get(text(entry.get("weight_unit")).lower(), Decimal(0))))
    return grams or None


def _url(payload: Mapping[str, Any], record: RawRecord) -> str:
    shop = plain_domain(record.settings.get("shop_domain", ""))
    handle = text(payload.get("handle"))
    return f"https://{shop}/products/{handle}" if shop and handle and payload.get("published_at") else ""
