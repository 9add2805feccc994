"""Chronopost: express parcels from France, read from its tracking web service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from xml.sax.saxutils import escape

from aftermile.connectors.carriers.chronopost.reader import HOME_ZONE, SLUG, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    OutboundRequest,
    Poll,
    PollLimits,
)


def _ask(numbers: Sequence[str], _credentials: Mapping[str, str], _token: str) -> OutboundRequest:
    envelope = (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:cxf="http://cxf.tracking.soap.chronopost.fr/"><soapenv:Header/><soapenv:Body>'
        "<cxf:trackSkybillV2><language>en_GB</language>"
        f"<skybillNumber>{escape(numbers[0])}</skybillNumber></cxf:trackSkybillV2>"
        "</soapenv:Body></soapenv:Envelope>"
    )
    return OutboundRequest(
        method="POST",
        url="https://ws.chronopost.fr/tracking-cxf/TrackingServiceWS",
        headers={"content-type": "text/xml; charset=utf-8"},
        body=envelope.encode(),
    )


connector = Connector(
    slug=SLUG,
    name="Chronopost",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    # The service asks for no account, so we go easy on it.
    poll=Poll(request=_ask, limits=PollLimits(requests_per_minute=15, every=timedelta(hours=3))),
    tracking_url="https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={tracking_number}",
    aliases=("chronopost france", "chronopost fr", "chronopost international", "chrono post"),
    countries=("FR",),
    setup=("Nothing: Chronopost's tracking answers without an account.",),
    home_time_zone=HOME_ZONE,
    website="https://www.chronopost.fr",
    phone="+33 969391391",
)
