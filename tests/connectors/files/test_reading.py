from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from aftermile.connectors.contracts.facts import (
    Address,
    ConsentFact,
    Direction,
    FulfilmentFact,
    OrderFact,
    OrderLineFact,
    OrderState,
    Place,
    ProductFact,
    PromisedWindow,
    RefundFact,
    RefundLineFact,
    ScanTime,
    ShopperFact,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
    UnknownWord,
    VariantFact,
)
from aftermile.connectors.contracts.words import SubStatus
from aftermile.connectors.files import reading
from aftermile.connectors.files.cells import Conventions
from aftermile.connectors.files.fields import FileKind
from aftermile.connectors.files.problems import FileUnreadable, RowProblem
from aftermile.kernel.money import Money
from tests.connectors.files.sources import EUROS, facts, source, utc


def problem(line: int, reason: str, column: str = "") -> RowProblem:
    return RowProblem(file="shop.csv", line=line, reason=reason, column=column)


ORDERS = (
    "order_id;number;order date;customer_id;email;status;total;currency;shipping_name;city;country;"
    "promised date;delivered_at;tracking_number;carrier;tags\n"
    "70;A-70;02.11.2026 10:00;5;nora@shopper.example;versandt;1.049,90;;Nora Lind;Bremen;Deutschland;"
    "09.11.2026;07.11.2026 09:15;OWL1;Owl Post;gift, express\n"
)


def test_an_order_row_is_read_whole() -> None:
    unknown: Counter[UnknownWord] = Counter()
    delivered = ScanTime(
        occurred_at=utc(2026, 11, 7, 8, 15), reported="07.11.2026 09:15", basis=TimeBasis.CARRIER
    )

    assert facts(ORDERS, unknown=unknown) == [
        OrderFact(
            external_id="70",
            number="A-70",
            placed_at=utc(2026, 11, 2, 9),
            currency="EUR",
            shopper=ShopperFact(
                external_id="5", name="Nora Lind", email="nora@shopper.example", country="DE"
            ),
            lines_complete=False,
            total=Money(104990, "EUR"),
            state=OrderState.OPEN,
            source_status="versandt",
            shipping_address=Address(name="Nora Lind", city="Bremen", country="DE"),
            promised=PromisedWindow(latest_date=date(2026, 11, 9)),
            tags=("gift", "express"),
            fulfilments=(
                FulfilmentFact(
                    external_id="70",
                    order_external_id="70",
                    carrier_name="Owl Post",
                    tracking_numbers=("OWL1",),
                ),
            ),
        ),
        TrackingReport(
            tracking_number="OWL1",
            carrier_name="Owl Post",
            fulfilment_external_id="70",
            order_external_id="70",
            events=(TrackingEventFact(time=delivered, code="delivered", sub_status=SubStatus.DELIVERED),),
        ),
    ]
    assert unknown == {UnknownWord(what="carrier", word="Owl Post"): 1}


def test_a_broken_row_is_told_with_its_line_and_reason_and_stops_no_other() -> None:
    rows = facts(
        "order_id,order date,total\n"
        "1,2026-11-02 10:00,19.90\n"
        '2,soon,"5.00"\n'
        "3,2026-11-02 10:00\n"
        ",2026-11-02 10:00,5.00\n"
        "5,2026-11-02 10:00,free\n"
        "6,2026-11-02 10:00,7\n"
    )
    problems = [row for row in rows if isinstance(row, RowProblem)]

    assert [row.external_id for row in rows if isinstance(row, OrderFact)] == ["1", "6"]
    assert problems == [
        problem(3, "'soon' is no date such as 2026-11-21 or 21.11.2026 14:30", "order date"),
        problem(4, "has 2 cells where the header has 3"),
        problem(5, "has no order_id or number"),
        problem(6, "'free' is no amount of money such as 19.90", "total"),
    ]


def test_orders_lines_and_shoppers_of_three_files_come_together() -> None:
    orders = "order_id,customer_id,order date,status\n1,c1,2026-11-02,delivered\n2,c2,2026-11-03,shipped\n"
    lines = (
        "order_id,order_item_id,product_id,quantity,price,freight_value,seller_id\n"
        "2,1,p1,2,10.00,1.50,s1\n1,1,p1,1,10.00,1.50,s1\n2,2,p2,1,5.00,0.50,s2\n"
    )
    shoppers = (
        "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state\n"
        "c1,u1,14409,franca,SP\nc2,u1,09790,sao bernardo,SP\nc3,u3,01151,sao paulo,SP\n"
    )
    brazil = Conventions(currency="BRL", country="BR", time_zone="America/Sao_Paulo")
    nobody = ShopperFact(external_id="u1", country="BR")

    first, second, left_over = facts(orders, lines, shoppers, conventions=brazil)

    assert (first.external_id, first.shopper, first.placed_at) == ("1", nobody, utc(2026, 11, 2, 15))
    assert first.shipping_address == Address(city="franca", state="SP", postal_code="14409", country="BR")
    assert (second.external_id, second.shopper) == ("2", nobody)
    assert second.shipping_address.city == "sao bernardo"
    assert second.lines == (
        OrderLineFact(
            external_id="1",
            title="",
            quantity=2,
            product_external_id="p1",
            variant_external_id="p1",
            unit_price=Money(1000, "BRL"),
            total=Money(2000, "BRL"),
            attributes={"seller": "s1"},
        ),
        OrderLineFact(
            external_id="2",
            title="",
            quantity=1,
            product_external_id="p2",
            variant_external_id="p2",
            unit_price=Money(500, "BRL"),
            total=Money(500, "BRL"),
            attributes={"seller": "s2"},
        ),
    )
    assert (second.subtotal, second.shipping_price, second.total) == (
        Money(2500, "BRL"),
        Money(200, "BRL"),
        Money(2700, "BRL"),
    )
    assert left_over == ShopperFact(external_id="u3", country="BR")


def test_sums_are_not_made_up_where_a_line_was_broken() -> None:
    orders = "order_id,order date\n1,2026-11-02\n2,2026-11-02\n"
    lines = "order_id,sku,quantity,price\n1,a,1,5.00\n1,b,many,5.00\n2,a,1,5.00\n"
    broken, whole = [row for row in facts(orders, lines) if isinstance(row, OrderFact)]

    assert (len(broken.lines), broken.subtotal) == (1, None)
    assert whole.subtotal == Money(500, "EUR")


def test_lines_without_their_orders_say_only_what_they_know() -> None:
    lines = "order_id,sku,quantity,price\n1,a,1,5.00\n1,a,2,5.00\n2,,1,3.00\n"
    found = facts(source(lines, kind=FileKind.ORDER_LINES))

    assert [(order.external_id, [line.external_id for line in order.lines]) for order in found] == [
        ("1", ["a", "a-2"]),
        ("2", ["line-1"]),
    ]
    assert [(order.lines_complete, order.number, order.placed_at) for order in found] == [
        (False, "", None)
    ] * 2


def test_more_lines_than_can_be_held_are_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = "order_id,order date\n" + "".join(f"{number},2026-11-02\n" for number in range(5))
    lines = "order_id,sku,quantity\n" + "".join(f"{number},a,1\n{number},b,1\n" for number in range(5))
    monkeypatch.setattr(reading, "MOST_LINES_HELD", 4)
    found = facts(orders, lines)

    told = [(order.external_id, line.external_id) for order in found for line in order.lines]
    assert sorted(told) == [(str(number), sku) for number in range(5) for sku in "ab"]
    assert sorted(order.external_id for order in found if order.placed_at) == list("01234")


def test_lines_may_name_their_order_by_its_number() -> None:
    orders = "order_id,number,order date\n901,A-1,2026-11-02\n"
    lines = "order number,sku,quantity,price\nA-1,cap,1,5.00\n"
    refunds = "order number,refund amount,reason\nA-1,-5.00,too small\n"

    order, refund = facts(orders, lines, refunds)

    assert (order.external_id, [line.sku for line in order.lines]) == ("901", ["cap"])
    assert refund == RefundFact(
        external_id="901-1", order_external_id="901", amount=Money(500, "EUR"), reason="too small"
    )


SHOPIFY = (
    "Name,Email,Accepts Marketing,Currency,Subtotal,Shipping,Total,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem sku,Lineitem discount,Billing Name,Shipping Zip,Id\n"
    "#1001,nora@shopper.example,yes,EUR,30.00,4.90,34.90,2026-11-02 10:00:00 +0100,2,Wool cap,17.50,CAP,5.00,"
    "Nora Lind,'28195,700\n"
    "#1001,nora@shopper.example,,,,,,,1,Scarf,0.00,,0.00,,,\n"
    "#1002,,no,EUR,5.00,0.00,5.00,2026-11-03 10:00:00 +0100,1,Pin,5.00,PIN,0.00,Ole Ek,,701\n"
)


def test_rows_of_one_order_are_gathered() -> None:
    first, second = facts(SHOPIFY)

    assert (first.external_id, first.number, first.total) == ("700", "#1001", Money(3490, "EUR"))
    assert [
        (line.external_id, line.title, line.quantity, line.total, line.unit_price) for line in first.lines
    ] == [
        ("CAP", "Wool cap", 2, Money(3000, "EUR"), Money(1750, "EUR")),
        ("line-1", "Scarf", 1, Money(0, "EUR"), Money(0, "EUR")),
    ]
    assert first.shopper == ShopperFact(
        name="Nora Lind",
        email="nora@shopper.example",
        country="DE",
        consents=(
            ConsentFact(channel="email", purpose="marketing", granted=True, proof="ticked at checkout"),
        ),
    )
    assert (second.external_id, second.shopper) == ("701", ShopperFact(name="Ole Ek", country="DE"))


def test_a_second_reading_says_the_same() -> None:
    assert facts(SHOPIFY) == facts(SHOPIFY)


def test_lines_of_an_order_whose_first_row_is_broken_make_no_second_order() -> None:
    broken = SHOPIFY.replace("30.00,4.90", "thirty,4.90")
    found = facts(broken)

    assert [row.external_id for row in found if isinstance(row, OrderFact)] == ["701"]
    assert [row.line for row in found if isinstance(row, RowProblem)] == [2, 3]


def test_an_order_whose_rows_are_apart_keeps_all_its_lines() -> None:
    found = facts(
        "order_id,order date,product name,quantity\n1,2026-11-02,Cap,1\n2,2026-11-02,Pin,1\n1,2026-11-02,Mug,1\n"
    )
    told = [
        (order.external_id, order.lines_complete, [line.external_id for line in order.lines])
        for order in found
    ]
    assert told == [("1", False, ["line-1"]), ("2", False, ["line-1"]), ("1", False, ["line-2"])]


def test_a_word_for_a_state_may_be_the_shops_own() -> None:
    content = (
        "order_id,order date,status\n1,2026-11-02,In the kiln\n2,2026-11-02,Smashed\n3,2026-11-02,storniert\n"
    )
    unknown: Counter[UnknownWord] = Counter()
    file = source(content, status_words={"in the kiln": OrderState.OPEN})
    found = facts(file, unknown=unknown)

    assert [(order.state, order.source_status) for order in found] == [
        (OrderState.OPEN, "In the kiln"),
        (None, "Smashed"),
        (OrderState.CANCELLED, "storniert"),
    ]
    assert unknown == {UnknownWord(what="order status", word="Smashed"): 1}


def test_shoppers_are_told_once_with_what_they_allowed() -> None:
    content = (
        "customer_id,name,email,accepts email marketing,country\n"
        "5,Nora Lind,nora@shopper.example,yes,DE\n5,Nora Lind,nora@shopper.example,yes,DE\n"
        ",Ole Ek,ole@shopper.example,no,Atlantis\n,Nobody,,,\n"
    )
    unknown: Counter[UnknownWord] = Counter()

    def consent(granted: bool) -> tuple[ConsentFact, ...]:
        return (ConsentFact(channel="email", purpose="marketing", granted=granted, proof="file shop.csv"),)

    assert facts(content, unknown=unknown) == [
        ShopperFact(
            external_id="5",
            name="Nora Lind",
            email="nora@shopper.example",
            country="DE",
            consents=consent(True),
        ),
        ShopperFact(name="Ole Ek", email="ole@shopper.example", country="DE", consents=consent(False)),
        problem(5, "has no shopper_id or email or phone"),
    ]
    assert unknown == {UnknownWord(what="country", word="Atlantis"): 1}


def test_products_gather_their_variants_and_measures() -> None:
    content = (
        "Handle,Title,Vendor,Variant SKU,Variant Grams,Variant Price,Image Src,Length (cm)\n"
        "cap,Wool cap,Lind,CAP-G,120,17.50,https://cdn.example/1.jpg,12.5\n"
        "cap,,,CAP-R,,18.00,,\n"
        "cap,,,,,,https://cdn.example/2.jpg,\n"
        "mug,Mug,,MUG,0,9.50,,\n"
    )
    assert facts(content) == [
        ProductFact(
            external_id="cap",
            title="Wool cap",
            vendor="Lind",
            image_url="https://cdn.example/1.jpg",
            variants=(
                VariantFact(
                    external_id="CAP-G",
                    sku="CAP-G",
                    price=Money(1750, "EUR"),
                    weight_grams=120,
                    length_mm=125,
                ),
                VariantFact(external_id="CAP-R", sku="CAP-R", price=Money(1800, "EUR")),
            ),
        ),
        ProductFact(
            external_id="mug",
            title="Mug",
            variants=(VariantFact(external_id="mug", sku="MUG", price=Money(950, "EUR")),),
        ),
    ]


def test_a_second_parcel_does_not_replace_the_first() -> None:
    content = (
        "order_id,tracking_number,carrier,shipped_at,delivered_at,direction\n"
        "1,OWL1,,2026-11-03,,\n1,OWL2,,2026-11-03,2026-11-05 10:00,\n2,OWL3,,,,Retoure\n"
    )
    first, second, report, back = facts(content)

    assert [(fact.external_id, fact.tracking_numbers) for fact in (first, second, back)] == [
        ("1:OWL1", ("OWL1",)),
        ("1:OWL2", ("OWL2",)),
        ("2:OWL3", ("OWL3",)),
    ]
    assert [fact.direction for fact in (first, back)] == [Direction.OUTBOUND, Direction.RETURN]
    assert (report.tracking_number, report.fulfilment_external_id) == ("OWL2", "1:OWL2")
    assert [event.sub_status for event in report.events] == [SubStatus.DELIVERED]


def test_parcels_of_one_shipment_are_gathered_by_its_id() -> None:
    (fact,) = facts("shipment_id,order_id,tracking_number\n9,1,OWL1\n9,1,OWL2\n")
    assert (fact.external_id, fact.order_external_id, fact.tracking_numbers) == ("9", "1", ("OWL1", "OWL2"))


EVENTS = (
    "tracking_number,timestamp,code,status,description,city,country\n"
    "OWL1,2026-11-03 18:00,T1,in_transit,Left,Hannover,DE\n"
    "OWL1,2026-11-05 09:00,D1,Delivered_003,Signed,Lisboa,PT\n"
    "OWL2,2026-11-05 10:00,Q9,,Odd,,\n"
)


def test_scans_are_gathered_by_parcel_and_an_unknown_one_is_kept() -> None:
    unknown: Counter[UnknownWord] = Counter()
    first, second = facts(EVENTS, unknown=unknown)

    assert first == TrackingReport(
        tracking_number="OWL1",
        events=(
            TrackingEventFact(
                time=ScanTime(
                    occurred_at=utc(2026, 11, 3, 17), reported="2026-11-03 18:00", basis=TimeBasis.CARRIER
                ),
                code="T1",
                description="Left",
                sub_status=SubStatus.IN_TRANSIT,
                place=Place(city="Hannover", country="DE"),
            ),
            TrackingEventFact(
                time=ScanTime(
                    occurred_at=utc(2026, 11, 5, 8), reported="2026-11-05 09:00", basis=TimeBasis.CARRIER
                ),
                code="D1",
                description="Signed",
                sub_status=SubStatus.SIGNED,
                place=Place(city="Lisboa", country="PT"),
            ),
        ),
    )
    assert [(event.code, event.sub_status) for event in second.events] == [("Q9", None)]
    assert unknown == {UnknownWord(what="status", word="Q9"): 1}


def test_without_a_declared_zone_a_scan_is_read_in_the_zone_of_its_place() -> None:
    report, other = facts(EVENTS, conventions=Conventions())
    assert [(event.time.occurred_at, event.time.basis) for event in (*report.events, *other.events)] == [
        (utc(2026, 11, 3, 17), TimeBasis.PLACE),
        (utc(2026, 11, 5, 9), TimeBasis.PLACE),
        (utc(2026, 11, 5, 10), TimeBasis.ASSUMED),
    ]


def test_a_refund_gathers_its_lines() -> None:
    content = (
        "refund_id,order_id,refund amount,reason,date,line item id,quantity\n"
        "r1,1,-5.00,small,2026-11-05,11,1\nr1,1,-7.50,,,12,2\n"
    )
    assert facts(content) == [
        RefundFact(
            external_id="r1",
            order_external_id="1",
            amount=Money(1250, "EUR"),
            reason="small",
            refunded_at=utc(2026, 11, 5, 11),
            lines=(
                RefundLineFact(line_external_id="11", quantity=1, amount=Money(500, "EUR")),
                RefundLineFact(line_external_id="12", quantity=2, amount=Money(750, "EUR")),
            ),
        )
    ]


def test_a_constant_stands_in_for_every_row() -> None:
    file = source(
        "order_id,order date,total\n1,2026-11-02,5.00\n", constants={"currency": "usd", "status": "paid"}
    )
    (order,) = facts(file)
    assert (order.total, order.source_status, order.currency) == (Money(500, "USD"), "paid", "USD")


def test_the_decimal_mark_and_the_order_of_dates_are_learnt_from_the_column() -> None:
    content = 'order_id,order date,total\n1,03/04/2026,"1.234"\n2,13/04/2026,"9,90"\n'
    assert [(order.placed_at, order.total) for order in facts(content)] == [
        (utc(2026, 4, 3, 10), Money(123400, "EUR")),
        (utc(2026, 4, 13, 10), Money(990, "EUR")),
    ]


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"columns": {"placed_at": "order date"}}, "needs a column for order_id or number"),
        ({"columns": {"order_id": "no such"}}, "has no column 'no such'"),
        ({"columns": {"order_id": "order_id", "wingspan": "order date"}}, "'wingspan' is no field of orders"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_before_anything_is_read(
    mapping: dict[str, Any], says: str
) -> None:
    with pytest.raises(FileUnreadable, match=says):
        facts(source("order_id,order date\n1,2026-11-02\n", kind=FileKind.ORDERS, **mapping))


def test_conventions_name_a_real_zone() -> None:
    with pytest.raises(FileUnreadable, match="no time zone"):
        facts(ORDERS, conventions=Conventions(time_zone="Berlin/Mitte"))
    assert EUROS.zone() is not None
