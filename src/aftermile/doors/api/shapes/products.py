"""Products as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from aftermile.capabilities.catalog.public import ProductView, VariantView
from aftermile.connectors.contracts.facts import ProductFact, VariantFact
from aftermile.doors.api.batches import MOST_ITEMS, BatchResult
from aftermile.doors.api.fields import (
    WHOLE,
    Address,
    Attributes,
    ExternalId,
    Given,
    Line,
    Moment,
    MoneyTaken,
    OrOdd,
    ProductId,
    Taken,
    VariantId,
    Word,
    example,
    money,
)

Measure = Annotated[int, Field(ge=0, le=10**9), WHOLE]


class VariantTaken(Taken):
    """What is in fact put in the box: a size, a color, or the product itself where it has only one."""

    external_id: ExternalId
    title: Line = ""
    sku: Line = ""
    barcode: Word = ""
    price: MoneyTaken | None = None
    weight_grams: Measure | None = None
    length_mm: Measure | None = None
    width_mm: Measure | None = None
    height_mm: Measure | None = None


class ProductTaken(Taken):
    """A product. What is left out or empty leaves what is known alone."""

    model_config = example(
        title="Ronia, the Robber's Daughter",
        url="https://books.example/ronia",
        variants=[
            {
                "external_id": "v-1",
                "sku": "RON-1",
                "price": {"amount_minor": 1990, "currency": "EUR"},
                "weight_grams": 410,
            }
        ],
    )

    title: Line = ""
    url: Address = ""
    image_url: Address = ""
    category: Line = ""
    vendor: Line = ""
    tags: list[Word] = Field([], max_length=100)
    variants: list[VariantTaken] = Field([], max_length=1000)
    updated_at: Moment | None = Field(
        None, description="Your version: an older one never overwrites a newer."
    )
    removed: bool = Field(default=False, description="You no longer have it; old orders still name it.")
    attributes: Attributes = {}


class ProductItem(ProductTaken):
    """One product of a batch."""

    external_id: ExternalId


class ProductsTaken(Taken):
    """Up to 500 products."""

    products: list[Annotated[ProductItem, OrOdd]] = Field(min_length=1, max_length=MOST_ITEMS)


class ProductResult(BatchResult):
    """What became of one product."""

    id: ProductId | None = Field(None, description="Null when it was refused.")


class ProductResults(Given):
    """One result for each product, in their order."""

    data: list[ProductResult]


class ProductRecorded(Given):
    """Where a product went."""

    id: ProductId


class VariantGiven(Given):
    """A variant; the price in the minor unit of `currency`."""

    id: VariantId
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


class ProductGiven(Given):
    """A product with its variants."""

    id: ProductId
    source: str = Field(description="Whose id `external_id` is: `shop`, or a connection.")
    external_id: str
    title: str
    url: str
    image_url: str
    category: str
    vendor: str
    tags: list[str]
    attributes: dict[str, Any]
    removed: bool
    variants: list[VariantGiven]
    created_at: datetime
    updated_at: datetime


def product_fact(taken: ProductTaken, external_id: str) -> ProductFact:
    """Turn a taken product into a fact."""
    return ProductFact(
        external_id=external_id,
        title=taken.title,
        url=taken.url,
        image_url=taken.image_url,
        category=taken.category,
        vendor=taken.vendor,
        tags=tuple(taken.tags),
        variants=tuple(
            VariantFact(
                external_id=variant.external_id,
                title=variant.title,
                sku=variant.sku,
                barcode=variant.barcode,
                price=money(variant.price),
                weight_grams=variant.weight_grams,
                length_mm=variant.length_mm,
                width_mm=variant.width_mm,
                height_mm=variant.height_mm,
            )
            for variant in taken.variants
        ),
        updated_at=taken.updated_at,
        deleted=taken.removed,
        attributes=taken.attributes,
    )


def product_given(view: ProductView) -> ProductGiven:
    """Write a product."""
    return ProductGiven(
        id=view.id,
        source=view.source,
        external_id=view.external_id,
        title=view.title,
        url=view.url,
        image_url=view.image_url,
        category=view.category,
        vendor=view.vendor,
        tags=list(view.tags),
        attributes=dict(view.attributes),
        removed=view.removed,
        variants=[_variant(variant) for variant in view.variants],
        created_at=view.created_at,
        updated_at=view.changed_at,
    )


def _variant(view: VariantView) -> VariantGiven:
    return VariantGiven(
        id=view.id,
        external_id=view.external_id,
        title=view.title,
        sku=view.sku,
        barcode=view.barcode,
        price_minor=view.price_minor,
        currency=view.currency,
        weight_grams=view.weight_grams,
        length_mm=view.length_mm,
        width_mm=view.width_mm,
        height_mm=view.height_mm,
    )
