"""EasyPost: tracker events and polling of trackers kept there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from aftermile.connectors.aggregators.easypost.reader import translate
from aftermile.connectors.aggregators.easypost.signature import verify
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)

_TRACKERS = "https://api.easypost.com/v2/trackers"


def _request(numbers: Sequence[str], credentials: Mapping[str, str], _token: str) -> OutboundRequest:
    # The same key once for each number, which a mapping of parameters cannot hold.
    query = urlencode([("page_size", "100"), *(("tracking_codes[]", number) for number in numbers)])
    return OutboundRequest(
        method="GET",
        url=f"{_TRACKERS}?{query}",
        headers={"authorization": f"Bearer {credentials['api_key']}", "accept": "application/json"},
    )


connector = Connector(
    slug="easypost",
    name="EasyPost",
    kind=ConnectorKind.AGGREGATOR,
    translate=translate,
    verify=verify,
    credentials=(
        CredentialField(
            name="webhook_secret",
            label="Webhook secret",
            help="Signs the webhooks; enter the same in EasyPost.",
            required=False,
            ours=True,
        ),
        CredentialField(
            name="api_key",
            label="API key",
            help="Needed for polling only; the production key.",
            required=False,
        ),
    ),
    poll=Poll(
        request=_request,
        needs=("api_key",),
        limits=PollLimits(numbers_per_request=50, requests_per_minute=60, every=timedelta(hours=1)),
    ),
    setup=(
        "In EasyPost, open the dashboard's page Webhooks and add one for production.",
        "As webhook secret enter the one given here, and as URL {address}",
    ),
    website="https://www.easypost.com",
)
