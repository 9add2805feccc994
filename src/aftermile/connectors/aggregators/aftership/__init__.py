"""AfterShip: webhooks and polling of trackings kept there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from aftermile.connectors.aggregators.aftership.reader import translate
from aftermile.connectors.aggregators.aftership.signature import verify
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)

_TRACKINGS = "https://api.aftership.com/tracking/2026-07/trackings"


def _request(numbers: Sequence[str], credentials: Mapping[str, str], _token: str) -> OutboundRequest:
    return OutboundRequest(
        method="GET",
        url=_TRACKINGS,
        headers={"as-api-key": credentials["api_key"], "accept": "application/json"},
        # One number may be kept under several couriers: ask for the largest page.
        params={"tracking_numbers": ",".join(numbers), "limit": "200"},
    )


connector = Connector(
    slug="aftership",
    name="AfterShip",
    kind=ConnectorKind.AGGREGATOR,
    translate=translate,
    verify=verify,
    credentials=(
        CredentialField(
            name="webhook_secret",
            label="Webhook secret",
            help="AfterShip admin, Tracking, Notifications, Webhooks.",
            required=False,
        ),
        CredentialField(
            name="api_key",
            label="API key",
            help="Needed for polling only; it must be allowed to read trackings.",
            required=False,
        ),
    ),
    poll=Poll(
        request=_request,
        needs=("api_key",),
        limits=PollLimits(numbers_per_request=50, requests_per_minute=300, every=timedelta(hours=1)),
    ),
    setup=(
        "In AfterShip Tracking, open Notifications, then Webhooks; the webhook secret stands there.",
        "Add a webhook for tracking updates with all statuses, and as URL {address}",
    ),
    website="https://www.aftership.com",
)
