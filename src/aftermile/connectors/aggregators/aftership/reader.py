"""Read AfterShip's trackings: webhook bodies and API answers, of API 2026-07 and of v4 before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from math import isfinite
from typing import Any

from aftermile.connectors.aggregators.aftership.carriers import CARRIERS
from aftermile.connectors.aggregators.aftership.status import EVENTS, PROBLEMS, TAGS, meaning, subtag_meaning
from aftermile.connectors.aggregators.carrier_names import carrier_slug, home_zone
from aftermile.connectors.aggregators.estimates import estimate
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    DeliveryEstimate,
    Direction,
    Place,
    ProblemKind,
    ProofOfDelivery,
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

_GRAMS = {"kg": 1000.0, "g": 1.0, "lb": 453.59237, "lbs": 453.59237, "oz": 28.349523125}
# The merchant's own promise, given to AfterShip with the order, is no estimate.
_PROMISES = {"Order EDD", "Custom EDD"}


def translate(record: RawRecord) -> Translation:
    """Read a webhook, a list of trackings, one tracking, a last checkpoint or an error.

    :raises Unreadable: the body is none of AfterShip's.
    """
    body = read_json_object(record.body)
    if "msg" in body:
        event = text(body.get("event"))
        if event not in EVENTS:
            return Translation(unknown=(UnknownWord(what="topic", word=event),))
        return _translation([section(body, "msg")])
    if "meta" not in body:
        raise Unreadable("neither an AfterShip webhook nor an answer of its API")
    problem = _problem(section(body, "meta"))
    if problem:
        return Translation(problems=(problem,))
    return _translation(list(_trackings(section(body, "data"))))


def _trackings(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "trackings" in data:
        yield from items(data["trackings"])
    elif isinstance(data.get("tracking"), dict):
        yield data["tracking"]
    elif "tracking_number" in data:
        yield data


def _problem(meta: dict[str, Any]) -> CarrierProblem | None:
    code = text(meta.get("code"))
    if len(code) == 3 and code.startswith("2"):
        return None
    kind = PROBLEMS.get(code, ProblemKind.OTHER)
    return CarrierProblem(kind=kind, code=code, message=text(meta.get("message")) or text(meta.get("type")))


def _translation(trackings: list[dict[str, Any]]) -> Translation:
    facts: list[TrackingReport] = []
    unknown: list[UnknownWord] = []
    for tracking in trackings:
        if not text(tracking.get("tracking_number")):
            unknown.append(UnknownWord(what="tracking", word="a tracking without a tracking_number"))
            continue
        report, words = _report(tracking)
        facts.append(report)
        unknown.extend(words)
    return Translation(facts=tuple(facts), unknown=tuple(dict.fromkeys(unknown)))


def _report(tracking: dict[str, Any]) -> tuple[TrackingReport, list[UnknownWord]]:
    number, slug = text(tracking.get("tracking_number")), text(tracking.get("slug"))
    tag, subtag = text(tracking.get("tag")), text(tracking.get("subtag"))
    carrier = carrier_slug(slug, CARRIERS) if slug else ""
    zone = home_zone(carrier)

    scans = tracking.get("checkpoints")
    if scans is None:
        # The "last checkpoint" answer; all its fields are null where there is none yet.
        last = section(tracking, "checkpoint")
        scans = [last] if text(last.get("checkpoint_time")) else []
    events, odd = read_scans(scans, partial(_event, zone=zone))

    unknown = list(odd)
    if slug and not carrier:
        unknown.append(UnknownWord(what="carrier", word=slug))
    for words in (tracking, *items(scans)):
        unknown.extend(_unknown_words(text(words.get("tag")), text(words.get("subtag"))))

    return (
        TrackingReport(
            tracking_number=number,
            carrier=carrier,
            carrier_name=slug,
            events=events,
            summary=meaning(tag, subtag),
            summary_code=subtag or tag,
            estimate=_estimate(tracking),
            service=text(tracking.get("shipment_type")),
            signed_by=text(tracking.get("signed_by")),
            proofs=tuple(
                ProofOfDelivery(kind=text(proof.get("type")) or "document", url=text(proof.get("url")))
                for proof in items(tracking.get("proof_of_delivery"))
                if text(proof.get("url"))
            ),
            weight_grams=_weight(tracking),
            origin=_end(tracking, "origin"),
            destination=_end(tracking, "destination"),
            direction=_direction(tracking),
            reference=text(tracking.get("order_number")) or text(tracking.get("order_id")),
            piece_numbers=tuple(
                piece
                for entry in items(section(tracking, "multi_piece_info").get("pieces"))
                if (piece := text(entry.get("tracking_number"))) and piece != number
            ),
        ),
        unknown,
    )


def _event(scan: dict[str, Any], *, zone: str) -> TrackingEventFact:
    tag, subtag = text(scan.get("tag")), text(scan.get("subtag"))
    place = _place(scan)
    return TrackingEventFact(
        time=scan_time(scan.get("checkpoint_time"), place=place, home_zone=zone),
        code=subtag or tag or _event_code(scan),
        description=text(scan.get("message")) or text(scan.get("subtag_message")),
        sub_status=meaning(tag, subtag),
        place=place,
        external_id=text(scan.get("hash")),
    )


def _event_code(scan: dict[str, Any]) -> str:
    """Name a scan without tag by its first event: "delivery_attempted" or "delayed/weather"."""
    for entry in items(scan.get("events")):
        parts = (text(entry.get("code")), text(section(entry, "reason").get("code")))
        if any(parts):
            return "/".join(part for part in parts if part)
    return ""


def _unknown_words(tag: str, subtag: str) -> Iterator[UnknownWord]:
    if tag and tag not in TAGS:
        yield UnknownWord(what="status", word=tag)
    if subtag and subtag_meaning(subtag) is None:
        yield UnknownWord(what="status", word=subtag)


def _place(scan: dict[str, Any]) -> Place:
    coordinate = section(scan, "coordinate")
    return Place(
        city=text(scan.get("city")),
        state=text(scan.get("state")),
        postal_code=text(scan.get("postal_code")) or text(scan.get("zip")),
        country=country_code(scan.get("country_region")) or country_code(scan.get("country_iso3")),
        name=text(scan.get("location")),
        latitude=_number(coordinate.get("latitude")),
        longitude=_number(coordinate.get("longitude")),
    )


def _end(tracking: dict[str, Any], end: str) -> Place | None:
    place = Place(
        city=text(tracking.get(f"{end}_city")),
        state=text(tracking.get(f"{end}_state")),
        postal_code=text(tracking.get(f"{end}_postal_code")),
        country=country_code(tracking.get(f"{end}_country_region"))
        or country_code(tracking.get(f"{end}_country_iso3")),
        name=text(tracking.get(f"{end}_raw_location")),
    )
    return place if place != Place() else None


def _estimate(tracking: dict[str, Any]) -> DeliveryEstimate | None:
    """The carrier's own word before AfterShip's."""
    courier = section(tracking, "courier_estimated_delivery_date")
    latest = section(tracking, "latest_estimated_delivery")
    if text(latest.get("source")) in _PROMISES:
        latest = {}
    aftership = section(tracking, "aftership_estimated_delivery_date")
    return (
        _window(courier, "estimated_delivery_date")
        or _window(latest, "datetime")
        or _window(aftership, "estimated_delivery_date")
        or estimate(tracking.get("expected_delivery"))
    )


def _window(stated: Mapping[str, Any], name: str) -> DeliveryEstimate | None:
    return estimate(stated.get(name), stated.get(f"{name}_min"), stated.get(f"{name}_max"))


def _direction(tracking: dict[str, Any]) -> Direction:
    # `return_to_sender` is something else: an outbound parcel on its way back.
    return Direction.RETURN if text(tracking.get("shipment_direction")) == "return" else Direction.OUTBOUND


def _weight(tracking: dict[str, Any]) -> int | None:
    written = tracking.get("shipment_weight")
    weight = section(written) or {"value": written, "unit": tracking.get("shipment_weight_unit")}
    value, factor = _number(weight.get("value")), _GRAMS.get(text(weight.get("unit")).casefold())
    return round(value * factor) if value and factor and value > 0 else None


def _number(value: object) -> float | None:
    try:
        found = float(text(value))
    except ValueError:
        return None
    return found if isfinite(found) else None
