"""Fold reports as the shipments do, without a database."""

from __future__ import annotations

from collections.abc import Iterable

from aftermile.capabilities.shipments.progress import Scan, Summary, fold
from aftermile.connectors.contracts.facts import Fact, TrackingEventFact, TrackingReport
from aftermile.connectors.contracts.words import Milestone, SubStatus


def milestone_of(events: Iterable[TrackingEventFact], summary: SubStatus | None = None) -> Milestone:
    """Return where a parcel with these scans stands; the carrier's own summary speaks where no scan does."""
    scans = [
        Scan(event.time.occurred_at, event.sub_status, f"{event.code} {event.description}".encode())
        for event in events
    ]
    reading = fold(scans)
    if summary is not None and reading.reached_at is None:
        newest = max((scan.occurred_at for scan in scans), default=None)
        return fold(scans, Summary(summary, newest)).milestone if newest else summary.milestone
    return reading.milestone


def parcels_of(facts: Iterable[Fact]) -> dict[str, tuple[frozenset[TrackingEventFact], Milestone]]:
    """Return, by tracking number, the distinct scans of all reports and where the parcel stands."""
    events: dict[str, set[TrackingEventFact]] = {}
    summaries: dict[str, SubStatus | None] = {}
    for report in facts:
        if isinstance(report, TrackingReport):
            events.setdefault(report.tracking_number, set()).update(report.events)
            summaries[report.tracking_number] = report.summary
    return {
        number: (frozenset(scans), milestone_of(scans, summaries[number])) for number, scans in events.items()
    }
