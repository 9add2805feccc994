"""DHL Express: parcels flown around the world, read from the MyDHL API and from XML-PI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

from aftermile.connectors.carriers.dhl_express.reader import SLUG, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)
from aftermile.connectors.contracts.tokens import basic


def _ask(numbers: Sequence[str], credentials: Mapping[str, str], _token: str) -> OutboundRequest:
    return OutboundRequest(
        method="GET",
        url=f"https://express.api.dhl.com/mydhlapi/shipments/{quote(numbers[0], safe='')}/tracking",
        headers={
            "authorization": basic(credentials["username"], credentials["password"]),
            "accept": "application/json",
        },
        params={"trackingView": "all-checkpoints", "levelOfDetail": "all"},
    )


connector = Connector(
    slug=SLUG,
    name="DHL Express",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(
        CredentialField(name="username", label="API key", help="MyDHL API, under Apps", secret=False),
        CredentialField(name="password", label="API secret"),
    ),
    # MyDHL lets a new account ask 500 times a day.
    poll=Poll(request=_ask, limits=PollLimits(requests_per_minute=20, every=timedelta(hours=3))),
    tracking_url="https://www.dhl.com/global-en/home/tracking/tracking-express.html?submit=1&tracking-id={tracking_number}",
    aliases=("dhlexpress", "dhl_express", "mydhl", "dhl worldwide", "dhl express worldwide"),
    setup=(
        (
            "On developer.dhl.com, ask for access to MyDHL API with your DHL Express account number; key "
            "and secret stand under Apps once DHL has agreed."
        ),
    ),
    website="https://mydhl.express.dhl",
    phone="+49 228 767670",
)
