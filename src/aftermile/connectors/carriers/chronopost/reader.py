"""Read Chronopost's `trackSkybillV2` answers (SOAP)."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from aftermile.connectors.carriers.chronopost.status import INFORMATIONAL, STATUSES
from aftermile.connectors.contracts.answers import asked_number, times_of_day
from aftermile.connectors.contracts.elements import (
    child,
    child_text,
    children,
    descendants,
    local_name,
)
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
from aftermile.connectors.contracts.words import Milestone

SLUG = "chronopost"
HOME_ZONE = "Europe/Paris"
_TIMES = times_of_day("%Y-%m-%d", "%d/%m/%Y")
# How the name of whoever took the parcel is called, in the languages the service answers in.
_SIGNATURES = {"consignee's name", "nom du destinataire", "nom du réceptionnaire", "signataire"}
_SYSTEM_ERROR = "1"
_MARKS = (
    (
        re.compile(r"not found|no event|unknown|introuvable|inconnu|aucun", re.IGNORECASE),
        ProblemKind.NOT_FOUND,
    ),
    (re.compile(r"invalid|incorrect|format|erroné", re.IGNORECASE), ProblemKind.INVALID_NUMBER),
    (
        re.compile(r"access|authori[sz]|password|account|accès|compte|mot de passe", re.IGNORECASE),
        ProblemKind.UNAUTHORIZED,
    ),
)


def translate(record: RawRecord) -> Translation:
    """Read one answer: the events of one parcel, or an error.

    :raises Unreadable: no SOAP envelope with Chronopost's answer or a fault.
    """
    root = read_xml(record.body)
    if local_name(root) != "Envelope":
        raise Unreadable(f"<{local_name(root)}> is no SOAP envelope")
    asked = asked_number(record)
    fault = next(descendants(root, "Fault"), None)
    if fault is not None:
        return _refusal(child_text(fault, "faultcode"), child_text(fault, "faultstring"), asked)
    answer = next(descendants(root, "return"), None)
    if answer is None:
        raise Unreadable("no answer of Chronopost's tracking in the envelope")
    code = child_text(answer, "errorCode")
    if code not in {"", "0"}:
        return _refusal(code, child_text(answer, "errorMessage"), asked)
    return _read_events(child(answer, "listEventInfoComp"), asked)


def _read_events(listed: Element | None, asked: str) -> Translation:
    events, unknown = read_scans(children(listed, "events"), _read_scan, INFORMATIONAL)
    report = TrackingReport(
        tracking_number=child_text(listed, "skybillNumber") or asked,
        carrier=SLUG,
        events=events,
        signed_by=next((event.signed_by for event in events if event.signed_by), ""),
    )
    return Translation(facts=(report,), unknown=unknown)


def _read_scan(scan: Element) -> TrackingEventFact:
    code = child_text(scan, "code")
    status = STATUSES.get(code)
    office, postal_code = child_text(scan, "officeLabel"), child_text(scan, "zipCode")
    department = child_text(scan, "NPC")
    place = Place(
        postal_code=postal_code,
        # French offices carry their department, with which their postal code begins; others do not.
        country="FR" if department and postal_code.startswith(department) else "",
        name=office,
    )
    delivered = status is not None and status.milestone is Milestone.DELIVERED
    return TrackingEventFact(
        time=scan_time(child_text(scan, "eventDate"), place=place, home_zone=HOME_ZONE, formats=_TIMES),
        code=code,
        description=child_text(scan, "eventLabel"),
        sub_status=status,
        place=place,
        signed_by=_taken_by(scan) if delivered else "",
    )


def _taken_by(scan: Element) -> str:
    named = (
        child_text(info, "value")
        for info in children(scan, "infoCompList")
        if child_text(info, "name").casefold() in _SIGNATURES
    )
    return next(filter(None, named), "")


def _refusal(code: str, message: str, number: str) -> Translation:
    kind = next((kind for mark, kind in _MARKS if mark.search(message)), ProblemKind.OTHER)
    if code == _SYSTEM_ERROR:
        kind = ProblemKind.UNAVAILABLE
    problem = CarrierProblem(kind=kind, code=code, message=message, tracking_number=number)
    return Translation(problems=(problem,))
