"""GLS: parcels across Europe, read from the group's tracking API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

from aftermile.connectors.carriers.gls.reader import HOME_ZONE, SLUG, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)
from aftermile.connectors.contracts.tokens import access_token, basic

_API = "https://api.gls-group.net"


def _authorize(credentials: Mapping[str, str]) -> OutboundRequest:
    return OutboundRequest(
        method="POST",
        url=f"{_API}/oauth2/v2/token",
        headers={
            "authorization": basic(credentials["client_id"], credentials["client_secret"]),
            "content-type": "application/x-www-form-urlencoded",
        },
        body=b"grant_type=client_credentials",
    )


def _ask(numbers: Sequence[str], _credentials: Mapping[str, str], token: str) -> OutboundRequest:
    wanted = ",".join(quote(number, safe="") for number in numbers)
    return OutboundRequest(
        method="GET",
        url=f"{_API}/track-and-trace-v1/tracking/simple/trackids/{wanted}",
        headers={"authorization": f"Bearer {token}", "accept": "application/json", "accept-language": "en"},
        params={"showEvents": "true"},
    )


connector = Connector(
    slug=SLUG,
    name="GLS",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(
        CredentialField(name="client_id", label="Client id", help="dev-portal.gls-group.net", secret=False),
        CredentialField(name="client_secret", label="Client secret"),
    ),
    poll=Poll(
        request=_ask,
        limits=PollLimits(numbers_per_request=10, requests_per_minute=30, every=timedelta(hours=2)),
        authorize=_authorize,
        token_of=access_token,
    ),
    tracking_url="https://gls-group.com/track/{tracking_number}",
    aliases=("gls group", "gls germany", "gls parcel", "gls europe", "general logistics systems"),
    setup=(
        "On dev-portal.gls-group.net, make an app with Track and Trace and copy its client id and secret.",
    ),
    home_time_zone=HOME_ZONE,
    website="https://gls-group.com",
    phone="+49 6677 646907000",
)
