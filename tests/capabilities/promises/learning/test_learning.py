from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.promises.learning.choosing import better
from aftermile.capabilities.promises.learning.explaining import explain
from aftermile.capabilities.promises.learning.forecasting import (
    Basis,
    Delivery,
    Forecast,
    Goods,
    Lane,
    Level,
    Place,
    Question,
    Stage,
)
from aftermile.capabilities.promises.learning.model import Model
from aftermile.capabilities.promises.learning.training import FEWEST, NotEnoughHistory, Recipe, train
from tests.capabilities.promises.learning.world import BEGIN, DAY, asked, deliveries

END = BEGIN + 200 * DAY
#: Trees small enough for a test.
RECIPE = Recipe(rounds=12, bags=1, blocks=2)
NEW = deliveries(300, seed=9)


@pytest.fixture(scope="module")
def model() -> Model:
    return train(deliveries(1_500), as_of=END, recipe=RECIPE)


@pytest.fixture(scope="module")
def small() -> Model:
    return train(deliveries(60), as_of=END, recipe=RECIPE)


def _answers(model: Model, rows: list[Delivery], stage: Stage = Stage.ORDERED) -> list[Forecast]:
    found = model.forecast([asked(row, stage) for row in rows])
    return [answer for answer in found if answer is not None]


def _error(model: Model, rows: list[Delivery], stage: Stage = Stage.ORDERED) -> float:
    answers = _answers(model, rows, stage)
    assert len(answers) == len(rows)
    return fmean(
        abs((answer.likely_at - row.delivered_at) / DAY)
        for answer, row in zip(answers, rows, strict=True)
        if row.delivered_at
    )


def _width(model: Model, rows: list[Delivery], stage: Stage = Stage.ORDERED) -> float:
    return fmean(answer.width / DAY for answer in _answers(model, rows, stage))


def test_too_few_arrivals_are_no_history() -> None:
    with pytest.raises(NotEnoughHistory, match=f"29 deliveries have arrived so far; it takes {FEWEST}"):
        train(deliveries(29), as_of=END + 30 * DAY)
    with pytest.raises(NotEnoughHistory, match="0 deliveries"):
        train([], as_of=END)


def test_a_stage_that_was_never_seen_is_not_answered() -> None:
    unscanned = [
        Delivery(lane=row.lane, ordered_at=row.ordered_at, delivered_at=row.delivered_at)
        for row in deliveries(80)
    ]
    learned = train(unscanned, as_of=END, recipe=RECIPE)
    questions = [asked(NEW[0], stage) for stage in Stage]
    assert [answer is None for answer in learned.forecast(questions)] == [False, True, True, True]


def test_little_history_is_answered_by_averages_and_much_by_trees(model: Model, small: Model) -> None:
    assert small.card.with_trees == ()
    assert model.card.with_trees != ()
    assert {stage.value for stage, each in model.stages.items() if each.trees} == set(model.card.with_trees)


def test_as_the_parcel_comes_nearer_the_error_and_the_interval_shrink(model: Model) -> None:
    errors = [_error(model, NEW, stage) for stage in Stage]
    widths = [_width(model, NEW, stage) for stage in Stage]
    assert errors == sorted(errors, reverse=True)
    assert widths == sorted(widths, reverse=True)
    assert [score.error_days for score in model.card.stages.values()] == sorted(
        (score.error_days for score in model.card.stages.values()), reverse=True
    )


def test_intervals_cover_what_they_say(model: Model) -> None:
    answers = _answers(model, NEW)
    for coverage in (0.8, 0.9):
        inside = [
            low <= row.delivered_at <= high
            for row, (low, high) in zip(NEW, (answer.interval(coverage) for answer in answers), strict=True)
            if row.delivered_at
        ]
        assert fmean(inside) == pytest.approx(coverage, abs=0.06)


def test_more_history_does_not_widen_the_interval_on_average(small: Model, model: Model) -> None:
    assert _width(model, NEW) <= _width(small, NEW)
    assert _error(model, NEW) < _error(small, NEW)


def test_lateness_is_told_apart_and_as_frequent_as_said(model: Model) -> None:
    chances = [answer.late_probability or 0.0 for answer in _answers(model, NEW)]
    late = [bool(row.delivered_at and row.promised_by and row.delivered_at > row.promised_by) for row in NEW]
    assert fmean(chances) == pytest.approx(fmean(late), abs=0.06)
    of_late = fmean(chance for chance, is_late in zip(chances, late, strict=True) if is_late)
    of_others = fmean(chance for chance, is_late in zip(chances, late, strict=True) if not is_late)
    assert of_late > 1.5 * of_others


def test_a_broken_promise_is_late_and_none_has_no_chance(model: Model) -> None:
    question = asked(NEW[0], Stage.ORDERED)
    broken = Question(lane=question.lane, ordered_at=question.ordered_at, stage_at=question.stage_at,
                      asked_at=question.asked_at, promised_by=question.asked_at)  # fmt: skip
    without = Question(lane=question.lane, ordered_at=question.ordered_at, stage_at=question.stage_at,
                       asked_at=question.asked_at)  # fmt: skip
    first, second = model.forecast([broken, without])
    assert first is not None
    assert second is not None
    assert (first.late_probability, second.late_probability) == (1.0, None)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = deliveries(120)
    mixed = rows[:]
    random.Random(3).shuffle(mixed)
    assert train(mixed, as_of=END, recipe=RECIPE).write() == train(rows, as_of=END, recipe=RECIPE).write()


def test_what_came_later_is_not_learned_from() -> None:
    rows = deliveries(200)
    middle = BEGIN + 100 * DAY
    then = [row for row in rows if row.ordered_at <= middle]
    assert (
        train(rows, as_of=middle, recipe=RECIPE).write() == train(then, as_of=middle, recipe=RECIPE).write()
    )


def test_what_is_still_on_its_way_does_not_make_forecasts_hopeful() -> None:
    """Half of these were sent in the last week: those of them that have arrived are the quick ones."""
    rows = [*deliveries(200, days=60), *deliveries(400, seed=4, days=5)]
    shift = 60 * DAY
    rows = [*rows[:200], *(_moved(row, shift) for row in rows[200:])]
    learned = train(rows, as_of=BEGIN + 65 * DAY, recipe=RECIPE)
    took = fmean((row.delivered_at - row.ordered_at) / DAY for row in NEW if row.delivered_at)
    likely = fmean(
        (answer.likely_at - row.ordered_at) / DAY
        for answer, row in zip(_answers(learned, NEW), NEW, strict=True)
    )
    assert likely == pytest.approx(took, abs=0.45)


def _moved(row: Delivery, by: timedelta) -> Delivery:
    def later(moment: object) -> object:
        return moment + by if moment is not None else None  # type: ignore[operator]

    names = (
        "ordered_at",
        "handed_over_at",
        "in_transit_at",
        "out_for_delivery_at",
        "delivered_at",
        "promised_by",
    )
    moments = {name: later(getattr(row, name)) for name in names}
    return Delivery(lane=row.lane, goods=row.goods, **moments)  # type: ignore[arg-type]


def test_a_carrier_that_has_become_slower_is_noticed_and_said() -> None:
    learned = train(
        deliveries(900, slower_since=178),
        as_of=END,
        recipe=Recipe(rounds=12, bags=1, blocks=2, trees_from=10_000),
    )
    question = next(asked(row, Stage.HANDED_OVER) for row in NEW if row.lane.carrier == "bolt")
    other = next(asked(row, Stage.HANDED_OVER) for row in NEW if row.lane.carrier == "acme")
    slow, usual = learned.forecast([question, other])
    assert slow is not None
    assert usual is not None
    assert slow.basis.drift_days > 0.3
    assert usual.basis.drift_days < slow.basis.drift_days


lanes = st.builds(
    Lane,
    carrier=st.sampled_from(("acme", "bolt", "unheard")),
    destination=st.builds(Place, country=st.sampled_from(("DE", "US", "")), region=st.sampled_from(("BE", "BY", "")),
                          postal_code=st.text(max_size=6)),
)  # fmt: skip
questions = st.builds(
    lambda lane, stage, reached, silent, lead, goods: Question(
        lane=lane, goods=goods, stage=stage, ordered_at=BEGIN, stage_at=BEGIN + DAY * reached,
        asked_at=BEGIN + DAY * (reached + silent), promised_by=None if lead is None else BEGIN + DAY * lead,
    ),
    lanes,
    st.sampled_from(Stage),
    st.floats(0, 500),
    st.floats(0, 100),
    st.none() | st.floats(-30, 400),
    st.builds(Goods, weight_grams=st.none() | st.integers(0, 10**7), distance_km=st.none() | st.floats(0, 20_000),
              extra=st.dictionaries(st.sampled_from(("shelf", "new")), st.floats(allow_nan=False) | st.text(max_size=3))),
)  # fmt: skip


@given(st.lists(questions, min_size=1, max_size=5), st.booleans())
def test_whatever_is_asked_the_answer_is_in_order(
    model: Model, small: Model, given: list[Question], much: bool
) -> None:
    learned = model if much else small
    for question, answer in zip(given, learned.forecast(given), strict=True):
        assert answer is not None
        assert list(answer.quantiles) == sorted(answer.quantiles)
        assert answer.quantiles[0] >= question.asked_at
        low, high = answer.interval(0.8)
        assert low <= answer.likely_at <= high
        assert (answer.late_probability is None) == (question.promised_by is None)
        assert 0 <= (answer.late_probability or 0) <= 1


@given(st.lists(questions, min_size=2, max_size=5))
def test_a_batch_is_answered_as_one_by_one(model: Model, given: list[Question]) -> None:
    one_by_one = [model.forecast([question])[0] for question in given]
    for alone, together in zip(one_by_one, model.forecast(given), strict=True):
        assert alone is not None
        assert together is not None
        assert abs(alone.likely_at - together.likely_at) <= timedelta(seconds=1)


def test_one_parcel_by_many_services_is_answered_as_parcels_apart(model: Model) -> None:
    first = asked(NEW[0], Stage.ORDERED)
    lanes = [
        replace(first.lane, carrier=carrier, service=str(number))
        for carrier in ("acme", "bolt")
        for number in range(5)
    ]
    apart = [
        replace(first, lane=replace(lane, destination=replace(lane.destination)), goods=replace(first.goods))
        for lane in lanes
    ]
    assert model.forecast([replace(first, lane=lane) for lane in lanes]) == model.forecast(apart)


def test_a_new_model_goes_live_where_it_is_better_on_what_neither_has_seen(model: Model) -> None:
    newest = [_moved(row, 200 * DAY) for row in NEW]
    elsewhere = train([_slowed(row) for row in deliveries(200)], as_of=END + 400 * DAY, recipe=RECIPE)
    stale = Model(as_of=END, stages=elsewhere.stages, card=elsewhere.card)
    assert better(model, stale, newest).goes_live
    assert not better(stale, model, newest).goes_live
    assert better(model, model, newest).reason == "not_better"
    assert better(model, stale, newest[:10]).reason == "too_few_deliveries"
    assert better(model, None, []).reason == "first"


def _slowed(row: Delivery) -> Delivery:
    assert row.delivered_at
    return Delivery(
        lane=row.lane,
        ordered_at=row.ordered_at,
        delivered_at=row.delivered_at + 3 * (row.delivered_at - row.ordered_at),
    )


def test_the_sentence() -> None:
    lane = Lane(
        carrier="Acme", origin=Place(country="BR", region="SP"), destination=Place(country="BR", region="BA")
    )
    question = Question(lane=lane, ordered_at=BEGIN, stage_at=BEGIN, asked_at=BEGIN, stage=Stage.HANDED_OVER)
    forecast = Forecast(
        likely_at=BEGIN, quantiles=(BEGIN,) * 7, late_probability=None,
        basis=Basis(level=Level.LANE, deliveries=40, usual_days=(4.1, 5.9), drift_days=1.1),
    )  # fmt: skip
    assert explain(question, forecast).sentence == (
        "Usually 4 to 6 days after hand-over from SP to BA; Acme has been a day slower of late."
    )


def test_answering_loads_nothing_that_trains(model: Model) -> None:
    program = (
        "import sys; from aftermile.capabilities.promises.learning.model import read_model;"
        "read_model(sys.stdin.buffer.read()); sys.exit(any(n.split('.')[0] in ('sklearn', 'scipy') for n in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], input=model.write(), check=False).returncode == 0
