"""When something comes: windows, whom to believe, what moves an estimate, and when a delay is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.promises.learning.forecasting import Stage
from aftermile.capabilities.promises.policy import (
    GRACE,
    WOBBLE,
    Alarm,
    Delay,
    DelayBasis,
    DelayStep,
    Held,
    Made,
    Offer,
    Window,
    carrier_offer,
    carriers_word,
    choose,
    delay,
    look_again_at,
    next_step,
    not_before,
    of_days,
    outcome,
    revise,
    rule_offer,
)
from aftermile.capabilities.promises.states import Confidence, Outcome, Precision, Reason, Source
from aftermile.kernel.calendars import zone_of

BERLIN = zone_of("Europe/Berlin")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
USUAL = (Source.CARRIER, Source.MODEL, Source.RULE)

moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    first, second, third = sorted(draw(st.tuples(moments, moments, moments)))
    return Window(first, second, third)


def offer(window: Window, source: Source = Source.MODEL) -> Offer:
    return Offer(source=source, window=window, precision=Precision.DAY, confidence=Confidence.MEDIUM)


def held(window: Window, **told: str) -> Held:
    return Held(offer=offer(window), **_facts(**told))  # type: ignore[arg-type]


def made(window: Window, **told: str) -> Made:
    return Made(offer=offer(window), **_facts(**told))  # type: ignore[arg-type]


def _facts(**told: str) -> dict[str, object]:
    plain = {"seen": "1", "carrier_word": "", "model": "a", "rule": ""}
    return {"stage": Stage.IN_TRANSIT, "trust": USUAL, **plain, **told}


def around(likely: datetime) -> Window:
    return Window(likely - timedelta(days=1), likely, likely + timedelta(days=1))


class TestWindows:
    def test_one_that_ends_before_it_begins_cannot_be_made(self) -> None:
        with pytest.raises(ValueError, match="never ends before it begins"):
            Window(MONDAY, MONDAY, MONDAY - timedelta(seconds=1))

    @given(days, days)
    def test_days_in_either_order_give_the_same_window_around_their_middle(
        self, one: date, other: date
    ) -> None:
        window = of_days(one, other, BERLIN)
        assert window == of_days(other, one, BERLIN)
        assert window.earliest_at.date() == min(one, other)
        assert window.latest_at.date() == max(one, other)

    @given(windows(), moments)
    def test_no_part_lies_before_now(self, window: Window, at: datetime) -> None:
        now = not_before(window, at)
        assert now.earliest_at >= min(at, window.likely_at)
        assert now.latest_at > at or now.latest_at == at == window.latest_at
        assert now.latest_at >= window.latest_at

    @pytest.mark.parametrize(
        ("earliest", "latest", "first", "last", "precision"),
        [
            ("2026-03-04", "2026-03-06", 4, 6, Precision.DAY),
            ("", "2026-03-06", 6, 6, Precision.DAY),
            ("2026-03-04T09:00:00+01:00", "2026-03-04T13:00:00+01:00", 4, 4, Precision.MOMENT),
            ("2026-03-04T23:30:00Z", "2026-03-06T10:00:00Z", 5, 6, Precision.DAY),
        ],
    )
    def test_a_carriers_word_keeps_its_days_and_its_hours(
        self, earliest: str, latest: str, first: int, last: int, precision: Precision
    ) -> None:
        read = carriers_word(earliest, latest, BERLIN)
        assert read is not None
        window = read[0]
        assert (window.earliest_at.astimezone(BERLIN).day, window.latest_at.astimezone(BERLIN).day) == (
            first,
            last,
        )
        assert read[1] is precision

    def test_silence_and_nonsense_are_no_word(self) -> None:
        assert carriers_word("", "", BERLIN) is None
        assert carriers_word("soon", "", BERLIN) is None


class TestTrust:
    def test_a_carrier_whose_day_is_over_is_not_believed(self) -> None:
        said = carriers_word("", "2026-03-02", BERLIN)
        evening = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
        assert carrier_offer(said, Stage.IN_TRANSIT, at=MONDAY) is not None
        assert carrier_offer(said, Stage.IN_TRANSIT, at=evening) is None

    def test_the_first_that_says_something_is_believed(self) -> None:
        model, rule = offer(around(MONDAY)), offer(around(MONDAY), Source.RULE)
        assert choose([None, model, rule], USUAL) is model
        assert choose([None, model, rule], (Source.RULE, Source.MODEL, Source.CARRIER)) is rule
        assert choose([None, None, None], USUAL) is None

    def test_a_rule_that_is_over_says_the_coming_day_and_is_not_sure_of_it(self) -> None:
        window = of_days(date(2026, 2, 20), date(2026, 2, 24), BERLIN)
        read = rule_offer(window, at=MONDAY)
        assert read is not None
        assert read.window == Window(MONDAY, MONDAY + WOBBLE, MONDAY + timedelta(days=1))
        assert read.confidence is Confidence.LOW


class TestChange:
    def test_the_first_estimate_is_new(self) -> None:
        assert revise(None, made(around(MONDAY)), BERLIN).reason is Reason.FIRST

    @given(windows(), windows())
    def test_it_moves_only_for_a_reason_and_never_for_a_wobble(self, before: Window, now: Window) -> None:
        revised = revise(held(before), made(now, seen="2"), BERLIN)
        if revised.reason is None:
            assert revised.offer.window == before
        else:
            assert revised.reason is Reason.SCAN
            assert revised.offer.window == now
            moved = (
                abs(now.likely_at - before.likely_at),
                abs(now.latest_at - before.latest_at),
                abs(now.earliest_at - before.earliest_at),
            )
            assert max(moved) >= WOBBLE

    @given(windows(), windows())
    def test_silence_never_makes_it_sooner(self, before: Window, now: Window) -> None:
        revised = revise(held(before), made(now), BERLIN)
        assert revised.offer.window.likely_at >= before.likely_at
        assert revised.offer.window.latest_at >= before.latest_at

    @given(windows())
    def test_the_same_again_is_no_change(self, window: Window) -> None:
        assert revise(held(window), made(window), BERLIN).reason is None

    @pytest.mark.parametrize(
        ("told", "reason"),
        [
            ({"seen": "2"}, Reason.SCAN),
            ({"carrier_word": "2026-03-09"}, Reason.CARRIER),
            ({"model": "b"}, Reason.MODEL),
            ({"rule": "2026-03-09"}, Reason.RULE),
            ({}, Reason.SILENCE),
        ],
    )
    def test_the_reason_is_what_became_another(self, told: dict[str, str], reason: Reason) -> None:
        revised = revise(held(around(MONDAY)), made(around(MONDAY + timedelta(days=3)), **told), BERLIN)
        assert revised.reason is reason

    def test_that_its_first_day_has_gone_by_is_no_news(self) -> None:
        before = Window(MONDAY, MONDAY + timedelta(days=3), MONDAY + timedelta(days=5))
        now = Window(MONDAY + timedelta(days=2), MONDAY + timedelta(days=3), MONDAY + timedelta(days=5))
        assert revise(held(before), made(now), BERLIN).reason is None


class TestDelay:
    PROMISED = date(2026, 3, 4)

    def judged(
        self,
        likely: datetime,
        probability: float | None = None,
        source: Source = Source.MODEL,
        confidence: Confidence = Confidence.MEDIUM,
    ) -> Delay | None:
        told = Offer(source=source, window=around(likely), precision=Precision.DAY, confidence=confidence)
        return delay(told, promised_latest=self.PROMISED, probability=probability, alarm=Alarm(), zone=BERLIN)

    @pytest.mark.parametrize("source", Source)
    def test_an_estimate_beyond_the_promise_is_a_delay(self, source: Source) -> None:
        assert self.judged(MONDAY + timedelta(days=5), source=source) == Delay(
            basis=DelayBasis.ESTIMATE, days=3
        )
        assert self.judged(MONDAY + timedelta(days=2), source=source) is None

    def test_a_probability_over_the_threshold_is_one_too(self) -> None:
        assert self.judged(MONDAY, 0.6) == Delay(basis=DelayBasis.PROBABILITY, days=1)
        assert self.judged(MONDAY, 0.59) is None

    def test_against_a_carrier_that_says_otherwise_a_model_has_to_be_surer(self) -> None:
        assert self.judged(MONDAY, 0.79, source=Source.CARRIER) is None
        assert self.judged(MONDAY, 0.8, source=Source.CARRIER) is not None

    def test_a_guess_alarms_nobody_nor_a_model_that_doubts_its_own_day(self) -> None:
        late = MONDAY + timedelta(days=5)
        assert self.judged(late, source=Source.RULE, confidence=Confidence.LOW) is None
        assert self.judged(late, 0.4) is None

    @pytest.mark.parametrize(
        ("days", "told", "probability", "step"),
        [
            (1, None, None, DelayStep.TELL),
            (1, 1, None, DelayStep.NOTHING),
            (2, 1, None, DelayStep.NOTHING),
            (3, 1, None, DelayStep.TELL_AGAIN),
            (None, None, None, DelayStep.NOTHING),
            (None, 1, 0.5, DelayStep.NOTHING),
            (None, 1, 0.4, DelayStep.TAKE_BACK),
            (None, 1, None, DelayStep.TAKE_BACK),
        ],
    )
    def test_it_is_told_once_again_when_worse_and_taken_back(
        self, days: int | None, told: int | None, probability: float | None, step: DelayStep
    ) -> None:
        now = Delay(basis=DelayBasis.ESTIMATE, days=days) if days is not None else None
        assert next_step(now, told_days=told, probability=probability, alarm=Alarm()) is step


class TestOutcome:
    PROMISED = date(2026, 3, 4)
    OVER = datetime(2026, 3, 5, tzinfo=BERLIN) + GRACE

    def test_it_is_broken_a_few_hours_after_its_last_day(self) -> None:
        def told(at: datetime) -> Outcome:
            return outcome(self.PROMISED, came_on=None, at=at, zone=BERLIN)

        assert told(self.OVER - timedelta(seconds=1)) is Outcome.WAITING
        assert told(self.OVER) is Outcome.BROKEN

    @given(days, moments)
    def test_what_came_is_judged_by_its_day_alone(self, came_on: date, at: datetime) -> None:
        told = outcome(self.PROMISED, came_on=came_on, at=at, zone=BERLIN)
        assert told is (Outcome.KEPT if came_on <= self.PROMISED else Outcome.BROKEN)

    def test_without_a_promise_there_is_none_to_break(self) -> None:
        assert outcome(None, came_on=None, at=MONDAY, zone=BERLIN) is Outcome.NONE


@given(windows(), moments, st.sampled_from(Stage))
def test_it_is_always_looked_at_again(window: Window, at: datetime, stage: Stage) -> None:
    again = look_again_at(stage, window, promised_latest=date(2026, 3, 4), at=at, zone=BERLIN)
    assert at < again <= at + timedelta(hours=12)
