"""Find or make the parcels that numbers name, and lock them; shared by the acts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from aftermile.capabilities.shipments.events import ParcelRecorded
from aftermile.capabilities.shipments.policy import number_key
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import current_merchant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedParcel:
    """A parcel as some source names it; `key` stands in for the number where none is known yet."""

    tracking_number: str
    carrier: str = ""
    carrier_name: str = ""
    service: str = ""
    direction: str = "outbound"
    key: str = ""

    @property
    def number_key(self) -> str:
        return self.key or number_key(self.tracking_number)


def stub_key(shipment_id: UUID) -> str:
    """Return the key of a shipment's parcel whose number nobody has told yet."""
    return f"~{shipment_id.hex}"


def take_parcels(wanted: Sequence[WantedParcel], *, by: str, at: datetime) -> dict[str, UUID]:
    """Make the parcels that are not there yet and lock all of them; return ids by number key.

    Keys are inserted and rows locked in one order everywhere, so that two batches naming the same parcels
    wait for each other and never deadlock.
    """
    by_key: dict[str, WantedParcel] = {}
    for one in wanted:
        held = by_key.get(one.number_key)
        if held is None or (one.carrier and not held.carrier):
            by_key[one.number_key] = one
    if not by_key:
        return {}
    keys = sorted(by_key)
    rows = [by_key[key] for key in keys]
    with connection.cursor() as cursor:
        ids = _locked(cursor, keys)
        missing = [key for key in keys if key not in ids]
        if missing:
            new = [by_key[key] for key in missing]
            cursor.execute(
                "INSERT INTO shipments_parcel (merchant_id, id, number_key, tracking_number, carrier, carrier_name, service,"
                " direction, milestone, sub_status, cause, event_count, attempt_count, summary, summary_code,"
                " estimate_earliest, estimate_latest, signed_by, proofs, origin, destination, title, note, attributes,"
                " created_at, updated_at)"
                " SELECT %s, w.*, 'pending', 'pending', '', 0, 0, '', '', '', '', '', '[]', '{}', '{}', '', '', '{}', %s, %s"
                " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS w"
                " ON CONFLICT (merchant_id, number_key) DO NOTHING RETURNING id, number_key",
                [
                    current_merchant_id(), at, at,
                    [uuid7() for _ in new], missing, [one.tracking_number for one in new],
                    [one.carrier for one in new], [one.carrier_name for one in new],
                    [one.service for one in new], [one.direction for one in new],
                ],
            )
            created = {key: parcel_id for parcel_id, key in cursor.fetchall()}
            publish(
                *(ParcelRecorded(created[key], by_key[key].tracking_number, by_key[key].carrier) for key in sorted(created)),
                by=by,
                at=at,
            )
            ids |= created
            lost_race = [key for key in missing if key not in created]
            if lost_race:
                ids |= _locked(cursor, lost_race)
    _learn_carriers(ids, rows)
    return ids


def _locked(cursor: object, keys: Collection[str]) -> dict[str, UUID]:
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT number_key, id FROM shipments_parcel WHERE merchant_id = %s AND number_key = ANY(%s)"
        " ORDER BY number_key FOR UPDATE",
        [current_merchant_id(), list(keys)],
    )
    return dict(cursor.fetchall())  # type: ignore[attr-defined]


def _learn_carriers(ids: Mapping[str, UUID], wanted: Sequence[WantedParcel]) -> None:
    """Fill in carrier and service where a parcel has none: the first to know is believed."""
    knowing = [one for one in wanted if one.carrier or one.carrier_name or one.service]
    if not knowing:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shipments_parcel p SET"
            " carrier = CASE WHEN p.carrier = '' THEN w.carrier ELSE p.carrier END,"
            " carrier_name = CASE WHEN p.carrier_name = '' THEN w.carrier_name ELSE p.carrier_name END,"
            " service = CASE WHEN p.service = '' THEN w.service ELSE p.service END"
            " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[]) AS w(id, carrier, carrier_name, service)"
            " WHERE p.merchant_id = %s AND p.id = w.id AND ((p.carrier = '' AND w.carrier <> '')"
            " OR (p.carrier_name = '' AND w.carrier_name <> '') OR (p.service = '' AND w.service <> ''))",
            [
                [ids[one.number_key] for one in knowing],
                [one.carrier for one in knowing], [one.carrier_name for one in knowing],
                [one.service for one in knowing], current_merchant_id(),
            ],
        )
