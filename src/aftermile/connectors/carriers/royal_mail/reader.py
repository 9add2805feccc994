"""Read answers of Royal Mail's Tracking API, version 2."""

from __future__ import annotations

from typing import Any

from aftermile.connectors.carriers.royal_mail import status
from aftermile.connectors.contracts.answers import estimate, problem_of_status
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    DeliveryEstimate,
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

HOME_ZONE = "Europe/London"


def translate(record: RawRecord) -> Translation:
    """Read the events of one mail piece, the summaries of several, or an error.

    :raises Unreadable: not JSON, or neither `mailPieces` nor an error in it.
    """
    answer = read_json_object(record.body)
    http_code = text(answer.get("httpCode"))
    problems = [_problem(error, http_code) for error in items(answer.get("errors"))]
    if http_code and not problems:
        problems = [_problem({"errorDescription": text(answer.get("httpMessage"))}, http_code)]
    if not problems and not isinstance(answer.get("mailPieces"), (dict, list)):
        raise Unreadable("neither mailPieces nor an error is in it")
    reports: list[TrackingReport] = []
    unknown: list[UnknownWord] = []
    for piece in items(answer.get("mailPieces")):
        number = _number(piece)
        if isinstance(piece.get("error"), dict):
            problems.append(_problem(piece["error"], "", number))
        elif number:
            report, words = _piece(piece, number)
            reports.append(report)
            unknown += words
        else:
            unknown.append(UnknownWord(what="parcel", word="a mail piece without a barcode"))
    return Translation(
        facts=tuple(reports), problems=tuple(dict.fromkeys(problems)), unknown=tuple(dict.fromkeys(unknown))
    )


def _number(piece: dict[str, Any]) -> str:
    """Return the barcode shoppers know; `mailPieceId` may be the long one of the 2D barcode."""
    return text(section(piece, "summary").get("oneDBarcode")) or text(piece.get("mailPieceId"))


def _piece(piece: dict[str, Any], number: str) -> tuple[TrackingReport, tuple[UnknownWord, ...]]:
    summary = section(piece, "summary")
    scans = piece.get("events")
    if scans is None and text(summary.get("lastEventCode")):
        scans = _last_event(summary)
    events, unknown = read_scans(scans, _event, status.UNMOVING)
    category = text(summary.get("statusCategory"))
    last_code = text(summary.get("lastEventCode"))
    if category and category.upper() not in status.BY_CATEGORY:
        unknown = (*unknown, UnknownWord(what="status", word=category))
    handed_over = section(piece, "proofOfDeliveryData")
    return TrackingReport(
        tracking_number=number,
        carrier="royal-mail",
        events=events,
        # The category calls it delivered when a parcel waits at a post office: the event is more exact.
        summary=status.BY_EVENT.get(last_code.upper()) or status.BY_CATEGORY.get(category.upper()),
        summary_code=category,
        estimate=_estimate(section(piece, "estimatedDelivery")),
        service=text(summary.get("productName")),
        signed_by=text(section(piece, "signature").get("recipientName"))
        or text(handed_over.get("recipientName")),
        origin=_country(summary.get("originCountryCode")),
        destination=_country(summary.get("destinationCountryCode")),
    ), unknown


def _last_event(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the one event that a summary of several mail pieces tells of each."""
    return [
        {
            "eventCode": summary.get("lastEventCode"),
            "eventName": summary.get("lastEventName"),
            "eventDateTime": summary.get("lastEventDateTime"),
            "locationName": summary.get("lastEventLocationName"),
        }
    ]


def _event(event: dict[str, Any]) -> TrackingEventFact:
    code = text(event.get("eventCode"))
    return TrackingEventFact(
        time=scan_time(event.get("eventDateTime"), home_zone=HOME_ZONE),
        code=code,
        description=text(event.get("eventName")),
        sub_status=status.BY_EVENT.get(code.upper()),
        place=Place(name=text(event.get("locationName"))),
    )


def _estimate(estimated: dict[str, Any]) -> DeliveryEstimate | None:
    day = text(estimated.get("date"))[:10]
    start, end = text(estimated.get("startOfEstimatedWindow")), text(estimated.get("endOfEstimatedWindow"))
    window = estimate(f"{day}T{start}", f"{day}T{end}", home_zone=HOME_ZONE) if start and end else None
    return window or estimate(day, day)


def _country(code: object) -> Place | None:
    country = country_code(code)
    return Place(country=country) if country else None


def _problem(error: dict[str, Any], http_code: str, number: str = "") -> CarrierProblem:
    code = text(error.get("errorCode"))
    return CarrierProblem(
        kind=status.PROBLEMS.get(code) or (problem_of_status(http_code) if http_code else ProblemKind.OTHER),
        code=code or http_code,
        message=text(error.get("errorDescription")),
        tracking_number=number,
    )
