"""The tracking page in a look that is not saved: the console shows it in a frame beside the brand's settings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse

from aftermile.capabilities.brands.public import BrandView
from aftermile.capabilities.orders.public import OrderView
from aftermile.capabilities.shipments.public import ShipmentView
from aftermile.doors.shopper import answers
from aftermile.doors.shopper.faces import face_of_shop
from aftermile.doors.shopper.pictures import pictures_of_lines
from aftermile.doors.shopper.presenters.order import tracking_page
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import current_merchant

_ASKS_THE_DEVICE = re.compile(r"@media \(prefers-color-scheme: ?dark\)")
# A page that nothing runs in, in a sandbox: its sheets may be rewritten.
_HASHES = re.compile(r"style-src [^;]*")


def preview(
    request: HttpRequest,
    look: BrandView,
    order: OrderView,
    shipments: Sequence[ShipmentView],
    *,
    language: str,
    is_dark: bool,
) -> HttpResponse:
    """Show an order's page in a look and a language, light or dark, inside the open merchant's scope.

    For a frame on our own pages: it may stand in one, and leads nowhere in other languages.
    """
    # What is rewritten below must not be packed yet.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    merchant = current_merchant()
    country = order.shipping_address.country if order.shipping_address else ""
    face = replace(
        face_of_shop(request, merchant, look, wishes=[language], country=country), languages=(), chosen=""
    )
    shown = tracking_page(
        order,
        shipments,
        merchant,
        face.tongue,
        now=now(),
        links_to_carriers=False,
        picture_of=pictures_of_lines(order.source, order.lines),
        voice=face.voice,
    )
    values = {"page": replace(shown, has_calendar=False), "calendar": ""}
    response = answers.page(request, "shopper/tracking.html", values, face)
    # The choice counts here, not the device's: the sheets' question is answered in its place.
    html = response.content.decode()
    response.content = _ASKS_THE_DEVICE.sub("@media all" if is_dark else "@media not all", html).encode()
    policy = _HASHES.sub("style-src 'unsafe-inline'", response.headers["Content-Security-Policy"])
    response.headers["Content-Security-Policy"] = policy.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
