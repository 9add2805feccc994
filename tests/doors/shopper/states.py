"""Every state a tracking page has, each as an order and its shipments: for tests, and for looking at.

`page_of` composes a page; `tests.doors.shopper.test_states` renders each in every language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from aftermile.capabilities.orders.public import OrderView, State
from aftermile.capabilities.shipments.public import ParcelView, ShipmentView, TrackingEventView
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.shopper.presenters.order import TrackingPage, tracking_page
from aftermile.kernel.languages import Tongue
from tests.doors.shopper.parcels import MERCHANT, NOW, line, order, parcel, scan, shipment

S = SubStatus
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_TENT = line("1", "Ridge 2 tent", variant_title="Moss green, two persons")
_POLES = line("2", "Aluminium poles", 2, variant_title="Set of four")
_PROMISED = {"promised_earliest_date": date(2026, 5, 13), "promised_latest_date": date(2026, 5, 14)}

State_ = tuple[OrderView, Sequence[ShipmentView]]


def _way(*last: TrackingEventView) -> tuple[TrackingEventView, ...]:
    """The usual way to a depot, and what happened last."""
    return (
        *last,
        scan(S.IN_TRANSIT, NOW - 14 * _HOUR, city="Leipzig", description="Processed at parcel center"),
        scan(S.ARRIVED_AT_FACILITY, NOW - 16 * _HOUR, city="Leipzig", description="Arrival Scan"),
        scan(None, NOW - 20 * _HOUR, city="Kassel", code="XQ7", description="Umschlag im Gegenverkehr"),
        scan(S.DEPARTED_FACILITY, NOW - 26 * _HOUR, city="Hannover", description="Departed facility"),
        scan(S.ACCEPTED, NOW - 30 * _HOUR, city="Kiel", description="Shipment picked up"),
        scan(S.LABEL_CREATED, NOW - 44 * _HOUR, city="", description=""),
    )


def _one(sub_status: SubStatus, *, said: str = "", hours: int = 2, **more: Any) -> list[ShipmentView]:
    about = {key: more.pop(key) for key in ("place_name", "city") if key in more}
    last = scan(sub_status, NOW - hours * _HOUR, description=said, **about)
    view = parcel(
        sub_status, *_way(last), tracking_number="00340434161094042557", carrier="dhl-parcel-de", **more
    )
    return [shipment(view, lines={"1": 1, "2": 2})]


def _of(shipments: Sequence[ShipmentView], **said: Any) -> State_:
    return order(_TENT, _POLES, **(_PROMISED | said)), shipments


def _split(first: ParcelView, second: ParcelView) -> list[ShipmentView]:
    return [shipment(first, lines={"1": 1}), shipment(second, lines={"2": 2})]


def _bare(sub_status: SubStatus, number: str, **said: Any) -> ParcelView:
    return parcel(sub_status, *_way(scan(sub_status, NOW - _HOUR)), tracking_number=number, **said)


_UNPROMISED = {"promised_earliest_date": None, "promised_latest_date": None}
_TODAY_HOURS = {
    "estimate_earliest": "2026-05-12T08:00:00+00:00",
    "estimate_latest": "2026-05-12T12:00:00+00:00",
}
_LONG = "Handbemalte Weihnachtsbaumkugeln aus mundgeblasenem Glas im Geschenkkarton mit Seidenpapier"

STATES: Mapping[str, State_] = {
    "announced-order": _of([], state=State.ANNOUNCED, lines=()),
    "nothing-yet": _of([]),
    "nothing-to-send": (order(line("1", "Gift card", requires_shipping=False)), []),
    "announced": _of([shipment(parcel(S.PENDING, event_count=0, events=(), tracking_number="P1"), lines={"1": 1, "2": 2})]),
    "packed": _of([shipment(parcel(S.LABEL_CREATED, tracking_number="P1"), lines={"1": 1, "2": 2})]),
    "on-its-way": _of(_one(S.DEPARTED_FACILITY, estimate_latest="2026-05-14")),
    "on-its-way-window": _of(
        _one(S.DEPARTED_FACILITY, estimate_earliest="2026-05-13", estimate_latest="2026-05-15"), **_UNPROMISED
    ),
    "on-its-way-promised": _of(_one(S.IN_TRANSIT)),
    "on-its-way-no-day": _of(_one(S.IN_TRANSIT), **_UNPROMISED),
    "tomorrow-hours": _of(
        _one(S.ARRIVED_AT_FACILITY, estimate_earliest="2026-05-13T08:00:00+00:00", estimate_latest="2026-05-13T11:30:00+00:00")
    ),
    "out-for-delivery": _of(_one(S.OUT_FOR_DELIVERY, **_TODAY_HOURS)),
    "out-since-days": _of(_one(S.OUT_FOR_DELIVERY, hours=50)),
    "attempt-failed": _of(_one(S.ADDRESSEE_UNAVAILABLE, said="Empfänger nicht angetroffen.")),
    "pickup-point": _of(_one(S.AVAILABLE_FOR_PICKUP, place_name="Kiosk am Eck, Hafenstr. 12", city="Bremen")),
    "customs": _of(_one(S.CUSTOMS_DELAY, said="Held by customs: invoice required")),
    "customs-charge": _of(_one(S.HELD_FOR_PAYMENT)),
    "late": _of(_one(S.DELAYED, said="Verzögerung durch Streik", estimate_latest="2026-05-18")),
    "late-estimate": _of(_one(S.IN_TRANSIT, estimate_earliest="2026-05-15", estimate_latest="2026-05-16")),
    "overdue": _of(_one(S.IN_TRANSIT, estimate_latest="2026-05-11")),
    "quiet": (
        order(_TENT, _POLES),
        [shipment(parcel(S.IN_TRANSIT, scan(S.IN_TRANSIT, NOW - 6 * _DAY), tracking_number="P1"), lines={"1": 1, "2": 2})],
    ),
    "weather": _of(_one(S.WEATHER_DELAY)),
    "address-unclear": _of(_one(S.ADDRESS_ISSUE)),
    "refused": _of(_one(S.REFUSED)),
    "returning": _of(_one(S.RETURNING)),
    "returned": _of(_one(S.RETURNED)),
    "lost": _of(_one(S.LOST)),
    "damaged": _of(_one(S.DAMAGED)),
    "cancelled-delivery": _of(_one(S.CANCELLED)),
    "no-news": _of(_one(S.EXPIRED)),
    "delivered-signed": _of(
        _one(S.SIGNED, signed_by="Nora Lind", proofs=[{"kind": "signature", "url": "https://carrier.example/pod/1"}])
    ),
    "delivered-door": _of(
        _one(S.DELIVERED, said="Delivered, front door", proofs=[{"kind": "photo", "url": "https://carrier.example/pod/2"}])
    ),
    "delivered-neighbor": _of(_one(S.LEFT_WITH_NEIGHBOR, said="Beim Nachbarn abgegeben")),
    "delivered-mailbox": _of(_one(S.DELIVERED, said="Delivered, In/At Mailbox", hours=25)),
    "delivered-locker": _of(_one(S.DELIVERED, said="Zugestellt in Packstation 103", hours=90)),
    "collected": _of(_one(S.PICKED_UP_BY_SHOPPER)),
    "cancelled-order": _of([], state=State.CANCELLED, cancelled_at=NOW - _DAY, refunded_minor=4990),
    "split-mixed": _of(
        _split(_bare(S.DELIVERED, "P1"), _bare(S.DELAYED, "P2", estimate_latest="2026-05-18")),
    ),
    "split-lost": _of(_split(_bare(S.LOST, "P1"), _bare(S.OUT_FOR_DELIVERY, "P2"))),
    "split-all-here": _of(_split(_bare(S.DELIVERED, "P1"), _bare(S.DELIVERED, "P2"))),
    "part-unsent": _of([shipment(_bare(S.DELIVERED, "P1"), lines={"1": 1})]),
    "with-return": _of(
        [*_one(S.DELIVERED), shipment(_bare(S.IN_TRANSIT, "R1", direction="return"), direction="return", lines={"2": 1})]
    ),
    "long-words": (
        order(
            line("1", _LONG, 12, variant_title=_LONG),
            line("2", "Poles", 3, cancelled_quantity=1),
            number="#EXTRA-LANGE-2026-0001042-B",
            **_PROMISED,
        ),
        _one(S.DEPARTED_FACILITY, said=_LONG * 2, place_name=_LONG, estimate_latest="2026-05-14"),
    ),
}  # fmt: skip


def page_of(name: str, tongue: Tongue) -> TrackingPage:
    """Compose the page of a state, at the `NOW` of the parcels."""
    shown, shipments = STATES[name]
    return tracking_page(shown, shipments, MERCHANT, tongue, now=NOW)
