"""Read the tracking answers of InPost's ShipX API."""

from __future__ import annotations

from typing import Any

from aftermile.connectors.carriers.inpost.status import INFORMATIONAL, STATUSES
from aftermile.connectors.contracts.answers import asked_number, problem_of_status, times_of_day
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    Place,
    ProblemKind,
    TrackingEventFact,
    TrackingReport,
    Translation,
)
from aftermile.connectors.contracts.reading import read_json_object, read_scans, scan_time, section, text
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable

SLUG = "inpost"
HOME_ZONE = "Europe/Warsaw"
_TIMES = times_of_day("%Y-%m-%d")
_UNAUTHORIZED = {"unauthorized", "token_invalid", "token_expired", "access_forbidden"}


def translate(record: RawRecord) -> Translation:
    """Read one answer: the tracking of one parcel, or an error.

    :raises Unreadable: neither of them.
    """
    body = read_json_object(record.body)
    if text(body.get("tracking_number")):
        return _read_tracking(body)
    if {"error", "message", "key"} & set(body):
        return Translation(problems=(_read_problem(body, asked_number(record)),))
    raise Unreadable("neither a tracking number nor an error: no answer of ShipX")


def _read_tracking(body: dict[str, Any]) -> Translation:
    events, unknown = read_scans(body.get("tracking_details"), _read_scan, INFORMATIONAL)
    status = text(body.get("status"))
    report = TrackingReport(
        tracking_number=text(body.get("tracking_number")),
        carrier=SLUG,
        events=events,
        summary=STATUSES.get(status),
        summary_code=status,
        service=text(body.get("service")) or text(body.get("type")),
        reference=text(section(body, "custom_attributes").get("reference")),
    )
    return Translation(facts=(report,), unknown=unknown)


def _read_scan(scan: dict[str, Any]) -> TrackingEventFact:
    code = text(scan.get("status"))
    where = text(scan.get("location")) or text(scan.get("agency"))
    return TrackingEventFact(
        time=scan_time(scan.get("datetime"), home_zone=HOME_ZONE, formats=_TIMES),
        code=code,
        description=text(scan.get("description")) or code.replace("_", " "),
        sub_status=STATUSES.get(code),
        place=Place(name=where),
    )


def _read_problem(body: dict[str, Any], asked: str) -> CarrierProblem:
    code = text(body.get("error")) or text(body.get("key")) or text(body.get("status"))
    unauthorized = code in _UNAUTHORIZED
    return CarrierProblem(
        kind=ProblemKind.UNAUTHORIZED if unauthorized else problem_of_status(body.get("status")),
        code=code,
        message=text(body.get("message")),
        tracking_number=asked,
    )
