"""Estimates as rows: made of what is scanned and ordered, renewed by events and by time, and kept as they were."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.orders.models import Order
from aftermile.capabilities.promises.live_model import live_model_or_none
from aftermile.capabilities.promises.models import EstimateRevision, ModelVersion
from aftermile.capabilities.promises.operations.model_life import keep_model
from aftermile.capabilities.promises.operations.renew import renew_orders, renew_parcels
from aftermile.capabilities.promises.public import (
    EstimateSettings,
    EstimateSettingsUnreadable,
    EstimateView,
    ModelNotUsable,
    Source,
    change_estimate_settings,
    estimates,
    models,
    renew,
    restore_estimate_settings,
    retire_model,
    revisions,
    use_model,
)
from aftermile.capabilities.promises.reactions import renew_what_moved, renew_what_was_ordered
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.console.expected import expected
from aftermile.kernel.calendars import zone_of
from aftermile.kernel.events import read
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.exceptions.stories import day, scan, tell_hand_over, tell_order, tell_scans
from tests.capabilities.shop import log_types

pytestmark = pytest.mark.django_db
PROMISED = date(2026, 3, 6)


def in_shop(merchant: Any) -> Any:
    return merchant_scope(merchant.id)


def of(subject_id: UUID) -> EstimateView:
    return estimates([subject_id])[subject_id]


def react(merchant: Any) -> None:
    """Run the room's reactions on all that ever happened."""
    with in_shop(merchant):
        happened = read(after=0)
        for reaction, types in (
            (
                renew_what_was_ordered,
                {"order.placed", "order.cancelled", "order.deleted", "shipment.recorded"},
            ),
            (renew_what_moved, {"parcel.tracked", "parcel.withdrawn", "parcel.resumed"}),
        ):
            heard = [published for published in happened if published.type in types]
            if heard:
                reaction(heard)


def told(merchant: Any) -> list[str]:
    """What the room told, in the order of the log."""
    own = ("estimate.", "delay.", "promise.", "delivery.")
    return [name for name in log_types(merchant) if name.startswith(own)]


class TestFromOrderToDoor:
    def test_an_order_is_expected_at_once_its_parcel_takes_over_and_the_promise_is_kept(
        self, merchant: Any
    ) -> None:
        with in_shop(merchant):
            order_id = tell_order("1", promised=PROMISED)
        react(merchant)
        with in_shop(merchant):
            first = of(order_id)
            assert (first.stage, first.source, first.is_open, first.reason) == (
                "ordered",
                "rule",
                True,
                "first",
            )
            tell_hand_over("1", "N1")
            parcel_id = tell_scans("N1", scan(0), scan(1), at=day(1), estimate=date(2026, 3, 5))
        react(merchant)
        react(merchant)
        with in_shop(merchant):
            assert of(order_id).is_open is False
            held = of(parcel_id)
            assert (held.stage, held.source, held.promised_latest) == ("in_transit", "carrier", PROMISED)
            assert [stage.stage for stage in held.stages] == ["ordered", "in_transit"]
            tell_scans("N1", scan(3, SubStatus.DELIVERED), at=day(3))
        react(merchant)
        react(merchant)
        assert told(merchant) == ["promise.kept", "delivery.measured"]

    def test_time_alone_predicts_a_delay_and_breaks_the_promise(self, merchant: Any) -> None:
        with in_shop(merchant):
            tell_order("1", "N1", promised=PROMISED)
            parcel_id = tell_scans("N1", scan(0), at=day(0), estimate=date(2026, 3, 6))
            renew_parcels(parcel_ids=[parcel_id], at=day(0))
            tell_scans("N1", scan(2), at=day(2), estimate=date(2026, 3, 10))
            renew_parcels(parcel_ids=[parcel_id], at=day(2))
        for count in (3, 5, 5.1, 6):
            renew(merchant.id, at=day(count), at_once=1)
        assert told(merchant) == ["estimate.revised", "delay.predicted", "promise.broken"]
        with in_shop(merchant):
            assert [(one.revision, one.reason) for one in revisions(parcel_id)] == [
                (2, "carrier"),
                (1, "first"),
            ]

    def test_what_is_called_off_is_expected_no_longer(self, merchant: Any) -> None:
        with in_shop(merchant):
            order_id = tell_order("1", promised=PROMISED)
            renew_orders(order_ids=[order_id], at=day(0))
            Order.rows().filter(id=order_id).update(state="cancelled")
            renew_orders(order_ids=[order_id], at=day(1))
            assert of(order_id).is_open is False

    def test_as_many_statements_for_many_parcels_as_for_one(self, merchant: Any) -> None:
        def statements(numbers: list[str], at: float) -> int:
            with in_shop(merchant):
                for number in numbers:
                    tell_order(number, f"N{number}", promised=PROMISED)
                ids = [tell_scans(f"N{number}", scan(0), scan(1), at=day(1)) for number in numbers]
            with (
                in_shop(merchant),
                CaptureQueriesContext(
                    connection,
                ) as asked,
            ):
                renew_parcels(parcel_ids=ids, at=day(at))
            return len(asked)

        statements(["0"], 1)
        assert statements(["1"], 1) == statements(["2", "3", "4"], 1)

    def test_another_shop_sees_none_of_it(self, merchant: Any, other_merchant: Any) -> None:
        with in_shop(merchant):
            parcel_id = tell_scans("N1", scan(0), at=day(0))
            renew_parcels(parcel_ids=[parcel_id], at=day(0))
            assert set(estimates([parcel_id])) == {parcel_id}
        with in_shop(other_merchant):
            assert estimates([parcel_id]) == {}


class TestWhatStays:
    def test_a_promise_is_written_once_and_the_database_refuses_another(self, in_scope: Any) -> None:
        order_id = tell_order("1", promised=PROMISED)
        tell_order("1", promised=PROMISED + timedelta(days=3), updated_at=day(1))
        rows = Order.rows().filter(id=order_id)
        assert rows.get().promised_latest_date == PROMISED
        for changed in ({"promised_latest_date": None}, {"promised_earliest_date": PROMISED}):
            with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
                rows.update(**changed)
        rows.update(note="Please ring")
        assert rows.get().promised_latest_date == PROMISED

    def test_a_revision_is_never_changed(self, in_scope: Any) -> None:
        parcel_id = tell_scans("N1", scan(0), at=day(0))
        renew_parcels(parcel_ids=[parcel_id], at=day(0))
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            EstimateRevision.rows().update(reason="scan")


class TestSettings:
    def test_the_shop_says_whom_it_trusts_and_takes_it_back(self, in_scope: Any) -> None:
        parcel_id = tell_scans("N1", scan(0), at=day(0), estimate=date(2026, 3, 5))
        renew_parcels(parcel_ids=[parcel_id], at=day(0))
        assert of(parcel_id).source == "carrier"
        wanted = EstimateSettings(order=(Source.RULE, Source.CARRIER, Source.MODEL))
        assert change_estimate_settings(wanted, by="staff:usr_nadia", at=day(0))
        renew_parcels(parcel_ids=[parcel_id], at=day(0))
        assert of(parcel_id).source == "rule"
        assert restore_estimate_settings(by="staff:usr_nadia", at=day(0))
        renew_parcels(parcel_ids=[parcel_id], at=day(0))
        assert of(parcel_id).source == "carrier"

    def test_what_cannot_be_kept_is_named(self, in_scope: Any) -> None:
        wanted = EstimateSettings(
            order=(Source.RULE, Source.RULE, Source.MODEL), delay_percent=5, delay_days=0
        )
        with pytest.raises(EstimateSettingsUnreadable) as refused:
            change_estimate_settings(wanted, by="staff:usr_nadia", at=day(0))
        assert sorted(refused.value.details) == ["delay_days", "delay_percent", "order"]


def a_model(content: bytes = b"not a model", *, goes_live: bool = True, at: float = 0) -> int:
    return keep_model(
        content=content,
        card={},
        deliveries=60,
        window=None,
        goes_live=goes_live,
        verdict="Tried.",
        at=day(at),
    )


class TestModels:
    def test_one_answers_and_an_older_one_may_be_taken_back(self, in_scope: Any) -> None:
        assert (a_model(), a_model(), a_model(goes_live=False)) == (1, 2, 3)
        assert [(one.number, one.state) for one in models()] == [(3, "refused"), (2, "live"), (1, "retired")]
        use_model(number=1, at=day(1))
        assert [one.state for one in models()] == ["refused", "retired", "live"]
        retire_model(number=1, at=day(2))
        assert [one.state for one in models()] == ["refused", "retired", "retired"]
        with pytest.raises(ModelNotUsable):
            retire_model(number=1, at=day(2))

    def test_bytes_of_old_versions_go_and_their_cards_stay(self, in_scope: Any) -> None:
        for _ in range(8):
            a_model()
        assert [one.is_kept for one in models()] == [True] * 6 + [False] * 2
        with pytest.raises(ModelNotUsable):
            use_model(number=1, at=day(1))

    def test_a_damaged_one_is_noted_and_rules_answer(self, in_scope: Any) -> None:
        a_model()
        parcel_id = tell_scans("N1", scan(0), at=day(0))
        renew_parcels(parcel_ids=[parcel_id], at=day(0))
        assert of(parcel_id).source == "rule"
        (damaged,) = models()
        assert damaged.state == "damaged"
        assert damaged.verdict != "Tried."
        assert ModelVersion.rows().filter(state="live").count() == 0

    def test_until_that_is_noted_its_bytes_are_fetched_once(self, in_scope: Any) -> None:
        a_model()
        asked = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                assert live_model_or_none() is None
            asked.append(len(queries))
        assert asked == [2, 1]


def test_an_open_estimate_is_worded_with_what_it_rests_on(in_scope: Any) -> None:
    parcel_id = tell_scans("N1", scan(0), at=day(0), estimate=date(2026, 3, 5))
    renew_parcels(parcel_ids=[parcel_id], at=day(0))
    (said,) = expected([of(parcel_id)], zone_of("Europe/Berlin"))
    assert (said.window, said.likely, said.delay, said.change) == ("Mar 5", "Mar 5", "", "")
    assert said.basis == "The carrier says so, quite sure."
    tell_scans("N1", scan(1), at=day(1), estimate=date(2026, 3, 9))
    renew_parcels(parcel_ids=[parcel_id], at=day(1))
    (said,) = expected([of(parcel_id)], zone_of("Europe/Berlin"))
    assert (said.window, said.change) == ("Mar 9", "Changed once, after the carrier’s word.")
