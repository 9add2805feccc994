"""Promises: what can be said of a delivery before the purchase."""

from __future__ import annotations

from ninja import Router

from aftermile.capabilities.promises.public import QuoteUnreadable, SkuUnknown, quote
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.shapes.promises import QuoteGiven, QuoteTaken, quote_given
from aftermile.kernel.clock import now

router = Router(tags=["Promises"])


@endpoint(
    router,
    "POST",
    "/promises/quote",
    scope="promises:read",
    returns=QuoteGiven,
    refusals=[QuoteUnreadable, SkuUnknown],
)
def quote_delivery(wanted: QuoteTaken) -> QuoteGiven:
    """Quote a delivery.

    For every shipping method that serves the destination: from when to when it comes, the likeliest day, until when
    that holds, what it costs and what is missing for free shipping, whose word that is and why. Nothing is kept.
    """
    at = now()
    return quote_given(quote(wanted.asked(now=at), now=at))
