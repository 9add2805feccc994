"""Read answers of the USPS Tracking API, version 3."""

from __future__ import annotations

import html
import re
from contextlib import suppress
from dataclasses import replace
from typing import Any

from aftermile.connectors.carriers.usps import status
from aftermile.connectors.contracts.answers import estimate, problem_of_status
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.country_names import country_named
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    DeliveryEstimate,
    Place,
    ProblemKind,
    ScanTime,
    TrackingEventFact,
    TrackingReport,
    Translation,
    UnknownWord,
)
from aftermile.connectors.contracts.reading import (
    MomentUnreadable,
    items,
    read_json,
    read_scans,
    scan_time,
    text,
)
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable

HOME_ZONE = "America/New_York"
# Version 3 writes ISO; what comes by way of the older one has a clock of twelve hours.
_CLOCKS = ("%Y-%m-%d %I:%M %p", "%Y-%m-%dT%I:%M %p", "%B %d, %Y %I:%M %p", "%B %d, %Y %H:%M", "%B %d, %Y")
_ESTIMATES = (
    ("expectedDeliveryTimeStamp", "expectedDeliveryTimeStamp"),
    ("predictedDeliveryWindowStart", "predictedDeliveryWindowEnd"),
    ("predictedDeliveryTimeStamp", "predictedDeliveryTimeStamp"),
    ("predictedDeliveryDate", "predictedDeliveryDate"),
    ("expectedDeliveryDate", "expectedDeliveryDate"),
    ("guaranteedDeliveryTimeStamp", "guaranteedDeliveryTimeStamp"),
    ("guaranteedDeliveryDate", "guaranteedDeliveryDate"),
)


def translate(record: RawRecord) -> Translation:
    """Read one parcel's answer, a list of them, or an error.

    :raises Unreadable: not JSON, or no answer of the tracking API.
    """
    answer = read_json(record.body)
    reports: list[TrackingReport] = []
    problems: list[CarrierProblem] = []
    unknown: list[UnknownWord] = []
    for parcel in items(answer):
        number = text(parcel.get("trackingNumber"))
        if parcel.get("error"):
            problems.append(_problem(parcel, number))
        elif number:
            report, words = _parcel(parcel, number)
            reports.append(report)
            unknown += words
    if not reports and not problems:
        raise Unreadable("neither trackingNumber nor error is in it")
    return Translation(
        facts=tuple(reports), problems=tuple(dict.fromkeys(problems)), unknown=tuple(dict.fromkeys(unknown))
    )


def _parcel(parcel: dict[str, Any], number: str) -> tuple[TrackingReport, tuple[UnknownWord, ...]]:
    events, unknown = read_scans(parcel.get("trackingEvents"), _scan, status.UNMOVING)
    category = text(parcel.get("statusCategory"))
    if category and category.casefold() not in status.BY_CATEGORY:
        unknown = (*unknown, UnknownWord(what="status", word=category))
    signed = [event.signed_by for event in events if event.signed_by]
    return TrackingReport(
        tracking_number=number,
        carrier="usps",
        events=events,
        summary=status.BY_CATEGORY.get(category.casefold()),
        summary_code=category,
        estimate=_estimate(parcel),
        service=_plain(parcel.get("mailClass")),
        signed_by=min(signed, default=""),
        origin=_end(parcel, "origin"),
        destination=_end(parcel, "destination"),
    ), unknown


def _scan(scan: dict[str, Any]) -> TrackingEventFact:
    place = _place(scan)
    code = text(scan.get("eventCode"))
    return TrackingEventFact(
        time=_time(scan, place),
        code=code or text(scan.get("eventType")),
        description=_plain(scan.get("eventType")),
        sub_status=status.BY_EVENT.get(code.upper()),
        place=place,
        signed_by=text(scan.get("name")),
    )


def _time(scan: dict[str, Any], place: Place) -> ScanTime:
    """Return a scan's moment: Greenwich time, which has the seconds, else local time with its offset."""
    local = text(scan.get("eventTimestamp"))
    if not local:
        local = f"{text(scan.get('eventDate'))} {text(scan.get('eventTime'))}".strip()
    greenwich = text(scan.get("GMTTimestamp"))
    offset = text(scan.get("GMTOffset"))
    if ":" in greenwich:
        with suppress(MomentUnreadable):
            stated = greenwich if re.search(r"(Z|[+-]\d\d:?\d\d)$", greenwich) else f"{greenwich}Z"
            return replace(scan_time(stated), reported=local or greenwich)
    if ":" in local and re.fullmatch(r"[+-]\d\d:?\d\d", offset):
        with suppress(MomentUnreadable):
            return replace(scan_time(f"{local}{offset}"), reported=local)
    return scan_time(local, place=place, home_zone=HOME_ZONE, formats=_CLOCKS)


def _place(scan: dict[str, Any]) -> Place:
    country = text(scan.get("eventCountry"))
    state = text(scan.get("eventState"))
    postal_code = text(scan.get("eventZIP"))
    known = country_code(country) or country_named(country)
    return Place(
        city=text(scan.get("eventCity")),
        state=state,
        postal_code=postal_code,
        country=known or ("US" if not country and (state or postal_code) else ""),
        name="" if known else country,
    )


def _end(parcel: dict[str, Any], end: str) -> Place | None:
    country = text(parcel.get(f"{end}CountryCode"))
    state, postal_code = text(parcel.get(f"{end}State")), text(parcel.get(f"{end}ZIP"))
    place = Place(
        city=text(parcel.get(f"{end}City")),
        state=state,
        postal_code=postal_code,
        country=country_code(country) or ("US" if not country and (state or postal_code) else ""),
    )
    return place if place != Place() else None


def _estimate(parcel: dict[str, Any]) -> DeliveryEstimate | None:
    place = _end(parcel, "destination")
    for earliest, latest in _ESTIMATES:
        found = estimate(
            parcel.get(earliest), parcel.get(latest), place=place, home_zone=HOME_ZONE, formats=_CLOCKS
        )
        if found is not None:
            return found
    return None


def _plain(value: object) -> str:
    """Return USPS's wording without its markup (`<SUP>&#153;</SUP>`)."""
    return html.unescape(re.sub(r"<[^<>]*>", "", text(value))).strip()


def _problem(parcel: dict[str, Any], number: str) -> CarrierProblem:
    error = parcel["error"]
    if not isinstance(error, dict):
        code = text(error)
        kind = ProblemKind.UNAUTHORIZED if code in status.UNAUTHORIZED else ProblemKind.OTHER
        return CarrierProblem(
            kind=kind, code=code, message=text(parcel.get("error_description")), tracking_number=number
        )
    code = text(error.get("code"))
    details = items(error.get("errors"))
    kinds = [problem_of_status(code), *(problem_of_status(entry.get("status")) for entry in details)]
    return CarrierProblem(
        kind=next((kind for kind in kinds if kind is not ProblemKind.OTHER), ProblemKind.OTHER),
        code=code,
        message=text(error.get("message")),
        tracking_number=number,
    )
