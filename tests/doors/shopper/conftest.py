"""An order with parcels, recorded by the acts of the rooms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from aftermile.capabilities.orders.public import orders_by_external, record_orders
from aftermile.capabilities.shipments.public import record_fulfilments, record_tracking
from aftermile.connectors.contracts.facts import (
    Address,
    DeliveryEstimate,
    FulfilmentFact,
    FulfilmentLineFact,
    OrderFact,
    OrderLineFact,
    OrderState,
    Place,
    ScanTime,
    ShopperFact,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
)
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.clock import now
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON

Sell = Callable[..., str]


@pytest.fixture
def sell() -> Sell:
    """Record an order with so many parcels, and return its page's token."""

    def sell(
        merchant: Merchant,
        *,
        parcels: int = 1,
        number: str = "1",
        title: str = "The Long Way",
        deleted: bool = False,
        language: str = "",
        source: str = "shop",
        email: str = "",
        phone: str = "",
        postcode: str = "28195",
        expected_in_days: int | None = None,
    ) -> str:
        lines = tuple(
            OrderLineFact(external_id=f"{number}-{place}", title=title, quantity=1)
            for place in range(max(parcels, 1))
        )
        order = OrderFact(
            external_id=number,
            number=f"#{number}",
            placed_at=NOON - timedelta(days=3),
            updated_at=NOON,
            currency="EUR",
            language=language,
            lines=lines,
            state=OrderState.DELETED if deleted else OrderState.OPEN,
            shopper=ShopperFact(email=email or f"rae{number}@example.org", phone=phone, name="Rae Ekberg"),
            shipping_address=Address(
                name="Rae Ekberg", line1="Lindenweg 7", city="Bremen", postal_code=postcode, country="DE"
            ),
        )
        numbers = [f"{number}PARCEL{place}" for place in range(parcels)]
        with merchant_scope(merchant.id):
            record_orders(facts=[order], source=source, by="test", at=NOON)
            record_fulfilments(
                facts=[
                    FulfilmentFact(
                        external_id=f"f{each}",
                        order_external_id=number,
                        carrier="gls",
                        tracking_numbers=(each,),
                        lines=(FulfilmentLineFact(line_external_id=line.external_id, quantity=1),),
                        updated_at=NOON,
                    )
                    for each, line in zip(numbers, lines, strict=False)
                ],
                source=source,
                by="test",
                at=NOON,
            )
            reports = [_report(each, expected_in_days) for each in numbers]
            record_tracking(reports=reports, source="carrier", by="test", at=NOON)
            return orders_by_external(source, [number])[number].page_token

    return sell


def _report(number: str, expected_in_days: int | None) -> TrackingReport:
    """Two scans on a day in March; with an estimate they are of today, since the page compares it with the clock."""
    at = NOON if expected_in_days is None else now()
    day = None if expected_in_days is None else at.date() + timedelta(days=expected_in_days)
    moments = ((SubStatus.ACCEPTED, 30, "Kiel"), (SubStatus.ARRIVED_AT_FACILITY, 3, "Bremen"))
    return TrackingReport(
        tracking_number=number,
        carrier="gls",
        estimate=DeliveryEstimate(latest=day) if day else None,
        events=tuple(
            TrackingEventFact(
                time=ScanTime(
                    occurred_at=at - timedelta(hours=hours), reported=str(hours), basis=TimeBasis.STATED
                ),
                code=str(sub_status),
                description="Scanned by hand",
                sub_status=sub_status,
                place=Place(city=city, country="DE"),
            )
            for sub_status, hours, city in moments
        ),
    )
