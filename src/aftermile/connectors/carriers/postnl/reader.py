"""Read the answers of PostNL's Status API."""

from __future__ import annotations

from typing import Any

from aftermile.connectors.carriers.postnl.status import INFORMATIONAL, STATUSES
from aftermile.connectors.contracts.answers import (
    asked_number,
    estimate,
    grams,
    problem_of_status,
    times_of_day,
)
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    Place,
    ProblemKind,
    TrackingEventFact,
    TrackingReport,
    Translation,
)
from aftermile.connectors.contracts.reading import (
    items,
    read_json_object,
    read_scans,
    scan_time,
    section,
    text,
)
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable

SLUG = "postnl"
HOME_ZONE = "Europe/Amsterdam"
_TIMES = times_of_day("%d-%m-%Y")
_SENDER, _RECEIVER = {"02", "2"}, {"01", "1"}


def translate(record: RawRecord) -> Translation:
    """Read one answer: a current or complete status, or what kept PostNL from giving one.

    :raises Unreadable: neither of them.
    """
    body = read_json_object(record.body)
    asked = asked_number(record)
    status = section(body, "CompleteStatus") or section(body, "CurrentStatus")
    shipments = items(status.get("Shipment")) + items(status.get("Shipments"))
    parts = [_read_shipment(shipment) for shipment in shipments]
    problems = () if shipments else _problems(body, asked)
    if not parts and not problems:
        raise Unreadable("neither a shipment nor a problem: no answer of PostNL's Status API")
    return Translation(
        facts=tuple(fact for part in parts for fact in part.facts),
        problems=problems,
        unknown=tuple(dict.fromkeys(word for part in parts for word in part.unknown)),
    )


def _read_shipment(shipment: dict[str, Any]) -> Translation:
    # A current status has no history: it is then the one scan there is.
    history = shipment.get("OldStatus") if "OldStatus" in shipment else shipment.get("Status")
    events, unknown = read_scans(history, _read_scan, INFORMATIONAL)
    current = _code(section(shipment, "Status").get("StatusCode"))
    expected = section(shipment, "Expectation")
    destination = _address(shipment, _RECEIVER)
    report = TrackingReport(
        tracking_number=text(shipment.get("Barcode")) or text(shipment.get("MainBarcode")),
        carrier=SLUG,
        events=events,
        summary=STATUSES.get(current),
        summary_code=current,
        estimate=estimate(
            expected.get("ETAFrom"), expected.get("ETATo"), place=destination, home_zone=HOME_ZONE
        ),
        service=text(shipment.get("ProductDescription")),
        weight_grams=grams(section(shipment, "Dimensions").get("Weight"), "g"),
        origin=_address(shipment, _SENDER),
        destination=destination,
        reference=text(shipment.get("Reference")),
    )
    return Translation(facts=(report,), unknown=unknown)


def _read_scan(scan: dict[str, Any]) -> TrackingEventFact:
    code = _code(scan.get("StatusCode"))
    return TrackingEventFact(
        time=scan_time(scan.get("TimeStamp"), home_zone=HOME_ZONE, formats=_TIMES),
        code=code,
        description=text(scan.get("StatusDescription")),
        sub_status=STATUSES.get(code),
    )


def _code(written: object) -> str:
    """Return a status code without the leading zero that some answers write."""
    code = text(written)
    return code.lstrip("0") if code.isdecimal() else code


def _address(shipment: dict[str, Any], kinds: set[str]) -> Place | None:
    for address in items(shipment.get("Address")) + items(shipment.get("Addresses")):
        if text(address.get("AddressType")) in kinds:
            return Place(
                city=text(address.get("City")),
                postal_code=text(address.get("Zipcode")),
                country=country_code(address.get("CountryCode")),
            )
    return None


def _problems(body: dict[str, Any], asked: str) -> tuple[CarrierProblem, ...]:
    fault = section(body, "fault")
    if fault:
        code = text(section(fault, "detail").get("errorcode"))
        return (
            CarrierProblem(
                kind=_fault_kind(code),
                code=code,
                message=text(fault.get("faultstring")),
                tracking_number=asked,
            ),
        )
    noted = items(body.get("Warnings")) + items(body.get("Errors")) + items(body.get("errors"))
    if not noted and {"message", "http_status"} <= set(body):
        noted = [{"Code": body["http_status"], "Description": body["message"]}]
    return tuple(dict.fromkeys(_noted(note, asked) for note in noted))


def _noted(note: dict[str, Any], asked: str) -> CarrierProblem:
    code = text(note.get("Code")) or text(note.get("status")) or text(note.get("code"))
    message = next(
        filter(None, (text(note.get(field)) for field in ("Description", "Message", "detail", "title"))), ""
    )
    lost = "no shipment" in message.casefold() or "not found" in message.casefold()
    return CarrierProblem(
        kind=ProblemKind.NOT_FOUND if lost else problem_of_status(code),
        code=code,
        message=message,
        tracking_number=asked,
    )


def _fault_kind(code: str) -> ProblemKind:
    """PostNL's gateway names its faults: oauth.v2.InvalidApiKey, policies.ratelimit.SpikeArrestViolation."""
    if code.startswith("oauth"):
        return ProblemKind.UNAUTHORIZED
    if "ratelimit" in code:
        return ProblemKind.RATE_LIMITED
    return ProblemKind.UNAVAILABLE
