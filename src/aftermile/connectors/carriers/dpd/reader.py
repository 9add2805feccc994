"""Read DPD's ParcelLifeCycleService answers (SOAP)."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from aftermile.connectors.carriers.dpd.status import INFORMATIONAL, STATUSES
from aftermile.connectors.contracts.answers import asked_number, times_of_day
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.elements import child_text, children, descendants, local_name
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    Place,
    ProblemKind,
    TrackingEventFact,
    TrackingReport,
    Translation,
)
from aftermile.connectors.contracts.reading import read_scans, read_xml, scan_time
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.contracts.tokens import access_token

SLUG = "dpd"
HOME_ZONE = "Europe/Berlin"
TOKEN_LIFETIME_SECONDS = 23 * 60 * 60  # DPD: a token lasts until the end of the day, up to 24 hours
# English answers write 8/17/2021 7:11:26 PM, German and Dutch ones 17.08.2021, 19:11.
_TIMES = times_of_day("%m/%d/%Y", "%d.%m.%Y")
_PLACE = re.compile(r"^(?P<city>.*?)\s*\((?P<country>[A-Za-z]{2})\)$")


def translate(record: RawRecord) -> Translation:
    """Read one answer. DPD's does not name its parcel: the number asked for does.

    :raises Unreadable: no SOAP envelope with a tracking result or a fault.
    """
    root = read_xml(record.body)
    if local_name(root) != "Envelope":
        raise Unreadable(f"<{local_name(root)}> is no SOAP envelope")
    asked = asked_number(record)
    faults = list(descendants(root, "Fault"))
    if faults:
        return Translation(problems=tuple(_read_fault(fault, asked) for fault in faults))
    results = list(descendants(root, "trackingresult"))
    if not results:
        raise Unreadable("no trackingresult in the envelope")
    parts = [_read_result(result, asked) for result in results]
    return Translation(
        facts=tuple(fact for part in parts for fact in part.facts),
        unknown=tuple(dict.fromkeys(word for part in parts for word in part.unknown)),
    )


def token_of(body: bytes) -> tuple[str, int]:
    """Read the answer of DPD's LoginService as the token and the seconds it may be used for.

    DPD's REST gateways answer with an OAuth token instead, which is read as well.

    :raises Unreadable: no token in it.
    """
    if body.lstrip()[:1] != b"<":
        return access_token(body)
    token = next((found.text for found in descendants(read_xml(body), "authToken") if found.text), "")
    if not token:
        raise Unreadable("DPD gave no authToken: check the DELIS id and the password")
    return token.strip(), TOKEN_LIFETIME_SECONDS


def _read_result(result: Element, asked: str) -> Translation:
    scans = [scan for scan in children(result, "statusInfo") if not _lies_ahead(scan)]
    events, unknown = read_scans(scans, _read_scan, INFORMATIONAL)
    service = [
        child_text(info, "serviceDescription", "content", "content")
        for info in children(result, "shipmentInfo")
    ]
    report = TrackingReport(
        tracking_number=asked, carrier=SLUG, events=events, service=next(filter(None, service), "")
    )
    return Translation(facts=(report,), unknown=unknown)


def _lies_ahead(scan: Element) -> bool:
    """Tell a phase DPD lists in advance from a scan: it is not reached and has no date."""
    return child_text(scan, "statusHasBeenReached") == "false" and not child_text(scan, "date", "content")


def _read_scan(scan: Element) -> TrackingEventFact:
    place = _place(child_text(scan, "location", "content"))
    code = child_text(scan, "status")
    return TrackingEventFact(
        time=scan_time(child_text(scan, "date", "content"), place=place, home_zone=HOME_ZONE, formats=_TIMES),
        code=code,
        description=child_text(scan, "description", "content", "content")
        or child_text(scan, "label", "content"),
        sub_status=STATUSES.get(code),
        place=place,
    )


def _place(written: str) -> Place:
    stated = _PLACE.match(written)
    if stated and country_code(stated["country"]):
        return Place(city=stated["city"], country=country_code(stated["country"]), name=written)
    return Place(city=written, name=written)


def _read_fault(fault: Element, asked: str) -> CarrierProblem:
    code = next((found.text or "" for found in descendants(fault, "errorCode")), "")
    message = next((found.text or "" for found in descendants(fault, "errorMessage")), "")
    return CarrierProblem(
        kind=_kind(code.strip(), message),
        code=code.strip() or child_text(fault, "faultcode"),
        message=message.strip() or child_text(fault, "faultstring"),
        tracking_number=asked,
    )


def _kind(code: str, message: str) -> ProblemKind:
    """DPD does not list its codes; they are words, and say themselves what they are about."""
    words = f"{code} {message}".upper()
    for mark, kind in (
        ("AUTH", ProblemKind.UNAUTHORIZED),
        ("LOGIN", ProblemKind.UNAUTHORIZED),
        ("LIMIT", ProblemKind.RATE_LIMITED),
        ("NOT_FOUND", ProblemKind.NOT_FOUND),
        ("NOT FOUND", ProblemKind.NOT_FOUND),
        ("NO DATA", ProblemKind.NOT_FOUND),
        ("INVALID", ProblemKind.INVALID_NUMBER),
        ("UNAVAILABLE", ProblemKind.UNAVAILABLE),
        ("TIMEOUT", ProblemKind.UNAVAILABLE),
    ):
        if mark in words:
            return kind
    return ProblemKind.OTHER
