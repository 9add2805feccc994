"""Read EasyPost's trackers: events (webhooks), trackers, lists of either, and errors."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from math import inf
from typing import Any

from aftermile.connectors.aggregators.carrier_names import carrier_slug, home_zone
from aftermile.connectors.aggregators.easypost.carriers import CARRIERS
from aftermile.connectors.aggregators.easypost.status import (
    EVENTS,
    PROBLEMS,
    STATUS_DETAILS,
    STATUSES,
    meaning,
)
from aftermile.connectors.aggregators.estimates import estimate
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    DeliveryEstimate,
    Direction,
    Fact,
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

_GRAMS_PER_OUNCE = 28.349523125
# Answers about something else: nothing in them is for us.
_OTHER_LISTS = frozenset({"webhooks", "payloads", "claims", "shipments", "batches"})


def translate(record: RawRecord) -> Translation:
    """Read an event, a tracker, a list of either, an object with a tracker inside, or an error.

    :raises Unreadable: the body is none of EasyPost's.
    """
    body = read_json_object(record.body)
    if body.get("error"):
        return Translation(problems=(_problem(body["error"]),))
    if "trackers" in body:
        return _joined(_tracker(tracker) for tracker in items(body["trackers"]))
    if "events" in body:
        return _joined(_event(event) for event in items(body["events"]))
    return _one(body)


def _one(body: dict[str, Any]) -> Translation:
    kind = text(body.get("object"))
    if kind == "Event":
        return _event(body)
    if kind == "Tracker":
        return _tracker(body)
    if section(body, "tracker"):  # a shipment carries its tracker
        return _tracker(section(body, "tracker"))
    if kind:
        return Translation(unknown=(UnknownWord(what="topic", word=kind),))
    if not body or "success" in body or "id" in body or _OTHER_LISTS & body.keys():
        return Translation()
    raise Unreadable("neither an EasyPost event nor an answer of its API")


def _event(event: dict[str, Any]) -> Translation:
    topic = text(event.get("description"))
    if topic not in EVENTS:
        return Translation(unknown=(UnknownWord(what="topic", word=topic),))
    # Events in a list come without their tracker.
    result = section(event, "result")
    return _tracker(result) if result else Translation()


def _tracker(tracker: dict[str, Any]) -> Translation:
    number = text(tracker.get("tracking_code"))
    if not number:
        return Translation(unknown=(UnknownWord(what="tracking", word="a tracker without a tracking_code"),))
    name = text(tracker.get("carrier"))
    carrier = carrier_slug(name, CARRIERS) if name else ""
    zone = home_zone(carrier)
    status, detail = text(tracker.get("status")), text(tracker.get("status_detail"))
    scans = tracker.get("tracking_details")
    events, odd = read_scans(scans, partial(_scan, zone=zone), STATUSES.keys() | STATUS_DETAILS.keys())

    unknown = list(odd)
    if name and not carrier:
        unknown.append(UnknownWord(what="carrier", word=name))
    for words in (tracker, *items(scans)):
        unknown.extend(_unknown_words(text(words.get("status")), text(words.get("status_detail"))))

    carrier_detail = section(tracker, "carrier_detail")
    report = TrackingReport(
        tracking_number=number,
        carrier=carrier,
        carrier_name=name,
        events=events,
        summary=meaning(status, detail),
        summary_code=_code(status, detail),
        estimate=_estimate(tracker, carrier_detail),
        service=text(carrier_detail.get("service")),
        signed_by=text(tracker.get("signed_by")),
        weight_grams=_weight(tracker.get("weight")),
        origin=_end(carrier_detail, "origin"),
        destination=_end(carrier_detail, "destination"),
        direction=Direction.RETURN if tracker.get("is_return") is True else Direction.OUTBOUND,
    )
    return Translation(facts=(report,), unknown=tuple(dict.fromkeys(unknown)))


def _scan(scan: dict[str, Any], *, zone: str) -> TrackingEventFact:
    status, detail = text(scan.get("status")), text(scan.get("status_detail"))
    place = _place(section(scan, "tracking_location"))
    return TrackingEventFact(
        time=scan_time(scan.get("datetime"), place=place, home_zone=zone),
        code=_code(status, detail),
        description=text(scan.get("message")) or text(scan.get("description")),
        sub_status=meaning(status, detail),
        place=place,
    )


def _code(status: str, detail: str) -> str:
    """The detail where it says something, else the status."""
    return detail if STATUS_DETAILS.get(detail) or (detail and not status) else status


def _unknown_words(status: str, detail: str) -> tuple[UnknownWord, ...]:
    return tuple(
        UnknownWord(what="status", word=word)
        for word, table in ((status, STATUSES), (detail, STATUS_DETAILS))
        if word and word not in table
    )


def _place(location: dict[str, Any]) -> Place:
    return Place(
        city=text(location.get("city")),
        state=text(location.get("state")),
        postal_code=text(location.get("zip")),
        country=country_code(location.get("country")),
    )


def _end(carrier_detail: dict[str, Any], end: str) -> Place | None:
    place = _place(section(carrier_detail, f"{end}_tracking_location"))
    if place != Place():
        return place
    written = text(carrier_detail.get(f"{end}_location"))
    return Place(name=written) if written else None


def _estimate(tracker: dict[str, Any], carrier_detail: dict[str, Any]) -> DeliveryEstimate | None:
    """The day at the destination as the carrier names it, before EasyPost's rendering of it in UTC."""
    return estimate(carrier_detail.get("est_delivery_date_local")) or estimate(
        tracker.get("est_delivery_date")
    )


def _weight(ounces: object) -> int | None:
    try:
        found = float(text(ounces))
    except ValueError:
        return None
    return round(found * _GRAMS_PER_OUNCE) if 0 < found < inf else None


def _problem(error: object) -> CarrierProblem:
    if not isinstance(error, dict):
        return CarrierProblem(kind=ProblemKind.OTHER, message=text(error))
    code = text(error.get("code"))
    # "PAYLOAD.NOT_FOUND", "TRACKER.NOT_FOUND", "NOT_FOUND": the last part tells the kind.
    kind = PROBLEMS.get(code.rpartition(".")[2], ProblemKind.OTHER)
    return CarrierProblem(kind=kind, code=code, message=text(error.get("message")))


def _joined(parts: Iterable[Translation]) -> Translation:
    facts: list[Fact] = []
    unknown: list[UnknownWord] = []
    for part in parts:
        facts.extend(part.facts)
        unknown.extend(part.unknown)
    return Translation(facts=tuple(facts), unknown=tuple(dict.fromkeys(unknown)))
