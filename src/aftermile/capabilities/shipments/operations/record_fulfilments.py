"""Take in what storefronts say was handed over: shipments with their parcels, many at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from aftermile.capabilities.shipments.events import ShipmentRecorded
from aftermile.capabilities.shipments.operations.parcels import (
    WantedParcel,
    place_row,
    stub_key,
    take_parcels,
)
from aftermile.capabilities.shipments.operations.refold import hear, refold
from aftermile.capabilities.shipments.operations.reserve import (
    insert_shipments,
    link_parcels,
    lock_shipments,
    relock_shipments,
)
from aftermile.capabilities.shipments.policy import number_key
from aftermile.connectors.contracts.facts import FulfilmentFact
from aftermile.kernel.events import publish
from aftermile.kernel.rowsets import Row, as_json, id_array
from aftermile.kernel.tenancy import current_merchant_id

_Word = tuple[FulfilmentFact, bytes]  # with its digest


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedShipment:
    shipment_id: UUID
    order_id: UUID | None
    created: bool
    changed: bool


def record_fulfilments(
    *, facts: Sequence[FulfilmentFact], source: str, by: str, at: datetime
) -> list[RecordedShipment]:
    """Record hand-overs; one result per fact, in order.

    Normal: the shipment is made or brought up to date, its parcels are made, and both are linked. The
    same fact again changes nothing. An older version never wins, but numbers only it knows are kept,
    marked as no longer named: a parcel once heard of is never replaced by another. An order never heard
    of is announced, to be filled in when it comes.
    """
    if not facts:
        return []
    held, new = lock_shipments(_orders_of(facts), source=source, by=by, at=at)
    newest = _newest(facts, held | new)
    lost = insert_shipments(_told(new[external_id], *newest[external_id]) for external_id in new)
    if lost:  # others were faster: theirs are held as any other
        held |= relock_shipments(lost, source=source)
        new = {external_id: row for external_id, row in new.items() if external_id not in lost}
        newest = _newest(facts, held | new)
    _update({row["id"]: newest[name] for name, row in held.items() if name in newest}, at=at)
    rows = held | new
    shipments = {external_id: row["id"] for external_id, row in rows.items()}
    _parcels(facts, shipments, newest, known=held.keys(), by=by, at=at)
    created = {external_id for external_id, row in rows.items() if not row["digest"]}
    publish(
        *(
            ShipmentRecorded(
                shipments[external_id],
                rows[external_id]["order_id"],
                external_id in created,
                newest[external_id][0].cancelled,
            )
            for external_id in sorted(newest, key=shipments.__getitem__)
        ),
        by=by,
        at=at,
    )
    return [
        RecordedShipment(
            shipment_id=shipments[fact.external_id],
            order_id=rows[fact.external_id]["order_id"],
            created=fact.external_id in created,
            changed=fact.external_id in newest,
        )
        for fact in facts
    ]


def _orders_of(facts: Sequence[FulfilmentFact]) -> dict[str, str]:
    orders: dict[str, str] = {}
    for fact in facts:
        orders[fact.external_id] = orders.get(fact.external_id) or fact.order_external_id
    return orders


def _newest(facts: Sequence[FulfilmentFact], rows: Mapping[str, Row]) -> dict[str, _Word]:
    """Find, of each shipment, the fact that is newer than what its row holds; none where nothing is new.

    Of two with one version the greater digest wins, in any order.
    """
    newest: dict[str, _Word] = {}
    stands = {external_id: (bytes(row["digest"]), row["version_at"]) for external_id, row in rows.items()}
    for fact in facts:
        digest, (held_digest, held_at) = _digest(fact), stands[fact.external_id]
        if not held_digest or fact.updated_at is None or held_at is None:
            wins = digest != held_digest
        else:
            wins = (fact.updated_at, digest) > (held_at, held_digest)
        if wins:
            newest[fact.external_id] = (fact, digest)
            stands[fact.external_id] = (digest, fact.updated_at or held_at)
    return newest


def _update(newest: Mapping[UUID, _Word], *, at: datetime) -> None:
    if not newest:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shipments_shipment s SET digest = w.digest, direction = w.direction,"
            " carrier = coalesce(nullif(w.carrier, ''), s.carrier),"
            " carrier_name = coalesce(nullif(w.carrier_name, ''), s.carrier_name),"
            " service = coalesce(nullif(w.service, ''), s.service), source_status = w.source_status, cancelled = w.cancelled,"
            " shipped_at = coalesce(w.shipped_at, s.shipped_at), version_at = coalesce(w.version_at, s.version_at),"
            " lines = CASE WHEN w.lines <> '[]' THEN w.lines ELSE s.lines END,"
            " origin = CASE WHEN w.origin <> '{}' THEN w.origin ELSE s.origin END,"
            " destination = CASE WHEN w.destination <> '{}' THEN w.destination ELSE s.destination END,"
            " attributes = s.attributes || w.attributes, updated_at = %s"
            " FROM json_to_recordset(%s) AS w(id uuid, digest bytea, direction text, carrier text, carrier_name text,"
            " service text, source_status text, cancelled bool, shipped_at timestamptz, version_at timestamptz, lines jsonb,"
            " origin jsonb, destination jsonb, attributes jsonb)"
            " WHERE s.merchant_id = %s AND s.id = w.id AND s.id = ANY(%s::uuid[])",
            [
                at,
                as_json([_told({"id": shipment_id}, *newest[shipment_id]) for shipment_id in sorted(newest)]),
                current_merchant_id(),
                id_array(newest),  # tells the planner how many they are
            ],
        )


def _told(row: Row, fact: FulfilmentFact, digest: bytes) -> Row:
    """Return a row with what a fact tells."""
    return {
        **row,
        "digest": f"\\x{digest.hex()}",
        "direction": fact.direction,
        "carrier": fact.carrier,
        "carrier_name": fact.carrier_name,
        "service": fact.service,
        "source_status": fact.source_status,
        "cancelled": fact.cancelled,
        "shipped_at": fact.shipped_at,
        "version_at": fact.updated_at,
        "lines": [{"line": line.line_external_id, "quantity": line.quantity} for line in fact.lines],
        "origin": place_row(fact.origin),
        "destination": place_row(fact.destination),
        "attributes": _attributes(fact),
    }


def _parcels(
    facts: Sequence[FulfilmentFact],
    shipments: Mapping[str, UUID],
    newest: Mapping[str, _Word],
    *,
    known: Collection[str],
    by: str,
    at: datetime,
) -> None:
    """Make the parcels that facts name and link them; only shipments `known` before can have others."""
    named = [fact for fact in facts if any(number_key(number) for number in fact.tracking_numbers)]
    _name_stubs([fact for fact in named if fact.external_id in known], shipments)
    parcels = take_parcels(
        [
            WantedParcel(
                tracking_number=number,
                carrier=fact.carrier,
                carrier_name=fact.carrier_name,
                service=fact.service,
                direction=fact.direction,
            )
            for fact in named
            for number in fact.tracking_numbers
            if number_key(number)
        ],
        by=by,
        at=at,
    )
    current: list[tuple[UUID, UUID, int]] = []
    former: list[tuple[UUID, UUID, int]] = []
    for fact in named:
        shipment_id = shipments[fact.external_id]
        links = [
            (shipment_id, parcels[key], position)
            for position, key in enumerate(
                dict.fromkeys(filter(None, map(number_key, fact.tracking_numbers)))
            )
        ]
        if fact.external_id in newest and newest[fact.external_id][0] is fact:
            current += links
        else:
            former += links
    older = {shipments[external_id] for external_id in known}
    _unlist({shipment_id for shipment_id, _, _ in current} & older)
    link_parcels(former, listed=False)
    link_parcels(current)
    _merge_stubs({link[0]: link[1] for link in current if link[2] == 0 and link[0] in older}, by=by, at=at)


def _unlist(shipments: set[UUID]) -> None:
    """Mark all parcels of shipments as no longer named; those that still are get listed right after."""
    if not shipments:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shipments_shipment_parcel SET listed = false WHERE merchant_id = %s AND shipment_id = ANY(%s) AND listed",
            [current_merchant_id(), sorted(shipments)],
        )


def _name_stubs(facts: Sequence[FulfilmentFact], shipments: Mapping[str, UUID]) -> None:
    """Give parcels their number where scans came before it and no parcel has that number yet."""
    told = {
        stub_key(shipments[fact.external_id]): next(
            number for number in fact.tracking_numbers if number_key(number)
        )
        for fact in facts
    }
    if not told:
        return
    stubs = sorted(told)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shipments_parcel p SET number_key = w.key, tracking_number = w.number"
            " FROM (SELECT DISTINCT ON (key) * FROM unnest(%s::text[], %s::text[], %s::text[]) AS t(stub, key, number)"
            " ORDER BY key, stub) w WHERE p.merchant_id = %s AND p.number_key = w.stub AND NOT EXISTS"
            " (SELECT 1 FROM shipments_parcel o WHERE o.merchant_id = p.merchant_id AND o.number_key = w.key)",
            [
                stubs,
                [number_key(told[stub]) for stub in stubs],
                [told[stub] for stub in stubs],
                current_merchant_id(),
            ],
        )


def _merge_stubs(firsts: Mapping[UUID, UUID], *, by: str, at: datetime) -> None:
    """Move the scans of a numberless parcel to the parcel that turned out to have the number."""
    if not firsts:
        return
    by_stub = {stub_key(shipment_id): parcel_id for shipment_id, parcel_id in firsts.items()}
    merchant_id = current_merchant_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number_key FROM shipments_parcel WHERE merchant_id = %s AND number_key = ANY(%s) FOR UPDATE",
            [merchant_id, list(by_stub)],
        )
        stubs = {stub_id: by_stub[key] for stub_id, key in cursor.fetchall()}
        if not stubs:
            return
        cursor.execute(
            "UPDATE shipments_tracking_event e SET parcel_id = w.target FROM unnest(%s::uuid[], %s::uuid[]) AS w(stub, target)"
            " WHERE e.merchant_id = %s AND e.parcel_id = w.stub AND NOT EXISTS (SELECT 1 FROM shipments_tracking_event o"
            " WHERE o.merchant_id = e.merchant_id AND o.parcel_id = w.target AND o.identity = e.identity) RETURNING w.target",
            [list(stubs), list(stubs.values()), merchant_id],
        )
        moved: dict[UUID, int] = {}
        for (target,) in cursor.fetchall():
            moved[target] = moved.get(target, 0) + 1
        cursor.execute(
            "DELETE FROM shipments_parcel WHERE merchant_id = %s AND id = ANY(%s)", [merchant_id, list(stubs)]
        )
    targets = set(stubs.values())
    refold(targets, hear(targets), new_events=moved, by=by, at=at)


def _digest(fact: FulfilmentFact) -> bytes:
    return hashlib.blake2b(repr(fact).encode(), digest_size=16).digest()


def _attributes(fact: FulfilmentFact) -> dict[str, Any]:
    told = dict(fact.attributes)
    if fact.tracking_urls:
        told["tracking_urls"] = list(fact.tracking_urls)
    return told
