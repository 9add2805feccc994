"""Words for tests of exceptions: parcels with stories, and what the room made of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from aftermile.capabilities.exceptions.models import ShippingException
from aftermile.capabilities.exceptions.public import ExceptionView, judge_parcels, watch
from aftermile.capabilities.exceptions.queries import exceptions_of
from aftermile.capabilities.exceptions.reactions import judge_what_moved, judge_what_was_shipped
from aftermile.capabilities.orders.public import record_orders
from aftermile.capabilities.shipments.public import parcels_by_number, record_fulfilments, record_tracking
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
from aftermile.kernel.events import read
from aftermile.kernel.tenancy import merchant_scope

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BY = "connection:con_test"
NADIA = "staff:usr_nadia"
OMAR = "staff:usr_omar"


def day(count: float) -> datetime:
    """The moment that many days after Monday at nine."""
    return MONDAY + timedelta(days=count)


def scan(
    count: float, sub_status: SubStatus = SubStatus.IN_TRANSIT, city: str = "Leipzig"
) -> TrackingEventFact:
    time = ScanTime(occurred_at=day(count), reported="", basis=TimeBasis.STATED)
    place = Place(city=city, country="DE")
    return TrackingEventFact(time=time, code=sub_status.value, sub_status=sub_status, place=place)


def tell_scans(
    number: str,
    *scans: TrackingEventFact,
    at: datetime | None = None,
    estimate: date | None = None,
    **told: Any,
) -> UUID:
    """Tell scans of a parcel in the open scope."""
    report = TrackingReport(
        tracking_number=number,
        carrier=told.pop("carrier", "ups"),
        events=scans,
        estimate=DeliveryEstimate(latest=estimate) if estimate else None,
        **told,
    )
    recorded = record_tracking(reports=[report], source="con_test", by=BY, at=at or day(0))
    return recorded[0].parcel_id


def tell_order(
    external_id: str, *numbers: str, placed: float = -1, promised: date | None = None, **told: Any
) -> UUID:
    """Tell an order, and the parcels it went in."""
    fact = OrderFact(
        external_id=external_id,
        number=f"#{external_id}",
        placed_at=day(placed),
        updated_at=told.pop("updated_at", day(placed)),
        currency="EUR",
        state=told.pop("state", OrderState.OPEN),
        shopper=ShopperFact(email=f"{external_id}@example.com", name=f"Shopper {external_id}"),
        lines=told.pop("lines", (OrderLineFact(external_id="1", title="A book", quantity=1),)),
        promised=PromisedWindow(latest_date=promised) if promised else None,
        **told,
    )
    (recorded,) = record_orders(facts=[fact], source="shop", by=BY, at=day(placed))
    if numbers:
        tell_hand_over(external_id, *numbers)
    return recorded.order_id


def tell_hand_over(order: str, *numbers: str, at: datetime | None = None, **told: Any) -> None:
    fact = FulfilmentFact(
        external_id=f"f{order}",
        order_external_id=order,
        tracking_numbers=numbers,
        updated_at=at or day(0),
        **told,
    )
    record_fulfilments(facts=[fact], source="shop", by=BY, at=at or day(0))


def react(merchant: Any, after: int = 0) -> int:
    """Run the room's reactions on all that happened since a position; return the newest."""
    with merchant_scope(merchant.id):
        happened = read(after=after)
        for reaction, types in (
            (judge_what_moved, {"parcel.tracked", "parcel.withdrawn", "parcel.resumed"}),
            (
                judge_what_was_shipped,
                {"shipment.recorded", "order.cancelled", "order.deleted", "order.refunded", "order.changed"},
            ),
        ):
            heard = [published for published in happened if published.type in types]
            if heard:
                reaction(heard)
    return happened[-1].position if happened else after


def judge_all(merchant: Any, count: float) -> None:
    """Watch all parcels and orders on a day."""
    watch(merchant.id, at=day(count), at_once=3)


def judge_now(count: float, *parcel_ids: UUID) -> None:
    judge_parcels(parcel_ids=parcel_ids, at=day(count))


def told_of(number: str) -> list[ExceptionView]:
    """All exceptions of a parcel, the newest first."""
    (view,) = parcels_by_number([number], with_events=False)
    return exceptions_of(parcel_ids=[view.id])


def only(number: str) -> ExceptionView:
    (view,) = told_of(number)
    return view


def short(view: ExceptionView) -> tuple[str, str, str]:
    return view.kind.value, view.state.value, view.ending.value if view.ending else ""


def everything() -> list[tuple[Any, ...]]:
    """What stands of all exceptions, without what differs from run to run."""
    rows = ShippingException.rows().order_by("opened_at", "kind", "episode", "state")
    return list(rows.values_list("parcel_id", "order_id", "kind", "episode", "days", "state", "ending"))
