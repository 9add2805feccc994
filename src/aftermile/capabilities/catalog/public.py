"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.catalog.by_sku import Article, articles, reading_articles
from aftermile.capabilities.catalog.events import ProductChanged, ProductRemoved
from aftermile.capabilities.catalog.operations.record_products import record_products
from aftermile.capabilities.catalog.operations.remove_products import remove_products
from aftermile.capabilities.catalog.operations.want_pictures import want_pictures
from aftermile.capabilities.catalog.picture_queries import (
    PictureNotFound,
    PictureView,
    picture_content,
    picture_counts,
    pictures,
    product_images,
)
from aftermile.capabilities.catalog.queries import (
    ProductNotFound,
    ProductView,
    VariantView,
    list_products,
    product,
    products,
    products_by_external,
    variants_by_external,
)
from aftermile.capabilities.catalog.states import PictureState
from aftermile.capabilities.catalog.traits import (
    Traits,
    find_products,
    known_types_and_tags,
    reading_traits,
    watching_traits,
)

__all__ = [
    "Article",
    "PictureNotFound",
    "PictureState",
    "PictureView",
    "ProductChanged",
    "ProductNotFound",
    "ProductRemoved",
    "ProductView",
    "Traits",
    "VariantView",
    "articles",
    "find_products",
    "known_types_and_tags",
    "list_products",
    "picture_content",
    "picture_counts",
    "pictures",
    "product",
    "product_images",
    "products",
    "products_by_external",
    "reading_articles",
    "reading_traits",
    "record_products",
    "remove_products",
    "variants_by_external",
    "want_pictures",
    "watching_traits",
]
