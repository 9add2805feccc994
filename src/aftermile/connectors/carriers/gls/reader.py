"""Read the answers of GLS Group's "Track And Trace V1" API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aftermile.connectors.carriers.gls.status import SUMMARIES, status_of
from aftermile.connectors.contracts.answers import asked_number, problem_of_status, times_of_day
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
    read_json_object,
    read_scans,
    scan_time,
    text,
)
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable

SLUG = "gls"
HOME_ZONE = "Europe/Berlin"
_TIMES = times_of_day("%Y-%m-%d")


def translate(record: RawRecord) -> Translation:
    """Read one answer: parcels, each with events or an error of its own, or a problem of the gateway.

    :raises Unreadable: neither of them.
    """
    body = read_json_object(record.body)
    if isinstance(body.get("parcels"), list):
        parcels = items(body["parcels"])
        split = _numbers_with_several_parcels(parcels)
        parts = [_read_parcel(parcel, split) for parcel in parcels]
        return Translation(
            facts=tuple(fact for part in parts for fact in part.facts),
            problems=tuple(dict.fromkeys(problem for part in parts for problem in part.problems)),
            unknown=tuple(dict.fromkeys(word for part in parts for word in part.unknown)),
        )
    if {"errorCode", "error", "errors", "status", "code", "message"} & set(body):
        return Translation(problems=(_read_problem(body, asked_number(record)),))
    raise Unreadable("neither parcels nor a problem: no answer of GLS's tracking")


def _numbers_with_several_parcels(parcels: list[dict[str, Any]]) -> frozenset[str]:
    """A reference may stand for several parcels: only then is the parcel's own number the better name."""
    owners: dict[str, set[str]] = {}
    for parcel in parcels:
        owners.setdefault(text(parcel.get("requested")), set()).add(text(parcel.get("unitno")))
    return frozenset(number for number, units in owners.items() if len(units) > 1)


def _read_parcel(parcel: dict[str, Any], split: frozenset[str]) -> Translation:
    requested, unit = text(parcel.get("requested")), text(parcel.get("unitno"))
    if text(parcel.get("errorCode")):
        return Translation(problems=(_read_problem(parcel, requested),))

    events, unknown = read_scans(parcel.get("events"), _read_scan)
    status = text(parcel.get("status"))
    report = TrackingReport(
        # `unitno` leaves out the check digit that labels and shops print: the number asked for is the one.
        tracking_number=unit if requested in split or not requested else requested,
        carrier=SLUG,
        events=events,
        summary=SUMMARIES.get(status),
        summary_code=status,
    )
    return Translation(facts=(report,), unknown=unknown)


def _read_scan(scan: dict[str, Any]) -> TrackingEventFact:
    place = Place(
        city=text(scan.get("city")),
        postal_code=text(scan.get("postalCode")),
        country=country_code(scan.get("country")),
    )
    code = text(scan.get("code"))
    return TrackingEventFact(
        time=scan_time(scan.get("eventDateTime"), place=place, home_zone=HOME_ZONE, formats=_TIMES),
        code=code,
        description=text(scan.get("description")),
        sub_status=status_of(code),
        place=place,
    )


def _read_problem(body: Mapping[str, Any], number: str) -> CarrierProblem:
    first = next(iter(items(body.get("errors"))), body)
    code = next(
        filter(None, (text(first.get(field)) for field in ("errorCode", "code", "status", "error"))), ""
    )
    return CarrierProblem(
        kind=_kind(code),
        code=code,
        message=next(
            filter(
                None,
                (
                    text(first.get(field))
                    for field in ("errorMessage", "message", "error_description", "detail")
                ),
            ),
            "",
        ),
        tracking_number=number,
    )


def _kind(code: str) -> ProblemKind:
    """GLS writes the HTTP status into its codes: E_404_01."""
    if code in {"invalid_client", "invalid_token", "unauthorized"}:
        return ProblemKind.UNAUTHORIZED
    status = code.split("_")[1] if code.startswith("E_") and code.count("_") > 1 else code
    return problem_of_status(status)
