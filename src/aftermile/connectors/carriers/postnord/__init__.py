"""PostNord: Track and Trace API v5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from aftermile.connectors.carriers.postnord.reader import HOME_ZONE, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)


def _request(numbers: Sequence[str], credentials: Mapping[str, str], token: str) -> OutboundRequest:
    del token  # each request carries the key itself
    return OutboundRequest(
        method="GET",
        url="https://api2.postnord.com/rest/shipment/v5/trackandtrace/findByIdentifier.json",
        headers={"Accept": "application/json"},
        params={"apikey": credentials["api_key"], "id": numbers[0], "locale": "en"},
    )


connector = Connector(
    slug="postnord",
    name="PostNord",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(CredentialField(name="api_key", label="API key"),),
    poll=Poll(
        request=_request,
        limits=PollLimits(numbers_per_request=1, requests_per_minute=30, every=timedelta(hours=2)),
    ),
    tracking_url="https://tracking.postnord.com/en/tracking?id={tracking_number}",
    aliases=(
        "post nord",
        "postnord sverige",
        "postnord danmark",
        "postnord-se",
        "postnord-dk",
        "post danmark",
    ),
    countries=("SE", "DK", "NO", "FI"),
    setup=("On developer.postnord.com, make an app with Track & Trace and copy its API key.",),
    home_time_zone=HOME_ZONE,
    website="https://www.postnord.com",
    phone="+46771333310",
)
