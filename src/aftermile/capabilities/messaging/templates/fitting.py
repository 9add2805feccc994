"""What the block `content` shows by itself: the shop's articles that fit what was bought, for many letters at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aftermile.capabilities.catalog.public import pictures
from aftermile.capabilities.content.public import Card, Kind, Purchase, articles_for
from aftermile.capabilities.messaging.templates.values import Content, Picture
from aftermile.capabilities.orders.public import OrderView
from aftermile.kernel.ids import public_id
from aftermile.kernel.merchants import MerchantView

#: A letter is no library.
MOST = 3
#: Which kinds a letter shows, the dearest first. A shop's own touchpoints show all of them.
_KINDS: Mapping[str, tuple[Kind, ...]] = {
    "confirmation": (Kind.GUIDE, Kind.VIDEO, Kind.CARE_TIPS),
    "founders_note": (),
    "delivered": (Kind.CARE_TIPS, Kind.GUIDE, Kind.VIDEO),
    "care_tips": (Kind.CARE_TIPS,),
    "set_up_guide": (Kind.GUIDE, Kind.VIDEO),
    "check_in": (Kind.CARE_TIPS, Kind.GUIDE, Kind.VIDEO, Kind.FAQ),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A letter whose content is wanted: what it is about, and the languages of its reader, the dearest first."""

    touchpoint: str
    orders: Sequence[OrderView]
    languages: tuple[str, ...]


def fitting_content(
    wishes: Sequence[Wish], *, merchant: MerchantView, base_url: str
) -> list[tuple[Content, ...]]:
    """Find what each letter shows, in their order; five statements at most however many. In the merchant's open scope.

    A letter about no order shows nothing by itself: nobody knows what would fit.
    """
    found = articles_for([_purchase(wish, merchant) for wish in wishes])
    urls = {card.picture_url for cards in found for card in cards if card.picture_url}
    copies = pictures(urls) if urls else {}
    key = public_id("mer", merchant.id)
    shown = {
        # Mail programs show no drawings (SVG).
        url: f"{base_url}/p/{key}/{copy.digest}.webp"
        for url, copy in copies.items()
        if copy.content_type == "image/webp"
    }
    return [tuple(_content(card, shown, f"{base_url}/help/{key}") for card in cards) for cards in found]


def _purchase(wish: Wish, merchant: MerchantView) -> Purchase:
    ids = {
        line.product_external_id
        for order in wish.orders
        for line in order.lines
        if line.product_external_id and not line.removed
    }
    return Purchase(
        source=wish.orders[0].source if wish.orders else "",
        product_external_ids=tuple(sorted(ids)),
        kinds=_KINDS.get(wish.touchpoint, tuple(Kind)),
        languages=(*wish.languages, merchant.language),
        limit=MOST if wish.orders else 0,
    )


def _content(card: Card, shown: Mapping[str, str], help_address: str) -> Content:
    picture = shown.get(card.picture_url, "")
    return Content(
        title=card.title,
        address=f"{help_address}/{card.slug}?lang={card.language.partition('-')[0]}",
        summary=card.summary,
        picture=Picture(address=picture, alt=card.title) if picture else None,
    )
