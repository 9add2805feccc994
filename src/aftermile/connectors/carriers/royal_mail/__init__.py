"""Royal Mail: Tracking API v2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

from aftermile.connectors.carriers.royal_mail.reader import HOME_ZONE, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)


def _request(numbers: Sequence[str], credentials: Mapping[str, str], token: str) -> OutboundRequest:
    del token  # each request carries the key itself
    return OutboundRequest(
        method="GET",
        url=f"https://api.royalmail.net/mailpieces/v2/{quote(numbers[0], safe='')}/events",
        headers={
            "X-IBM-Client-Id": credentials["client_id"],
            "X-IBM-Client-Secret": credentials["client_secret"],
            "X-Accept-RMG-Terms": "yes",
            "Accept": "application/json",
        },
    )


connector = Connector(
    slug="royal-mail",
    name="Royal Mail",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(
        CredentialField(name="client_id", label="Client ID", secret=False),
        CredentialField(name="client_secret", label="Client secret"),
    ),
    poll=Poll(
        request=_request,
        limits=PollLimits(numbers_per_request=1, requests_per_minute=20, every=timedelta(hours=3)),
    ),
    tracking_url="https://www.royalmail.com/track-your-item#/tracking-results/{tracking_number}",
    aliases=("royalmail", "royal mail group ltd", "royal mail 2nd class", "royal mail tracked"),
    countries=("GB",),
    setup=(
        (
            "On developer.royalmail.net, make an app with the Tracking API and copy its client id and "
            "secret once Royal Mail has agreed."
        ),
    ),
    home_time_zone=HOME_ZONE,
    website="https://www.royalmail.com",
    phone="+443457740740",
)
