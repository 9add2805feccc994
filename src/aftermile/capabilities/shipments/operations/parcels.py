"""Find or make the parcels that numbers name, and lock them; shared by the acts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.shipments.events import ParcelRecorded
from aftermile.capabilities.shipments.models import Parcel
from aftermile.capabilities.shipments.operations.refold import PARCEL_COLUMNS, Heard, scans_of
from aftermile.capabilities.shipments.policy import number_key
from aftermile.connectors.contracts.facts import Place
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import Row, insert_rows, run, run_later, select, text_array, texts_in, update
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


_PLACE = tuple(field.name for field in fields(Place))


def place_row(place: Place | None) -> dict[str, object]:
    """Return what is known of a place, as it is stored."""
    if place is None:
        return {}
    # Not asdict(), which copies deeply and costs ten times as much.
    return {name: value for name in _PLACE if (value := getattr(place, name)) not in ("", None)}


def take_parcels(
    wanted: Sequence[WantedParcel], *, by: str, at: datetime, heard: Heard | None = None
) -> dict[str, UUID]:
    """Make the parcels that are not there yet and lock all of them; return ids by number key.

    Keys are inserted and rows locked in one order everywhere, so that two batches naming the same parcels
    wait for each other and never deadlock.

    :param heard: takes in what there is of them, in the trip that locks them.
    """
    by_key: dict[str, WantedParcel] = {}
    for one in wanted:
        other = by_key.get(one.number_key)
        if other is None or (one.carrier and not other.carrier):
            by_key[one.number_key] = one
    if not by_key:
        return {}
    keys = sorted(by_key)
    held = _locked(keys, heard)
    missing = [key for key in keys if key not in held]
    ids = {key: row["id"] for key, row in held.items()}
    if missing:
        rows = [
            _row(parcel_id, key, by_key[key], at)
            for parcel_id, key in zip(uuid7_many(len(missing)), missing, strict=True)
        ]
        written = insert_rows(
            Parcel,
            _COLUMNS,
            rows,
            on_conflict="ON CONFLICT (merchant_id, number_key) DO NOTHING",
            returning=("number_key", "id"),
        )
        created: dict[str, UUID] = dict(written)
        publish(
            *(
                ParcelRecorded(created[key], by_key[key].tracking_number, by_key[key].carrier)
                for key in sorted(created)
            ),
            by=by,
            at=at,
        )
        ids |= created
        if heard is not None:
            heard.note([], [{**row, "summary_at": None} for row in rows if row["number_key"] in created])
        lost_race = _locked([key for key in missing if key not in created], heard)
        held |= lost_race
        ids |= {key: row["id"] for key, row in lost_race.items()}
    _learn_carriers(held, by_key)
    return ids


_COLUMNS = (
    "id", "number_key", "tracking_number", "carrier", "carrier_name", "service", "direction", "milestone", "sub_status",
    "cause", "event_count", "attempt_count", "summary", "summary_code", "estimate_earliest", "estimate_latest", "signed_by",
    "proofs", "origin", "destination", "title", "note", "attributes", "created_at", "updated_at",
)  # fmt: skip
_TEXTS = (
    "cause", "summary", "summary_code", "estimate_earliest", "estimate_latest", "signed_by", "title", "note",
)  # fmt: skip
_BLANK: dict[str, object] = dict.fromkeys(_TEXTS, "") | {
    "milestone": SubStatus.PENDING,
    "sub_status": SubStatus.PENDING,
    "event_count": 0,
    "attempt_count": 0,
    "proofs": [],
    "origin": {},
    "destination": {},
    "attributes": {},
}


def _row(parcel_id: UUID, key: str, wanted: WantedParcel, at: datetime) -> dict[str, object]:
    return {
        **_BLANK,
        "id": parcel_id,
        "number_key": key,
        "tracking_number": wanted.tracking_number,
        "carrier": wanted.carrier,
        "carrier_name": wanted.carrier_name,
        "service": wanted.service,
        "direction": wanted.direction,
        "created_at": at,
        "updated_at": at,
    }


_LEARNED = ("carrier", "carrier_name", "service")


def _locked(keys: Collection[str], heard: Heard | None) -> dict[str, Row]:
    if not keys:
        return {}
    numbers = [text_array(keys)]
    locked, scans = run(
        select(
            Parcel,
            ("number_key", *_LEARNED, *PARCEL_COLUMNS),
            texts_in("number_key"),
            numbers,
            then="ORDER BY number_key FOR UPDATE",
        ),
        # Behind the lock: a statement sees what was committed before it began.
        scans_of(_OF_NUMBERS, [current_merchant_id(), *numbers]) if heard is not None else None,
    )
    if heard is not None:
        heard.note(scans, locked)
    return {row["number_key"]: row for row in locked}


# As an array that is read first: joined, the planner might read all scans for those of a few parcels.
_OF_NUMBERS = (
    "parcel_id = ANY(ARRAY(SELECT p.id FROM shipments_parcel p"
    f" WHERE p.merchant_id = %s AND {texts_in('p.number_key')}))"
)


def _learn_carriers(held: Mapping[str, Row], wanted: Mapping[str, WantedParcel]) -> None:
    """Fill in carrier and service where a parcel has none: the first to know is believed."""
    learned = [
        {"id": row["id"], **{name: row[name] or getattr(wanted[key], name) for name in _LEARNED}}
        for key, row in held.items()
        if any(not row[name] and getattr(wanted[key], name) for name in _LEARNED)
    ]
    run_later(update(Parcel, _LEARNED, learned))
