"""Read Shippo's tracks: webhook bodies, API answers and errors."""

from __future__ import annotations

from functools import partial
from typing import Any

from aftermile.connectors.aggregators.carrier_names import carrier_slug, home_zone
from aftermile.connectors.aggregators.estimates import estimate
from aftermile.connectors.aggregators.shippo.carriers import CARRIERS
from aftermile.connectors.aggregators.shippo.status import STATUSES, SUBSTATUSES, TRACK_EVENT, meaning
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
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

_PROBLEM_WORDS = (
    ("not found", ProblemKind.NOT_FOUND),
    ("does not exist", ProblemKind.NOT_FOUND),
    ("token", ProblemKind.UNAUTHORIZED),
    ("authentication", ProblemKind.UNAUTHORIZED),
    ("permission", ProblemKind.UNAUTHORIZED),
    ("throttled", ProblemKind.RATE_LIMITED),
    ("rate limit", ProblemKind.RATE_LIMITED),
    ("unavailable", ProblemKind.UNAVAILABLE),
)


def translate(record: RawRecord) -> Translation:
    """Read a webhook, a track or an error.

    :raises Unreadable: the body is none of Shippo's.
    """
    body = read_json_object(record.body)
    event = text(body.get("event"))
    if event:
        if event != TRACK_EVENT:
            return Translation(unknown=(UnknownWord(what="topic", word=event),))
        return _track(section(body, "data"))
    if "tracking_number" in body and ("tracking_status" in body or "tracking_history" in body):
        return _track(body)
    if items(body.get("results")):
        return Translation(unknown=(UnknownWord(what="topic", word="list"),))
    problem = _problem(body)
    if problem is None:
        raise Unreadable("neither a Shippo webhook nor an answer of its API")
    return Translation(problems=(problem,))


def _track(track: dict[str, Any]) -> Translation:
    number = text(track.get("tracking_number"))
    if not number:
        return Translation(unknown=(UnknownWord(what="tracking", word="a track without a tracking_number"),))
    name = text(track.get("carrier"))
    carrier = carrier_slug(name, CARRIERS) if name else ""
    zone = home_zone(carrier)
    current = section(track, "tracking_status")
    history = track.get("tracking_history")
    scans = list(history) if isinstance(history, list) else items(history)
    if current and not _told(current, items(history)):
        scans.append(current)
    events, odd = read_scans(scans, partial(_scan, zone=zone), STATUSES.keys() | SUBSTATUSES.keys())

    unknown = list(odd)
    if name and not carrier:
        unknown.append(UnknownWord(what="carrier", word=name))
    for words in (current, *items(scans)):
        unknown.extend(_unknown_words(text(words.get("status")), _substatus(words)))

    status, substatus = text(current.get("status")), _substatus(current)
    report = TrackingReport(
        tracking_number=number,
        carrier=carrier,
        carrier_name=name,
        events=events,
        summary=meaning(status, substatus),
        summary_code=_code(status, substatus),
        estimate=estimate(track.get("eta")),
        service=text(section(track, "servicelevel").get("name")),
        origin=_end(track, "address_from"),
        destination=_end(track, "address_to"),
        reference=text(track.get("metadata")),
    )
    return Translation(facts=(report,), unknown=tuple(dict.fromkeys(unknown)))


def _told(current: dict[str, Any], history: list[dict[str, Any]]) -> bool:
    """Tell whether the current status is among the scans, by its id or as the same word at the same time."""
    if not text(current.get("status_date")):
        return True  # nothing was scanned yet
    known = {_identity(scan) for scan in history}
    ids = {text(scan.get("object_id")) for scan in history} - {""}
    return text(current.get("object_id")) in ids or _identity(current) in known


def _identity(scan: dict[str, Any]) -> tuple[str, str, str, str]:
    names = ("status", "status_details", "status_date")
    return (_substatus(scan), *(text(scan.get(name)) for name in names))  # type: ignore[return-value]


def _scan(scan: dict[str, Any], *, zone: str) -> TrackingEventFact:
    status, substatus = text(scan.get("status")), _substatus(scan)
    place = _place(section(scan, "location")) or Place()
    return TrackingEventFact(
        time=scan_time(scan.get("status_date"), place=place, home_zone=zone),
        code=_code(status, substatus),
        description=text(scan.get("status_details")) or text(section(scan, "substatus").get("text")),
        sub_status=meaning(status, substatus),
        place=place,
        external_id=text(scan.get("object_id")),
    )


def _substatus(scan: dict[str, Any]) -> str:
    written = scan.get("substatus")
    return text(written.get("code")) if isinstance(written, dict) else text(written)


def _code(status: str, substatus: str) -> str:
    """The substatus where it says something, else the status."""
    return substatus if SUBSTATUSES.get(substatus) or (substatus and not status) else status


def _unknown_words(status: str, substatus: str) -> tuple[UnknownWord, ...]:
    return tuple(
        UnknownWord(what="status", word=word)
        for word, table in ((status, STATUSES), (substatus, SUBSTATUSES))
        if word and word not in table
    )


def _end(track: dict[str, Any], name: str) -> Place | None:
    return _place(section(track, name))


def _place(location: dict[str, Any]) -> Place | None:
    place = Place(
        city=text(location.get("city")),
        state=text(location.get("state")),
        postal_code=text(location.get("zip")),
        country=country_code(location.get("country")),
    )
    return place if place != Place() else None


def _problem(body: dict[str, Any]) -> CarrierProblem | None:
    """Read an error: `{"detail": "..."}`, or a field's name (or `__all__`) with a list of complaints."""
    if text(body.get("detail")):
        code, message = "", text(body["detail"])
    else:
        complaints = {name: value for name, value in body.items() if isinstance(value, list) and value}
        if not complaints or len(complaints) != len(body):
            return None
        code = next(iter(complaints))
        message = "; ".join(text(entry) for entry in complaints[code] if text(entry))
    if code == "tracking_number":
        return CarrierProblem(kind=ProblemKind.INVALID_NUMBER, code=code, message=message)
    lower = message.casefold()
    kind = next((kind for word, kind in _PROBLEM_WORDS if word in lower), ProblemKind.OTHER)
    return CarrierProblem(kind=kind, code=code, message=message)
