"""The tracking page of an order."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from aftermile.capabilities.orders.public import OrderNotFound, State, order_by_page_token
from aftermile.capabilities.shipments.public import shipments_of_orders
from aftermile.doors.shopper.answers import away, not_found, page
from aftermile.doors.shopper.presenters.order import TrackingPage, tracking_page
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.tenancy import merchant_scope
from aftermile.kernel.tokens import BadToken, read_token

log = logging.getLogger(__name__)


@require_safe
def tracking(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001
    """Show where an order is. An address nobody has, however it came about, gets the same plain answer."""
    try:
        shown = _read(token)
    except (BadToken, OrderNotFound):
        return not_found()
    except (OperationalError, InterfaceError):
        log.warning("the database is away: a shopper was asked to come again")
        return away()
    return page("shopper/tracking.html", {"page": shown})


def _read(token: str) -> TrackingPage:
    """Compose the page a token names.

    :raises BadToken: no token of ours.
    :raises OrderNotFound: no order has it, or its shop deleted the order.
    """
    named = read_token("t", token)
    with merchant_scope(named.merchant_id):
        order = order_by_page_token(token)
        if order.state is State.DELETED:
            raise OrderNotFound
        shipments = shipments_of_orders([order.id])[order.id]
        merchant = current_merchant()
    return tracking_page(
        order,
        shipments,
        merchant,
        now=now(),
        # A simulated number must not be looked up at a real carrier.
        links_to_carriers=not settings.CONFIG.demo,
    )
