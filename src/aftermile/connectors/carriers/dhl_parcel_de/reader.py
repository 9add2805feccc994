"""Read the XML answers of DHL Parcel Germany's tracking (`d-get-piece-detail`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from aftermile.connectors.carriers.dhl_parcel_de.status import status_of
from aftermile.connectors.contracts.answers import (
    asked_number,
    grams,
    problem_of_status,
    times_of_day,
)
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.country_names import country_named
from aftermile.connectors.contracts.elements import local_name
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    Direction,
    Place,
    ProblemKind,
    TrackingEventFact,
    TrackingReport,
    Translation,
)
from aftermile.connectors.contracts.reading import (
    read_json_object,
    read_scans,
    read_xml,
    scan_time,
    text,
)
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable

SLUG = "dhl-parcel-de"
HOME_ZONE = "Europe/Berlin"
_TIMES = times_of_day("%d.%m.%Y")
_RESULTS = {"piece-shipment-list", "piece-shipment"}
_NOT_FOUND = re.compile(r"no data|not found|keine daten|nicht gefunden", re.IGNORECASE)
_UNAUTHORIZED = re.compile(r"login|log-in|passwor|authori[sz]|anmeld|kennung", re.IGNORECASE)
_INVALID = re.compile(r"invalid|ungültig|ungueltig", re.IGNORECASE)


def translate(record: RawRecord) -> Translation:
    """Read one answer: pieces in XML, or the API gateway's problem in JSON.

    :raises Unreadable: something else.
    """
    asked = asked_number(record)
    if record.body.lstrip()[:1] != b"<":
        body = read_json_object(record.body)
        if not {"status", "title", "detail", "statusCode"} & set(body):
            raise Unreadable("neither XML nor a problem of the gateway")
        status = text(body.get("status")) or text(body.get("statusCode"))
        return Translation(
            problems=(
                CarrierProblem(
                    kind=problem_of_status(status),
                    code=status,
                    message=text(body.get("detail")) or text(body.get("title")),
                    tracking_number=asked,
                ),
            )
        )
    root = read_xml(record.body)
    if local_name(root) != "data" or root.get("name") not in _RESULTS:
        raise Unreadable(f"<{local_name(root)}> is no answer of DHL's parcel tracking")
    parts = [_read_piece(piece) for piece in _named(root, "piece-shipment")]
    if text(root.get("code")) not in {"", "0"}:
        parts.append(Translation(problems=(_problem(root, text(root.get("code")), asked),)))
    return Translation(
        facts=tuple(fact for part in parts for fact in part.facts),
        problems=tuple(dict.fromkeys(problem for part in parts for problem in part.problems)),
        unknown=tuple(dict.fromkeys(word for part in parts for word in part.unknown)),
    )


def _read_piece(piece: Element) -> Translation:
    number = text(piece.get("piece-code")) or text(piece.get("searched-piece-code"))
    refusal = text(piece.get("error-status"))
    if refusal not in {"", "0"}:
        return Translation(problems=(_problem(piece, refusal, number),))

    scans = [scan for events in _named(piece, "piece-event-list") for scan in events]
    events, unknown = read_scans(scans, _read_scan)
    taken_by = text(piece.get("recipient-id-text")) if piece.get("delivery-event-flag") == "1" else ""
    report = TrackingReport(
        tracking_number=number or text(piece.get("piece-identifier")),
        carrier=SLUG,
        events=events,
        summary=status_of(
            text(piece.get("standard-event-code")), text(piece.get("ice")), returning=_returning(piece)
        ),
        summary_code=text(piece.get("standard-event-code")) or text(piece.get("ice")),
        service=text(piece.get("product-name")),
        signed_by=taken_by,
        weight_grams=grams(piece.get("shipment-weight"), "kg"),
        origin=_country_only(piece.get("origin-country")),
        destination=_destination(piece),
        direction=Direction.RETURN if _returning(piece) else Direction.OUTBOUND,
        reference=text(piece.get("piece-customer-reference"))
        or text(piece.get("shipment-customer-reference")),
    )
    return Translation(facts=(report,), unknown=unknown)


def _read_scan(scan: Element) -> TrackingEventFact:
    city = text(scan.get("event-location"))
    place = Place(city=city, country=country_named(scan.get("event-country")), name=city)
    standard_event, ice = text(scan.get("standard-event-code")), text(scan.get("ice"))
    return TrackingEventFact(
        time=scan_time(scan.get("event-timestamp"), place=place, home_zone=HOME_ZONE, formats=_TIMES),
        code=standard_event or ice,
        description=text(scan.get("event-status")) or text(scan.get("event-text")),
        sub_status=status_of(standard_event, ice, returning=_returning(scan)),
        place=place,
    )


def _named(root: Element, name: str) -> Iterator[Element]:
    """Yield the `data` elements of a name: DHL's XML tells its parts apart by attribute only."""
    return (found for found in root.iter() if found.get("name") == name)


def _returning(element: Element) -> bool:
    return text(element.get("ruecksendung")).casefold() == "true"


def _destination(piece: Element) -> Place | None:
    written = text(piece.get("pan-recipient-city")) or text(piece.get("recipient-city"))
    code, _, city = written.partition(" ") if written[:1].isdigit() else ("", "", written)
    place = Place(
        city=city,
        postal_code=text(piece.get("pan-recipient-postalcode")) or code,
        country=country_code(piece.get("dest-country")),
    )
    return place if place != Place() else None


def _country_only(written: object) -> Place | None:
    country = country_code(written)
    return Place(country=country) if country else None


def _problem(element: Element, code: str, number: str) -> CarrierProblem:
    message = (
        text(element.get("error")) or text(element.get("piece-status-desc")) or text(element.get("status"))
    )
    return CarrierProblem(kind=_kind(code, message), code=code, message=message, tracking_number=number)


def _kind(code: str, message: str) -> ProblemKind:
    if code == "100" or _NOT_FOUND.search(message):
        return ProblemKind.NOT_FOUND
    if _UNAUTHORIZED.search(message):
        return ProblemKind.UNAUTHORIZED
    if _INVALID.search(message):
        return ProblemKind.INVALID_NUMBER
    return ProblemKind.OTHER
