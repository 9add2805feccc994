"""Small views of parcels and orders for the presenters: what is not said is as in a fresh row."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from aftermile.capabilities.orders.public import OrderLineView, OrderView, State
from aftermile.capabilities.shipments.public import ParcelView, ShipmentView, TrackingEventView
from aftermile.connectors.contracts.facts import Address
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.shopper.phrases import PHRASES
from aftermile.doors.shopper.presenters.moments import Clock
from aftermile.doors.shopper.presenters.standing import Context
from aftermile.kernel.languages import Tongue
from aftermile.kernel.merchants import MerchantView

BERLIN = ZoneInfo("Europe/Berlin")
#: English as it is written in Germany: days before months, 24 hours.
ENGLISH = PHRASES.tongue(["en"], country="DE")
#: A Tuesday, a quarter past ten in Berlin.
NOW = datetime(2026, 5, 12, 8, 15, tzinfo=UTC)
_IDS = UUID("2b3f8a86-65a1-4c9a-9f0b-7f6f1a0a9d11")
_EMPTY: dict[str, Any] = {
    "str": "", "int": 0, "bool": False, "datetime": NOW, "UUID": _IDS, "State": State.OPEN,
}  # fmt: skip
MERCHANT = MerchantView(_IDS, "Lindgren Books", "Europe/Berlin", "EUR", "en", "DE")


def _blank(view: type, **said: Any) -> Any:
    """Make a view in which everything unsaid is empty."""
    values: dict[str, Any] = {}
    for each in fields(view):
        kind = str(each.type)
        if "None" in kind:
            values[each.name] = None
        elif kind in _EMPTY:
            values[each.name] = _EMPTY[kind]
        else:
            values[each.name] = {} if kind.startswith("Mapping") else ()
    return view(**values | said)


def id_of(name: str) -> UUID:
    return uuid5(_IDS, name)


def scan(sub_status: SubStatus | None, at: datetime, **said: Any) -> TrackingEventView:
    milestone = sub_status.milestone.value if sub_status else ""
    told = {
        "occurred_at": at,
        "sub_status": sub_status or "",
        "milestone": milestone,
        "time_precision": "moment",
        "city": "Leipzig",
    }
    event: TrackingEventView = _blank(TrackingEventView, **told | said)
    return event


def parcel(sub_status: SubStatus, *scans: TrackingEventView, **said: Any) -> ParcelView:
    """A parcel whose newest scan has this meaning, two hours ago unless scans are given."""
    events = scans or (scan(sub_status, NOW - timedelta(hours=2)),)
    delivered = sub_status.milestone == "delivered"
    told = {
        "id": id_of(said.get("tracking_number", "P1")),
        "tracking_number": "P1",
        "carrier": "gls",
        "milestone": sub_status.milestone.value,
        "sub_status": sub_status.value,
        "reached_at": events[0].occurred_at,
        "delivered_at": events[0].occurred_at if delivered else None,
        "shipped_at": events[-1].occurred_at,
        "event_count": len(events),
        "direction": "outbound",
        "events": tuple(events),
    }
    view: ParcelView = _blank(ParcelView, **told | said)
    return view


def shipment(*parcels: ParcelView, lines: dict[str, int] | None = None, **said: Any) -> ShipmentView:
    named = [{"line": line, "quantity": quantity} for line, quantity in (lines or {}).items()]
    told = {"direction": "outbound", "parcels": parcels, "lines": named}
    view: ShipmentView = _blank(ShipmentView, **told | said)
    return view


def line(external_id: str, title: str, quantity: int = 1, **said: Any) -> OrderLineView:
    told = {"external_id": external_id, "title": title, "quantity": quantity, "requires_shipping": True}
    view: OrderLineView = _blank(OrderLineView, **told | said)
    return view


def order(*lines: OrderLineView, **said: Any) -> OrderView:
    told = {
        "number": "#1042",
        "placed_at": NOW - timedelta(days=3),
        "currency": "EUR",
        "shipping_address": Address(name="Nora Lind", line1="Hafenstr. 4", city="Bremen", country="DE"),
        "lines": lines,
    }
    view: OrderView = _blank(OrderView, **told | said)
    return view


def context(
    *, promised: tuple[date, date] | None = None, links: bool = True, tongue: Tongue = ENGLISH
) -> Context:
    earliest, latest = promised or (None, None)
    return Context(
        Clock(NOW, BERLIN, tongue), "Lindgren Books", NOW - timedelta(days=3), earliest, latest, links
    )
