"""What happened to shoppers. No event carries personal data: the log is kept longer than a person may be."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from aftermile.kernel.events import event


@event("shopper.recorded", outside="A shopper was heard of for the first time.")
@dataclass(frozen=True, slots=True, kw_only=True)
class ShopperRecorded:
    shopper_id: UUID


@event("shopper.changed", outside="A shopper's name, contact points, language, tags or consents changed.")
@dataclass(frozen=True, slots=True, kw_only=True)
class ShopperChanged:
    shopper_id: UUID
    changed: tuple[str, ...]


@event(
    "shopper.merged", outside="Two shoppers turned out to be one; everything is now kept under the first id."
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ShoppersMerged:
    shopper_id: UUID
    merged_id: UUID


@event("shopper.erased", outside="A shopper's personal data was erased.")
@dataclass(frozen=True, slots=True, kw_only=True)
class ShopperErased:
    shopper_id: UUID
