"""What a shop copies into its own pages: the promise as an element of three shapes, and as a link."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from uuid import UUID

from django.urls import reverse

from aftermile.capabilities.brands.public import BrandView
from aftermile.doors.widgets.promise.phrases import PHRASES
from aftermile.doors.widgets.snippets import shop_base
from aftermile.kernel.ids import public_id


@dataclass(frozen=True, slots=True)
class PromiseSnippets:
    """Lines to copy. All work without an account or a key."""

    script: str
    product: str
    cart: str
    checkout: str
    link: str


def promise_snippets(brand: BrandView, merchant_id: UUID, language: str, goods: str) -> PromiseSnippets:
    """Write what a shop copies, at its own domain where it has one.

    :param goods: the attributes that say what is in the cart.
    """
    base, key = shop_base(brand), public_id("mer", merchant_id)
    page = escape(base + reverse("promise-page", args=[key]))
    words = escape(PHRASES.tongue([language]).say("Delivery dates and prices"))
    link = f'<a href="{page}?items=SKU:1">{words}</a>'

    def element(shape: str) -> str:
        return f'<aftermile-promise shape="{shape}" {goods}>{link}</aftermile-promise>'

    source = escape(base + reverse("promise-script", args=[key]))
    return PromiseSnippets(
        script=f'<script async src="{source}"></script>',
        product=element("product"),
        cart=element("cart"),
        checkout=element("checkout"),
        link=link,
    )
