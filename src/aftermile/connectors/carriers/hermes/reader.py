"""Read the answers of Hermes Germany's shipment information interface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aftermile.connectors.carriers.hermes.status import INFORMATIONAL, STATUSES
from aftermile.connectors.contracts.answers import (
    asked_number,
    estimate,
    problem_of_status,
    times_of_day,
)
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    DeliveryEstimate,
    Place,
    ProblemKind,
    TrackingEventFact,
    TrackingReport,
    Translation,
)
from aftermile.connectors.contracts.reading import (
    items,
    read_json,
    read_scans,
    scan_time,
    section,
    text,
)
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable

SLUG = "hermes"
HOME_ZONE = "Europe/Berlin"
_TIMES = times_of_day("%Y-%m-%d")
_PROBLEMS = {
    "e001": ProblemKind.NOT_FOUND,
    "invalid_client": ProblemKind.UNAUTHORIZED,
    "invalid_grant": ProblemKind.UNAUTHORIZED,
    "invalid_token": ProblemKind.UNAUTHORIZED,
    "unauthorized": ProblemKind.UNAUTHORIZED,
}


def translate(record: RawRecord) -> Translation:
    """Read one answer: shipments, each with scans or a refusal of its own, or an error of the interface.

    :raises Unreadable: neither of them.
    """
    body = read_json(record.body)
    if isinstance(body, dict) and isinstance(body.get("shipmentinfo"), list):
        parts = [_read_shipment(shipment) for shipment in items(body["shipmentinfo"])]
        return Translation(
            facts=tuple(fact for part in parts for fact in part.facts),
            problems=tuple(dict.fromkeys(problem for part in parts for problem in part.problems)),
            unknown=tuple(dict.fromkeys(word for part in parts for word in part.unknown)),
        )
    problems = [entry for entry in items(body) if {"code", "message", "error", "status"} & set(entry)]
    if not problems:
        raise Unreadable("neither shipments nor an error: no answer of Hermes' interface")
    asked = asked_number(record)
    return Translation(problems=tuple(dict.fromkeys(_read_problem(entry, asked) for entry in problems)))


def _read_shipment(shipment: dict[str, Any]) -> Translation:
    number = text(shipment.get("shipmentID"))
    result = section(shipment, "result")
    events, unknown = read_scans(shipment.get("status"), _read_scan, INFORMATIONAL)
    if text(result.get("code")).startswith("e") and not events:
        return Translation(problems=(_read_problem(result, number),), unknown=unknown)

    report = TrackingReport(
        tracking_number=number,
        carrier=SLUG,
        events=events,
        estimate=_forecast(section(shipment, "deliveryForecast")),
        destination=_place(shipment.get("receiverAddress")),
        reference=text(shipment.get("clientReference")),
    )
    return Translation(facts=(report,), unknown=unknown)


def _read_scan(scan: dict[str, Any]) -> TrackingEventFact:
    place = _place(scan.get("scanningUnit")) or Place()
    code = text(scan.get("code"))
    return TrackingEventFact(
        time=scan_time(scan.get("timestamp"), place=place, home_zone=HOME_ZONE, formats=_TIMES),
        code=code,
        description=text(scan.get("description")),
        sub_status=STATUSES.get(code),
        place=place,
    )


def _place(unit: object) -> Place | None:
    address = section(unit)
    place = Place(
        city=text(address.get("city")),
        postal_code=text(address.get("zipCode")),
        country=country_code(address.get("countryCode")),
        name=text(address.get("name")),
    )
    return place if place != Place() else None


def _forecast(forecast: dict[str, Any]) -> DeliveryEstimate | None:
    """Return the forecast: a day, with hours where Hermes names a slot (in German time)."""
    on, slot = text(forecast.get("date")), section(forecast, "timeSlot")
    start, end = (f"{on} {text(slot.get(edge))}".strip() for edge in ("from", "to"))
    return estimate(start, end, home_zone=HOME_ZONE, formats=_TIMES)


def _read_problem(body: Mapping[str, Any], number: str) -> CarrierProblem:
    code = text(body.get("code")) or text(body.get("error")) or text(body.get("status"))
    return CarrierProblem(
        kind=_PROBLEMS.get(code) or problem_of_status(code),
        code=code,
        message=text(body.get("message")) or text(body.get("error_description")),
        tracking_number=number,
    )
