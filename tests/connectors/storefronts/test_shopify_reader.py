from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from aftermile.connectors.contracts.facts import (
    Address,
    ConsentFact,
    Deletion,
    DeliveryEstimate,
    FulfilmentFact,
    FulfilmentLineFact,
    OrderFact,
    OrderLineFact,
    OrderState,
    Place,
    PrivacyKind,
    PrivacyRequest,
    ProductFact,
    RefundFact,
    RefundLineFact,
    ScanTime,
    ShopperFact,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
    Translation,
    UnknownWord,
    VariantFact,
)
from aftermile.connectors.contracts.sockets import Unreadable
from aftermile.connectors.contracts.words import SubStatus
from aftermile.connectors.storefronts.shopify import connector
from aftermile.connectors.storefronts.shopify.reader import PRIVACY, SUBSCRIBED
from aftermile.connectors.storefronts.shopify.statuses import SUB_STATUSES
from aftermile.kernel.money import Money
from tests.connectors.storefronts.reading import RECEIVED_AT, only, read, utc
from tests.connectors.storefronts.shopify_payloads import (
    ADDRESS,
    CUSTOMER,
    FULFILMENT,
    FULFILMENT_EVENT,
    ORDER,
    PRODUCT,
    REFUND,
)

NORAS_ADDRESS = Address(
    name="Nora Lind",
    line1="Hafenstr. 4",
    city="Bremen",
    postal_code="28195",
    country="DE",
    phone="+49421555012",
)
NORAS_CONSENTS = (
    ConsentFact(
        channel="email",
        purpose="marketing",
        granted=True,
        recorded_at=utc(2026, 1, 5, 9),
        proof="subscribed confirmed_opt_in",
    ),
    ConsentFact(
        channel="sms", purpose="marketing", granted=False, proof="not_subscribed single_opt_in shopify"
    ),
)
OWL_FULFILMENT = FulfilmentFact(
    external_id="901",
    order_external_id="700",
    carrier_name="Owl Post",
    tracking_numbers=("OWL1", "OWL2"),
    tracking_urls=("https://owl.example/OWL1", "https://owl.example/OWL2"),
    lines=(FulfilmentLineFact(line_external_id="11", quantity=1),),
    source_status="success",
    shipped_at=utc(2026, 11, 3, 7),
    updated_at=utc(2026, 11, 3, 8, 30),
    origin=Place(city="Hamburg", postal_code="20095", country="DE"),
    destination=Place(city="Bremen", postal_code="28195", country="DE"),
    attributes={
        "name": "#1042.1",
        "location_id": "31",
        "fulfilment_service": "manual",
        "shipment_status": "in_transit",
    },
)
OWL_REPORT = TrackingReport(
    carrier_name="Owl Post",
    fulfilment_external_id="901",
    order_external_id="700",
    summary=SubStatus.IN_TRANSIT,
    summary_code="in_transit",
    summary_at=utc(2026, 11, 3, 8, 30),
)
SCARF_REFUND = RefundFact(
    external_id="801",
    order_external_id="700",
    amount=Money(1990, "EUR"),
    reason="too small",
    refunded_at=utc(2026, 11, 4, 11, 1),
    lines=(RefundLineFact(line_external_id="12", quantity=1, amount=Money(1500, "EUR")),),
)


def order_of(**changes: object) -> OrderFact:
    fact = read(connector, "orders/updated", {**ORDER, **changes}).facts[0]
    assert isinstance(fact, OrderFact)
    return fact


def test_an_order_is_read_whole_and_in_the_shops_currency() -> None:
    translation = read(connector, "orders/create", ORDER)

    assert translation == Translation(
        facts=(
            OrderFact(
                external_id="700",
                number="#1042",
                placed_at=utc(2026, 11, 2, 9, 0, 1),
                updated_at=utc(2026, 11, 4, 11, 1, 2),
                currency="EUR",
                shopper=ShopperFact(
                    external_id="501",
                    name="Nora Lind",
                    email="nora@shopper.example",
                    phone="+49421555012",
                    language="de-DE",
                    country="DE",
                    consents=NORAS_CONSENTS,
                    tags=("regular", "newsletter"),
                    updated_at=utc(2026, 11, 2, 8),
                ),
                lines=(
                    OrderLineFact(
                        external_id="11",
                        title="Wool cap",
                        quantity=2,
                        sku="CAP-G",
                        product_external_id="301",
                        variant_external_id="401",
                        variant_title="Green",
                        unit_price=Money(1750, "EUR"),
                        total=Money(3000, "EUR"),
                        attributes={"vendor": "Lind", "fulfillable_quantity": 1},
                    ),
                    OrderLineFact(
                        external_id="12",
                        title="Scarf",
                        quantity=1,
                        unit_price=Money(1500, "EUR"),
                        total=Money(1500, "EUR"),
                        cancelled_quantity=1,
                        attributes={"fulfillable_quantity": 0},
                    ),
                ),
                subtotal=Money(4500, "EUR"),
                shipping_price=Money(490, "EUR"),
                tax=Money(797, "EUR"),
                discount=Money(500, "EUR"),
                total=Money(4990, "EUR"),
                state=OrderState.OPEN,
                source_status="open",
                financial_status="partially_refunded",
                fulfilment_status="unfulfilled",
                shipping_address=NORAS_ADDRESS,
                billing_address=NORAS_ADDRESS,
                shipping_method="Standard",
                language="de-DE",
                tags=("gift", "express"),
                note="ring twice",
                refunds=(SCARF_REFUND,),
                fulfilments=(OWL_FULFILMENT,),
                attributes={
                    "source_name": "web",
                    "test": False,
                    "taxes_included": True,
                    "discount_codes": ["FALL5"],
                    "current_total_minor": 3000,
                    "shown_currency": "USD",
                    "shown_total_minor": 5490,
                },
            ),
            OWL_REPORT,
        ),
        unknown=(UnknownWord(what="carrier", word="Owl Post"),),
    )


@pytest.mark.parametrize(
    "topic",
    [topic for topic in SUBSCRIBED if topic.startswith("orders/") and topic[7:] not in ("delete", "edited")],
)
def test_every_order_topic_that_sends_the_order_reads_the_same(topic: str) -> None:
    assert read(connector, topic, ORDER) == read(connector, "orders/create", ORDER)


def test_a_cancelled_and_a_closed_order_are_told_from_an_open_one() -> None:
    cancelled = order_of(
        cancelled_at="2026-11-05T10:00:00+01:00",
        cancel_reason="customer",
        closed_at="2026-11-05T10:00:00+01:00",
    )
    closed = order_of(closed_at="2026-11-09T10:00:00+01:00")

    assert (cancelled.state, cancelled.source_status) == (OrderState.CANCELLED, "cancelled")
    assert (cancelled.cancelled_at, cancelled.cancel_reason) == (utc(2026, 11, 5, 9), "customer")
    assert (closed.state, closed.source_status) == (OrderState.COMPLETED, "closed")


def test_what_came_back_is_no_cancellation() -> None:
    cap = {**ORDER["line_items"][0], "quantity": 3, "current_quantity": 2}
    sent = {**FULFILMENT, "line_items": [{"id": 11, "quantity": 2}]}
    came_back = {
        **REFUND,
        "refund_line_items": [{"line_item_id": 11, "quantity": 1, "restock_type": "return"}],
    }

    removed = order_of(line_items=[cap], fulfillments=[sent], refunds=[])
    returned = order_of(line_items=[cap], fulfillments=[sent], refunds=[came_back])
    all_sent = order_of(
        line_items=[cap], fulfillments=[{**sent, "line_items": [{"id": 11, "quantity": 3}]}], refunds=[]
    )

    assert [order.lines[0].cancelled_quantity for order in (removed, returned, all_sent)] == [1, 0, 0]


def test_a_guest_is_known_by_the_orders_contact_points() -> None:
    guest = order_of(
        customer=None, email="guest@shopper.example", phone="+4915155501", buyer_accepts_marketing=True
    )

    assert guest.shopper == ShopperFact(
        name="Nora Lind",
        email="guest@shopper.example",
        phone="+4915155501",
        language="de-DE",
        country="DE",
        consents=(
            ConsentFact(
                channel="email",
                purpose="marketing",
                granted=True,
                recorded_at=utc(2026, 11, 2, 9),
                proof="ticked at checkout, order #1042",
            ),
        ),
    )


def test_an_unticked_box_takes_nothing_back() -> None:
    guest = order_of(customer=None, buyer_accepts_marketing=False)
    assert guest.shopper is not None
    assert guest.shopper.consents == ()


def test_a_line_that_cannot_be_read_removes_no_line() -> None:
    odd = [{**ORDER["line_items"][0], "quantity": "many"}, "scarf", ORDER["line_items"][1]]
    translation = read(connector, "orders/updated", {**ORDER, "line_items": odd, "fulfillments": []})
    order = only(Translation(facts=translation.facts))

    assert ([line.external_id for line in order.lines], order.lines_complete) == (["12"], False)
    assert translation.unknown == (UnknownWord(what="order line", word="11"),)
    assert order_of(line_items=None).lines_complete is False
    assert order_of(line_items=[]).lines_complete is True


@pytest.mark.parametrize(
    "odd", [None, "", "soon", 7, [], {}, [[]], True, "NaN", "1e999999", {"shop_money": 3}]
)
def test_an_odd_field_costs_only_itself(odd: Any) -> None:
    whole = read(connector, "orders/updated", ORDER).facts[0]
    assert isinstance(whole, OrderFact)
    for name in ORDER:
        if name == "id":
            continue
        found = read(connector, "orders/updated", {**ORDER, name: odd}).facts[0]
        assert isinstance(found, OrderFact)
        assert found.external_id == whole.external_id
        if name != "line_items":
            assert [line.external_id for line in found.lines] == ["11", "12"]


def test_an_edit_says_nothing_because_the_order_follows() -> None:
    assert read(connector, "orders/edited", {"order_edit": {"order_id": 700}}) == Translation()
    assert read(connector, "fulfillment_events/delete", FULFILMENT_EVENT) == Translation()


@pytest.mark.parametrize(
    ("topic", "what"),
    [("orders/delete", "order"), ("products/delete", "product"), ("customers/delete", "shopper")],
)
def test_a_removed_thing_is_told_by_its_id(topic: str, what: str) -> None:
    assert only(read(connector, topic, {"id": 700})) == Deletion(
        what=what, external_id="700", deleted_at=RECEIVED_AT
    )


@pytest.mark.parametrize("topic", ["fulfillments/create", "fulfillments/update"])
def test_a_fulfilment_brings_all_its_numbers_and_shopifys_word_on_it(topic: str) -> None:
    assert read(connector, topic, FULFILMENT) == Translation(
        facts=(OWL_FULFILMENT, OWL_REPORT), unknown=(UnknownWord(what="carrier", word="Owl Post"),)
    )


def test_only_what_went_out_was_shipped() -> None:
    plain = {**FULFILMENT, "tracking_company": None, "shipment_status": None, "tracking_numbers": []}
    cancelled = only(read(connector, "fulfillments/update", {**plain, "status": "cancelled"}))
    waiting = only(read(connector, "fulfillments/update", {**plain, "status": "pending"}))
    strange = read(connector, "fulfillments/update", {**plain, "status": "teleported"})

    assert (cancelled.cancelled, cancelled.shipped_at, cancelled.tracking_numbers) == (True, None, ("OWL1",))
    assert (waiting.cancelled, waiting.shipped_at) == (False, None)
    assert strange.unknown == (UnknownWord(what="fulfilment status", word="teleported"),)
    assert [fact.source_status for fact in strange.facts if isinstance(fact, FulfilmentFact)] == [
        "teleported"
    ]


def test_one_number_names_its_parcel_in_the_report() -> None:
    facts = read(connector, "fulfillments/update", {**FULFILMENT, "tracking_numbers": ["OWL1"]}).facts
    assert [fact.tracking_number for fact in facts if isinstance(fact, TrackingReport)] == ["OWL1"]


def test_a_fulfilment_event_is_a_scan_with_its_place_and_a_day_as_estimate() -> None:
    assert only(read(connector, "fulfillment_events/create", FULFILMENT_EVENT)) == TrackingReport(
        fulfilment_external_id="901",
        order_external_id="700",
        events=(
            TrackingEventFact(
                time=ScanTime(
                    occurred_at=utc(2026, 11, 3, 17),
                    reported="2026-11-03T18:00:00+01:00",
                    basis=TimeBasis.STATED,
                ),
                code="in_transit",
                description="Left the nest",
                sub_status=SubStatus.IN_TRANSIT,
                place=Place(
                    city="Hannover",
                    state="NI",
                    postal_code="30159",
                    country="DE",
                    latitude=52.37,
                    longitude=9.73,
                ),
                external_id="951",
            ),
        ),
        estimate=DeliveryEstimate(earliest=date(2026, 11, 5), latest=date(2026, 11, 5)),
    )


def test_an_estimate_with_an_hour_stays_a_moment() -> None:
    event = {**FULFILMENT_EVENT, "estimated_delivery_at": "2026-11-05T16:00:00+01:00"}
    report = only(read(connector, "fulfillment_events/create", event))
    assert report.estimate == DeliveryEstimate(earliest=utc(2026, 11, 5, 15), latest=utc(2026, 11, 5, 15))


@pytest.mark.parametrize("word", SUB_STATUSES)
def test_an_event_reads_the_same_in_both_cases(word: str) -> None:
    (lower,) = only(read(connector, "fulfillment_events/create", {**FULFILMENT_EVENT, "status": word})).events
    (upper,) = only(
        read(connector, "fulfillment_events/create", {**FULFILMENT_EVENT, "status": word.upper()})
    ).events
    assert lower.sub_status == upper.sub_status == SUB_STATUSES[word]


def test_an_unknown_event_is_kept_and_counted() -> None:
    translation = read(connector, "fulfillment_events/create", {**FULFILMENT_EVENT, "status": "beamed_up"})
    (report,) = translation.facts
    assert isinstance(report, TrackingReport)
    assert [(event.code, event.sub_status) for event in report.events] == [("beamed_up", None)]
    assert translation.unknown == (UnknownWord(what="status", word="beamed_up"),)


def test_an_absurd_moment_falls_back_on_the_day_it_was_written_down() -> None:
    translation = read(
        connector, "fulfillment_events/create", {**FULFILMENT_EVENT, "happened_at": "0001-01-01T00:00:00Z"}
    )
    (report,) = translation.facts
    assert isinstance(report, TrackingReport)
    assert [event.time.occurred_at for event in report.events] == [utc(2026, 11, 3, 17, 5)]
    assert translation.unknown == (UnknownWord(what="moment", word="0001-01-01T00:00:00Z"),)


def test_a_refund_paid_out_in_another_currency_is_read_in_the_shops() -> None:
    assert only(read(connector, "refunds/create", REFUND)) == SCARF_REFUND


def test_a_refund_in_the_shops_currency_is_what_was_paid_out() -> None:
    paid = [
        {"kind": "refund", "status": "success", "amount": "10.00", "currency": "EUR"},
        {"kind": "refund", "status": "failure", "amount": "99.00", "currency": "EUR"},
        {"kind": "void", "status": "success", "amount": "99.00", "currency": "EUR"},
        {"kind": "refund", "status": "pending", "amount": "2.50", "currency": "EUR"},
    ]
    assert only(read(connector, "refunds/create", {**REFUND, "transactions": paid})).amount == Money(
        1250, "EUR"
    )
    assert only(read(connector, "refunds/create", {**REFUND, "transactions": []})).amount == Money(0, "EUR")


def test_a_product_has_its_variants_with_weights_where_known() -> None:
    fact = only(read(connector, "products/update", PRODUCT, shop_domain="nest.myshopify.com", currency="EUR"))
    assert fact == ProductFact(
        external_id="301",
        title="Wool cap",
        url="https://nest.myshopify.com/products/wool-cap",
        image_url="https://cdn.example/cap.jpg",
        category="Hats",
        vendor="Lind",
        tags=("wool", "winter"),
        variants=(
            VariantFact(
                external_id="401",
                title="Green",
                sku="CAP-G",
                barcode="4006381333931",
                price=Money(1750, "EUR"),
                weight_grams=120,
            ),
            VariantFact(
                external_id="402", title="Red", sku="CAP-R", price=Money(1750, "EUR"), weight_grams=250
            ),
            VariantFact(external_id="403", title="Blue"),
        ),
        updated_at=utc(2026, 10, 1, 6),
        attributes={"handle": "wool-cap", "status": "active"},
    )


def test_without_a_currency_a_product_has_no_price() -> None:
    assert [variant.price for variant in only(read(connector, "products/create", PRODUCT)).variants] == [
        None
    ] * 3


def test_a_customer_is_a_shopper_with_consents() -> None:
    assert only(read(connector, "customers/update", CUSTOMER)) == ShopperFact(
        external_id="501",
        name="Nora Lind",
        email="nora@shopper.example",
        country="DE",
        consents=NORAS_CONSENTS,
        tags=("regular", "newsletter"),
        updated_at=utc(2026, 11, 2, 8),
    )


@pytest.mark.parametrize(
    ("state", "granted"), [("UNSUBSCRIBED", False), ("pending", None), ("redacted", None)]
)
def test_a_change_of_consent_names_its_shopper(state: str, granted: bool | None) -> None:
    sms = {"customer_id": 501, "phone": "+4915155501", "sms_marketing_consent": {"state": state}}
    email = {"customer_id": 501, "email_address": "n@s.example", "email_marketing_consent": {"state": state}}

    assert only(read(connector, "customers_marketing_consent/update", sms)) == ShopperFact(
        external_id="501",
        phone="+4915155501",
        consents=(ConsentFact(channel="sms", purpose="marketing", granted=granted, proof=state.lower()),),
    )
    assert only(read(connector, "customers_email_marketing_consent/update", email)) == ShopperFact(
        external_id="501",
        email="n@s.example",
        consents=(ConsentFact(channel="email", purpose="marketing", granted=granted, proof=state.lower()),),
    )


def test_the_privacy_topics_are_passed_on() -> None:
    who = {"id": 501, "email": "nora@shopper.example", "phone": None}
    asked = {"shop_id": 1, "customer": who, "orders_requested": [700, 701], "data_request": {"id": 99}}
    forget = {"shop_id": 1, "customer": who, "orders_to_redact": [700]}
    nora = {"shopper_external_id": "501", "email": "nora@shopper.example"}

    assert only(read(connector, "customers/data_request", asked)) == PrivacyRequest(
        kind=PrivacyKind.EXPORT, external_id="99", order_external_ids=("700", "701"), **nora
    )
    assert only(read(connector, "customers/redact", forget)) == PrivacyRequest(
        kind=PrivacyKind.ERASE_SHOPPER, order_external_ids=("700",), **nora
    )
    assert only(read(connector, "shop/redact", {"shop_id": 1})) == PrivacyRequest(kind=PrivacyKind.ERASE_SHOP)


def test_a_topic_nobody_knows_is_kept_and_counted() -> None:
    assert read(connector, "returns/request", {"id": 1}) == Translation(
        unknown=(UnknownWord(what="topic", word="returns/request"),)
    )


@pytest.mark.parametrize("topic", [*SUBSCRIBED, *PRIVACY])
def test_a_thing_without_its_id_is_unreadable(topic: str) -> None:
    if topic in ("orders/edited", "fulfillment_events/delete", "shop/redact"):
        assert read(connector, topic, {}).unknown == ()
        return
    with pytest.raises(Unreadable, match=r"without|nobody"):
        read(connector, topic, {"line_items": []})


def test_global_ids_are_the_same_as_plain_ones() -> None:
    assert order_of(id="gid://shopify/Order/700").external_id == "700"


def test_an_address_without_a_country_code_reads_a_two_letter_country() -> None:
    plain = {**ADDRESS, "country_code": None, "country": "de"}
    order = order_of(shipping_address=plain)
    assert order.shipping_address == NORAS_ADDRESS
