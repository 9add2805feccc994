"""Keep what shoppers allowed and refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.shoppers.models import Consent
from aftermile.capabilities.shoppers.policy import holds
from aftermile.capabilities.shoppers.reading import Reading
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import Row, id_array, ids_in, insert, run, select

_COLUMNS = ("shopper_id", "channel", "purpose", "granted", "source", "recorded_at", "heard_at", "proof")
_IDENTITY = ("shopper_id", "channel", "purpose", "source", "granted", "recorded_at")
_Identity = tuple[object, ...]


def record_consents(
    told: Sequence[tuple[UUID, Reading]], *, source: str, at: datetime, new: Collection[UUID]
) -> list[UUID]:
    """Keep the consents of a batch; return the shoppers for whom something else holds now.

    :param new: shoppers of whom nothing can be known yet.
    """
    if not told:
        return []
    ids = sorted({shopper_id for shopper_id, _ in told} - set(new))
    kept: dict[_Identity, Row] = {}
    if ids:
        (found,) = run(select(Consent, _COLUMNS, ids_in("shopper_id"), [id_array(ids)]))
        kept = {tuple(each[name] for name in _IDENTITY): each for each in found}
    before = _holding(kept)
    written: dict[_Identity, Row] = {}
    for shopper_id, reading in told:
        for consent in reading.consents:
            row: Row = {
                "shopper_id": shopper_id,
                "channel": consent.channel,
                "purpose": consent.purpose,
                "granted": consent.granted,
                "source": source,
                "recorded_at": consent.recorded_at,
                "heard_at": consent.recorded_at or reading.updated_at or at,
                "proof": consent.proof,
            }
            identity = tuple(row[name] for name in _IDENTITY)
            held = kept.get(identity)
            if held is not None and held["heard_at"] >= row["heard_at"]:
                continue
            if consent.recorded_at is None and reading.updated_at is None:
                # Nobody says since when: the same answer again is no news.
                now = _holding(kept).get((shopper_id, consent.channel, consent.purpose))
                if now is not None and now["granted"] == consent.granted:
                    continue
            kept[identity] = written[identity] = row
    rows = sorted(written.values(), key=lambda row: tuple(str(row[name]) for name in _IDENTITY))
    for row, row_id in zip(rows, uuid7_many(len(rows)), strict=True):
        row["id"] = row_id
    run(
        insert(
            Consent,
            ("id", *_COLUMNS),
            rows,
            on_conflict="ON CONFLICT (merchant_id, shopper_id, channel, purpose, source, granted, recorded_at)"
            " DO UPDATE SET heard_at = excluded.heard_at, proof = excluded.proof"
            " WHERE stored.heard_at < excluded.heard_at",
        )
    )
    after = _holding(kept)
    return sorted(
        {
            shopper_id
            for (shopper_id, channel, purpose), row in after.items()
            if (shopper_id, channel, purpose) not in before
            or before[shopper_id, channel, purpose]["granted"] != row["granted"]
        }
    )


def _holding(rows: Mapping[_Identity, Row]) -> dict[tuple[UUID, str, str], Row]:
    by_purpose: dict[tuple[UUID, str, str], list[Row]] = {}
    for row in rows.values():
        by_purpose.setdefault((row["shopper_id"], row["channel"], row["purpose"]), []).append(row)
    return {purpose: holds(answers) for purpose, answers in by_purpose.items()}
