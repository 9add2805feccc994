"""The acts: what is kept, what repeats do, what happens when many come at once."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftermile.capabilities.shipments.models import Parcel, Shipment, ShipmentParcel, TrackingEvent
from aftermile.capabilities.shipments.operations import record_fulfilments as record_fulfilments_module
from aftermile.capabilities.shipments.operations.erase_people import erase_people
from aftermile.capabilities.shipments.operations.reserve import lock_shipments
from aftermile.capabilities.shipments.public import (
    ParcelNotFound,
    annotate_parcel,
    complete_parcel,
    list_parcels,
    parcel,
    parcels_by_number,
    record_fulfilments,
    record_tracking,
    resume_parcel,
    shipment_by_external,
    withdraw_parcel,
)
from aftermile.connectors.contracts.facts import (
    DeliveryEstimate,
    FulfilmentFact,
    FulfilmentLineFact,
    Place,
    ProofOfDelivery,
    ScanTime,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
)
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.events import read
from aftermile.kernel.ids import uuid7
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope, run_in_scope
from tests.conftest import NOON

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ACTOR: dict[str, Any] = {"source": "con_1", "by": "connection:con_1", "at": NOON}


def scan(
    hours: float, sub_status: SubStatus | None = SubStatus.IN_TRANSIT, **given: Any
) -> TrackingEventFact:
    at = MONDAY + timedelta(hours=hours)
    time = ScanTime(occurred_at=at, reported=at.isoformat(), basis=TimeBasis.STATED)
    return TrackingEventFact(**({"time": time, "code": f"{sub_status}", "sub_status": sub_status} | given))


def report(number: str, *scans: TrackingEventFact, **given: Any) -> TrackingReport:
    return TrackingReport(tracking_number=number, events=scans, **given)


def track(*reports: TrackingReport) -> None:
    record_tracking(reports=reports, **ACTOR)


def hand_over(external_id: str, *numbers: str, **given: Any) -> FulfilmentFact:
    return FulfilmentFact(
        **(
            {
                "external_id": external_id,
                "order_external_id": "o1",
                "tracking_numbers": numbers,
                "updated_at": MONDAY,
            }
            | given
        )
    )


@pytest.mark.django_db
class TestScans:
    def test_an_unknown_parcel_is_made_and_read(self, in_scope: Merchant) -> None:
        (tracked,) = record_tracking(
            reports=[
                report(
                    "1z 999-aa1",
                    scan(1),
                    scan(9, SubStatus.OUT_FOR_DELIVERY, place=Place(city="Berlin", country="DE")),
                    carrier="ups",
                    service="Standard",
                    estimate=DeliveryEstimate(latest=MONDAY.date()),
                    proofs=(ProofOfDelivery(kind="photo", url="https://x.example/1"),),
                    weight_grams=1200,
                    destination=Place(city="Hamburg", country="DE"),
                )
            ],
            **ACTOR,
        )
        view = parcel(tracked.parcel_id)
        assert view is not None
        assert tracked.new_events == 2
        assert (view.tracking_number, view.carrier, view.service, view.milestone) == (
            "1z 999-aa1", "ups", "Standard", "out_for_delivery",
        )  # fmt: skip
        assert (view.estimate_latest, view.weight_grams, view.destination) == (
            "2026-03-02", 1200, {"city": "Hamburg", "country": "DE"},
        )  # fmt: skip
        assert [(event.city, event.milestone) for event in view.events] == [
            ("Berlin", "out_for_delivery"),
            ("", "in_transit"),
        ]

    def test_the_same_scan_told_twice_is_one(self, in_scope: Merchant) -> None:
        ten = ScanTime(occurred_at=MONDAY, reported="10:00", basis=TimeBasis.PLACE)
        ten_am = ScanTime(occurred_at=MONDAY, reported="10:00 AM", basis=TimeBasis.PLACE)
        place = Place(city="BERLIN"), Place(city="Berlin ")
        track(
            report("A1", scan(0, time=ten, place=place[0])),
            report("a-1", scan(0, time=ten_am, place=place[1])),
        )
        track(report("A1", scan(0, time=ten_am, place=place[0])))
        assert TrackingEvent.rows().count() == 1

    def test_hearing_it_again_publishes_nothing(self, in_scope: Merchant) -> None:
        track(report("A1", scan(0)))
        (again,) = record_tracking(reports=[report("A1", scan(0))], **ACTOR)
        assert again.new_events == 0
        assert len(again.event_ids) == 1

    def test_a_mended_code_moves_the_parcel(self, in_scope: Merchant) -> None:
        track(report("A1", scan(0), scan(5, None, code="XX9")))
        assert parcels_by_number(["A1"])[0].milestone == "in_transit"
        track(report("A1", scan(5, SubStatus.DELIVERED, code="XX9")))
        (view,) = parcels_by_number(["A1"])
        assert (view.milestone, view.event_count) == ("delivered", 2)

    def test_odd_texts_are_kept_as_far_as_they_can_be(self, in_scope: Merchant) -> None:
        track(report("A1", scan(0, description="nul\x00 half\ud800 " + "x" * 5000, code="")))
        (view,) = parcels_by_number(["A1"])
        assert view.events[0].description.startswith("nul half ")

    def test_the_first_to_name_a_carrier_is_believed(self, in_scope: Merchant) -> None:
        track(report("A1", scan(0)))
        track(report("A1", carrier="ups"), report("A1", carrier="dpd"))
        assert parcels_by_number(["A1"])[0].carrier == "ups"

    def test_an_older_summary_does_not_take_back_a_newer(self, in_scope: Merchant) -> None:
        track(report("A1", scan(9), summary=SubStatus.OUT_FOR_DELIVERY))
        track(report("A1", scan(1), summary=SubStatus.EXCEPTION))
        assert parcels_by_number(["A1"])[0].milestone == "out_for_delivery"

    def test_each_milestone_is_published_once(self, merchant: Merchant) -> None:
        for scans in (
            [scan(0)],
            [scan(0), scan(9, SubStatus.OUT_FOR_DELIVERY)],
            [scan(12, SubStatus.DELIVERED)],
            [scan(4, SubStatus.ARRIVED_AT_FACILITY), scan(12, SubStatus.DELIVERED)],
        ):
            with merchant_scope(merchant.id):
                track(report("A1", *scans))
        with merchant_scope(merchant.id):
            reached = [each.event for each in read(after=0) if each.type == "parcel.milestone_reached"]
        assert [(event.previous, event.milestone) for event in reached] == [
            ("pending", "in_transit"),
            ("in_transit", "out_for_delivery"),
            ("out_for_delivery", "delivered"),
        ]
        assert [event.occurred_at for event in reached] == [
            MONDAY + timedelta(hours=hours) for hours in (0, 9, 12)
        ]

    def test_reports_by_fulfilment_find_the_parcel_before_and_after_its_number(
        self, in_scope: Merchant
    ) -> None:
        early = TrackingReport(fulfilment_external_id="f1", order_external_id="o1", events=(scan(1),))
        late = TrackingReport(
            fulfilment_external_id="f1", order_external_id="o1", events=(scan(9, SubStatus.DELIVERED),)
        )
        track(early)
        assert [view.tracking_number for view in list_parcels(limit=9)] == [""]
        record_fulfilments(facts=[hand_over("f1", "A1")], **ACTOR)
        track(late)
        (view,) = list_parcels(limit=9)
        assert (view.tracking_number, view.milestone, view.event_count) == ("A1", "delivered", 2)

    def test_a_numberless_parcel_joins_the_one_that_has_the_number(self, in_scope: Merchant) -> None:
        track(report("A1", scan(2)), TrackingReport(fulfilment_external_id="f1", events=(scan(1), scan(2))))
        record_fulfilments(facts=[hand_over("f1", "A1")], **ACTOR)
        (view,) = list_parcels(limit=9)
        assert (view.tracking_number, view.event_count) == ("A1", 2)


@pytest.mark.django_db
class TestHandOvers:
    def test_a_shipment_with_two_boxes(self, in_scope: Merchant) -> None:
        lines = (FulfilmentLineFact(line_external_id="l1", quantity=2),)
        (recorded,) = record_fulfilments(
            facts=[hand_over("f1", "A1", "B2", carrier="dpd", lines=lines)], **ACTOR
        )
        view = shipment_by_external("con_1", "f1")
        assert view is not None
        assert (recorded.created, recorded.changed, view.order_id) == (True, True, recorded.order_id)
        assert [(box.tracking_number, box.carrier) for box in view.parcels] == [("A1", "dpd"), ("B2", "dpd")]
        assert view.lines == [{"line": "l1", "quantity": 2}]

    def test_the_same_fact_again_changes_nothing(self, in_scope: Merchant) -> None:
        record_fulfilments(facts=[hand_over("f1", "A1")], **ACTOR)
        (again,) = record_fulfilments(facts=[hand_over("f1", "A1")], **ACTOR)
        assert (again.created, again.changed) == (False, False)

    def test_an_older_version_never_wins_but_its_number_is_kept(self, in_scope: Merchant) -> None:
        newer = hand_over("f1", "B2", source_status="newer", updated_at=MONDAY + timedelta(hours=1))
        record_fulfilments(facts=[newer], **ACTOR)
        record_fulfilments(facts=[hand_over("f1", "A1", source_status="older")], **ACTOR)
        view = shipment_by_external("con_1", "f1")
        assert view is not None
        assert view.source_status == "newer"
        assert [box.tracking_number for box in view.parcels] == ["B2"]
        assert Parcel.rows().count() == 2
        track(report("A1", scan(1)))  # it exists after all
        view = shipment_by_external("con_1", "f1")
        assert view is not None
        assert {box.tracking_number for box in view.parcels} == {"A1", "B2"}

    def test_two_orders_may_share_a_box(self, in_scope: Merchant) -> None:
        record_fulfilments(
            facts=[hand_over("f1", "A1"), hand_over("f2", "A1", order_external_id="o2")], **ACTOR
        )
        (view,) = parcels_by_number(["A1"])
        assert (len(view.shipment_ids), len(view.order_ids)) == (2, 2)

    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.permutations(range(5)))
    def test_any_order_gives_the_same_picture(self, in_scope: Merchant, order: list[int]) -> None:
        for model in (ShipmentParcel, TrackingEvent, Parcel, Shipment):
            model.rows().delete()
        later = MONDAY + timedelta(hours=1)
        steps: list[Callable[[], object]] = [
            lambda: record_fulfilments(facts=[hand_over("f1", "A1")], **ACTOR),
            lambda: record_fulfilments(facts=[hand_over("f1", "A1", "B2", updated_at=later)], **ACTOR),
            lambda: track(report("A1", scan(1), scan(9, SubStatus.DELIVERED))),
            lambda: track(report("B2", scan(2)), report("A1", scan(3))),
            lambda: track(
                TrackingReport(fulfilment_external_id="f1", order_external_id="o1", events=(scan(4),))
            ),
        ]
        for index in (*order, *reversed(order)):
            steps[index]()
        view = shipment_by_external("con_1", "f1")
        assert view is not None
        assert [(box.tracking_number, box.milestone, box.event_count) for box in view.parcels] == [
            ("A1", "delivered", 4),
            ("B2", "in_transit", 1),
        ]


@pytest.mark.django_db
class TestByHand:
    def test_completing_stands_among_the_scans(self, in_scope: Merchant) -> None:
        track(report("A1", scan(0)))
        (view,) = parcels_by_number(["A1"])
        for _ in range(2):
            complete_parcel(
                parcel_id=view.id,
                outcome=SubStatus.LOST,
                occurred_at=MONDAY + timedelta(days=9),
                by="staff:1",
                at=NOON,
            )
        (view,) = parcels_by_number(["A1"])
        assert (view.milestone, view.sub_status, view.cause, view.event_count) == (
            "exception",
            "lost",
            "carrier",
            2,
        )
        assert (view.events[0].code, view.events[0].source) == ("completed_by_hand", "staff:1")
        with pytest.raises(ValueError, match="cannot be completed"):
            complete_parcel(
                parcel_id=view.id, outcome=SubStatus.IN_TRANSIT, occurred_at=NOON, by="staff:1", at=NOON
            )

    def test_a_parcel_without_a_number_can_be_completed(self, in_scope: Merchant) -> None:
        track(TrackingReport(fulfilment_external_id="f1", events=(scan(1),)))
        (view,) = list_parcels(limit=9)
        complete_parcel(
            parcel_id=view.id, outcome=SubStatus.DELIVERED, occurred_at=NOON, by="staff:1", at=NOON
        )
        assert [(each.id, each.milestone) for each in list_parcels(limit=9)] == [(view.id, "delivered")]

    def test_withdrawing_and_resuming(self, in_scope: Merchant) -> None:
        track(report("A1", scan(0)))
        (view,) = parcels_by_number(["A1"])
        withdraw_parcel(parcel_id=view.id, by="staff:1", at=NOON)
        withdraw_parcel(parcel_id=view.id, by="staff:1", at=NOON)
        assert list_parcels(limit=9) == []
        resume_parcel(parcel_id=view.id, by="staff:1", at=NOON)
        assert len(list_parcels(limit=9)) == 1

    def test_notes_are_merged(self, in_scope: Merchant) -> None:
        track(report("A1", scan(0)))
        (view,) = parcels_by_number(["A1"])
        annotate_parcel(parcel_id=view.id, title="Books", attributes={"a": 1}, at=NOON)
        annotate_parcel(parcel_id=view.id, note="fragile", attributes={"b": 2}, at=NOON)
        (view,) = parcels_by_number(["A1"])
        assert (view.title, view.note, view.attributes) == ("Books", "fragile", {"a": 1, "b": 2})

    def test_nobodys_parcel_is_not_found(self, in_scope: Merchant) -> None:
        with pytest.raises(ParcelNotFound):
            annotate_parcel(parcel_id=uuid7(), title="x", at=NOON)


@pytest.mark.django_db
def test_another_merchants_parcel_is_nobodys(merchant: Merchant, other_merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        track(report("A1", scan(0)))
        (mine,) = parcels_by_number(["A1"])
    with merchant_scope(other_merchant.id):
        assert parcel(mine.id) is None
        track(report("A1", scan(5, SubStatus.DELIVERED)))
    with merchant_scope(merchant.id):
        assert parcels_by_number(["A1"])[0].milestone == "in_transit"


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_however_long(
    in_scope: Merchant, count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    record_fulfilments(facts=[hand_over(f"f{n}", f"A{n}", f"B{n}") for n in range(count)], **ACTOR)
    track(*(report(f"A{n}", scan(0), scan(1)) for n in range(count)))
    with django_assert_num_queries(3):
        assert len(list_parcels(limit=50, with_events=True)) == 2 * count


def together(count: int, act: Callable[[int], None]) -> None:
    barrier, failures = Barrier(count), []

    def run(index: int) -> None:
        try:
            barrier.wait()
            act(index)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_forty_parallel_scans_to_one_parcel_are_forty(merchant: Merchant) -> None:
    for round_ in range(5):
        number = f"P{round_}"
        together(
            40,
            lambda index, number=number: run_in_scope(  # type: ignore[misc]
                merchant.id, lambda: track(report(number, scan(index)))
            ),
        )
        with merchant_scope(merchant.id):
            (view,) = parcels_by_number([number])
            assert (view.event_count, len(view.events)) == (40, 40)
            tracked = [
                each.event.new_events
                for each in read(after=0)
                if each.type == "parcel.tracked" and each.event.parcel_id == view.id
            ]
            assert sum(tracked) == 40


@pytest.mark.django_db(transaction=True)
def test_batches_naming_the_same_parcels_in_any_order_do_not_deadlock(merchant: Merchant) -> None:
    numbers = [f"Q{n}" for n in range(6)]
    orders = list(itertools.permutations(numbers))[:: 720 // 8][:8]

    def act(index: int) -> None:
        for round_ in range(4):
            scans = [report(number, scan(index * 10 + round_)) for number in orders[index]]
            facts = [hand_over(f"f{number}", number) for number in reversed(orders[index])]
            run_in_scope(merchant.id, lambda facts=facts: record_fulfilments(facts=facts, **ACTOR))  # type: ignore[misc]
            run_in_scope(merchant.id, lambda scans=scans: track(*scans))  # type: ignore[misc]

    together(8, act)
    with merchant_scope(merchant.id):
        assert [view.event_count for view in parcels_by_number(numbers)] == [32] * 6
        assert Parcel.rows().count() == 6


@pytest.mark.django_db
def test_a_shipment_another_batch_made_first_is_brought_up_to_date(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked_before_it_was_there(wanted: dict[str, str], **given: Any) -> tuple[Any, Any]:
        _, new = lock_shipments({"unheard of": wanted["f1"]}, **given)
        return {}, {"f1": {**new["unheard of"], "external_id": "f1"}}

    with merchant_scope(merchant.id):
        (made,) = record_fulfilments(facts=[hand_over("f1", "A1")], **ACTOR)
        monkeypatch.setattr(record_fulfilments_module, "lock_shipments", looked_before_it_was_there)
        (after,) = record_fulfilments(facts=[hand_over("f1", "A2", service="Express")], **ACTOR)
        held = shipment_by_external("con_1", "f1")
        assert (after.shipment_id, after.order_id) == (made.shipment_id, made.order_id)
        assert (made.created, after.created, after.changed) == (True, False, True)
        assert held.service == "Express"
    with merchant_scope(merchant.id):
        told = [each.event.created for each in read(after=0, types=["shipment.recorded"])]
    assert told == [True, False]


@pytest.mark.django_db
def test_an_erased_shopper_leaves_no_name_on_parcels(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        address = Place(city="Hamburg", country="DE")
        record_fulfilments(
            facts=[hand_over("f1", "A1", destination=address, attributes={"to": "Rae Lind"})], **ACTOR
        )
        signed = scan(9, SubStatus.SIGNED, signed_by="R. Lind")
        track(
            report("A1", signed, signed_by="R. Lind", destination=address, reference="Rae"),
            report("B2", signed),
        )
        (mine,) = parcels_by_number(["A1"])
        erase_people(order_ids=mine.order_ids, at=NOON)
        (mine,) = parcels_by_number(["A1"])
        shipment = shipment_by_external("con_1", "f1")
        assert shipment is not None
        assert (mine.signed_by, mine.destination, mine.attributes, mine.milestone) == (
            "",
            {},
            {},
            "delivered",
        )
        assert (shipment.destination, shipment.attributes) == ({}, {})
        assert sorted(TrackingEvent.rows().values_list("signed_by", flat=True)) == ["", "R. Lind"]


def test_shipments_whose_orders_are_told_later_get_them(merchant: Merchant) -> None:
    """Ten of them, since what is kept beside (a digest) is text by chance only now and then."""
    with merchant_scope(merchant.id):
        for number in range(10):
            record_fulfilments(
                facts=[FulfilmentFact(external_id=f"f{number}", tracking_numbers=(f"N{number}",))], **ACTOR
            )
        told = [
            FulfilmentFact(external_id=f"f{number}", order_external_id=f"o{number}") for number in range(10)
        ]
        record_fulfilments(facts=told, **ACTOR)
        assert Shipment.rows().filter(order_id=None).count() == 0
        assert Shipment.rows().values("order_id").distinct().count() == 10
