"""Hand facts to the acts of the rooms: each kind in one batch, older rooms first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

from aftermile.capabilities.catalog.public import record_products, remove_products
from aftermile.capabilities.orders.public import mark_deleted, record_orders, record_refunds
from aftermile.capabilities.shipments.public import record_fulfilments, record_tracking
from aftermile.capabilities.shoppers.public import (
    erase_shopper,
    record_shoppers,
    shopper_by_external,
    shopper_ids,
)
from aftermile.connectors.contracts.facts import (
    Deletion,
    Fact,
    FulfilmentFact,
    OrderFact,
    PrivacyKind,
    PrivacyRequest,
    ProductFact,
    RefundFact,
    ShopperFact,
    TrackingReport,
)
from aftermile.connectors.recognition.recognize import candidates_for
from aftermile.intake.events import PrivacyRequested
from aftermile.intake.operations.prune import erase_bodies
from aftermile.kernel.events import publish

F = TypeVar("F")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where facts come from: the namespace of their external ids, and who acts."""

    source: str
    by: str
    connection_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """How many facts of each kind were taken in."""

    counts: dict[str, int]


def apply(facts: Sequence[Fact], *, origin: Origin, at: datetime, connected: Collection[str] = ()) -> Applied:
    """Take facts in, in the merchant's scope.

    The order among them does not matter, nor whether some came before: every act is safe to repeat and
    takes its facts in any order.

    :param connected: slugs of the carriers this merchant has connections to; they settle whose an
        ambiguous tracking number is.
    """
    source, by = origin.source, origin.by
    orders = _of(facts, OrderFact)
    fulfilments = [*_of(facts, FulfilmentFact), *(one for order in orders for one in order.fulfilments)]
    refunds = [*_of(facts, RefundFact), *(one for order in orders for one in order.refunds)]
    reports = _of(facts, TrackingReport)
    steps: tuple[tuple[str, Sequence[object], Callable[[], object]], ...] = (
        (
            "products",
            products := _of(facts, ProductFact),
            lambda: record_products(facts=products, source=source, by=by, at=at),
        ),
        (
            "shoppers",
            shoppers := _of(facts, ShopperFact),
            lambda: record_shoppers(facts=shoppers, source=source, by=by, at=at),
        ),
        ("orders", orders, lambda: record_orders(facts=orders, source=source, by=by, at=at)),
        ("refunds", refunds, lambda: record_refunds(facts=refunds, source=source, by=by, at=at)),
        (
            "shipments",
            fulfilments,
            lambda: record_fulfilments(
                facts=[_with_carrier(one, tuple(connected)) for one in fulfilments],
                source=source,
                by=by,
                at=at,
            ),
        ),
        (
            "tracking_reports",
            reports,
            lambda: record_tracking(
                reports=[_with_carrier_of_report(one, tuple(connected)) for one in reports],
                source=source,
                by=by,
                at=at,
            ),
        ),
    )
    for _, batch, act in steps:
        if batch:
            act()
    _delete(_of(facts, Deletion), source=source, by=by, at=at)
    _privacy(_of(facts, PrivacyRequest), origin=origin, at=at)
    return Applied({name: len(batch) for name, batch, _ in steps if batch})


def _of(facts: Sequence[Fact], kind: type[F]) -> list[F]:
    return [fact for fact in facts if isinstance(fact, kind)]


def _with_carrier(fact: FulfilmentFact, connected: tuple[str, ...]) -> FulfilmentFact:
    if fact.carrier or not fact.tracking_numbers:
        return fact
    country = fact.destination.country if fact.destination else ""
    return replace(fact, carrier=_carrier(fact.tracking_numbers[0], connected, country))


def _with_carrier_of_report(report: TrackingReport, connected: tuple[str, ...]) -> TrackingReport:
    if report.carrier or not report.tracking_number:
        return report
    country = report.destination.country if report.destination else ""
    return replace(report, carrier=_carrier(report.tracking_number, connected, country))


@lru_cache(maxsize=50_000)
def _likely(number: str, connected: tuple[str, ...], country: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            candidate.carrier
            for candidate in candidates_for(number, connected=connected, destination_country=country)
        )
    )


def _carrier(number: str, connected: tuple[str, ...], country: str) -> str:
    """Return the carrier a number belongs to, or "" while several remain possible: never a guess."""
    likely = _likely(number, connected, country)
    return likely[0] if len(likely) == 1 else ""


def _delete(deletions: Sequence[Deletion], *, source: str, by: str, at: datetime) -> None:
    orders = [deletion.external_id for deletion in deletions if deletion.what == "order"]
    products = [deletion.external_id for deletion in deletions if deletion.what == "product"]
    if orders:
        mark_deleted(external_ids=orders, source=source, by=by, at=at)
    if products:
        remove_products(external_ids=products, source=source, by=by, at=at)


def _people(request: PrivacyRequest) -> list[UUID]:
    """Find whom a request means without their id: by e-mail address, or else by phone number."""
    if request.email:
        return shopper_ids(email=request.email)
    return shopper_ids(phone=request.phone) if request.phone else []


def _privacy(requests: Sequence[PrivacyRequest], *, origin: Origin, at: datetime) -> None:
    """Act on erasure at once; a request to see one's data is published, for staff to answer."""
    for request in requests:
        named = (
            shopper_by_external(origin.source, request.shopper_external_id)
            if request.shopper_external_id
            else None
        )
        found = [named] if named else _people(request)
        if request.kind is PrivacyKind.ERASE_SHOPPER:
            for shopper_id in found:
                erase_shopper(shopper_id=shopper_id, by=origin.by, at=at)
            erase_bodies(words=[request.email, request.phone])
        if origin.connection_id is not None:
            publish(PrivacyRequested(origin.connection_id, request.kind, tuple(found)), by=origin.by, at=at)
