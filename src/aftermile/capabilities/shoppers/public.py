"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.shoppers.contact_points import contact_digest, normalize_email, normalize_phone
from aftermile.capabilities.shoppers.events import (
    ShopperChanged,
    ShopperErased,
    ShopperRecorded,
    ShoppersMerged,
)
from aftermile.capabilities.shoppers.operations.erase_shopper import erase_shopper
from aftermile.capabilities.shoppers.operations.record_consent import Answer, record_consent
from aftermile.capabilities.shoppers.operations.record_shoppers import (
    RecordedShopper,
    record_each_shopper,
    record_shoppers,
)
from aftermile.capabilities.shoppers.page_reads import reading_summary, watching_summary
from aftermile.capabilities.shoppers.queries import (
    ConsentView,
    ContactPointView,
    ShopperNotFound,
    ShopperSummary,
    ShopperView,
    erased_among,
    export_shopper,
    list_shoppers,
    shopper,
    shopper_by_external,
    shopper_ids,
    shopper_summaries,
    shoppers,
)
from aftermile.capabilities.shoppers.reach import Reach, reach
from aftermile.capabilities.shoppers.reachable import contact_values
from aftermile.capabilities.shoppers.reading import ShopperUnidentified, check_shopper, is_identified

__all__ = [
    "Answer",
    "ConsentView",
    "ContactPointView",
    "Reach",
    "RecordedShopper",
    "ShopperChanged",
    "ShopperErased",
    "ShopperNotFound",
    "ShopperRecorded",
    "ShopperSummary",
    "ShopperUnidentified",
    "ShopperView",
    "ShoppersMerged",
    "check_shopper",
    "contact_digest",
    "contact_values",
    "erase_shopper",
    "erased_among",
    "export_shopper",
    "is_identified",
    "list_shoppers",
    "normalize_email",
    "normalize_phone",
    "reach",
    "reading_summary",
    "record_consent",
    "record_each_shopper",
    "record_shoppers",
    "shopper",
    "shopper_by_external",
    "shopper_ids",
    "shopper_summaries",
    "shoppers",
    "watching_summary",
]
