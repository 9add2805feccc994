"""What templates see: built from the rooms for many messages at once, in each shopper's words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.messaging.rendering import Rendered, ToRender, Unrenderable
from aftermile.capabilities.messaging.states import Mood, Purpose
from aftermile.capabilities.messaging.templates.building import Request, first_name, values_for
from aftermile.capabilities.messaging.templates.writer import write
from aftermile.capabilities.orders.public import orders_by_external, record_orders
from aftermile.capabilities.promises.models import Estimate
from aftermile.capabilities.promises.operations.renew import renew_parcels
from aftermile.capabilities.shipments.public import record_fulfilments, record_tracking
from aftermile.connectors.contracts.channels import Medium
from aftermile.connectors.contracts.facts import (
    DeliveryEstimate,
    FulfilmentFact,
    FulfilmentLineFact,
    TrackingReport,
)
from tests.capabilities.exceptions.stories import scan
from tests.capabilities.orders.orders import ORDER

AT = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
BASE = "https://track.example"


def an_order(number: str, parcels: int = 1) -> UUID:
    fact = replace(ORDER, external_id=number, number=f"#{number}")
    record_orders(facts=[fact], source="shop", by="test", at=AT)
    record_fulfilments(
        facts=[
            FulfilmentFact(
                external_id=f"{number}-{place}",
                order_external_id=number,
                carrier="gls",
                tracking_numbers=(f"{number}PARCEL{place}",),
                lines=(FulfilmentLineFact(line_external_id="a", quantity=1),),
                updated_at=AT,
            )
            for place in range(parcels)
        ],
        source="shop",
        by="test",
        at=AT,
    )
    return orders_by_external("shop", [number])[number].id


def request(order_id: UUID | None, language: str = "en", **how: object) -> Request:
    given: dict[str, object] = {"touchpoint": "dispatched", "values": {}} | how
    return Request(order_id=order_id, languages=(language,), time_zone="Europe/Berlin", **given)  # type: ignore[arg-type]


def to_render(order_id: UUID | None, touchpoint: str = "dispatched", **how: object) -> ToRender:
    given: dict[str, object] = {
        "message_id": uuid4(),
        "shopper_id": uuid4(),
        "shopper_name": "Astrid Lindgren",
        "touchpoint": touchpoint,
        "purpose": Purpose.TRANSACTIONAL,
        "mood": Mood.NEUTRAL,
        "medium": Medium.EMAIL,
        "languages": ("sv",),
        "country": "SE",
        "time_zone": "Europe/Stockholm",
        "order_id": order_id,
        "parcel_id": None,
        "about": {},
        "values": {},
        "base_url": BASE,
        "unsubscribe_url": "",
        "preferences_url": f"{BASE}/preferences/x",
        "why_url": f"{BASE}/why/x",
    }
    return ToRender(**(given | how))  # type: ignore[arg-type]


@pytest.mark.usefixtures("in_scope")
def test_an_order_is_told_in_the_shoppers_words() -> None:
    (seen,) = values_for(
        [request(an_order("1001"), "de", shopper_name="ASTRID LINDGREN")], base_url=BASE, at=AT
    )
    assert seen.order is not None
    assert seen.parcel is not None
    assert seen.shopper.first_name == "Astrid"
    assert (seen.order.number, seen.order.total, seen.order.discount) == ("#1001", "32,90\xa0€", "-1,00\xa0€")
    assert [(line.title, line.quantity, line.price) for line in seen.order.lines] == [
        ("Pippi", 2, "19,00\xa0€"),
        ("Pippi", 1, "9,00\xa0€"),
    ]
    assert seen.parcel.number == "1001PARCEL0"
    assert seen.parcel.carrier == "GLS"
    assert seen.parcel.titles == "Pippi"
    assert seen.parcel.steps[0].name == "Bestellt"
    assert seen.links.tracking_page.startswith(f"{BASE}/t/")
    assert seen.shop.name == "Lindgren Books"


@pytest.mark.usefixtures("in_scope")
def test_several_parcels_are_told_together_unless_one_is_meant() -> None:
    order_id = an_order("1001", parcels=2)
    (seen,) = values_for([request(order_id)], base_url=BASE, at=AT)
    assert seen.parcel is None
    assert [each.number for each in seen.parcels] == ["1001PARCEL0", "1001PARCEL1"]


@pytest.mark.usefixtures("in_scope")
def test_a_letter_tells_the_days_of_the_tracking_page() -> None:
    order_id = an_order("1001")
    report = TrackingReport(
        tracking_number="1001PARCEL0",
        carrier="gls",
        events=(scan(1),),
        estimate=DeliveryEstimate(latest=date(2026, 3, 5)),
    )
    (tracked,) = record_tracking(reports=[report], source="con_test", by="test", at=AT)

    def window() -> str:
        (seen,) = values_for([request(order_id)], base_url=BASE, at=AT)
        assert seen.parcel is not None
        return seen.parcel.window

    renew_parcels(parcel_ids=[tracked.parcel_id], at=AT)
    carriers = window()
    Estimate.rows().update(
        source="model",
        confidence="medium",
        earliest_at=datetime(2026, 3, 9, 8, tzinfo=UTC),
        likely_at=datetime(2026, 3, 9, 14, tzinfo=UTC),
        latest_at=datetime(2026, 3, 10, 19, tzinfo=UTC),
    )
    assert (carriers, window()) == ("Thursday, March 5", "Mon, Mar 9\u2009–\u2009Tue, Mar 10")
    # A guess is told nobody: the carrier's word holds.
    Estimate.rows().update(confidence="low")
    assert window() == carriers


@pytest.mark.usefixtures("in_scope")
def test_many_messages_cost_as_many_statements_as_one() -> None:
    ids = [an_order(str(number)) for number in range(1001, 1006)]
    with CaptureQueriesContext(connection) as one:
        values_for([request(ids[0])], base_url=BASE, at=AT)
    with CaptureQueriesContext(connection) as many:
        values_for([request(each) for each in ids], base_url=BASE, at=AT)
    assert len(many) == len(one)


@pytest.mark.usefixtures("in_scope")
def test_what_a_journey_brings_along_fills_blocks_and_what_does_not_fit_is_left_out() -> None:
    brought = {
        "offer": {"worth": "10 %", "code": "X", "address": "javascript:alert(1)"},
        "content": [
            {"title": "Care", "address": "https://shop.example/care"},
            {"title": "No address"},
            "nonsense",
        ],
        "points": {"balance": 240},
        "survey": {"question": "Well?", "answers": []},
        "mine": 1,
    }
    (seen,) = values_for([request(None, values=brought)], base_url=BASE, at=AT)
    assert seen.offer is not None
    assert (seen.offer.worth, seen.offer.address) == ("10 %", "")
    assert [each.title for each in seen.content] == ["Care"]
    assert seen.points is not None
    assert seen.points.balance == "240"
    assert seen.survey is None
    assert seen.extra["mine"] == 1


@pytest.mark.usefixtures("in_scope")
def test_messages_are_written_in_their_language_and_say_why_when_they_cannot() -> None:
    order_id = an_order("1001")
    letter, short, orderless, survey, unknown = (
        to_render(order_id),
        to_render(order_id, medium=Medium.SMS),
        to_render(None),
        to_render(order_id, "survey"),
        to_render(order_id, "nonsense"),
    )
    written = write([letter, short, orderless, survey, unknown])
    said = written[letter.message_id]
    assert isinstance(said, Rendered)
    assert "Din beställning #1001" in said.subject.replace("  ", " ")
    assert "Hej Astrid," in said.html
    assert "Hej Astrid," in said.text
    told = written[short.message_id]
    assert isinstance(told, Rendered)
    assert told.html == ""
    assert told.text.startswith("Lindgren Books: Din beställning #1001")
    assert isinstance(written[orderless.message_id], Unrenderable)
    assert isinstance(written[survey.message_id], Unrenderable)
    assert unknown.message_id not in written


@pytest.mark.usefixtures("in_scope")
def test_mail_programs_are_told_the_parcel_as_data() -> None:
    (seen,) = values_for([request(an_order("1001"))], base_url=BASE, at=AT)
    written = str(seen.markup).removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    data = json.loads(written)
    assert data["@type"] == "ParcelDelivery"
    assert data["carrier"]["name"] == "GLS"
    assert data["partOfOrder"]["orderNumber"] == "#1001"
    assert data["deliveryAddress"]["addressCountry"] == "SE"
    assert data["trackingUrl"] == seen.links.tracking_page
    (confirmed,) = values_for(
        [
            request(
                orders_by_external("shop", ["1001"])["1001"].id, touchpoint="confirmation", parcel_id=uuid4()
            )
        ],
        base_url=BASE,
        at=AT,
    )
    assert '"@type":"Order"' in str(confirmed.markup)


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Astrid Lindgren", "Astrid"),
        ("astrid", "Astrid"),
        ("Jean-Luc Picard", "Jean-Luc"),
        ("山田 太郎", "山田"),
        ("أحمد علي", "أحمد"),
        ("", ""),
        ("a@b.example", ""),
        ("J. Doe", ""),
        ("12345", ""),
        ("{{ shop.name }}", ""),
        ("X" * 40, ""),
    ],
)
def test_somebody_is_called_by_a_name_or_not_at_all(name: str, called: str) -> None:
    assert first_name(name) == called
