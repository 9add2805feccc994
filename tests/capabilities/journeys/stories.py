"""Words for tests of journeys: a shop in which things happen, and what its journeys made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from aftermile.capabilities.exceptions.public import judge_parcels
from aftermile.capabilities.journeys.operations.wake import wake_due
from aftermile.capabilities.journeys.public import (
    State,
    create_journey,
    hear_events,
    list_runs,
    move_journey,
    publish_draft,
)
from aftermile.capabilities.messaging.public import MessageView, list_messages
from aftermile.capabilities.orders.public import record_orders
from aftermile.capabilities.shipments.public import record_fulfilments, record_tracking
from aftermile.capabilities.shoppers.public import Answer, record_consent
from aftermile.connectors.contracts.facts import (
    DeliveryEstimate,
    FulfilmentFact,
    OrderFact,
    OrderLineFact,
    OrderState,
    Place,
    PromisedWindow,
    ScanTime,
    ShopperFact,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
)
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.events import latest_position, read
from aftermile.kernel.money import Money
from aftermile.kernel.tenancy import merchant_scope

#: One in the afternoon in Berlin, on a Monday.
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BY = "staff:usr_nadia"


class Shop:
    """A shop whose clock stands until it is moved."""

    def __init__(self, merchant: Any, at: datetime = NOON) -> None:
        self.merchant, self.at, self.heard = merchant, at, 0

    def later(self, **how_much: float) -> datetime:
        """Move the clock, wake who is due, and let everybody hear."""
        self.at += timedelta(**how_much)
        self.wake()
        self.hear()
        return self.at

    def journey(self, definition: Mapping[str, Any], name: str = "A journey") -> UUID:
        """Make a journey and switch it on."""
        with merchant_scope(self.merchant.id):
            made = create_journey(name=name, definition=definition, by=BY, at=self.at)
            publish_draft(journey_id=made.id, by=BY, at=self.at)
            move_journey(journey_id=made.id, to=State.LIVE, by=BY, at=self.at)
        return made.id

    def order(
        self, external_id: str = "1", *, shopper: str = "nadia", promised: date | None = None, **told: Any
    ) -> UUID:
        """Place an order."""
        fact = OrderFact(
            external_id=external_id,
            number=f"#{external_id}",
            placed_at=told.pop("placed_at", self.at),
            updated_at=self.at,
            currency="EUR",
            total=Money(told.pop("total_minor", 4990), "EUR"),
            state=told.pop("state", OrderState.OPEN),
            shopper=ShopperFact(
                external_id=shopper, email=f"{shopper}@shopper.example", name=shopper.title(), country="DE"
            ),
            lines=(OrderLineFact(external_id="1", title="A book", quantity=1, product_external_id="book"),),
            promised=PromisedWindow(latest_date=promised) if promised else None,
            **told,
        )
        with merchant_scope(self.merchant.id):
            (recorded,) = record_orders(facts=[fact], source="shop", by="connection:con_test", at=self.at)
        return recorded.order_id

    def ship(self, order: str, *numbers: str) -> None:
        """Hand an order over in parcels."""
        fact = FulfilmentFact(
            external_id=f"f{order}{''.join(numbers)}",
            order_external_id=order,
            tracking_numbers=numbers,
            updated_at=self.at,
        )
        with merchant_scope(self.merchant.id):
            record_fulfilments(facts=[fact], source="shop", by="connection:con_test", at=self.at)

    def scan(
        self,
        number: str,
        sub_status: SubStatus = SubStatus.IN_TRANSIT,
        *,
        at: datetime | None = None,
        estimate: date | None = None,
    ) -> None:
        """Scan a parcel, and see whether something is wrong with it."""
        self.scans([number], sub_status, at=at, estimate=estimate)

    def scans(
        self,
        numbers: list[str],
        sub_status: SubStatus = SubStatus.IN_TRANSIT,
        *,
        at: datetime | None = None,
        estimate: date | None = None,
    ) -> None:
        moment = at or self.at
        reports = [
            TrackingReport(
                tracking_number=number,
                carrier="ups",
                events=(
                    TrackingEventFact(
                        time=ScanTime(occurred_at=moment, reported="", basis=TimeBasis.STATED),
                        code=sub_status.value,
                        sub_status=sub_status,
                        place=Place(city="Leipzig", country="DE"),
                    ),
                ),
                estimate=DeliveryEstimate(latest=estimate) if estimate else None,
            )
            for number in numbers
        ]
        with merchant_scope(self.merchant.id):
            recorded = record_tracking(
                reports=reports, source="con_test", by="connection:con_test", at=self.at
            )
        with merchant_scope(self.merchant.id):
            judge_parcels(parcel_ids=[each.parcel_id for each in recorded], at=self.at)

    def consent(self, shopper_id: UUID, purpose: str = "marketing", *, granted: bool = True) -> None:
        with merchant_scope(self.merchant.id):
            answer = Answer(medium="email", purpose=purpose, granted=granted)
            record_consent(shopper_id=shopper_id, answers=[answer], proof="said so", by=BY, at=self.at)

    def hear(self) -> None:
        """Let the journeys hear what happened since last time, as the reaction does."""
        while True:
            with merchant_scope(self.merchant.id):
                latest = latest_position()
                if latest == self.heard:
                    return
                hear_events(events=read(after=self.heard, up_to=latest), at=self.at)
            self.heard = latest

    def wake(self) -> int:
        with merchant_scope(self.merchant.id):
            return wake_due(at=self.at)

    def messages(self) -> list[MessageView]:
        """All messages, the oldest first."""
        with merchant_scope(self.merchant.id):
            return list_messages(limit=10_000)[::-1]

    def said(self) -> list[str]:
        """The touchpoints of what was asked for, in order."""
        return [each.touchpoint for each in self.messages()]

    def states(self) -> list[str]:
        """Where runs stand, the oldest first."""
        with merchant_scope(self.merchant.id):
            return [each.state.value for each in list_runs(limit=10_000)][::-1]


def message(touchpoint: str, id_: str = "tell", **more: Any) -> dict[str, Any]:
    return {"id": id_, "do": "message", "touchpoint": touchpoint, **more}


def placed(*steps: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A journey that begins with an order."""
    return {"trigger": {"event": "order.placed"}, "steps": list(steps), **more}


def reaches(milestone: str) -> dict[str, Any]:
    return {"event": "parcel.milestone_reached", "having": {"milestone": milestone}}
