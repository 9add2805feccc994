"""Trackings: our parcels, as AfterShip's API makes, finds, changes and ends them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.orders.public import orders
from aftermile.capabilities.promises.public import estimates
from aftermile.capabilities.shipments.public import (
    ParcelView,
    annotate_parcel,
    complete_parcel,
    number_key,
    parcel,
    parcels_by_number,
    record_tracking,
    resume_parcel,
    withdraw_parcel,
)
from aftermile.connectors.contracts.facts import Direction, TrackingReport
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.api.aftership.answers import (
    already_exists,
    courier_unknown,
    does_not_exist,
    id_invalid,
    number_malformed,
    number_required,
    retracked_too_often,
    slug_invalid,
    still_active,
    value_invalid,
    value_required,
)
from aftermile.doors.api.aftership.call import operation
from aftermile.doors.api.aftership.finding import Wanted, find
from aftermile.doors.api.aftership.requests import CreateTracking, MarkAsCompleted, TrackingFields, read
from aftermile.doors.api.aftership.tracking_object import (
    COMPLETED_AT,
    KEPT_AS,
    RETRACKED_AT,
    aftership_view,
    is_active,
    kept_of,
    retracks,
    slug_of,
)
from aftermile.doors.api.carriers import carrier_at_aftership, courier_of, recognized_carrier
from aftermile.doors.api.page_urls import page_url
from aftermile.doors.api.reports import SOURCE
from aftermile.kernel.access import Caller
from aftermile.kernel.clock import now
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

MOST_RETRACKS = 3
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
_OUTCOMES = {
    "DELIVERED": SubStatus.DELIVERED,
    "LOST": SubStatus.LOST,
    "RETURNED_TO_SENDER": SubStatus.RETURNED,
}


@operation("POST", "shipments:write")
def create_tracking(caller: Caller, query: Mapping[str, str], body: object = None) -> tuple[Any, int]:  # noqa: ARG001
    """Track a number; a number that is tracked already is refused, as AfterShip does (4003)."""
    request = read(CreateTracking, body)
    number = (request.tracking_number or "").strip()
    if not number:
        raise number_required()
    if len(number) > 100 or not number_key(number):
        raise number_malformed()
    carrier = _carrier(request.slug or "", number, request)
    for known in parcels_by_number([number]):
        if known.withdrawn_at is None:
            raise already_exists(_brief(known))
    at = now()
    report = _report(request, number, carrier)
    (tracked,) = record_tracking(reports=[report], source=SOURCE, by=caller.name, at=at)
    resume_parcel(parcel_id=tracked.parcel_id, by=caller.name, at=at)
    _annotate(tracked.parcel_id, {}, request, at)
    return _written(_existing(tracked.parcel_id)), 201


@operation("GET", "shipments:read")
def list_trackings(caller: Caller, query: Mapping[str, str]) -> tuple[Any, int]:  # noqa: ARG001
    """List trackings, newest first."""
    page = find(Wanted.read(query))
    written = _write(page.parcels, fields=query.get("fields", ""))
    pagination = {
        "total": page.total,
        "next_cursor": page.next_cursor,
        "has_next_page": page.next_cursor is not None,
    }
    return {"pagination": pagination, "trackings": written}, 200


@operation("GET", "shipments:read")
def read_tracking(caller: Caller, query: Mapping[str, str], tracking_id: str) -> tuple[Any, int]:  # noqa: ARG001
    """Read a tracking."""
    return _written(_tracking(tracking_id), fields=query.get("fields", "")), 200


@operation("PUT", "shipments:write")
def update_tracking(
    caller: Caller,
    query: Mapping[str, str],  # noqa: ARG001
    tracking_id: str,
    body: object = None,
) -> tuple[Any, int]:
    """Change what was said of a tracking; fields that are not sent stay."""
    known = _taken(tracking_id)
    request = read(TrackingFields, body)
    carrier = _named(request.slug) if request.slug else ("", "")
    at = now()
    if known.tracking_number:
        report = _report(request, known.tracking_number, carrier)
        record_tracking(reports=[report], source=SOURCE, by=caller.name, at=at)
    _annotate(known.id, kept_of(known), request, at)
    return _written(_existing(known.id)), 200


@operation("DELETE", "shipments:write")
def delete_tracking(caller: Caller, query: Mapping[str, str], tracking_id: str) -> tuple[Any, int]:  # noqa: ARG001
    """Stop tracking. What is known is kept, and comes back when the number is tracked again."""
    known = _tracking(tracking_id)
    withdraw_parcel(parcel_id=known.id, by=caller.name, at=now())
    return _written(known), 200


@operation("POST", "shipments:write")
def retrack(
    caller: Caller,  # noqa: ARG001
    query: Mapping[str, str],  # noqa: ARG001
    tracking_id: str,
    body: object = None,  # noqa: ARG001
) -> tuple[Any, int]:
    """Track an inactive tracking anew, up to three times."""
    known = _taken(tracking_id)
    if is_active(known):
        raise still_active()
    before = retracks(known)
    if len(before) >= MOST_RETRACKS:
        raise retracked_too_often()
    at = now()
    kept = {**kept_of(known), RETRACKED_AT: [*before, at.isoformat()]}
    annotate_parcel(parcel_id=known.id, attributes={KEPT_AS: kept}, at=at)
    return _brief(_existing(known.id)), 200


@operation("POST", "shipments:write")
def mark_as_completed(
    caller: Caller,
    query: Mapping[str, str],  # noqa: ARG001
    tracking_id: str,
    body: object = None,
) -> tuple[Any, int]:
    """Say that a tracking was delivered, lost or returned."""
    known = _taken(tracking_id)
    request = read(MarkAsCompleted, body)
    if request.reason is None:
        raise value_required("reason")
    at = now()
    try:
        moment = request.occurred_at or at
    except ValueError:
        raise value_invalid("event_datetime") from None
    complete_parcel(
        parcel_id=known.id, outcome=_OUTCOMES[request.reason], occurred_at=moment, by=caller.name, at=at
    )
    kept = {**kept_of(known), COMPLETED_AT: at.isoformat()}
    annotate_parcel(parcel_id=known.id, attributes={KEPT_AS: kept}, at=at)
    return _written(_existing(known.id)), 200


def _tracking(tracking_id: str) -> ParcelView:
    try:
        parcel_id = read_public_id("par", tracking_id)
    except BadPublicId:
        raise id_invalid() from None
    found = parcel(parcel_id)
    if found is None or found.withdrawn_at is not None:
        raise does_not_exist()
    return found


def _taken(tracking_id: str) -> ParcelView:
    """Find a tracking and lock it, so that two changes of what it keeps cannot undo each other."""
    found = _tracking(tracking_id)
    annotate_parcel(parcel_id=found.id, at=now())
    return _existing(found.id)


def _existing(parcel_id: UUID) -> ParcelView:
    found = parcel(parcel_id)
    if found is None:
        raise does_not_exist()
    return found


def _carrier(slug: str, number: str, request: TrackingFields) -> tuple[str, str]:
    if slug:
        return _named(slug)
    destination = request.destination_country_region or ""
    recognized = recognized_carrier(number, destination_country=destination)
    if not recognized:
        raise courier_unknown()
    return recognized, courier_of(recognized).name


def _named(slug: str) -> tuple[str, str]:
    """A slug of AfterShip's that we do not know is kept as it is: their list is ten times as long."""
    if not _SLUG.fullmatch(slug):
        raise slug_invalid()
    return carrier_at_aftership(slug)


def _report(request: TrackingFields, number: str, carrier: tuple[str, str]) -> TrackingReport:
    return TrackingReport(
        tracking_number=number,
        carrier=carrier[0],
        carrier_name=carrier[1],
        direction=Direction.RETURN if request.shipment_direction == "return" else Direction.OUTBOUND,
        origin=request.origin,
        destination=request.destination,
    )


def _annotate(parcel_id: UUID, kept: Mapping[str, Any], request: TrackingFields, at: datetime) -> None:
    annotate_parcel(
        parcel_id=parcel_id,
        title=request.title,
        note=request.note,
        attributes={KEPT_AS: {"created": True, **kept, **request.kept}},
        at=at,
    )


def _brief(view: ParcelView) -> dict[str, Any]:
    return {
        "id": public_id("par", view.id),
        "tracking_number": view.tracking_number,
        "slug": slug_of(view),
        "active": is_active(view),
    }


def _written(view: ParcelView, *, fields: str = "") -> dict[str, Any]:
    (written,) = _write([view], fields=fields)
    return written


def _write(views: Iterable[ParcelView], *, fields: str) -> list[dict[str, Any]]:
    found = list(views)
    linked = orders({view.order_ids[0] for view in found if view.order_ids})
    expected = estimates([view.id for view in found])
    at = now()
    wanted = {"id", *(name.strip() for name in fields.split(","))} if fields.strip() else None
    written = []
    for view in found:
        order = linked.get(view.order_ids[0]) if view.order_ids else None
        url = page_url(order) if order else ""
        whole = aftership_view(view, order=order, page_url=url, at=at, estimate=expected.get(view.id))
        written.append(whole if wanted is None else {name: whole[name] for name in whole if name in wanted})
    return written
