"""A parcel's whole way, looked at in any order and any number of times: what is told, is told once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.promises.events import (
    DelayPredicted,
    DelayTakenBack,
    DeliveryMeasured,
    EstimateRevised,
    PromiseBroken,
    PromiseKept,
)
from aftermile.capabilities.promises.learning.forecasting import (
    Basis,
    Forecast,
    Goods,
    Lane,
    Level,
    Place,
    Stage,
)
from aftermile.capabilities.promises.policy import of_days
from aftermile.capabilities.promises.renewing import Bench, Ruled, hand_on, renew
from aftermile.capabilities.promises.states import Source
from aftermile.capabilities.promises.subjects import Subject
from aftermile.capabilities.promises.trust import EstimateSettings
from aftermile.kernel.calendars import zone_of

BERLIN = zone_of("Europe/Berlin")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PARCEL, ORDER = UUID(int=1), UUID(int=2)
PROMISED = date(2026, 3, 6)
#: A way: the days after Monday on which stages were reached.
STAGES = {
    Stage.ORDERED: 0.0,
    Stage.HANDED_OVER: 1.0,
    Stage.IN_TRANSIT: 2.0,
    Stage.OUT_FOR_DELIVERY: 3.0,
}


def day(count: float) -> datetime:
    return MONDAY + timedelta(days=count)


def subject(stage: Stage = Stage.IN_TRANSIT, **told: Any) -> Subject:
    plain = Subject(
        id=PARCEL,
        parcel_id=PARCEL,
        order_id=ORDER,
        lane=Lane(
            carrier="gls", service="Parcel", origin=Place(country="DE"), destination=Place(country="FR")
        ),
        goods=Goods(),
        stage=stage,
        stage_at=day(STAGES[stage]),
        ordered_at=MONDAY,
        seen=stage.value,
        promised_latest=PROMISED,
    )
    return replace(plain, **told)


def forecast(likely: datetime, late: float | None = None) -> Forecast:
    steps = (-2.0, -1.5, -0.7, 0.0, 0.7, 1.5, 2.0)
    return Forecast(
        likely_at=likely,
        quantiles=tuple(likely + timedelta(days=step) for step in steps),
        late_probability=late,
        basis=Basis(level=Level.LANE, deliveries=40, usual_days=(2.0, 3.0)),
    )


def bench(at: datetime, **told: Any) -> Bench:
    return Bench(at=at, zone=BERLIN, settings=EstimateSettings(**told), model="m1")


class Kept:
    """The row as a database would keep it, and what was told."""

    def __init__(self) -> None:
        self.row: dict[str, Any] | None = None
        self.told: list[object] = []

    def look(
        self,
        what: Subject,
        at: datetime,
        *,
        model: Forecast | None = None,
        rule: tuple[date, date] | None = None,
        **told: Any,
    ) -> list[object]:
        ruled = Ruled(of_days(*rule, BERLIN), is_own=True) if rule else None
        renewed = renew(what, self.row, forecast=model, ruled=ruled, bench=bench(at, **told))
        if renewed is None:
            return []
        self.row = {"id": UUID(int=9), **renewed.row}
        self.told += renewed.events
        return list(renewed.events)

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.told]


def test_a_way_that_goes_well_is_told_when_it_ends() -> None:
    kept = Kept()
    for stage, count in STAGES.items():
        kept.look(subject(stage), day(count), model=forecast(day(3.2)))
    kept.look(subject(is_over=True, came_at=day(3.3), delivered_at=day(3.3)), day(3.4))
    assert kept.kinds() == ["PromiseKept", "DeliveryMeasured"]
    measured = kept.told[-1]
    assert isinstance(measured, DeliveryMeasured)
    assert (measured.days_late, measured.kept) == (-1, True)
    assert [stage.stage for stage in measured.stages] == [stage.value for stage in Stage]
    assert {stage.shown.source for stage in measured.stages} == {"model"}


def test_a_delay_is_told_before_the_promise_breaks_and_the_break_once() -> None:
    kept = Kept()
    kept.look(subject(), day(2), model=forecast(day(3), late=0.1))
    assert kept.told == []
    (predicted,) = kept.look(subject(), day(2.5), model=forecast(day(3.2), late=0.7))
    assert isinstance(predicted, DelayPredicted)
    assert (predicted.basis, predicted.days_late, predicted.again) == ("probability", 1, False)
    assert kept.look(subject(), day(2.5), model=forecast(day(3.2), late=0.7)) == []
    kept.look(subject(seen="3"), day(3), model=forecast(day(7), late=0.9))
    again = kept.told[-1]
    assert isinstance(again, DelayPredicted)
    assert (again.days_late, again.again) == (3, True)
    kept.look(subject(seen="3"), day(5), model=forecast(day(7), late=1.0))
    kept.look(subject(seen="3"), day(6), model=forecast(day(7), late=1.0))
    kept.look(subject(is_over=True, came_at=day(7), delivered_at=day(7)), day(7.1))
    told = Counter(kept.kinds())
    assert (told["PromiseBroken"], told["PromiseKept"], told["DeliveryMeasured"]) == (1, 0, 1)
    assert kept.kinds()[-1] == "DeliveryMeasured"


def test_a_delay_that_is_no_more_is_taken_back() -> None:
    kept = Kept()
    kept.look(subject(), day(1), model=forecast(day(8)))
    kept.look(subject(seen="2"), day(2), model=forecast(day(3), late=0.05))
    assert kept.kinds() == ["DelayPredicted", "EstimateRevised", "DelayTakenBack"]
    assert kept.row is not None
    assert (kept.row["delay_days"], kept.row["delay_predicted_at"]) == (None, None)


def test_what_was_told_as_broken_and_came_in_time_after_all_is_corrected() -> None:
    kept = Kept()
    kept.look(subject(), day(2), model=forecast(day(3)))
    kept.look(subject(), day(5), model=forecast(day(6)))
    kept.look(subject(is_over=True, came_at=day(4), delivered_at=day(4)), day(6))
    kinds = [event for event in kept.told if isinstance(event, PromiseBroken | PromiseKept)]
    assert [type(event) for event in kinds] == [PromiseBroken, PromiseKept]
    assert isinstance(kinds[1], PromiseKept)
    assert kinds[1].corrects is True


def test_who_is_trusted_is_the_shops_to_say() -> None:
    said = subject(carrier_latest="2026-03-05")
    for order, source in (
        ((Source.CARRIER, Source.MODEL, Source.RULE), "carrier"),
        ((Source.RULE, Source.CARRIER, Source.MODEL), "rule"),
        ((Source.MODEL, Source.CARRIER, Source.RULE), "model"),
    ):
        kept = Kept()
        kept.look(
            said, day(2), model=forecast(day(4)), rule=(date(2026, 3, 4), date(2026, 3, 9)), order=order
        )
        assert kept.row is not None
        assert kept.row["source"] == source


def test_by_accuracy_the_nearest_goes_first_where_enough_came() -> None:
    told = EstimateSettings(by_accuracy=True)
    measured = {"in_transit": {"carrier": (200, 1.4), "model": (200, 0.6), "rule": (3, 0.1)}}
    judged = Bench(at=MONDAY, zone=BERLIN, settings=told, accuracy=measured)
    assert judged.trust(Stage.IN_TRANSIT) == (Source.MODEL, Source.CARRIER, Source.RULE)
    assert judged.trust(Stage.ORDERED) == (Source.CARRIER, Source.MODEL, Source.RULE)


def test_at_the_door_in_vain_settles_the_promise_and_something_is_still_expected() -> None:
    kept = Kept()
    kept.look(subject(Stage.OUT_FOR_DELIVERY), day(3), model=forecast(day(3.2)))
    tried = subject(Stage.OUT_FOR_DELIVERY, came_at=day(3.3), seen="tried")
    kept.look(tried, day(3.4), model=forecast(day(4.4)))
    kept.look(tried, day(5), model=forecast(day(6)))
    kept.look(replace(tried, is_over=True, delivered_at=day(6)), day(6))
    settled = [event for event in kept.told if not isinstance(event, EstimateRevised)]
    assert [type(event) for event in settled] == [PromiseKept, DeliveryMeasured]
    assert kept.row is not None
    assert kept.row["closed_at"] == day(6)


def test_a_parcel_takes_over_what_its_order_was_told() -> None:
    order = Kept()
    order.look(subject(Stage.ORDERED, id=ORDER, parcel_id=None), day(0), model=forecast(day(9)))
    assert order.kinds() == ["DelayPredicted"]
    assert order.row is not None
    parcel = Kept()
    parcel.row = hand_on(order.row, subject())
    parcel.look(subject(Stage.HANDED_OVER), day(1), model=forecast(day(9)))
    assert parcel.told == []
    assert parcel.row is not None
    assert sorted(parcel.row["stages"]) == ["handed_over", "ordered"]


def test_what_was_told_after_it_came_foresaw_nothing() -> None:
    kept = Kept()
    kept.look(subject(Stage.IN_TRANSIT), day(2), model=forecast(day(4)))
    # The scans came late: it stood at the door since the third day.
    kept.look(subject(Stage.OUT_FOR_DELIVERY), day(3.5), model=forecast(day(4)))
    kept.look(subject(is_over=True, came_at=day(3), delivered_at=day(3)), day(3.6))
    measured = kept.told[-1]
    assert isinstance(measured, DeliveryMeasured)
    assert [stage.stage for stage in measured.stages] == ["in_transit"]


def test_what_had_come_before_anybody_looked_is_measured_without_estimates() -> None:
    kept = Kept()
    kept.look(subject(is_over=True, came_at=day(6), delivered_at=day(6)), day(30))
    assert kept.kinds() == ["PromiseBroken", "DeliveryMeasured"]
    assert isinstance(kept.told[1], DeliveryMeasured)
    assert kept.told[1].stages == ()
    assert kept.look(subject(is_over=True, came_at=day(6), delivered_at=day(6)), day(31)) == []


def test_of_a_promise_that_was_over_long_before_nothing_is_told() -> None:
    kept = Kept()
    kept.look(subject(), day(100), model=forecast(day(101)))
    assert kept.told == []


def test_what_is_called_off_leaves_nothing_behind() -> None:
    assert Kept().look(subject(is_over=True), day(3)) == []
    kept = Kept()
    kept.look(subject(), day(2), model=forecast(day(9)))
    kept.look(subject(is_over=True), day(3))
    assert kept.kinds() == ["DelayPredicted", "DelayTakenBack"]


@given(
    st.lists(st.tuples(st.floats(0, 12), st.floats(0.2, 6), st.floats(0, 1)), min_size=1, max_size=12),
    st.floats(1, 12),
)
def test_whenever_and_however_often_it_is_looked_at_each_is_told_once(
    looks: list[tuple[float, float, float]], came: float
) -> None:
    kept = Kept()
    for count, ahead, late in sorted(looks):
        if count < came:
            for _ in range(2):
                kept.look(
                    subject(seen=f"{count:.1f}"), day(count), model=forecast(day(count + ahead), late=late)
                )
    for count in (came, came, came + 5):
        kept.look(subject(is_over=True, came_at=day(came), delivered_at=day(came)), day(count))
    told = Counter(kept.kinds())
    assert told["DeliveryMeasured"] == 1
    assert told["PromiseKept"] + told["PromiseBroken"] == 1
    delays = [event for event in kept.told if isinstance(event, DelayPredicted | DelayTakenBack)]
    told_days = 0
    for event in delays:
        if isinstance(event, DelayTakenBack):
            told_days = 0
        else:
            assert event.again is (told_days > 0)
            assert event.days_late >= (told_days + 2 if told_days else 1)
            told_days = event.days_late
    for event in kept.told:
        if isinstance(event, EstimateRevised):
            assert event.earliest_at <= event.likely_at <= event.latest_at
            assert event.reason in {"scan", "silence"}
