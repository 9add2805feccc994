"""USPS: Tracking API v3."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

from aftermile.connectors.carriers.usps.reader import HOME_ZONE, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)
from aftermile.connectors.contracts.tokens import access_token

_API = "https://apis.usps.com"


def _authorize(credentials: Mapping[str, str]) -> OutboundRequest:
    question = {
        "grant_type": "client_credentials",
        "client_id": credentials["client_id"],
        "client_secret": credentials["client_secret"],
        "scope": "tracking",
    }
    return OutboundRequest(
        method="POST",
        url=f"{_API}/oauth2/v3/token",
        headers={"Content-Type": "application/json"},
        body=json.dumps(question).encode(),
    )


def _request(numbers: Sequence[str], credentials: Mapping[str, str], token: str) -> OutboundRequest:
    del credentials  # the token speaks for them
    return OutboundRequest(
        method="GET",
        url=f"{_API}/tracking/v3/tracking/{quote(numbers[0], safe='')}",
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        params={"expand": "DETAIL"},
    )


connector = Connector(
    slug="usps",
    name="USPS",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(
        CredentialField(name="client_id", label="Consumer key", secret=False),
        CredentialField(name="client_secret", label="Consumer secret"),
    ),
    # New applications are given 60 requests an hour until USPS raises it.
    poll=Poll(
        request=_request,
        limits=PollLimits(numbers_per_request=1, requests_per_minute=1, every=timedelta(hours=4)),
        authorize=_authorize,
        token_of=access_token,
    ),
    tracking_url="https://tools.usps.com/go/TrackConfirmAction?tLabels={tracking_number}",
    aliases=("united states postal service", "us postal service", "us-post", "usps_international", "us mail"),
    countries=("US",),
    setup=(
        (
            "On developers.usps.com, make an app with the Tracking API and copy its consumer key and "
            "secret. A new app may ask 60 times an hour; USPS raises that when asked."
        ),
    ),
    home_time_zone=HOME_ZONE,
    website="https://www.usps.com",
    phone="+18002758777",
)
