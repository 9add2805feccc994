"""InPost: parcel lockers and couriers in Poland, read from the ShipX API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

from aftermile.connectors.carriers.inpost.reader import HOME_ZONE, SLUG, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    OutboundRequest,
    Poll,
    PollLimits,
)


def _ask(numbers: Sequence[str], _credentials: Mapping[str, str], _token: str) -> OutboundRequest:
    return OutboundRequest(
        method="GET",
        url=f"https://api-shipx-pl.easypack24.net/v1/tracking/{quote(numbers[0], safe='')}",
        headers={"accept": "application/json"},
    )


connector = Connector(
    slug=SLUG,
    name="InPost",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    # Tracking asks for no account; ShipX allows 100 requests a minute.
    poll=Poll(request=_ask, limits=PollLimits(requests_per_minute=30, every=timedelta(hours=2))),
    tracking_url="https://inpost.pl/en/find-parcel?number={tracking_number}",
    aliases=("inpost paczkomaty", "paczkomaty", "inpost poland", "inpost pl", "inpost kurier"),
    countries=("PL",),
    setup=("Nothing: InPost's tracking answers without an account.",),
    home_time_zone=HOME_ZONE,
    website="https://inpost.pl",
    phone="+48 722444000",
)
