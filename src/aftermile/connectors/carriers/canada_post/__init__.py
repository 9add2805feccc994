"""Canada Post: REST tracking service, version 2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

from aftermile.connectors.carriers.canada_post.reader import HOME_ZONE, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)
from aftermile.connectors.contracts.tokens import basic


def _request(numbers: Sequence[str], credentials: Mapping[str, str], token: str) -> OutboundRequest:
    del token  # each request carries the key itself
    return OutboundRequest(
        method="GET",
        url=f"https://soa-gw.canadapost.ca/vis/track/pin/{quote(numbers[0], safe='')}/detail",
        headers={
            "Authorization": basic(credentials["username"], credentials["password"]),
            "Accept": "application/vnd.cpc.track-v2+xml",
            "Accept-language": "en-CA",
        },
    )


connector = Connector(
    slug="canada-post",
    name="Canada Post",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(
        CredentialField(
            name="username",
            label="API key, first part",
            help="The part before the colon of the Developer Program's key.",
            secret=False,
        ),
        CredentialField(name="password", label="API key, second part"),
    ),
    poll=Poll(
        request=_request,
        limits=PollLimits(numbers_per_request=1, requests_per_minute=30, every=timedelta(hours=3)),
    ),
    tracking_url="https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={tracking_number}",
    aliases=("canadapost", "postes canada", "canada post corporation", "poste canada"),
    countries=("CA",),
    setup=(
        (
            "Sign up for Canada Post's Developer Program with your customer number; the production key "
            "stands on its page in two parts with a colon between them."
        ),
    ),
    home_time_zone=HOME_ZONE,
    website="https://www.canadapost-postescanada.ca",
    phone="+18662676177",
)
