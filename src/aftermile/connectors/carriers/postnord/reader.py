"""Read answers of PostNord's Track and Trace API."""

from __future__ import annotations

from typing import Any

from aftermile.connectors.carriers.postnord import status
from aftermile.connectors.contracts.answers import estimate, grams
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    Place,
    ProblemKind,
    TrackingEventFact,
    TrackingReport,
    Translation,
    UnknownWord,
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
from aftermile.connectors.contracts.words import SubStatus

HOME_ZONE = "Europe/Stockholm"  # and Copenhagen's and Oslo's; Finland's scans name their country


def translate(record: RawRecord) -> Translation:
    """Read an answer with any number of shipments and items, or a fault.

    :raises Unreadable: not JSON, or neither an answer nor a fault.
    """
    answer = read_json_object(record.body)
    if not isinstance(answer.get("TrackingInformationResponse"), dict):
        return _gateway_fault(answer)
    response = section(answer, "TrackingInformationResponse")
    reports: list[TrackingReport] = []
    unknown: list[UnknownWord] = []
    for shipment in items(response.get("shipments")):
        parcels = items(shipment.get("items"))
        numbers = {text(parcel.get("itemId")) for parcel in parcels} - {""}
        for parcel in parcels:
            number = text(parcel.get("itemId"))
            if not number:
                unknown.append(UnknownWord(what="parcel", word="an item without itemId"))
                continue
            report, words = _item(parcel, number, shipment, tuple(sorted(numbers - {number})))
            reports.append(report)
            unknown += words
    problems = [_fault(fault) for fault in items(section(response, "compositeFault").get("faults"))]
    if not reports and not problems and not unknown:
        problems.append(CarrierProblem(kind=ProblemKind.NOT_FOUND, message="no shipments in the answer"))
    return Translation(
        facts=tuple(reports), problems=tuple(dict.fromkeys(problems)), unknown=tuple(dict.fromkeys(unknown))
    )


def _item(
    item: dict[str, Any], number: str, shipment: dict[str, Any], others: tuple[str, ...]
) -> tuple[TrackingReport, tuple[UnknownWord, ...]]:
    unmoving = {
        text(event.get("eventCode")) or text(event.get("status"))
        for event in items(item.get("events"))
        if _status_of(event) in status.BY_STATUS
    }
    events, unknown = read_scans(item.get("events"), _event, unmoving)
    overall = text(item.get("status"))
    if overall and overall.upper() not in status.BY_STATUS:
        unknown = (*unknown, UnknownWord(what="status", word=overall))
    destination = _place(section(shipment, "consignee", "address"))
    due = item.get("estimatedTimeOfArrival") or shipment.get("estimatedTimeOfArrival")
    weight = section(item, "statedWeight") or section(item, "statedMeasurement", "weight")
    return TrackingReport(
        tracking_number=number,
        carrier="postnord",
        events=events,
        summary=status.BY_STATUS.get(overall.upper()),
        summary_code=overall,
        estimate=estimate(due, due, place=destination, home_zone=HOME_ZONE),
        service=text(section(shipment, "service").get("name")),
        signed_by=text(section(item, "acceptor").get("name")),
        weight_grams=grams(weight.get("value"), weight.get("unit")),
        origin=_place(section(shipment, "consignor", "address")),
        destination=destination,
        reference=text(shipment.get("shipmentId")),
        piece_numbers=others,
    ), unknown


def _event(event: dict[str, Any]) -> TrackingEventFact:
    location = section(event, "location")
    place = _place(location) or Place()
    word = status.BY_STATUS.get(_status_of(event))
    if word is SubStatus.DELIVERED and text(location.get("locationType")).upper() in status.PICKUP_PLACES:
        word = SubStatus.PICKED_UP_BY_SHOPPER
    return TrackingEventFact(
        time=scan_time(event.get("eventTime"), place=place, home_zone=HOME_ZONE),
        code=text(event.get("eventCode")) or text(event.get("status")),
        description=text(event.get("eventDescription")),
        sub_status=word,
        place=place,
    )


def _status_of(event: dict[str, Any]) -> str:
    return (text(event.get("status")) or text(event.get("eventStatus"))).upper()


def _place(address: dict[str, Any]) -> Place | None:
    place = Place(
        city=text(address.get("city")),
        postal_code=text(address.get("postcode")) or text(address.get("postCode")),
        country=country_code(address.get("countryCode")),
        name=text(address.get("displayName")) or text(address.get("name")),
    )
    return place if place != Place() else None


def _fault(fault: dict[str, Any]) -> CarrierProblem:
    code, message = text(fault.get("faultCode")), text(fault.get("explanationText"))
    return CarrierProblem(kind=status.problem_kind(code, message), code=code, message=message)


def _gateway_fault(answer: dict[str, Any]) -> Translation:
    """Read what the gateway before the API answers: a refused key, a limit, an outage."""
    fault = section(answer, "fault") or section(answer, "error") or answer
    message = text(fault.get("faultstring")) or text(fault.get("message"))
    code = (
        text(fault.get("code"))
        or text(fault.get("status"))
        or text(section(fault, "detail").get("errorcode"))
    )
    if not message:
        raise Unreadable("neither TrackingInformationResponse nor a fault is in it")
    return Translation(
        problems=(CarrierProblem(kind=status.problem_kind(code, message), code=code, message=message),)
    )
