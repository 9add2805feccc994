"""Read DHL Express's answers: XML-PI tracking, MyDHL tracking and MyDHL proof of delivery."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

from aftermile.connectors.carriers.dhl_express.service_area import place_of
from aftermile.connectors.carriers.dhl_express.status import INFORMATIONAL, PRODUCTS, STATUSES, SUMMARIES
from aftermile.connectors.contracts.answers import (
    asked_number,
    estimate,
    grams,
    problem_of_status,
    times_of_day,
)
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.elements import child, child_text, children, descendants, local_name
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    DeliveryEstimate,
    Place,
    ProblemKind,
    ProofOfDelivery,
    TrackingEventFact,
    TrackingReport,
    Translation,
    UnknownWord,
)
from aftermile.connectors.contracts.reading import (
    items,
    read_json_object,
    read_scans,
    read_xml,
    scan_time,
    section,
    text,
)
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.contracts.words import Milestone

SLUG = "dhl-express"
_TIMES = times_of_day("%Y-%m-%d")
_ESTIMATE_OFFSET = re.compile(r"\s*GMT([+-]\d{2}:\d{2})$")
_DOCUMENT_TYPES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}

# Source: XML Services guide, "Error codes": 100 authentication, 103 no shipments found. 111 is a request
# that breaks the schema, which in a tracking request of ours can only be the SiteID or the password.
_PROBLEMS = {
    "100": ProblemKind.UNAUTHORIZED,
    "103": ProblemKind.NOT_FOUND,
    "104": ProblemKind.NOT_FOUND,
    "105": ProblemKind.INVALID_NUMBER,
    "998": ProblemKind.UNAVAILABLE,
    "999": ProblemKind.UNAVAILABLE,
}


def translate(record: RawRecord) -> Translation:
    """Read one answer of DHL Express.

    :raises Unreadable: neither XML-PI tracking nor an answer of the MyDHL API.
    """
    if record.body.lstrip()[:1] == b"<":
        return _read_xml_pi(read_xml(record.body), asked_number(record))
    body = read_json_object(record.body)
    if isinstance(body.get("shipments"), list):
        return _merge([_read_shipment(shipment) for shipment in items(body["shipments"])])
    if isinstance(body.get("documents"), list):
        return _read_proof(body["documents"], asked_number(record))
    if {"status", "title", "detail", "reasons", "message"} & set(body):
        return Translation(problems=(_read_problem(body, asked_number(record)),))
    raise Unreadable("neither shipments, documents nor an error: no answer of the MyDHL API")


# -- XML-PI ----------------------------------------------------------------------------------------


def _read_xml_pi(root: Element, asked: str) -> Translation:
    if local_name(root) not in {"TrackingResponse", "ShipmentTrackingErrorResponse", "ErrorResponse"}:
        raise Unreadable(f"<{local_name(root)}> is no answer of DHL's XML tracking")
    parts = [_read_waybill(waybill) for waybill in children(root, "AWBInfo")]
    whole = _conditions(child(root, "Response", "Status"), asked)
    return _merge([Translation(problems=whole), *parts])


def _read_waybill(waybill: Element) -> Translation:
    number = child_text(waybill, "AWBNumber")
    info = child(waybill, "ShipmentInfo")
    problems = _conditions(child(waybill, "Status"), number)
    if info is None or (problems and not children(info, "ShipmentEvent")):
        return Translation(problems=problems)

    events, unknown = read_scans(children(info, "ShipmentEvent"), _read_xml_scan, INFORMATIONAL)
    report = TrackingReport(
        tracking_number=number,
        carrier=SLUG,
        events=events,
        service=PRODUCTS.get(child_text(info, "GlobalProductCode"), child_text(info, "GlobalProductCode")),
        estimate=_xml_estimate(info),
        signed_by=_signature(events),
        weight_grams=grams(child_text(info, "Weight"), child_text(info, "WeightUnit") or "K"),
        origin=_address(child(info, "Shipper"), child_text(info, "OriginServiceArea", "Description")),
        destination=_address(
            child(info, "Consignee"), child_text(info, "DestinationServiceArea", "Description")
        ),
        reference=child_text(info, "ShipperReference", "ReferenceID"),
        piece_numbers=tuple(
            dict.fromkeys(filter(None, (text(plate.text) for plate in descendants(info, "LicensePlate"))))
        ),
    )
    return Translation(facts=(report,), problems=problems, unknown=unknown)


def _read_xml_scan(scan: Element) -> TrackingEventFact:
    place = place_of(child_text(scan, "ServiceArea", "Description"))
    code = child_text(scan, "ServiceEvent", "EventCode")
    status = STATUSES.get(code)
    delivered = status is not None and status.milestone is Milestone.DELIVERED
    return TrackingEventFact(
        time=scan_time(f"{child_text(scan, 'Date')} {child_text(scan, 'Time')}", place=place, formats=_TIMES),
        code=code,
        description=" ".join(child_text(scan, "ServiceEvent", "Description").split()),
        sub_status=status,
        place=place,
        # On other scans DHL uses the field for account numbers, times and dimensions.
        signed_by=child_text(scan, "Signatory") if delivered else "",
    )


def _xml_estimate(info: Element) -> DeliveryEstimate | None:
    written = _ESTIMATE_OFFSET.sub(r"\1", child_text(info, "EstDlvyDate"))
    utc = child_text(info, "EstDlvyDateUTC")
    return estimate("", written) or estimate("", utc)


def _address(party: Element | None, area: str) -> Place | None:
    fallback = place_of(area)
    place = Place(
        city=child_text(party, "City") or fallback.city,
        state=child_text(party, "DivisionCode") or (fallback.state if not child_text(party, "City") else ""),
        postal_code=child_text(party, "PostalCode"),
        country=country_code(child_text(party, "CountryCode")) or fallback.country,
        name=fallback.name,
    )
    return place if place != Place() else None


def _conditions(status: Element | None, number: str) -> tuple[CarrierProblem, ...]:
    return tuple(
        _condition(child_text(condition, "ConditionCode"), child_text(condition, "ConditionData"), number)
        for condition in children(status, "Condition")
    )


def _condition(code: str, message: str, number: str) -> CarrierProblem:
    kind = _PROBLEMS.get(code, ProblemKind.OTHER)
    if code == "111" and ("Password" in message or "SiteID" in message):
        kind = ProblemKind.UNAUTHORIZED
    named = re.search(r"AWBNumber\W+(\w+)", message)
    return CarrierProblem(
        kind=kind,
        code=code,
        message=" ".join(message.split()),
        tracking_number=number or (named[1] if named else ""),
    )


# -- MyDHL -----------------------------------------------------------------------------------------


def _read_shipment(shipment: dict[str, Any]) -> Translation:
    events, unknown = read_scans(shipment.get("events"), _read_json_scan, INFORMATIONAL)
    origin = _party(shipment.get("shipperDetails"))
    destination = _party(shipment.get("receiverDetails"))
    summary = text(shipment.get("status"))
    pieces = items(shipment.get("pieces"))
    product = text(shipment.get("productCode"))
    report = TrackingReport(
        tracking_number=text(shipment.get("shipmentTrackingNumber")),
        carrier=SLUG,
        events=events,
        summary=SUMMARIES.get(summary.casefold()),
        summary_code=summary,
        estimate=estimate(
            "",
            shipment.get("estimatedTimeOfDelivery") or shipment.get("estimatedDeliveryDate"),
            place=destination,
        ),
        service=PRODUCTS.get(product, product),
        signed_by=_signature(events),
        weight_grams=grams(
            shipment.get("totalWeight"),
            "lb" if text(shipment.get("unitOfMeasurements")).casefold() == "imperial" else "kg",
        ),
        origin=origin,
        destination=destination,
        reference=next(
            (text(entry.get("value")) for entry in items(shipment.get("shipperReferences"))),
            "",
        ),
        piece_numbers=tuple(
            dict.fromkeys(filter(None, (text(piece.get("trackingNumber")) for piece in pieces)))
        ),
    )
    return Translation(facts=(report,), unknown=unknown)


def _read_json_scan(scan: dict[str, Any]) -> TrackingEventFact:
    place = _area(scan.get("serviceArea"))
    code = text(scan.get("typeCode"))
    status = STATUSES.get(code)
    delivered = status is not None and status.milestone is Milestone.DELIVERED
    when = f"{text(scan.get('date'))} {text(scan.get('time'))}".strip()
    offset = text(scan.get("GMTOffset"))
    return TrackingEventFact(
        time=scan_time(f"{when}{offset}" if ":" in when else when, place=place, formats=_TIMES),
        code=code,
        description=text(scan.get("description")),
        sub_status=status,
        place=place,
        signed_by=text(scan.get("signedBy")) if delivered else "",
    )


def _area(areas: object) -> Place:
    return next((place_of(text(area.get("description"))) for area in items(areas)), Place())


def _party(party: object) -> Place | None:
    address = section(party, "postalAddress")
    area = _area(section(party).get("serviceArea"))
    place = Place(
        city=text(address.get("cityName")) or area.city,
        state=text(address.get("provinceCode")) or area.state,
        postal_code=text(address.get("postalCode")),
        country=country_code(address.get("countryCode")) or area.country,
        name=area.name,
    )
    return place if place != Place() else None


def _read_proof(documents: list[Any], number: str) -> Translation:
    proofs = tuple(
        ProofOfDelivery(
            kind="document",
            url=f"data:{_DOCUMENT_TYPES[text(document.get('format')).casefold()]};base64,{content}",
        )
        for document in items(documents)
        if (content := text(document.get("content")))
        and text(document.get("format")).casefold() in _DOCUMENT_TYPES
    )
    if not number:
        # A proof that names no parcel cannot be filed: shown to staff instead of guessed.
        return Translation(unknown=(UnknownWord(what="parcel", word="a proof of delivery without a number"),))
    return Translation(facts=(TrackingReport(tracking_number=number, carrier=SLUG, proofs=proofs),))


def _read_problem(body: dict[str, Any], asked: str) -> CarrierProblem:
    query = parse_qs(urlsplit(text(body.get("instance"))).query)
    reasons = [text(reason.get("msg")) for reason in items(body.get("reasons"))]
    message = text(body.get("detail")) or text(body.get("message")) or "; ".join(filter(None, reasons))
    kind = problem_of_status(body.get("status"))
    if kind is ProblemKind.OTHER and "credentials" in message.casefold():
        kind = ProblemKind.UNAUTHORIZED
    return CarrierProblem(
        kind=kind,
        code=text(body.get("status")),
        message=message or text(body.get("title")),
        tracking_number=next(iter(query.get("shipmentTrackingNumber", [])), "") or asked,
    )


# -- both ------------------------------------------------------------------------------------------


def _signature(events: tuple[TrackingEventFact, ...]) -> str:
    return next((event.signed_by for event in events if event.signed_by), "")


def _merge(parts: list[Translation]) -> Translation:
    return Translation(
        facts=tuple(fact for part in parts for fact in part.facts),
        problems=tuple(dict.fromkeys(problem for part in parts for problem in part.problems)),
        unknown=tuple(dict.fromkeys(word for part in parts for word in part.unknown)),
    )
