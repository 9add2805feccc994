"""Tracking events: scans of many parcels, or of one, each result on its own."""

from __future__ import annotations

from collections.abc import Sequence

from ninja import Router

from aftermile.capabilities.shipments.public import ParcelNotFound, parcels, record_tracking
from aftermile.connectors.contracts.facts import TrackingReport
from aftermile.doors.api.carriers import named_carrier
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import Odd, ParcelId
from aftermile.doors.api.problems import RequestInvalid, item_error
from aftermile.doors.api.reports import SOURCE, scan_fact
from aftermile.doors.api.shapes.parcels import (
    ScansTaken,
    ScanTaken,
    TrackingEventResult,
    TrackingEventResults,
    TrackingEventsTaken,
    TrackingEventTaken,
)
from aftermile.kernel.access import Caller
from aftermile.kernel.clock import now
from aftermile.kernel.errors import Conflict, Refusal

router = Router(tags=["Tracking events"])


class ParcelUnnumbered(Conflict):
    """The parcel has no tracking number yet, so no scan can be recorded under it."""

    code = "parcel_unnumbered"
    message = "This parcel has no tracking number yet; record its shipment with one first."


@endpoint(router, "POST", "/tracking-events", scope="shipments:write", returns=TrackingEventResults)
def record_tracking_events(caller: Caller, events: TrackingEventsTaken) -> TrackingEventResults:
    """Record scans of any parcels.

    One result for each scan, in order: `recorded`, `known` (it was told before) or `refused` with its
    error. An odd scan costs only itself. A parcel nobody has heard of is made. Order of arrival does not
    matter, and hearing a scan twice changes nothing. A scan without `milestone` and `sub_status` is kept
    and shown, and moves nothing.
    """
    return _record(caller, events.events)


@endpoint(
    router,
    "POST",
    "/parcels/{parcel_id}/tracking-events",
    scope="shipments:write",
    returns=TrackingEventResults,
    refusals=[ParcelNotFound, ParcelUnnumbered],
)
def record_parcel_tracking_events(
    caller: Caller, parcel_id: ParcelId, events: ScansTaken
) -> TrackingEventResults:
    """Record scans of one parcel.

    Like `POST /tracking-events`, for the parcel of the address.
    """
    found = parcels([parcel_id], with_events=False)
    if parcel_id not in found:
        raise ParcelNotFound
    number = found[parcel_id].tracking_number
    if not number:
        raise ParcelUnnumbered
    return _record(caller, events.events, tracking_number=number, carrier=found[parcel_id].carrier)


def _record(
    caller: Caller, items: Sequence[ScanTaken | Odd], *, tracking_number: str = "", carrier: str = ""
) -> TrackingEventResults:
    results: list[TrackingEventResult | None] = [None] * len(items)
    reports: dict[int, TrackingReport] = {}
    for place, item in enumerate(items):
        if isinstance(item, Odd):
            results[place] = refused(RequestInvalid(details={"problems": item.problems}))
            continue
        try:
            reports[place] = _report(item, tracking_number, carrier)
        except Refusal as refusal:
            results[place] = refused(refusal)
    tracked = record_tracking(reports=list(reports.values()), source=SOURCE, by=caller.name, at=now())
    seen = set()
    for place, told in zip(reports, tracked, strict=True):
        (event_id,) = told.event_ids
        is_new = told.new_events > 0 and event_id not in seen
        seen.add(event_id)
        results[place] = TrackingEventResult(
            status="recorded" if is_new else "known", id=event_id, parcel_id=told.parcel_id
        )
    return TrackingEventResults(data=[result for result in results if result is not None])


def refused(refusal: Refusal) -> TrackingEventResult:
    """Answer for one scan that cannot be taken."""
    return TrackingEventResult(status="refused", error=item_error(refusal))


def _report(scan: ScanTaken, tracking_number: str, carrier: str) -> TrackingReport:
    if not isinstance(scan, TrackingEventTaken):
        return TrackingReport(tracking_number=tracking_number, events=(scan_fact(scan, carrier=carrier),))
    slug, name = named_carrier(scan.carrier)
    return TrackingReport(
        tracking_number=scan.tracking_number,
        carrier=slug,
        carrier_name=name,
        events=(scan_fact(scan, carrier=slug),),
    )
