"""Read UPS's tracking answers and Track Alert messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from aftermile.connectors.carriers.ups import status
from aftermile.connectors.contracts.answers import estimate, grams
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    DeliveryEstimate,
    Place,
    ProblemKind,
    ProofOfDelivery,
    ScanTime,
    TrackingEventFact,
    TrackingReport,
    Translation,
    UnknownWord,
)
from aftermile.connectors.contracts.reading import (
    MomentUnreadable,
    items,
    read_json_object,
    read_scans,
    scan_time,
    section,
    text,
)
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.contracts.words import SubStatus

# UPS writes times as HHMMSS; some of its older answers as a clock.
_CLOCKS = ("%Y%m%d %H:%M:%S", "%Y%m%d %H:%M", "%Y%m%d %I:%M:%S %p", "%Y%m%d %I:%M %p")
_UNITS = {"LBS": "lb", "KGS": "kg", "ONZ": "oz"}
# How base64 begins for the image formats UPS sends.
_IMAGES = {"iVBOR": "image/png", "/9j/": "image/jpeg", "R0lGOD": "image/gif", "JVBERi": "application/pdf"}
_LARGEST_PROOF = 500_000  # characters


def translate(record: RawRecord) -> Translation:
    """Read a tracking answer, an error, or one Track Alert message.

    :raises Unreadable: not JSON, or none of these.
    """
    answer = read_json_object(record.body)
    if "trackResponse" in answer:
        return _tracking(section(answer, "trackResponse"))
    if "activityStatus" in answer:
        return _alert(answer)
    problems = tuple(_problem(entry) for entry in items(section(answer, "response").get("errors")))
    if not problems:
        raise Unreadable("neither trackResponse nor response.errors nor activityStatus is in it")
    return Translation(problems=problems)


def _tracking(response: dict[str, Any]) -> Translation:
    reports: list[TrackingReport] = []
    problems: list[CarrierProblem] = []
    unknown: list[UnknownWord] = []
    for shipment in items(response.get("shipment")):
        inquiry = text(shipment.get("inquiryNumber"))
        problems += [_problem(warning, inquiry) for warning in items(shipment.get("warnings"))]
        packages = items(shipment.get("package"))
        numbers = {package_number: None for entry in packages if (package_number := _number(entry, inquiry))}
        for package in packages:
            if not _number(package, inquiry):
                unknown.append(UnknownWord(what="parcel", word="a parcel without a tracking number"))
                continue
            report, words = _package(package, inquiry)
            others = tuple(sorted(number for number in numbers if number != report.tracking_number))
            reports.append(replace(report, piece_numbers=others))
            unknown += words
    return Translation(
        facts=tuple(reports), problems=tuple(dict.fromkeys(problems)), unknown=tuple(dict.fromkeys(unknown))
    )


def _package(package: dict[str, Any], inquiry: str) -> tuple[TrackingReport, tuple[UnknownWord, ...]]:
    events, unknown = read_scans(package.get("activity"), _activity, status.UNMOVING)
    current = section(package, "currentStatus")
    delivery = section(package, "deliveryInformation")
    return TrackingReport(
        tracking_number=_number(package, inquiry),
        carrier="ups",
        events=events,
        summary=_sub_status(current),
        summary_code=text(current.get("code")) or text(current.get("statusCode")),
        estimate=_estimate(package),
        service=text(section(package, "service").get("description")),
        signed_by=text(delivery.get("receivedBy")),
        proofs=tuple(_proofs(delivery)),
        weight_grams=_weight(section(package, "weight")),
        origin=_party(package, "ORIGIN"),
        destination=_party(package, "DESTINATION"),
        reference=next((text(entry.get("number")) for entry in items(package.get("referenceNumber"))), ""),
    ), unknown


def _number(package: dict[str, Any], inquiry: str) -> str:
    """Return the parcel's own number; UPS's samples put a word there, which the inquiry's replaces."""
    own = text(package.get("trackingNumber"))
    return own if any(letter.isdigit() for letter in own) or not inquiry else inquiry


def _activity(activity: dict[str, Any]) -> TrackingEventFact:
    found = section(activity, "status")
    place = _place(section(activity, "location", "address"))
    return TrackingEventFact(
        time=_time(
            activity.get("date"),
            activity.get("time"),
            activity.get("gmtDate"),
            activity.get("gmtTime"),
            activity.get("gmtOffset"),
            place,
        ),
        code=text(found.get("code")) or text(found.get("statusCode")) or text(found.get("type")),
        description=text(found.get("description")),
        sub_status=_sub_status(found),
        place=place,
    )


def _alert(message: dict[str, Any]) -> Translation:
    if not text(message.get("trackingNumber")):
        raise Unreadable("a Track Alert message without trackingNumber")
    events, unknown = read_scans(message, _alerted, status.UNMOVING)
    scheduled = message.get("scheduledDeliveryDate")
    report = TrackingReport(
        tracking_number=text(message.get("trackingNumber")),
        carrier="ups",
        events=events,
        estimate=None if text(message.get("actualDeliveryDate")) else estimate(scheduled, scheduled),
        signed_by=text(message.get("receivedBy")),
        proofs=tuple(_proof("photo", message.get("deliveryPhoto"))),
    )
    return Translation(facts=(report,), unknown=unknown)


def _alerted(message: dict[str, Any]) -> TrackingEventFact:
    found = section(message, "activityStatus")
    address = section(message, "activityLocation")
    place = _place({**address, "countryCode": address.get("country")})
    word = _sub_status({**found, "statusCode": found.get("descriptionCode")}, types_of=status.BY_ALERT_TYPE)
    if word is None and text(message.get("actualDeliveryDate")):
        word = SubStatus.DELIVERED
    return TrackingEventFact(
        time=_time(
            message.get("localActivityDate"),
            message.get("localActivityTime"),
            message.get("gmtActivityDate"),
            message.get("gmtActivityTime"),
            message.get("gmtOffset"),
            place,
        ),
        code=text(found.get("code")) or text(found.get("type")),
        description=text(found.get("description")),
        sub_status=word,
        place=place,
        signed_by=text(message.get("receivedBy")),
    )


def _sub_status(found: dict[str, Any], types_of: Any = status.BY_TYPE) -> SubStatus | None:
    for table, field in (
        (status.BY_CODE, "code"),
        (status.BY_STATUS_CODE, "statusCode"),
        (types_of, "type"),
    ):
        code = text(found.get(field)).upper()
        if code in table:
            word: SubStatus | None = table[code]
            return word
    return None


def _time(
    day: object, clock: object, gmt_day: object, gmt_clock: object, offset: object, place: Place
) -> ScanTime:
    """Return a scan's moment: Greenwich time where UPS gives it, else its offset, else the place's zone."""
    written = f"{text(day)} {text(clock)}".strip()
    shift = text(offset).replace(".", ":")
    local = partial(scan_time, place=place, formats=_CLOCKS)
    attempts = []
    if text(gmt_day) and text(gmt_clock):
        attempts.append(f"{text(gmt_day)}T{_digits(gmt_clock)}+00:00")
    if shift and text(clock):
        attempts.append(f"{text(day)}T{_digits(clock)}{shift}")
    for attempt in attempts:
        try:
            return replace(scan_time(attempt), reported=written or attempt)
        except MomentUnreadable:
            continue
    if ":" in text(clock):
        return local(written)
    return replace(local(f"{text(day)}T{_digits(clock)}" if text(clock) else text(day)), reported=written)


def _digits(clock: object) -> str:
    """Return HHMMSS; UPS drops a leading zero now and then."""
    return re.sub(r"[^0-9]", "", text(clock)).zfill(6)


def _place(address: dict[str, Any]) -> Place:
    return Place(
        city=text(address.get("city")),
        state=text(address.get("stateProvince")),
        postal_code=text(address.get("postalCode")),
        country=country_code(address.get("countryCode")) or country_code(address.get("country")),
    )


def _party(package: dict[str, Any], kind: str) -> Place | None:
    for entry in items(package.get("packageAddress")):
        if text(entry.get("type")).upper() == kind:
            return _place(section(entry, "address"))
    return None


def _estimate(package: dict[str, Any]) -> DeliveryEstimate | None:
    """Return the rescheduled day before the scheduled one, with the hours where UPS names a window."""
    days = {text(entry.get("type")): text(entry.get("date")) for entry in items(package.get("deliveryDate"))}
    when = days.get("RDD") or days.get("SDD")
    if not when:
        return None
    hours = section(package, "deliveryTime")
    if text(hours.get("type")) in {"EDW", "CDW", "IDW"} and text(hours.get("endTime")):
        place = _party(package, "DESTINATION")
        if place is not None:
            return estimate(
                f"{when}T{_digits(hours.get('startTime'))}",
                f"{when}T{_digits(hours.get('endTime'))}",
                place=place,
            )
    return estimate(when, when)


def _weight(weight: dict[str, Any]) -> int | None:
    unit = text(weight.get("unitOfMeasurement")).upper()
    return grams(weight.get("weight"), _UNITS.get(unit, unit))


def _proofs(delivery: dict[str, Any]) -> Iterator[ProofOfDelivery]:
    yield from _proof("signature", section(delivery, "signature").get("image"))
    yield from _proof("photo", section(delivery, "deliveryPhoto").get("photo"))
    yield from _proof("document", section(delivery, "pod").get("content"))


def _proof(kind: str, encoded: object) -> Iterator[ProofOfDelivery]:
    image = text(encoded)
    for start, media_type in _IMAGES.items():
        if image.startswith(start) and len(image) <= _LARGEST_PROOF:
            yield ProofOfDelivery(kind=kind, url=f"data:{media_type};base64,{image}")


def _problem(entry: dict[str, Any], number: str = "") -> CarrierProblem:
    code = text(entry.get("code"))
    return CarrierProblem(
        kind=status.PROBLEMS.get(code, ProblemKind.OTHER),
        code=code,
        message=text(entry.get("message")),
        tracking_number=number,
    )
