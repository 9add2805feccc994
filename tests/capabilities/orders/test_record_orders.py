from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftermile.capabilities.orders.models import Order, OrderLine, Refund
from aftermile.capabilities.orders.public import (
    OrderCancelled,
    OrderChanged,
    OrderPlaced,
    OrderView,
    RecordedOrder,
    State,
    list_orders,
    order,
    orders_by_external,
)
from aftermile.connectors.contracts.facts import (
    Address,
    OrderFact,
    OrderState,
    PromisedWindow,
    RefundFact,
    RefundLineFact,
    ShopperFact,
)
from aftermile.kernel.bounds import FactOutOfBounds
from aftermile.kernel.money import Money
from tests.capabilities.orders.orders import HOME, ORDER, eur, line
from tests.capabilities.shop import (
    counted,
    fresh_merchant,
    later,
    log,
    log_types,
    scope,
    shuffled_and_split,
    tell_orders,
    writes,
)
from tests.conftest import NOON


def only(merchant: Any) -> OrderView:
    with scope(merchant):
        (view,) = list_orders()
        return view


def test_an_order_is_kept_with_everything_told(merchant: Any) -> None:
    (recorded,) = tell_orders(merchant, ORDER)
    kept = only(merchant)
    assert recorded == RecordedOrder(kept.id, created=True, changed=True)
    assert (kept.source, kept.external_id, kept.number, kept.state) == ("shop", "1001", "#1001", State.OPEN)
    assert kept.shopper is not None
    assert (kept.shopper.name, kept.shopper.email) == ("Astrid Lindgren", "astrid@example.com")
    assert (kept.currency, kept.subtotal_minor, kept.shipping_minor) == ("EUR", 2800, 490)
    assert (kept.tax_minor, kept.discount_minor, kept.total_minor, kept.refunded_minor) == (230, 100, 3290, 0)
    assert (kept.source_status, kept.financial_status, kept.fulfilment_status) == (
        "processing",
        "paid",
        "unfulfilled",
    )
    assert (kept.shipping_address, kept.billing_address, kept.shipping_method) == (HOME, HOME, "DHL Paket")
    assert (kept.promised_earliest_date, kept.promised_latest_date) == (date(2026, 3, 4), date(2026, 3, 6))
    assert (kept.language, kept.tags, kept.note, kept.attributes) == (
        "sv",
        ("gift",),
        "for Karin",
        {"channel": "web"},
    )
    assert [
        (
            each.external_id,
            each.sku,
            each.quantity,
            each.unit_price_minor,
            each.total_minor,
            each.requires_shipping,
        )
        for each in kept.lines
    ] == [("a", "PIPPI", 2, 1000, 1900, True), ("b", "MADITA", 1, 900, 900, False)]
    assert kept.page_token.startswith("t_")
    assert log(merchant)[1:] == [
        OrderPlaced(
            order_id=kept.id,
            source="shop",
            external_id="1001",
            number="#1001",
            placed_at=NOON,
            shopper_id=kept.shopper.id,
            total_minor=3290,
            currency="EUR",
        )
    ]


@pytest.mark.parametrize(
    "fact", [ORDER, replace(ORDER, updated_at=None)], ids=["versioned", "without version"]
)
def test_the_same_again_changes_writes_and_says_nothing(merchant: Any, fact: OrderFact) -> None:
    tell_orders(merchant, fact)
    before = only(merchant)
    with counted() as queries:
        (again,) = tell_orders(merchant, fact, at=later(days=1))
    assert again == RecordedOrder(before.id, created=False, changed=False)
    assert writes(queries) == []
    assert only(merchant) == before
    assert log_types(merchant) == ["shopper.recorded", "order.placed"]


def test_the_same_content_in_other_words_changes_nothing(merchant: Any) -> None:
    """What the digest cannot see the comparison does."""
    tell_orders(merchant, replace(ORDER, updated_at=None))
    before = only(merchant)
    less = replace(ORDER, updated_at=None, note="", lines=ORDER.lines[:1], lines_complete=False)
    (again,) = tell_orders(merchant, less, at=later(days=1))
    assert again.changed is False
    assert only(merchant) == before


def test_a_newer_fact_stands_and_an_older_one_only_fills(merchant: Any) -> None:
    tell_orders(merchant, replace(ORDER, note="", updated_at=later(hours=2), financial_status="paid"))
    (old,) = tell_orders(merchant, replace(ORDER, updated_at=later(hours=1), financial_status="pending"))
    kept = only(merchant)
    assert (kept.financial_status, kept.note) == ("paid", "for Karin")
    assert (old.created, old.changed) == (False, True)
    assert log(merchant)[-1] == OrderChanged(order_id=kept.id, changed=("note",))
    assert kept.source_updated_at == later(hours=2)


def test_a_newer_fact_that_says_nothing_new_moves_the_version_silently(merchant: Any) -> None:
    tell_orders(merchant, ORDER)
    (recorded,) = tell_orders(merchant, replace(ORDER, updated_at=later(hours=2)))
    assert recorded.changed is False
    assert log_types(merchant) == ["shopper.recorded", "order.placed"]
    tell_orders(merchant, replace(ORDER, updated_at=later(hours=1), note="late"))
    assert only(merchant).note == "for Karin"


def test_of_two_facts_of_one_second_the_further_one_stands(merchant: Any, other_merchant: Any) -> None:
    pending = replace(ORDER, financial_status="pending")
    tell_orders(merchant, pending)
    tell_orders(merchant, ORDER)
    tell_orders(other_merchant, ORDER)
    tell_orders(other_merchant, pending)
    assert only(merchant).financial_status == "paid"
    assert only(other_merchant).financial_status == "paid"


def test_without_versions_the_last_word_stands_even_within_a_batch(merchant: Any) -> None:
    first, second = (replace(ORDER, updated_at=None, note=note) for note in ("first", "second"))
    recorded = tell_orders(merchant, first, second)
    assert recorded[0] == recorded[1]
    assert only(merchant).note == "second"
    tell_orders(merchant, first, at=later(hours=1))
    assert only(merchant).note == "first"
    assert log_types(merchant) == ["shopper.recorded", "order.placed", "order.changed"]


def test_a_line_no_longer_named_is_marked_and_comes_back_when_named(merchant: Any) -> None:
    def removed() -> dict[str, bool]:
        return {each.external_id: each.removed for each in only(merchant).lines}

    tell_orders(merchant, ORDER)
    tell_orders(merchant, replace(ORDER, updated_at=later(hours=2), lines=ORDER.lines[:1]))
    assert removed() == {"a": False, "b": True}
    tell_orders(merchant, replace(ORDER, updated_at=later(hours=1), lines=(*ORDER.lines, line("c"))))
    assert removed() == {"a": False, "b": True, "c": True}
    partial = replace(ORDER, updated_at=later(hours=3), lines=(line("b"),), lines_complete=False)
    tell_orders(merchant, partial)
    assert removed() == {"a": False, "b": False, "c": True}


def test_without_versions_lines_are_removed_as_well(merchant: Any) -> None:
    tell_orders(merchant, replace(ORDER, updated_at=None))
    tell_orders(merchant, replace(ORDER, updated_at=None, lines=ORDER.lines[1:]), at=later(hours=1))
    assert [(each.external_id, each.removed) for each in only(merchant).lines] == [("b", False), ("a", True)]


def test_a_removed_line_keeps_what_was_known_of_it(merchant: Any) -> None:
    tell_orders(merchant, ORDER)
    tell_orders(merchant, replace(ORDER, updated_at=later(hours=1), lines=ORDER.lines[1:]))
    gone = next(each for each in only(merchant).lines if each.removed)
    assert (gone.external_id, gone.quantity, gone.total_minor) == ("a", 2, 1900)


def test_two_lines_named_alike_are_both_kept(merchant: Any) -> None:
    alike = replace(ORDER, lines=(line("x", 1), line("x", 2)))
    tell_orders(merchant, alike)
    tell_orders(merchant, replace(alike, updated_at=later(hours=1)))
    assert [(each.external_id, each.quantity) for each in only(merchant).lines] == [("x", 1), ("x#2", 2)]


def test_the_promise_is_written_once(merchant: Any) -> None:
    other = PromisedWindow(latest_date=date(2026, 12, 24))
    tell_orders(merchant, replace(ORDER, promised=None))
    tell_orders(merchant, replace(ORDER, updated_at=later(hours=1)), at=later(hours=1))
    tell_orders(merchant, replace(ORDER, updated_at=later(hours=2), promised=other), at=later(hours=2))
    kept = only(merchant)
    assert (kept.promised_earliest_date, kept.promised_latest_date) == (date(2026, 3, 4), date(2026, 3, 6))
    assert kept.promised_set_at == later(hours=1)


def test_of_promises_in_one_batch_the_oldest_stands(merchant: Any) -> None:
    newer = replace(ORDER, updated_at=later(hours=1), promised=PromisedWindow(latest_date=date(2026, 12, 24)))
    tell_orders(merchant, newer, ORDER)
    assert only(merchant).promised_latest_date == date(2026, 3, 6)


def test_a_cancellation_is_folded_and_can_be_taken_back(merchant: Any) -> None:
    tell_orders(merchant, ORDER)
    cancelled = replace(
        ORDER,
        updated_at=later(hours=1),
        state=None,
        cancelled_at=later(minutes=50),
        cancel_reason="changed my mind",
    )
    tell_orders(merchant, cancelled)
    kept = only(merchant)
    assert (kept.state, kept.cancelled_at, kept.cancel_reason) == (
        State.CANCELLED,
        later(minutes=50),
        "changed my mind",
    )
    assert log(merchant)[-1] == OrderCancelled(order_id=kept.id, cancelled_at=later(minutes=50))
    tell_orders(merchant, replace(ORDER, updated_at=later(hours=2)))
    kept = only(merchant)
    assert (kept.state, kept.cancelled_at, kept.cancel_reason) == (State.OPEN, None, "")


def test_an_order_nobody_gave_a_state_is_open_until_somebody_does(merchant: Any) -> None:
    tell_orders(merchant, replace(ORDER, state=None, updated_at=later(hours=1)))
    assert only(merchant).state is State.OPEN
    tell_orders(merchant, replace(ORDER, state=OrderState.COMPLETED))
    assert only(merchant).state is State.COMPLETED


def test_units_cancelled_of_a_line_are_kept(merchant: Any) -> None:
    tell_orders(merchant, ORDER)
    tell_orders(
        merchant, replace(ORDER, updated_at=later(hours=1), lines=(line("a", 2, cancelled_quantity=1),))
    )
    first = only(merchant).lines[0]
    assert (first.quantity, first.cancelled_quantity) == (2, 1)


def test_refunds_are_added_up_in_the_orders_currency(merchant: Any) -> None:
    refunds = (
        RefundFact(
            external_id="r1",
            order_external_id="1001",
            amount=eur(900),
            reason="torn",
            refunded_at=later(hours=1),
            lines=(RefundLineFact(line_external_id="b", quantity=1, amount=eur(900)),),
        ),
        RefundFact(external_id="r2", order_external_id="1001", amount=Money(500, "SEK")),
    )
    tell_orders(merchant, replace(ORDER, refunds=refunds))
    kept = only(merchant)
    assert kept.refunded_minor == 900
    assert [(each.external_id, each.amount_minor, each.currency, each.reason) for each in kept.refunds] == [
        ("r1", 900, "EUR", "torn"),
        ("r2", 500, "SEK", ""),
    ]
    assert [(each.line_external_id, each.quantity, each.amount_minor) for each in kept.refunds[0].lines] == [
        ("b", 1, 900)
    ]
    assert log_types(merchant)[-2:] == ["order.refunded", "order.refunded"]


def test_an_amount_in_another_currency_is_kept_beside(merchant: Any) -> None:
    tell_orders(merchant, replace(ORDER, tax=Money(2500, "SEK")))
    kept = only(merchant)
    assert kept.tax_minor is None
    assert kept.foreign_amounts == {"tax_minor": {"amount_minor": 2500, "currency": "SEK"}}


def test_the_currency_is_the_totals_when_the_order_names_none(merchant: Any) -> None:
    tell_orders(merchant, replace(ORDER, currency=""))
    assert (only(merchant).currency, only(merchant).total_minor) == ("EUR", 3290)


def test_a_shopper_without_id_or_address_leaves_the_order_without_shopper(merchant: Any) -> None:
    tell_orders(merchant, replace(ORDER, shopper=ShopperFact(name="Astrid")))
    assert only(merchant).shopper is None


def test_a_phone_is_dialed_where_the_order_is_billed(merchant: Any) -> None:
    tell_orders(merchant, replace(ORDER, shopper=ShopperFact(phone="070-174 06 05")))
    shopper = only(merchant).shopper
    assert shopper is not None
    assert shopper.phone == "+46701740605"


def test_an_old_order_told_again_does_not_bring_an_old_name_back(merchant: Any) -> None:
    old = replace(ORDER, shopper=ShopperFact(external_id="7", name="Astrid Ericsson"))
    new = replace(ORDER, external_id="1002", placed_at=later(days=9), updated_at=later(days=9))
    tell_orders(merchant, old, new)
    tell_orders(merchant, replace(old, updated_at=later(days=20), fulfilment_status="fulfilled"))
    with scope(merchant):
        assert {view.shopper.name for view in list_orders() if view.shopper} == {"Astrid Lindgren"}


@pytest.mark.parametrize(
    "odd",
    [
        replace(ORDER, external_id=""),
        replace(ORDER, external_id="x" * 501),
        replace(ORDER, number="#" * 501),
        replace(ORDER, lines=(line("a", 10**16),)),
        replace(ORDER, lines=(line("a", 1, cancelled_quantity=-(10**16)),)),
        replace(ORDER, lines=(line(""),)),
        replace(ORDER, shopper=ShopperFact(external_id="x" * 501)),
        replace(ORDER, refunds=(RefundFact(external_id="", order_external_id="1001"),)),
    ],
)
def test_what_no_column_holds_is_refused_with_its_place_before_anything_is_written(
    merchant: Any, odd: OrderFact
) -> None:
    with pytest.raises(FactOutOfBounds) as refusal:
        tell_orders(merchant, replace(ORDER, external_id="fine"), odd)
    assert refusal.value.details == {"index": 1}
    with scope(merchant):
        assert list_orders() == []


def test_odd_texts_and_counts_are_kept(merchant: Any) -> None:
    odd = replace(
        ORDER,
        external_id="\\\"{%s},'",
        note="x" * 200_000,
        shipping_method="nul\x00 half\ud800",
        lines=(line("a", 0), line("b", -3), replace(line("c"), title="")),
        attributes={"deep": [{"n": float("inf")}], "\x00": "\ud800"},
    )
    tell_orders(merchant, odd)
    kept = only(merchant)
    assert kept.external_id == "\\\"{%s},'"
    assert (len(kept.note), kept.shipping_method) == (200_000, "nul half")
    assert [each.quantity for each in kept.lines] == [0, -3, 1]
    with scope(merchant):
        assert list(orders_by_external("shop", ["\\\"{%s},'", "unknown"])) == ["\\\"{%s},'"]


def test_a_batch_takes_a_handful_of_statements_however_many_facts(merchant: Any) -> None:
    def batch(first: int, size: int, updated_at: Any = NOON) -> int:
        facts = [
            replace(
                ORDER,
                external_id=str(number),
                updated_at=updated_at,
                shopper=ShopperFact(external_id=str(number), email=f"{number}@example.com"),
            )
            for number in range(first, first + size)
        ]
        with counted() as queries:
            tell_orders(merchant, *facts)
        return len(queries)

    assert batch(0, 1) == batch(100, 40) <= 17  # that which queues the jobs is one of them
    assert batch(0, 1, later(hours=1)) == batch(100, 40, later(hours=1)) <= 15
    assert batch(0, 1, later(hours=1)) == batch(100, 40, later(hours=1)) <= 5


def test_another_merchants_orders_do_not_exist(merchant: Any, other_merchant: Any) -> None:
    refund = RefundFact(external_id="r1", order_external_id="1001", amount=eur(1))
    tell_orders(merchant, replace(ORDER, refunds=(refund,)))
    ours = only(merchant)
    with scope(other_merchant):
        assert list_orders() == []
        assert list_orders(number="1001", email="astrid@example.com") == []
        assert orders_by_external("shop", ["1001"]) == {}
        with connection.cursor() as cursor:  # the second wall, without our manager
            for model in (Order, OrderLine, Refund):
                cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
                assert cursor.fetchone() == (0,)
            cursor.execute("UPDATE orders_order SET note = 'crossed' WHERE id = %s", [ours.id])
            assert cursor.rowcount == 0
    tell_orders(other_merchant, replace(ORDER, note="theirs"))
    assert only(merchant) == ours
    assert only(other_merchant).id != ours.id


def told(name: str, values: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from([{}, *({name: value} for value in values)])


line_facts = st.builds(
    lambda external_id, quantity, sku, cancelled: line(
        external_id, quantity, sku=sku, cancelled_quantity=cancelled
    ),
    st.sampled_from("abc"),
    st.integers(1, 2),
    st.sampled_from(["", "X", "Y"]),
    st.integers(0, 1),
)
refund_facts = st.builds(
    lambda external_id, amount, reason: RefundFact(
        external_id=external_id, order_external_id="", amount=amount and eur(amount), reason=reason
    ),
    st.sampled_from(["r1", "r2"]),
    st.sampled_from([None, 100, 200]),
    st.sampled_from(["", "torn", "late"]),
)
order_facts = st.builds(
    lambda external_id, minute, lines, complete, refunds, *fields: OrderFact(
        external_id=external_id,
        updated_at=NOON + timedelta(minutes=minute),
        lines=tuple({each.external_id: each for each in lines}.values()),
        lines_complete=complete,
        refunds=tuple({each.external_id: each for each in refunds}.values()),
        **{name: value for field in fields for name, value in field.items()},
    ),
    st.sampled_from(["1", "2"]),
    st.integers(1, 4),
    st.lists(line_facts, max_size=3),
    st.booleans(),
    st.lists(refund_facts, max_size=2),
    told("note", ["ring", "knock"]),
    told("financial_status", ["pending", "paid", "never heard of"]),
    told("total", [eur(100), eur(200)]),
    told("state", [OrderState.OPEN, OrderState.COMPLETED, OrderState.DELETED]),
    told("cancelled_at", [NOON, later(hours=1)]),
    told("shipping_address", [HOME, Address(city="Vimmerby", country="SE")]),
    told("tags", [("a",), ("b", "a")]),
    told("attributes", [{"a": 1}, {"b": [1.5, None]}]),
    told("shopper", [ShopperFact(external_id="7"), ShopperFact(email="astrid@example.com")]),
)


def known_of(merchant: Any) -> list[Any]:
    """Everything that is known, without what tells of the telling: ids and moments of ours."""
    with scope(merchant):
        return sorted(
            (
                view.external_id,
                view.state,
                view.number,
                view.note,
                view.financial_status,
                (view.currency, view.total_minor, view.refunded_minor),
                str(view.cancelled_at),
                str(view.shipping_address),
                view.tags,
                str(view.attributes),
                (view.shopper.email if view.shopper else None),
                str(view.source_updated_at),
                [
                    (each.external_id, each.quantity, each.cancelled_quantity, each.sku, each.removed)
                    for each in view.lines
                ],
                [
                    (each.external_id, str(each.amount_minor), each.currency, each.reason)
                    for each in view.refunds
                ],
            )
            for view in list_orders()
        )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(order_facts, min_size=1, max_size=6), st.integers(1, 5), st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_repeats_do_not_matter(
    db: None, facts: list[OrderFact], batch: int, random: Any
) -> None:
    plain, shuffled = fresh_merchant(), fresh_merchant()
    tell_orders(plain, *facts)
    order = [*range(len(facts))] * 2
    random.shuffle(order)
    for dealt in shuffled_and_split(facts, order, batch):
        tell_orders(shuffled, *dealt)
    assert known_of(shuffled) == known_of(plain)


@pytest.mark.django_db(transaction=True)
def test_threads_that_record_the_same_orders_make_each_once_and_lose_nothing() -> None:
    merchant = fresh_merchant()
    start, failures = Barrier(4), []

    def record(turn: int) -> None:
        facts = [
            replace(
                ORDER,
                external_id=str(number),
                updated_at=later(minutes=10 * step + turn),
                note=f"{step}.{turn}",
                lines=(line("a"), line(f"of {turn}")),
                lines_complete=False,
                shopper=ShopperFact(external_id=str(number % 5), email=f"{number % 5}@example.com"),
            )
            for step in range(3)
            for number in range(25)
        ]
        if turn % 2:
            facts.reverse()
        try:
            start.wait()
            for first in range(0, len(facts), 15):
                tell_orders(merchant, *facts[first : first + 15])
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=record, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with scope(merchant):
        views = list_orders(limit=100)
    assert len(views) == 25
    assert {view.note for view in views} == {"2.3"}
    assert {tuple(sorted(each.external_id for each in view.lines)) for view in views} == {
        ("a", "of 0", "of 1", "of 2", "of 3")
    }
    assert log_types(merchant).count("order.placed") == 25


def test_order_reads_back_by_id(merchant: Any) -> None:
    (recorded,) = tell_orders(merchant, ORDER)
    with scope(merchant):
        assert order(recorded.order_id) == only(merchant)
