"""FedEx: Track API v1."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from aftermile.connectors.carriers.fedex.reader import translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)
from aftermile.connectors.contracts.tokens import access_token

_API = "https://apis.fedex.com"


def _authorize(credentials: Mapping[str, str]) -> OutboundRequest:
    form = {
        "grant_type": "client_credentials",
        "client_id": credentials["api_key"],
        "client_secret": credentials["secret_key"],
    }
    return OutboundRequest(
        method="POST",
        url=f"{_API}/oauth/token",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode(form).encode(),
    )


def _request(numbers: Sequence[str], credentials: Mapping[str, str], token: str) -> OutboundRequest:
    del credentials  # the token speaks for them
    question = {
        "includeDetailedScans": True,
        "trackingInfo": [{"trackingNumberInfo": {"trackingNumber": number}} for number in numbers],
    }
    return OutboundRequest(
        method="POST",
        url=f"{_API}/track/v1/trackingnumbers",
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "X-locale": "en_US",
        },
        body=json.dumps(question).encode(),
    )


connector = Connector(
    slug="fedex",
    name="FedEx",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(
        CredentialField(name="api_key", label="API key", secret=False),
        CredentialField(name="secret_key", label="Secret key"),
    ),
    poll=Poll(
        request=_request,
        limits=PollLimits(numbers_per_request=30, requests_per_minute=30, every=timedelta(hours=2)),
        authorize=_authorize,
        token_of=access_token,
    ),
    tracking_url="https://www.fedex.com/fedextrack/?trknbr={tracking_number}",
    aliases=(
        "federal express",
        "fedex express",
        "fedex ground",
        "fedex home delivery",
        "fedex smartpost",
        "fedex ground economy",
        "fedexdefault",
        "fedex_default",
        "fedex_smartpost",
    ),
    setup=(
        (
            "On developer.fedex.com, make a project with the Track API, move it to production, and copy "
            "its API key and secret key."
        ),
    ),
    home_time_zone="America/Chicago",
    website="https://www.fedex.com",
    phone="+18004633339",
)
