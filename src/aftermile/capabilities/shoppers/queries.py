"""Reads of shoppers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q

from aftermile.capabilities.shoppers.contact_points import normalize_email, normalize_phone
from aftermile.capabilities.shoppers.models import Consent, ContactPoint, Identity, Shopper
from aftermile.capabilities.shoppers.policy import holds
from aftermile.kernel.errors import NotFound


class ShopperNotFound(NotFound):
    """There is no shopper with this id here."""

    code = "shopper_not_found"
    message = "There is no such shopper here; check the id."


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPointView:
    kind: str  # "email" or "phone"
    value: str
    as_given: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentView:
    """What holds now for one purpose on one channel. `recorded_at` None: the source did not say."""

    channel: str
    purpose: str
    granted: bool
    source: str
    recorded_at: datetime | None
    heard_at: datetime
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopperSummary:
    """A shopper in one line. Everything personal is empty once `erased`."""

    id: UUID
    name: str
    email: str
    phone: str
    language: str
    country: str
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopperView:
    id: UUID
    name: str
    email: str
    phone: str
    language: str
    country: str
    tags: tuple[str, ...]
    attributes: Mapping[str, Any]
    external_ids: tuple[tuple[str, str], ...]  # (source, external id)
    contact_points: tuple[ContactPointView, ...]
    consents: tuple[ConsentView, ...]
    erased_at: datetime | None
    created_at: datetime
    changed_at: datetime


def shopper(shopper_id: UUID) -> ShopperView:
    """Read one shopper; an id that was merged away gives who it is now.

    :raises ShopperNotFound: no such shopper.
    """
    found = shoppers([shopper_id])
    if shopper_id not in found:
        raise ShopperNotFound
    return found[shopper_id]


def shoppers(ids: Collection[UUID]) -> dict[UUID, ShopperView]:
    """Read shoppers by the ids asked for; unknown ids are left out. Four statements, one more after merges."""
    rows = _rows(ids)
    present = {row.id for row in rows.values()}
    views = _views({row.id: row for row in rows.values()}, present)
    return {asked: views[row.id] for asked, row in rows.items()}


def shopper_summaries(ids: Collection[UUID]) -> dict[UUID, ShopperSummary]:
    """Read who shoppers are, by the ids asked for. One statement, one more after merges."""
    return {asked: summary_view(row) for asked, row in _rows(ids).items()}


def summary_view(row: Shopper) -> ShopperSummary:
    return ShopperSummary(
        id=row.id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        language=row.language,
        country=row.country,
        erased=row.erased_at is not None,
    )


def shopper_ids(*, email: str | None = None, phone: str | None = None) -> list[UUID]:
    """Find everybody with this e-mail address and phone number, as they are written by people."""
    matched: set[UUID] | None = None
    for kind, given, value in (
        (ContactPoint.Kind.EMAIL, email, normalize_email(email or "")),
        (ContactPoint.Kind.PHONE, phone, normalize_phone(phone or "")),
    ):
        if given is None:
            continue
        same = Q(kind=kind, value=value or given.strip())
        # Two halves, because each has an index of its own.
        having = set(
            ContactPoint.rows()
            .filter(same, identifies=True)
            .values_list("shopper_id", flat=True)
            .union(ContactPoint.rows().filter(same, identifies=False).values_list("shopper_id", flat=True))
        )
        matched = having if matched is None else matched & having
    return sorted(matched or ())


def shopper_by_external(source: str, external_id: str) -> UUID | None:
    """Find the shopper with a source's own id."""
    return (
        Identity.rows()
        .filter(source=source, external_id=external_id)
        .values_list("shopper_id", flat=True)
        .first()
    )


def erased_among(ids: Collection[UUID]) -> frozenset[UUID]:
    """Tell which of these shoppers were erased."""
    return frozenset(asked for asked, row in _rows(ids).items() if row.erased_at is not None)


def list_shoppers(
    *, after: UUID | None = None, limit: int = 50, email: str | None = None, phone: str | None = None
) -> list[ShopperView]:
    """List shoppers, the newest first, beginning behind the id `after`. A constant number of statements."""
    rows = Shopper.rows().filter(merged_into_id=None)
    if email is not None or phone is not None:
        rows = rows.filter(id__in=shopper_ids(email=email, phone=phone))
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = {row.id: row for row in rows.order_by("-id")[:limit]}
    views = _views(found, found.keys())
    return [views[shopper_id] for shopper_id in found]


def export_shopper(*, shopper_id: UUID) -> dict[str, Any]:
    """Collect everything this room holds on a shopper as plain values, with the whole history of consents.

    :raises ShopperNotFound: no such shopper.
    """
    view = shopper(shopper_id)
    history = Consent.rows().filter(shopper_id=view.id).order_by("heard_at", "id")
    return {
        "name": view.name,
        "email": view.email,
        "phone": view.phone,
        "language": view.language,
        "country": view.country,
        "tags": list(view.tags),
        "attributes": dict(view.attributes),
        "external_ids": [
            {"source": source, "external_id": external_id} for source, external_id in view.external_ids
        ],
        "contact_points": [
            {"kind": point.kind, "value": point.value, "as_given": point.as_given}
            for point in view.contact_points
        ],
        "consents": [
            {
                "channel": row.channel,
                "purpose": row.purpose,
                "granted": row.granted,
                "source": row.source,
                "recorded_at": row.recorded_at.isoformat() if row.recorded_at else None,
                "heard_at": row.heard_at.isoformat(),
                "proof": row.proof,
            }
            for row in history
        ],
        "erased_at": view.erased_at.isoformat() if view.erased_at else None,
        "created_at": view.created_at.isoformat(),
    }


def _rows(ids: Collection[UUID]) -> dict[UUID, Shopper]:
    wanted = set(ids)
    if not wanted:
        return {}
    rows = {row.id: row for row in Shopper.rows().filter(id__in=wanted)}
    merged = {row.merged_into_id for row in rows.values() if row.merged_into_id}
    if merged:
        now = {row.id: row for row in Shopper.rows().filter(id__in=merged)}
        rows = {asked: now[row.merged_into_id] if row.merged_into_id else row for asked, row in rows.items()}
    return rows


def _views(rows: Mapping[UUID, Shopper], ids: Collection[UUID]) -> dict[UUID, ShopperView]:
    if not ids:
        return {}
    identities = _by_shopper(Identity.rows().filter(shopper_id__in=ids).order_by("source", "external_id"))
    contacts = _by_shopper(ContactPoint.rows().filter(shopper_id__in=ids).order_by("kind", "value"))
    consents = _by_shopper(Consent.rows().filter(shopper_id__in=ids))
    return {
        shopper_id: ShopperView(
            id=row.id,
            name=row.name,
            email=row.email,
            phone=row.phone,
            language=row.language,
            country=row.country,
            tags=tuple(row.tags),
            attributes=row.attributes,
            external_ids=tuple(
                (identity.source, identity.external_id) for identity in identities.get(shopper_id, ())
            ),
            contact_points=tuple(
                ContactPointView(kind=point.kind, value=point.value, as_given=point.as_given)
                for point in contacts.get(shopper_id, ())
            ),
            consents=_consents_that_hold(consents.get(shopper_id, ())),
            erased_at=row.erased_at,
            created_at=row.created_at,
            changed_at=row.changed_at,
        )
        for shopper_id, row in rows.items()
    }


def _by_shopper(rows: Any) -> dict[UUID, list[Any]]:
    grouped: dict[UUID, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.shopper_id, []).append(row)
    return grouped


def _consents_that_hold(rows: Collection[Consent]) -> tuple[ConsentView, ...]:
    def purpose(answer: dict[str, Any]) -> tuple[str, str]:
        return answer["channel"], answer["purpose"]

    answers = sorted(
        (
            {
                "channel": row.channel,
                "purpose": row.purpose,
                "granted": row.granted,
                "source": row.source,
                "recorded_at": row.recorded_at,
                "heard_at": row.heard_at,
                "proof": row.proof,
            }
            for row in rows
        ),
        key=purpose,
    )
    return tuple(ConsentView(**holds(list(same))) for _, same in groupby(answers, purpose))
