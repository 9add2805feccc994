"""Reads of shipments and parcels: frozen views, a fixed number of queries however many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from aftermile.capabilities.shipments.models import Parcel, Shipment, ShipmentParcel, TrackingEvent
from aftermile.capabilities.shipments.policy import number_key
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.kernel.reads import as_rows, rows_where
from aftermile.kernel.rowsets import Statement, id_array, ids_in, run
from aftermile.kernel.tenancy import current_merchant_id

_MILESTONES = {word.value: word.milestone.value for word in SubStatus}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingEventView:
    id: UUID
    occurred_at: datetime
    reported_time: str
    time_basis: str
    time_precision: str
    code: str
    description: str
    milestone: str  # "" when the code is unknown
    sub_status: str
    city: str
    state: str
    postal_code: str
    country: str
    place_name: str
    latitude: float | None
    longitude: float | None
    external_id: str
    source: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelView:
    id: UUID
    tracking_number: str
    carrier: str
    carrier_name: str
    service: str
    direction: str
    milestone: str
    sub_status: str
    cause: str
    reached_at: datetime | None
    event_count: int
    first_event_at: datetime | None
    last_event_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    first_attempted_at: datetime | None
    attempt_count: int
    summary_code: str
    estimate_earliest: str
    estimate_latest: str
    signed_by: str
    proofs: Sequence[Mapping[str, Any]]
    weight_grams: int | None
    origin: Mapping[str, Any]
    destination: Mapping[str, Any]
    title: str
    note: str
    attributes: Mapping[str, Any]
    withdrawn_at: datetime | None
    created_at: datetime
    updated_at: datetime
    shipment_ids: tuple[UUID, ...]
    order_ids: tuple[UUID, ...]
    events: tuple[TrackingEventView, ...]  # newest first; empty where a list does not ask for them


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentView:
    id: UUID
    source: str
    external_id: str
    order_id: UUID | None
    direction: str
    carrier: str
    carrier_name: str
    service: str
    source_status: str
    cancelled: bool
    shipped_at: datetime | None
    lines: Sequence[Mapping[str, Any]]
    origin: Mapping[str, Any]
    destination: Mapping[str, Any]
    attributes: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    parcels: tuple[ParcelView, ...]  # in the source's order; formerly named ones only if they were scanned


def parcel(parcel_id: UUID) -> ParcelView | None:
    """Return one parcel with its scans, or None."""
    return next(iter(parcels([parcel_id]).values()), None)


def parcels(parcel_ids: Collection[UUID], *, with_events: bool = True) -> dict[UUID, ParcelView]:
    """Return parcels by id, each with its scans: one trip."""
    if not parcel_ids:
        return {}
    merchant_id, ids = current_merchant_id(), id_array(parcel_ids)
    newest_first = "ORDER BY occurred_at DESC, id DESC"
    rows, links, scans = run(
        rows_where(Parcel, ids_in("id"), [ids]),
        Statement(
            "SELECT l.parcel_id, l.shipment_id, s.order_id FROM shipments_shipment_parcel l"
            " JOIN shipments_shipment s ON s.merchant_id = l.merchant_id AND s.id = l.shipment_id"
            f" WHERE l.merchant_id = %s AND {ids_in('l.parcel_id')} ORDER BY l.shipment_id",
            (merchant_id, ids),
            list,
        ),
        rows_where(TrackingEvent, ids_in("parcel_id"), [ids], then=newest_first) if with_events else None,
    )
    views = parcel_views(as_rows(Parcel, rows), as_rows(TrackingEvent, scans), links)
    return {view.id: view for view in views}


def parcels_by_number(tracking_numbers: Collection[str], *, with_events: bool = True) -> list[ParcelView]:
    """Return the parcels with these numbers, however they are spaced or cased."""
    keys = {number_key(number) for number in tracking_numbers} - {""}
    return _views(list(Parcel.rows().filter(number_key__in=keys)), with_events=with_events)


def list_parcels(
    *,
    after: UUID | None = None,
    limit: int,
    milestones: Collection[str] = (),
    carriers: Collection[str] = (),
    tracking_numbers: Collection[str] = (),
    created_from: datetime | None = None,
    created_to: datetime | None = None,
    updated_from: datetime | None = None,
    updated_to: datetime | None = None,
    with_events: bool = False,
) -> list[ParcelView]:
    """List tracked parcels, newest first, from behind `after`."""
    rows = _wanted(milestones, carriers, tracking_numbers, created_from, created_to, updated_from, updated_to)
    if after is not None:
        rows = rows.filter(id__lt=after)
    return _views(list(rows.order_by("-id")[:limit]), with_events=with_events)


def count_parcels(
    *,
    milestones: Collection[str] = (),
    carriers: Collection[str] = (),
    tracking_numbers: Collection[str] = (),
    created_from: datetime | None = None,
    created_to: datetime | None = None,
    updated_from: datetime | None = None,
    updated_to: datetime | None = None,
    at_most: int = 10_000,
) -> int:
    """Count tracked parcels; stops counting at `at_most`, so that a big shop costs no more than a small one."""
    rows = _wanted(milestones, carriers, tracking_numbers, created_from, created_to, updated_from, updated_to)
    return rows[:at_most].count()


def _wanted(
    milestones: Collection[str],
    carriers: Collection[str],
    tracking_numbers: Collection[str],
    created_from: datetime | None,
    created_to: datetime | None,
    updated_from: datetime | None,
    updated_to: datetime | None,
) -> QuerySet[Parcel]:
    wanted = Q(withdrawn_at=None)
    if milestones:
        wanted &= Q(milestone__in=milestones)
    if carriers:
        wanted &= Q(carrier__in=carriers)
    if tracking_numbers:
        wanted &= Q(number_key__in={number_key(number) for number in tracking_numbers})
    for field, bound in (
        ("created_at__gte", created_from),
        ("created_at__lte", created_to),
        ("updated_at__gte", updated_from),
        ("updated_at__lte", updated_to),
    ):
        if bound is not None:
            wanted &= Q(**{field: bound})
    return Parcel.rows().filter(wanted)


def open_numbers(*, carrier: str | None = None, limit: int = 100_000) -> list[str]:
    """Return the numbers of parcels still on their way, of one carrier or (None) of any."""
    final = (Milestone.DELIVERED, Milestone.RETURNED, Milestone.CANCELLED, Milestone.EXPIRED)
    rows = Parcel.rows().filter(withdrawn_at=None).exclude(milestone__in=final).exclude(tracking_number="")
    if carrier is not None:
        rows = rows.filter(carrier=carrier)
    return list(rows.order_by("-id").values_list("tracking_number", flat=True)[:limit])


def shipment(shipment_id: UUID) -> ShipmentView | None:
    """Return one shipment with its parcels and their scans, or None."""
    return next(iter(_shipments(list(Shipment.rows().filter(id=shipment_id)), with_events=True)), None)


def shipment_by_external(source: str, external_id: str) -> ShipmentView | None:
    """Return the shipment its source calls so, or None."""
    rows = list(Shipment.rows().filter(source=source, external_id=external_id))
    return next(iter(_shipments(rows, with_events=True)), None)


def shipments(shipment_ids: Collection[UUID]) -> dict[UUID, ShipmentView]:
    """Return shipments by id, without scans."""
    found = _shipments(list(Shipment.rows().filter(id__in=shipment_ids)), with_events=False)
    return {view.id: view for view in found}


def shipments_of_orders(
    order_ids: Collection[UUID], *, with_events: bool = True
) -> dict[UUID, list[ShipmentView]]:
    """Return the shipments of orders, oldest first: four queries however many."""
    rows = list(Shipment.rows().filter(order_id__in=order_ids).order_by("id"))
    found: dict[UUID, list[ShipmentView]] = {order_id: [] for order_id in order_ids}
    for view in _shipments(rows, with_events=with_events):
        if view.order_id is not None:
            found[view.order_id].append(view)
    return found


def list_shipments(
    *,
    after: UUID | None = None,
    limit: int,
    order_id: UUID | None = None,
    source: str | None = None,
    external_id: str | None = None,
) -> list[ShipmentView]:
    """List shipments, newest first, from behind `after`, without scans."""
    rows = Shipment.rows().order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    if order_id is not None:
        rows = rows.filter(order_id=order_id)
    if source is not None:
        rows = rows.filter(source=source)
    if external_id is not None:
        rows = rows.filter(external_id=external_id)
    return _shipments(list(rows[:limit]), with_events=False)


def _shipments(rows: Sequence[Shipment], *, with_events: bool) -> list[ShipmentView]:
    links = list(
        ShipmentParcel.rows()
        .filter(shipment_id__in=[row.id for row in rows])
        .order_by("position", "parcel_id")
    )
    boxes = parcels({link.parcel_id for link in links}, with_events=with_events)
    return shipment_views(rows, links, boxes)


def shipment_views(
    rows: Sequence[Shipment], links: Sequence[ShipmentParcel], boxes: Mapping[UUID, ParcelView]
) -> list[ShipmentView]:
    """Put shipments together with their parcels; `links` in the order in which these are shown."""
    links_of: dict[UUID, list[ShipmentParcel]] = defaultdict(list)
    for link in links:
        links_of[link.shipment_id].append(link)
    return [
        ShipmentView(
            id=row.id, source=row.source, external_id=row.external_id, order_id=row.order_id, direction=row.direction,
            carrier=row.carrier, carrier_name=row.carrier_name, service=row.service, source_status=row.source_status,
            cancelled=row.cancelled, shipped_at=row.shipped_at, lines=row.lines, origin=row.origin,
            destination=row.destination, attributes=row.attributes, created_at=row.created_at, updated_at=row.updated_at,
            parcels=tuple(
                boxes[link.parcel_id]
                for link in links_of[row.id]
                if link.listed or boxes[link.parcel_id].event_count
            ),
        )
        for row in rows
    ]  # fmt: skip


def _views(rows: Sequence[Parcel], *, with_events: bool) -> list[ParcelView]:
    ids = [row.id for row in rows]
    if not ids:
        return []
    scans: Iterable[TrackingEvent] = ()
    if with_events:
        scans = TrackingEvent.rows().filter(parcel_id__in=ids).order_by("-occurred_at", "-id")
    links = ShipmentParcel.rows().filter(parcel_id__in=ids).order_by("shipment_id")
    return parcel_views(rows, scans, links.values_list("parcel_id", "shipment_id", "shipment__order_id"))


def parcel_views(
    rows: Iterable[Parcel],
    scans: Iterable[TrackingEvent],
    links: Iterable[tuple[UUID, UUID, UUID | None]],
) -> list[ParcelView]:
    """Put parcels together with their scans, newest first, and what they belong to: (parcel, shipment, order)."""
    events: dict[UUID, list[TrackingEventView]] = defaultdict(list)
    for scan in scans:
        events[scan.parcel_id].append(view_of_scan(scan))
    shipment_ids: dict[UUID, list[UUID]] = defaultdict(list)
    order_ids: dict[UUID, list[UUID]] = defaultdict(list)
    for parcel_id, shipment_id, order_id in links:
        shipment_ids[parcel_id].append(shipment_id)
        if order_id is not None:
            order_ids[parcel_id].append(order_id)
    return [
        ParcelView(
            id=row.id, tracking_number=row.tracking_number, carrier=row.carrier, carrier_name=row.carrier_name,
            service=row.service, direction=row.direction, milestone=row.milestone, sub_status=row.sub_status,
            cause=row.cause, reached_at=row.reached_at, event_count=row.event_count, first_event_at=row.first_event_at,
            last_event_at=row.last_event_at, shipped_at=row.shipped_at, delivered_at=row.delivered_at,
            first_attempted_at=row.first_attempted_at, attempt_count=row.attempt_count, summary_code=row.summary_code,
            estimate_earliest=row.estimate_earliest, estimate_latest=row.estimate_latest, signed_by=row.signed_by,
            proofs=row.proofs, weight_grams=row.weight_grams, origin=row.origin, destination=row.destination,
            title=row.title, note=row.note, attributes=row.attributes, withdrawn_at=row.withdrawn_at,
            created_at=row.created_at, updated_at=row.updated_at, shipment_ids=tuple(shipment_ids[row.id]),
            order_ids=tuple(dict.fromkeys(order_ids[row.id])), events=tuple(events[row.id]),
        )
        for row in rows
    ]  # fmt: skip


def view_of_scan(row: TrackingEvent) -> TrackingEventView:
    return TrackingEventView(
        id=row.id, occurred_at=row.occurred_at, reported_time=row.reported_time, time_basis=row.time_basis,
        time_precision=row.time_precision, code=row.code, description=row.description,
        milestone=milestone_of(row.sub_status), sub_status=row.sub_status, city=row.city, state=row.state,
        postal_code=row.postal_code, country=row.country, place_name=row.place_name, latitude=row.latitude,
        longitude=row.longitude, external_id=row.external_id, source=row.source, recorded_at=row.recorded_at,
    )  # fmt: skip


def milestone_of(sub_status: str) -> str:
    """Return the milestone of a stored sub-status, "" for none or one this version does not know."""
    return _MILESTONES.get(sub_status, "")
