"""The quote of the open shop: its tables and calendar, and what its catalog knows, in one trip to the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aftermile.capabilities.catalog.public import reading_articles
from aftermile.capabilities.promises.learning.forecasting import Place
from aftermile.capabilities.promises.live_model import reading_live_model_or_none
from aftermile.capabilities.promises.quoting.asking import Asked, QuoteUnreadable, cart_of, check
from aftermile.capabilities.promises.quoting.policy import Forecasts, Quote, quote_by, shipping_place
from aftermile.capabilities.promises.states import Source
from aftermile.capabilities.promises.trust import reading_estimate_settings
from aftermile.capabilities.shipping.public import calendar_at, reading_shipping
from aftermile.kernel.reads import answered, side_by_side


def quote(
    asked: Asked,
    *,
    now: datetime,
    forecasts: Forecasts | None = None,
    trust: Sequence[Source] | None = None,
) -> Quote:
    """Quote every method of the open shop; the number of statements is the same for any number of methods and items.

    :param forecasts: what answers for a model; None: the shop's live model, if it has one.
    :param trust: whose window is shown, the first that has one; None: as the shop has set it.
    :raises QuoteUnreadable: what was asked makes no sense.
    :raises SkuUnknown: article numbers the catalog does not have.
    """
    asked = check(asked, now=now)
    skus = {item.sku for item in asked.items if item.sku}
    shop, known, settings, live = answered(
        side_by_side(
            reading_shipping(),
            reading_articles(skus),
            reading_estimate_settings(),
            reading_live_model_or_none(),
        )
    )
    if asked.currency not in ("", shop.merchant.currency):
        raise QuoteUnreadable(details={"currency": f"The shop's prices are in {shop.merchant.currency}."})
    cart, goods = cart_of(asked, known, currency=shop.merchant.currency)
    order = settings.order if trust is None else trust
    if forecasts is None and live is not None and Source.MODEL in order:
        forecasts = live.model.forecast
    calendar = shop.calendar
    if asked.origin is not None:
        calendar = calendar_at(shop.plan, calendar, shipping_place(asked.origin))
    return quote_by(
        shop.plan,
        calendar,
        cart=cart,
        goods=goods,
        origin=asked.origin
        or Place(country=shop.calendar.country or shop.merchant.country, region=shop.calendar.subdivision),
        destination=asked.destination,
        currency=shop.merchant.currency,
        at=asked.at,
        by=asked.by,
        forecasts=forecasts,
        trust=order,
        language=asked.language,
    )
