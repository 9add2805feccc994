"""One answer for an order, however many parcels it has."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from aftermile.capabilities.orders.public import State
from aftermile.capabilities.shipments.public import ShipmentView
from aftermile.connectors.contracts.facts import Address
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.shopper.presenters.order import TrackingPage, tracking_page
from tests.doors.shopper.parcels import ENGLISH, MERCHANT, NOW, line, order, parcel, shipment

S = SubStatus
TENT, POLES = line("1", "Tent"), line("2", "Poles", 2)


def page_of(*shipments: ShipmentView, **said: object) -> TrackingPage:
    return tracking_page(order(TENT, POLES, **said), shipments, MERCHANT, ENGLISH, now=NOW)


def test_nothing_yet() -> None:
    page = page_of(promised_earliest_date=date(2026, 5, 14), promised_latest_date=date(2026, 5, 16))
    assert page.headlines == ("Your order is being prepared",)
    assert page.basis == (
        "Nothing has been handed to a carrier yet. Promised when you ordered: Thu 14\u2009–\u2009Sat 16 May"
    )
    assert page.kicker == "Order #1042 · 3 items"
    assert page.parcels == ()


def test_an_order_that_was_only_announced() -> None:
    page = tracking_page(order(state=State.ANNOUNCED, number=""), [], MERCHANT, ENGLISH, now=NOW)
    assert page.headlines == ("Your order is known here, and nothing more yet",)
    assert page.kicker == "Your order"


def test_a_cancelled_order_says_what_was_given_back() -> None:
    page = page_of(state=State.CANCELLED, cancelled_at=NOW - timedelta(days=1), refunded_minor=4990)
    assert page.headlines == ("This order was cancelled",)
    assert page.notice is not None
    assert page.notice.meaning == "It was cancelled on Monday, 11 May. Given back to you: 49,90\xa0€."


def test_one_parcel_answers_for_the_order() -> None:
    page = page_of(shipment(parcel(S.IN_TRANSIT, estimate_latest="2026-05-14"), lines={"1": 1, "2": 2}))
    assert page.headlines == ("Arriving Thursday, 14 May",)
    assert page.kicker == "Order #1042 · 3 items · 1 parcel"
    assert page.parcels[0].contents == ("Tent", "2 × Poles")
    assert page.unsent == ""


@pytest.mark.parametrize(
    ("first", "second", "headlines"),
    [
        (S.DELIVERED, S.IN_TRANSIT, ("1 of 2 parcels is here.", "2 × Poles: On its way to you")),
        (S.LOST, S.DELIVERED, ("1 of 2 parcels is here.", "Tent: Your parcel is lost")),
        (S.IN_TRANSIT, S.CUSTOMS_DELAY, ("2 × Poles: Your parcel is held at customs",)),
        (S.DELIVERED, S.DELIVERED, ("All 2 parcels are here",)),
        (S.IN_TRANSIT, S.IN_TRANSIT, ("On its way to you",)),
    ],
)
def test_of_two_parcels_the_one_that_needs_attention_answers(
    first: SubStatus, second: SubStatus, headlines: tuple[str, ...]
) -> None:
    page = page_of(
        shipment(parcel(first, tracking_number="A"), lines={"1": 1}),
        shipment(parcel(second, tracking_number="B"), lines={"2": 2}),
    )
    assert page.headlines == headlines
    assert [card.title for card in page.parcels] == ["Parcel 1 of 2", "Parcel 2 of 2"]
    assert [card.contents for card in page.parcels] == [("Tent",), ("2 × Poles",)]


def test_what_is_not_sent_yet_is_said() -> None:
    page = page_of(shipment(parcel(S.IN_TRANSIT), lines={"1": 1, "2": 1}))
    assert page.unsent == "1 item of this order is still to be sent."


def test_a_box_two_shipments_share_is_shown_once() -> None:
    shared = parcel(S.IN_TRANSIT)
    page = page_of(shipment(shared, lines={"1": 1}), shipment(shared, lines={"2": 2}))
    assert len(page.parcels) == 1


def test_what_comes_back_does_not_answer_for_what_goes_out() -> None:
    page = page_of(
        shipment(parcel(S.DELIVERED, tracking_number="A"), lines={"1": 1, "2": 2}),
        shipment(parcel(S.IN_TRANSIT, tracking_number="B"), direction="return"),
    )
    assert page.headlines == ("Delivered today at 08:15",)
    assert [card.title for card in page.returns] == ["Return parcel"]


def test_a_cancelled_hand_over_leaves_no_parcel_behind() -> None:
    unused = parcel(S.LABEL_CREATED, event_count=0)
    page = page_of(shipment(unused, lines={"1": 1}, cancelled=True))
    assert page.headlines == ("Your order is being prepared",)


def test_the_address_is_masked() -> None:
    page = page_of()
    assert page.address == "Goes to N. L., Bremen"


def test_times_are_those_of_the_destination_else_of_the_shop() -> None:
    away = Address(name="Rae", city="Brooklyn", state="NY", country="US")
    assert page_of(shipping_address=away).times == "Times are those of New York."
    assert page_of(shipping_address=None).times == "Times are those of Berlin."


def test_items_say_what_was_cancelled() -> None:
    gone, less = line("1", "Tent", cancelled_quantity=1), line("2", "Poles", 3, cancelled_quantity=1)
    removed = line("3", "Stove", removed=True)
    page = tracking_page(order(gone, less, removed), [], MERCHANT, ENGLISH, now=NOW)
    assert [(item.title, item.quantity, item.note) for item in page.items] == [
        ("Tent", 1, "cancelled"),
        ("Poles", 2, "1 cancelled"),
    ]
