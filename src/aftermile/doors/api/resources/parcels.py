"""Parcels: one box with one tracking number, and where it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router

from aftermile.capabilities.promises.public import estimates
from aftermile.capabilities.shipments.public import (
    ParcelNotFound,
    annotate_parcel,
    complete_parcel,
    list_parcels,
    parcel,
    record_tracking,
    resume_parcel,
    withdraw_parcel,
)
from aftermile.connectors.contracts.facts import Direction, TrackingReport
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.api.carriers import named_carrier, recognized_carrier
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import Limit, Line, Moment, ParcelId
from aftermile.doors.api.paging import DEFAULT_LIMIT, Page, cut
from aftermile.doors.api.reports import SOURCE
from aftermile.doors.api.shapes.parcels import (
    CompletionTaken,
    ParcelGiven,
    ParcelSummary,
    ParcelTaken,
    parcel_given,
    parcel_summary,
)
from aftermile.kernel.access import Caller
from aftermile.kernel.clock import now

router = Router(tags=["Parcels"])

_OUTCOMES = {
    "delivered": SubStatus.DELIVERED,
    "lost": SubStatus.LOST,
    "returned": SubStatus.RETURNED,
}


@endpoint(router, "GET", "/parcels", scope="shipments:read", returns=Page[ParcelSummary])
def list_all_parcels(
    milestone: Annotated[list[str] | None, Query(None, max_length=20, description="Any of these.")] = None,
    carrier: Annotated[list[Line] | None, Query(None, max_length=50, description="Any of these.")] = None,
    tracking_number: Annotated[
        list[Line] | None,
        Query(None, max_length=50, description="Any of these, however they are spaced or cased."),
    ] = None,
    updated_since: Moment | None = None,
    cursor: ParcelId | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[ParcelSummary]:
    """List parcels, newest first.

    Withdrawn parcels are left out. The tracking events stand in the single parcel.
    """
    found = list_parcels(
        after=cursor,
        limit=limit + 1,
        milestones=milestone or (),
        carriers=[named_carrier(each)[0] or each for each in carrier or ()],
        tracking_numbers=tracking_number or (),
        updated_from=updated_since,
    )
    page, next_cursor = cut(found, limit, "par")
    expected = estimates([view.id for view in page])
    return Page[ParcelSummary](
        data=[parcel_summary(view, expected) for view in page], next_cursor=next_cursor
    )


@endpoint(
    router,
    "GET",
    "/parcels/{parcel_id}",
    scope="shipments:read",
    returns=ParcelGiven,
    refusals=[ParcelNotFound],
)
def read_parcel(parcel_id: ParcelId) -> ParcelGiven:
    """Read a parcel with its tracking events, newest first."""
    return _parcel(parcel_id)


@endpoint(router, "POST", "/parcels", scope="shipments:write", returns=ParcelGiven)
def track_parcel(caller: Caller, parcel: ParcelTaken) -> ParcelGiven:
    """Track a number.

    A number that is tracked already gives the same parcel; a withdrawn one is tracked again. Without
    `carrier` the carrier is recognized from the number where the number is distinctive.
    """
    at = now()
    destination = parcel.destination.fact if parcel.destination else None
    slug, name = named_carrier(
        parcel.carrier
        or recognized_carrier(
            parcel.tracking_number, destination_country=destination.country if destination else ""
        )
    )
    report = TrackingReport(
        tracking_number=parcel.tracking_number,
        carrier=slug,
        carrier_name=name,
        service=parcel.service,
        direction=Direction(parcel.direction),
        destination=destination,
    )
    (tracked,) = record_tracking(reports=[report], source=SOURCE, by=caller.name, at=at)
    resume_parcel(parcel_id=tracked.parcel_id, by=caller.name, at=at)
    notes: dict[str, Any] = {"title": parcel.title, "note": parcel.note, "attributes": parcel.attributes}
    if any(value is not None for value in notes.values()):
        annotate_parcel(parcel_id=tracked.parcel_id, at=at, **notes)
    return _parcel(tracked.parcel_id)


@endpoint(
    router,
    "POST",
    "/parcels/{parcel_id}/completion",
    scope="shipments:write",
    returns=ParcelGiven,
    refusals=[ParcelNotFound],
)
def complete_one_parcel(caller: Caller, parcel_id: ParcelId, completion: CompletionTaken) -> ParcelGiven:
    """Say that a parcel was delivered, lost or returned.

    Stands among its tracking events as your word. With the same `occurred_at` again nothing changes.
    """
    at = now()
    moment: datetime = completion.occurred_at or at
    complete_parcel(
        parcel_id=parcel_id, outcome=_OUTCOMES[completion.outcome], occurred_at=moment, by=caller.name, at=at
    )
    return _parcel(parcel_id)


@endpoint(
    router,
    "POST",
    "/parcels/{parcel_id}/withdrawal",
    scope="shipments:write",
    returns=ParcelGiven,
    refusals=[ParcelNotFound],
)
def withdraw_one_parcel(caller: Caller, parcel_id: ParcelId) -> ParcelGiven:
    """Stop tracking a parcel.

    It no longer stands in lists; what is known of it is kept. Again: nothing changes.
    """
    withdraw_parcel(parcel_id=parcel_id, by=caller.name, at=now())
    return _parcel(parcel_id)


def _parcel(parcel_id: ParcelId) -> ParcelGiven:
    found = parcel(parcel_id)
    if found is None:
        raise ParcelNotFound("There is no such parcel here; check the id.")
    return parcel_given(found, estimates([found.id]))
