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
_GAP = re.compile(r"{(\w+)}")


def in_liquid(sentence: str, tongue: Tongue, *, is_html: bool) -> str:
    """Say a sentence with Liquid in its gaps."""
    said = tongue.say(sentence)
    if is_html:
        said = escape(said, quote=False)
    # Between Arabic words, a name or number in Latin letters keeps its own direction.
    before, after = ("\u2068", "\u2069") if tongue.direction == "rtl" else ("", "")
    return _GAP.sub(lambda gap: f"{before}{{{{ {GAPS[gap[1]]} }}}}{after}", said)
