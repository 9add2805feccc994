"""Take in what carriers report, many parcels at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from aftermile.capabilities.shipments.models import TrackingEvent
from aftermile.capabilities.shipments.operations.parcels import WantedParcel, place_row, take_parcels
from aftermile.capabilities.shipments.operations.refold import Heard, hear, refold
from aftermile.capabilities.shipments.operations.reserve import first_parcels
from aftermile.capabilities.shipments.policy import scan_identity
from aftermile.capabilities.shipments.progress import Scan
from aftermile.connectors.contracts.facts import TrackingEventFact, TrackingReport
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import Row, Statement, as_json, id_array, insert, run, run_later, update
from aftermile.kernel.tenancy import current_merchant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """What became of one report: its parcel, and which of its scans were new."""

    parcel_id: UUID
    event_ids: tuple[UUID, ...]
    new_events: int


def record_tracking(
    *, reports: Sequence[TrackingReport], source: str, by: str, at: datetime
) -> list[Tracked]:
    """Record what carriers said of parcels and read the parcels anew; one result per report, in order.

    Normal: unknown parcels are made, new scans stored, readings folded, and what moved is published.
    A scan told again changes nothing; one told again after a code's meaning was mended gets the meaning.
    Order does not matter, neither of reports nor of scans. A report may name no number but a storefront's
    fulfilment; the scans then belong to its first parcel. A report that names neither is skipped here,
    so doors refuse it before.
    """
    heard = Heard()
    placed = _parcels_of(reports, heard, source=source, by=by, at=at)
    return record_placed(placed=placed, reports=reports, source=source, by=by, at=at, heard=heard)


def record_placed(
    *,
    placed: Sequence[UUID | None],
    reports: Sequence[TrackingReport],
    source: str,
    by: str,
    at: datetime,
    heard: Heard | None = None,
) -> list[Tracked]:
    """Record reports whose parcels are found and locked already; None in `placed` skips a report.

    :param heard: what was read of the parcels since they were locked; of the others it is read here.
    """
    scans: dict[tuple[UUID, bytes], TrackingEventFact] = {}
    named: list[list[tuple[UUID, bytes]]] = []
    for parcel_id, report in zip(placed, reports, strict=True):
        keys = [] if parcel_id is None else [(parcel_id, scan_identity(scan)) for scan in report.events]
        named.append(keys)
        for key, scan in zip(keys, report.events, strict=False):
            if key not in scans or (scans[key].sub_status is None and scan.sub_status is not None):
                scans[key] = scan
    heard = heard or Heard()
    unheard = {parcel_id for parcel_id in placed if parcel_id is not None} - heard.rows.keys()
    if unheard:
        hear(unheard, heard)
    learned = _learn(placed, reports, heard, at=at)
    stored, mended = _store(scans, heard, source=source, at=at)
    new_events: dict[UUID, int] = defaultdict(int)
    for (parcel_id, _), (_, is_new) in stored.items():
        new_events[parcel_id] += is_new
    moved = {parcel_id for parcel_id, count in new_events.items() if count} | mended | learned
    refold(moved, heard, new_events=new_events, by=by, at=at)
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
    reports: Sequence[TrackingReport], heard: Heard, *, source: str, by: str, at: datetime
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
    ids = take_parcels(list(wanted.values()), by=by, at=at, heard=heard)
    return [
        ids[wanted[index].number_key] if index in wanted else by_fulfilment.get(report.fulfilment_external_id)
        for index, report in enumerate(reports)
    ]


_Stored = dict[tuple[UUID, bytes], tuple[UUID, bool]]


def _store(
    scans: dict[tuple[UUID, bytes], TrackingEventFact], heard: Heard, *, source: str, at: datetime
) -> tuple[_Stored, set[UUID]]:
    """Write scans, and meaning to old ones whose code has one now; return each one's id and whether it is new,
    and the parcels with such old ones.

    What was heard has all there are, and nobody can add any: their parcels are locked.
    """
    stored: _Stored = {}
    rows: list[Row] = []
    mended: list[Row] = []
    for key, event_id in zip(sorted(scans), uuid7_many(len(scans)), strict=True):
        (parcel_id, identity), scan = key, scans[key]
        known = heard.scans[parcel_id].get(identity)
        if known is None:
            stored[key] = (event_id, True)
            rows.append(_row(event_id, key, scan, source, at))
        else:
            stored[key] = (heard.ids[key], False)
            if scan.sub_status is None or scan.sub_status is known.sub_status:
                continue
            mended.append({"id": heard.ids[key], "sub_status": scan.sub_status, "parcel": parcel_id})
        heard.scans[parcel_id][identity] = Scan(scan.time.occurred_at, scan.sub_status, identity)
    run_later(insert(TrackingEvent, _COLUMNS, rows), update(TrackingEvent, ("sub_status",), mended))
    return stored, {row["parcel"] for row in mended}


_COLUMNS = (
    "id", "parcel_id", "identity", "occurred_at", "reported_time", "time_basis", "time_precision", "code", "description",
    "sub_status", "city", "state", "postal_code", "country", "place_name", "latitude", "longitude", "external_id",
    "signed_by", "source", "recorded_at",
)  # fmt: skip


def _row(
    event_id: UUID, key: tuple[UUID, bytes], scan: TrackingEventFact, source: str, at: datetime
) -> dict[str, object]:
    return {
        "id": event_id,
        "parcel_id": key[0],
        "identity": f"\\x{key[1].hex()}",
        "occurred_at": scan.time.occurred_at,
        "reported_time": scan.time.reported,
        "time_basis": scan.time.basis,
        "time_precision": scan.time.precision,
        "code": scan.code,
        "description": scan.description,
        "sub_status": scan.sub_status or "",
        "city": scan.place.city,
        "state": scan.place.state,
        "postal_code": scan.place.postal_code,
        "country": scan.place.country,
        "place_name": scan.place.name,
        "latitude": scan.place.latitude,
        "longitude": scan.place.longitude,
        "external_id": scan.external_id,
        "signed_by": scan.signed_by,
        "source": source,
        "recorded_at": at,
    }


def _learn(
    placed: Sequence[UUID | None], reports: Sequence[TrackingReport], heard: Heard, *, at: datetime
) -> set[UUID]:
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
    # Ids as an array, too: the planner then knows how many they are, and does not read the whole table.
    merchant_id, ids = current_merchant_id(), id_array(newest)
    (written,) = run(
        Statement(
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
            " FROM json_to_recordset(%s) AS w(id uuid, summary text, summary_code text, said_at timestamptz, has_estimate bool,"
            " earliest text, latest text, signed_by text, proofs jsonb, weight_grams int, origin jsonb, destination jsonb,"
            " attributes jsonb) JOIN shipments_parcel q ON q.merchant_id = %s AND q.id = w.id AND q.id = ANY(%s::uuid[])) n"
            " WHERE p.merchant_id = %s AND p.id = n.id AND p.id = ANY(%s::uuid[]) "
            " RETURNING p.id, p.summary, p.summary_at, p.summary <> n.was",
            (at, as_json([_told(*row) for row in rows]), merchant_id, ids, merchant_id, ids),
            list,
        )
    )
    for parcel_id, summary, summary_at, _ in written:
        heard.rows[parcel_id] |= {"summary": summary, "summary_at": summary_at}
    return {parcel_id for parcel_id, _, _, changed in written if changed}


def _tells(report: TrackingReport) -> bool:
    return bool(
        report.summary
        or report.summary_code
        or report.estimate
        or report.signed_by
        or report.proofs
        or report.weight_grams is not None
        or report.origin
        or report.destination
        or _attributes(report)
    )


def _told(parcel_id: UUID, report: TrackingReport, said_at: datetime) -> dict[str, object]:
    return {
        "id": parcel_id,
        "summary": report.summary or "",
        "summary_code": report.summary_code,
        "said_at": said_at,
        "has_estimate": report.estimate is not None,
        "earliest": _written(report.estimate.earliest) if report.estimate else "",
        "latest": _written(report.estimate.latest) if report.estimate else "",
        "signed_by": report.signed_by,
        "proofs": [asdict(proof) for proof in report.proofs],
        "weight_grams": report.weight_grams,
        "origin": place_row(report.origin),
        "destination": place_row(report.destination),
        "attributes": _attributes(report),
    }


def _attributes(report: TrackingReport) -> dict[str, object]:
    told: dict[str, object] = {}
    if report.piece_numbers:
        told["piece_numbers"] = list(report.piece_numbers)
    if report.reference:
        told["reference"] = report.reference
    return told


def _said_at(report: TrackingReport, at: datetime) -> datetime:
    newest = max((scan.time.occurred_at for scan in report.events), default=at)
    return report.summary_at or newest


def _written(when: date | datetime | None) -> str:
    return when.isoformat() if when is not None else ""
