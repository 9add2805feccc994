"""DPD: parcels across Europe, read from the ParcelLifeCycleService."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from xml.sax.saxutils import escape

from aftermile.connectors.carriers.dpd.reader import HOME_ZONE, SLUG, token_of, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_TYPES = "http://dpd.com/common/service/types"
_SERVICES = "https://public-ws.dpd.com/services"
_LANGUAGE = "en_EN"


def _authorize(credentials: Mapping[str, str]) -> OutboundRequest:
    return _post(
        "LoginService/V2_0/",
        f'<l:getAuth xmlns:l="{_TYPES}/LoginService/2.0"><delisId>{escape(credentials["delis_id"])}</delisId>'
        f"<password>{escape(credentials['password'])}</password>"
        f"<messageLanguage>{_LANGUAGE}</messageLanguage></l:getAuth>",
    )


def _ask(numbers: Sequence[str], credentials: Mapping[str, str], token: str) -> OutboundRequest:
    return _post(
        "ParcelLifeCycleService/V2_0/",
        f'<p:getTrackingData xmlns:p="{_TYPES}/ParcelLifeCycleService/2.0">'
        f"<parcelLabelNumber>{escape(numbers[0])}</parcelLabelNumber></p:getTrackingData>",
        header=f'<a:authentication xmlns:a="{_TYPES}/Authentication/2.0">'
        f"<delisId>{escape(credentials['delis_id'])}</delisId><authToken>{escape(token)}</authToken>"
        f"<messageLanguage>{_LANGUAGE}</messageLanguage></a:authentication>",
    )


def _post(path: str, content: str, header: str = "") -> OutboundRequest:
    envelope = (
        f'<s:Envelope xmlns:s="{_SOAP}"><s:Header>{header}</s:Header><s:Body>{content}</s:Body></s:Envelope>'
    )
    return OutboundRequest(
        method="POST",
        url=f"{_SERVICES}/{path}",
        headers={"content-type": "text/xml; charset=utf-8"},
        body=envelope.encode(),
    )


connector = Connector(
    slug=SLUG,
    name="DPD",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(
        CredentialField(name="delis_id", label="DELIS id", secret=False),
        CredentialField(name="password", label="Password"),
    ),
    poll=Poll(
        request=_ask,
        limits=PollLimits(requests_per_minute=20, every=timedelta(hours=3)),
        authorize=_authorize,
        token_of=token_of,
    ),
    tracking_url="https://tracking.dpd.de/status/en_US/parcel/{tracking_number}",
    aliases=("dpd group", "dpdgroup", "dpd germany", "dpd de", "dpd belgium", "dpd nl", "geopost"),
    setup=("Ask your contact at DPD for web service access: you get a DELIS id and its password.",),
    home_time_zone=HOME_ZONE,
    website="https://www.dpd.com",
    phone="+49 6021 150644",
)
