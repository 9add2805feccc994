"""Take in what carriers report, many parcels at a time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from aftermile.capabilities.shipments.operations.parcels import WantedParcel, take_parcels
from aftermile.capabilities.shipments.operations.reserve import first_parcels
from aftermile.capabilities.shipments.operations.refold import refold
from aftermile.capabilities.shipments.policy import scan_identity
from aftermile.connectors.contracts.facts import Place, TrackingEventFact, TrackingReport
from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import current_merchant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """What became of one report: its parcel, and which of its scans were new."""

    parcel_id: UUID
    event_ids: tuple[UUID, ...]
    new_events: int


def record_tracking(*, reports: Sequence[TrackingReport], source: str, by: str, at: datetime) -> list[Tracked]:
    """Record what carriers said of parcels and read the parcels anew; one result per report, in order.

    Normal: unknown parcels are made, new scans stored, readings folded, and what moved is published.
    A scan told again changes nothing; one told again after a code's meaning was mended gets the meaning.
    Order does not matter, neither of reports nor of scans. A report may name no number but a storefront's
    fulfilment; the scans then belong to its first parcel. A report that names neither is skipped here,
    so doors refuse it before.
    """
    placed = _parcels_of(reports, source=source, by=by, at=at)
    scans: dict[tuple[UUID, bytes], TrackingEventFact] = {}
    named: list[list[tuple[UUID, bytes]]] = []
    for parcel_id, report in zip(placed, reports, strict=True):
        keys = [] if parcel_id is None else [(parcel_id, scan_identity(scan)) for scan in report.events]
        named.append(keys)
        for key, scan in zip(keys, report.events, strict=False):
            if key not in scans or (scans[key].sub_status is None and scan.sub_status is not None):
                scans[key] = scan
    stored, changed = _store(scans, source=source, at=at)
    learned = _learn(placed, reports, at=at)
    new_events: dict[UUID, int] = defaultdict(int)
    for (parcel_id, _), (_, is_new) in stored.items():
        new_events[parcel_id] += is_new
    moved = {parcel_id for parcel_id, count in new_events.items() if count} | changed | learned
    refold(moved, new_events=new_events, by=by, at=at)
    return [
        Tracked(
            parcel_id=parcel_id,
            event_ids=tuple(stored[key][0] for key in keys),
            new_events=sum(stored[key][1] for key in set(keys)),
        )
        for parcel_id, keys in zip(placed, named, strict=True)
        if parcel_id is not None
    ]


def _parcels_of(
    reports: Sequence[TrackingReport], *, source: str, by: str, at: datetime
) -> list[UUID | None]:
    by_fulfilment = first_parcels(
        {
            report.fulfilment_external_id: report.order_external_id
            for report in reports
            if not report.tracking_number and report.fulfilment_external_id
        },
        source=source,
        by=by,
        at=at,
    )
    wanted = {
        index: WantedParcel(
            tracking_number=report.tracking_number,
            carrier=report.carrier,
            carrier_name=report.carrier_name,
            service=report.service,
            direction=report.direction,
        )
        for index, report in enumerate(reports)
        if report.tracking_number
    }
    ids = take_parcels(list(wanted.values()), by=by, at=at)
    return [
        ids[wanted[index].number_key] if index in wanted else by_fulfilment.get(report.fulfilment_external_id)
        for index, report in enumerate(reports)
    ]


def _store(
    scans: dict[tuple[UUID, bytes], TrackingEventFact], *, source: str, at: datetime
) -> tuple[dict[tuple[UUID, bytes], tuple[UUID, bool]], set[UUID]]:
    """Insert scans; return each one's id and whether it is new, and the parcels whose old scans got meaning."""
    if not scans:
        return {}, set()
    keys = sorted(scans)
    facts = [scans[key] for key in keys]
    merchant_id = current_merchant_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO shipments_tracking_event (merchant_id, source, recorded_at, id, parcel_id, identity, occurred_at,"
            " reported_time, time_basis, time_precision, code, description, sub_status, city, state, postal_code, country,"
            " place_name, latitude, longitude, external_id, signed_by)"
            " SELECT %s, %s, %s, s.* FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[], %s::timestamptz[], %s::text[], %s::text[],"
            " %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],"
            " %s::float8[], %s::float8[], %s::text[], %s::text[]) AS s"
            " ON CONFLICT (merchant_id, parcel_id, identity) DO NOTHING RETURNING parcel_id, identity, id",
            [
                merchant_id, source, at,
                [uuid7() for _ in keys], [key[0] for key in keys], [key[1] for key in keys],
                [fact.time.occurred_at for fact in facts], [fact.time.reported for fact in facts],
                [fact.time.basis for fact in facts], [fact.time.precision for fact in facts],
                [fact.code for fact in facts], [fact.description for fact in facts],
                [fact.sub_status or "" for fact in facts], [fact.place.city for fact in facts],
                [fact.place.state for fact in facts], [fact.place.postal_code for fact in facts],
                [fact.place.country for fact in facts], [fact.place.name for fact in facts],
                [fact.place.latitude for fact in facts], [fact.place.longitude for fact in facts],
                [fact.external_id for fact in facts], [fact.signed_by for fact in facts],
            ],
        )
        stored = {(parcel_id, bytes(identity)): (event_id, True) for parcel_id, identity, event_id in cursor.fetchall()}
        known = [key for key in keys if key not in stored]
        if not known:
            return stored, set()
        cursor.execute(
            "SELECT e.parcel_id, e.identity, e.id, e.sub_status FROM shipments_tracking_event e"
            " JOIN unnest(%s::uuid[], %s::bytea[]) AS k(parcel_id, identity)"
            " ON e.parcel_id = k.parcel_id AND e.identity = k.identity WHERE e.merchant_id = %s",
            [[key[0] for key in known], [key[1] for key in known], merchant_id],
        )
        mended: list[tuple[UUID, UUID, str]] = []
        for parcel_id, identity, event_id, held in cursor.fetchall():
            key = (parcel_id, bytes(identity))
            stored[key] = (event_id, False)
            meaning = scans[key].sub_status
            if meaning is not None and meaning != held:
                mended.append((parcel_id, event_id, meaning))
        if mended:
            cursor.execute(
                "UPDATE shipments_tracking_event e SET sub_status = m.sub_status"
                " FROM unnest(%s::uuid[], %s::text[]) AS m(id, sub_status) WHERE e.merchant_id = %s AND e.id = m.id",
                [[row[1] for row in mended], [row[2] for row in mended], merchant_id],
            )
        return stored, {row[0] for row in mended}


def _learn(placed: Sequence[UUID | None], reports: Sequence[TrackingReport], *, at: datetime) -> set[UUID]:
    """Keep what reports say of the parcel itself; return those whose overall word changed.

    The newest report speaks: newest by its own scans, not by its arrival.
    """
    telling = [
        (parcel_id, report, _said_at(report, at))
        for parcel_id, report in zip(placed, reports, strict=True)
        if parcel_id is not None and _tells(report)
    ]
    if not telling:
        return set()
    # One row per parcel, so that two reports of a batch cannot overwrite each other by chance.
    telling.sort(key=lambda told: (told[2], str(told[1].summary or "")))
    newest = {parcel_id: (report, said_at) for parcel_id, report, said_at in telling}
    rows = [(parcel_id, *newest[parcel_id]) for parcel_id in sorted(newest)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shipments_parcel p SET summary = CASE WHEN n.summary <> '' AND n.fresh THEN n.summary ELSE p.summary END,"
            " summary_code = CASE WHEN n.summary_code <> '' AND n.fresh THEN n.summary_code ELSE p.summary_code END,"
            " summary_at = CASE WHEN n.summary <> '' AND n.fresh THEN n.said_at ELSE p.summary_at END,"
            " estimate_earliest = CASE WHEN n.has_estimate AND n.fresh THEN n.earliest ELSE p.estimate_earliest END,"
            " estimate_latest = CASE WHEN n.has_estimate AND n.fresh THEN n.latest ELSE p.estimate_latest END,"
            " signed_by = CASE WHEN n.signed_by <> '' THEN n.signed_by ELSE p.signed_by END,"
            " proofs = CASE WHEN n.proofs <> '[]' THEN n.proofs ELSE p.proofs END,"
            " weight_grams = coalesce(n.weight_grams, p.weight_grams),"
            " origin = CASE WHEN n.origin <> '{}' THEN n.origin ELSE p.origin END,"
            " destination = CASE WHEN n.destination <> '{}' THEN n.destination ELSE p.destination END,"
            " attributes = p.attributes || n.attributes, updated_at = %s"
            " FROM (SELECT w.*, q.summary AS was, (q.summary_at IS NULL OR w.said_at >= q.summary_at) AS fresh"
            " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::bool[], %s::text[], %s::text[], %s::text[],"
            " %s::jsonb[], %s::int[], %s::jsonb[], %s::jsonb[], %s::jsonb[]) AS w(id, summary, summary_code, said_at,"
            " has_estimate, earliest, latest, signed_by, proofs, weight_grams, origin, destination, attributes)"
            " JOIN shipments_parcel q ON q.merchant_id = %s AND q.id = w.id) n"
            " WHERE p.merchant_id = %s AND p.id = n.id RETURNING p.id, p.summary <> n.was",
            [
                at,
                [row[0] for row in rows],
                [row[1].summary or "" for row in rows],
                [row[1].summary_code for row in rows],
                [row[2] for row in rows],
                [row[1].estimate is not None for row in rows],
                [_written(row[1].estimate.earliest) if row[1].estimate else "" for row in rows],
                [_written(row[1].estimate.latest) if row[1].estimate else "" for row in rows],
                [row[1].signed_by for row in rows],
                [json.dumps([asdict(proof) for proof in row[1].proofs]) for row in rows],
                [row[1].weight_grams for row in rows],
                [_place(row[1].origin) for row in rows],
                [_place(row[1].destination) for row in rows],
                [json.dumps(_attributes(row[1])) for row in rows],
                current_merchant_id(),
                current_merchant_id(),
            ],
        )
        return {parcel_id for parcel_id, changed in cursor.fetchall() if changed}


def _tells(report: TrackingReport) -> bool:
    return bool(
        report.summary or report.summary_code or report.estimate or report.signed_by or report.proofs
        or report.weight_grams is not None or report.origin or report.destination or _attributes(report)
    )


def _attributes(report: TrackingReport) -> dict[str, object]:
    told: dict[str, object] = {}
    if report.piece_numbers:
        told["piece_numbers"] = list(report.piece_numbers)
    if report.reference:
        told["reference"] = report.reference
    return told


def _said_at(report: TrackingReport, at: datetime) -> datetime:
    return max((scan.time.occurred_at for scan in report.events), default=at)


def _written(when: date | datetime | None) -> str:
    return when.isoformat() if when is not None else ""


def _place(place: Place | None) -> str:
    return json.dumps({name: value for name, value in asdict(place).items() if value not in ("", None)} if place else {})
