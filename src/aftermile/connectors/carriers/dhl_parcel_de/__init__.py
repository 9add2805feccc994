"""DHL Paket: parcels of Deutsche Post DHL posted in Germany."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from xml.sax.saxutils import quoteattr

from aftermile.connectors.carriers.dhl_parcel_de.reader import HOME_ZONE, SLUG, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)
from aftermile.connectors.contracts.tokens import basic


def _ask(numbers: Sequence[str], credentials: Mapping[str, str], _token: str) -> OutboundRequest:
    question = (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?><data'
        f" appname={quoteattr(credentials['appname'])} password={quoteattr(credentials['app_password'])}"
        f' language-code="en" request="d-get-piece-detail" piece-code={quoteattr(";".join(numbers))}/>'
    )
    return OutboundRequest(
        method="GET",
        url="https://api-eu.dhl.com/parcel/de/tracking/v0/shipments",
        headers={
            "authorization": basic(credentials["api_key"], credentials["api_secret"]),
            "dhl-api-key": credentials["api_key"],
            "accept": "application/xml",
        },
        params={"xml": question},
    )


connector = Connector(
    slug=SLUG,
    name="DHL Paket",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(
        CredentialField(name="api_key", label="API key", help="developer.dhl.com, Parcel DE Tracking"),
        CredentialField(name="api_secret", label="API secret"),
        CredentialField(name="appname", label="Tracking user", help="the zt... user", secret=False),
        CredentialField(name="app_password", label="Tracking password"),
    ),
    # The guide allows 20 piece codes in one question.
    poll=Poll(
        request=_ask,
        limits=PollLimits(numbers_per_request=15, requests_per_minute=20, every=timedelta(hours=2)),
    ),
    tracking_url="https://www.dhl.de/en/privatkunden/pakete-empfangen/verfolgen.html?piececode={tracking_number}",
    aliases=(
        "dhl parcel de",
        "dhl_parcel_de",
        "dhl germany",
        "dhl de",
        "dhl parcel germany",
        "deutsche post dhl",
        "deutsche post",
        "dhl kleinpaket",
    ),
    countries=("DE",),
    setup=(
        (
            "On developer.dhl.com, make an app with the API Parcel DE Tracking (Post & Parcel Germany) "
            "and copy its key and secret."
        ),
        "The tracking user begins with zt; DHL's business customer portal shows it with its password.",
    ),
    home_time_zone=HOME_ZONE,
    website="https://www.dhl.de",
    phone="+49 228 4333112",
)
