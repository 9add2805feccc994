"""The sentences of the letters we ship, in every language, as Liquid."""

from __future__ import annotations

import re
from html import escape

from aftermile.kernel.languages import Phrasebook, Tongue

PHRASES = Phrasebook("aftermile.capabilities.messaging.templates")

#: What fills the gaps of a sentence. A sentence with a gap that may be missing stands under a condition.
GAPS = {
    "carrier": "parcel.carrier",
    "code": "offer.code",
    "day": "parcel.delivered_on",
    "earned": "points.earned",
    "hours": "parcel.hours",
    "name": "shopper.first_name",
    "number": "order.number",
    "person": "shop.support.name",
    "place": "parcel.place",
    "points": "points.balance",
    "product": "product.title",
    "promised": "order.window",
    "reason": "parcel.reason",
    "shop": "shop.name",
    "tracking": "parcel.number",
    "until": "offer.until",
    "window": "parcel.window",
    "worth": "offer.worth",
}
#: What stands around a name or number, by the direction of the words: between Arabic ones it keeps its own.
AROUND = {"ltr": ("", ""), "rtl": ("\u2068", "\u2069")}
_GAP = re.compile(r"{(\w+)}")


def in_liquid(sentence: str, tongue: Tongue, *, is_html: bool) -> str:
    """Say a sentence with Liquid in its gaps."""
    said = tongue.say(sentence)
    if is_html:
        said = escape(said, quote=False)
    before, after = AROUND[tongue.direction]
    return _GAP.sub(lambda gap: f"{before}{{{{ {GAPS[gap[1]]} }}}}{after}", said)
