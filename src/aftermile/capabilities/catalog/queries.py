"""Reads of the catalog."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from aftermile.capabilities.catalog.models import Product, Variant
from aftermile.kernel.errors import NotFound


class ProductNotFound(NotFound):
    """There is no product with this id here."""

    code = "product_not_found"
    message = "There is no such product here; check the id."


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantView:
    """The price in the minor unit of `currency`."""

    id: UUID
    product_id: UUID
    external_id: str
    title: str
    sku: str
    barcode: str
    price_minor: int | None
    currency: str
    weight_grams: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductView:
    """`removed`: the source no longer has it."""

    id: UUID
    source: str
    external_id: str
    title: str
    url: str
    image_url: str
    category: str
    vendor: str
    tags: tuple[str, ...]
    attributes: Mapping[str, Any]
    removed: bool
    variants: tuple[VariantView, ...]
    created_at: datetime
    changed_at: datetime


def product(product_id: UUID) -> ProductView:
    """Read one product.

    :raises ProductNotFound: no such product.
    """
    found = _views(Product.rows().filter(id=product_id))
    if not found:
        raise ProductNotFound
    return found[0]


def products(ids: Collection[UUID]) -> dict[UUID, ProductView]:
    """Read products by id; unknown ids are left out. Two statements however many."""
    return {view.id: view for view in _views(Product.rows().filter(id__in=set(ids)))} if ids else {}


def list_products(
    *, after: UUID | None = None, limit: int = 50, source: str | None = None, external_id: str | None = None
) -> list[ProductView]:
    """List products, the newest here first, beginning behind the id `after`. Two statements."""
    rows = Product.rows()
    if source is not None:
        rows = rows.filter(source=source)
    if external_id is not None:
        rows = rows.filter(external_id=external_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    return _views(rows.order_by("-id")[:limit])


def products_by_external(source: str, external_ids: Collection[str]) -> dict[str, ProductView]:
    """Read products by their source's ids; unknown ones are left out. Two statements however many."""
    if not external_ids:
        return {}
    found = _views(Product.rows().filter(source=source, external_id__in=set(external_ids)))
    return {view.external_id: view for view in found}


def variants_by_external(source: str, external_ids: Collection[str]) -> dict[str, VariantView]:
    """Read variants by their source's ids; unknown ones are left out. One statement.

    Where a source uses an id for variants of several products, the one heard of first is meant.
    """
    if not external_ids:
        return {}
    rows = Variant.rows().filter(source=source, external_id__in=set(external_ids)).order_by("-id")
    return {row.external_id: _variant(row) for row in rows}


def _views(rows: QuerySet[Product]) -> list[ProductView]:
    found = list(rows)
    variants: dict[UUID, list[VariantView]] = {}
    if found:
        of_found = Variant.rows().filter(product_id__in=[row.id for row in found])
        for row in of_found.order_by("product_id", "external_id"):
            variants.setdefault(row.product_id, []).append(_variant(row))
    return [
        ProductView(
            id=row.id,
            source=row.source,
            external_id=row.external_id,
            title=row.title,
            url=row.url,
            image_url=row.image_url,
            category=row.category,
            vendor=row.vendor,
            tags=tuple(row.tags),
            attributes=row.attributes,
            removed=row.removed,
            variants=tuple(variants.get(row.id, ())),
            created_at=row.created_at,
            changed_at=row.changed_at,
        )
        for row in found
    ]


def _variant(row: Variant) -> VariantView:
    return VariantView(
        id=row.id,
        product_id=row.product_id,
        external_id=row.external_id,
        title=row.title,
        sku=row.sku,
        barcode=row.barcode,
        price_minor=row.price_minor,
        currency=row.currency,
        weight_grams=row.weight_grams,
        length_mm=row.length_mm,
        width_mm=row.width_mm,
        height_mm=row.height_mm,
    )
