"""Read tracking details, tracking summaries and messages of Canada Post's REST services."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from aftermile.connectors.carriers.canada_post import status
from aftermile.connectors.contracts.answers import estimate
from aftermile.connectors.contracts.country_names import country_named
from aftermile.connectors.contracts.elements import child, child_text, children, descendants
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    Place,
    ProblemKind,
    ScanTime,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
    Translation,
    UnknownWord,
)
from aftermile.connectors.contracts.reading import read_scans, read_xml, scan_time, zone_of
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.contracts.words import SubStatus

HOME_ZONE = "America/Toronto"
_CLOCKS = ("%Y-%m-%d %I:%M %p", "%Y-%m-%d %I:%M:%S %p", "%Y%m%d:%H%M%S")


def translate(record: RawRecord) -> Translation:
    """Read tracking details or summaries of one or many parcels, or messages.

    :raises Unreadable: not XML, or none of these.
    """
    root = read_xml(record.body)
    reports: list[TrackingReport] = []
    unknown: list[UnknownWord] = []
    for name, read in (("tracking-detail", _detail), ("pin-summary", _summary)):
        for element in descendants(root, name):
            if not child_text(element, "pin"):
                unknown.append(UnknownWord(what="parcel", word="a parcel without a PIN"))
                continue
            report, words = read(element)
            reports.append(report)
            unknown += words
    problems = tuple(dict.fromkeys(_problem(message) for message in descendants(root, "message")))
    if not reports and not problems and not unknown:
        raise Unreadable("neither tracking-detail nor pin-summary nor message is in it")
    return Translation(facts=tuple(reports), problems=problems, unknown=tuple(dict.fromkeys(unknown)))


def _detail(detail: Element) -> tuple[TrackingReport, tuple[UnknownWord, ...]]:
    occurrences = children(child(detail, "significant-events"), "occurrence")
    events, unknown = read_scans(occurrences, _occurrence)
    newest_signature = max(
        (event for event in events if event.signed_by),
        key=lambda event: (event.time.occurred_at, event.signed_by),
        default=None,
    )
    day = child_text(detail, "changed-expected-date") or child_text(detail, "expected-delivery-date")
    postal_code = child_text(detail, "destination-postal-id")
    return TrackingReport(
        tracking_number=child_text(detail, "pin"),
        carrier="canada-post",
        events=events,
        estimate=estimate(day, day),
        service=child_text(detail, "service-name"),
        signed_by=newest_signature.signed_by if newest_signature else "",
        destination=Place(postal_code=postal_code, country="CA") if postal_code else None,
        reference=child_text(detail, "customer-ref-1"),
    ), unknown


def _summary(summary: Element) -> tuple[TrackingReport, tuple[UnknownWord, ...]]:
    events, unknown = read_scans(
        [summary] if child_text(summary, "event-date-time") else [], _summarized, status.UNMOVING
    )
    day = child_text(summary, "expected-delivery-date")
    kind = child_text(summary, "event-type")
    return TrackingReport(
        tracking_number=child_text(summary, "pin"),
        carrier="canada-post",
        events=events,
        summary=status.BY_TYPE.get(kind.upper()),
        summary_code=kind,
        estimate=estimate(day, day),
        service=child_text(summary, "service-name"),
        signed_by=child_text(summary, "signatory-name"),
    ), unknown


def _occurrence(occurrence: Element) -> TrackingEventFact:
    place = _place(child_text(occurrence, "event-site"), child_text(occurrence, "event-province"))
    code = child_text(occurrence, "event-identifier")
    written = f"{child_text(occurrence, 'event-date')} {child_text(occurrence, 'event-time')}".strip()
    return TrackingEventFact(
        time=_time(written, child_text(occurrence, "event-time-zone"), place),
        code=code,
        description=child_text(occurrence, "event-description"),
        sub_status=_by_event(code),
        place=replace(place, name=child_text(occurrence, "event-retail-name")),
        signed_by=child_text(occurrence, "signatory-name"),
    )


def _summarized(summary: Element) -> TrackingEventFact:
    kind = child_text(summary, "event-type")
    return TrackingEventFact(
        time=scan_time(child_text(summary, "event-date-time"), home_zone=HOME_ZONE, formats=_CLOCKS),
        code=kind,
        description=child_text(summary, "event-description"),
        sub_status=status.BY_TYPE.get(kind.upper()),
        place=Place(name=child_text(summary, "event-location")),
        signed_by=child_text(summary, "signatory-name"),
    )


def _by_event(code: str) -> SubStatus | None:
    return status.BY_EVENT.get(code.lstrip("0"))


def _time(written: str, abbreviation: str, place: Place) -> ScanTime:
    """Return a scan's moment in the zone its abbreviation names, else in that of its place."""
    clocks = _CLOCKS if written.upper().endswith("M") else ()
    named = status.ZONES.get(abbreviation.upper())
    local = zone_of(place.country, place.state)
    if named is None:
        return scan_time(written, place=place, home_zone=HOME_ZONE, formats=clocks)
    # Saskatchewan's "CST" knows no summer time: a province keeps its own clock where it fits the name.
    fits = local and abbreviation.upper() in _abbreviations(local)
    found = scan_time(written, home_zone=local if fits else named, formats=clocks)
    return replace(found, basis=TimeBasis.STATED)


@cache
def _abbreviations(zone: str) -> frozenset[str]:
    """Return what a zone's time is called in winter and in summer."""
    clock = ZoneInfo(zone)
    return frozenset(str(datetime(2024, month, 1, tzinfo=clock).tzname()) for month in (1, 7))


def _place(site: str, province: str) -> Place:
    """Return a scan's place; foreign ones carry their country's name after a comma (`ILTLVA,Israel`)."""
    if province:
        return Place(city=site, state=province, country="CA" if zone_of("CA", province) else "")
    city, _, country = site.rpartition(",")
    known = country_named(country.strip()) if city else ""
    return Place(city=city.strip(), country=known) if known else Place(city=site)


def _problem(message: Element) -> CarrierProblem:
    code = child_text(message, "code")
    return CarrierProblem(
        kind=status.PROBLEMS.get(code, ProblemKind.OTHER),
        code=code,
        message=child_text(message, "description"),
    )
