"""Payloads of our own in `trackSkybillV2`'s shape."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples


def _answer(content: str) -> bytes:
    return (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        '<n:trackSkybillV2Response xmlns:n="http://cxf.tracking.soap.chronopost.fr/">'
        f"<return>{content}</return></n:trackSkybillV2Response></soap:Body></soap:Envelope>"
    ).encode()


def _scan(code: str, when: str, label: str, office: str, postal_code: str, more: str = "") -> str:
    return (
        f"<events><code>{code}</code><eventDate>{when}</eventDate><eventLabel>{label}</eventLabel>"
        f"<NPC>{postal_code[:2]}</NPC><officeLabel>{office}</officeLabel><zipCode>{postal_code}</zipCode>{more}"
        "</events>"
    )


samples = Samples(
    answer=_answer(
        "<errorCode>0</errorCode><listEventInfoComp>"
        + _scan("DB ", "2026-09-07T16:20:11+02:00", "Handed over", "ANGERS", "49000")
        + _scan("TS ", "2026-09-08T01:13:40+02:00", "In transit", "HUB ALFORTVILLE", "94140")
        + _scan("TA ", "2026-09-08T08:02:00+02:00", "In delivery", "NANTES CHRONOPOST", "44800")
        + _scan(
            "D ",
            "2026-09-08T10:44:00+02:00",
            "Delivered",
            "NANTES CHRONOPOST",
            "44800",
            "<infoCompList><name>Consignee's name</name><value>LEROUX</value></infoCompList>",
        )
        + "<skybillNumber>XX000000017FR</skybillNumber></listEventInfoComp>"
    ),
    scans="Body/trackSkybillV2Response/return/listEventInfoComp/events",
    code=("code",),
    moment=("eventDate",),
    description="eventLabel",
    place="officeLabel",
    errors={
        ProblemKind.NOT_FOUND: _answer(
            "<errorCode>3</errorCode><errorMessage>Parcel not found</errorMessage>"
        ),
        ProblemKind.UNAUTHORIZED: _answer(
            "<errorCode>9</errorCode><errorMessage>Access denied</errorMessage>"
        ),
        ProblemKind.UNAVAILABLE: _answer("<errorCode>1</errorCode><errorMessage>System Error</errorMessage>"),
        ProblemKind.INVALID_NUMBER: _answer(
            "<errorCode>2</errorCode><errorMessage>Invalid parameter</errorMessage>"
        ),
    },
)
