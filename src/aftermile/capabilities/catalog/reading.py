"""What one fact says about a product, as the columns of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aftermile.connectors.contracts.facts import ProductFact, VariantFact
from aftermile.kernel.bounds import check_count, check_id
from aftermile.kernel.versions import version_key

#: The fields that are folded; the columns of the same names.
PRODUCT_FIELDS = ("title", "url", "image_url", "category", "vendor", "tags", "attributes", "removed")
VARIANT_FIELDS = (
    "title", "sku", "barcode", "price_minor", "currency", "weight_grams", "length_mm", "width_mm", "height_mm",
)  # fmt: skip
_TEXTS = ("title", "url", "image_url", "category", "vendor")
_VARIANT_TEXTS = ("title", "sku", "barcode")
_MEASURES = ("weight_grams", "length_mm", "width_mm", "height_mm")

Said = dict[str, Any]


@dataclass(slots=True)
class ProductReading:
    """One fact, read. `variants` are by external id."""

    external_id: str
    version: str
    said: Said
    variants: dict[str, Said]
    is_undated_deletion: bool


def read_product(fact: ProductFact, *, at: datetime, index: int = 0, place: int = 0) -> ProductReading:
    """Read one fact.

    :raises FactOutOfBounds: an id or a measure that no column can hold.
    """
    check_id(fact.external_id, what="A product's external_id", index=index)
    said: Said = {name: value for name in _TEXTS if (value := getattr(fact, name))}
    if fact.tags:
        said["tags"] = list(fact.tags)
    if fact.attributes:
        said["attributes"] = dict(fact.attributes)
    # Every fact says whether the product is there: one that is told of anew after its removal is back.
    said["removed"] = fact.deleted
    return ProductReading(
        external_id=fact.external_id,
        version=version_key(fact.updated_at, at=at, rank=int(fact.deleted), place=place),
        said=said,
        is_undated_deletion=fact.deleted and fact.updated_at is None,
        variants={variant.external_id: _read_variant(variant, index) for variant in fact.variants},
    )


def _read_variant(fact: VariantFact, index: int) -> Said:
    check_id(fact.external_id, what="A variant's external_id", index=index)
    said: Said = {name: value for name in _VARIANT_TEXTS if (value := getattr(fact, name))}
    if fact.price is not None:
        said["price_minor"] = fact.price.amount_minor
        said["currency"] = fact.price.currency
    for name in _MEASURES:
        measure = getattr(fact, name)
        check_count(measure, what=f"A variant's {name}", index=index)
        if measure is not None:
            said[name] = measure
    return said
