"""A reading in five lines, for tests of connectors: the real fold lives with the shipments."""

from __future__ import annotations

from collections.abc import Iterable

from aftermile.connectors.contracts.facts import Fact, TrackingEventFact, TrackingReport
from aftermile.connectors.contracts.words import Milestone, SubStatus

TERMINAL = {Milestone.DELIVERED, Milestone.RETURNED, Milestone.CANCELLED}


def milestone_of(events: Iterable[TrackingEventFact], summary: SubStatus | None = None) -> Milestone:
    """Return what the newest scan with a meaning says; what ended a journey stays."""
    reached: Milestone | None = None
    for event in sorted(events, key=lambda scan: (scan.time.occurred_at, scan.code, scan.description)):
        if event.milestone and reached not in TERMINAL:
            reached = event.milestone
    if summary and (reached is None or (summary.milestone in TERMINAL and reached not in TERMINAL)):
        reached = summary.milestone
    return reached or Milestone.PENDING


def parcels_of(facts: Iterable[Fact]) -> dict[str, tuple[frozenset[TrackingEventFact], Milestone]]:
    """Return, by tracking number, the distinct scans of all reports and where the parcel stands."""
    events: dict[str, set[TrackingEventFact]] = {}
    summaries: dict[str, SubStatus | None] = {}
    for report in facts:
        if isinstance(report, TrackingReport):
            events.setdefault(report.tracking_number, set()).update(report.events)
            summaries.setdefault(report.tracking_number, report.summary)
    return {
        number: (frozenset(scans), milestone_of(scans, summaries[number])) for number, scans in events.items()
    }
