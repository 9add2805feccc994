"""UPS: Tracking API v1 and Track Alert."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote, urlencode

from aftermile.connectors.carriers.ups.reader import translate
from aftermile.connectors.contracts.sockets import (
    Accepted,
    Connector,
    ConnectorKind,
    CredentialField,
    InboundRequest,
    OutboundRequest,
    Poll,
    PollLimits,
    Refused,
    Verdict,
)
from aftermile.connectors.contracts.tokens import access_token, basic

_API = "https://onlinetools.ups.com"


def _authorize(credentials: Mapping[str, str]) -> OutboundRequest:
    return OutboundRequest(
        method="POST",
        url=f"{_API}/security/v1/oauth/token",
        headers={
            "Authorization": basic(credentials["client_id"], credentials["client_secret"]),
            "Content-Type": "application/x-www-form-urlencoded",
        },
        body=urlencode({"grant_type": "client_credentials"}).encode(),
    )


def _request(numbers: Sequence[str], credentials: Mapping[str, str], token: str) -> OutboundRequest:
    del credentials  # the token speaks for them
    return OutboundRequest(
        method="GET",
        url=f"{_API}/api/track/v1/details/{quote(numbers[0], safe='')}",
        headers={
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "transId": numbers[0],
            "transactionSrc": "aftermile",
        },
        params={"locale": "en_US", "returnSignature": "false", "returnMilestones": "false"},
    )


def _verify(request: InboundRequest, credentials: Mapping[str, str]) -> Verdict:
    """Check Track Alert's `credential` header: the word given to UPS with the subscription."""
    expected = credentials.get("alert_credential", "")
    if not expected:
        return Refused(why="no Track Alert credential is set for this connection")
    given = request.headers.get("credential", "")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        return Refused(why="the credential header is not the one given to UPS")
    return Accepted(kind="track_alert")


connector = Connector(
    slug="ups",
    name="UPS",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    verify=_verify,
    credentials=(
        CredentialField(name="client_id", label="Client ID", secret=False),
        CredentialField(name="client_secret", label="Client secret"),
        CredentialField(
            name="alert_credential",
            label="Track Alert credential",
            help="Given to UPS with a Track Alert subscription; UPS sends it along with each message.",
            required=False,
        ),
    ),
    poll=Poll(
        request=_request,
        limits=PollLimits(numbers_per_request=1, requests_per_minute=60, every=timedelta(hours=2)),
        authorize=_authorize,
        token_of=access_token,
    ),
    tracking_url="https://www.ups.com/track?tracknum={tracking_number}",
    aliases=("united parcel service", "ups mail innovations", "ups-mi", "ups surepost", "upsdap", "ups_dap"),
    setup=(
        (
            "On developer.ups.com, make an app with the Tracking API under your shipper number and copy "
            "its client id and secret."
        ),
        "If you have a Track Alert subscription, let it send to {address}",
    ),
    home_time_zone="America/New_York",
    website="https://www.ups.com",
    phone="+18007425877",
)
