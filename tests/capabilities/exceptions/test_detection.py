"""What opens, changes and ends exceptions: scans by way of events, and time by way of the watch."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.exceptions.models import ShippingException
from aftermile.capabilities.exceptions.public import (
    Kind,
    State,
    change_thresholds,
    dismiss,
    exceptions_of,
    snooze,
    thresholds,
)
from aftermile.capabilities.shipments.public import resume_parcel, withdraw_parcel
from aftermile.connectors.contracts.facts import Direction, OrderLineFact, OrderState, Place
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.events import latest_position, read
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.exceptions.stories import (
    BY,
    NADIA,
    day,
    everything,
    judge_all,
    judge_now,
    only,
    react,
    scan,
    short,
    tell_hand_over,
    tell_order,
    tell_scans,
    told_of,
)

pytestmark = pytest.mark.django_db


def in_shop(merchant: Any) -> Any:
    return merchant_scope(merchant.id)


class TestEvents:
    def test_a_problem_a_carrier_reports_opens_at_once_and_ends_when_the_parcel_moves(
        self, merchant: Any
    ) -> None:
        with in_shop(merchant):
            tell_order("1", "N1")
            tell_scans("N1", scan(0), scan(1, SubStatus.ADDRESS_ISSUE), at=day(1))
        position = react(merchant)
        with in_shop(merchant):
            view = only("N1")
            assert short(view) == ("address_problem", "open", "")
            assert (view.opened_at, view.since_at, view.carrier) == (day(1), day(1), "ups")
            tell_scans("N1", scan(2, SubStatus.OUT_FOR_DELIVERY), at=day(2))
        react(merchant, position)
        with in_shop(merchant):
            view = only("N1")
            assert short(view) == ("address_problem", "done", "moved")
            assert (view.ended_at, view.ended_by) == (day(2), "")

    def test_one_problem_becomes_another_and_who_had_it_keeps_it(self, merchant: Any) -> None:
        with in_shop(merchant):
            tell_scans("N1", scan(0, SubStatus.REFUSED))
        position = react(merchant)
        with in_shop(merchant):
            ShippingException.rows().update(assigned_to=merchant.id)
            tell_scans("N1", scan(1, SubStatus.RETURNING))
        react(merchant, position)
        with in_shop(merchant):
            assert [short(view) for view in told_of("N1")] == [
                ("returning", "open", ""),
                ("refused", "done", "became"),
            ]
            assert told_of("N1")[0].assigned_to == merchant.id

    def test_a_parcel_without_trouble_costs_one_look(self, merchant: Any) -> None:
        with in_shop(merchant):
            tell_scans("N1", scan(0), scan(1))
        with CaptureQueriesContext(connection) as queries:
            react(merchant)
        about = [query["sql"] for query in queries.captured_queries if "exceptions_" in query["sql"]]
        assert len(about) == 1

    def test_one_no_longer_tracked_is_nobodys_business(self, merchant: Any) -> None:
        with in_shop(merchant):
            parcel_id = tell_scans("N1", scan(0, SubStatus.DAMAGED))
        position = react(merchant)
        with in_shop(merchant):
            withdraw_parcel(parcel_id=parcel_id, by=BY, at=day(1))
        react(merchant, position)
        with in_shop(merchant):
            assert short(only("N1")) == ("damaged", "done", "withdrawn")
            resume_parcel(parcel_id=parcel_id, by=BY, at=day(2))
        react(merchant, position)
        with in_shop(merchant):
            assert short(told_of("N1")[0]) == ("damaged", "open", "")

    def test_events_told_twice_and_scans_in_any_order_come_to_the_same(self, merchant: Any) -> None:
        story = [scan(0), scan(1, SubStatus.CUSTOMS_DELAY), scan(2, SubStatus.CUSTOMS_CLEARED),
                 scan(3, SubStatus.ADDRESS_ISSUE)]  # fmt: skip
        for index, order in enumerate(itertools.permutations(story)):
            with in_shop(merchant):
                before = latest_position()
                for one in order:
                    tell_scans(f"N{index}", one, at=day(3))
            react(merchant, before)
            react(merchant, before)
            with in_shop(merchant):
                open_ones = [view for view in told_of(f"N{index}") if view.state is not State.DONE]
                assert [(view.kind, view.since_at) for view in open_ones] == [
                    (Kind.ADDRESS_PROBLEM, open_ones[0].since_at)
                ]

    def test_a_returning_parcel_of_a_return_needs_nobody(self, merchant: Any) -> None:
        with in_shop(merchant):
            tell_scans("N1", scan(0, SubStatus.DAMAGED), direction=Direction.RETURN)
        react(merchant)
        with in_shop(merchant):
            assert told_of("N1") == []


class TestTime:
    def test_silence_opens_grows_and_becomes_a_probable_loss(self, merchant: Any) -> None:
        with in_shop(merchant):
            tell_order("1", "N1")
            tell_scans("N1", scan(0), at=day(0))
        judge_all(merchant, 2)
        with in_shop(merchant):
            assert told_of("N1") == []
        judge_all(merchant, 3)
        judge_all(merchant, 4)
        with in_shop(merchant):
            view = only("N1")
            assert (view.kind, view.days, view.opened_at, view.changed_at) == (
                Kind.STALLED, 4, day(3), day(3),
            )  # fmt: skip
        judge_all(merchant, 7)
        with in_shop(merchant):
            assert [short(view) for view in told_of("N1")] == [
                ("probably_lost", "open", ""),
                ("stalled", "done", "became"),
            ]

    def test_however_often_and_in_whatever_portions_it_is_looked(
        self, merchant: Any, other_merchant: Any
    ) -> None:
        stands = []
        for shop, days in ((merchant, [8]), (other_merchant, [3, 3, 5, 8, 8])):
            with in_shop(shop):
                for index in range(7):
                    tell_scans(f"N{index}", scan(index % 3), at=day(0))
            for count in days:
                judge_all(shop, count)
            with in_shop(shop):
                rows = everything()
                stands.append(sorted(row[2:] for row in rows if row[5] == "open"))
                assert len(stands[-1]) == 7
        assert stands[0] == stands[1]

    def test_a_promise_that_passed_and_one_that_will(self, merchant: Any) -> None:
        with in_shop(merchant):
            tell_order("1", "N1", promised=day(1).date())
            tell_scans("N1", scan(0), scan(2), at=day(2))
            tell_order("2", "N2", promised=day(4).date())
            tell_scans("N2", scan(2), at=day(2), estimate=day(6).date())
        judge_all(merchant, 3)
        with in_shop(merchant):
            late, predicted = only("N1"), only("N2")
            assert (late.kind, late.days, late.promised_latest) == (Kind.LATE, 2, day(1).date())
            assert (predicted.kind, predicted.days, predicted.estimate_latest) == (
                Kind.LATE,
                2,
                day(6).date(),
            )

    def test_a_label_nobody_picked_up(self, merchant: Any) -> None:
        with in_shop(merchant):
            tell_order("1", "N1")
        judge_all(merchant, 4)
        with in_shop(merchant):
            assert short(only("N1")) == ("never_handed_over", "open", "")
            tell_scans("N1", scan(4.5, SubStatus.ACCEPTED), at=day(5))
        judge_all(merchant, 5)
        with in_shop(merchant):
            assert short(only("N1")) == ("never_handed_over", "done", "moved")

    def test_a_parcel_from_abroad_has_longer(self, merchant: Any) -> None:
        with in_shop(merchant):
            way = {"origin": Place(country="SE"), "destination": Place(country="DE")}
            tell_scans("N1", scan(0), at=day(0), **way)
        judge_all(merchant, 4)
        with in_shop(merchant):
            assert told_of("N1") == []

    def test_a_delivery_whose_event_went_astray_is_found_all_the_same(self, merchant: Any) -> None:
        with in_shop(merchant):
            tell_scans("N1", scan(0), at=day(0))
        judge_all(merchant, 4)
        with in_shop(merchant):
            tell_scans("N1", scan(4, SubStatus.DELIVERED), at=day(5))
        judge_all(merchant, 5)
        with in_shop(merchant):
            assert short(only("N1")) == ("stalled", "done", "delivered")

    def test_what_was_put_off_comes_back_on_its_day(self, merchant: Any) -> None:
        with in_shop(merchant):
            tell_scans("N1", scan(0), at=day(0))
        judge_all(merchant, 3)
        with in_shop(merchant):
            snooze(ids=[only("N1").id], until=day(5), reason="asked", by=NADIA, at=day(3))
        judge_all(merchant, 4)
        with in_shop(merchant):
            assert only("N1").state is State.SNOOZED
        judge_all(merchant, 5)
        with in_shop(merchant):
            assert (only("N1").state, only("N1").snoozed_until) == (State.OPEN, None)

    def test_what_a_person_dismissed_stays_dismissed_until_it_is_another(self, merchant: Any) -> None:
        with in_shop(merchant):
            tell_scans("N1", scan(0), at=day(0))
        judge_all(merchant, 3)
        with in_shop(merchant):
            dismiss(ids=[only("N1").id], reason="on a ship", by=NADIA, at=day(3))
        judge_all(merchant, 4)
        with in_shop(merchant):
            assert short(only("N1")) == ("stalled", "done", "dismissed")
            tell_scans("N1", scan(4), at=day(4))
        judge_all(merchant, 10)
        with in_shop(merchant):
            assert [short(view) for view in told_of("N1")] == [
                ("stalled", "open", ""),
                ("stalled", "done", "dismissed"),
            ]

    def test_history_that_is_taken_in_opens_nothing_old(self, merchant: Any) -> None:
        with in_shop(merchant):
            tell_scans("N1", scan(-70), at=day(0))
            tell_scans("N2", scan(-70, SubStatus.LOST), at=day(0))
        react(merchant)
        judge_all(merchant, 0)
        with in_shop(merchant):
            assert everything() == []


class TestOrders:
    def test_an_order_nothing_was_shipped_of(self, merchant: Any) -> None:
        with in_shop(merchant):
            order_id = tell_order("1", placed=0)
            tell_order("2", "N2", placed=0)
            tell_order("3", placed=0, state=OrderState.COMPLETED)
            tell_order("4", placed=0, financial_status="pending")
            mail = OrderLineFact(external_id="1", title="A file", quantity=1, requires_shipping=False)
            tell_order("5", placed=0, lines=(mail,))
        judge_all(merchant, 3)
        position = react(merchant)
        with in_shop(merchant):
            assert [row[1:3] for row in everything()] == [(order_id, "not_shipped")]
            tell_hand_over("1", "N1", at=day(3))
        react(merchant, position)
        with in_shop(merchant):
            (view,) = exceptions_of(order_ids=[order_id])
            assert short(view) == ("not_shipped", "done", "shipped")

    def test_one_that_was_cancelled_ends(self, merchant: Any) -> None:
        with in_shop(merchant):
            order_id = tell_order("1", placed=0)
        judge_all(merchant, 4)
        with in_shop(merchant):
            position = latest_position()
            tell_order("1", placed=0, state=OrderState.CANCELLED, updated_at=day(4))
        react(merchant, position)
        with in_shop(merchant):
            (view,) = exceptions_of(order_ids=[order_id])
            assert short(view) == ("not_shipped", "done", "cancelled")


class TestThresholds:
    def test_they_hold_from_the_next_watch_and_queue_one(self, merchant: Any) -> None:
        with in_shop(merchant):
            tell_scans("N1", scan(0), at=day(0))
        judge_all(merchant, 3)
        with in_shop(merchant):
            change_thresholds(given={"stalled_domestic_business_days": 5}, by=NADIA, at=day(3))
            assert thresholds().stalled_domestic_business_days == 5
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'exceptions.watch'")
            assert cursor.fetchone() == (1,)
        judge_all(merchant, 4)
        with in_shop(merchant):
            assert short(only("N1")) == ("stalled", "done", "no_longer")


def test_what_happens_is_told(merchant: Any) -> None:
    with in_shop(merchant):
        tell_scans("N1", scan(0, SubStatus.LOST))
    position = react(merchant)
    with in_shop(merchant):
        view = only("N1")
        tell_scans("N1", scan(1))
        happened = [
            (each.type, each.event.exception_id) for each in read(after=0) if "exception" in each.type
        ]
        assert happened == [("exception.opened", view.id)]
    react(merchant, position - 1)
    with in_shop(merchant):
        (ended,) = [each.event for each in read(after=0) if each.type == "exception.resolved"]
        assert (ended.exception_id, ended.ending, ended.by_a_person) == (view.id, "moved", False)


def test_no_shop_sees_anothers(merchant: Any, other_merchant: Any) -> None:
    with in_shop(merchant):
        parcel_id = tell_scans("N1", scan(0, SubStatus.LOST))
    react(merchant)
    judge_all(other_merchant, 1)
    with in_shop(other_merchant):
        judge_now(1, parcel_id)
        assert everything() == []
        assert exceptions_of(parcel_ids=[parcel_id]) == []
    with in_shop(merchant):
        assert short(only("N1")) == ("lost", "open", "")


@pytest.mark.parametrize("kind", ["opening", "keeping", "resolving"])
def test_a_batch_takes_as_many_statements_as_one(merchant: Any, kind: str) -> None:
    counted = []
    with in_shop(merchant):
        judge_now(0, tell_scans("first", scan(0)))  # from now on the merchant has its row of thresholds
    for size in (1, 3, 30):
        with in_shop(merchant):
            ids = [tell_scans(f"{kind}{size}-{index}", scan(0), at=day(0)) for index in range(size)]
            if kind != "opening":
                judge_now(3, *ids)
            if kind == "resolving":
                for index in range(size):
                    tell_scans(f"{kind}{size}-{index}", scan(4), at=day(4))
        with in_shop(merchant), CaptureQueriesContext(connection) as queries:
            judge_now(4, *ids)
        counted.append(len(queries))
    assert counted == [counted[0]] * 3
    assert counted[0] <= 12
