"""An order for shops that have none yet: on its way, with what a page has to show."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.orders.public import OrderLineView, OrderView, State
from aftermile.capabilities.shipments.public import ParcelView, ShipmentView, TrackingEventView
from aftermile.connectors.contracts.facts import Address, Direction
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.kernel.merchants import MerchantView

_ID = UUID("0193a5c8-0000-7000-8000-000000000000")
_GOODS = (("Wool blanket", "Oat, 130 × 180 cm", 1), ("Enamel mug", "Set of two", 2))
#: What was scanned, how many hours ago, where.
_SCANS = (
    (SubStatus.ARRIVED_AT_FACILITY, 3, "Bremen"),
    (SubStatus.DEPARTED_FACILITY, 11, "Hannover"),
    (SubStatus.ACCEPTED, 27, "Kassel"),
)


def sample_order(merchant: MerchantView, *, at: datetime) -> tuple[OrderView, list[ShipmentView]]:
    """Return an order that stands nowhere, as the rooms would read it."""
    today = at.astimezone(ZoneInfo(merchant.time_zone)).date()
    address = Address(
        name="Robin Sample",
        line1="Lindenweg 7",
        postal_code="28195",
        city="Bremen",
        country=merchant.country or "DE",
    )
    placed_at = at - timedelta(days=2)
    order = OrderView(
        id=_ID,
        source="",
        external_id="",
        number="#1024",
        state=State.OPEN,
        shopper=None,
        placed_at=placed_at,
        source_updated_at=placed_at,
        currency=merchant.currency,
        subtotal_minor=None,
        shipping_minor=None,
        tax_minor=None,
        discount_minor=None,
        total_minor=None,
        refunded_minor=0,
        foreign_amounts={},
        source_status="",
        financial_status="",
        fulfilment_status="",
        cancelled_at=None,
        cancel_reason="",
        shipping_address=address,
        billing_address=None,
        shipping_method="",
        promised_earliest_date=today + timedelta(days=1),
        promised_latest_date=today + timedelta(days=3),
        promised_set_at=placed_at,
        language="",
        tags=(),
        labels=(),
        note="",
        attributes={},
        page_token="",
        lines=tuple(_line(place, *goods, merchant.currency) for place, goods in enumerate(_GOODS)),
        refunds=(),
        erased_at=None,
        created_at=placed_at,
        changed_at=at,
    )
    return order, [_shipment(_parcel(today, at), placed_at, at)]


def _line(place: int, title: str, variant: str, quantity: int, currency: str) -> OrderLineView:
    return OrderLineView(
        id=UUID(int=_ID.int + place),
        external_id=str(place),
        title=title,
        variant_title=variant,
        sku="",
        product_external_id="",
        variant_external_id="",
        quantity=quantity,
        cancelled_quantity=0,
        unit_price_minor=None,
        total_minor=None,
        currency=currency,
        image_url="",
        requires_shipping=True,
        attributes={},
        removed=False,
    )


def _parcel(today: date, at: datetime) -> ParcelView:
    scans = tuple(_scan(place, *scan, at) for place, scan in enumerate(_SCANS))
    return ParcelView(
        id=_ID,
        tracking_number="SAMPLE1024",
        carrier="gls",
        carrier_name="GLS",
        service="",
        direction=Direction.OUTBOUND.value,
        milestone=Milestone.IN_TRANSIT.value,
        sub_status=SubStatus.ARRIVED_AT_FACILITY.value,
        cause="",
        reached_at=scans[0].occurred_at,
        event_count=len(scans),
        first_event_at=scans[-1].occurred_at,
        last_event_at=scans[0].occurred_at,
        shipped_at=scans[-1].occurred_at,
        delivered_at=None,
        first_attempted_at=None,
        attempt_count=0,
        summary_code="",
        estimate_earliest=(today + timedelta(days=1)).isoformat(),
        estimate_latest=(today + timedelta(days=2)).isoformat(),
        signed_by="",
        proofs=(),
        weight_grams=None,
        origin={},
        destination={"city": "Bremen"},
        title="",
        note="",
        attributes={},
        withdrawn_at=None,
        created_at=scans[-1].occurred_at,
        updated_at=at,
        shipment_ids=(_ID,),
        order_ids=(_ID,),
        events=scans,
    )


def _scan(place: int, word: SubStatus, hours: int, city: str, at: datetime) -> TrackingEventView:
    return TrackingEventView(
        id=UUID(int=_ID.int + place),
        occurred_at=at - timedelta(hours=hours),
        reported_time="",
        time_basis="stated",
        time_precision="moment",
        code="",
        description="",
        milestone=word.milestone.value,
        sub_status=word.value,
        city=city,
        state="",
        postal_code="",
        country="",
        place_name="",
        latitude=None,
        longitude=None,
        external_id="",
        source="",
        recorded_at=at,
    )


def _shipment(parcel: ParcelView, placed_at: datetime, at: datetime) -> ShipmentView:
    return ShipmentView(
        id=_ID,
        source="",
        external_id="",
        order_id=_ID,
        direction=Direction.OUTBOUND.value,
        carrier="gls",
        carrier_name="GLS",
        service="",
        source_status="",
        cancelled=False,
        shipped_at=parcel.shipped_at,
        lines=[{"line": str(place), "quantity": quantity} for place, (_, _, quantity) in enumerate(_GOODS)],
        origin={},
        destination={},
        attributes={},
        created_at=placed_at,
        updated_at=at,
        parcels=(parcel,),
    )
