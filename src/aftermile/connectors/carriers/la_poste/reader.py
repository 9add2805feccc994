"""Read the answers of La Poste's "API Suivi v2"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aftermile.connectors.carriers.la_poste.status import STATUSES
from aftermile.connectors.contracts.answers import (
    asked_number,
    estimate,
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
    read_json,
    read_scans,
    scan_time,
    section,
    text,
)
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable

SLUG = "la-poste"
HOME_ZONE = "Europe/Paris"
_TIMES = times_of_day("%Y-%m-%d", "%d/%m/%Y")
# `holder` of a shipment: which house of the group carries it.
_HOLDERS = {"1": "Courrier", "2": "Courrier international", "3": "Chronopost", "4": "Colissimo"}


def translate(record: RawRecord) -> Translation:
    """Read one answer: an entry, or a list of them where several numbers were asked for.

    :raises Unreadable: no entry in it.
    """
    asked = asked_number(record)
    body = read_json(record.body)
    entries = [entry for entry in items(body) if {"shipment", "returnCode", "code"} & set(entry)]
    if not entries:
        raise Unreadable("neither a shipment nor a return code: no answer of La Poste's tracking")
    parts = [_read_entry(entry, asked) for entry in entries]
    return Translation(
        facts=tuple(fact for part in parts for fact in part.facts),
        problems=tuple(dict.fromkeys(problem for part in parts for problem in part.problems)),
        unknown=tuple(dict.fromkeys(word for part in parts for word in part.unknown)),
    )


def _read_entry(entry: dict[str, Any], asked: str) -> Translation:
    shipment = entry.get("shipment")
    if isinstance(shipment, dict):
        return _read_shipment(shipment)
    return Translation(problems=(_read_problem(entry, asked),))


def _read_shipment(shipment: dict[str, Any]) -> Translation:
    events, unknown = read_scans(shipment.get("event"), _read_scan)
    context = section(shipment, "contextData")
    destination = _country_only(context.get("arrivalCountry"))
    report = TrackingReport(
        tracking_number=text(shipment.get("idShip")),
        carrier=SLUG,
        carrier_name=_HOLDERS.get(text(shipment.get("holder")), ""),
        events=events,
        estimate=estimate("", shipment.get("estimDate"), place=destination, home_zone=HOME_ZONE),
        service=text(shipment.get("product")),
        origin=_country_only(context.get("originCountry")),
        destination=destination,
    )
    return Translation(facts=(report,), unknown=unknown)


def _read_scan(scan: dict[str, Any]) -> TrackingEventFact:
    code = text(scan.get("code"))
    place = Place(country=country_code(scan.get("country")))
    return TrackingEventFact(
        time=scan_time(scan.get("date"), place=place, home_zone=HOME_ZONE, formats=_TIMES),
        code=code,
        description=text(scan.get("label")),
        sub_status=STATUSES.get(code),
        place=place,
    )


def _country_only(written: object) -> Place | None:
    country = country_code(written)
    return Place(country=country) if country else None


def _read_problem(entry: Mapping[str, Any], asked: str) -> CarrierProblem:
    code = text(entry.get("returnCode")) or text(entry.get("code"))
    return CarrierProblem(
        kind=ProblemKind.UNAUTHORIZED if "UNAUTHORIZED" in code.upper() else problem_of_status(code),
        code=code,
        message=text(entry.get("returnMessage")) or text(entry.get("message")),
        tracking_number=text(entry.get("idShip")) or asked,
    )
