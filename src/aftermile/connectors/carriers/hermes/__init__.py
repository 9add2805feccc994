"""Hermes Germany, read from its shipment information interface (HSI)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from aftermile.connectors.carriers.hermes.reader import HOME_ZONE, SLUG, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)
from aftermile.connectors.contracts.tokens import access_token


def _authorize(credentials: Mapping[str, str]) -> OutboundRequest:
    fields = ("client_id", "client_secret", "username", "password")
    return OutboundRequest(
        method="POST",
        url="https://authme.myhermes.de/authorization-facade/oauth2/access_token",
        headers={"content-type": "application/x-www-form-urlencoded"},
        body=urlencode({"grant_type": "password", **{name: credentials[name] for name in fields}}).encode(),
    )


def _ask(numbers: Sequence[str], _credentials: Mapping[str, str], token: str) -> OutboundRequest:
    return OutboundRequest(
        method="GET",
        url="https://de-api.hermesworld.com/services/hsi/shipmentinfo",
        headers={"authorization": f"Bearer {token}", "accept": "application/json", "accept-language": "EN"},
        params={"shipmentID": numbers[0]},
    )


connector = Connector(
    slug=SLUG,
    name="Hermes",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(
        CredentialField(name="client_id", label="Client id", secret=False),
        CredentialField(name="client_secret", label="Client secret"),
        CredentialField(name="username", label="User name", secret=False),
        CredentialField(name="password", label="Password"),
    ),
    poll=Poll(
        request=_ask,
        limits=PollLimits(requests_per_minute=20, every=timedelta(hours=3)),
        authorize=_authorize,
        token_of=access_token,
    ),
    tracking_url="https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#{tracking_number}",
    aliases=("hermes germany", "hermes de", "hermes world", "myhermes de", "hermes paketshop"),
    countries=("DE",),
    setup=(
        (
            "Ask your contact at Hermes for access to the tracking API: you get a client id and secret, a "
            "user name and a password."
        ),
    ),
    home_time_zone=HOME_ZONE,
    website="https://www.myhermes.de",
    phone="+49 40 593553300",
)
