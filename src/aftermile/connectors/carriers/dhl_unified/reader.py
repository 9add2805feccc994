"""Read the answers of DHL's "Shipment Tracking - Unified" API."""

from __future__ import annotations

from typing import Any

from aftermile.connectors.carriers.dhl_unified.status import INFORMATIONAL, status_of
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
    DeliveryEstimate,
    Direction,
    Place,
    ProofOfDelivery,
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

SLUG = "dhl-unified"
HOME_ZONE = "Europe/Berlin"
_TIMES = times_of_day("%Y-%m-%d")


def translate(record: RawRecord) -> Translation:
    """Read one answer: a list of shipments, or a problem.

    :raises Unreadable: neither of them.
    """
    body = read_json_object(record.body)
    if isinstance(body.get("shipments"), list):
        parts = [_read_shipment(shipment) for shipment in items(body["shipments"])]
        return Translation(
            facts=tuple(fact for part in parts for fact in part.facts),
            unknown=tuple(dict.fromkeys(word for part in parts for word in part.unknown)),
        )
    if {"status", "title", "detail"} & set(body):
        return Translation(problems=(_read_problem(body, asked_number(record)),))
    raise Unreadable("neither shipments nor a problem: no answer of DHL's unified tracking")


def _read_shipment(shipment: dict[str, Any]) -> Translation:
    details = section(shipment, "details")
    status = section(shipment, "status")
    proof = section(details, "proofOfDelivery")
    destination = _place(shipment.get("destination"))
    product = text(section(details, "product").get("productName"))
    service = text(shipment.get("service"))
    events, unknown = read_scans(shipment.get("events"), _read_scan, INFORMATIONAL)
    report = TrackingReport(
        tracking_number=text(shipment.get("id")),
        carrier=SLUG,
        carrier_name=text(section(details, "carrier").get("organizationName")),
        events=events,
        summary=status_of(text(status.get("statusCode")), text(status.get("status"))),
        summary_code=text(status.get("statusCode")),
        estimate=_estimate(shipment, destination),
        service=service if not product or product.startswith("UNKNOWN") else product,
        signed_by=_person(proof.get("signed")),
        proofs=_proofs(proof),
        weight_grams=grams(
            section(details, "weight").get("value"), section(details, "weight").get("unitText")
        ),
        origin=_place(shipment.get("origin")),
        destination=destination,
        direction=Direction.RETURN if shipment.get("returnFlag") is True else Direction.OUTBOUND,
        reference=next((text(entry.get("number")) for entry in items(details.get("references"))), ""),
        piece_numbers=_pieces(details.get("pieceIds")),
    )
    return Translation(facts=(report,), unknown=unknown)


def _read_scan(scan: dict[str, Any]) -> TrackingEventFact:
    place = _place(scan.get("location")) or Place()
    code, word = text(scan.get("statusCode")), text(scan.get("status"))
    return TrackingEventFact(
        time=scan_time(scan.get("timestamp"), place=place, home_zone=HOME_ZONE, formats=_TIMES),
        code=code or word,
        description=text(scan.get("description")) or word,
        sub_status=status_of(code, word),
        place=place,
    )


def _place(location: object) -> Place | None:
    address = section(location, "address")
    name = text(address.get("addressLocality"))
    place = Place(
        city=name.rpartition(",")[2].strip(),
        postal_code=text(address.get("postalCode")),
        country=country_code(address.get("countryCode")),
        name=name,
    )
    return place if place != Place() else None


def _estimate(shipment: dict[str, Any], destination: Place | None) -> DeliveryEstimate | None:
    frame = section(shipment, "estimatedDeliveryTimeFrame")
    one = shipment.get("estimatedTimeOfDelivery")
    framed = estimate(
        frame.get("estimatedFrom"), frame.get("estimatedThrough"), place=destination, home_zone=HOME_ZONE
    )
    return framed or estimate("", one, place=destination, home_zone=HOME_ZONE)


def _person(signed: object) -> str:
    person = section(signed)
    name = " ".join(filter(None, (text(person.get("givenName")), text(person.get("familyName")))))
    return name or text(person.get("name")) or text(signed)


def _proofs(proof: dict[str, Any]) -> tuple[ProofOfDelivery, ...]:
    named = (
        ProofOfDelivery(kind=kind, url=text(proof.get(field)))
        for kind, field in (("signature", "signatureUrl"), ("document", "documentUrl"))
    )
    return tuple(found for found in named if found.url.startswith(("https://", "http://")))


def _pieces(numbers: object) -> tuple[str, ...]:
    written = numbers if isinstance(numbers, list) else []
    return tuple(dict.fromkeys(filter(None, map(text, written))))


def _read_problem(body: dict[str, Any], asked: str) -> CarrierProblem:
    instance = text(body.get("instance"))
    return CarrierProblem(
        kind=problem_of_status(body.get("status")),
        code=text(body.get("status")),
        message=text(body.get("detail")) or text(body.get("title")),
        tracking_number=instance.rpartition("/shipment/")[2] if "/shipment/" in instance else asked,
    )
