"""Read answers of FedEx's Track API."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aftermile.connectors.carriers.fedex import status
from aftermile.connectors.contracts.answers import estimate, grams
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    DeliveryEstimate,
    Place,
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

# FedEx uses its numbers again after months; two journeys this far apart are two parcels.
SAME_JOURNEY = timedelta(days=30)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def translate(record: RawRecord) -> Translation:
    """Read an answer for one or many numbers, or an error.

    :raises Unreadable: not JSON, or neither `output` nor `errors` in it.
    """
    answer = read_json_object(record.body)
    problems = [_problem(entry) for entry in items(answer.get("errors"))]
    if not problems and not isinstance(answer.get("output"), dict):
        raise Unreadable("neither output nor errors is in it")
    output = section(answer, "output")
    reports: dict[str, list[TrackingReport]] = {}
    unknown: list[UnknownWord] = []
    for complete in items(output.get("completeTrackResults")):
        asked = text(complete.get("trackingNumber"))
        for result in items(complete.get("trackResults")):
            number = asked or text(section(result, "trackingNumberInfo").get("trackingNumber"))
            if isinstance(result.get("error"), dict):
                problems.append(_problem(result["error"], number))
            if number and ("scanEvents" in result or "error" not in result):
                report, words = _result(result, number)
                reports.setdefault(number, []).append(report)
                unknown += words
    if "documents" in output:
        # A proof of delivery names no parcel.
        unknown.append(UnknownWord(what="document", word=text(output.get("documentType"))))
    return Translation(
        facts=tuple(_one_journey(found) for found in reports.values()),
        problems=tuple(dict.fromkeys(problems)),
        unknown=tuple(dict.fromkeys(unknown)),
    )


def _one_journey(found: list[TrackingReport]) -> TrackingReport:
    """Return one report of a number FedEx answered with several results.

    A parcel taken back and collected anew is filed under a second unique id: its scans belong together.
    Results that ended long before the newest began are an earlier use of the number, and not this parcel.
    """
    newest_first = sorted(found, key=lambda report: (_last(report), report.reference), reverse=True)
    newest = newest_first[0]
    events = list(newest.events)
    began = min((event.time.occurred_at for event in events), default=_last(newest))
    for report in newest_first[1:]:
        if report.events and _last(report) >= began - SAME_JOURNEY:
            events += report.events
            began = min(began, *(event.time.occurred_at for event in report.events))
    return replace(newest, events=tuple(dict.fromkeys(events)))


def _last(report: TrackingReport) -> datetime:
    return max((event.time.occurred_at for event in report.events), default=_LONG_AGO)


def _result(result: dict[str, Any], number: str) -> tuple[TrackingReport, tuple[UnknownWord, ...]]:
    events, unknown = read_scans(result.get("scanEvents"), _scan, status.UNMOVING)
    latest = section(result, "latestStatusDetail")
    delivery = section(result, "deliveryDetails")
    code = text(latest.get("derivedCode")) or text(latest.get("code"))
    if code and code.upper() not in status.BY_EVENT:
        unknown = (*unknown, UnknownWord(what="status", word=code))
    return TrackingReport(
        tracking_number=number,
        carrier="fedex",
        events=events,
        summary=status.BY_EVENT.get(code.upper()),
        summary_code=code,
        estimate=_estimate(result),
        service=text(section(result, "serviceDetail").get("description")),
        signed_by=text(delivery.get("signedByName")) or text(delivery.get("receivedByName")),
        weight_grams=_weight(result),
        origin=_party(result, "originLocation", "shipperInformation"),
        destination=_party(result, "destinationLocation", "recipientInformation"),
        reference=_reference(result),
    ), unknown


def _scan(scan: dict[str, Any]) -> TrackingEventFact:
    place = _place(section(scan, "scanLocation"))
    code = text(scan.get("eventType")) or text(scan.get("derivedStatusCode"))
    return TrackingEventFact(
        time=scan_time(scan.get("date"), place=place),
        code=code,
        description=text(scan.get("exceptionDescription")) or text(scan.get("eventDescription")),
        sub_status=_sub_status(scan, code),
        place=place,
    )


def _sub_status(scan: dict[str, Any], code: str) -> SubStatus | None:
    event = code.upper()
    if event in status.EXCEPTIONS:
        exception = status.BY_EXCEPTION.get(text(scan.get("exceptionCode")).upper())
        if exception is not None:
            return exception
    if event in status.BY_EVENT:
        return status.BY_EVENT[event]
    return status.BY_EVENT.get(text(scan.get("derivedStatusCode")).upper())


def _place(address: dict[str, Any]) -> Place:
    return Place(
        city=text(address.get("city")),
        state=text(address.get("stateOrProvinceCode")),
        postal_code=text(address.get("postalCode")),
        country=country_code(address.get("countryCode")),
    )


def _party(result: dict[str, Any], location: str, party: str) -> Place | None:
    """Return an end of the journey; FedEx fills the location, or the party, or neither."""
    for address in (
        section(result, location, "locationContactAndAddress", "address"),
        section(result, party, "address"),
    ):
        place = _place(address)
        if place != Place():
            return place
    return None


def _estimate(result: dict[str, Any]) -> DeliveryEstimate | None:
    place = _party(result, "destinationLocation", "recipientInformation")
    for name in ("estimatedDeliveryTimeWindow", "standardTransitTimeWindow"):
        window = section(result, name, "window")
        found = estimate(window.get("begins"), window.get("ends"), place=place)
        if found is not None:
            return found
    for entry in items(result.get("dateAndTimes")):
        if text(entry.get("type")) in {"ESTIMATED_DELIVERY", "COMMITMENT"}:
            return estimate(entry.get("dateTime"), entry.get("dateTime"), place=place)
    return None


def _weight(result: dict[str, Any]) -> int | None:
    """Return the parcel's weight, from pounds where both are given: kilograms are rounded from them."""
    weights = items(section(result, "packageDetails", "weightAndDimensions").get("weight"))
    by_unit = {text(entry.get("unit")).upper(): entry for entry in weights}
    chosen = by_unit.get("LB") or by_unit.get("KG") or {}
    return grams(chosen.get("value"), chosen.get("unit"))


def _reference(result: dict[str, Any]) -> str:
    identifiers = items(section(result, "additionalTrackingInfo").get("packageIdentifiers"))
    for kind in ("SHIPPER_REFERENCE", "CUSTOMER_REFERENCE"):
        for entry in identifiers:
            if text(entry.get("type")) == kind:
                values = entry.get("values")
                first = values[0] if isinstance(values, list) and values else None
                return text(entry.get("value")) or text(first)
    return ""


def _problem(entry: dict[str, Any], number: str = "") -> CarrierProblem:
    code = text(entry.get("code"))
    return CarrierProblem(
        kind=status.problem_kind(code), code=code, message=text(entry.get("message")), tracking_number=number
    )
