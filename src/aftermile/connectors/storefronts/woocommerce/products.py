"""Products; a variation arrives as a product of its own that names its parent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aftermile.connectors.contracts.facts import Deletion, ProductFact, Translation, VariantFact
from aftermile.connectors.contracts.reading import items, section, text
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.storefronts.fields import amount, count, distinct, number
from aftermile.connectors.storefronts.woocommerce.values import plain_id, utc_moment

# The units WooCommerce offers under Settings, Products.
_GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "lbs": Decimal("453.59237"), "oz": Decimal("28.349523125")}
_MILLIMETERS = {
    "mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000), "in": Decimal("25.4"), "yd": Decimal("914.4"),
}  # fmt: skip


def read_product(payload: Mapping[str, Any], record: RawRecord) -> Translation:
    """Read a product as `product.created`, `product.updated` and `product.restored` send it."""
    product_id = plain_id(payload.get("id"))
    if not product_id:
        raise Unreadable("a product without an id")
    kind, parent_id = text(payload.get("type")), plain_id(payload.get("parent_id"))
    if kind == "variation" and parent_id:
        # Title and the rest belong to the parent: left unsaid, so that they stay as they are.
        return Translation(facts=(ProductFact(external_id=parent_id, variants=(_variant(payload, record),)),))
    attributes = {name: text(payload.get(name)) for name in ("slug", "status", "type")}
    product = ProductFact(
        external_id=product_id,
        title=text(payload.get("name")),
        url=text(payload.get("permalink")),
        image_url=next(iter(distinct(image.get("src") for image in items(payload.get("images")))), ""),
        category=next(iter(distinct(entry.get("name") for entry in items(payload.get("categories")))), ""),
        vendor=next(iter(distinct(entry.get("name") for entry in items(payload.get("brands")))), ""),
        tags=distinct(entry.get("name") for entry in items(payload.get("tags"))),
        variants=_variants(payload, record),
        updated_at=utc_moment(payload, "date_modified", record),
        attributes={name: value for name, value in attributes.items() if value},
    )
    return Translation(facts=(product,))


def read_product_deletion(payload: Mapping[str, Any], record: RawRecord) -> Translation:
    """Read a removed product: nothing but the id."""
    product_id = plain_id(payload.get("id"))
    if not product_id:
        raise Unreadable("a deleted product without an id")
    return Translation(
        facts=(Deletion(what="product", external_id=product_id, deleted_at=record.received_at),)
    )


def _variants(payload: Mapping[str, Any], record: RawRecord) -> tuple[VariantFact, ...]:
    listed = payload.get("variations")
    if text(payload.get("type")).startswith("variable"):
        ids = distinct(plain_id(entry) for entry in (listed if isinstance(listed, list) else []))
        return tuple(VariantFact(external_id=variant_id) for variant_id in ids)
    return (_variant(payload, record),)


def _variant(payload: Mapping[str, Any], record: RawRecord) -> VariantFact:
    size = section(payload, "dimensions")
    currency = record.settings.get("currency", "")
    unit = _MILLIMETERS.get(record.settings.get("dimension_unit", "").strip().lower())
    is_variation = text(payload.get("type")) == "variation"
    return VariantFact(
        external_id=plain_id(payload.get("id")),
        title=text(payload.get("name")) if is_variation else "",
        sku=text(payload.get("sku")),
        barcode=text(payload.get("global_unique_id")),
        price=amount(payload.get("price"), currency) if currency else None,
        weight_grams=_measure(
            payload.get("weight"), _GRAMS.get(record.settings.get("weight_unit", "").strip().lower())
        ),
        length_mm=_measure(size.get("length"), unit),
        width_mm=_measure(size.get("width"), unit),
        height_mm=_measure(size.get("height"), unit),
    )


def _measure(value: object, unit: Decimal | None) -> int | None:
    """Return a measure in whole grams or millimeters; 0 and an unknown unit are not known."""
    measure = number(value)
    return count(round(measure * unit)) or None if measure and unit else None
