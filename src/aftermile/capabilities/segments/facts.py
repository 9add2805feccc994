"""What conditions are judged by: read for many subjects at once, and told as of any moment.

Everything with a date is counted as of `at`, so that a journey can be played over days that have passed: orders placed
later do not exist yet, parcels delivered later are on their way. What rooms keep no history of (tags, labels,
consents, a country) is as it is now.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.messaging.public import zones_of
from aftermile.capabilities.orders.public import Purchase, purchases
from aftermile.capabilities.promises.public import EstimateView, estimates_of_orders, our_days
from aftermile.capabilities.segments.conditions import Known, day_number, seconds
from aftermile.capabilities.shipments.public import Travel, travels
from aftermile.capabilities.shoppers.public import ShopperView, shoppers
from aftermile.connectors.contracts.words import Milestone
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.money import Money

#: Under which attribute a store keeps a birthday, and how it writes one: 1990-12-24, --12-24, 12-24.
_BIRTHDAY_NAMES = ("birthday", "birth_date", "birthdate", "date_of_birth")
_BIRTHDAY = re.compile(r"(\d{4})?-{0,2}((?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?!\d)")
_OVER = frozenset({Milestone.DELIVERED, Milestone.RETURNED, Milestone.CANCELLED, Milestone.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom and what something is about."""

    shopper_id: UUID
    order_id: UUID | None = None
    parcel_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What was read for a batch of subjects; `known_of` makes of it what holds at a moment."""

    shoppers: Mapping[UUID, ShopperView] = field(repr=False)
    purchases: Mapping[UUID, Sequence[Purchase]] = field(repr=False)
    travels: Mapping[UUID, Sequence[Travel]] = field(repr=False)
    estimates: Mapping[UUID, EstimateView] = field(repr=False)  # by parcel; of the orders subjects name alone
    zones: Mapping[UUID, ZoneInfo]
    shop_zone: ZoneInfo

    def joined(self, other: Material) -> Material:
        """Return what both know."""
        return Material(
            shoppers={**self.shoppers, **other.shoppers},
            purchases={**self.purchases, **other.purchases},
            travels={**self.travels, **other.travels},
            estimates={**self.estimates, **other.estimates},
            zones={**self.zones, **other.zones},
            shop_zone=self.shop_zone,
        )


def no_material() -> Material:
    """Return what is known of nobody."""
    zone = ZoneInfo(current_merchant().time_zone)
    return Material(shoppers={}, purchases={}, travels={}, estimates={}, zones={}, shop_zone=zone)


def read_material(subjects: Collection[Subject]) -> Material:
    """Read what is to be known of these subjects: a constant number of statements however many."""
    wanted = {each.shopper_id for each in subjects}
    known = shoppers(wanted)
    merchant = current_merchant()
    bought = purchases({view.id for view in known.values()})
    named = {each.order_id for each in subjects if each.order_id}
    orders = named | {each.order_id for made in bought.values() for each in made}
    return Material(
        shoppers=known,
        purchases=bought,
        travels=travels(orders),
        estimates={
            each.parcel_id: each
            for expected in estimates_of_orders(named).values()
            for each in expected
            if each.parcel_id is not None
        },
        zones=zones_of({view.id: view.country for view in known.values()}),
        shop_zone=ZoneInfo(merchant.time_zone),
    )


def known_of(
    material: Material,
    subject: Subject,
    *,
    at: datetime,
    event: Mapping[str, Any] | None = None,
    milestones: Mapping[UUID, str] | None = None,
) -> Known:
    """Tell what is known of a subject at a moment.

    :param event: the fields of what happened, by which `event.*` is answered.
    :param milestones: where parcels were at that moment, where that is not where they are now.
    """
    view = material.shoppers.get(subject.shopper_id)
    zone = material.zones.get(view.id, material.shop_zone) if view else material.shop_zone
    values: dict[str, Any] = {f"event.{name}": value for name, value in (event or {}).items()}
    made = [each for each in material.purchases.get(view.id, ()) if each.since <= at] if view else []
    if view is not None:
        values |= {
            f"shopper.{name}": seconds(value) if isinstance(value, datetime) else value
            for name, value in profile_of(material, view, made, at=at, zone=zone).items()
        }
    order = next((each for each in made if each.order_id == subject.order_id), None)
    if order is not None:
        values |= _of_order(order, made, material, at=at, zone=zone, milestones=milestones or {})
    parcels = material.travels.get(subject.order_id, ()) if subject.order_id else ()
    parcel = next((each for each in parcels if each.parcel_id == subject.parcel_id), None)
    if parcel is not None:
        told = our_days(material.estimates.get(parcel.parcel_id), material.shop_zone)
        expected_on = told[1] if told else parcel.expected_on
        values |= _of_parcel(parcel, order, expected_on, at=at, zone=zone, milestones=milestones or {})
    return Known(at=at, zone=zone, values=values)


def profile_of(
    material: Material, view: ShopperView, made: Sequence[Purchase], *, at: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    """Tell what is counted of a shopper at a moment, by the columns of a profile.

    :param made: their orders up to then, the oldest first.
    """
    kept = [each for each in made if not _is_cancelled(each, at)]
    currency = kept[-1].currency if kept else ""
    worth = [
        float(Money((each.total_minor or 0) - each.refunded_minor, currency).major)
        for each in kept
        if currency and each.currency == currency
    ]
    delivered = [
        each.delivered_at
        for order in kept
        for each in material.travels.get(order.order_id, ())
        if each.delivered_at and each.delivered_at <= at
    ]
    consents = {(each.channel, each.purpose): each.granted for each in view.consents}
    return {
        "orders_count": len(kept),
        "cancelled_count": len(made) - len(kept),
        "spent": round(sum(worth), 2),
        "average_order": round(sum(worth) / len(worth), 2) if worth else None,
        "first_order_at": kept[0].since if kept else None,
        "last_order_at": kept[-1].since if kept else None,
        "last_delivered_at": max(delivered, default=None),
        "known_since": view.created_at,
        "first_order_on": kept[0].since.astimezone(zone).date().isoformat() if kept else None,
        "birthday": birthday_of(view.attributes),
        "country": view.country or None,
        "language": view.language or None,
        "tags": list(view.tags),
        "products": sorted({product for each in kept for product in each.products}),
        "marketing_email": consents.get(("email", "marketing")) is True,
        "marketing_sms": consents.get(("sms", "marketing")) is True,
    }


def birthday_of(attributes: Mapping[str, Any]) -> str | None:
    """Find a birthday among what a store knows of a shopper: `1990-12-24`, or `-12-24` without the year."""
    for name in _BIRTHDAY_NAMES:
        found = _BIRTHDAY.match(str(attributes.get(name, "")))
        if found:
            return f"{found[1] or ''}-{found[2]}"
    return None


def _of_order(
    order: Purchase,
    made: Sequence[Purchase],
    material: Material,
    *,
    at: datetime,
    zone: ZoneInfo,
    milestones: Mapping[UUID, str],
) -> dict[str, Any]:
    parcels = material.travels.get(order.order_id, ())
    total = order.total_minor
    # Late is what has not all arrived by the end of the last promised day, or came after it.
    came = [each.delivered_at for each in parcels if each.delivered_at and each.delivered_at <= at]
    is_whole = bool(parcels) and len(came) == len(parcels)
    return {
        "order.total": float(Money(total, order.currency).major)
        if total is not None and order.currency
        else None,
        "order.currency": order.currency or None,
        "order.items_count": order.items_count,
        "order.parcels_count": len(parcels),
        "order.open_parcels_count": sum(_milestone(each, at, milestones) not in _OVER for each in parcels),
        "order.rank": 1 + sum(not _is_cancelled(each, at) for each in made[: made.index(order)]),
        "order.country": order.country or None,
        "order.shipping_method": order.shipping_method or None,
        "order.is_cancelled": _is_cancelled(order, at),
        "order.labels": list(order.labels),
        "order.tags": list(order.tags),
        "order.products": list(order.products),
        "order.placed_at": seconds(order.since),
        "order.promised_latest": day_number(order.promised_latest_date),
        "order.days_late": _days_late(order.promised_latest_date, max(came) if is_whole else at, zone),
    }


def _of_parcel(
    parcel: Travel,
    order: Purchase | None,
    expected_on: date | None,
    *,
    at: datetime,
    zone: ZoneInfo,
    milestones: Mapping[UUID, str],
) -> dict[str, Any]:
    delivered = parcel.delivered_at if parcel.delivered_at and parcel.delivered_at <= at else None
    promised = order.promised_latest_date if order else None
    return {
        "parcel.milestone": _milestone(parcel, at, milestones),
        "parcel.cause": parcel.cause or None,
        "parcel.carrier": parcel.carrier or None,
        "parcel.attempt_count": parcel.attempt_count,
        "parcel.shipped_at": seconds(
            parcel.shipped_at if parcel.shipped_at and parcel.shipped_at <= at else None
        ),
        "parcel.delivered_at": seconds(delivered),
        "parcel.expected_on": day_number(expected_on),
        "parcel.expected_days_late": max((expected_on - promised).days, 0)
        if expected_on and promised
        else None,
        "parcel.days_late": _days_late(promised or expected_on, delivered or at, zone),
    }


def _is_cancelled(order: Purchase, at: datetime) -> bool:
    return order.is_cancelled and (order.cancelled_at is None or order.cancelled_at <= at)


def _milestone(parcel: Travel, at: datetime, milestones: Mapping[UUID, str]) -> str:
    if parcel.parcel_id in milestones:
        return milestones[parcel.parcel_id]
    if parcel.milestone == Milestone.DELIVERED and parcel.delivered_at and parcel.delivered_at > at:
        return Milestone.IN_TRANSIT
    return parcel.milestone


def _days_late(promised: date | None, moment: datetime, zone: ZoneInfo) -> int | None:
    return max((moment.astimezone(zone).date() - promised).days, 0) if promised else None
