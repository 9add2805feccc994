"""Where the help page and its articles are."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from aftermile.kernel.ids import public_id


def help_address(merchant_id: UUID) -> str:
    """Tell where a shop's help page is."""
    return reverse("help", args=[public_id("mer", merchant_id)])


def article_address(merchant_id: UUID, slug: str) -> str:
    """Tell where an article is."""
    return reverse("help-article", args=[public_id("mer", merchant_id), slug])
