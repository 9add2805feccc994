"""What kinds of articles there are, what they are about, and in which state one is."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """A set-up guide or how-to; how to keep a thing in order; a film elsewhere; one question with its answer."""

    GUIDE = "guide"
    CARE_TIPS = "care_tips"
    VIDEO = "video"
    FAQ = "faq"


class About(StrEnum):
    """What an article is attached to. Ordered from what fits a purchase best to what fits every one."""

    PRODUCT = "product"
    TYPE = "type"
    TAG = "tag"
    SHOP = "shop"


class State(StrEnum):
    """Never published; on the shopper's pages; taken off them."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"
