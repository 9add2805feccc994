"""What a shop says beside the answer, in the tone of its brand. Bad news has no such line."""

from __future__ import annotations

from aftermile.capabilities.brands.public import Tone as Voice
from aftermile.capabilities.orders.public import OrderView
from aftermile.doors.shopper.presenters.standing import Context, Standing
from aftermile.doors.shopper.presenters.tone import Tone
from aftermile.kernel.languages import msg

# Each language addresses shoppers in one way, whatever the tone: a page whose "du" and "Sie" take turns would be worse
# than one that is never quite as formal. So the tone picks a line of its own and leaves the others as they are.
_LINES = {
    Voice.WARM: {
        Tone.CALM: msg("Thank you for ordering from {shop}. We keep an eye on it for you."),
        Tone.GOOD: msg("We hope you like it. Thank you for ordering from {shop}."),
    },
    Voice.FORMAL: {
        Tone.CALM: msg("Thank you for your order with {shop}."),
        Tone.GOOD: msg("Thank you for your order with {shop}."),
    },
}


def greeting_of(
    order: OrderView, standing: Standing, about: Context, voice: Voice, *, is_returning: bool
) -> str:
    """Say a line of thanks; "" in the plain tone, beside bad news, and once something comes or was given back."""
    line = _LINES.get(voice, {}).get(standing.tone)
    if line is None or standing.notice is not None or is_returning or order.refunded_minor > 0:
        return ""
    return about.tongue.say(line, shop=about.shop)
