"""What must be known of shoppers to write to them: many at a time, few statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from aftermile.capabilities.shoppers.models import Consent, Shopper
from aftermile.capabilities.shoppers.policy import holds
from aftermile.kernel.rowsets import Row, id_array, ids_in, run, select

_COLUMNS = ("id", "name", "email", "phone", "language", "country", "merged_into_id", "erased_at")
_CONSENT = ("shopper_id", "channel", "purpose", "granted", "source", "heard_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Who a shopper is and what they allow. `consents`: what holds, by medium and purpose; nothing: never asked."""

    shopper_id: UUID
    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)
    language: str
    country: str
    erased: bool
    consents: Mapping[tuple[str, str], bool]


def reach(ids: Collection[UUID]) -> dict[UUID, Reach]:
    """Read how shoppers can be reached, by the ids asked for; unknown ids are left out.

    One trip of two statements; after merges two trips.
    """
    if not ids:
        return {}
    rows, consents = _read(ids)
    after = {row["merged_into_id"] for row in rows.values() if row["merged_into_id"]}
    if after:
        more_rows, more_consents = _read(after)
        now = {asked: more_rows.get(row["merged_into_id"], row) for asked, row in rows.items()}
        consents |= more_consents
    else:
        now = rows
    return {
        asked: Reach(
            shopper_id=row["id"],
            name=row["name"],
            email=row["email"],
            phone=row["phone"],
            language=row["language"],
            country=row["country"],
            erased=row["erased_at"] is not None,
            consents=consents.get(row["id"], {}),
        )
        for asked, row in now.items()
    }


def _read(ids: Collection[UUID]) -> tuple[dict[UUID, Row], dict[UUID, dict[tuple[str, str], bool]]]:
    array = id_array(sorted(ids))
    rows, answers = run(
        select(Shopper, _COLUMNS, ids_in("id"), [array]),
        select(Consent, _CONSENT, ids_in("shopper_id"), [array]),
    )
    given: dict[tuple[UUID, str, str], list[Row]] = {}
    for answer in answers:
        given.setdefault((answer["shopper_id"], answer["channel"], answer["purpose"]), []).append(answer)
    consents: dict[UUID, dict[tuple[str, str], bool]] = {}
    for (shopper_id, channel, purpose), same in given.items():
        consents.setdefault(shopper_id, {})[channel, purpose] = holds(same)["granted"]
    return {row["id"]: row for row in rows}, consents
