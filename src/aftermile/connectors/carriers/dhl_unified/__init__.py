"""DHL, all divisions through one door: the "Shipment Tracking - Unified" API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from aftermile.connectors.carriers.dhl_unified.reader import HOME_ZONE, SLUG, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)


def _ask(numbers: Sequence[str], credentials: Mapping[str, str], _token: str) -> OutboundRequest:
    return OutboundRequest(
        method="GET",
        url="https://api-eu.dhl.com/track/shipments",
        headers={"dhl-api-key": credentials["api_key"], "accept": "application/json"},
        params={"trackingNumber": numbers[0], "language": "en"},
    )


connector = Connector(
    slug=SLUG,
    name="DHL",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(
        CredentialField(
            name="api_key", label="API key", help="developer.dhl.com, Shipment Tracking - Unified"
        ),
    ),
    # A new key may ask 250 times a day and once in five seconds.
    poll=Poll(request=_ask, limits=PollLimits(requests_per_minute=10, every=timedelta(hours=4))),
    tracking_url="https://www.dhl.com/global-en/home/tracking.html?submit=1&tracking-id={tracking_number}",
    aliases=(
        "dhl unified",
        "dhl_universal",
        "dhl group",
        "dhl ecommerce",
        "dhl ecs",
        "dhl global mail",
        "dhl parcel",
        "dhl freight",
    ),
    setup=(
        (
            "On developer.dhl.com, make an app with the API Shipment Tracking - Unified and copy its key. "
            "A new key may ask 250 times a day; DHL raises that when asked."
        ),
    ),
    home_time_zone=HOME_ZONE,
    website="https://www.dhl.com",
    phone="+49 228 4333112",
)
