"""What happened to products."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from aftermile.kernel.events import event


@event("product.changed", outside="A product was heard of for the first time, or it or a variant changed.")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChanged:
    product_id: UUID
    source: str
    external_id: str
    created: bool
    changed: tuple[str, ...]


@event("product.removed", outside="The source no longer has a product; it is kept here and marked.")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRemoved:
    product_id: UUID
    source: str
    external_id: str
