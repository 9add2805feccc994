"""Sixty days of the demo shop lived in seconds: facts in by batches, time in strides, letters out.

Many seeds live in one shop beside each other, so that a stride costs the same few statements however many there are;
no shopper of one seed meets those of another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from aftermile.capabilities.exceptions.public import judge_orders, judge_parcels, watch
from aftermile.capabilities.journeys.operations.make_rounds import due_rounds, let_in
from aftermile.capabilities.journeys.public import hear_events, wake_due
from aftermile.capabilities.messaging.operations.record_outcomes import Sent, record_outcomes
from aftermile.capabilities.messaging.operations.take_due import take_due
from aftermile.capabilities.messaging.rendering import Rendered
from aftermile.capabilities.orders.public import owners_of_orders, record_orders, record_refunds
from aftermile.capabilities.segments.public import refresh_profiles
from aftermile.capabilities.shipments.public import record_fulfilments, record_tracking
from aftermile.capabilities.shoppers.public import Answer, record_consent
from aftermile.connectors.contracts.channels import Outcome, Result
from aftermile.connectors.contracts.facts import (
    FulfilmentFact,
    OrderFact,
    OrderLineFact,
    OrderState,
    Place,
    RefundFact,
    ScanTime,
    ShopperFact,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
)
from aftermile.kernel.events import latest_position, read
from aftermile.kernel.money import Money
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.demo.happenings import Happening, What, happenings
from aftermile.project.demo.world import Order, World

BY = "connection:con_demo"
#: Off the hour, so that the strides fall into the night and the day of every time zone.
STRIDE = timedelta(hours=4, minutes=10)
ORDERS = 4
_TAKEN = Outcome(result=Result.TAKEN)


@dataclass(frozen=True, slots=True)
class Person:
    """A shopper of a seed, and what they allow. `refuses_at`: no more messages about purchases from then on."""

    external_id: str
    email: str
    name: str
    country: str
    language: str
    birthday: str
    allows_marketing: bool
    refuses_at: datetime | None


@dataclass(frozen=True, slots=True)
class Act:
    """One happening of one seed."""

    seed: int
    happening: Happening


class Life:
    """A shop, its clock, and all that happens to it."""

    def __init__(self, merchant: Any, seeds: Iterable[int], start: datetime) -> None:
        self.merchant = merchant
        self.worlds = {seed: World(seed=seed, start=start, count=ORDERS, days=60, cast=()) for seed in seeds}
        self.at = next(iter(self.worlds.values())).begins_at
        self.ends_at = start
        self.heard = 0
        self.shoppers: dict[str, UUID] = {}
        acts = [Act(seed, each) for seed, world in self.worlds.items() for each in _told(world)]
        self.acts = deque(sorted(acts, key=lambda act: (act.happening.arrives_at, act.seed)))
        self.refusals = sorted(
            (person.refuses_at, person.external_id)
            for seed in self.worlds
            for which in (0, 1)
            if (person := self.person(seed, which)).refuses_at
        )

    def person(self, seed: int, which: int) -> Person:
        dice = Random(f"{seed}/person/{which}")
        someone = self.worlds[seed].order(which).shopper
        begins = self.worlds[seed].begins_at
        return Person(
            external_id=f"{seed}-{which}",
            email=f"{seed}.{which}@shopper.example",
            name=f"{someone.first_name} {someone.last_name}",
            country=someone.country,
            language=someone.language,
            birthday=(begins + timedelta(days=dice.randrange(365))).strftime("1990-%m-%d"),
            allows_marketing=dice.random() < 0.6,
            refuses_at=begins + timedelta(days=dice.uniform(5, 55)) if dice.random() < 0.15 else None,
        )

    def live(self) -> None:
        """Live to the end."""
        day = self.at.date()
        while self.at < self.ends_at:
            self.at += STRIDE
            self._hear_of(list(self._due()))
            if self.at.date() != day:
                day = self.at.date()
                self._scoped(refresh_profiles, shopper_ids=list(self.shoppers.values()), at=self.at)
                watch(self.merchant.id, at=self.at)
                if day.day % 6 == 0:
                    self._let_the_database_look()
            self._refuse()
            self._journeys()
            self._send()

    def _let_the_database_look(self) -> None:
        """Do what PostgreSQL does by itself within minutes, which are not lived here: look how tables have grown."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _due(self) -> Iterator[Act]:
        while self.acts and self.acts[0].happening.arrives_at <= self.at:
            yield self.acts.popleft()

    def _hear_of(self, acts: Sequence[Act]) -> None:
        orders = [self._order(act) for act in acts if act.happening.what in (What.PLACED, What.CANCELLED)]
        shipped = [_fulfilment(act) for act in acts if act.happening.what is What.SHIPPED]
        scanned = [_report(act) for act in acts if act.happening.what is What.SCANNED]
        refunded = [_refund(act) for act in acts if act.happening.what is What.REFUNDED]
        if orders:
            recorded = self._scoped(record_orders, facts=orders, source="demo", by=BY, at=self.at)
            for fact, one in zip(orders, recorded, strict=True):
                external_id = fact.shopper.external_id
                if external_id not in self.shoppers:
                    self.shoppers[external_id] = self._owner(one.order_id)
                    self._consent(external_id)
        if shipped:
            self._scoped(record_fulfilments, facts=shipped, source="demo", by=BY, at=self.at)
        if refunded:
            self._scoped(record_refunds, facts=refunded, source="demo", by=BY, at=self.at)
        if scanned:
            tracked = self._scoped(record_tracking, reports=scanned, source="con_demo", by=BY, at=self.at)
            self._scoped(judge_parcels, parcel_ids=[each.parcel_id for each in tracked], at=self.at)
        if orders:
            self._scoped(judge_orders, order_ids=[each.order_id for each in recorded], at=self.at)

    def _order(self, act: Act) -> OrderFact:
        order = act.happening.order
        person = self.person(act.seed, order.index % 2)
        is_cancelled = act.happening.what is What.CANCELLED
        return OrderFact(
            external_id=f"{act.seed}-{order.number}",
            number=f"{act.seed}{order.name}",
            placed_at=order.placed_at,
            updated_at=act.happening.at,
            currency="EUR",
            total=Money(order.total_minor, "EUR"),
            state=OrderState.CANCELLED if is_cancelled else OrderState.OPEN,
            cancelled_at=order.cancelled_at if is_cancelled else None,
            shopper=ShopperFact(
                external_id=person.external_id,
                email=person.email,
                name=person.name,
                country=person.country,
                language=person.language,
                attributes={"birthday": person.birthday},
            ),
            lines=tuple(
                OrderLineFact(external_id=str(line.number), title=line.product.title, quantity=line.quantity)
                for line in order.lines
            ),
            promised=order.promised,
        )

    def _owner(self, order_id: UUID) -> UUID:
        return self._scoped(owners_of_orders, [order_id])[order_id]

    def _consent(self, external_id: str) -> None:
        seed, which = map(int, external_id.split("-"))
        if self.person(seed, which).allows_marketing:
            self._answer(external_id, "marketing", granted=True)

    def _refuse(self) -> None:
        due = [each for each in self.refusals if each[0] <= self.at and each[1] in self.shoppers]
        for each in due:
            self.refusals.remove(each)
            self._answer(each[1], "marketing", granted=False)
            self._answer(each[1], "service", granted=False)

    def _answer(self, external_id: str, purpose: str, *, granted: bool) -> None:
        self._scoped(
            record_consent,
            shopper_id=self.shoppers[external_id],
            answers=[Answer(medium="email", purpose=purpose, granted=granted)],
            proof="said so",
            by=BY,
            at=self.at,
        )

    def _journeys(self) -> None:
        for journey_id in self._scoped(due_rounds, at=self.at):
            after = None
            while (after := self._scoped(let_in, journey_id=journey_id, after=after, at=self.at)) is not None:
                pass
        while self._scoped(wake_due, at=self.at):
            pass
        self._hear()

    def _hear(self) -> None:
        while (latest := self._scoped(latest_position)) > self.heard:
            with merchant_scope(self.merchant.id):
                events = read(after=self.heard, up_to=min(latest, self.heard + 1000))
                hear_events(events=events, at=self.at)
            self.heard = events[-1].position

    def _send(self) -> None:
        with merchant_scope(self.merchant.id):
            while (portion := take_due(at=self.at)) is not None:
                sent = [
                    Sent(message_id=each.id, outcome=_TAKEN, said=Rendered()) for each in portion.messages
                ]
                record_outcomes(lease=portion.lease, sent=sent, at=self.at)

    def _scoped(self, act: Any, *given: Any, **named: Any) -> Any:
        with merchant_scope(self.merchant.id):
            return act(*given, **named)


def _told(world: World) -> Iterator[Happening]:
    """What is sent of the orders, all of it once and in order: disorder is what other tests are about."""
    for order in world.history():
        undisturbed: Order = replace(order, disorder=type(order.disorder)())
        yield from happenings([undisturbed])


def _fulfilment(act: Act) -> FulfilmentFact:
    order, which = act.happening.order, act.happening.which
    return FulfilmentFact(
        external_id=f"{act.seed}-{order.number}-{which}",
        order_external_id=f"{act.seed}-{order.number}",
        tracking_numbers=tuple(
            f"{act.seed}X{parcel.tracking_number}" for parcel in order.parcels if parcel.fulfilment == which
        ),
        updated_at=act.happening.at,
    )


def _report(act: Act) -> TrackingReport:
    parcel = act.happening.order.parcels[act.happening.which]
    scan = parcel.scans[act.happening.scans - 1]
    return TrackingReport(
        tracking_number=f"{act.seed}X{parcel.tracking_number}",
        events=[
            TrackingEventFact(
                time=ScanTime(occurred_at=scan.at, reported="", basis=TimeBasis.STATED),
                code=scan.sub_status.value if scan.sub_status else "?",
                sub_status=scan.sub_status,
                place=Place(city=scan.place.city, country=scan.place.country),
            )
        ],
    )


def _refund(act: Act) -> RefundFact:
    order = act.happening.order
    refund = order.refunds[act.happening.which]
    return RefundFact(
        external_id=f"{act.seed}-{refund.number}",
        order_external_id=f"{act.seed}-{order.number}",
        amount=Money(refund.total_minor, "EUR"),
        refunded_at=refund.at,
    )
