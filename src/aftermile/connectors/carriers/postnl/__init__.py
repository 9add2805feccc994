"""PostNL: parcels in and from the Netherlands, read from the Status API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

from aftermile.connectors.carriers.postnl.reader import HOME_ZONE, SLUG, translate
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
        url=f"https://api.postnl.nl/shipment/v2/status/barcode/{quote(numbers[0], safe='')}",
        headers={"apikey": credentials["api_key"], "accept": "application/json"},
        params={"detail": "true", "language": "EN"},
    )


connector = Connector(
    slug=SLUG,
    name="PostNL",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(CredentialField(name="api_key", label="API key", help="developer.postnl.nl, Status API"),),
    poll=Poll(request=_ask, limits=PollLimits(requests_per_minute=30, every=timedelta(hours=2))),
    tracking_url="https://jouw.postnl.nl/track-and-trace/{tracking_number}",
    aliases=("post nl", "postnl 3s", "postnl domestic", "postnl netherlands", "tnt post"),
    countries=("NL",),
    setup=("Ask PostNL on developer.postnl.nl for a production key with the Status API.",),
    home_time_zone=HOME_ZONE,
    website="https://www.postnl.nl",
    phone="+31 882255555",
)
